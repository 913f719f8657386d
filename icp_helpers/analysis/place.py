"""Where a criterion on one trait is best placed: the edges of an interval, the levels of a set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from icp_helpers.analysis.candidates import edges_of, interval
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.trait_columns import TraitColumn
from icp_helpers.analysis.worth import Rest

FINE_PARTS = 40  # edges are placed anew among this many quantiles, rounded
EDGE_COST = 1.0  # log-likelihood that a second edge of an interval must bring
LEVEL_COST = 2.0  # log-likelihood that a further level of a set must bring

Placed = tuple[Criterion, float]  # a criterion, and the log-likelihood it gains less what it costs beyond being one


def cost_of(criterion: Criterion) -> float:
    """What a criterion costs beyond being one: its second edge, its further levels."""
    if criterion.op == "in":
        return LEVEL_COST * (len(criterion.value) - 1)
    return EDGE_COST if criterion.op == "between" else 0.0


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
    counts = rest.counts(grid.cells[rest.rows], grid.missing + 1)
    sums = np.cumsum(counts, axis=2)
    value = rest.gain(sums[:, :, grid.stop] - sums[:, :, grid.start], counts[:, :, -1:], grid.cost)
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


def best_levels(levels: Levels, which: Sequence[int], rest: Rest, sets: bool, prices: Sequence[float] = (0.0,)) -> Placed | None:
    """The set of levels, or without `sets` the level, of one of the columns `which` that has the highest gain less the
    column's price; None where none gains anything.

    The best set is a head of a column's levels sorted by rate (Fisher 1958); rare levels are drawn to the base rate.
    """
    if not len(which):
        return None
    shape = len(which), levels.width + 2
    counts = rest.counts(levels.cells[np.ix_(rest.rows, which)] + shape[1] * np.arange(shape[0]), shape[0] * shape[1])
    counts = counts.reshape(2, -1, *shape)
    n, hits = counts[:, 0, :, : levels.width]
    total, total_hits = rest.totals
    rate = np.where(n > 0, (hits + 2 * total_hits / max(total, 1)) / (n + 2), -1.0)
    order = np.argsort(-rate, axis=1, kind="stable")
    own = np.take_along_axis(counts[..., : levels.width], order[None, None], axis=3)
    joined = np.cumsum(own, axis=3)
    places = np.arange(levels.width)
    value = rest.gain(joined, counts[..., levels.width, None], LEVEL_COST * places + np.reshape(prices, (-1, 1)))
    value[(own[0, 0] == 0) | (not sets) & (places > 0)] = -np.inf
    best = np.argmax(value, axis=1)
    value = value[np.arange(len(which)), best]
    value[best + 1 == [len(levels.columns[place].levels) for place in which]] = -np.inf
    if not value.max() > 0:
        return None
    row = int(np.argmax(value))
    column = levels.columns[which[row]]
    return Criterion(column.name, "in", tuple(column.levels[place] for place in order[row, : best[row] + 1])), float(value[row])
