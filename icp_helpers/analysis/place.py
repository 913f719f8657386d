"""Where a criterion on one trait is best placed: the edges of an interval, the levels of a set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from icp_helpers.analysis.candidates import edges_of, interval
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.search import gain, likelihood
from icp_helpers.analysis.trait_columns import TraitColumn

FINE_PARTS = 40  # edges are placed anew among this many quantiles, rounded
EDGE_COST = 1.0  # log-likelihood that a second edge of an interval must bring
LEVEL_COST = 2.0  # log-likelihood that a further level of a set must bring
UNLIKE = 1.35  # log-likelihood by which a level's rate may differ from the set's and still be of one kind (p = .1)

Placed = tuple[Criterion, float]  # a criterion, and the log-likelihood it gains less what it costs beyond being one


def cost_of(criterion: Criterion) -> float:
    """What a criterion costs beyond being one: its second edge, its further levels."""
    if criterion.op == "in":
        return LEVEL_COST * (len(criterion.value) - 1)
    return EDGE_COST if criterion.op == "between" else 0.0


@dataclass(frozen=True)
class Sample:
    """What a rule is judged on: one boolean and one whole weight a customer (0: not in the sample). `known` keeps
    what was found out about it: the same rules are looked at again and again."""

    outcome: np.ndarray
    weight: np.ndarray
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
    """The customers among whom a criterion is placed: those who possibly meet the rest of its rule.

    `rows` are their places, `meets` says who surely meets it, `weight` counts them and `hits` those with the outcome;
    `totals` are the customers and hits of the whole sample, `fewest` the members that a rule must have.
    """

    rows: np.ndarray
    meets: np.ndarray
    weight: np.ndarray
    hits: np.ndarray
    totals: tuple[int, int]
    fewest: float

    def counts(self, cells: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Customers and hits in each of `count` cells, among those who meet the rest and among those who possibly do:
        two arrays 2 x count. `cells` numbers the cell of each row, or several cells a row (rows x columns)."""
        keys = (cells.T + count * self.meets).ravel()
        columns = cells.size // max(len(cells), 1)
        parts = [np.bincount(keys, np.tile(weight, columns), 2 * count) for weight in (self.weight, self.hits)]
        parts = np.rint(parts).astype(np.int64).reshape(2, 2, count)
        return parts[:, 1], parts.sum(axis=1)

    def gain(self, met: np.ndarray, possible: np.ndarray, cost: np.ndarray) -> np.ndarray:
        """What is gained by criteria that `met` meet and `possible` possibly do (customers and hits: 2 x any shape)."""
        value = gain(*met, *possible, *self.totals) - cost
        return np.where(met[0] >= self.fewest, value, -np.inf)


@dataclass(frozen=True)
class Grid:
    """All intervals of a number between rounded edges, the same for every rule and sample.

    `cells`: where each customer lies between the edges, from 1; `missing` for those whose number is not known. An
    interval is the cells beyond `start` and up to `stop`, between the edges at `low` and `high`; the first low end and
    the last high end are open.
    """

    column: TraitColumn
    lows: np.ndarray
    highs: np.ndarray
    cells: np.ndarray
    missing: int
    low: np.ndarray
    high: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    cost: np.ndarray

    @classmethod
    def of(cls, column: TraitColumn) -> Grid:
        edges = edges_of(column.values, FINE_PARTS)
        lows = edges[edges > np.nanmin(column.values)]
        highs = edges[edges < np.nanmax(column.values)]

        def cell(values):
            return 1 + np.searchsorted(lows, values, "right") + np.searchsorted(highs, values, "left")

        missing = len(lows) + len(highs) + 2
        start, stop = np.append(0, cell(lows) - 1), np.append(cell(highs), missing - 1)
        below, above = np.arange(len(start)) > 0, np.arange(len(stop)) < len(highs)
        low, high = np.nonzero((stop > start[:, None]) & (below[:, None] | above))
        cost = EDGE_COST * (below[low] & above[high])
        return cls(column, lows, highs, np.where(column.missing, missing, cell(column.values)), missing, low, high, start[low], stop[high], cost)


