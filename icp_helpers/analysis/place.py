"""Where a criterion on one trait is best placed: the edges of an interval, the levels of a set."""

from __future__ import annotations

import numpy as np

from icp_helpers.analysis.candidates import edges_of, interval
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.search import gain
from icp_helpers.analysis.trait_columns import TraitColumn

FINE_PARTS = 40  # edges are placed anew among this many quantiles, rounded
EDGE_COST = 1.0  # log-likelihood that a second edge of an interval must bring
LEVEL_COST = 2.0  # log-likelihood that a further level of a set must bring


def cost_of(criterion: Criterion) -> float:
    """What a criterion costs beyond being one: its second edge, its further levels."""
    if criterion.op == "in":
        return LEVEL_COST * (len(criterion.value) - 1)
    return EDGE_COST if criterion.op == "between" else 0.0


def best_interval(column: TraitColumn, within: np.ndarray, sample, fewest: float) -> Criterion | None:
    """The interval with the highest gain among the customers `within`; None where none gains anything.

    All pairs of rounded edges are tried at once on cumulative counts.
    """
    total, total_hits = sample.totals
    known = within & ~np.isnan(column.values)
    order = np.argsort(column.values[known], kind="stable")
    values, weight = column.values[known][order], sample.weight[known][order]
    edges = edges_of(column.values, FINE_PARTS)
    n_upto = np.append(0, np.cumsum(weight))
    hits_upto = np.append(0, np.cumsum(weight * sample.outcome[known][order]))
    start = np.append(0, np.searchsorted(values, edges, "left"))[:, None]  # the open end first
    stop = np.append(np.searchsorted(values, edges, "right"), len(values))[None, :]  # the open end last
    closed = (np.arange(len(edges) + 1) > 0)[:, None], (np.arange(len(edges) + 1) < len(edges))[None, :]
    n, hits = n_upto[stop] - n_upto[start], hits_upto[stop] - hits_upto[start]
    allowed = (stop > start) & (n >= fewest) & (closed[0] | closed[1])
    value = gain(np.where(allowed, n, 0), np.where(allowed, hits, 0), total, total_hits) - EDGE_COST * (closed[0] & closed[1])
    value = np.where(allowed, value, -np.inf)
    low, high = np.unravel_index(int(np.argmax(value)), value.shape)
    if not value[low, high] > 0:
        return None
    return interval(column.name, float(edges[low - 1]) if low else None, float(edges[high]) if high < len(edges) else None)


def best_levels(column: TraitColumn, within: np.ndarray, sample, fewest: float) -> Criterion | None:
    """The set of levels with the highest gain among the customers `within`; None where none gains anything.

    The best set is always a head of the levels sorted by rate (Fisher 1958); rare levels are drawn to the base rate.
    """
    total, total_hits = sample.totals
    known = within & (column.values >= 0)
    codes, weight = column.values[known], sample.weight[known]
    n = np.bincount(codes, weights=weight, minlength=len(column.levels))
    hits = np.bincount(codes, weights=weight * sample.outcome[known], minlength=len(column.levels))
    order = np.argsort(-(hits + 2 * total_hits / max(total, 1)) / (n + 2), kind="stable")
    order = order[n[order] > 0]
    n, hits = np.cumsum(n[order]), np.cumsum(hits[order])
    value = np.where(n >= fewest, gain(n, hits, total, total_hits) - LEVEL_COST * np.arange(len(order)), -np.inf)
    if not value.max(initial=-np.inf) > 0:
        return None
    best = order[: int(np.argmax(value)) + 1]
    return Criterion(column.name, "in", tuple(column.levels[place] for place in best)) if len(best) < len(column.levels) else None
