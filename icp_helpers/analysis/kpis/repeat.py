"""Repeat buying without a contract: BG/NBD (Fader, Hardie and Lee 2005) and Gamma-Gamma (Fader and Hardie 2013).

A customer is `x` repeat purchases, the last at time `tx`, seen for a time `seen` (any one unit of time, here weeks).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, digamma, gammaln, hyp2f1

_BOUND = 12.0  # of a parameter's logarithm; beyond, the likelihood is flat
_NEAR, _PULL = 1e-3, 1e-2  # a difference of logarithms; log-likelihood for a step of the logarithm by one, twice


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


def fit_repeat_buying(x, tx, seen, group=None) -> list[RepeatBuying]:
    """The maximum-likelihood fit; and, where customers are in a `group` (0, 1, ...), that without each group, by a step.

    `log_likelihood` is that of all customers in each.
    """
    x, tx, seen = (np.asarray(part, dtype=float) for part in (x, tx, seen))
    scale = max(float(seen.mean()), 1e-9)  # so that the same start and bounds fit days and weeks
    distinct, place = np.unique(x, return_inverse=True)

    def likelihood(logs):
        values, slopes = log_likelihood(distinct, place, tx / scale, seen / scale, *np.exp(logs))
        return values, slopes * np.exp(logs)[:, None]

    fits, best = _maxima(likelihood, [0.0, 0.0, 0.0, 0.5], group)
    best -= x.sum() * np.log(scale)
    return [RepeatBuying(r, alpha * scale, a, b, best) for r, alpha, a, b in np.exp(fits)]


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


def fit_spending(x, mean, group=None) -> list[Spending]:
    """The fit to customers with `x` >= 1 orders of a positive mean (the model knows no other); then those without each group."""
    x, mean = np.asarray(x, dtype=float), np.asarray(mean, dtype=float)
    scale = float(np.median(mean))
    z = mean / scale
    distinct, place = np.unique(x, return_inverse=True)

    def likelihood(logs):
        p, q, v = np.exp(logs)
        at_all, at_own, rest = p * distinct + q, p * distinct, x * z + v
        log_rest, log_own, more = np.log(rest), np.log(x * z), digamma(at_all)
        values = (gammaln(at_all) - gammaln(at_own) - gammaln(q) + q * np.log(v))[place] + p * x * log_own - np.log(z) - (p * x + q) * log_rest
        slopes = [(distinct * (more - digamma(at_own)))[place] + x * (log_own - log_rest),
                  (more - digamma(q) + np.log(v))[place] - log_rest, q / v - (p * x + q) / rest]
        return values, np.array(slopes) * np.array([[p], [q], [v]])

    fits, _best = _maxima(likelihood, [1.0, 1.0, 0.0], group)
    return [Spending(p, q, v * scale) for p, q, v in np.exp(fits)]


def _maxima(likelihood, start, group) -> tuple[np.ndarray, float]:
    """Where the likelihood is highest, of all customers and without each group: (1 + groups) x k logarithms; and its value.

    `likelihood(logs)` gives each customer's value (n) and slopes (k x n). Without a group it is one Newton step from the
    maximum of all (Fox, Hinkley and Larntz 1980): a thirtieth of the work of a search. Parameters that ran to their bound
    stay there, and a direction in which the likelihood is flat is left alone by the weak pull towards no step.
    """
    def loss(logs):
        values, slopes = likelihood(logs)
        return -values.sum(), -slopes.sum(axis=1)

    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(-_BOUND, _BOUND)] * len(start))
    if group is None:
        return found.x[None], -found.fun
    free = np.flatnonzero(np.abs(found.x) < _BOUND - 1e-6)
    members = np.eye(int(np.max(group)) + 1)[group]

    def score(logs):
        slopes = likelihood(logs)[1][free]
        return slopes.sum(axis=1, keepdims=True) - slopes @ members  # free parameters x groups: of those who remain

    bent = np.array([score(found.x + _NEAR * side) - score(found.x - _NEAR * side) for side in np.eye(len(start))[free]])
    curvature = -np.moveaxis(bent, 2, 0) / (2 * _NEAR) + _PULL * np.eye(len(free))
    fits = np.tile(found.x, (members.shape[1] + 1, 1))
    if len(free):
        steps = np.linalg.solve((curvature + curvature.transpose(0, 2, 1)) / 2, score(found.x).T[..., None])[..., 0]
        fits[1:, free] = np.clip(found.x[free] + np.clip(steps, -1, 1), -_BOUND, _BOUND)
    return fits, -found.fun
