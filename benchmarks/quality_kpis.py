"""How near the KPIs come to truths that are known, and how far the usual formulas are from them."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
from quality import Row

from icp_helpers.analysis.kpis import by_measuring_point, compute_kpis
from icp_helpers.analysis.kpis.repeat import RepeatBuying

TODAY = pd.Timestamp("2026-06-30")
MARKET = SimpleNamespace(kind="b2c", as_of=dt.date(2026, 6, 30), currency="DKK", timezone="Europe/Copenhagen", value_event="export", seed=1,
                         economics=SimpleNamespace(margin_rate=0.4, discount_rate=0.08, horizon_months=36))
SHOP = RepeatBuying(0.6, 8.0, 0.8, 2.5, 0.0)
MQL_RATE, WON_LAG = 0.3, 60


def rows(seed: int, runs: int) -> list[Row]:
    worlds = [np.random.default_rng([seed, run]) for run in range(runs)]
    return [*_leads(worlds), *_waits(worlds), _contracts(worlds), _shops(worlds), *_coverage(seed, 10 * runs), _false_levels(worlds)]


def _value(tables, kpi):
    found = compute_kpis(tables, MARKET, kpis=[kpi])
    return found.iloc[0]


def _ago(days):
    return TODAY - pd.to_timedelta(np.floor(days), "D")


def leads_of(rng, n=4000, rate=MQL_RATE) -> pd.DataFrame:
    created = _ago(rng.integers(0, 1000, n))
    mql = pd.Series(created + pd.to_timedelta(np.floor(rng.gamma(1.5, WON_LAG / 1.5, n)), "D"))
    mql = mql.where((rng.random(n) < rate) & (mql <= TODAY))
    return pd.DataFrame({"lead_id": np.arange(n).astype(str), "created_on": created, "mql_on": mql})


def _leads(worlds) -> list[Row]:
    ours, naive = [], []
    for rng in worlds:
        leads = leads_of(rng)
        ours.append(_value({"leads": leads}, "lead_to_mql")["value"])
        naive.append(leads.loc[leads["created_on"] > TODAY - pd.Timedelta(days=30), "mql_on"].notna().mean())
    return [Row("lead to MQL, points off the truth", f"{100 * (np.mean(ours) - MQL_RATE):+.1f}", "within 2", "within 1", len(worlds)),
            Row("  the newest cohort, points off", f"{100 * (np.mean(naive) - MQL_RATE):+.1f}", "(naive)", "", len(worlds))]


def _waits(worlds) -> list[Row]:
    ours, naive = [], []
    for rng in worlds:
        start, wait = _ago(rng.integers(0, 80, 2000)), np.floor(rng.gamma(1.3, 40, 2000))
        at, ids = pd.Series(start + pd.to_timedelta(wait, "D")), np.arange(2000).astype(str)
        done = at <= TODAY
        tables = {"customers": pd.DataFrame({"customer_id": ids, "acquired_on": start}),
                  "usage": pd.DataFrame({"customer_id": ids, "at": at, "event": "export"})[done]}
        true = np.median(np.floor(rng.gamma(1.3, 40, 10**5)))
        ours.append(_value(tables, "time_to_value")["value"] / true - 1)
        naive.append(np.median(wait[done]) / true - 1)
    return [Row("time to value, off the true median", f"{np.mean(ours):+.1%}", "within 5 %", "within 2 %", len(worlds)),
            Row("  median of those who got there", f"{np.mean(naive):+.1%}", "(naive)", "", len(worlds))]


def _contracts(worlds) -> Row:
    errors = []
    for rng in worlds:
        start, life = _ago(rng.integers(0, 900, 2000)), rng.exponential(1 / rng.gamma(0.8, 1 / 16, 2000)) * 365.25 / 12
        end = pd.Series(start + pd.to_timedelta(np.minimum(np.ceil(life), 40_000), "D"))
        frame = pd.DataFrame({"customer_id": np.arange(2000).astype(str), "started_on": start, "ended_on": end.where(end <= TODAY),
                              "monthly_amount": rng.lognormal(6, 0.5, 2000)})
        months = np.arange(36)
        true = 0.4 * np.exp(6.125) * ((1 + months / 16) ** -0.8 / 1.08 ** (months / 12)).sum()
        errors.append(_value({"subscriptions": frame}, "ltv")["value"] / true - 1)
    return Row("LTV with contracts, mean error (largest)", f"{np.mean(errors):+.1%} ({np.abs(errors).max():.1%})", "within 10 %", "within 5 %", len(worlds))


def _shops(worlds) -> Row:
    errors = [_value({"orders": orders_of(rng)}, "ltv")["value"] / _shop_truth() - 1 for rng in worlds[:10]]
    return Row("LTV without contracts, mean error (largest)", f"{np.mean(errors):+.1%} ({np.abs(errors).max():.1%})", "within 10 %", "within 5 %", len(errors))


def orders_of(rng, n=2000) -> pd.DataFrame:
    rate, leave, scale = rng.gamma(SHOP.r, 1 / SHOP.alpha, n), rng.beta(SHOP.a, SHOP.b, n), rng.gamma(4, 1 / 15, n)
    seen, lines = rng.uniform(0, 1050, n), []
    for i in range(n):
        day, again = 0.0, False
        while day <= seen[i]:
            lines.append((str(i), TODAY - pd.Timedelta(days=int(seen[i] - day)), rng.gamma(6, 1 / scale[i])))
            if again and rng.random() < leave[i]:
                break
            day, again = day + rng.exponential(1 / rate[i]) * 7, True
    return pd.DataFrame(lines, columns=["customer_id", "ordered_at", "amount"]).assign(order_id=lambda f: f.index.astype(str))


def _shop_truth() -> float:
    months = np.arange(37)
    repeats = np.diff(SHOP.expected(months * 365.25 / 12 / 7))
    return 0.4 * 30 * (1 + (repeats / 1.08 ** ((months[:-1] + 0.5) / 12)).sum())


def _coverage(seed: int, runs: int) -> list[Row]:
    """How often the limits hold the truth; small samples, for large ones are easy."""
    found = {"lead_to_mql": [], "nps": [], "aov": []}
    for run in range(runs):
        rng = np.random.default_rng([seed, 7, run])
        early = leads_of(rng, 120)
        early["created_on"], early["mql_on"] = early["created_on"] - pd.Timedelta(days=400), early["mql_on"] - pd.Timedelta(days=400)
        score = rng.choice([10, 8, 3], 60, p=[0.5, 0.3, 0.2])
        people = np.arange(60).astype(str)
        surveys = pd.DataFrame({"customer_id": people, "asked_on": "2026-05-01", "kind": "nps", "score": score, "scale_max": 10})
        times = rng.poisson(1.5, 60) + 1
        amounts = rng.lognormal(0, 0.8, times.sum()) * np.repeat(rng.lognormal(0, 0.4, 60), times)
        orders = pd.DataFrame({"order_id": np.arange(times.sum()).astype(str), "customer_id": np.repeat(people, times),
                               "ordered_at": "2026-04-01", "amount": amounts})
        for kpi, tables, true in (("lead_to_mql", {"leads": early}, MQL_RATE), ("nps", {"surveys": surveys}, 30.0),
                                  ("aov", {"orders": orders}, np.exp(0.4))):
            line = _value(tables, kpi)
            found[kpi].append(line["low"] <= true <= line["high"])
    return [Row(f"coverage of the 95 % limits: {kpi}", f"{np.mean(hits):.3f}", ".90-.98", ".93-.97", runs) for kpi, hits in found.items()]


def _false_levels(worlds) -> Row:
    false = 0
    for rng in worlds:
        leads = leads_of(rng, 1500).assign(industry=lambda f, rng=rng: rng.choice(list("abcdefgh"), len(f)))
        false += bool((by_measuring_point({"leads": leads}, _b2b())["p_adjusted"] < 0.05).any())
    return Row("a level called different where none is, runs", f"{false / len(worlds):.0%}", "at most 10 %", "at most 5 %", len(worlds))


def _b2b() -> SimpleNamespace:
    return SimpleNamespace(**(MARKET.__dict__ | {"kind": "b2b"}))
