"""The profile search: found when planted, silent on noise, mirrored when the world is; and honest on any frame."""

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.analysis.profile import find_negative_profiles, find_profiles
from icp_helpers.tables.errors import ParameterError

PLANTED = (Criterion("size", "between", (10, 50)), Criterion("trade", "in", ("building",)))


def traits(seed, n=1_000):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "size": np.round(rng.lognormal(3.2, 1.0, n)).clip(1), "age": np.round(rng.normal(45, 12, n)),
        "trade": rng.choice(["building", "food", "retail", "care"], n, p=[0.3, 0.3, 0.2, 0.2]),
        "region": rng.choice(["north", "south", "east"], n), "rating": rng.integers(1, 6, n), "exports": rng.random(n) < 0.4,
        "channels": [[item for item in ("search", "fair", "mail") if rng.random() < 0.4] for _ in range(n)],
    })  # fmt: skip
    frame.index = [f"K{row:05d}" for row in rng.permutation(n)]
    return frame


def world(seed, n=1_000, inside=0.6, outside=0.08, criteria=PLANTED):
    frame = traits(seed, n)
    rate = np.where(members(frame, criteria), inside, outside)
    ideal = pd.Series(np.random.default_rng([seed, 1]).random(n) < rate, frame.index)
    frame["size"] = frame["size"].mask(np.random.default_rng([seed, 2]).random(n) < 0.08)
    return frame, ideal


@pytest.mark.parametrize("seed", [11, 12])
def test_planted_profile_comes_back_with_its_edges_and_its_lift(seed):
    frame, ideal = world(seed)
    result = find_profiles(frame, ideal, seed=seed)
    first = result.profiles[0]
    assert result.status == "found" and {one.column for one in first.criteria} == {"size", "trade"}
    low, high = next(one.value for one in first.criteria if one.column == "size")
    assert 8 <= low <= 12 and 40 <= high <= 60
    true_lift = 0.6 / ideal.mean()
    assert 0.7 * true_lift <= first.lift <= 1.2 * true_lift
    assert first.lift_interval[0] <= true_lift <= first.lift_interval[1] * 1.05
    assert first.p_value <= 0.05 and first.stability > 0.6
    assert (first.members(frame) == members(frame, first.criteria)).all()


def test_shuffled_outcome_gives_none():
    frame, ideal = world(13, n=600)
    shuffled = pd.Series(np.random.default_rng(5).permutation(ideal.to_numpy()), frame.index)
    result = find_profiles(frame, shuffled)
    assert result.status == "none" and not result.profiles


def test_flipped_world_turns_the_profile_into_a_negative_one():
    frame, ideal = world(14, inside=0.04, outside=0.5)
    assert all("trade" not in {one.column for one in profile.criteria} for profile in find_profiles(frame, ideal).profiles)
    negative = find_negative_profiles(frame, ideal)
    assert {one.column for one in negative.profiles[0].criteria} == {"size", "trade"}
    assert negative.profiles[0].lift_interval[1] < 1


def test_list_items_and_yes_no_become_criteria():
    frame, ideal = world(15, criteria=(Criterion("channels", "has", "fair"), Criterion("exports", "is", True)))
    first = find_profiles(frame, ideal).profiles[0]
    assert {(one.column, one.op) for one in first.criteria} == {("channels", "has"), ("exports", "is")}


def test_levels_are_joined_to_a_set():
    frame, ideal = world(16, criteria=(Criterion("trade", "in", ("food", "care")), Criterion("rating", ">=", 4)))
    first = find_profiles(frame, ideal).profiles[0]
    assert Criterion("trade", "in", ("care", "food")) in first.criteria


def test_two_profiles_are_both_found_and_nothing_else():
    frame = traits(17, 2_000)
    rules = (PLANTED, (Criterion("trade", "in", ("care",)), Criterion("rating", ">=", 4)))
    rate = np.where(np.logical_or.reduce([members(frame, rule) for rule in rules]), 0.6, 0.05)
    ideal = pd.Series(np.random.default_rng(18).random(len(frame)) < rate, frame.index)
    found = [{one.column for one in profile.criteria} for profile in find_profiles(frame, ideal).profiles]
    assert sorted(map(sorted, found)) == [["rating", "trade"], ["size", "trade"]]


def test_above_five_thousand_a_hold_out_confirms():
    frame, ideal = world(19, n=6_000)
    result = find_profiles(frame, ideal)
    first = result.profiles[0]
    assert {one.column for one in first.criteria} == {"size", "trade"}
    assert first.unseen.total == pytest.approx(2_400, abs=12)  # the copies that chance makes stay on one side
    assert first.customers == first.members(frame).sum()


