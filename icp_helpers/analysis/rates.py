"""How often the outcome is met inside a group and outside it, counted on customers whom the rule has not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icp_helpers.analysis import intervals


@dataclass(frozen=True)
class Rates:
    """Counts: `hits` of `customers` inside; `total_hits` of `total` among everybody, the group included.

    Shares and lifts are NaN where there is nobody to count; intervals are 95 % (Wilson; Donner and Zou for the lift).
    """

    customers: int
    hits: int
    total: int
    total_hits: int

    @classmethod
    def of(cls, inside: np.ndarray, outcome: np.ndarray, among: np.ndarray | None = None) -> Rates:
        """The counts of a group among all customers, or among those `among` them."""
        among = np.ones(len(outcome), bool) if among is None else among
        return cls(int((inside & among).sum()), int((inside & outcome & among).sum()), int(among.sum()), int((outcome & among).sum()))

    @property
    def share(self) -> float:
        return _share(self.hits, self.customers)

    @property
    def share_interval(self) -> tuple[float, float]:
        return intervals.wilson(self.hits, self.customers)

    @property
    def rest_share(self) -> float:
        return _share(self.total_hits - self.hits, self.total - self.customers)

    @property
    def rest_interval(self) -> tuple[float, float]:
        return intervals.wilson(self.total_hits - self.hits, self.total - self.customers)

    @property
    def lift(self) -> float:
        base = _share(self.total_hits, self.total)
        return self.share / base if base > 0 else float("nan")

    @property
    def lift_interval(self) -> tuple[float, float]:
        return intervals.lift(self.hits, self.customers, self.total_hits, self.total)

    @property
    def coverage(self) -> float:
        return _share(self.customers, self.total)

    def to_dict(self) -> dict:
        """Plain numbers for icp.yml: `{customers, lift, lift_interval}`."""
        return {"customers": self.customers, "lift": _plain(self.lift), "lift_interval": [_plain(end) for end in self.lift_interval]}


def _share(hits: int, n: int) -> float:
    return hits / n if n else float("nan")


def _plain(value: float) -> float | None:
    return round(float(value), 3) if np.isfinite(value) else None
