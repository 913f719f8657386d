"""Who is ideal: fair to new customers, honest about marks that are not there, and the same answer for the same rate."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from icp_helpers.analysis import marks as marks_module
from icp_helpers.analysis.ideal import mark_customers, marks_of, outcome_labels, score_ideal, weights_in_use
from icp_helpers.analysis.marks import customer_spans, rank01, retention
from icp_helpers.analysis.sensitivity import criteria_survival, pareto_front, weightings
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.market import Ideal

AS_OF = dt.date(2026, 6, 30)
WEIGHTS = {"value": 0.3, "retention": 0.25, "satisfaction": 0.2, "referrals": 0.15, "ease": 0.1}
NONE = pd.DataFrame()


def market(**ideal):
    return SimpleNamespace(as_of=AS_OF, ideal=Ideal(**ideal))


def world(seed, n=1500, *, contract=True):
    """Customers who came over four years, each with a quality that shows in all five marks, behind much noise."""
    rng = np.random.default_rng(seed)
    quality = rng.normal(size=n)
    size = rng.normal(size=n)
    age = rng.uniform(1, 48, n)
    stay = rng.exponential(30 * np.exp(0.9 * quality))
    lived = np.minimum(age, stay)
    started = pd.Timestamp(AS_OF) - pd.to_timedelta((age * 30.44).round(), unit="D")
    ended = started + pd.to_timedelta((stay.clip(max=600) * 30.44).round(), unit="D")
    orders = rng.poisson(lived * np.exp(0.3 * quality)) + 1
    ids = [f"c{i}" for i in range(n)]
    features = pd.DataFrame({
        "customer_id": ids, "acquired_on": started.date,
        "left_on": [day.date() if day <= pd.Timestamp(AS_OF) and contract else None for day in ended],
        "first_on": started.date, "last_on": (started + pd.to_timedelta((lived * 30.44).round(), unit="D")).date, "orders": orders,
        "amount": lived * np.exp(0.5 * quality + 0.8 * size + rng.normal(0, 0.4, n)) * 1000,
        "mean_gap_days": np.where(orders > 1, lived * 30.44 / np.maximum(orders - 1, 1), np.nan),
    })  # fmt: skip
    answered = rng.random(n) < 0.5
    surveys = pd.DataFrame({"customer_id": np.array(ids)[answered], "kind": "nps", "asked_on": AS_OF, "scale_max": 10.0,
                            "score": np.clip(7 + 1.5 * quality[answered] + rng.normal(0, 1.5, answered.sum()), 0, 10).round()})  # fmt: skip
    brought = np.repeat(ids, rng.poisson(0.02 * lived * np.exp(quality)))
    referrals = pd.DataFrame({"referrer_id": brought, "referred_id": [f"r{i}" for i in range(len(brought))], "referred_on": AS_OF})
    cases = np.repeat(ids, rng.poisson(0.2 * lived * np.exp(-0.7 * quality)))
    tickets = pd.DataFrame({"customer_id": cases, "opened_at": pd.Timestamp(AS_OF)})
    return SimpleNamespace(features=features, surveys=surveys, referrals=referrals, tickets=tickets, age=age,
                           best=pd.Series(quality >= np.quantile(quality, 0.75)).to_numpy())  # fmt: skip


def marked(w, **ideal):
    return mark_customers(w.features, w.surveys, w.referrals, w.tickets, market(**ideal))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_marks_a_month_find_the_best_better_than_totals_to_date(seed):
    w = world(seed)
    features = w.features
    counts = [table.value_counts().reindex(features["customer_id"], fill_value=0).to_numpy() for table in (w.referrals["referrer_id"], w.tickets["customer_id"])]
    kept = pd.to_datetime(features["left_on"]).fillna(pd.Timestamp(AS_OF)) - pd.to_datetime(features["acquired_on"])
    answers = w.surveys.groupby("customer_id")["score"].mean().reindex(features["customer_id"]).to_numpy()
    totals = pd.DataFrame({"value": features["amount"], "retention": kept.dt.days, "satisfaction": answers, "referrals": counts[0], "ease": -counts[1]})
    by_totals = score_ideal(totals.apply(rank01), WEIGHTS, 0.25)["score"]
    by_marks = marked(w, weights=WEIGHTS)["score"]
    assert roc_auc_score(w.best, by_marks) > roc_auc_score(w.best, by_totals) + 0.03
    assert roc_auc_score(w.best, by_marks) > roc_auc_score(w.best, rank01(features["amount"])) + 0.05


@pytest.mark.parametrize("contract", [True, False])
def test_new_customers_are_as_often_ideal_as_they_are_good(contract):
    w = world(4, 4000, contract=contract)
    ideal = marked(w, weights=WEIGHTS)["ideal"].to_numpy()
    new = w.age < 12
    assert ideal[new].mean() == pytest.approx(ideal[~new].mean(), abs=0.07)


def test_retention_that_ignores_censoring_would_punish_new_customers(monkeypatch):
    """Mutation: with plain time as a customer, ranked among all, the year's newcomers are hardly ever ideal."""
    w = world(4, 4000)
    monkeypatch.setattr(marks_module, "retention", lambda spans: spans.frame["months"])
    monkeypatch.setattr(marks_module, "peers", lambda age: np.zeros(len(age), int))
    ideal = marked(w, weights={"retention": 1.0})["ideal"].to_numpy()
    assert ideal[w.age < 12].mean() < 0.02


