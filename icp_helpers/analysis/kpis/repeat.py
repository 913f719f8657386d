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

    def loss(logs):
        values, slopes = log_likelihood(x, tx, seen, *np.exp(logs))
        return -values.sum(), -slopes.sum(axis=1) * np.exp(logs)

    at = [0.0, 0.0, 0.0, 0.5] if start is None else np.log([start.r, start.alpha / scale, start.a, start.b])
    found = minimize(loss, np.clip(at, -_BOUND, _BOUND), jac=True, method="L-BFGS-B", bounds=[(-_BOUND, _BOUND)] * 4)
    r, alpha, a, b = np.exp(found.x)
    return RepeatBuying(r, alpha * scale, a, b, -found.fun - x.sum() * np.log(scale))


def log_likelihood(x, tx, seen, r, alpha, a, b):
    """Of each customer's history, in the form that does not overflow (their equation 6); and its four slopes."""
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
    alive = -(r + x) * np.log(alpha + seen)
    gone = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + tx), -np.inf)
    total = np.logaddexp(alive, gone)
    still = np.exp(alive - total)  # the probability of being alive, given the history
    left, seen, tx = 1 - still, alpha + seen, alpha + tx
    slopes = [digamma(r + x) - digamma(r) + np.log(alpha) - still * np.log(seen) - left * np.log(tx),
              r / alpha - (r + x) * (still / seen + left / tx),
              digamma(a + b) - digamma(a + b + x) + left / a,
              digamma(b + x) - digamma(b) + digamma(a + b) - digamma(a + b + x) - left / (b + np.maximum(x, 1) - 1)]
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

    def loss(logs):
        p, q, v = np.exp(logs)
        return -(gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + (p * x - 1) * np.log(z)
                 + p * x * np.log(x) - (p * x + q) * np.log(x * z + v)).sum()

    at = [1.0, 1.0, 0.0] if start is None else np.log([start.p, start.q, start.v / scale])
    found = minimize(loss, np.clip(at, -_BOUND, _BOUND), method="L-BFGS-B", bounds=[(-_BOUND, _BOUND)] * 3)
    p, q, v = np.exp(found.x)
    return Spending(p, q, v * scale)
