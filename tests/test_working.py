"""Is it working: silent where nothing happened, clear where something did, the other way round where it did the opposite."""

import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from icp_helpers.analysis import working, working_cells, working_reads
from icp_helpers.analysis.working_cells import CELLS, log_rank, of_months, of_shares

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from worlds_change import AS_OF, MARKET, ROLLOUT, START, make_world

PERIODS = working.compared_periods(MARKET, START)
NULL_SEEDS = range(10)
SHOP, OFFICE = ("customers", "orders"), ("leads",)


def judge(seed: int, only: tuple = (), **world) -> pd.DataFrame:
    tables, inside, met = make_world(seed, **world)
    kept = {name: table for name, table in tables.items() if not only or name in only}
    return working.is_it_working(kept, MARKET, inside, met, PERIODS).set_index("measure")


def test_growth_of_the_whole_market_is_no_effect_of_the_profile():
    found = [judge(seed, customers=1000) for seed in NULL_SEEDS]
    assert all(frame["p"].notna().all() for frame in found)  # all ten could be told, so all ten could have been wrong
    assert sum(frame["status"].isin(["better", "worse"]).any() for frame in found) <= 2  # three come up in 1 % of all cases


def test_what_members_gain_beyond_the_others_is_seen_and_turned_round_when_they_lose():
    gained, lost = judge(1, SHOP, lift=1.6), judge(1, SHOP, lift=0.6)
    assert gained.loc["sales", "status"] == "better" and gained.loc["sales", "low"] > 1
    assert lost.loc["sales", "status"] == "worse" and lost.loc["sales", "high"] < 1
    assert working.answer(gained.loc[gained["question"] == "sales", "status"]) == "up"
    assert working.answer(lost.loc[lost["question"] == "sales", "status"]) == "down"


def test_leads_won_more_often_are_seen_and_turned_round():
    more, fewer = judge(2, OFFICE, wins=1.9, leads=30_000), judge(2, OFFICE, wins=0.2, leads=30_000)
    assert more.loc["conversion_rate", "status"] == "better" and more.loc["conversion_rate", "low"] > 0
    assert fewer.loc["conversion_rate", "status"] == "worse" and fewer.loc["conversion_rate", "high"] < 0


def test_more_losses_of_members_are_a_worse_loyalty():
    found = judge(3, SHOP, hazard=6.0, customers=1500)
    assert found.loc["churn", "status"] == "worse" and found.loc["churn", "low"] > 1
    assert working.answer(found.loc[found["question"] == "loyalty", "status"]) == "down"


def test_without_the_control_growth_would_be_an_effect(monkeypatch):
    """The guard taken away: members alone, before against after, in a market that doubles."""
    def alone(gap, after, n):
        return of_months(gap + np.log(2.0) * after, after, n)  # the others' growth no longer taken off

    def called_better():
        return sum(judge(seed, SHOP, growth=2.0, customers=1200).loc["sales", "status"] == "better" for seed in range(5))

    assert called_better() == 0
    monkeypatch.setattr(working_reads, "of_months", alone)
    monkeypatch.setattr(working_reads, "p_of_change", lambda *_: None)
    assert called_better() >= 4


def test_without_the_test_in_proportion_growth_of_unequal_rates_would_be_an_effect(monkeypatch):
    """Members are won twice as often; where everybody is won twice as often as before, their gap doubles in points."""
    def called_better():
        return sum(judge(seed, OFFICE, growth=2.0, leads=30_000).loc["conversion_rate", "status"] == "better" for seed in range(5))

    assert called_better() == 0
    monkeypatch.setattr(working_cells, "p_in_proportion", lambda *_: 0.0)
    assert called_better() >= 4


def test_the_surest_of_ten_measures_is_paid_for_ten_times():
    tables, inside, met = make_world(4, customers=1000)
    found = working.is_it_working(tables, MARKET, inside, met, replace(PERIODS, looks=1))
    tested = found[found["p"].notna()]
    assert tested["p_adjusted"].min() == pytest.approx(min(1, working.PER_LOOK * len(tested) * tested["p"].min())) and len(tested) == 10


def test_every_look_is_paid_for():
    tables, inside, met = make_world(5, lift=1.3)
    once, often = (working.is_it_working(tables, MARKET, inside, met, replace(PERIODS, looks=looks)) for looks in (1, 10))
    known = once["p"].notna()
    assert np.allclose(often["p_adjusted"][known], np.minimum(1, 10 * once["p_adjusted"][known]))


@pytest.mark.parametrize("before", [3, 6])  # months
def test_five_years_of_looks_together_cost_no_more_than_five_in_a_hundred(before):
    """No effect at all: twenty quarters, each added to those before it and held against the same months before."""
    rng, looks = np.random.default_rng(before), np.arange(1, 21)
    after = rng.normal(scale=3**0.5, size=(20_000, 20)).cumsum(axis=1) / (3 * looks)  # means of months whose spread is 1
    gap = after - rng.normal(scale=before**-0.5, size=(20_000, 1))
    p = 2 * norm.sf(np.abs(gap) / np.sqrt(1 / (3 * looks) + 1 / before))
    assert 0.03 < (p * working.PER_LOOK * looks <= 0.05).any(axis=1).mean() <= 0.05
    assert (p * looks <= 0.05).any(axis=1).mean() > 0.06  # the mutation: Bonferroni over the looks so far alone


