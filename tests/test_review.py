"""Review: changes are found when they are there, and not when they are not; versions are kept, counted and paid for."""

import datetime as dt
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from icp_helpers.analysis import drift, review, watch
from icp_helpers.analysis.claims import LEVEL
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.icp_file import read_icp, to_icp
from icp_helpers.tables import versions

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from worlds_change import DAY, MARKET, make_world

MARCH = pd.Timestamp("2026-03-01")


def watched(seed: int, since=DAY, **world) -> watch.Change:
    tables, inside, _met = make_world(seed, since=MARCH, **world)
    sales = watch.monthly_sales(tables, MARKET)
    return watch.watch(sales, inside, since=since, seed=1)


def test_a_change_is_found_in_its_month_and_in_its_direction():
    lost, gained = watched(1, lift=0.4), watched(1, lift=2.0)
    assert lost.status == "down" and lost.after < lost.before and lost.since == pd.Period("2026-03")
    assert gained.status == "up" and gained.after > gained.before


def test_a_stable_profile_raises_no_alarm_though_the_market_grows_unless_the_choice_of_the_month_is_not_paid_for(monkeypatch):
    """Two and a half years of months; the guard taken away is the largest of all changes held against what one gives."""
    def single(gaps, parts, seed):
        found = original(gaps, parts, seed)
        half = (found.high - found.low) / 2 / 1.96
        return watch.Change(**{**found.__dict__, "status": "down" if abs(found.after - found.before) > 1.96 * half else "unclear"})

    def alarms():
        return sum(watched(seed, since=None).status != "unclear" for seed in range(20))

    original = watch._largest_change
    assert alarms() <= 2
    monkeypatch.setattr(watch, "_largest_change", single)
    assert alarms() >= 4


def test_nobody_is_counted_in_the_month_in_which_she_came():
    tables, *_ = make_world(2, customers=60)
    sales = watch.monthly_sales(tables, MARKET)
    came = tables["customers"].set_index("customer_id")["acquired_on"].dt.to_period("M")
    assert all(sales.loc[who, [month for month in sales.columns if month <= month_came]].isna().all() for who, month_came in came.items())


def test_what_cannot_be_watched_says_so():
    tables, inside, _met = make_world(2, customers=30)
    assert watch.monthly_sales({"customers": tables["customers"]}, MARKET) is None
    assert watch.watch(watch.monthly_sales(tables, MARKET), inside, since=DAY).status == "too_few"
    assert review.watch_profiles(None, pd.DataFrame(), [(DAY, ())]) == []


