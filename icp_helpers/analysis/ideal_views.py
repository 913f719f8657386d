"""What step 03 shows of the ideal customers: their marks, the concentration of value, and how new ones fare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm, spearmanr

from icp_helpers.analysis import intervals
from icp_helpers.analysis.buying import lorenz
from icp_helpers.analysis.dominance import is_dominated
from icp_helpers.analysis.ideal import marks_of, weights_in_use
from icp_helpers.analysis.marks import FLOOR_MONTHS

TOP = 0.2  # of the customers, whose part of the value is told
BINS = 20
TENURE_MONTHS = (0, 6, 12, 24, np.inf)
FEWEST_PAIRS = 10


def marks_table(ideal: pd.DataFrame, weights: Mapping[str, float] | None) -> pd.DataFrame:
    """A row a mark: `mark` (its column of `ideal`), the `weight` asked for, the weight `in_use` once missing marks hand theirs on (both
    missing where a column says who is ideal), `customers` who have it, and the `share` of all that is."""
    marks = marks_of(ideal)
    used = weights_in_use(marks, weights or {})
    known = marks.notna().sum()
    return pd.DataFrame({
        "mark": [f"mark_{name}" for name in marks.columns], "weight": [weights.get(name, 0.0) if weights else np.nan for name in marks.columns],
        "in_use": [used.get(name, 0.0) if weights else np.nan for name in marks.columns],
        "customers": known.to_numpy(), "share": (known / max(len(marks), 1)).to_numpy(),
    })  # fmt: skip


def value_a_month(features: pd.DataFrame, ideal: pd.DataFrame) -> pd.Series:
    """What each customer of `ideal` brought a month, three months at least, in the market's currency; missing kept."""
    months = ideal.set_index("customer_id")["months"].clip(lower=FLOOR_MONTHS)
    return features.set_index("customer_id")["amount"].reindex(months.index).astype(float) / months


@dataclass(frozen=True)
class Concentration:
    """`curve` (share of customers, the smallest first; share of value; its points as far apart as `buying.lorenz` asks),
    `top_part` of the value that the top fifth bring, with its interval `low` to `high`, and the number `n` of customers
    with a value. No curve: nothing to add up, or (`held`) most of what the top fifth bring is one customer's."""

    curve: pd.DataFrame
    n: int
    top_part: float = np.nan
    low: float = np.nan
    high: float = np.nan
    held: bool = False


def concentration(values: pd.Series, *, seed: int = 0, draws: int = 400, smallest: int = 5) -> Concentration:
    """The Lorenz curve of the values and the part of the top fifth, its interval from bootstrap samples (percentiles)."""
    known = np.sort(values.dropna().to_numpy(float))
    held = len(known) > 1 and is_dominated(known[-_top(known):])
    if len(known) < 2 or known.sum() <= 0 or held:
        return Concentration(pd.DataFrame({"customers": [], "value": []}, dtype=float), len(known), held=held)
    curve = lorenz(known, smallest=smallest).rename(columns={"amount": "value"})
    rng = np.random.default_rng(seed)
    parts = [_drawn_part(known, rng) for _ in range(draws)]
    low, high = np.nanquantile(parts, [0.025, 0.975])
    return Concentration(curve, len(known), _top_part(known), float(low), float(high))


def mark_gaps(ideal: pd.DataFrame) -> pd.DataFrame:
    """A row a mark that both groups have, the widest gap first: `mark`, the mean rank of the ideal customers
    (`ideal_mean`) and of the others (`other_mean`), the `gap` between them with its 95 % interval (Welch) `low` to `high`, and `n`, the ideal ones who have it."""
    marks, labels = marks_of(ideal), ideal["ideal"].to_numpy(bool)
    rows = []
    for name in marks.columns:
        inside, outside = (marks[name].to_numpy(float)[rows_of] for rows_of in (labels, ~labels))
        inside, outside = inside[~np.isnan(inside)], outside[~np.isnan(outside)]
        if min(len(inside), len(outside)) < 2:
            continue
        gap = inside.mean() - outside.mean()
        reach = norm.isf(0.025) * np.sqrt(inside.var(ddof=1) / len(inside) + outside.var(ddof=1) / len(outside))
        rows.append((f"mark_{name}", inside.mean(), outside.mean(), gap, gap - reach, gap + reach, len(inside)))
    table = pd.DataFrame(rows, columns=["mark", "ideal_mean", "other_mean", "gap", "low", "high", "n"])
    return table.sort_values("gap", ascending=False, ignore_index=True)


