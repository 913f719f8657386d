"""Could chance have found this? The whole search is repeated on shuffled outcomes, with exactly the same settings."""

from __future__ import annotations

import numpy as np
from scipy.stats import hypergeom

from icp_helpers.analysis.peeling import Space
from icp_helpers.analysis.search import Settings, search

SHUFFLES = 99
LOOKS = (13, 39, SHUFFLES)  # most searches in noise can be told from few shuffles (Besag and Clifford 1991)
STRICT = 1 / (1 + LOOKS[1])  # the level of those who look no further than that
BEYOND = 1e-4  # a bound on p by counting alone at which no shuffle is asked any more
SMALLEST = 1e-9  # a p-value that is told: below, anything else is likelier to be wrong than chance


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
    space: Space, outcome: np.ndarray, among: np.ndarray, level: float, rng: np.random.Generator, settings: Settings | None = None
) -> float:
    """The p-value of a search: how often shuffled outcomes among the same customers give as high a score as the real one.

    Stops at a look where p can no longer come down to `level`, and at the second where no shuffle may reach the score
    (`level` STRICT); the p-value given then is that of the look. Where counting alone rules chance out (BEYOND), no
    shuffle is made and its bound is given.
    """
    found = search(space.candidates, outcome[None], among[None].astype(np.float32), settings or space.settings)
    bound = counted_p(space, outcome, among, found.places())
    if bound <= BEYOND:
        return max(bound, SMALLEST)
    scores, looks = np.empty(0), LOOKS if level > STRICT else LOOKS[:2]
    for look in looks:
        scores = np.append(scores, shuffled_scores(space, outcome, among, look - len(scores), rng, settings))
        higher = int((scores >= found.score[0]).sum())
        if 1 + higher > level * (1 + looks[-1]):
            break
    return (1 + higher) / (1 + len(scores))


def counted_p(space: Space, outcome: np.ndarray, among: np.ndarray, places: list[int]) -> float:
    """A bound on the p-value of the rule at `places` of the candidates, by counting alone: Fisher's p-value, times every
    rule of as many criteria on different traits, times the numbers of criteria there may be (Bonferroni)."""
    if not places:
        return 1.0
    rules = np.zeros(space.settings.depth + 1)  # how many rules of 0, 1, ... criteria there are
    rules[0] = 1.0
    for cuts in np.bincount(space.candidates.group):
        rules[1:] += cuts * rules[:-1]
    inside = space.candidates.basis.rows(np.array(places))[0].all(axis=0)
    return float(min(1.0, fisher_p(inside, outcome, among) * rules[len(places)] * space.settings.depth))


def fisher_p(inside: np.ndarray, outcome: np.ndarray, among: np.ndarray) -> float:
    """Fisher's one-sided p-value of those `inside` having the outcome as often as they do; 1 where there are none."""
    n, total = int((inside & among).sum()), int(among.sum())
    hits, total_hits = int((inside & among & outcome).sum()), int((among & outcome).sum())
    return float(hypergeom.sf(hits - 1, total, total_hits, n)) if n else 1.0
