"""What a firm writes down as it works with its profile: campaigns, forecasts, types of buying, registers, and what they claim."""

import datetime as dt
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import buying_types, campaigns, registers, triangulation
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.goal_fit import goal_fit
from icp_helpers.tables.prices import complex_buyers, price_rows

AS_OF = dt.date(2026, 6, 30)


def arms(rng, gain: float, tried: int = 8, people: int = 300, won: float = 0.1) -> pd.DataFrame:
    """So many campaigns; the first adds `gain` to the share won, the others nothing."""
    rows = [(f"c{number}", arm, people, rng.binomial(people, won + gain * (number == 0 and arm == "contacted")), None)
            for number in range(tried) for arm in ("contacted", "held_out")]
    return pd.DataFrame(rows, columns=["campaign", "arm", "people", "won", "message"])


def claimed(seed: int, gain: float) -> list[str]:
    results = campaigns.campaign_results(arms(np.random.default_rng(seed), gain))
    return results.campaign[results.status.isin(["up", "down"])].tolist()


def test_a_campaign_that_works_is_found_and_none_is_where_none_works():
    assert sum("c0" in claimed(seed, 0.15) for seed in range(10)) >= 9
    assert sum(bool(claimed(seed, 0.0)) for seed in range(40)) <= 6  # 5 % of families of eight, with Holm


def test_without_holm_eight_idle_campaigns_would_often_be_claimed(monkeypatch):
    monkeypatch.setattr(campaigns, "multipletests", lambda p, method: (None, np.asarray(p)))
    assert sum(bool(claimed(seed, 0.0)) for seed in range(40)) > 6


def test_a_harmful_campaign_is_said_to_harm_and_no_hold_out_says_nothing():
    rng = np.random.default_rng(3)
    counted = arms(rng, -0.09)
    assert campaigns.campaign_results(counted).set_index("campaign").status["c0"] == "down"
    alone = campaigns.campaign_results(counted[counted.arm == "contacted"])
    assert set(alone.status) == {"no_hold_out"} and alone.gain.isna().all()
    few = campaigns.campaign_results(counted.assign(people=20, won=5))
    assert set(few.status) == {"too_few"} and campaigns.campaign_results(counted.head(0)).empty


def test_the_best_message_is_named_and_equal_ones_are_not():
    rng = np.random.default_rng(5)
    told = [("c", "contacted", 400, rng.binomial(400, share), text) for text, share in (("a", 0.08), ("b", 0.2), ("d", 0.08))]
    best = campaigns.best_options(pd.DataFrame(told, columns=["campaign", "arm", "people", "won", "message"]), "campaign", "message")
    assert best.loc[best.status == "up", "option"].tolist() == ["b"]
    equal = pd.DataFrame([("c", "contacted", 400, 40, text) for text in "ab"], columns=["campaign", "arm", "people", "won", "message"])
    assert set(campaigns.best_options(equal, "campaign", "message").status) == {"unclear"}
    assert campaigns.best_options(equal.head(1), "campaign", "message").empty  # nothing to compare it with


@pytest.mark.parametrize(("hope", "verdict"), [(0.5, "down"), (1.5, "up"), (1.0, "unclear")])
def test_hopes_that_are_too_high_or_too_low_are_seen(hope, verdict):
    rng = np.random.default_rng(7)
    expected = rng.uniform(2, 6, 40)
    told = campaigns.forecasts(pd.DataFrame({"expected": expected, "observed": hope * expected * rng.normal(1, 0.2, 40)}))
    assert ("up" if told["low"] > 1 else "down" if told["high"] < 1 else "unclear") == verdict and told["n"] == 40
    assert campaigns.forecasts(pd.DataFrame({"expected": [0.0, np.nan], "observed": [1.0, 1.0]}))["n"] == 0


def world_of_types(rng, each: int = 30) -> tuple[pd.DataFrame, pd.Series, pd.Series]:
    """Orders of customers who buy by price, out of habit, on impulse, by plan; first touches; and the truth."""
    orders, met, truth = [], {}, {}
    for number in range(4 * each):
        kind, who = ("bargain", "loyal", "impulse", "planned")[number % 4], f"C{number}"
        first = pd.Timestamp("2025-02-01") + pd.Timedelta(days=int(rng.integers(0, 60)))
        met[who], truth[who] = first - pd.Timedelta(days=1 if kind == "impulse" else int(rng.integers(20, 80))), kind
        later = [first + pd.Timedelta(days=30)] if kind == "bargain" else []
        habit = [pd.Timestamp(AS_OF) - pd.Timedelta(days=91 * quarter + 40) for quarter in range(4)] if kind == "loyal" else []
        orders += [(who, day, 100.0, 20.0 if kind == "bargain" else 0.0, None) for day in (first, *later, *habit)]
    orders.append(("C0", pd.Timestamp("2026-01-05"), -50.0, np.nan, "x"))  # a refund is no order
    frame = pd.DataFrame(orders, columns=["customer_id", "ordered_at", "amount", "discount", "refund_of"])
    return frame.assign(order_id=[f"O{row}" for row in range(len(frame))]), pd.Series(met), pd.Series(truth)


