"""Does the profile agree with reality? Each criterion held against each source by itself: sales, survey answers, reviews."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.intervals import bootstrap_t_mean, difference

FEWEST = 30  # customers or decided leads on each side below which a source says nothing
LEVEL = 0.05
SAYS = ("supports", "contradicts", "unknown")
COLUMNS = ["criterion", "source", "inside", "outside", "gap", "low", "high", "n", "says"]


def sources_by_criterion(criteria: Sequence[Criterion], customers: pd.DataFrame, *, leads: pd.DataFrame, surveys: pd.DataFrame,
                         reviews: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """What each source says of each criterion, a row a pair (COLUMNS).

    sales: the share won of the decided leads; surveys: a customer's mean answer as a share of its scale; reviews: a
    customer's mean rating. inside meets the criterion, outside is known not to; the interval of their gap is widened
    for the number of pairs that can be judged. says: supports (the gap is surely above zero), contradicts (surely below),
    unknown. Posts on social media name no customer, so they say nothing of a criterion.
    """
    decided = leads[leads["won_on"].notna() | leads["lost_on"].notna()]
    scores = (surveys["score"] / surveys["scale_max"]).groupby(surveys["customer_id"]).mean()
    own = reviews[reviews["about"] == "own"]
    ratings = own["rating"].groupby(own["customer_id"]).mean()
    sources = {"sales": (decided, decided["won_on"].notna().astype(float)),
               "surveys": (customers, customers["customer_id"].map(scores)), "reviews": (customers, customers["customer_id"].map(ratings))}
    pairs = [(criterion, name, *_sides(criterion, frame, marks)) for criterion in dict.fromkeys(criteria) for name, (frame, marks) in sources.items()]
    judged = sum(min(len(inside), len(outside)) >= FEWEST for _criterion, _name, inside, outside in pairs)
    return pd.DataFrame([_row(*pair, 1 - LEVEL / max(judged, 1), seed) for pair in pairs], columns=COLUMNS)


def agreement(table: pd.DataFrame) -> dict:
    """status (found where a source supports and none contradicts, unclear where they differ or contradict, none where no
    source says anything, not_supplied without a criterion), pairs, supports, contradicts, unknown."""
    counts = {says: int((table["says"] == says).sum()) for says in SAYS}
    status = "not_supplied" if table.empty else "unclear" if counts["contradicts"] else "found" if counts["supports"] else "none"
    return {"status": status, "pairs": len(table), **counts}


def _sides(criterion: Criterion, frame: pd.DataFrame, marks: pd.Series) -> tuple[pd.Series, pd.Series]:
    marks = marks.astype(float)
    if criterion.column not in frame.columns:
        return marks.head(0), marks.head(0)
    known, met = (frame[criterion.column].notna() & marks.notna()).to_numpy(), criterion.mask(frame)
    return marks[known & met], marks[known & ~met]


def _row(criterion, source, inside, outside, confidence, seed) -> tuple:
    n = min(len(inside), len(outside))
    if n < FEWEST:
        return criterion, source, inside.mean(), outside.mean(), float("nan"), float("nan"), float("nan"), n, "unknown"
    limits = [bootstrap_t_mean(side, seed, confidence=confidence) for side in (inside, outside)]
    low, high = difference(inside.mean(), *limits[0], outside.mean(), *limits[1])
    says = "supports" if low > 0 else "contradicts" if high < 0 else "unknown"
    return criterion, source, inside.mean(), outside.mean(), inside.mean() - outside.mean(), low, high, n, says
