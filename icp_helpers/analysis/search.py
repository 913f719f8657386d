"""Beam search for the conjunction of criteria whose members have the outcome more often than the rest.

Many searches run at once as matrix products: the real outcome, shuffled outcomes, training folds and bootstrap
samples differ only in their outcomes and weights, so all of them are searched with the same settings by construction.
Scored by the log-likelihood ratio of "inside has its own, higher rate", weighed by a power of that rate: without the
weight, what several profiles have in common beats each of them (the trade-off of Klosgen's family of measures).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icp_helpers.analysis.candidates import Candidates

_CELLS_AT_ONCE = 12_000_000  # float32 cells in the largest array of a batch: about 50 MB


@dataclass(frozen=True)
class Settings:
    """What every search of one analysis has in common; shares are of the customers searched."""

    beam: int = 12
    depth: int = 4
    penalty: float = 3.0  # log-likelihood that a criterion must bring
    purity: float = 1.5  # the power of the rate inside by which the search weighs the likelihood ratio; 0: not at all
    fewest_share: float = 0.02
    fewest: int = 10
    widest_share: float = 0.25  # a cap on the rule that is kept, not on the steps on the way
    prune: float = 0.001  # a criterion stays when the customers it excludes are worse at this level

    def floor(self, customers: np.ndarray) -> np.ndarray:
        """The fewest members a rule may have among so many customers."""
        return np.maximum(self.fewest_share * customers, self.fewest)


@dataclass(frozen=True)
class Found:
    """The best rule of each search: `score` (0 where there is none) and `rule`, places in the candidates, padded with
    -1: arrays of length B and B x depth. `beam` are the rules that were last in the beam, the best first: B x beam x
    depth."""

    score: np.ndarray
    rule: np.ndarray
    beam: np.ndarray

    def places(self, which: int = 0) -> list[int]:
        """The rule of one search as places in the candidates."""
        return _places(self.rule[which])

    def starts(self, which: int, count: int) -> list[list[int]]:
        """The same, and the `count` best rules that were last in the beam, each of other traits."""
        return [self.places(which), *map(_places, self.beam[which, :count])]


def search(candidates: Candidates, outcomes: np.ndarray, weights: np.ndarray, settings: Settings) -> Found:
    """The best rule of each of B searches.

    `outcomes` is B x customers (1 where the outcome is met), `weights` B x customers or 1 x customers: 0 leaves a
    customer out, whole numbers count customers drawn several times.
    """
    searches, customers = outcomes.shape
    width = max(customers, len(candidates.criteria), 1) * settings.beam
    step = max(1, _CELLS_AT_ONCE // width)
    parts = []
    for start in range(0, searches, step):
        rows = slice(start, start + step)
        own = weights if len(weights) == 1 else weights[rows]
        parts.append(_search(candidates, outcomes[rows].astype(np.float32), own.astype(np.float32), settings))
    return Found(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("score", "rule", "beam")))


def gain(n, hits, possible, possible_hits, total, total_hits) -> np.ndarray:
    """Log-likelihood ratio of a rate of its own inside, where that is the higher rate; else 0. Whole counts.

    `n` customers meet the rule; of `possible` it can be, for those beyond `n` lack a trait that the rule asks for.
    These have a third rate, between the other two: what is not known speaks neither for nor against a criterion.
    """
    n, hits, possible, possible_hits, total, total_hits = (
        np.asarray(part, dtype=np.int64) for part in (n, hits, possible, possible_hits, total, total_hits)
    )
    table = _x_log_x(int(total.max(initial=0)))
    out, out_hits = total - possible, total_hits - possible_hits
    unsure, unsure_hits = possible - n, possible_hits - hits
    own, rest = _likelihood(table, n, hits), _likelihood(table, out, out_hits)
    value = own + _likelihood(table, unsure, unsure_hits) + rest
    over = unsure_hits * n > hits * unsure  # a rate above the members', or below the others', is pooled with it
    under = unsure_hits * out < out_hits * unsure
    if over.any():
        value = np.where(over, _likelihood(table, possible, possible_hits) + rest, value)
    if under.any():
        value = np.where(under & ~over, own + _likelihood(table, total - n, total_hits - hits), value)
    better = (hits * out > out_hits * n) & (hits * total > total_hits * n)
    return np.where(better, value - _likelihood(table, total, total_hits), 0.0)


def _likelihood(table, n, hits):
    return table[hits] + table[n - hits] - table[n]


def _search(candidates, outcomes, weights, settings):
    searches, customers = outcomes.shape
    count = len(candidates.criteria)
    score, best = np.zeros(searches), np.full((searches, settings.depth), -1)
    if not count:
        return Found(score, best, best[:, None])
    total = np.broadcast_to(np.rint(weights.sum(axis=1)), (searches,)).astype(np.int64)
    total_hits = np.rint((outcomes * weights).sum(axis=1)).astype(np.int64)
    met = possible = np.ones((searches, 1, customers), dtype=bool)
    rules = np.full((searches, 1, settings.depth), -1)
    for depth in range(settings.depth):
        (n, hits), more = _counts(candidates.basis, met, possible, outcomes, weights, rules)
        richer = hits * total[:, None, None] > n * total_hits[:, None, None]  # than all are: the others gain nothing
        alive = richer & (n >= settings.floor(total)[:, None, None]) & ~_taken(candidates.group, rules)
        which = np.nonzero(alive)[0]
        n, hits, more = n[alive], hits[alive], [part[alive] for part in more]
        gained = gain(n, hits, *more, total[which], total_hits[which])
        weight = (hits / n) ** settings.purity
        value, final = np.zeros(alive.shape), np.zeros(alive.shape)
        value[alive] = gained * weight
        final[alive] = np.where(n <= settings.widest_share * total[which], gained - settings.penalty * (depth + 1), 0.0) * weight
        _keep_best(score, best, final, rules, depth)
        if depth + 1 < settings.depth:
            chosen = _choose(candidates.bundle, value, rules, settings.beam)
            met, possible, rules = _extend(candidates, chosen, met, possible, rules, depth)
    return Found(score, best, rules)


def _places(rule) -> list[int]:
    return [int(place) for place in rule if place >= 0]


def _counts(basis, met, possible, outcomes, weights, rules):
    """Customers and hits of every rule in the beam with every candidate added, among those who meet it and among those
    who possibly do: two pairs of arrays B x rules x candidates."""
    searches, width, customers = met.shape
    rows = np.stack([met, possible], axis=1)
    if len(weights) == 1:  # searches that differ in their outcomes alone hold many rules in common: each is counted once
        _, first, again = np.unique(_marks(rules, met.any(axis=2)), return_index=True, return_inverse=True)
        alike = np.swapaxes(rows, 1, 2).reshape(-1, 2, customers)[first]
        n = basis.counts((alike * weights[0]).reshape(-1, customers)).reshape(len(first), 2, -1)[again]
        n = np.swapaxes(n.reshape(searches, width, 2, -1), 1, 2)
    else:
        n = basis.counts((rows * weights[:, None, None]).reshape(-1, customers)).reshape(searches, 2, width, -1)
    hits = np.empty_like(n)
    for search, weighed in enumerate(outcomes * weights):  # one at a time, for those with the outcome are few
        hits[search] = basis.counts((rows[search] * weighed).reshape(2 * width, customers)).reshape(2, width, -1)
    return tuple((take(n[:, side]), take(hits[:, side])) for side, take in enumerate((basis.met, basis.possible)))


def _marks(rules, alive):
    """A whole number for each rule of each search, the same for the same criteria in any order; one for all dead ones."""
    places = np.sort(rules, axis=2) + 1
    return np.where(alive, np.ravel_multi_index(tuple(np.moveaxis(places, 2, 0)), (int(places.max()) + 1,) * rules.shape[2]), -1).ravel()


def _taken(group, rules):
    """Which candidates belong to a trait that the rule has already: B x rules x candidates."""
    used = np.where(rules >= 0, group[rules], -1)
    taken = np.zeros((*rules.shape[:2], len(group)), dtype=bool)
    for place in range(rules.shape[2]):
        taken |= used[:, :, place, None] == group
    return taken


def _keep_best(score, best, final, rules, depth):
    searches, width, count = final.shape
    flat = final.reshape(searches, width * count)
    top = flat.argmax(axis=1)
    better = np.flatnonzero(flat[np.arange(searches), top] > score)
    parent, candidate = np.divmod(top[better], count)
    score[better] = flat[better, top[better]]
    best[better] = rules[better, parent]
    best[better, depth] = candidate


def _choose(group, value, rules, beam):
    """The next beam as (parent rule, candidate, whether it gains anything), each B x beam: the best rules, each with
    another set of bundles, so that the cuts of one number do not fill it, and one industry does not hide another."""
    searches, width, _ = value.shape
    groups, starts = np.unique(group, return_index=True)
    ends = np.append(starts[1:], len(group))
    places = np.stack([start + value[:, :, start:end].argmax(axis=2) for start, end in zip(starts, ends, strict=True)], axis=2)
    top = np.take_along_axis(value, places, axis=2).reshape(searches, -1)
    marks = np.random.default_rng(0).integers(1, 2**40, int(groups[-1]) + 1)  # a set's mark is the sum of its traits'
    of_rule = np.where(rules >= 0, marks[group[rules]], 0).sum(axis=2)
    mark = (of_rule[:, :, None] + marks[groups]).reshape(searches, -1)
    order = np.argsort(-top, axis=1, kind="stable")[:, : beam * (rules.shape[2] + 1)]
    sets = np.take_along_axis(mark, order, axis=1)
    repeated = np.tril(sets[:, :, None] == sets[:, None, :], -1).any(axis=2)
    chosen = np.take_along_axis(order, np.argsort(repeated, axis=1, kind="stable")[:, :beam], axis=1)
    row = np.arange(searches)[:, None]
    parent, own = np.divmod(chosen, len(groups))
    return parent, places[row, parent, own], top[row, chosen] > 0


def _extend(candidates, chosen, met, possible, rules, depth):
    """The chosen rules' members; a rule that gains nothing stays in the beam without any, and can win nothing."""
    parent, place, alive = chosen
    row = np.arange(len(rules))[:, None]
    own_met, own_possible = candidates.basis.rows(place)
    met = met[row, parent] & own_met & alive[:, :, None]
    possible = possible[row, parent] & own_possible & alive[:, :, None]
    rules = rules[row, parent].copy()
    rules[:, :, depth] = place
    return met, possible, rules


_tables: dict[str, np.ndarray] = {}


def _x_log_x(largest: int) -> np.ndarray:
    """k log k for k = 0 ... largest; kept, for it is the innermost step of every search."""
    table = _tables.get("x_log_x")
    if table is None or len(table) <= largest:
        k = np.arange(max(largest, 1024) + 1, dtype=float)
        table = k * np.log(np.maximum(k, 1))
        _tables["x_log_x"] = table
    return table