def trait_world(seed: int, shift: float = 0.0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    newer = rng.random(600) < 0.3
    traits = pd.DataFrame({f"n{i}": rng.normal(size=600) for i in range(15)} | {f"t{i}": rng.choice(list("abc"), 600) for i in range(15)})
    traits["size"] = rng.normal(size=600) + shift * newer
    traits["place"] = np.where(newer & (rng.random(600) < shift / 4), "new town", rng.choice(["x", "y"], 600))
    return traits, newer


def test_drift_names_what_moved_and_nothing_else():
    traits, newer = trait_world(1, shift=1.0)
    found = drift.trait_drift(traits, newer)
    assert set(found.loc[found["p_adjusted"] < 0.05, "trait"]) == {"size", "place"}
    growing = drift.growing_levels(traits, newer)
    assert growing.iloc[0]["level"] == "new town" and growing.iloc[0]["p_adjusted"] < 0.001


def test_no_drift_is_called_where_there_is_none():
    worlds = [trait_world(seed) for seed in range(10)]
    assert sum((drift.trait_drift(*world)["p_adjusted"] < 0.05).any() for world in worlds) <= 2
    assert sum((drift.growing_levels(*world)["p_adjusted"] < 0.05).any() for world in worlds) <= 2


def test_without_benjamini_and_hochberg_drift_is_everywhere(monkeypatch):
    monkeypatch.setattr(drift, "multipletests", lambda p, method: (None, p))
    assert sum((drift.trait_drift(*trait_world(seed))["p_adjusted"] < 0.05).any() for seed in range(5)) >= 3


def test_a_small_index_of_few_rows_is_judged_by_chance_and_not_by_its_size():
    traits, newer = trait_world(3)
    found = drift.trait_drift(traits.head(110), newer[:110])
    assert (found["index"] > drift.MOVED).sum() > 10 and (found["p_adjusted"] >= 0.05).all()


class Found:
    """A search's result as to_icp takes it."""

    def __init__(self, *profiles, p=0.01):
        self.status = "found" if profiles else "none"
        self.profiles = [type("P", (), {"criteria": criteria, "p_value": p, "lift": 2.0})() for criteria in profiles]


BUILDERS, SHOPS = (Criterion("industry", "in", ("construction",)),), (Criterion("web_shop", "is", True),)


def make(result, previous=None, day=dt.date(2026, 6, 30)) -> dict:
    return to_icp(result, unit="u", as_of=day, outcome={"name": "ideal", "customers": 100, "base_rate": 0.2}, previous=previous)


def test_the_history_keeps_each_version_as_it_first_came_up(tmp_path):
    published, staged = tmp_path / "old", tmp_path / "new"
    first = make(Found(BUILDERS)) | {"score": {"large": 1}}
    versions.keep(first, published, published)
    same = make(Found(BUILDERS), first, dt.date(2026, 7, 31))
    assert same["version"] == 1
    versions.keep(same, staged, published)
    second = make(Found(SHOPS), same, dt.date(2026, 8, 31))
    assert second["version"] == 2
    versions.keep(second, staged, published)
    known = versions.read_versions(staged)
    assert [one["version"] for one in known] == [1, 2] and known[0]["as_of"] == dt.date(2026, 6, 30) and "score" not in known[0]
    history = review.read_history(known, second)
    assert history.tries == 2 and history.before.version == 1
    assert sorted((one["change"], len(one["gained"]), len(one["lost"])) for one in history.differences) == [("added", 1, 0), ("removed", 0, 1)]


def test_a_spoilt_file_of_the_history_is_passed_over(tmp_path):
    (tmp_path / "v001.yml").write_text("{", encoding="utf-8")
    (tmp_path / "v002.yml").write_text(yaml.safe_dump(make(Found(BUILDERS))), encoding="utf-8")
    assert len(versions.read_versions(tmp_path)) == 1


def test_the_same_version_has_no_differences():
    same = make(Found(BUILDERS))
    assert review.read_history([same], same).differences == ()


def test_every_try_is_paid_for():
    history = review.History(6, (), None)
    assert history.paid(0.01) == pytest.approx(0.06) and history.paid(None) == 1.0
    assert history.chance == pytest.approx(1 - (1 - LEVEL) ** 6)


def advice(*, failed=(), profiles=(BUILDERS,), p=0.01, tries=1) -> str:
    traits = pd.DataFrame({"industry": ["construction", "food"] * 20, "web_shop": [False, True] * 20})
    gone = [review.Watched(DAY, criteria, watch.Change(pd.DataFrame(), "down", 0.001)) for criteria in failed]
    return review.proposal(read_icp(make(Found(*profiles, p=p))), gone, review.History(tries, (), None), traits)


def test_the_proposal_follows_what_was_found():
    assert advice() == "keep"
    assert advice(tries=10) == "watch"
    assert advice(failed=[SHOPS]) == "change" and advice(failed=[BUILDERS]) == "stop"
    assert advice(profiles=()) == "none" and advice(profiles=(), failed=[SHOPS]) == "change"


def noted(*goals, seen=()) -> pd.DataFrame:
    """The contract `review` of a report that saw these goals (kpi, target, due) and watched profiles."""
    frame = pd.DataFrame(goals, columns=["kpi", "target", "due"])
    icp = read_icp(make(Found(BUILDERS)))
    return review.as_contract(icp, review.History(1, (), None), [], seen, pd.DataFrame(), pd.DataFrame(), frame, "keep")


def test_a_watched_profile_is_kept_as_its_change_between_the_limits_of_that_change():
    change = watched(1, lift=0.4)
    row = noted(seen=[review.Watched(DAY, BUILDERS, change)]).query("kind == 'watch'").iloc[0]
    assert row["low"] < row["value"] == change.after - change.before < row["high"] < 0


def shifted(before: pd.DataFrame | None, *goals) -> list[tuple]:
    found = review.goal_changes(pd.DataFrame(goals, columns=["kpi", "target", "due"]), before)
    assert list(found) == review.GOAL
    return [(row.kpi, row.was, row.target) for row in found.fillna({"target": -1}).itertuples()]


SUMMER, YEAR_END = pd.Timestamp("2026-06-30"), pd.Timestamp("2026-12-31")


def test_a_target_that_was_moved_is_told_with_what_it_was():
    before = noted(("nps", 40, YEAR_END), ("churn", 0.05, YEAR_END))
    assert shifted(before, ("nps", 30, YEAR_END), ("churn", 0.05, YEAR_END)) == [("nps", 40, 30)]
    assert shifted(before, ("churn", 0.05, YEAR_END)) == [("nps", 40, -1)]  # withdrawn without a word
    assert shifted(before, ("nps", 40, YEAR_END), ("churn", 0.05, YEAR_END), ("aov", 9, None)) == []
    assert shifted(None, ("nps", 30, YEAR_END)) == []
    assert shifted(before.assign(note=""), ("nps", 40, YEAR_END), ("churn", 0.05, YEAR_END)) == []  # a report of an earlier version


def test_two_goals_of_one_kpi_are_told_apart_by_their_day():
    before = noted(("nps", 20, SUMMER), ("nps", 40, YEAR_END))
    assert shifted(before, ("nps", 40, YEAR_END), ("nps", 20, SUMMER)) == []
    assert shifted(before, ("nps", 20, SUMMER), ("nps", 30, YEAR_END)) == [("nps", 40, 30)]
    assert shifted(before, ("nps", 40, YEAR_END)) == [("nps", 20, -1)]
    later = review.goal_changes(pd.DataFrame({"kpi": ["nps", "nps"], "target": [20, 40], "due": [SUMMER, YEAR_END + pd.DateOffset(years=1)]}), before)
    assert later[["was", "target"]].values.tolist() == [[40, 40]] and later.due_was[0] == YEAR_END


def test_a_kpi_has_moved_where_the_intervals_do_not_meet():
    def kpis(**limits) -> pd.DataFrame:
        return pd.DataFrame([{"kpi": kpi, "level": "all", "value": (low + high) / 2, "low": low, "high": high, "status": status}
                             for kpi, (low, high, status) in limits.items()])
    before = kpis(nps=(10, 20, "ok"), aov=(100, 120, "ok"), ltv=(5, 9, "immature"))
    now = kpis(nps=(21, 30, "ok"), aov=(119, 140, "ok"), ltv=(90, 95, "ok"))
    assert review.kpi_changes(now, before).set_index("kpi").moved.to_dict() == {"nps": True, "aov": False}
    assert review.kpi_changes(before, now).set_index("kpi").moved.to_dict() == {"nps": True, "aov": False}
    assert review.kpi_changes(now, None).empty


def test_what_is_watched_is_adjusted_for_the_number_of_profiles():
    tables, *_ = make_world(1, since=MARCH, lift=0.4)
    traits = tables["customers"].set_index("customer_id")[["industry"]]
    known = [(DAY, (Criterion("industry", "in", ("a",)),)), (DAY, (Criterion("industry", "in", ("b",)),))]
    found = review.watch_profiles(watch.monthly_sales(tables, MARKET), traits, known)
    assert [one.change.status for one in found] == ["down", "up"]