def best_interval(grid: Grid, rest: Rest) -> Placed | None:
    """The interval with the highest gain; None where none gains anything. All pairs of edges are tried at once."""
    met, possible = rest.counts(grid.cells[rest.rows], grid.missing + 1)
    sums = np.cumsum([met, possible], axis=2)
    inside = sums[:, :, grid.stop] - sums[:, :, grid.start]
    value = rest.gain(inside[0], inside[1] + possible[:, -1:], grid.cost)
    if not value.max(initial=0.0) > 0:
        return None
    best = int(np.argmax(value))
    low, high = int(grid.low[best]), int(grid.high[best])
    ends = float(grid.lows[low - 1]) if low else None, float(grid.highs[high]) if high < len(grid.highs) else None
    return interval(grid.column.name, *ends), float(value[best])


@dataclass(frozen=True)
class Levels:
    """All traits with levels. `cells` is customers x columns: the place of the level, then (`width`) not known, then
    rare."""

    columns: tuple[TraitColumn, ...]
    cells: np.ndarray
    width: int

    @cached_property
    def place(self) -> dict[str, int]:
        """Where each trait stands among them, by its name."""
        return {column.name: place for place, column in enumerate(self.columns)}

    @classmethod
    def of(cls, columns: Sequence[TraitColumn], customers: int) -> Levels:
        own = tuple(column for column in columns if column.kind == "levels")
        width = max((len(column.levels) for column in own), default=0)
        cells = np.array([np.where(column.values < 0, width - 1 - column.values, column.values) for column in own], dtype=int)
        return cls(own, np.ascontiguousarray(cells.reshape(len(own), customers).T), width)


def best_levels(levels: Levels, which: Sequence[int], rest: Rest, unlike: float | None) -> Placed | None:
    """The set of levels of one of the columns `which` that has the highest gain; None where none gains anything. By
    `unlike` log-likelihood may the rates of a set's levels differ; None: a single level alone.

    The best set is a head of a column's levels sorted by rate (Fisher 1958); rare levels are drawn to the base rate.
    """
    if not len(which):
        return None
    shape = len(which), levels.width + 2
    met, possible = rest.counts(levels.cells[np.ix_(rest.rows, which)] + shape[1] * np.arange(shape[0]), shape[0] * shape[1])
    met, possible = met.reshape(2, *shape), possible.reshape(2, *shape)
    n, hits = met[:, :, : levels.width]
    total, total_hits = rest.totals
    rate = np.where(n > 0, (hits + 2 * total_hits / max(total, 1)) / (n + 2), -1.0)
    order = np.argsort(-rate, axis=1, kind="stable")
    own, maybe = (np.take_along_axis(counts[:, :, : levels.width], order[None], axis=2) for counts in (met, possible))
    joined = np.cumsum(own, axis=2)
    places = np.arange(levels.width)
    value = rest.gain(joined, np.cumsum(maybe, axis=2) + possible[:, :, levels.width, None], LEVEL_COST * places)
    value[~(_alike(own, joined, unlike) if unlike else (own[0] > 0) & (places == 0))] = -np.inf
    best = np.argmax(value, axis=1)
    value = value[np.arange(len(which)), best]
    value[best + 1 == [len(levels.columns[place].levels) for place in which]] = -np.inf
    if not value.max() > 0:
        return None
    row = int(np.argmax(value))
    column = levels.columns[which[row]]
    return Criterion(column.name, "in", tuple(column.levels[place] for place in order[row, : best[row] + 1])), float(value[row])


def _alike(own: np.ndarray, joined: np.ndarray, unlike: float) -> np.ndarray:
    """Which levels from the head of each list have one rate: the first that is clearly worse than those before it ends
    the set, or two profiles would be made one. Customers and hits of each level, and summed up: 2 x columns x levels."""
    before = joined - own
    apart = likelihood(*before) + likelihood(*own) - likelihood(*joined)
    worse = (apart > unlike) & (own[1] * before[0] < before[1] * own[0])
    return ~np.logical_or.accumulate(worse, axis=1) & (own[0] > 0)
