"""Groups of mixed data: k-means on FAMD axes, then a few steps of a latent class model over all columns.

k-means sees the first axes only and gives a noise column the weight of any other; three steps of expectation and
maximisation (independent columns within a group, one variance a number) let the columns that tell the groups apart count
more. More steps follow chance ties between two categories where the groups overlap: three won on planted groups.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans

STEPS = 3
STARTS = 6
PRIOR = 5.0  # so many customers of the average mix are added to each group's level counts
LEAST_VARIANCE = 0.02


@dataclass(frozen=True)
class Mixture:
    """k groups over coded columns: their shares, their means (shares of a level), one variance a number."""

    shares: np.ndarray
    means: np.ndarray
    variances: np.ndarray
    is_level: np.ndarray

    def log_density(self, codes: np.ndarray) -> np.ndarray:
        """n x k: the log of share times density, but for a constant; a missing number (coded 0) says nothing."""
        values, variances = codes[:, ~self.is_level], self.variances[~self.is_level]
        return self._scores(codes) - (values**2 @ (1 / variances) + (values != 0) @ np.log(variances))[:, None] / 2

    def predict(self, codes: np.ndarray) -> np.ndarray:
        return self._scores(codes).argmax(axis=1)

    def _scores(self, codes: np.ndarray) -> np.ndarray:
        """The log density but for what is the same in every group."""
        number = ~self.is_level
        slopes = np.where(self.is_level, np.log(np.where(self.is_level, self.means, 1.0)), self.means / self.variances)
        squares = self.means[:, number] ** 2 / self.variances[number]
        scores = codes @ slopes.T + (np.log(self.shares) - squares.sum(axis=1) / 2)
        unknown = codes[:, number] == 0
        return scores + unknown @ squares.T / 2 if unknown.any() else scores


def fit_mixture(codes: np.ndarray, is_level: np.ndarray, spaces: list[np.ndarray], k: int, seed: int) -> Mixture:
    """The likeliest of the mixtures that start from k-means in each of `spaces`."""
    fits = [_refine(codes, is_level, KMeans(k, n_init=STARTS, random_state=seed).fit_predict(space), k) for space in spaces]
    return max(fits, key=lambda fit: fit[1])[0]


def _refine(codes: np.ndarray, is_level: np.ndarray, labels: np.ndarray, k: int) -> tuple[Mixture, float]:
    member = np.eye(k)[labels]
    for _ in range(STEPS):
        mixture = _maximise(codes, is_level, member)
        density = mixture.log_density(codes)
        largest = density.max(axis=1, keepdims=True)
        member = np.exp(density - largest)
        total = member.sum(axis=1, keepdims=True)
        member = member / total
    return mixture, float((largest + np.log(total)).sum())


def _maximise(codes: np.ndarray, is_level: np.ndarray, member: np.ndarray) -> Mixture:
    size = member.sum(axis=0)
    known = member.T @ np.where(is_level, 1.0, codes != 0) + 1e-9
    sums = member.T @ codes
    means = np.where(is_level, (sums + PRIOR * codes.mean(axis=0)) / (size[:, None] + PRIOR), sums / known)
    means = np.where(is_level, np.clip(means, 1e-4, 1), means)
    variances = ((member.T @ codes**2) - means**2 * known).sum(axis=0) / known.sum(axis=0)
    shares = (size + 1e-9) / (size + 1e-9).sum()
    return Mixture(shares, means, np.maximum(variances, LEAST_VARIANCE), is_level)
