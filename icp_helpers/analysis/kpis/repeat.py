"""Repeat buying without a contract: BG/NBD (Fader, Hardie and Lee 2005) and Gamma-Gamma (Fader and Hardie 2013).

A customer is `x` repeat purchases, the last at time `tx`, seen for a time `seen` (any one unit of time, here weeks).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, digamma, gammaln, hyp2f1

_BOUND = 12.0  # of a parameter's logarithm; beyond, the likelihood is flat


@dataclass(frozen=True)
class RepeatBuying:
    """Buying while alive is Poisson with a gamma rate (r, alpha); after each purchase some leave, beta (a, b)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    def expected(self, time):
        """Expected repeat purchases of a new customer within `time`."""
        return self._grown(self.r, self.b, 0.0, time)

    def expected_given(self, time, x, tx, seen):
        """Expected purchases in the next `time` of a customer with this history."""
        drop = np.where(np.asarray(x) > 0, self.a / (self.b + np.maximum(x, 1) - 1), 0.0)
        odds = drop * np.exp(np.minimum((self.r + x) * np.log((self.alpha + seen) / (self.alpha + tx)), 700))
        return self._grown(self.r + x, self.b + x, seen, time, x) / (1 + odds)

    def _grown(self, shape, stay, seen, time, x=0):
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6  # a = 1 is a removable gap of the formula
        rest = self.alpha + seen
        grown = (rest / (rest + time)) ** shape * hyp2f1(shape, stay, a + self.b + x - 1, time / (rest + time))
        return (a + self.b + x - 1) / (a - 1) * (1 - grown)


def fit_repeat_buying(x, tx, seen, start: RepeatBuying | None = None) -> RepeatBuying:
    """The maximum-likelihood fit; `start` is a fit of nearly the same customers, which makes it quick."""
    x, tx, seen = (np.asarray(part, dtype=float) for part in (x, tx, seen))
    scale = max(float(seen.mean()), 1e-9)  # so that the same start and bounds fit days and weeks
    tx, seen = tx / scale, seen / scale
    distinct, place = np.unique(x, return_inverse=True)

    def loss(logs):
        values, slopes = log_likelihood(distinct, place, tx, seen, *np.exp(logs))
        return -values.sum(), -slopes.sum(axis=1) * np.exp(logs)

    at = [0.0, 0.0, 0.0, 0.5] if start is None else np.log([start.r, start.alpha / scale, start.a, start.b])
    found = minimize(loss, np.clip(at, -_BOUND, _BOUND), jac=True, method="L-BFGS-B", bounds=[(-_BOUND, _BOUND)] * 4)
    r, alpha, a, b = np.exp(found.x)
    return RepeatBuying(r, alpha * scale, a, b, -found.fun - x.sum() * np.log(scale))


def log_likelihood(distinct, place, tx, seen, r, alpha, a, b):
    """Of each customer's history, in the form that does not overflow (their equation 6); and its four slopes.

    A customer's `x` is `distinct[place]`: the special functions, by far the slowest part, are asked once for each x.
    """
    x, step = distinct, b + np.maximum(distinct, 1) - 1
    common = (gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b))[place]
    later = digamma(a + b + x)
    slope_r, slope_a = (digamma(r + x) - digamma(r) + np.log(alpha))[place], (digamma(a + b) - later)[place]
    slope_b, dropped = (digamma(b + x) - digamma(b) + digamma(a + b) - later)[place], (np.log(a) - np.log(step))[place]
    x, step, seen, tx = distinct[place], step[place], alpha + seen, alpha + tx
    log_seen, log_tx = np.log(seen), np.log(tx)
    alive = -(r + x) * log_seen
    gone = np.where(x > 0, dropped - (r + x) * log_tx, -np.inf)
    total = np.logaddexp(alive, gone)
    still = np.exp(alive - total)  # the probability of being alive, given the history
    left = 1 - still
    slopes = [slope_r - still * log_seen - left * log_tx, r / alpha - (r + x) * (still / seen + left / tx),
              slope_a + left / a, slope_b - left / step]
    return common + total, np.array(slopes)


@dataclass(frozen=True)
class Spending:
    """A customer's orders are gamma (p, nu), and nu differs between customers as gamma (q, v)."""

    p: float
    q: float
    v: float

    @property
    def mean(self) -> float:
        """Of all customers; there is none where q <= 1."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else np.nan

    def mean_given(self, x, mean):
        """Expected order of a customer whose `x` orders had this mean: hers, drawn towards everyone's."""
        weight = self.p * x / (self.p * x + self.q - 1)
        return weight * mean + (1 - weight) * self.mean


def fit_spending(x, mean, start: Spending | None = None) -> Spending:
    """The fit to customers with `x` >= 1 orders of a positive mean (the model knows no other)."""
    x, mean = np.asarray(x, dtype=float), np.asarray(mean, dtype=float)
    scale = float(np.median(mean))
    z = mean / scale
    distinct, counts = np.unique(x, return_counts=True)
    log_z = np.log(z)
    fixed, weighed = log_z.sum(), (x * (log_z + np.log(x))).sum()

    def loss(logs):
        p, q, v = np.exp(logs)
        shape, rest = p * x + q, x * z + v
        log_rest, at_all, at_own = np.log(rest), p * distinct + q, p * distinct
        value = (counts * (gammaln(at_all) - gammaln(at_own) - gammaln(q) + q * np.log(v))).sum() + p * weighed - fixed - (shape * log_rest).sum()
        more = digamma(at_all)
        slopes = [(counts * distinct * (more - digamma(at_own))).sum() + weighed - (x * log_rest).sum(),
                  (counts * (more - digamma(q) + np.log(v))).sum() - log_rest.sum(), len(x) * q / v - (shape / rest).sum()]
        return -value, -np.array(slopes) * (p, q, v)

    at = [1.0, 1.0, 0.0] if start is None else np.log([start.p, start.q, start.v / scale])
    found = minimize(loss, np.clip(at, -_BOUND, _BOUND), jac=True, method="L-BFGS-B", bounds=[(-_BOUND, _BOUND)] * 3)
    p, q, v = np.exp(found.x)
    return Spending(p, q, v * scale)
