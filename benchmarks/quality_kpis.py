"""How near the KPIs come to truths that are known, how often their limits hold them, and what is called a difference
where there is none."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from quality import Row
from worlds_kpis import (
    LAG,
    TODAY,
    VALUE_MEDIAN,
    aov_world,
    churn_world,
    contract_world,
    cost_world,
    cx_world,
    lead_world,
    market,
    nps_world,
    null_world,
    shop_world,
    value_world,
)

from icp_helpers.analysis.kpis import by_measuring_point, compute_kpis, icp_against_others

COVERED = {  # world, and how many customers or leads it has: few and many
    "conversion_rate": (partial(lead_world, reached="won_on", rate=0.15), 200, 3000), "nps": (nps_world, 40, 400),
    "churn": (churn_world, 120, 1500), "aov": (aov_world, 50, 800), "cx": (cx_world, 40, 400), "time_to_value": (value_world, 50, 800),
    "cost_per_lead": (cost_world, 60, 1500), "ltv": (contract_world, 120, 1500), "lead_to_mql": (lead_world, 200, 3000),
    "mql_to_sql": (partial(lead_world, reached="sql_on", rate=0.5), 200, 3000), "ltv without contracts": (shop_world, 200, 1000)}


def rows(seed: int, runs: int) -> list[Row]:
    worlds = [[seed, run] for run in range(runs)]
    coverage = [row for kpi in COVERED for row in _coverage(kpi, seed, 10 * runs)]
    return [*_leads(worlds), *_waits(worlds), *_contracts(worlds), _shops(worlds[:10]), *coverage,
            _false_gaps(seed, 10 * runs), _false_levels([[seed, 9, run] for run in range(5 * runs)])]


def _value(tables, kpi):
    return compute_kpis(tables, market(), kpis=[kpi]).iloc[0]


def _leads(seeds) -> list[Row]:
    ours, naive = [], []
    for seed in seeds:
        tables, true = lead_world(np.random.default_rng(seed), 4000)
        leads = tables["leads"]
        ours.append(_value(tables, "lead_to_mql")["value"] - true)
        naive.append(leads.loc[leads["created_on"] > TODAY - pd.Timedelta(days=LAG / 2), "mql_on"].notna().mean() - true)
    return [Row("lead to MQL, points off the truth", f"{100 * np.mean(ours):+.1f}", "within 2", "within 1", len(seeds)),
            Row("  the newest cohort, points off", f"{100 * np.mean(naive):+.1f}", "(naive)", "", len(seeds))]


def _waits(seeds) -> list[Row]:
    ours, naive = [], []
    for seed in seeds:
        tables, true = value_world(np.random.default_rng(seed), 2000, days=120)
        ours.append(_value(tables, "time_to_value")["value"] / true - 1)
        done = tables["usage"].merge(tables["customers"], on="customer_id")
        naive.append((done["at"] - done["acquired_on"]).dt.days.median() / true - 1)
    return [Row(f"time to value, off the true median of {VALUE_MEDIAN:.0f} days", f"{np.mean(ours):+.1%}", "within 5 %", "within 2 %", len(seeds)),
            Row("  median of those who got there", f"{np.mean(naive):+.1%}", "(naive)", "", len(seeds))]


def _contracts(seeds) -> list[Row]:
    ours, naive = [], []
    for seed in seeds:
        tables, true = contract_world(np.random.default_rng(seed), 2000, mean=5, shape=0.3, days=900)
        ours.append(_value(tables, "ltv")["value"] / true - 1)
        naive.append(margin_over_churn(tables["subscriptions"]) / true - 1)
    return [Row("LTV with contracts, mean error (largest)", f"{np.mean(ours):+.1%} ({np.abs(ours).max():.1%})", "within 10 %", "within 5 %", len(seeds)),
            Row("  margin over churn of the newest quarter", f"{np.mean(naive):+.1%}", "(naive)", "", len(seeds))]


def margin_over_churn(subscriptions: pd.DataFrame, days: int = 90) -> float:
    """What the usual formula says of the customers who started last: margin a month over the share lost a month."""
    newest = subscriptions[subscriptions["started_on"] > TODAY - pd.Timedelta(days=days)]
    lived = (newest["ended_on"].fillna(TODAY) - newest["started_on"]).dt.days.sum() / 30.4
    return 0.4 * newest["monthly_amount"].mean() * lived / newest["ended_on"].notna().sum()


def _shops(seeds) -> Row:
    worlds = (shop_world(np.random.default_rng(seed), 2000) for seed in seeds)
    errors = [_value(tables, "ltv")["value"] / true - 1 for tables, true in worlds]
    return Row("LTV without contracts, mean error (largest)", f"{np.mean(errors):+.1%} ({np.abs(errors).max():.1%})", "within 10 %", "within 5 %", len(errors))


def _coverage(kpi: str, seed: int, runs: int) -> list[Row]:
    """How often the limits hold the truth; those that a row does not give, for want of data, cannot hold it."""
    found = []
    for n in COVERED[kpi][1:]:
        hits = []
        for run in range(runs):
            tables, true = COVERED[kpi][0](np.random.default_rng([seed, 7, run, n]), n)
            line = _value(tables, kpi.partition(" ")[0])
            hits += [line["low"] <= true <= line["high"]] if pd.notna(line["low"]) else []
        found.append(Row(f"coverage of the 95 % limits: {kpi}, {n} rows", f"{np.mean(hits):.3f}", ".90-.98", ".93-.97", len(hits)))
    return found


def _false_gaps(seed: int, runs: int) -> Row:
    """Ten KPIs inside a profile and outside, where membership was drawn by lot."""
    false = tested = 0
    for run in range(runs):
        tables, customers, leads = null_world(np.random.default_rng([seed, 8, run]))
        pairs = icp_against_others(tables, market(), customers, leads)
        false += bool((pairs["p_adjusted"] < 0.05).any())
        tested += int(pairs["p"].notna().sum())
    return Row(f"a KPI of the ten called different inside a profile drawn by lot, runs ({tested / runs:.1f} compared)",
               f"{false / runs:.1%}", "at most 5 %", "at most 3 %", runs)


def _false_levels(seeds) -> Row:
    false = 0
    for seed in seeds:
        rng = np.random.default_rng(seed)
        leads = lead_world(rng, 1500)[0]["leads"].assign(industry=lambda f, rng=rng: rng.choice(list("abcdefgh"), len(f)))
        false += bool((by_measuring_point({"leads": leads}, market())["p_adjusted"] < 0.05).any())
    return Row("a level called different where none is, runs", f"{false / len(seeds):.0%}", "at most 10 %", "at most 5 %", len(seeds))
