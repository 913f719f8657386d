"""Changes that are there and are found, and alarms where nothing has changed: the review, and "is it working"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import worlds_change
from quality import Row

from icp_helpers.analysis import review, time_machine, watch, working
from icp_helpers.tables.features import MEASURES, customer_features, join_features
from icp_helpers.tables.past import features_on, quarter_ends
from icp_helpers.tables.planting.making import make_market
from icp_helpers.tables.planting.plans import AS_OF, MARKETS

PLANS = {plan.slug: plan for plan in MARKETS}
END, CHANGED, MONTH_ELEVEN = dt.date.fromisoformat(AS_OF), pd.Period("2026-03"), dt.date(2026, 5, 31)
NO_TRAITS = {"customer_id", "acquired_on", "left_on", "channels", *MEASURES}


@dataclass(frozen=True)
class Market:
    """What the methods need of a market."""

    as_of: dt.date
    currency: str
    kind: str = "b2b"
    seed: int = 1
    timezone: str = "Europe/Copenhagen"
    value_event: str = "first_export"
    rollout: object = field(default_factory=lambda: SimpleNamespace(started_on=dt.date(2026, 1, 1)))
    economics: object = field(default_factory=lambda: SimpleNamespace(margin_rate=0.4, discount_rate=0.08, horizon_months=36))
    ideal: object = field(default_factory=lambda: SimpleNamespace(outcome=None, share=0.22, weights={
        "value": 0.3, "retention": 0.25, "satisfaction": 0.2, "referrals": 0.15, "ease": 0.1}))


def rows(seed: int, runs: int) -> list[Row]:
    changed = [_watched(1000 * seed + run, MONTH_ELEVEN, PLANS["nordlys-de"]) for run in range(runs)]
    stable = [_watched(1000 * seed + run, END, replace(PLANS["nordlys-de"], drift_on=None)) for run in range(runs)]
    found = np.mean([any(one.change.status == "down" for one in watched) for watched in changed])
    near = [abs((one.change.since - CHANGED).n) <= 1 for watched in changed for one in watched if one.change.status == "down"]
    alarms = np.mean([any(one.change.status in ("down", "up") for one in watched) for watched in stable])
    null = [_working(1000 * seed + run, None) for run in range(runs)]
    real = [_working(1000 * seed + run, PLANS["nordlys-dk"].rollout) for run in range(runs)]
    return [
        Row("change in month nine found by month eleven, worlds", f"{found:.0%}", "90 %", "95 %", runs),
        Row("  the month it names is within one, alarms", f"{np.mean(near) if near else 0:.0%}", "80 %", "90 %", len(near)),
        Row("an alarm on a stable profile, worlds", f"{alarms:.0%}", "at most 5 %", "at most 3 %", runs),
        Row("  in any of nine monthly looks, worlds", f"{_alarms_over_time(seed, runs):.0%}", "", "at most 5 %", runs),
        Row("no effect of the roll-out, called one, worlds", f"{np.mean([bool(statuses & {'better', 'worse'}) for statuses in null]):.0%}",
            "at most 5 %", "at most 3 %", runs),
        _alarms(seed, 5 * runs),
        Row("an effect of the roll-out, found, worlds", f"{np.mean(['better' in statuses for statuses in real]):.0%}", "80 %", "90 %", runs),
    ]


def _alarms_over_time(seed: int, runs: int) -> float:
    """In how many worlds profiles that stay what they were raise an alarm when they are asked about every month."""
    plan, looks = replace(PLANS["nordlys-de"], drift_on=None), tuple(pd.date_range(END, periods=9, freq="-1ME").date)
    watched = [_watched(1000 * seed + run, min(looks), plan, looks) for run in range(runs)]
    return float(np.mean([any(one.change.status in ("down", "up") for one in world) for world in watched]))


def _alarms(seed: int, runs: int) -> Row:
    """All ten measures in a market that grows by a third on the day of a roll-out that changed nothing."""
    periods, false, tested = working.compared_periods(worlds_change.MARKET, worlds_change.START), 0, 0
    for run in range(runs):
        tables, customers, leads = worlds_change.make_world(1000 * seed + run, customers=1000)
        found = working.is_it_working(tables, worlds_change.MARKET, customers, leads, periods)
        false, tested = false + found["status"].isin(["better", "worse"]).any(), tested + found["p"].notna().sum()
    return Row(f"growth of the market called an effect by one of {tested / runs:.1f} measures, worlds", f"{false / runs:.1%}",
               "at most 5 %", "at most 3 %", runs)


def _watched(seed: int, day: dt.date, plan, looks: tuple[dt.date, ...] = ()) -> list[review.Watched]:
    """The whole way of the notebook, as of `day`: quarters looked back to, profiles found then, and watched since; asked
    on that day, or on each of the later days `looks`."""
    tables = make_market(plan, seed).tables
    customers, orders = tables["customers"].drop_duplicates("customer_id"), ibis.memtable(tables["orders"])
    bought = customer_features(orders, as_of=END).to_pyarrow().to_pandas(date_as_object=False)
    features, market = join_features(customers, bought), Market(day, plan.currency)
    columns = [name for name in features.columns if name not in NO_TRAITS]
    days = quarter_ends(features["acquired_on"].min().date(), day, 6)
    moments = time_machine.look_back(days, lambda then: features_on(features, orders, then), tables["surveys"], tables["referrals"],
                                     tables["tickets"], market, columns)
    earlier = time_machine.earlier_profiles(moments, features_on(features, orders, day).set_index("customer_id")[columns])
    asked = []
    for look in looks or (day,):
        known = features_on(features, orders, look)
        sales = watch.monthly_sales({"customers": known, "orders": tables["orders"]}, replace(market, as_of=look))
        asked += review.watch_profiles(sales, known.set_index("customer_id")[columns], earlier, seed=1)
    return asked


def _working(seed: int, rollout: str | None) -> set[str]:
    """The ten measures of the market with planted profiles, with or without an effect of the roll-out on its day."""
    plan = replace(PLANS["nordlys-dk"], rollout=rollout, customers=1500, flaws=False, leaks=False, levels={})
    made = make_market(plan, seed)
    customers = made.tables["customers"].drop_duplicates("customer_id")
    members = set().union(*made.truth["members"].values())
    leads = np.logical_or.reduce([_met(made.tables["leads"], profile) for profile in plan.profiles])
    market = Market(END, plan.currency)
    periods = working.compared_periods(market, customers["acquired_on"].min())
    found = working.is_it_working(made.tables | {"customers": customers}, market, customers["customer_id"].isin(members), leads, periods)
    return set(found["status"])


def _met(leads: pd.DataFrame, profile) -> np.ndarray:
    known = leads[[column for column, _op, _value in profile.criteria]].notna().all(axis=1).to_numpy()
    met = np.zeros(len(leads), bool)
    met[known] = profile.members(leads[known])
    return met
