"""Worlds whose KPIs are known before a row is drawn: each function gives tables and what the KPI truly is.

`n` is the number of independent observations that the KPI's interval rests on, or nearly so where chance decides it.
All worlds end on TODAY, and start, wait and buy with the heterogeneity that misleads the usual formulas.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd

from icp_helpers.analysis.kpis.repeat import RepeatBuying

TODAY = pd.Timestamp("2026-06-30")
MONTH = 365.25 / 12  # days
LAG = 60  # mean days from lead to the next stage
SHOP = RepeatBuying(0.6, 8.0, 0.8, 2.5, 0.0)


def market(**changes) -> SimpleNamespace:
    """What the KPIs need of a market."""
    economics = SimpleNamespace(margin_rate=0.4, discount_rate=0.08, horizon_months=36)
    return SimpleNamespace(**{"kind": "b2b", "as_of": TODAY.date(), "currency": "DKK", "timezone": "Europe/Copenhagen",
                              "value_event": "export", "seed": 1, "economics": economics} | changes)


def ago(days) -> pd.DatetimeIndex:
    return TODAY - pd.to_timedelta(np.floor(days), "D")


def ids(n: int) -> np.ndarray:
    return np.arange(n).astype(str).astype(object)


def lead_world(rng, n: int, reached: str = "mql_on", rate: float = 0.3) -> tuple[dict, float]:
    """Leads over 1,000 days, a part of which reach a stage after a gamma lag; the part that ever will."""
    created = ago(rng.integers(0, 1000, n))
    day = pd.Series(created + pd.to_timedelta(np.floor(rng.gamma(1.5, LAG / 1.5, n)), "D"))
    day = day.where((rng.random(n) < rate) & (day <= TODAY))
    entered = "mql_on" if reached == "sql_on" else "created_on"
    leads = pd.DataFrame({"lead_id": ids(n), "created_on": created, entered: created, reached: day})
    return {"leads": leads}, rate


def nps_world(rng, n: int) -> tuple[dict, float]:
    """Accounts with one to four persons who answer alike: an account leans to a side, its persons vary about it."""
    lean, people = rng.choice([0, 1, 2], n, p=[0.25, 0.3, 0.45]), rng.integers(1, 5, n)
    account = np.repeat(np.arange(n), people)
    side = np.where(rng.random(len(account)) < 0.7, lean[account], rng.choice([0, 1, 2], len(account), p=[0.25, 0.3, 0.45]))
    surveys = pd.DataFrame({"customer_id": ids(n)[account], "respondent_id": ids(len(account)), "asked_on": ago(rng.integers(0, 360, len(account))),
                            "kind": "nps", "score": np.array([3, 8, 10])[side], "scale_max": 10})
    return {"surveys": surveys}, 20.0


def cx_world(rng, n: int) -> tuple[dict, float]:
    """Accounts that differ in how content they are, with one to five answers each."""
    content, answers = rng.beta(4, 2, n), rng.integers(1, 6, n)
    account = np.repeat(np.arange(n), answers)
    surveys = pd.DataFrame({"customer_id": ids(n)[account], "asked_on": ago(rng.integers(0, 360, len(account))), "kind": "csat",
                            "score": np.where(rng.random(len(account)) < content[account], 5, 2), "scale_max": 5})
    return {"surveys": surveys}, 4 / 6


def churn_world(rng, n: int) -> tuple[dict, float]:
    """Contracts with a constant hazard of .05 a month: what part is lost in the 91 days of the second quarter of 2026."""
    start = ago(rng.integers(95, 1000, n))
    life = np.ceil(rng.exponential(MONTH / 0.05, n))
    end = pd.Series(start + pd.to_timedelta(life, "D"))
    return {"subscriptions": _contracts(start, end)}, 1 - np.exp(-0.05 * 91 / MONTH)


def aov_world(rng, n: int) -> tuple[dict, float]:
    """Skewed orders, a few a customer, and customers who differ in size."""
    orders = rng.poisson(1.5, n) + 1
    who = np.repeat(np.arange(n), orders)
    amount = rng.lognormal(0, 0.8, len(who)) * rng.lognormal(0, 0.4, n)[who]
    return {"orders": pd.DataFrame({"order_id": ids(len(who)), "customer_id": ids(n)[who], "ordered_at": ago(rng.integers(0, 360, len(who))),
                                    "amount": 1000 * amount})}, 1000 * np.exp(0.4)


def value_world(rng, n: int, days: int = 360) -> tuple[dict, float]:
    """Customers who started over `days` and reach value after a gamma wait (a sixth never), many not yet."""
    start = ago(rng.integers(0, days, n))
    wait = np.where(rng.random(n) < 5 / 6, np.floor(rng.gamma(1.3, 40, n)), np.inf)
    at = pd.Series(start + pd.to_timedelta(np.minimum(wait, 40_000), "D"))
    tables = {"customers": pd.DataFrame({"customer_id": ids(n), "acquired_on": start}),
              "usage": pd.DataFrame({"customer_id": ids(n), "at": at, "event": "export"})[at <= TODAY]}
    return tables, VALUE_MEDIAN


def _value_median() -> float:
    waits = np.floor(np.random.default_rng(0).gamma(1.3, 40, 10**6))
    return float(np.quantile(waits, 0.5 / (5 / 6)))


VALUE_MEDIAN = _value_median()


def cost_world(rng, n: int, invoices: bool = False) -> tuple[dict, float]:
    """Two channels, a year of spend that varies from week to week and leads that follow it loosely; what a lead costs."""
    first = pd.Timestamp("2025-07-01")
    weeks = pd.date_range(first, TODAY, freq="7D")
    busy = rng.gamma(20, 1 / 20, (len(weeks), 2))
    spend = np.array([6000.0, 3000.0]) * busy * rng.gamma(30, 1 / 30, (len(weeks), 2))
    leads = rng.poisson(busy * n / len(weeks) / 2)
    days = np.minimum(weeks[np.repeat(np.arange(len(weeks)), leads.sum(axis=1))] + pd.to_timedelta(rng.integers(0, 7, leads.sum()), "D"), TODAY)
    channel = np.concatenate([np.repeat(["search", "fair"], pair) for pair in leads])
    paid = pd.DataFrame({"date": np.tile(weeks, 2), "channel": np.repeat(["search", "fair"], len(weeks)), "amount": spend.T.ravel()})
    if invoices:
        paid = paid.groupby([paid["date"].dt.to_period("M").dt.start_time, "channel"])["amount"].sum().reset_index()
    return {"spend": paid, "leads": pd.DataFrame({"lead_id": ids(len(days)), "created_on": days, "channel": channel})}, 9000 * len(weeks) / n


def contract_world(rng, n: int, mean: float = 20.0, shape: float = 0.8, days: int = 1400) -> tuple[dict, float]:
    """Contracts whose monthly hazards differ (gamma, so the loyal remain); the discounted margin of 36 months."""
    start = ago(rng.integers(0, days, n))
    life = rng.exponential(1 / rng.gamma(shape, 1 / (shape * mean), n)) * MONTH
    end = pd.Series(start + pd.to_timedelta(np.minimum(np.ceil(life), 40_000), "D"))
    months = np.arange(36)
    true = 0.4 * np.exp(6.125) * ((1 + months / (shape * mean)) ** -shape / 1.08 ** (months / 12)).sum()
    return {"subscriptions": _contracts(start, end).assign(monthly_amount=rng.lognormal(6, 0.5, n))}, true


def _contracts(start, end: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": ids(len(end)), "started_on": start, "ended_on": end.where(end <= TODAY)})


def shop_world(rng, n: int, model: RepeatBuying = SHOP, weeks: int = 150) -> tuple[dict, float]:
    """Orders without contracts, by BG/NBD and Gamma-Gamma; the discounted margin of 36 months."""
    rate, leave, scale = rng.gamma(model.r, 1 / model.alpha, n), rng.beta(model.a, model.b, n), rng.gamma(4, 1 / 15, n)
    seen = rng.uniform(0, weeks * 7, n)
    who, day = _visits(rng, rate, leave, seen)
    orders = pd.DataFrame({"order_id": ids(len(who)), "customer_id": ids(n)[who], "ordered_at": ago(np.floor(seen[who] - day)),
                           "amount": rng.gamma(6, 1 / scale[who])})
    months = np.arange(37)
    repeats = np.diff(model.expected(months * MONTH / 7))
    return {"orders": orders}, 0.4 * 30 * (1 + (repeats / 1.08 ** ((months[:-1] + 0.5) / 12)).sum())


def _visits(rng, rate, leave, seen) -> tuple[np.ndarray, np.ndarray]:
    """Who buys on which day since the first purchase; after each repeat purchase some leave for good."""
    who = here = np.arange(len(rate))
    days = at = np.zeros(len(rate))
    while len(here):
        at = at + rng.exponential(1 / rate[here]) * 7
        bought = at <= seen[here]
        here, at = here[bought], at[bought]
        who, days = np.concatenate([who, here]), np.concatenate([days, at])
        stays = rng.random(len(here)) >= leave[here]
        here, at = here[stays], at[stays]
    return who, days


def null_world(rng, n: int = 600) -> tuple[dict, np.ndarray, np.ndarray]:
    """A firm from which all ten KPIs can be read, and a third of its customers and leads, drawn by lot."""
    tables = {**nps_world(rng, n)[0], **aov_world(rng, n)[0], **value_world(rng, n)[0], **contract_world(rng, n)[0], **cost_world(rng, 2 * n)[0]}
    tables["surveys"] = pd.concat([tables["surveys"], cx_world(rng, n)[0]["surveys"]], ignore_index=True)
    leads = tables["leads"]
    day, part = leads["created_on"], np.ones(len(leads), dtype=bool)
    for stage, rate in (("mql_on", 0.5), ("sql_on", 0.6), ("won_on", 0.6)):
        part = part & (rng.random(len(leads)) < rate)
        day = day + pd.to_timedelta(np.floor(rng.exponential(12, len(leads))), "D")
        leads[stage] = day.where(part & (day <= TODAY))
    return tables, rng.random(n) < 1 / 3, rng.random(len(leads)) < 1 / 3