def test_the_profile_is_defined_before_the_first_month_compared():
    assert pd.Timestamp(PERIODS.defined_on) < PERIODS.baseline < PERIODS.rollout == ROLLOUT < PERIODS.until
    assert PERIODS.looks == 2 and PERIODS.until == AS_OF + pd.Timedelta(days=1)


@pytest.mark.parametrize("market, first", [
    (SimpleNamespace(rollout=None, as_of=AS_OF.date()), pd.Timestamp("2024-01-01")), (MARKET, pd.NaT), (MARKET, pd.Timestamp("2025-11-01"))])
def test_no_roll_out_or_nothing_before_it_is_said(market, first):
    assert working.compared_periods(market, first) is None


def test_a_roll_out_of_yesterday_is_too_early():
    fresh = SimpleNamespace(rollout=SimpleNamespace(started_on=(AS_OF - pd.Timedelta(days=20)).date()), as_of=AS_OF.date())
    periods = working.compared_periods(fresh, pd.Timestamp("2024-01-01"))
    assert periods.looks == 0 and pd.Timestamp(periods.readable_on) > AS_OF


def test_few_customers_and_no_tables_are_no_answer():
    assert set(judge(1, customers=40, leads=100)["status"]) == {"too_few"}
    empty = working.is_it_working({}, MARKET, np.zeros(0, bool), np.zeros(0, bool), PERIODS)
    assert set(empty["status"]) == {"not_supplied"} and list(empty["measure"]) == list(working.MEASURES)


def test_amounts_without_a_rate_are_not_added_up():
    tables, inside, met = make_world(1)
    tables["orders"]["currency"] = "EUR"
    found = working.is_it_working(tables, MARKET, inside, met, PERIODS).set_index("measure")
    assert found.loc["sales", "status"] == "not_supplied" and found.loc["churn", "status"] != "not_supplied"


def test_log_rank_by_hand():
    """Two groups of three; events on days 1 (inside), 2 (outside), 3 (inside): at risk 6, 5, 4, inside 3, 2, 2."""
    spells = pd.DataFrame({"entry": 0.0, "exit": [1, 3, 9, 2, 9, 9], "event": [True, True, False, True, False, False], "inside": [True] * 3 + [False] * 3})
    beyond, variance, expected = log_rank(spells)
    assert expected == pytest.approx(3 / 6 + 2 / 5 + 2 / 4) and beyond == pytest.approx(2 - expected)
    assert variance == pytest.approx(0.25 + 0.24 + 0.25)


def test_shares_by_hand():
    """10 % to 30 % inside, 10 % to 15 % outside: 15 points beyond, twice the others' growth, and hardly more than chance."""
    counts, hits = dict.fromkeys(CELLS, 100), dict(zip(CELLS, (10, 30, 10, 15), strict=True))
    effect = of_shares(hits, counts)
    assert effect.change == pytest.approx(0.15) and effect.low < 0.15 < effect.high and effect.n == 100
    log = np.log(30.5 / 10.5) - np.log(15.5 / 10.5)
    error = np.sqrt(1 / 10.5 + 1 / 30.5 + 1 / 10.5 + 1 / 15.5 - 4 / 100.5)
    assert effect.p == pytest.approx(2 * norm.sf(log / error))
    assert of_shares(dict.fromkeys(CELLS, 5), counts | {"inside_after": 29}).p is None
    assert of_shares(dict.fromkeys(CELLS, 0), counts).p == of_shares(counts, counts).p == 1


def test_what_it_takes_follows_the_number_of_leads():
    created = pd.date_range("2025-07-01", AS_OF, periods=2000)
    leads = pd.DataFrame({"created_on": created, "won_on": created.where(np.arange(2000) % 20 == 0)})
    inside = np.arange(2000) % 5 == 1
    found = working.what_it_takes(leads, inside, MARKET)
    assert found["conversion"] == 100 / 1600 and found["monthly"] == pytest.approx(found["others_monthly"] / 4)
    better = 1.2 * found["conversion"]  # the usual reckoning of two shares, by hand
    spread = found["conversion"] * (1 - found["conversion"]) + better * (1 - better)
    assert found["needed"] == pytest.approx((1.96 + 0.8416) ** 2 * spread / (better - found["conversion"]) ** 2, rel=0.03)
    assert found["months"] > 12 and found["provable"] > 1.2
    assert working.what_it_takes(leads, np.ones(2000, bool), MARKET) is None
    assert working.smallest_provable(0.05, 8143, 8143) == pytest.approx(1.2, abs=0.02)
