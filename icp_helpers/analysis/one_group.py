"""The world in which there are no segments: the same columns, the same ties between them, one peak each.

Uniform reference data (Tibshirani, Walther, Hastie 2001) call any yes/no column two clusters and any skewed one several.
Here the reference has one peak in every number, the categories as they are, and a Gaussian copula with the observed rank
correlations (NORTA: Cario and Nelson 1997). A continuous size axis, correlated or skewed columns and a hundred levels all
fit that world; groups that show in several columns at once, or two peaks in one, do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import rankdata
from sklearn.cluster import KMeans
from sklearn.isotonic import isotonic_regression

from icp_helpers.analysis.famd import Block, principal_axes, weights

SPIKE = 0.05  # a value held by more of the customers than this (zero, a list price) is kept as a spike
BINS = 40
ROUNDS, DRAWN = 4, 4000
REFERENCES = 16
AXES = (2, 10)  # at least and at most


@dataclass(frozen=True)
class Margin:
    """One column of the reference: codes in, an ordinal; a uniform number in, codes of the reference out."""

    start: int
    width: int
    ordinal: np.ndarray  # the observed column as ordered numbers
    quantiles: np.ndarray  # of the reference, at equal steps of probability; for levels the positions
    known: np.ndarray | None = None  # where a number was missing it stays at the mean

    def draw(self, uniform: np.ndarray) -> np.ndarray:
        """An ordinal a uniform number: interpolated where the column is continuous, a step where it is not."""
        position = uniform * (len(self.quantiles) - 1)
        if self.width > 1 or self.known is None:
            return self.quantiles[np.minimum((uniform * len(self.quantiles)).astype(int), len(self.quantiles) - 1)]
        return np.interp(position, np.arange(len(self.quantiles)), self.quantiles)


def margins(blocks: list[Block], codes: np.ndarray, axis: np.ndarray) -> list[Margin]:
    """A margin a number, category or item; a category's levels are put in the order of their means on `axis`."""
    found, start = [], 0
    for block in blocks:
        width = len(block.levels) or 1
        part = codes[:, start : start + width]
        if block.kind == "category":
            means = (part * axis[:, None]).sum(axis=0) / np.maximum(part.sum(axis=0), 1)
            position = np.argsort(np.argsort(means))
            ordinal = position[part.argmax(axis=1)].astype(float)
            found.append(Margin(start, width, np.column_stack([ordinal, part.argmax(axis=1)]), np.sort(ordinal)))
        else:
            found += [_number_margin(start + offset, part[:, offset]) for offset in range(width)]
        start += width
    return found


def _number_margin(start: int, column: np.ndarray) -> Margin:
    known = column != 0  # missing numbers were put at the mean, exactly
    values, counts = np.unique(column[known], return_counts=True)
    if counts.max(initial=0) > SPIKE * len(column) or not known.any():
        return Margin(start, 1, column[:, None], np.sort(column))
    return Margin(start, 1, column[:, None], one_peak(column[known]), known)


def one_peak(values: np.ndarray, steps: int = 401) -> np.ndarray:
    """Quantiles of the density with one peak that is nearest to the histogram of `values` (isotonic up, then down)."""
    heights, edges = np.histogram(values, bins=min(BINS, max(5, int(np.sqrt(len(values))))))
    heights = heights.astype(float)
    fits = [
        np.concatenate([isotonic_regression(heights[:peak]), isotonic_regression(heights[peak:], increasing=False)])
        for peak in range(1, len(heights))
    ]
    best = min(fits, key=lambda fit: ((fit - heights) ** 2).sum())
    mass = np.concatenate([[0], np.cumsum(best)]) / best.sum()
    return np.interp(np.linspace(0, 1, steps), mass + np.linspace(0, 1e-9, len(mass)), edges)


