"""The belief duel: what each department believes of the ideal customer, held against the customers there are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact

from icp_helpers.analysis import intervals
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.outcome import line_up
from icp_helpers.analysis.plain import plain_frame
from icp_helpers.tables.errors import ParameterError

FEWEST = 30  # customers who meet a belief, and who do not, below which nothing is said of it
LEVEL = 0.05  # of all beliefs together
HARDLY = 1.2  # a lift whose whole interval lies below this is no reason to prefer such customers
COLUMNS = ["department", "column", "op", "value", "customers", "share", "others", "other_share", "lift", "low", "high",
           "p_adjusted", "verdict"]  # fmt: skip


def duel(beliefs: pd.DataFrame, traits: pd.DataFrame, ideal) -> pd.DataFrame:
    """One row a belief, in the order given, with its verdict: supported, refuted, unclear, too_few or unmeasurable.

    `beliefs` (department, column, op, value; several values are separated by |), `traits` a row a customer, `ideal`
    boolean. `share` is that of ideal customers among the `customers` who meet the belief, `other_share` among the
    `others`; those without the trait are in neither. `lift` is the ratio of the two, its interval wide enough
    for all measurable beliefs together (Bonferroni). Supported: the interval lies above 1; refuted: it lies below 1.2,
    so that such customers are no better, or hardly. Unmeasurable: the trait is not there, or the belief cannot be read.
    """
    frame, outcome, _ = line_up(plain_frame(traits), ideal)
    rows = [_counted(belief, frame, outcome) for belief in beliefs.to_dict("records")]
    judged = [row for row in rows if row["verdict"] == ""]
    for row in judged:
        hits, other_hits = row.pop("hits"), row.pop("other_hits")
        low, high = intervals.ratio_of_shares(hits, row["customers"], other_hits, row["others"], confidence=1 - LEVEL / len(judged))
        p = fisher_exact([[hits, row["customers"] - hits], [other_hits, row["others"] - other_hits]]).pvalue
        row |= {"low": low, "high": high, "p_adjusted": min(1.0, float(p) * len(judged)), "verdict": _verdict(low, high)}
    return pd.DataFrame(rows, columns=COLUMNS)


def read_belief(belief: dict) -> Criterion:
    """A row of the table `beliefs` as a criterion. ParameterError if it cannot be read."""
    op, parts = str(belief["op"]), [part.strip() for part in str(belief["value"]).split("|")]
    if op in (">=", "<=", "between"):
        try:
            parts = [float(part) for part in parts]
        except ValueError as error:
            raise ParameterError("A belief asks for a number", where=f"beliefs, column '{belief['column']}'",
                                 found=str(belief["value"])[:60], remedy="Write numbers, two of them as 10|50.") from error
    return Criterion(str(belief["column"]), op, parts if op in ("in", "between") else parts[0])


def _counted(belief: dict, frame: pd.DataFrame, outcome: np.ndarray) -> dict:
    row = {name: belief.get(name) for name in ("department", "column", "op", "value")} | dict.fromkeys(COLUMNS[4:], np.nan)
    try:
        criterion = read_belief(belief)
    except ParameterError:
        return row | {"verdict": "unmeasurable"}
    if criterion.column not in frame.columns:
        return row | {"verdict": "unmeasurable"}
    known = frame[criterion.column].notna().to_numpy(bool)
    inside = criterion.mask(frame)
    outside = known & ~inside
    hits, other_hits = int((inside & outcome).sum()), int((outside & outcome).sum())
    row |= {"customers": int(inside.sum()), "others": int(outside.sum())}
    if min(row["customers"], row["others"]) < FEWEST or not hits + other_hits:
        return row | {"verdict": "unmeasurable" if not known.any() else "too_few"}
    row |= {"share": hits / row["customers"], "other_share": other_hits / row["others"], "hits": hits, "other_hits": other_hits}
    return row | {"lift": row["share"] / row["other_share"] if other_hits else np.inf, "verdict": ""}


def _verdict(low: float, high: float) -> str:
    return "supported" if low > 1 else "refuted" if high < HARDLY else "unclear"
