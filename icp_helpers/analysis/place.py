"""Where a criterion on one trait is best placed: the edges of an interval, the levels of a set."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icp_helpers.analysis.candidates import edges_of, interval
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.search import gain, likelihood
from icp_helpers.analysis.trait_columns import TraitColumn

FINE_PARTS = 40  # edges are placed anew among this many quantiles, rounded
EDGE_COST = 1.0  # log-likelihood that a second edge of an interval must bring
LEVEL_COST = 2.0  # log-likelihood that a further level of a set must bring
UNLIKE = 1.35  # log-likelihood by which a level's rate may differ from the set's and still be of one kind (p = .1)


def cost_of(criterion: Criterion) -> float:
    """What a criterion costs beyond being one: its second edge, its further levels."""
    if criterion.op == "in":
        return LEVEL_COST * (len(criterion.value) - 1)
    return EDGE_COST if criterion.op == "between" else 0.0


@dataclass(frozen=True)
class Grid:
    """All intervals of a number between rounded edges, the same for every rule and sample.

    `order`: the known customers by value; an interval holds those from `start` to `stop` in it. An end that everybody
    meets is an open end: the first of the lows, the last of the highs.
    """

    lows: np.ndarray
    highs: np.ndarray
    order: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    allowed: np.ndarray
    cost: np.ndarray

    @classmethod
    def of(cls, column: TraitColumn) -> Grid:
        edges = edges_of(column.values, FINE_PARTS)
        lows = edges[edges > np.nanmin(column.values)]
        highs = edges[edges < np.nanmax(column.values)]
        order = np.argsort(column.values, kind="stable")  # NaN comes last
        order = order[: len(order) - int(column.missing.sum())]
        start = np.append(0, np.searchsorted(column.values[order], lows, "left"))[:, None]
        stop = np.append(np.searchsorted(column.values[order], highs, "right"), len(order))[None, :]
        below, above = (np.arange(len(lows) + 1) > 0)[:, None], (np.arange(len(highs) + 1) < len(highs))[None, :]
        return cls(lows, highs, order, start, stop, (stop > start) & (below | above), EDGE_COST * (below & above))


def best_interval(column: TraitColumn, grid: Grid, met: np.ndarray, possible: np.ndarray, sample, fewest: float) -> Criterion | None:
    """The interval with the highest gain among the customers who meet (or possibly meet) the rest of the rule; None
    where none gains anything. All pairs of edges are tried at once on cumulative counts.
    """
    counts = []
    for rows, known in ((met, False), (possible, True)):
        n, hits = sample.running(grid.order, rows)
        more = sample.counts(rows & column.missing) if known else (0, 0)
        counts += [np.where(grid.allowed, part[grid.stop] - part[grid.start], 0) + rest for part, rest in zip((n, hits), more, strict=True)]
    value = gain(*counts, *sample.totals) - grid.cost
    value = np.where(grid.allowed & (counts[0] >= fewest), value, -np.inf)
    low, high = np.unravel_index(int(np.argmax(value)), value.shape)
    if not value[low, high] > 0:
        return None
    return interval(column.name, float(grid.lows[low - 1]) if low else None, float(grid.highs[high]) if high < len(grid.highs) else None)


def best_levels(column: TraitColumn, met: np.ndarray, possible: np.ndarray, sample, fewest: float, sets: bool) -> Criterion | None:
    """The level, or the set of levels where `sets` are allowed, with the highest gain among the customers who meet (or
    possibly meet) the rest of the rule; None where none gains anything.

    The best set is a head of the levels sorted by rate (Fisher 1958); rare levels are drawn to the base rate.
    """
    total, total_hits = sample.totals
    n, hits = sample.by_level(column, met)
    maybe, maybe_hits = sample.by_level(column, possible)
    more, more_hits = sample.counts(possible & column.missing)
    order = np.argsort(-(hits + 2 * total_hits / max(total, 1)) / (n + 2), kind="stable")
    order = order[n[order] > 0]
    if not len(order):
        return None
    order = order[: _alike(n[order], hits[order]) if sets else 1]
    n, hits, maybe, maybe_hits = (np.cumsum(counts[order]) for counts in (n, hits, maybe, maybe_hits))
    value = gain(n, hits, maybe + more, maybe_hits + more_hits, total, total_hits) - LEVEL_COST * np.arange(len(order))
    value = np.where(n >= fewest, value, -np.inf)
    best = order[: int(np.argmax(value)) + 1]
    if not value.max() > 0 or len(best) == len(column.levels):
        return None
    return Criterion(column.name, "in", tuple(column.levels[place] for place in best))


def _alike(n: np.ndarray, hits: np.ndarray) -> int:
    """How many levels from the head of the list have one rate: the next one that is clearly worse ends the set, or two
    profiles would be made one."""
    for place in range(1, len(n)):
        before, before_hits = n[:place].sum(), hits[:place].sum()
        both, both_hits = before + n[place], before_hits + hits[place]
        apart = likelihood(before, before_hits) + likelihood(n[place], hits[place]) - likelihood(both, both_hits)
        if apart > UNLIKE and hits[place] * before < before_hits * n[place]:
            return place
    return len(n)
