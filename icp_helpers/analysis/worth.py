"""What a rule is worth among given customers: how much likelier it makes the outcome.

Members have a rate of their own, and the others theirs. Who lacks a trait that the rule asks for is a member as likely
as those who are known to meet the rest of it, so that her rate lies between the two by just that much (a mixture).
The beam search knows sums alone, and takes all who lack anything for one group with a rate of its own (search.gain).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

_LEAST = 1e-9  # a rate of nothing or of all is never quite that


@dataclass(frozen=True)
class Sample:
    """What a rule is judged on: one boolean and one whole weight a customer (0: not in the sample). `named` are the
    traits that the other rules ask for. `known` keeps what was found out about it: the same rules are looked at again
    and again."""

    outcome: np.ndarray
    weight: np.ndarray
    named: frozenset = frozenset()
    known: dict = field(default_factory=dict, repr=False, compare=False)

    def counts(self, inside: np.ndarray) -> tuple[int, int]:
        """Customers and hits among those `inside`."""
        weight = self.weight[inside]
        return int(weight.sum()), int(weight[self.outcome[inside]].sum())

    def once(self, key, make):
        """What `make` gives, made the first time that `key` is asked for."""
        if key not in self.known:
            self.known[key] = make()
        return self.known[key]

    @cached_property
    def totals(self) -> tuple[int, int]:
        return int(self.weight.sum()), int(self.weight[self.outcome].sum())


@dataclass(frozen=True)
class Rest:
    """The customers among whom one more criterion is placed: those who possibly meet the rest of its rule.

    `rows` are their places, `group` says which of its criteria each lacks the trait for: 0 none, then each criterion
    alone, and last several; `shares` is how likely those of each group meet the rest. `weight` counts them and `hits`
    those with the outcome; `totals` are those of the whole sample, `fewest` the members that a rule must have.
    """

    rows: np.ndarray
    group: np.ndarray
    shares: np.ndarray
    weight: np.ndarray
    hits: np.ndarray
    totals: tuple[int, int]
    fewest: float

    @classmethod
    def of(cls, criteria: list[tuple[np.ndarray, np.ndarray]], sample: Sample, fewest: float) -> Rest:
        """`criteria`: who meets each, and who possibly does."""
        rows = np.flatnonzero(np.logical_and.reduce([sample.weight > 0, *(possible for _, possible in criteria)]))
        lacks = np.array([~met[rows] for met, _ in criteria], dtype=bool).reshape(len(criteria), len(rows))
        many = lacks.sum(axis=0)
        group = np.where(many > 1, len(criteria) + 1, (many == 1) * (1 + lacks.argmax(axis=0)) if len(criteria) else 0)
        weight = sample.weight[rows]
        met = weight[many == 0].sum()
        likely = np.array([met / max(met + _failing(criteria, place, sample), 1) for place in range(len(criteria))])
        several = np.where(lacks, likely[:, None], 1.0).prod(axis=0)[many > 1]
        shares = np.array([1.0, *likely, np.average(several, weights=weight[many > 1]) if len(several) else 0.0])
        return cls(rows, group, shares, weight, weight * sample.outcome[rows], sample.totals, fewest)

    @cached_property
    def apart(self) -> np.ndarray:
        """The customers and the hits of each group, a row each: 2 groups x rows."""
        own = self.group == np.arange(len(self.shares))[:, None]
        return np.concatenate([own * self.weight, own * self.hits]).astype(np.float32)

    def counts(self, cells: np.ndarray, count: int) -> np.ndarray:
        """Customers and hits of each group in each of `count` cells: 2 x groups x count. `cells` numbers the cell of each
        row, or several cells a row (rows x columns)."""
        keys = (cells.T + count * self.group).ravel()
        columns = cells.size // max(len(cells), 1)
        parts = [np.bincount(keys, np.tile(weight, columns), count * len(self.shares)) for weight in (self.weight, self.hits)]
        return np.array(parts).reshape(2, len(self.shares), count)

    @cached_property
    def worth(self) -> float:
        """What the rest is worth as a rule of its own."""
        met = self.counts(np.zeros(len(self.rows), dtype=int), 1)
        return float(self.gain(met, np.zeros_like(met), np.zeros(1))[0])

    def gain(self, met: np.ndarray, lacking: np.ndarray, cost: np.ndarray) -> np.ndarray:
        """The log-likelihood ratio gained by each criterion beside the rest, less its cost; minus infinity below the floor
        of members. `met` and `lacking` count those who meet it and those who lack its trait: 2 x groups x any shape."""
        n, hits = met[:, 0]
        likely = n / np.maximum(self.weight[self.group == 0].sum() - lacking[0, 0], 1)
        inside, shape = (met + lacking).sum(axis=1), [-1, *[1] * n.ndim]
        out, out_hits = self.totals[0] - inside[0], self.totals[1] - inside[1]
        rate, others = hits / np.maximum(n, 1), out_hits / np.maximum(out, 1)
        shares, more = self.shares.reshape(shape), rate - others
        value = _likelihood(out, out_hits, others) - self._without
        value += _likelihood(*met, others + shares * more).sum(axis=0)
        if lacking[0].any():
            value = value + _likelihood(*lacking, others + shares * (likely * more)).sum(axis=0)
        value = np.where(more > 0, value, 0.0) - cost
        return np.where(n >= self.fewest, value, -np.inf)

    @cached_property
    def _without(self) -> float:
        """The log-likelihood of the whole sample without any rule."""
        return float(_likelihood(*self.totals, self.totals[1] / max(self.totals[0], 1)))


def _failing(criteria, place: int, sample: Sample) -> int:
    """How many are known not to meet the criterion at `place`, and meet all the others."""
    met, possible = criteria[place]
    return int(sample.weight[np.logical_and.reduce([~possible, *(other for other, _ in criteria[:place] + criteria[place + 1 :])])].sum())


def _likelihood(n, hits, rate):
    """The log-likelihood of `hits` in `n` at this rate."""
    rate = np.minimum(np.maximum(rate, _LEAST), 1 - _LEAST)
    return hits * np.log(rate) + (n - hits) * np.log(1 - rate)