def test_rates_of_rare_events_ranked_among_all_would_favour_the_old(monkeypatch):
    """Mutation: without peers, whoever had longer to bring a referral is more often ideal."""
    w = world(4, 4000)
    fair = marked(w, weights={"referrals": 1.0})["mark_referrals"].to_numpy()
    monkeypatch.setattr(marks_module, "peers", lambda age: np.zeros(len(age), int))
    unfair = marked(w, weights={"referrals": 1.0})["mark_referrals"].to_numpy()
    new = w.age < 12
    assert abs(fair[new].mean() - fair[~new].mean()) < 0.01
    assert unfair[~new].mean() - unfair[new].mean() > 0.03


def test_the_same_rate_gives_the_same_mark_whatever_the_tenure():
    features = pd.DataFrame({"customer_id": list("abcd"), "acquired_on": [dt.date(2022, 7, 1), dt.date(2025, 7, 1), dt.date(2026, 6, 1), dt.date(2025, 7, 1)],
                             "left_on": None, "amount": [48_000.0, 12_000.0, 3_000.0, 100.0]})  # fmt: skip
    marks = mark_customers(features, NONE, NONE, NONE, market(weights=WEIGHTS))
    rate = features["amount"] / marks["months"].clip(lower=3)
    assert rate[0] == pytest.approx(rate[1], rel=0.01) and rate[2] == pytest.approx(1_000)  # the month-old's 3,000 count over three months
    assert marks["mark_value"].rank().tolist() == rate.rank().tolist()


def test_nelson_aalen_by_hand():
    features = pd.DataFrame({"customer_id": list("abcd"), "acquired_on": [dt.date(2025, 6, 30)] * 4,
                             "left_on": [dt.date(2025, 12, 30), None, None, dt.date(2026, 3, 30)]})  # fmt: skip
    np.testing.assert_allclose(retention(customer_spans(features, AS_OF)), [1 / 4 - 1, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3, 1 / 4 + 1 / 3 - 1])


def test_without_contracts_silence_counts_and_without_repeaters_nothing_does():
    w = world(5, contract=False)
    spans = customer_spans(w.features, AS_OF)
    assert spans.rule == "silence" and spans.silent_days > 0
    silent = (pd.Timestamp(AS_OF) - pd.to_datetime(w.features["last_on"])).dt.days > spans.silent_days
    np.testing.assert_array_equal(spans.frame["left"], silent | (silent.eq(False) & ((pd.Timestamp(AS_OF) - pd.to_datetime(w.features["last_on"])).dt.days == spans.silent_days)))
    few = w.features.assign(orders=1, mean_gap_days=np.nan)
    assert customer_spans(few, AS_OF).rule == "none"
    assert mark_customers(few, NONE, NONE, NONE, market(weights=WEIGHTS))["mark_retention"].isna().all()


def test_marks_that_are_not_there_hand_their_weight_on():
    w = world(6, 300)
    ideal = mark_customers(w.features, NONE, NONE, NONE, market(weights=WEIGHTS))
    assert ideal["mark_satisfaction"].isna().all() and ideal["mark_referrals"].isna().all()
    used = weights_in_use(marks_of(ideal), WEIGHTS)
    assert used == pytest.approx({"value": 0.3 / 0.55, "retention": 0.25 / 0.55})
    np.testing.assert_allclose(ideal["score"], sum(used[name] * ideal[f"mark_{name}"] for name in used))
    assert ideal["ideal"].mean() == pytest.approx(0.25, abs=0.01)


def test_no_marks_at_all_labels_nobody():
    features = pd.DataFrame({"customer_id": list("abc"), "region": ["x", "y", "z"]})
    ideal = mark_customers(features, NONE, NONE, NONE, market(weights=WEIGHTS))
    assert len(ideal) == 3 and not ideal["ideal"].any() and ideal["score"].isna().all()
    assert mark_customers(features.iloc[:0], NONE, NONE, NONE, market(weights=WEIGHTS)).empty


def test_nothing_after_the_last_day_counts():
    w = world(7, 300)
    later = dt.date(2026, 7, 1)
    more = pd.concat([w.tickets, pd.DataFrame({"customer_id": w.features["customer_id"].repeat(9), "opened_at": pd.Timestamp(later)})])
    referrals = pd.concat([w.referrals, pd.DataFrame({"referrer_id": ["c1"] * 50, "referred_id": [f"x{i}" for i in range(50)], "referred_on": later})])
    with_later = mark_customers(w.features, w.surveys, referrals, more, market(weights=WEIGHTS))
    pd.testing.assert_frame_equal(with_later, marked(w, weights=WEIGHTS))