class OneGroup:
    """Draws of codes from the world without segments."""

    def __init__(self, margins: list[Margin], codes: np.ndarray, seed: int):
        self.margins, self.shape = margins, codes.shape
        self.rng = np.random.default_rng(seed)
        self.root = self._match(np.column_stack([margin.ordinal[:, 0] for margin in margins]))

    def _match(self, ordinals: np.ndarray) -> np.ndarray:
        """The root of the latent correlation whose draws have the observed correlation of normal scores."""
        target = latent = _scores_correlation(ordinals)
        for _ in range(ROUNDS):
            drawn = self._ordinals(_root(latent), max(DRAWN, len(ordinals)))
            latent = np.clip(latent + target - _scores_correlation(drawn), -0.999, 0.999)
            np.fill_diagonal(latent, 1)
        return _root(latent)

    def _ordinals(self, root: np.ndarray, rows: int) -> np.ndarray:
        uniform = ndtr(self.rng.standard_normal((rows, len(root))) @ root.T)
        return np.column_stack([margin.draw(uniform[:, i]) for i, margin in enumerate(self.margins)])

    def codes(self) -> np.ndarray:
        """One draw, of as many customers as observed, with numbers missing where they were."""
        ordinals = self._ordinals(self.root, self.shape[0])
        codes = np.zeros(self.shape)
        for column, margin in zip(ordinals.T, self.margins, strict=True):
            if margin.ordinal.shape[1] == 2:
                level_at = dict(zip(*margin.ordinal.T.astype(int), strict=True))
                level = np.array([level_at[int(place)] for place in column])
                codes[np.arange(len(column)), margin.start + level] = 1
            else:
                codes[:, margin.start] = column if margin.known is None else np.where(margin.known, column, 0)
        return codes


def _root(correlation: np.ndarray) -> np.ndarray:
    """A square root of the nearest correlation matrix: negative eigenvalues cut, rows scaled to length one."""
    variances, axes = np.linalg.eigh(correlation)
    root = axes * np.sqrt(np.maximum(variances, 1e-9))
    return root / np.linalg.norm(root, axis=1, keepdims=True)


def _scores_correlation(ordinals: np.ndarray) -> np.ndarray:
    """Correlation of van der Waerden scores, ties at their mean rank."""
    scores = ndtri(rankdata(ordinals, axis=0) / (len(ordinals) + 1))
    spread = scores.std(axis=0)
    scores = (scores - scores.mean(axis=0)) / np.where(spread > 0, spread, 1)
    return scores.T @ scores / len(scores)


def coordinates(codes: np.ndarray, weight: np.ndarray, axes: int) -> np.ndarray:
    centred = (codes - codes.mean(axis=0)) * weight
    return centred @ principal_axes(centred)[1][:, :axes]


def count_axes(codes: np.ndarray, weight: np.ndarray, seed: int) -> int:
    """How many axes carry more than those of columns shuffled one by one (Horn's parallel analysis)."""
    rng = np.random.default_rng(seed)
    centred = (codes - codes.mean(axis=0)) * weight
    shuffled = np.mean([principal_axes(rng.permuted(centred, axis=0))[0] for _ in range(3)], axis=0)
    above = int((principal_axes(centred)[0] > 1.05 * shuffled).cumprod().sum())
    return min(max(above, AXES[0]), AXES[1], codes.shape[1])


def gap(blocks: list[Block], codes: np.ndarray, ks: list[int], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """How much tighter k clusters are than in the world of one group, a k: the gap, and the gap in its standard errors.

    The gap is the mean log of the spread left within k clusters in the reference minus that of the data: .1 means that
    a tenth more of the spread is explained than one group would show.
    """
    weight = weights(blocks, codes)
    axes = count_axes(codes, weight, seed)
    space = coordinates(codes, weight, axes)
    world = OneGroup(margins(blocks, codes, space[:, 0]), codes, seed)
    reference = np.array([_log_spread(coordinates(world.codes(), weight, axes), ks, seed) for _ in range(REFERENCES)])
    gaps = reference.mean(axis=0) - _log_spread(space, ks, seed)
    return gaps, gaps / np.maximum(reference.std(axis=0, ddof=1), 1e-6)


def _log_spread(space: np.ndarray, ks: list[int], seed: int) -> np.ndarray:
    total = ((space - space.mean(axis=0)) ** 2).sum()
    points = len(np.unique(space.round(9), axis=0))  # with a cluster for each of them nothing is left to spread
    within = [KMeans(k, n_init=3, random_state=seed).fit(space).inertia_ if k < points else 0.0 for k in ks]
    return np.log(np.maximum(within, 1e-9 * total) / total)
