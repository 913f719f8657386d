"""Worlds for the tests of change: firms whose sales, answers and losses follow a known rule, before and after a day."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd

AS_OF = pd.Timestamp("2026-06-30")
ROLLOUT = pd.Timestamp("2026-01-01")
MARKET = SimpleNamespace(kind="b2b", as_of=AS_OF.date(), currency="DKK", timezone="Europe/Copenhagen", value_event="export", seed=1,
                         rollout=SimpleNamespace(started_on=ROLLOUT.date()),
                         economics=SimpleNamespace(margin_rate=0.4, discount_rate=0.08, horizon_months=36))


def make_world(seed: int, *, customers: int = 500, lift: float = 1.0, hazard: float = 1.0, growth: float = 1.3,
               since: pd.Timestamp = ROLLOUT) -> tuple[dict, np.ndarray]:
    """Tables of a firm, and who is inside the profile (a quarter). Members buy twice as much as others all along; after
    `since` everybody buys `growth` times as much, and members `lift` times that; their losses are `hazard` times as many."""
    rng = np.random.default_rng(seed)
    start = AS_OF - pd.Timedelta(days=910)
    came = start + pd.to_timedelta(rng.integers(0, 800, customers), "D")
    inside = rng.random(customers) < 0.25
    left = _losses(rng, came, inside, hazard, since)
    ids = np.array([f"C{number:04}" for number in range(customers)], dtype=object)
    months = pd.date_range(start.to_period("M").start_time, AS_OF, freq="MS")
    own = rng.lognormal(0, 0.5, customers)
    rate = 0.6 * own[:, None] * np.where(inside, 2.0, 1.0)[:, None] * (1 + 0.3 * np.sin(np.arange(len(months))))[None, :]
    late = (months >= since)[None, :]
    rate = rate * np.where(late, growth, 1.0) * np.where(late & inside[:, None], lift, 1.0)
    who, month = np.nonzero(counts := rng.poisson(rate))
    who, month = np.repeat(who, counts[who, month]), np.repeat(month, counts[who, month])
    day = months[month] + pd.to_timedelta(rng.integers(0, 28, len(who)), "D")
    there = (day >= came[who]) & (day <= AS_OF) & ~(day > pd.DatetimeIndex(left)[who])
    orders = pd.DataFrame({"order_id": np.arange(there.sum()).astype(str), "customer_id": ids[who[there]], "ordered_at": day[there],
                           "amount": np.round(1000 * rng.lognormal(0, 0.6, int(there.sum())), 2)})
    asked = rng.integers(0, 900, 1200)
    surveys = pd.DataFrame({"customer_id": rng.choice(ids, 1200), "asked_on": start + pd.to_timedelta(asked, "D"),
                            "kind": rng.choice(["nps", "csat"], 1200), "score": 0, "scale_max": 0})
    nps = (surveys["kind"] == "nps").to_numpy()
    surveys["score"] = np.where(nps, rng.choice([10, 8, 3], 1200), rng.choice([5, 4, 2], 1200))
    surveys["scale_max"] = np.where(nps, 10, 5)
    tables = {"customers": pd.DataFrame({"customer_id": ids, "acquired_on": came, "left_on": left, "industry": np.where(inside, "a", "b")}),
              "orders": orders, "surveys": surveys}
    return tables, inside


def _losses(rng, came, inside, hazard, since) -> pd.Series:
    """A constant rate of leaving, times `hazard` for members from `since` on."""
    wait = rng.exponential(900, len(came))
    left = pd.Series(came) + pd.to_timedelta(np.ceil(wait), "D")
    again = np.maximum(pd.Series(came), since) + pd.to_timedelta(np.ceil(rng.exponential(900 / hazard, len(came))), "D")
    left = left.where(~inside | (left < since), again)
    return left.where(left <= AS_OF)


def moved(tables: dict, **columns) -> dict:
    """The same tables with columns of the customers replaced."""
    return tables | {"customers": tables["customers"].assign(**columns)}


DAY = dt.date(2025, 6, 30)
