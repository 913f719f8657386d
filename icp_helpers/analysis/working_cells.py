"""One measure in four cells, inside the profile and outside, before and after: what changed inside beyond outside."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import norm
from scipy.stats import t as student

from icp_helpers.analysis.intervals import difference, wilson
from icp_helpers.analysis.kpis.comparison import p_of
from icp_helpers.analysis.kpis.surveys import nps_reading, share_reading

FEWEST = 30  # independent observations in each of the four cells
FEWEST_MONTHS = 3
FEWEST_EXPECTED = 5.0  # events, inside and in each period, below which a log-rank test is not one
CELLS = ("inside_before", "inside_after", "outside_before", "outside_after")


@dataclass(frozen=True)
class Effect:
    """The difference in differences: `change` with 95 % limits, a difference (0 is none) or a ratio (1 is none); `n` is
    that of the smallest cell. `cells` are the four values where the measure has them. Without a p there were too few."""

    n: int
    change: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    cells: tuple[float, ...] = (np.nan,) * 4


def of_shares(hits: dict[str, int], counts: dict[str, int]) -> Effect:
    """From four shares: Newcombe's limits for the change on either side, and again for the gap of the two changes.

    The p-value is the larger of two, in points and in proportion: where the shares of the two sides differ, what raises
    both by the same points moves their proportion, and what raises both in proportion moves their points.
    """
    smallest = min(counts[cell] for cell in CELLS)
    if smallest < FEWEST:
        return Effect(smallest)
    effect = _of_values({cell: (hits[cell] / counts[cell], *wilson(hits[cell], counts[cell])) for cell in CELLS}, smallest)
    return replace(effect, p=max(effect.p, p_in_proportion(hits, counts)))


def p_in_proportion(hits: dict[str, int], counts: dict[str, int]) -> float:
    """The p-value of "both sides changed by the same factor": the logarithms of the four shares (Woolf 1955, with half an
    event added to each cell for those that are empty)."""
    log = {cell: np.log((hits[cell] + 0.5) / (counts[cell] + 0.5)) for cell in CELLS}
    variance = sum(1 / (hits[cell] + 0.5) - 1 / (counts[cell] + 0.5) for cell in CELLS)
    change = log["inside_after"] - log["inside_before"] - log["outside_after"] + log["outside_before"]
    return float(2 * norm.sf(abs(change) / np.sqrt(variance))) if variance > 0 else 1.0


def of_marks(marks: dict[str, pd.Series], *, promoters: bool) -> Effect:
    """From the marks of four groups, one a customer: net promoters (-1 to 1; a point of NPS is a hundredth) or shares (0 to 1)."""
    smallest = min(len(marks[cell]) for cell in CELLS)
    if smallest < FEWEST:
        return Effect(smallest)
    read = {cell: nps_reading(marks[cell], None, 0) if promoters else share_reading(marks[cell], None, 0, "") for cell in CELLS}
    unit = 100 if promoters else 1
    return _of_values({cell: (one.value / unit, one.low / unit, one.high / unit) for cell, one in read.items()}, smallest)


def of_months(gap: pd.Series, after: np.ndarray, n: int) -> Effect:
    """From the gap of each month, in logarithms: Welch's test of the months after against those before.

    What moves both sides alike, season and growth of the market, is in no gap. Months are what is independent here.
    """
    known = np.isfinite(gap.to_numpy(float))
    before, later = gap.to_numpy(float)[known & ~after], gap.to_numpy(float)[known & after]
    if min(len(before), len(later)) < FEWEST_MONTHS or n < FEWEST:
        return Effect(n)
    parts = np.array([before.var(ddof=1) / len(before), later.var(ddof=1) / len(later)])
    error = np.sqrt(parts.sum())
    change = later.mean() - before.mean()
    if error < 1e-12:
        return Effect(n, float(np.exp(change)), float(np.exp(change)), float(np.exp(change)), 1.0)
    freedom = parts.sum() ** 2 / (parts**2 / (np.array([len(before), len(later)]) - 1)).sum()
    half = student.isf(0.025, freedom) * error
    p = 2 * student.sf(abs(change) / error, freedom)
    return Effect(n, *(float(np.exp(part)) for part in (change, change - half, change + half)), float(p))


def of_spells(before: pd.DataFrame, after: pd.DataFrame) -> Effect:
    """From spells (entry, exit: days since the start; event, inside: yes/no) under observation in two periods: a
    log-rank test of inside against outside in each, and the change of its hazard ratio (Peto's one-step estimate).

    A spell that began before the period enters at the age it had: only customers of one age are compared.
    """
    n = int(min(len(part[part["inside"] == side]) for part in (before, after) for side in (True, False)))
    logs, weights = [], []
    for part in (before, after):
        beyond, variance, expected = log_rank(part)
        if expected < FEWEST_EXPECTED or variance <= 0 or n < FEWEST:
            return Effect(n)
        logs.append(beyond / variance)
        weights.append(1 / variance)
    change, error = logs[1] - logs[0], np.sqrt(sum(weights))
    limits = (change, change - norm.isf(0.025) * error, change + norm.isf(0.025) * error)
    return Effect(n, *(float(np.exp(part)) for part in limits), float(2 * norm.sf(abs(change) / error)))


def log_rank(spells: pd.DataFrame) -> tuple[float, float, float]:
    """Events inside beyond the expected ones, their variance, and the expected ones; entry may be late (Mantel 1966)."""
    entry, leave = spells["entry"].to_numpy(float), spells["exit"].to_numpy(float)
    event, inside = spells["event"].to_numpy(bool), spells["inside"].to_numpy(bool)
    times, place = np.unique(leave[event], return_inverse=True)
    deaths = np.bincount(place, minlength=len(times))
    deaths_in = np.bincount(place, weights=inside[event], minlength=len(times))
    risk, risk_in = (_at_risk(entry[side], leave[side], times) for side in (np.ones(len(entry), bool), inside))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = risk_in / risk
        variance = deaths * share * (1 - share) * np.where(risk > 1, (risk - deaths) / (risk - 1), 0.0)
    return float((deaths_in - deaths * share).sum()), float(variance.sum()), float((deaths * share).sum())


def _at_risk(entry, leave, times) -> np.ndarray:
    return np.searchsorted(np.sort(entry), times, side="left") - np.searchsorted(np.sort(leave), times, side="left")


def _of_values(cells: dict[str, tuple[float, float, float]], n: int) -> Effect:
    inside = _change(cells["inside_after"], cells["inside_before"])
    outside = _change(cells["outside_after"], cells["outside_before"])
    change, low, high = _change(inside, outside)
    return Effect(n, change, low, high, float(p_of(change, low, high)), tuple(cells[cell][0] for cell in CELLS))


def _change(after: tuple, before: tuple) -> tuple[float, float, float]:
    return (after[0] - before[0], *difference(*after, *before))