def test_ways_to_buy_are_those_that_were_planted():
    orders, met, truth = world_of_types(np.random.default_rng(2))
    rows = price_rows(ibis.memtable(orders), as_of=AS_OF).to_pyarrow().to_pandas()
    assert buying_types.buying_types(rows, met).sort_index().equals(truth.astype(object).sort_index())
    unknown = buying_types.buying_types(rows.assign(priced=0, reduced=0), None)
    assert set(unknown) == {"loyal", "other"}  # neither prices nor touches are known
    bare = price_rows(ibis.memtable(orders[["order_id", "customer_id", "ordered_at", "amount"]]), as_of=AS_OF).to_pyarrow().to_pandas()
    assert not bare.priced.any() and buying_types.reduced_prices(bare, AS_OF)["orders"] == 0


def test_shares_of_types_hide_the_rare_and_add_up():
    types = pd.Series(["loyal"] * 40 + ["impulse"] * 2 + ["other"] * 3, index=[f"C{row}" for row in range(45)])
    told = buying_types.type_shares(types, pd.Series(10.0, types.index))
    assert told.set_index("type").customers.to_dict() == {"loyal": 40, "other": 5} and told.share.sum() == pytest.approx(1)


def test_who_begins_at_a_reduced_price_and_stays_away_is_seen():
    rng = np.random.default_rng(4)
    cheap = rng.random(600) < 0.5
    back = rng.random(600) < np.where(cheap, 0.3, 0.6)
    rows = pd.DataFrame({"first_on": pd.Timestamp("2025-01-01"), "second_on": pd.Series(pd.Timestamp("2025-03-01"), range(600)).where(back),
                         "priced": 1, "reduced": cheap.astype(int), "first_reduced": cheap.astype(float)})
    told = buying_types.reduced_prices(rows, AS_OF)
    assert told["high"] < 0 and told["share"] == pytest.approx(cheap.mean()) and told["n"] == min(cheap.sum(), (~cheap).sum())
    young = rows.assign(first_on=pd.Timestamp("2026-05-01"))
    assert buying_types.reduced_prices(young, AS_OF)["n"] == 0  # they have not had half a year


def test_buyers_of_complex_products_are_counted_once():
    lines = ibis.memtable({"order_id": ["1", "1", "2", "3"], "sku": ["a", "b", "b", "c"]})
    orders = ibis.memtable({"order_id": ["1", "2", "3"], "customer_id": ["x", "x", "y"]})
    products = ibis.memtable({"sku": ["a", "b", "c"], "complexity": [5.0, 4.0, 3.0]})
    assert complex_buyers(lines, orders, products).to_pyarrow().to_pydict() == {"customer_id": ["x"]}


def test_departments_that_know_and_agree_are_those_of_this_version():
    told = pd.DataFrame({"department": ["Salg", "marketing", "product"], "version": [2.0, 1.0, np.nan],
                         "told_on": pd.to_datetime(["2026-01-01", "2026-01-01", None]), "agreed_on": pd.to_datetime(["2026-02-01", "2026-02-01", None])})
    stand = registers.approvals_stand(told, 2)
    assert stand["not_agreed"] == ["marketing", "product", "customer service"] and (stand["told"], stand["agreed"]) == (1, 1)


def test_remarks_cases_goals_and_moves_are_counted_as_they_are():
    days = pd.to_datetime(["2026-06-01", "2026-05-01", "2026-06-20"])
    remarks = pd.DataFrame({"given_on": days, "given_by": ["staff", "customer", "customer"], "answered_on": [pd.NaT, days[2], pd.NaT]})
    assert registers.feedback_counts(remarks, AS_OF) == {"employees": 1, "customers": 2, "waiting": 2, "oldest": 29}
    cases = pd.DataFrame({"title": list("abc"), "column": ["age", None, "age"], "source": ["press", "press", None], "as_of": days})
    assert registers.cases_at_hand(cases, ["age"]) == {"cases": 2, "about": 1, "dropped": 1, "columns": ["age"]}
    goals = pd.DataFrame({"kpi": ["nps", "aov"], "baseline": [10.0, 5.0], "target": [20.0, 5.0], "due": days[:2], "owner": ["x", None]})
    assert registers.goals_written(goals)["whole"] == 1  # a target that is the baseline is none
    assert registers.first_goal(goals)["name"] == "aov" and registers.first_goal(goals.head(0)) == {}
    plan = pd.DataFrame({"due": days, "first_due": [days[0], days[2], pd.NaT], "budget": [5.0, 7.0, 1.0], "first_budget": [5.0, 4.0, np.nan]})
    assert registers.plan_moves(plan) == {"tracked": 2, "later": 0, "sooner": 1, "days": 50, "budgets": 1, "money": 3.0}


