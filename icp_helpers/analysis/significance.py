"""Could chance have found this? The whole search is repeated on shuffled outcomes, with exactly the same settings."""

from __future__ import annotations

import numpy as np
from scipy.stats import hypergeom

from icp_helpers.analysis.peeling import Space
from icp_helpers.analysis.search import Settings, search

SHUFFLES = 99
FIRST_LOOK = 39  # most searches in noise can be told from so few shuffles (Besag and Clifford 1991)
STRICT = 1 / (1 + FIRST_LOOK)  # the strictest level that so few shuffles can show


def shuffled_scores(
    space: Space, outcome: np.ndarray, among: np.ndarray, copies: int, rng: np.random.Generator, settings: Settings | None = None
) -> np.ndarray:
    """The best score of the same search on `copies` of the outcome, shuffled among the customers `among`.

    `settings` are those of the space unless others are given.
    """
    rows = np.flatnonzero(among)
    outcomes = np.zeros((copies, len(outcome)), dtype=np.float32)
    for copy in outcomes:
        copy[rows] = rng.permutation(outcome[rows])
    return search(space.candidates, outcomes, among[None].astype(np.float32), settings or space.settings).score


def permutation_p(
    space: Space, outcome: np.ndarray, among: np.ndarray, score: float, level: float, rng: np.random.Generator,
    settings: Settings | None = None,
) -> float:
    """The p-value of a search's best score: how often shuffled outcomes among the same customers give as high a one.

    Stops after a first look where p can no longer come down to `level`, or where no shuffle may reach the score anyway
    (`level` STRICT); the p-value given then is that of the look.
    """
    scores = shuffled_scores(space, outcome, among, FIRST_LOOK, rng, settings)
    if level > STRICT and (scores >= score).sum() + 1 <= level * (SHUFFLES + 1):
        scores = np.append(scores, shuffled_scores(space, outcome, among, SHUFFLES - FIRST_LOOK, rng, settings))
    return float((1 + (scores >= score).sum()) / (1 + len(scores)))


def unseen_p(inside: np.ndarray, outcome: np.ndarray, among: np.ndarray) -> float:
    """Fisher's one-sided p-value on customers whom the search has not seen."""
    n, total = int((inside & among).sum()), int(among.sum())
    hits, total_hits = int((inside & among & outcome).sum()), int((among & outcome).sum())
    return float(hypergeom.sf(hits - 1, total, total_hits, n)) if n else 1.0
