"""Intervals for shares, differences, ratios and means.

Every function takes scalars or arrays (broadcast against each other) and gives `(low, high)` in the same shape.
Where there is nothing to estimate (no observations) both limits are NaN; nothing is raised and nothing is warned.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student

CONFIDENCE = 0.95
RESAMPLED_FROM = 8  # units; so few give too few different samples, and Student's t is wider
RESAMPLED_UP_TO = 2_000  # units; above, the skewness correction needs no resampling and gives the same limits


def wilson(hits, n, *, confidence: float = CONFIDENCE):
    """The limits of a share (0-1) of `hits` in `n`: Wilson (1927), without continuity correction."""
    hits, n = np.asarray(hits, dtype=float), np.asarray(n, dtype=float)
    z2 = norm.isf((1 - confidence) / 2) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(n > 0, hits / n, np.nan)
        middle = (hits + z2 / 2) / (n + z2)
        half = np.sqrt(z2) / (n + z2) * np.sqrt(n * share * (1 - share) + z2 / 4)
    # At 0 and n hits the limit is the bound itself; rounding would leave it 1e-17 beside.
    low = np.where(hits == 0, 0.0 * share, np.clip(middle - half, 0, 1))
    high = np.where(hits == n, 1.0 + 0.0 * share, np.clip(middle + half, 0, 1))
    return _plain(low), _plain(high)


def newcombe(hits_1, n_1, hits_2, n_2, *, confidence: float = CONFIDENCE):
    """The limits of share 1 minus share 2 of two independent groups: Newcombe (1998), method 10."""
    share_1, share_2 = _share(hits_1, n_1), _share(hits_2, n_2)
    low_1, high_1 = wilson(hits_1, n_1, confidence=confidence)
    low_2, high_2 = wilson(hits_2, n_2, confidence=confidence)
    return difference(share_1, low_1, high_1, share_2, low_2, high_2)


def difference(value_1, low_1, high_1, value_2, low_2, high_2):
    """The limits of value 1 minus value 2 from the limits of each: Zou and Donner (2008), "MOVER".

    The two values must come from independent samples. With Wilson limits this is Newcombe's interval.
    """
    value_1, low_1, high_1 = (np.asarray(part, dtype=float) for part in (value_1, low_1, high_1))
    value_2, low_2, high_2 = (np.asarray(part, dtype=float) for part in (value_2, low_2, high_2))
    gap = value_1 - value_2
    low = gap - np.hypot(value_1 - low_1, high_2 - value_2)
    high = gap + np.hypot(high_1 - value_1, value_2 - low_2)
    return _plain(low), _plain(high)


def ratio_of_shares(hits_1, n_1, hits_2, n_2, *, confidence: float = CONFIDENCE):
    """The limits of share 1 divided by share 2 of two independent groups: Donner and Zou (2012) on Wilson limits.

    The upper limit is inf when group 2 has no hits: no data can bound such a ratio. Both are NaN when both are zero.
    """
    share_1, share_2 = _share(hits_1, n_1), _share(hits_2, n_2)
    low_1, high_1 = (np.asarray(limit) for limit in wilson(hits_1, n_1, confidence=confidence))
    low_2, high_2 = (np.asarray(limit) for limit in wilson(hits_2, n_2, confidence=confidence))
    product = share_1 * share_2
    with np.errstate(divide="ignore", invalid="ignore"):
        top, bottom = low_1 * (2 * share_1 - low_1), high_2 * (2 * share_2 - high_2)
        root = np.sqrt(np.clip(product**2 - top * bottom, 0, None))
        # The same root in a form that has no cancellation, and no 0/0 where high_2 happens to be twice share_2.
        low = np.where(product + root > 0, top / (product + root), 0.0 * product)
        top, bottom = high_1 * (2 * share_1 - high_1), low_2 * (2 * share_2 - low_2)
        high = np.where(bottom > 0, (product + np.sqrt(np.clip(product**2 - top * bottom, 0, None))) / bottom, np.inf)
    undefined = np.isnan(product) | ((share_1 == 0) & (share_2 == 0))
    return _plain(np.where(undefined, np.nan, low)), _plain(np.where(undefined, np.nan, high))


def lift(hits, n, all_hits, all_n, *, confidence: float = CONFIDENCE):
    """The limits of a group's share divided by everyone's share, the group being a part of everyone.

    The interval of inside over outside, moved through `lift = ratio / (w * ratio + 1 - w)` with w the group's part;
    so it knows that the two shares have customers in common, and never leaves 0 to 1 / w.
    """
    hits, n, all_hits, all_n = (np.asarray(part, dtype=float) for part in (hits, n, all_hits, all_n))
    low, high = (
        np.asarray(limit)
        for limit in ratio_of_shares(hits, n, all_hits - hits, all_n - n, confidence=confidence)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        part = n / all_n
        low = np.where(np.isinf(low), 1 / part, low / (part * low + 1 - part))
        high = np.where(np.isinf(high), 1 / part, high / (part * high + 1 - part))
    everyone = (n == all_n) & (all_hits > 0)  # compared with itself: exactly one
    return _plain(np.where(everyone, 1.0, low)), _plain(np.where(everyone, 1.0, high))


def bootstrap_t_mean(x, seed: int = 0, *, cluster=None, draws: int = 999, confidence: float = CONFIDENCE):
    """The limits of the mean of `x`, missing values left out; `cluster` holds whose each value is.

    A customer with ten orders is one observation of ten orders, not ten: with `cluster`, customers are drawn.
    """
    x = np.asarray(x, dtype=float)
    known = np.isfinite(x)
    if cluster is None:
        return bootstrap_t_ratio(x[known], np.ones(int(known.sum())), seed, draws=draws, confidence=confidence)
    _, code = np.unique(np.asarray(cluster, dtype=object)[known].astype(str), return_inverse=True)
    sums, counts = np.bincount(code, weights=x[known]), np.bincount(code).astype(float)
    return bootstrap_t_ratio(sums, counts, seed, draws=draws, confidence=confidence)


def bootstrap_t_ratio(numerators, denominators, seed: int = 0, *, draws: int = 999, confidence: float = CONFIDENCE):
    """The limits of sum(numerators) / sum(denominators), one pair per independent unit (customer, week).

    The studentised bootstrap (Efron and Tibshirani 1993, chapter 12) with the linearised error of a ratio; above
    RESAMPLED_UP_TO units Hall's (1992) transformation for skewness takes its place, below RESAMPLED_FROM Student's t.
    NaN below two units.
    """
    top, bottom = np.asarray(numerators, dtype=float), np.asarray(denominators, dtype=float)
    units = len(top)
    if units < 2 or not bottom.sum() > 0:
        return np.nan, np.nan
    ratio = top.sum() / bottom.sum()
    residual = top - ratio * bottom
    error = _ratio_error((residual**2).sum(), bottom.sum(), units)
    if error <= 1e-12 * max(1.0, abs(ratio)):
        return float(ratio), float(ratio)
    tails = (1 - confidence) / 2
    if units < RESAMPLED_FROM:
        t_high, t_low = student.isf(tails, units - 1), student.ppf(tails, units - 1)
    elif units > RESAMPLED_UP_TO:
        t_high, t_low = _hall(residual, units, tails)
    else:
        t = np.sort(_resampled_t(top, bottom, ratio, seed, draws))
        t_high, t_low = t[int(np.ceil((1 - tails) * draws)) - 1], t[int(np.floor(tails * draws))]
        if not np.isfinite(t_high - t_low):  # one unit carries the ratio: a draw without it says nothing of the error
            t_high, t_low = _hall(residual, units, tails)
    return float(ratio - t_high * error), float(ratio - t_low * error)


def _resampled_t(top, bottom, ratio, seed, draws):
    """The studentised ratio of each draw: infinite where the draw has no spread and misses the ratio."""
    rng = np.random.default_rng(seed)
    units, found = len(top), []
    for size in _batches(draws, 4_000_000 // units):
        drawn = rng.integers(0, units, (size, units))
        tops, bottoms = top[drawn], bottom[drawn]
        total = bottoms.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = np.where(total > 0, tops.sum(axis=1) / total, ratio)
            squares = ((tops - ratios[:, None] * bottoms) ** 2).sum(axis=1)
            gap, error = ratios - ratio, _ratio_error(squares, total, units)
            flat = ~(error > 1e-12 * np.abs(gap))
            found.append(np.where(flat, np.where(gap == 0, 0.0, np.sign(gap) * np.inf), gap / error))
    return np.concatenate(found)


def _hall(residual, units, tails):
    """The quantiles of a studentised mean with this skewness (upper, lower): Hall's cubic, turned round."""
    skewness = (residual**3).mean() / max((residual**2).mean(), 1e-300) ** 1.5
    bend = skewness / (6 * np.sqrt(units))
    z = norm.isf(tails)
    if abs(bend) < 1e-9:
        return z, -z
    def inverse(x):
        return (np.cbrt(1 + 6 * bend * (x - bend)) - 1) / (2 * bend)
    return inverse(z), inverse(-z)


def _ratio_error(squares, total, units):
    return np.sqrt(squares * units / (units - 1)) / total


def _batches(draws, most):
    most = max(1, most)
    return [most] * (draws // most) + ([draws % most] if draws % most else [])


def _share(hits, n):
    hits, n = np.asarray(hits, dtype=float), np.asarray(n, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n > 0, hits / n, np.nan)


def _plain(limit):
    """A float for a scalar, an array for an array."""
    return float(limit) if np.ndim(limit) == 0 else limit