def test_a_channel_is_new_only_beside_older_ones():
    seen = pd.DataFrame({"level": ["mail", "mail", "podcast"], "on": pd.to_datetime(["2024-01-01", "2026-06-01", "2026-05-01"])})
    assert registers.new_levels("channel", seen, AS_OF).level.tolist() == ["podcast"]
    assert registers.new_levels("channel", seen[seen.level == "podcast"], AS_OF).empty  # all of the history is young
    assert registers.new_levels("channel", seen, AS_OF + dt.timedelta(days=200)).empty


def reality(seed: int, sales: float, scores: float) -> pd.DataFrame:
    """What each source says of one criterion, whose members are won and satisfied so much more (or less)."""
    rng = np.random.default_rng(seed)
    inside = rng.random(400) < 0.5
    frame = pd.DataFrame({"customer_id": [f"C{row}" for row in range(400)], "size": np.where(inside, "big", "small")})
    won = rng.random(400) < 0.4 + sales * inside
    leads = frame.assign(won_on=pd.Series(pd.Timestamp("2026-01-01"), range(400)).where(won), lost_on=pd.Series(pd.Timestamp("2026-01-01"), range(400)).where(~won))
    surveys = frame.assign(score=np.clip(rng.normal(6 + 10 * scores * inside, 2), 0, 10), scale_max=10.0)
    reviews = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "rating": pd.Series(dtype=float), "about": pd.Series(dtype="str")})
    return triangulation.sources_by_criterion([Criterion("size", "in", ["big"])], frame, leads=leads, surveys=surveys, reviews=reviews)


def test_a_source_that_contradicts_the_sales_is_flagged():
    assert reality(1, 0.3, 0.2).set_index("source").says.to_dict() == {"sales": "supports", "surveys": "supports", "reviews": "unknown"}
    mixed = reality(1, 0.3, -0.2)
    assert mixed.set_index("source").says["surveys"] == "contradicts" and triangulation.agreement(mixed)["status"] == "unclear"
    assert sum((reality(seed, 0, 0).says != "unknown").any() for seed in range(20)) <= 4
    absent = triangulation.sources_by_criterion([Criterion("age", ">=", 3)], pd.DataFrame({"customer_id": ["C1"]}),
                                                leads=pd.DataFrame({"won_on": [pd.NaT], "lost_on": [pd.NaT]}), surveys=mixed.head(0).assign(
                                                    customer_id="", score=1.0, scale_max=1.0), reviews=mixed.head(0).assign(customer_id="", rating=1.0, about="own"))
    assert triangulation.agreement(absent)["status"] == "none"


def test_what_more_customers_of_the_profile_would_do_is_their_mix():
    goals = pd.DataFrame({"kpi": ["nps", "time_to_value", "churn"], "value": [20.0, 30.0, 0.05], "target": [30.0, 20.0, 0.04]})
    pairs = pd.DataFrame({"kpi": ["nps", "churn", "time_to_value"], "gap": [40.0, 0.03, -9.0], "low": [10.0, 0.01, -12.0], "high": [70.0, 0.05, -6.0],
                          "better": [True, False, True], "p_adjusted": [0.001, 0.2, 0.001], "status": "ok", "inside_n": 50, "outside_n": 400})
    told = goal_fit(goals, pairs, shift=0.1).set_index("kpi")
    assert list(told.index) == ["nps", "churn"] and told.verdict.to_dict() == {"nps": "up", "churn": "unclear"}  # a median has no mix
    assert told.loc["nps", ["projected", "least", "most"]].tolist() == [24.0, 21.0, 27.0]
    assert goal_fit(goals.assign(target=[20.0, 20.0, 0.06]), pairs).verdict.tolist() == ["found", "found"]  # reached, each in its direction
    assert goal_fit(goals, pairs.assign(status="too_few", p_adjusted=np.nan)).verdict.tolist() == ["too_few"] * 2


def test_the_interval_of_a_projection_holds_the_truth():
    rng, hits = np.random.default_rng(9), 0
    for _run in range(100):
        inside, outside = rng.normal(7, 2, 120), rng.normal(5, 2, 400)
        error = np.hypot(inside.std() / np.sqrt(120), outside.std() / np.sqrt(400))
        gap = inside.mean() - outside.mean()
        pair = SimpleNamespace(low=gap - 1.96 * error, high=gap + 1.96 * error)
        row = goal_fit(pd.DataFrame({"kpi": ["nps"], "value": [5.5], "target": [8.0]}), pd.DataFrame(
            {"kpi": ["nps"], "gap": gap, "low": pair.low, "high": pair.high, "better": True, "p_adjusted": 0.0, "status": "ok",
             "inside_n": 120, "outside_n": 400})).iloc[0]
        hits += row.least <= 5.5 + 0.1 * 2 <= row.most
    assert hits >= 90