def test_a_profile_of_the_past_fails_in_time():
    frame, ideal = world(20, n=1_500)
    day = pd.Series(pd.date_range("2024-01-01", periods=len(frame), freq="D"), frame.index)
    newest = (day >= day.quantile(0.7)).to_numpy()
    ideal[newest] = np.random.default_rng(3).permutation(ideal[newest].to_numpy())
    first = find_profiles(frame, ideal, observed_on=day).profiles[0]
    assert first.in_time.lift < 0.6 * first.lift and first.in_time.lift_interval[0] < 1.3


@pytest.mark.parametrize("dtype", ["bool", "boolean", "Int64", "float64", "object"])
def test_the_outcome_may_come_in_any_yes_no_dtype(dtype):
    frame, ideal = world(21, n=400)
    assert find_profiles(frame, ideal.astype(dtype)).ideal == ideal.sum()


def test_missing_outcomes_are_set_aside_with_a_word():
    frame, ideal = world(22, n=400)
    holed = ideal.astype("boolean")
    holed.iloc[:50] = pd.NA
    result = find_profiles(frame, holed)
    assert result.customers == 350 and "50" in result.notes[0]


def test_an_outcome_in_another_order_is_lined_up_by_its_labels():
    frame, ideal = world(11)
    straight, turned = find_profiles(frame, ideal), find_profiles(frame, ideal.iloc[::-1])
    assert [p.criteria for p in straight.profiles] == [p.criteria for p in turned.profiles]


@pytest.mark.parametrize("make", [
    lambda frame, ideal: (frame, ideal & False), lambda frame, ideal: (frame, ideal | True),
    lambda frame, ideal: (frame.iloc[:0], ideal.iloc[:0]), lambda frame, ideal: (frame.iloc[:1], ideal.iloc[:1]),
])  # fmt: skip
def test_one_class_or_nobody_is_too_few(make):
    result = find_profiles(*make(*world(23, n=200)))
    assert result.status == "too_few" and not result.profiles and result.notes


def test_few_ideal_customers_give_hypotheses_and_what_it_would_take():
    frame, ideal = world(24, n=60, inside=0.9, outside=0.05)
    result = find_profiles(frame, ideal)
    assert result.status == "too_few" and ideal.sum() < 30
    assert result.possible[0].word in ("possible", "unclear")
    assert result.possible[0].needed is None or result.possible[0].needed >= 60


def test_odd_frames_are_read_or_left_out_with_a_sentence():
    frame, ideal = world(25, n=500)
    rng = np.random.default_rng(1)
    frame = frame.assign(**{
        "empty": np.nan, "constant": 1, "id": [f"x{row}" for row in range(500)], "far": np.where(rng.random(500) < 0.1, np.inf, rng.random(500)),
        "mixed": np.where(rng.random(500) < 0.1, "unknown", rng.integers(0, 9, 500).astype(str)), "when": pd.Timestamp("2026-01-01"),
        "odd \"name'; --": rng.integers(0, 3, 500), "kind": pd.Categorical(rng.choice(["a", "b"], 500)),
    })  # fmt: skip
    frame[7] = rng.random(500)
    result = find_profiles(frame, ideal)
    for column in ("empty", "constant", "id", "far", "mixed", "when"):
        assert any(f"'{column}'" in note for note in result.notes), column
    assert {one.column for one in result.profiles[0].criteria} == {"size", "trade"}


def test_hundreds_of_columns_stay_within_bounds():
    frame, ideal = world(26, n=300)
    rng = np.random.default_rng(2)
    shuffled = pd.Series(rng.permutation(ideal.to_numpy()), frame.index)
    wide = pd.concat([frame, pd.DataFrame(rng.normal(size=(300, 500)), frame.index, [f"c{i}" for i in range(500)])], axis=1)
    result = find_profiles(wide, shuffled)
    assert result.status == "none" and 500 < result.tried <= 4_000


def test_traits_and_outcome_that_do_not_go_together_are_refused_in_one_sentence():
    frame, ideal = world(27, n=100)
    with pytest.raises(ParameterError, match="unequal lengths"):
        find_profiles(frame, ideal.iloc[:50])
    with pytest.raises(ParameterError, match="cannot be read"):
        find_profiles(frame, pd.Series(["yes", "no"] * 50, frame.index))
