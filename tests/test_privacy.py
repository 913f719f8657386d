"""No group smaller than the smallest cell is shown, and none can be computed from what is."""

import itertools

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import buying
from icp_helpers.analysis.dominance import is_dominated
from icp_helpers.page import privacy
from icp_helpers.page.catalogue import Sentence
from icp_helpers.page.privacy import guard_facts, guard_table, is_small, suppress

SMALLEST = 5


def worlds(seed: int, runs: int):
    """Frames of customers and ideal ones, a row a group, with small groups among them."""
    random = np.random.default_rng(seed)
    for _run in range(runs):
        customers = random.choice([0, 1, 2, 3, 4, 5, 6, 9, 14, 40], size=random.integers(1, 7))
        yield pd.DataFrame({"group": [f"g{i}" for i in range(len(customers))], "customers": customers,
                            "ideal": [random.integers(0, n + 1) for n in customers]})


def solutions(shown: pd.Series, total: int, upper: list[int]) -> list[set[int]]:
    """What each held cell may be, for a reader who subtracts what is shown from the total and knows that it is not 0."""
    gaps = [i for i, value in enumerate(shown) if pd.isna(value)]
    rest = total - int(shown.fillna(0).sum())
    possible = [set() for _gap in gaps]
    for guess in itertools.product(*(range(1, min(rest, upper[gap]) + 1) for gap in gaps[:-1])):
        last = rest - sum(guess)
        if gaps and 1 <= last <= upper[gaps[-1]]:
            for values, value in zip(possible, (*guess, last), strict=True):
                values.add(value)
    return possible


@pytest.mark.parametrize("seed", range(4))
def test_no_small_count_is_shown_and_none_can_be_subtracted(seed):
    for frame in worlds(seed, 60):
        shown = suppress(frame, ["customers"], smallest=SMALLEST, total={"customers": frame["customers"].sum()})["customers"]
        assert not any(is_small(value) for value in shown)
        gaps = frame["customers"][shown.isna()]
        if len(frame) > 1 and frame["customers"].sum() >= SMALLEST and len(gaps) and (frame["customers"] > 0).sum() > 1:
            assert all(len(values) > 1 for values in solutions(shown, frame["customers"].sum(), [99] * len(frame)))


def test_without_the_second_gap_subtraction_finds_the_small_group(monkeypatch):
    frame = pd.DataFrame({"customers": [3, 20, 40]})
    monkeypatch.setattr(privacy, "_complement", lambda known, held, total, smallest: held.to_numpy())
    shown = suppress(frame, ["customers"], total={"customers": 63})["customers"]
    assert solutions(shown, 63, [99] * 3) == [{3}]


def test_two_gaps_that_can_only_be_one_and_one_take_a_third():
    shown = suppress(pd.DataFrame({"customers": [1, 1, 30, 50]}), ["customers"], smallest=2, total={"customers": 82})["customers"]
    assert shown.isna().tolist() == [True, True, True, False]


@pytest.mark.parametrize("seed", range(4))
def test_a_part_is_held_back_where_it_or_the_rest_is_small(seed):
    for frame in worlds(seed + 10, 60):
        frame["share"] = frame["ideal"] / frame["customers"].where(frame["customers"] > 0)
        shown = suppress(frame, ["customers", "ideal"], smallest=SMALLEST, whole={"ideal": "customers"}, values={"share": "ideal"},
                         total={"customers": frame["customers"].sum(), "ideal": frame["ideal"].sum()})
        assert not any(is_small(value) for column in ("customers", "ideal") for value in shown[column])
        assert not any(is_small(rest) for rest in shown["customers"] - shown["ideal"])
        assert not (shown["share"].notna() & shown["ideal"].isna()).any(), "a share of a shown whole gives its part away"
        assert not (shown["ideal"].notna() & shown["customers"].isna()).any()


def test_a_mean_goes_with_the_count_it_rests_on():
    frame = pd.DataFrame({"customers": [4, 30], "mean_amount": [812.5, 99.0]})
    shown = suppress(frame, ["customers"], values={"mean_amount": "customers"})
    assert shown["mean_amount"].tolist() == [None, 99.0]
    assert frame["mean_amount"].tolist() == [812.5, 99.0], "the caller's frame stays as it was"


def test_a_total_below_its_groups_is_refused():
    with pytest.raises(ValueError, match="overlap"):
        suppress(pd.DataFrame({"customers": [20, 30]}), ["customers"], total={"customers": 40})


def test_groups_that_the_frame_does_not_show_are_not_given_away_either():
    shown = suppress(pd.DataFrame({"customers": [20, 30]}), ["customers"], total={"customers": 52})["customers"]
    assert shown.isna().tolist() == [True, False], "52 - 20 - 30 would tell that two are left"


@pytest.mark.parametrize(("amounts", "dominated"), [
    ([90, 5, 5], True), ([40, 30, 30], False), ([50, 50], False), ([], False), ([7], True), ([-90, 5, 5], True), ([np.nan, 4, 4], False),
])
def test_a_sum_that_one_customer_dominates_is_found(amounts, dominated):
    assert is_dominated(amounts) is dominated


def test_a_table_keeps_the_names_of_small_groups_and_loses_their_numbers():
    frame = pd.DataFrame({"level": ["a", "b", "c", "d"], "customers": [3, 12, 40, 60], "share": [1 / 3, 0.5, 0.25, 0.2]})
    shown = guard_table(frame, {"level": "level", "customers": "count", "share": "percent"}, SMALLEST)
    assert shown["level"].tolist() == ["a", "b", "c", "d"]
    assert shown["customers"].isna().tolist() == shown["share"].isna().tolist() == [True, True, False, False]


