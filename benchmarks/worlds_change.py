"""A firm whose sales, leads, answers and losses follow a known rule, before and after a day; all ten measures of "is it
working" can be read from it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd

AS_OF = pd.Timestamp("2026-06-30")
ROLLOUT = pd.Timestamp("2026-01-01")
DAY = dt.date(2025, 6, 30)
START = AS_OF - pd.Timedelta(days=910)
MARKET = SimpleNamespace(kind="b2b", as_of=AS_OF.date(), currency="DKK", timezone="Europe/Copenhagen", value_event="export", seed=1,
                         rollout=SimpleNamespace(started_on=ROLLOUT.date()),
                         economics=SimpleNamespace(margin_rate=0.4, discount_rate=0.08, horizon_months=36))


def make_world(seed: int, *, customers: int = 500, leads: int = 5000, lift: float = 1.0, hazard: float = 1.0, wins: float = 1.0, growth: float = 1.3,
               since: pd.Timestamp = ROLLOUT) -> tuple[dict, np.ndarray, np.ndarray]:
    """Tables of a firm, and which customers and which leads are inside the profile (a quarter).

    Members buy, and are won, twice as often as others all along. After `since` everybody buys `growth` times as much and
    is won that much more often; members buy `lift` times, leave `hazard` times and are won `wins` times as much as that.
    """
    rng = np.random.default_rng(seed)
    inside = rng.random(customers) < 0.25
    ids = np.array([f"C{number:04}" for number in range(customers)], dtype=object)
    came = START + pd.to_timedelta(rng.integers(0, 900, customers), "D")
    left = _losses(rng, came, inside, hazard, since)
    lead_table, met = _leads(rng, leads, wins, growth, since)
    tables = {
        "customers": pd.DataFrame({"customer_id": ids, "acquired_on": came, "left_on": left, "industry": np.where(inside, "a", "b")}),
        "orders": _orders(rng, ids, came, left, inside, lift, growth, since), "leads": lead_table, "spend": _spend(rng, growth, since),
        "surveys": _surveys(rng, ids, 8 * customers), "usage": _usage(rng, ids, came)}
    return tables, inside, met


def _losses(rng, came, inside, hazard, since) -> pd.Series:
    """A constant rate of leaving, times `hazard` for members from `since` on."""
    wait = rng.exponential(900, len(came))
    left = pd.Series(came) + pd.to_timedelta(np.ceil(wait), "D")
    again = np.maximum(pd.Series(came), since) + pd.to_timedelta(np.ceil(rng.exponential(900 / hazard, len(came))), "D")
    left = left.where(~inside | (left < since), again)
    return left.where(left <= AS_OF)


def _orders(rng, ids, came, left, inside, lift, growth, since) -> pd.DataFrame:
    """Each customer at her own rate, by a season that all share."""
    months = pd.date_range(START.to_period("M").start_time, AS_OF, freq="MS")
    late = (months >= since)[None, :]
    rate = 0.6 * rng.lognormal(0, 0.5, len(ids))[:, None] * np.where(inside, 2.0, 1.0)[:, None]
    rate = rate * (1 + 0.3 * np.sin(np.arange(len(months))))[None, :]
    rate = rate * np.where(late, growth, 1.0) * np.where(late & inside[:, None], lift, 1.0)
    who, month = np.nonzero(counts := rng.poisson(rate))
    who, month = np.repeat(who, counts[who, month]), np.repeat(month, counts[who, month])
    day = months[month] + pd.to_timedelta(rng.integers(0, 28, len(who)), "D")
    there = (day >= came[who]) & (day <= AS_OF) & ~(day > pd.DatetimeIndex(left)[who])
    return pd.DataFrame({"order_id": np.arange(there.sum()).astype(str), "customer_id": ids[who[there]], "ordered_at": day[there],
                         "amount": np.round(1000 * rng.lognormal(0, 0.6, int(there.sum())), 2)})


def _leads(rng, count, wins, growth, since) -> tuple[pd.DataFrame, np.ndarray]:
    """Leads that go from stage to stage after a week or two each; a member's wins are twice another's all along."""
    inside = rng.random(count) < 0.25
    created = START + pd.to_timedelta(rng.integers(0, 910, count), "D")
    late = created >= since
    stages, part = {}, np.ones(count, dtype=bool)
    day = pd.Series(created)
    better = np.where(inside, 1.4, 1.0) * np.where(late, np.sqrt(growth), 1.0)
    for stage, rate in (("mql_on", 0.35 * better), ("sql_on", 0.5), ("won_on", 0.4 * better * np.where(late & inside, wins, 1.0))):
        part = part & (rng.random(count) < rate)
        day = day + pd.to_timedelta(np.floor(rng.exponential(10, count)), "D")
        stages[stage] = day.where(part & (day <= AS_OF))
    leads = pd.DataFrame({"lead_id": np.arange(count).astype(str), "created_on": created, "channel": rng.choice(["search", "fair"], count)} | stages)
    return leads, inside


def _spend(rng, growth, since) -> pd.DataFrame:
    weeks = pd.date_range(START, AS_OF, freq="7D")
    amount = np.where(weeks >= since, growth, 1.0)[:, None] * np.array([6000.0, 3000.0]) * rng.gamma(20, 1 / 20, (len(weeks), 2))
    return pd.DataFrame({"date": np.repeat(weeks, 2), "channel": np.tile(["search", "fair"], len(weeks)), "amount": amount.ravel()})


def _surveys(rng, ids, count) -> pd.DataFrame:
    nps = rng.random(count) < 0.5
    return pd.DataFrame({"customer_id": rng.choice(ids, count), "asked_on": START + pd.to_timedelta(rng.integers(0, 910, count), "D"),
                         "kind": np.where(nps, "nps", "csat"), "scale_max": np.where(nps, 10, 5),
                         "score": np.where(nps, rng.choice([10, 8, 3], count), rng.choice([5, 4, 2], count))})


def _usage(rng, ids, came) -> pd.DataFrame:
    """The first value of each customer, six weeks after the start on average."""
    at = came + pd.to_timedelta(np.floor(rng.exponential(42, len(ids))), "D")
    return pd.DataFrame({"customer_id": ids, "at": at, "event": "export"})[at <= AS_OF]