def value_against_others(ideal: pd.DataFrame) -> dict:
    """Do customers who bring more also do better on the other marks? `rho`, `low`, `high` (Fisher's z) and `n`; the
    points themselves as `points` (`value`, `others`: the mean of a customer's other marks, `ideal`)."""
    marks = marks_of(ideal)
    points = pd.DataFrame({"value": marks["value"], "others": marks.drop(columns="value").mean(axis=1)})
    points["ideal"] = ideal["ideal"].to_numpy(bool)
    known = points.dropna()
    facts = {"rho": np.nan, "low": np.nan, "high": np.nan, "n": len(known), "points": points}
    if len(known) >= FEWEST_PAIRS and known["value"].nunique() > 1 and known["others"].nunique() > 1:
        rho = float(spearmanr(known["value"], known["others"]).statistic)
        reach = norm.isf(0.025) * 1.03 / np.sqrt(len(known) - 3)  # Fieller, Hartley and Pearson (1957)
        middle = np.arctanh(np.clip(rho, -0.999999, 0.999999))
        facts |= {"rho": rho, "low": float(np.tanh(middle - reach)), "high": float(np.tanh(middle + reach))}
    return facts


def tenths(points: pd.DataFrame, *, smallest: int = 5) -> pd.DataFrame:
    """The customers of `points` in tenths by value, or in fewer groups of at least `smallest`: `value` (mean rank), `others`
    (the median of the mean rank on the other marks), `low` and `high` (its quartiles), and `customers`."""
    known = points.dropna(subset=["value", "others"]).sort_values("value", kind="stable")
    groups = max(1, min(10, len(known) // (2 * smallest)))
    by_value = known.groupby(np.arange(len(known)) * groups // max(len(known), 1))
    others = by_value["others"]
    return pd.DataFrame({"value": by_value["value"].mean(), "others": others.median(), "low": others.quantile(0.25), "high": others.quantile(0.75), "customers": others.size()})


def survival_bins(survival: np.ndarray) -> np.ndarray:
    """How many customers are ideal under each twentieth of the weightings."""
    return np.histogram(survival, bins=BINS, range=(0, 1))[0]


def tenure_shares(ideal: pd.DataFrame, age: pd.Series) -> pd.DataFrame:
    """A row a band of `age` (months since she came, by customer_id): `from_months`, `to_months`, `customers`, `hits` ideal, `share`, `low`, `high`."""
    bands = pd.cut(age.reindex(ideal["customer_id"]).to_numpy(float), list(TENURE_MONTHS), right=False, labels=False)
    rows = []
    for place, (start, end) in enumerate(zip(TENURE_MONTHS, TENURE_MONTHS[1:], strict=False)):
        inside = bands == place
        n, hits = int(inside.sum()), int(ideal["ideal"].to_numpy(bool)[inside].sum())
        if n:
            rows.append((start, end, n, hits, hits / n, *intervals.wilson(hits, n)))
    return pd.DataFrame(rows, columns=["from_months", "to_months", "customers", "hits", "share", "low", "high"])


def new_against_old(ideal: pd.DataFrame, age: pd.Series, *, months: float = 12) -> dict:
    """The ideal share of customers who came less than `months` ago (`age`, by customer_id) minus that of the others: `difference`, `low`, `high`
    (Newcombe), the two shares `new_share`, `old_share`, `new` and `old` customers, and `n`, the smaller group."""
    since = age.reindex(ideal["customer_id"]).to_numpy(float)
    new, labels = (since < months)[~np.isnan(since)], ideal["ideal"].to_numpy(bool)[~np.isnan(since)]
    counts = int(labels[new].sum()), int(new.sum()), int(labels[~new].sum()), int((~new).sum())
    low, high = intervals.newcombe(*counts)
    new_share, old_share = (hits / n if n else np.nan for hits, n in (counts[:2], counts[2:]))
    return {"difference": new_share - old_share, "low": low, "high": high, "new_share": new_share, "old_share": old_share,
            "new": counts[1], "old": counts[3], "n": min(counts[1], counts[3])}  # fmt: skip


def _drawn_part(ordered: np.ndarray, rng: np.random.Generator) -> float:
    """The part of the top fifth in a bootstrap sample, which is made in order by counting: a million need no sorting."""
    times = np.bincount(rng.integers(0, len(ordered), len(ordered)), minlength=len(ordered))
    return _top_part(np.repeat(ordered, times))


def _top_part(ordered: np.ndarray) -> float:
    return float(ordered[-_top(ordered):].sum() / ordered.sum()) if ordered.sum() > 0 else np.nan


def _top(ordered: np.ndarray) -> int:
    """How many customers the top fifth are."""
    return max(1, round(TOP * len(ordered)))
