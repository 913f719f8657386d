"""The figures of step 03 are what they say, at the edges too, and turn round when the world does."""

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import ideal_views
from icp_helpers.analysis.sensitivity import try_weights

WEIGHTS = {"value": 0.6, "retention": 0.4}


def labelled(seed=0, n=600, sign=1.0):
    """Ideal customers by two marks that pull together (or, with sign -1, apart); three marks that nobody has."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=n)
    ranks = {name: pd.Series(way * shared + rng.normal(0, 0.7, n)).rank(pct=True) for name, way in (("value", 1.0), ("retention", sign))}
    score = sum(WEIGHTS[name] * rank for name, rank in ranks.items())
    frame = pd.DataFrame({"customer_id": [f"c{i}" for i in range(n)], "score": score, "ideal": score >= score.quantile(0.75), "months": rng.uniform(0, 40, n)})
    marks = {f"mark_{name}": ranks.get(name, np.nan) for name in ("value", "retention", "satisfaction", "referrals", "ease")}
    return frame.assign(**marks), pd.Series(rng.uniform(0, 40, n), index=frame["customer_id"])


def test_the_lorenz_curve_of_equal_and_of_one_large_customer():
    equal = ideal_views.concentration(pd.Series([5.0] * 40 + [np.nan]))
    assert equal.n == 40 and equal.top_part == pytest.approx(0.2) and equal.curve["value"].is_monotonic_increasing
    few = ideal_views.concentration(pd.Series([0.0] * 37 + [7.0] * 3))
    assert few.top_part == 1.0 and not few.held
    one = ideal_views.concentration(pd.Series([0.0] * 39 + [7.0]))
    assert one.held and one.curve.empty and np.isnan(one.top_part), "it would tell of the one customer"
    for nothing in (pd.Series(dtype=float), pd.Series([np.nan] * 5), pd.Series([-3.0, 1.0]), pd.Series([4.0])):
        assert ideal_views.concentration(nothing).curve.empty


def test_the_interval_of_the_top_part_covers_the_truth():
    rng = np.random.default_rng(1)
    population = np.exp(rng.normal(0, 1, 200_000))
    truth = ideal_views.concentration(pd.Series(population), draws=1).top_part
    samples = [ideal_views.concentration(pd.Series(rng.choice(population, 300)), seed=seed, draws=200) for seed in range(60)]
    assert np.mean([one.low <= truth <= one.high for one in samples]) >= 0.85


def test_gaps_are_ordered_and_say_who_has_the_mark():
    ideal, _ = labelled()
    gaps = ideal_views.mark_gaps(ideal)
    assert gaps["mark"].tolist() == ["mark_value", "mark_retention"] and (gaps["low"] > 0).all() and (gaps["n"] == 150).all()
    turned = ideal_views.mark_gaps(ideal.assign(ideal=~ideal["ideal"]))
    assert (turned["high"] < 0).all()
    assert ideal_views.mark_gaps(ideal.iloc[:1]).empty and ideal_views.mark_gaps(ideal.iloc[:0]).empty


def test_value_and_the_other_marks_pull_together_or_apart():
    together, apart = (ideal_views.value_against_others(labelled(sign=sign)[0]) for sign in (1.0, -1.0))
    assert together["low"] > 0 > apart["high"] and together["n"] == 600
    few = ideal_views.value_against_others(labelled()[0].iloc[:4])
    assert few["n"] == 4 and np.isnan(few["low"])


def test_new_and_old_are_told_by_when_they_came_and_not_by_how_long_they_stayed():
    ideal, age = labelled()
    favoured = ideal.assign(ideal=(age < 12).to_numpy(), months=1.0)
    facts = ideal_views.new_against_old(favoured, age)
    assert facts["new_share"] == 1.0 and facts["old_share"] == 0.0 and facts["low"] > 0.9
    bands = ideal_views.tenure_shares(favoured, age)
    assert bands["customers"].sum() == 600 and bands["share"].tolist() == [1.0, 1.0, 0.0, 0.0]
    nobody = ideal_views.new_against_old(ideal.iloc[:0], age)
    assert nobody["n"] == 0 and np.isnan(nobody["difference"])


def test_the_marks_table_hands_weight_on_and_a_column_needs_none():
    ideal, _ = labelled()
    table = ideal_views.marks_table(ideal, {"value": 0.3, "retention": 0.2, "ease": 0.5}).set_index("mark")
    assert table["in_use"].to_dict() == pytest.approx({"mark_value": 0.6, "mark_retention": 0.4, "mark_satisfaction": 0, "mark_referrals": 0, "mark_ease": 0})
    assert ideal_views.marks_table(ideal, None)["in_use"].isna().all()
    assert ideal_views.marks_table(ideal.iloc[:0], None)["share"].eq(0).all()


def test_weights_are_tried_only_where_there_is_something_to_weigh():
    ideal, _ = labelled()
    marks = ideal.set_index("customer_id").filter(like="mark_").rename(columns=lambda name: name[5:])
    tried = try_weights(marks, ideal["ideal"].to_numpy(), WEIGHTS, share=0.25, seed=1)
    assert tried.tried == 40 and 0.8 < tried.same <= 1 and 0 < tried.sure <= 150
    for weights in (None, {"value": 1.0}, {"value": 0.5, "ease": 0.5}):
        assert try_weights(marks, ideal["ideal"].to_numpy(), weights, share=0.25).tried == 0
