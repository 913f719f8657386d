"""A readable card of points, for a fit that is a matter of degree: one point or a few for each criterion met.

The best single criterion of each trait enters a penalised logit; positive coefficients, rounded to 1-3, are the
points. More is never worse: no criterion takes points away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.hypothesis import single_gains
from icp_helpers.analysis.profile import ProfileSearch
from icp_helpers.analysis.rates import Rates
from icp_helpers.analysis.validation import FOLDS

TRAITS = 6  # more than a person can add up in the head is not a card
TRIED = 15
MOST_POINTS = 3
PENALTY = 0.5


@dataclass(frozen=True)
class PointCard:
    """`points` of each criterion, and by how many points a customer counts as fitting; `unseen` are the rates of those
    who reach it by a card that was made without them."""

    points: tuple[tuple[Criterion, int], ...]
    enough: int
    unseen: Rates

    def scores(self, traits: pd.DataFrame) -> np.ndarray:
        """The points of each row of `traits` (names as text)."""
        return sum((one.mask(traits) * points for one, points in self.points), np.zeros(len(traits), int))


def make_point_card(result: ProfileSearch, *, coverage: float = 0.15, seed: int = 0) -> PointCard | None:
    """The card, cut so that about `coverage` of the customers fit; None where no criterion earns a point, or there are
    too few customers. Every fold of the cross-validation makes a card of its own."""
    task = result.task
    if task is None:
        return None
    candidates, outcome = task.space.candidates, task.own
    places, points = _points(candidates, outcome)
    if not len(places):
        return None
    scores = candidates.met[:, places] @ points
    enough = _cut(scores, coverage)
    fold = task.folds(seed)
    fits = np.zeros(len(outcome), bool)
    for number in range(FOLDS):
        seen = fold != number
        own, own_points = _points(candidates, outcome, seen)
        own_scores = candidates.met[:, own] @ own_points if len(own) else np.zeros(len(outcome))
        fits |= ~seen & (own_scores >= _cut(own_scores[seen], coverage))
    card = sorted(zip(places, points, strict=True), key=lambda pair: -pair[1])
    return PointCard(tuple((candidates.criteria[place], int(worth)) for place, worth in card), enough, Rates.of(fits, outcome))


def _points(candidates, outcome, rows=None) -> tuple[np.ndarray, np.ndarray]:
    """Places of the criteria on the card, and their points."""
    rows = np.ones(len(outcome), bool) if rows is None else rows
    gained = single_gains(candidates, outcome[rows][None], rows)[0]
    groups = [np.flatnonzero(candidates.group == group) for group in np.unique(candidates.group)]
    best = np.array([own[np.argmax(gained[own])] for own in groups], dtype=int)
    best = best[np.argsort(-gained[best], kind="stable")][:TRIED]
    best = best[gained[best] > 0]
    if not len(best):
        return best, np.array([])
    met, known = candidates.met[rows][:, best], (candidates.met + 1 - candidates.possible)[rows][:, best]
    filled = np.where(known > 0, met, met.sum(axis=0) / np.maximum(known.sum(axis=0), 1))  # not known: as the average
    weight = LogisticRegression(C=PENALTY).fit(filled, outcome[rows]).coef_[0]
    kept = np.argsort(-weight, kind="stable")[:TRAITS]
    kept = kept[weight[kept] > 0.25 * weight.max()] if weight.max() > 0 else kept[:0]
    return best[kept], np.clip(np.rint(MOST_POINTS * weight[kept] / weight.max()), 1, MOST_POINTS) if len(kept) else np.array([])


def _cut(scores: np.ndarray, coverage: float) -> int:
    """The number of points that the share of customers closest to `coverage` reaches."""
    levels = np.unique(scores[scores > 0])
    if not len(levels):
        return 1
    return int(levels[np.argmin([abs((scores >= level).mean() - coverage) for level in levels])])