def test_a_referral_counts_once_and_nobody_refers_herself():
    w = world(8, 50)
    once = pd.DataFrame({"referrer_id": ["c1", "c2"], "referred_id": ["x", "y"], "referred_on": AS_OF})
    again = pd.concat([once, pd.DataFrame({"referrer_id": ["c3", "c4"], "referred_id": ["x", "c4"], "referred_on": AS_OF})])
    first, second = (mark_customers(w.features, NONE, table, NONE, market(weights=WEIGHTS)) for table in (once, again))
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.parametrize("cells", [["Won", "lost", None], ["ja", "NEJ ", ""], [1, 0, np.nan], [True, False, None], ["1", "0", pd.NA], [1.0, 0.0, None]])
def test_an_outcome_column_may_say_yes_in_many_words(cells):
    features = pd.DataFrame({"customer_id": list("abc"), "acquired_on": AS_OF, "bought": pd.Series(cells, dtype=object)})
    assert outcome_labels(features, "bought").tolist() == [True, False, None]
    ideal = mark_customers(features, NONE, NONE, NONE, market(outcome="bought"))
    assert ideal["customer_id"].tolist() == ["a", "b"] and ideal["ideal"].tolist() == [True, False]


def test_an_outcome_that_cannot_be_read_is_an_error_in_a_sentence():
    features = pd.DataFrame({"customer_id": ["a", "b"], "status": ["Won", "Pending"]})
    with pytest.raises(TableError, match="'status' does not say yes or no.*'pending'.*ja/nej"):
        outcome_labels(features, "status")
    with pytest.raises(TableError, match="'bought' is missing.*status"):
        outcome_labels(features, "bought")


def test_ties_are_in_or_out_together():
    marks = pd.DataFrame({"value": [0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1, 0.1]})
    assert score_ideal(marks, {"value": 1}, 0.25)["ideal"].tolist() == [True] * 3 + [False] * 5
    assert not score_ideal(marks * 0 + 0.5, {"value": 1}, 0.25)["ideal"].any()
    assert not score_ideal(marks.iloc[3:].assign(value=[0.9] * 4 + [0.1]), {"value": 1}, 0.2)["ideal"].any()


def test_weightings_are_the_same_for_a_seed_and_tell_the_sure_from_the_unsure():
    marks = marks_of(marked(world(9, 400), weights=WEIGHTS))
    marks.loc[marks.index[0]] = 1.0
    again = weightings(marks, share=0.25, n=40, seed=3)
    pd.testing.assert_frame_equal(again.weights, weightings(marks, share=0.25, n=40, seed=3).weights)
    np.testing.assert_allclose(again.weights.sum(axis=1), 1)
    assert again.ideal.shape == (40, 400) and again.survival.iloc[0] == 1.0
    assert 0 < ((again.survival > 0) & (again.survival < 1)).mean()
    assert weightings(marks[["value"]] * np.nan, share=0.25, n=40, seed=3).weights.empty


def test_the_pareto_front_is_whom_nobody_beats_on_every_mark():
    marks = pd.DataFrame({"value": [0.9, 0.5, 0.4, 0.9, np.nan], "ease": [0.1, 0.8, 0.7, 0.1, 0.9]})
    assert pareto_front(marks).tolist() == [True, True, False, True, False]


def test_a_criterion_that_every_mark_asks_for_comes_back_and_one_of_a_single_mark_does_not():
    rng = np.random.default_rng(11)
    n = 1500
    traits = pd.DataFrame({"builder": rng.random(n) < 0.2, "noise": rng.normal(size=n), "web": rng.random(n) < 0.3})
    marks = pd.DataFrame({name: rank01(pd.Series(2.5 * traits["builder"] + rng.normal(size=n))) for name in WEIGHTS})
    own = score_ideal(marks, WEIGHTS, 0.2)["ideal"].to_numpy()
    survival = criteria_survival(traits, own, weightings(marks, share=0.2, n=12, seed=1).ideal)
    assert survival["trait"].tolist() == ["builder"] and survival["survival"].tolist() == [1.0]
    marks["value"] = rank01(pd.Series(4.0 * traits["web"] + rng.normal(size=n)))
    only_value = score_ideal(marks, {"value": 1}, 0.2)["ideal"].to_numpy()
    survival = criteria_survival(traits, only_value, weightings(marks, share=0.2, n=12, seed=1).ideal)
    assert survival.set_index("trait")["survival"]["web"] <= 0.9
    assert criteria_survival(traits.iloc[:0], own[:0], np.zeros((3, 0), bool)).empty