def test_a_table_of_other_things_than_people_stays_whole():
    frame = pd.DataFrame({"check": ["duplicates", "no date"], "rows": [3, 2]})
    pd.testing.assert_frame_equal(guard_table(frame, {"check": "text", "rows": "count"}), frame)


def test_a_sentence_about_a_few_says_how_few_they_are_at_most_and_nothing_else_of_them():
    facts = {"trait": "region", "n": 3, "share": 2 / 3, "low": 0.1, "high": 0.9, "needed": 30, "customers": 180, "k": 2}
    assert guard_facts(facts) == {"trait": "region", "n": "<5", "share": None, "low": None, "high": None, "needed": 30,
                                  "customers": 180, "k": None}
    assert guard_facts(facts | {"n": 5}) == facts | {"n": 5}
    assert guard_facts({"n": 0, "share": None}) == {"n": 0, "share": None}


@pytest.mark.parametrize(("part", "whole"), [("hits", "n"), ("ideal", "customers"), ("won", "n"), ("hits", "customers"), ("hits", "ideal")])
def test_a_sentence_about_nearly_all_does_not_tell_of_the_few_who_are_left(part, whole):
    told = guard_facts({part: 46, whole: 48, "share": 46 / 48, "low": 0.86, "high": 0.99, "needed": 30})
    assert told == {part: ">43", whole: 48, "share": None, "low": None, "high": None, "needed": 30}
    for kept in (43, 48, 0):
        assert guard_facts({part: kept, whole: 48}) == {part: kept, whole: 48}


def test_a_part_beside_the_statement_goes_alone_where_its_rest_is_small():
    facts = {"share": 0.4, "known": 2498, "customers": 2500}
    assert guard_facts(facts, aside={"known"}, pairs={("known", "customers")}) == facts | {"known": ">2495"}
    assert guard_facts({"claimed": 97, "copies": 99}, pairs={("claimed", "copies")}) == {"claimed": 97, "copies": 99}, "copies are nobody"


@pytest.mark.parametrize(("share", "n", "held"), [(46 / 48, 48, True), (2 / 48, 48, True), (30 / 48, 48, False), (0.9, 49, False), (1.0, 48, False), (0.0, 48, False)])
def test_a_share_with_its_n_alone_is_held_back_where_it_gives_away_a_few(share, n, held):
    assert (guard_facts({"share": share, "n": n})["share"] is None) == held
    table = guard_table(pd.DataFrame({"level": ["a", "b", "c"], "n": [n, 60, 90], "share": [share, 0.5, 0.4]}), {"n": "count", "share": "percent"})
    assert pd.isna(table["share"][0]) == pd.isna(table["n"][0]) == held


def test_a_table_or_figure_does_not_show_nearly_all_of_a_row():
    frame = pd.DataFrame({"level": list("abc"), "hits": [46, 20, 30], "n": [48, 60, 90]})
    assert guard_table(frame, {"hits": "count", "n": "count"})["hits"].isna().tolist()[0]
    assert privacy.safe_rows(frame, ["hits", "n"], parts=False)["level"].tolist() == ["b", "c"]


def test_without_the_wholes_the_two_who_are_left_would_be_told(monkeypatch):
    monkeypatch.setattr(privacy, "WHOLES", {})
    monkeypatch.setattr(privacy, "SHARES", {})
    assert guard_facts({"hits": 46, "n": 48, "share": 46 / 48}) == {"hits": 46, "n": 48, "share": 46 / 48}


def test_the_pairs_of_a_sentence_are_read_from_it():
    sentence = Sentence(up="{known:people} of {customers:count} are known", down="{ideal:count} ideal of the {chosen:count}", info="{a:count} of them")
    assert sentence.parts_told() == {("known", "customers"), ("ideal", "chosen")}


def bought(levels: dict[str, list[float]]) -> pd.DataFrame:
    rows = [(level, amount) for level, amounts in levels.items() for amount in amounts]
    return pd.DataFrame(rows, columns=["trait", "amount"]).assign(customer_id=range(len(rows)))


@pytest.mark.parametrize("levels", [
    {"a": [900.0] + [10.0] * 9, "b": [50.0] * 20, "c": [40.0] * 20}, {"a": [9000.0] + [1.0] * 9, "b": [50.0] * 20, "c": [40.0] * 20},
    {"a": [-900.0] + [10.0] * 9, "b": [50.0] * 20}, {"a": [900.0] + [10.0] * 9, "b": [700.0] + [10.0] * 30, "c": [40.0] * 30}])
def test_a_levels_money_is_not_shown_where_it_is_one_customers(levels):
    """Nor can it be subtracted: what is folded together is no single customer's either, unless everything is."""
    shares = buying.shares_by_level(bought(levels), "trait")
    shown = {level: amounts for level, amounts in levels.items() if level in set(shares.level)}
    folded = [amount for level, amounts in levels.items() if level not in shown for amount in amounts]
    assert not any(is_dominated(amounts) for amounts in shown.values()) and "a" not in shown
    assert not is_dominated(folded) or not shown
    assert shares.amount.sum() == pytest.approx(sum(map(sum, levels.values())))


def test_without_the_rule_the_largest_customer_would_be_told(monkeypatch):
    monkeypatch.setattr(buying, "is_dominated", lambda amounts: False)
    assert "a" in set(buying.shares_by_level(bought({"a": [900.0] + [10.0] * 9, "b": [50.0] * 20}), "trait").level)
