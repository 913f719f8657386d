"""Rules: whole counts, the same sets as mlxtend, honest p-values; success rules confirmed or none."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from mlxtend.frequent_patterns import association_rules as mlxtend_rules
from mlxtend.frequent_patterns import fpgrowth

from icp_helpers.analysis import itemsets, rules, success
from icp_helpers.analysis.itemsets import eclat_sets, fpgrowth_sets, least_count, read_baskets
from icp_helpers.analysis.patterns import chance_check, pair_lifts, patterns_table
from icp_helpers.analysis.rules import association_rules
from icp_helpers.analysis.success import success_rules
from icp_helpers.tables.errors import ParameterError

GROCERIES = Path(__file__).parent / "data" / "groceries.csv"


def shop(seed, baskets=1_500, items=40, planted=True):
    """Items bought independently, the rarer the higher their number; bread and butter together in a tenth."""
    rng = np.random.default_rng(seed)
    share = 0.4 / np.arange(1, items + 1) ** 0.7
    bought = rng.random((baskets, items)) < share
    rows, columns = np.nonzero(bought)
    table = pd.DataFrame({"basket_id": rows, "item": [f"i{c:02}" for c in columns]})
    both = np.flatnonzero(rng.random(baskets) < 0.1) if planted else []
    extra = [pd.DataFrame({"basket_id": both, "item": item}) for item in ("bread", "butter")]
    return pd.concat([table, *extra], ignore_index=True)


@pytest.mark.parametrize("max_length", [None, 2, 3])
@pytest.mark.parametrize("at_least", [8, 40])
def test_eclat_and_fpgrowth_find_the_same_sets(at_least, max_length):
    matrix = read_baskets(shop(1)).matrix
    sets = eclat_sets(matrix, at_least, max_length)
    assert sets == fpgrowth_sets(matrix, at_least, max_length)
    assert max(map(len, sets)) <= (max_length or 9) and min(sets.values()) >= at_least


def test_rules_agree_with_mlxtend_where_consequents_are_single():
    baskets = shop(2)
    read = read_baskets(baskets)
    table = pd.DataFrame.sparse.from_spmatrix(read.matrix.astype(bool), columns=read.items)
    theirs = mlxtend_rules(fpgrowth(table, min_support=0.0101, use_colnames=True), min_threshold=0.2501)
    theirs = theirs[theirs.consequents.map(len) == 1]
    ours = association_rules(baskets, min_support=0.0101, min_confidence=0.2501)
    assert len(ours) == len(theirs) > 20
    ours = {(rule.antecedent, rule.consequent): rule for rule in ours.itertuples()}
    for rule in theirs.itertuples():
        same = ours[rule.antecedents, next(iter(rule.consequents))]
        assert (same.support, same.confidence, same.lift) == pytest.approx((rule.support, rule.confidence, rule.lift))


def test_both_engines_give_the_same_rules(monkeypatch):
    once = association_rules(shop(3), min_support=0.01, min_confidence=0.2)
    monkeypatch.setattr(itemsets, "MLXTEND_BASKETS", 0)
    pd.testing.assert_frame_equal(once, association_rules(shop(3), min_support=0.01, min_confidence=0.2))


def test_a_rule_exactly_on_the_boundary_is_kept():
    """7 of 100 is .07, and .07 * 100 is 7.000000000000001 for a computer; 3 of 10 is .3."""
    together = [(i, item) for i in range(7) for item in ("a", "b")] + [(i, "c") for i in range(7, 100)]
    table = pd.DataFrame(together, columns=["basket_id", "item"])
    assert least_count(0.07, 100) == 7 and least_count(0.3, 10) == 3 and least_count(0.001, 9_835) == 10
    assert len(association_rules(table, min_support=0.07, min_confidence=1.0)) == 2
    tenth = pd.DataFrame([(i, "a") for i in range(10)] + [(i, "b") for i in range(3)], columns=["basket_id", "item"])
    assert "b" in set(association_rules(tenth, min_support=0.3, min_confidence=0.3).consequent)


def test_floats_would_lose_a_boundary_rule(monkeypatch):
    """Mutation: a threshold multiplied as floats."""
    monkeypatch.setattr(rules, "least_count", lambda share, total: int(np.ceil(share * total)))
    table = pd.DataFrame([(i, item) for i in range(7) for item in "ab"] + [(i, "c") for i in range(7, 100)], columns=["basket_id", "item"])
    assert association_rules(table, min_support=0.07, min_confidence=1.0).empty


def test_an_item_twice_in_a_basket_counts_once():
    baskets = shop(4)
    once = association_rules(baskets, min_support=0.02, min_confidence=0.2)
    pd.testing.assert_frame_equal(once, association_rules(pd.concat([baskets, baskets]), min_support=0.02, min_confidence=0.2))


def test_the_planted_pair_comes_first_with_its_counts():
    baskets = shop(5)
    first = association_rules(baskets, min_support=0.02, min_confidence=0.2, max_length=2).iloc[0]
    assert {*first.antecedent, first.consequent} == {"bread", "butter"}
    assert first.baskets == (baskets["item"] == "bread").sum() and first.confidence == 1 and first.p_adjusted < 1e-50


@pytest.mark.parametrize("baskets", [
    pd.DataFrame({"basket_id": [], "item": []}),
    pd.DataFrame({"basket_id": [1, 2, 3], "item": ["a", "b", "c"]}),
    pd.DataFrame({"basket_id": [None, 1], "item": ["a", None]}),
])
def test_no_rule_is_an_empty_frame_with_all_columns(baskets):
    found = association_rules(baskets, min_support=0.5, min_confidence=0.5)
    assert found.empty and list(found.columns) == rules.COLUMNS


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ParameterError, match="share of the baskets"):
        association_rules(shop(6), min_support=share, min_confidence=0.5)


def test_independent_products_give_no_sure_rule_and_uncorrected_ones_do(monkeypatch):
    """Twelve shops without ties; then the mutation: only the pairs that turned out frequent are counted as tried."""
    def surely(seed):
        found = association_rules(shop(seed, planted=False), min_support=0.004, min_confidence=0.01, max_length=3)
        return (found.p_adjusted < 0.05).any()

    assert sum(surely(seed) for seed in range(12)) <= 2
    monkeypatch.setattr(rules, "_corrected", lambda p, tried: p)
    assert all(surely(seed) for seed in range(3))


@pytest.mark.skipif(not GROCERIES.exists(), reason="the Groceries baskets (arules) are not at hand: tests/data/groceries.csv")
@pytest.mark.parametrize(("support", "confidence", "count"), [(0.006, 0.25, 463), (0.001, 0.8, 410)])
def test_groceries_give_the_rules_that_arules_counts(support, confidence, count):
    lines = GROCERIES.read_text(encoding="utf-8").splitlines()
    baskets = pd.DataFrame([(i, item) for i, line in enumerate(lines) for item in line.split(",")], columns=["basket_id", "item"])
    assert len(association_rules(baskets, min_support=support, min_confidence=confidence)) == count


def test_longer_rules_that_add_nothing_are_not_told():
    found = association_rules(shop(7), min_support=0.005, min_confidence=0.2)
    kept = chance_check(found)
    pairs = {frozenset((*rule.antecedent, rule.consequent)) for rule in kept.itertuples()}
    assert pairs == {frozenset({"bread", "butter"})} and len(found) > len(kept)
    lifts = pair_lifts(shop(7), kept, most=5)
    assert lifts.shape == (5, 5) and lifts.loc["bread", "butter"] == lifts.max().max()


def customers(seed, n=900, flip=False, planted=True):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({f"x{j}": rng.lognormal(size=n) for j in range(4)} | {f"c{j}": rng.choice(list("abcd"), n) for j in range(4)})
    frame["flag"] = rng.random(n) < 0.4
    inside = (frame["c0"] == "a") & frame["flag"].astype(bool)
    share = np.where(inside, 0.7, 0.15) if planted else np.full(n, 0.25)
    frame = frame.mask(rng.random(frame.shape) < 0.03)
    return frame, pd.Series(rng.random(n) < (1 - share if flip else share), index=frame.index)


@pytest.fixture
def fewer_shuffles(monkeypatch):
    monkeypatch.setattr(success, "SHUFFLES", 59)


def test_the_planted_rule_to_success_is_found_and_measured_on_others(fewer_shuffles):
    found = success_rules(*customers(1), seed=1)
    told = {tuple((c.column, c.value) for c in rule) for rule in found.antecedent}
    assert (("c0", "a"), ("flag", True)) in told
    first = found.iloc[0]
    assert first.low > 1 and first.low <= first.lift <= first.high and first.p_adjusted < 0.05
    assert found.attrs["held_out"] == pytest.approx(360, abs=2)


def test_in_the_mirror_the_rule_is_not_told(fewer_shuffles):
    found = success_rules(*customers(1, flip=True), seed=1)
    assert all({("c0", "a"), ("flag", True)} - {(c.column, c.value) for c in rule} for rule in found.antecedent)


def test_nothing_planted_nothing_told(fewer_shuffles):
    assert sum(len(success_rules(*customers(seed, n=500, planted=False), seed=seed)) > 0 for seed in range(5)) == 0


def test_without_both_guards_rules_are_told_about_nothing(fewer_shuffles, monkeypatch):
    """Mutation: a bar that the shuffled outcomes do not set, and a hold-out that is not asked."""
    monkeypatch.setattr(success, "ALPHA", 1.0)
    monkeypatch.setattr(success, "SHUFFLES", 1)
    monkeypatch.setattr(success, "_excess", lambda count, hits, hit: np.where(count >= 20, hits / np.maximum(count, 1), -np.inf))
    monkeypatch.setattr(success, "_beating_chance", lambda met, hit, seed: (
        sorted(tuple(rule) for rules, _scores in success._search(met, hit) for rule in rules.tolist())[:50], 50))
    told = [len(success_rules(*customers(seed, n=500, planted=False), seed=seed)) for seed in range(3)]
    assert sum(count > 0 for count in told) >= 2


@pytest.mark.parametrize(("frame", "ideal", "note"), [
    (pd.DataFrame(), pd.Series(dtype=bool), "empty"),
    (pd.DataFrame({"a": range(200)}), pd.Series([True] * 200), "one_class"),
    (pd.DataFrame({"a": range(50)}), pd.Series([True, False] * 25), "too_few"),
    (pd.DataFrame({"a": [1] * 200}), pd.Series([True, False] * 100), "no_traits"),
])
def test_odd_input_gives_no_rule_and_a_note(frame, ideal, note):
    found = success_rules(frame, ideal)
    assert found.empty and found.attrs["note"] == note and list(found.columns) == success.COLUMNS


def test_the_table_of_patterns_holds_both_kinds_as_text(fewer_shuffles):
    told = success_rules(*customers(2), seed=2)
    bought = chance_check(association_rules(shop(8), min_support=0.02, min_confidence=0.2))
    table = patterns_table(told, bought)
    assert set(table["kind"]) == {"success", "products"} and len(table) == len(told) + len(bought)
    assert table["antecedent"].map(type).eq(str).all() and patterns_table(told[:0], bought[:0]).empty
