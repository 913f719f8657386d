"""Time until something happens, where for some it has not happened yet: Kaplan and Meier (1958).

A lead that was lost, or a customer that left before reaching value, stays at risk until today: its waiting could have
been observed until then, so the curve of "has happened by age t" is that of the share of *all* who ever get there
(Fine and Gray 1999), and not of a world in which nobody is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm


@dataclass(frozen=True)
class Curve:
    """Kaplan-Meier at the event times: share for whom it has not happened, and Greenwood's sum for its variance."""

    times: np.ndarray
    survival: np.ndarray
    greenwood: np.ndarray
    at_risk: np.ndarray
    n: int
    longest: float  # the longest follow-up, event or not

    def at(self, t) -> np.ndarray:
        """The share for whom it has not happened by time t; carried forward beyond the last follow-up."""
        return np.concatenate([[1.0], self.survival])[np.searchsorted(self.times, t, side="right")]

    def limits(self, t: float, confidence: float = 0.95) -> tuple[float, float]:
        """The log-log limits of `at(t)`."""
        low, high = self._bands(confidence)
        place = int(np.searchsorted(self.times, t, side="right"))
        return (1.0, 1.0) if place == 0 else (float(low[place - 1]), float(high[place - 1]))

    def quantile(self, share: float) -> float:
        """The first time by which at least `share` have got there; NaN where so many have not."""
        return self._first(self.survival <= 1 - share + 1e-12)

    def quantile_limits(self, share: float, confidence: float = 0.95) -> tuple[float, float]:
        """Brookmeyer and Crowley (1982) on the log-log band; NaN where the curve does not go that far."""
        low, high = self._bands(confidence)
        return self._first(low <= 1 - share + 1e-12), self._first(high <= 1 - share + 1e-12)

    def steps(self, smallest: int) -> Curve:
        """The curve as it may be drawn: a step only after `smallest` further events, and none where fewer are at risk, so
        that no step tells of a single customer. The values at the steps that stay are those of the whole curve."""
        before = np.concatenate([[1.0], self.survival[:-1]])
        events = np.rint(self.at_risk * (1 - self.survival / np.where(before > 0, before, 1.0)))
        kept, since = np.zeros(len(events), dtype=bool), 0.0
        for place in np.flatnonzero(self.at_risk >= smallest):
            since += events[place]
            if since >= smallest:
                kept[place], since = True, 0.0
        return Curve(self.times[kept], self.survival[kept], self.greenwood[kept], self.at_risk[kept], self.n, self.longest)

    def _first(self, reached: np.ndarray) -> float:
        return float(self.times[np.argmax(reached)]) if reached.any() else np.nan

    def _bands(self, confidence: float) -> tuple[np.ndarray, np.ndarray]:
        z = norm.isf((1 - confidence) / 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(self.survival)
            width = np.exp(z * np.sqrt(self.greenwood) / -log)
            low, high = self.survival**width, self.survival ** (1 / width)
        ended = self.survival <= 0  # everyone has got there: the band's last value stands
        if ended.any() and len(low) > 1:
            low[-1], high[-1] = 0.0, high[-2]
        return np.nan_to_num(low, nan=0.0), np.nan_to_num(high, nan=1.0)


def kaplan_meier(duration, happened) -> Curve:
    """The curve from waiting times (>= 0) and whether the wait ended in the event."""
    duration, happened = np.asarray(duration, dtype=float), np.asarray(happened, dtype=bool)
    times, events = np.unique(duration[happened], return_counts=True)
    at_risk = len(duration) - np.searchsorted(np.sort(duration), times, side="left")
    with np.errstate(divide="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events).astype(float)))
    return Curve(times, np.cumprod(1 - events / np.maximum(at_risk, 1)), greenwood, at_risk, len(duration),
                 float(duration.max()) if len(duration) else 0.0)
