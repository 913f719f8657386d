"""The book of customers: shares that add up, a season that is not growth, waiting that is not counted as leaving."""

import datetime as dt

import ibis
import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import buying
from icp_helpers.tables.features import customer_features, join_features
from icp_helpers.tables.rhythm import orders_by_hour, second_days

AS_OF = pd.Timestamp("2026-06-30")


def _frame(expression):
    return expression.to_pyarrow().to_pandas()


def test_shares_add_up_and_small_groups_are_never_shown_alone():
    rng = np.random.default_rng(1)
    level = rng.choice(["a", "b", "c", "d", "e", "f", "g", "h", None], 300, p=[.3, .2, .15, .1, .08, .06, .05, .05, .01])
    features = pd.DataFrame({"customer_id": range(300), "trait": level, "amount": rng.gamma(1, 100, 300)})
    features.loc[:1, "trait"] = "two of them"
    shares = buying.shares_by_level(features, "trait")
    assert shares.customers.sum() == 300 and shares.customers.min() >= 5 and len(shares) <= 7
    assert shares.customer_share.sum() == pytest.approx(1) and shares.amount_share.sum() == pytest.approx(1)
    assert shares.amount.sum() == pytest.approx(features.amount.sum()) and "two of them" not in set(shares.level)
    yes_no = buying.shares_by_level(features.assign(trait=features.trait == "a"), "trait")
    assert set(yes_no.level) == {"True", "False"} and yes_no.customers.sum() == 300


def _hours(rate):
    days = pd.date_range("2024-07-01", "2026-06-30")
    orders = np.random.default_rng(2).poisson([rate(day, number) for number, day in enumerate(days)])
    return pd.DataFrame({"ordered_on": days.date, "hour": 10, "orders": orders, "amount": 1.0})


def test_growth_of_the_book_is_no_season_and_a_december_peak_is_one():
    first = pd.date_range("2024-07-01", "2026-06-30")
    present = pd.DataFrame({"first": first, "last": AS_OF})
    growing = buying.month_index(_hours(lambda day, number: 0.2 * (number + 1)), present, AS_OF)
    assert ((growing.low <= 1) & (growing.high >= 1)).mean() > 0.8
    peak = buying.month_index(_hours(lambda day, number: 0.2 * (number + 1) * (1.6 if day.month == 12 else 1)), present, AS_OF)
    december = peak.set_index("month").loc[12]
    assert december.low > 1.2 and december["index"] == peak["index"].max() and peak.years.eq(2).all()
    naive = buying.month_index(_hours(lambda day, number: 0.2 * (number + 1)), present.assign(first=first[0]), AS_OF)
    assert not ((naive.low <= 1) & (naive.high >= 1)).all()


def test_less_than_a_year_and_no_orders_have_no_season():
    hours = _hours(lambda day, number: 1).tail(200)
    present = pd.DataFrame({"first": [AS_OF], "last": [AS_OF]})
    assert buying.month_index(hours, present, AS_OF).empty and buying.month_index(hours.head(0), present.head(0), AS_OF).empty


def test_who_has_ordered_once_is_still_waiting_and_who_left_stopped_waiting():
    orders = pd.DataFrame({
        "order_id": list("123456"), "customer_id": ["a", "a", "b", "c", "c", "c"], "amount": [10.0, 10, 10, 10, 10, -10],
        "ordered_at": pd.to_datetime(["2026-01-01 09:00", "2026-01-11 09:00", "2026-06-20 09:00", "2026-02-01 09:00", "2026-02-01 17:00",
                                      "2026-02-09 12:00"])})
    seen = _frame(second_days(ibis.memtable(orders), as_of=AS_OF))
    buyers = pd.DataFrame({"customer_id": ["a", "b", "c"], "left_on": [pd.NaT, pd.NaT, pd.Timestamp("2026-03-03")]})
    waits = buying.waiting_times(seen.sort_values("customer_id"), buyers, AS_OF)
    assert waits.days.tolist() == [10, 10, 30] and waits.again.tolist() == [True, False, False]
    assert buying.waiting_times(None, buyers.head(0), AS_OF).empty


def test_orders_by_hour_count_orders_and_let_refunds_lower_the_money():
    orders = pd.DataFrame({"order_id": ["1", "2", "3"], "customer_id": ["a", "a", "b"], "amount": [10.0, -4.0, 5.0],
                           "ordered_at": pd.to_datetime(["2026-03-29 03:30", "2026-03-29 03:50", "2026-07-09 03:30"])})
    hours = _frame(orders_by_hour(ibis.memtable(orders), as_of=AS_OF))
    assert hours[["hour", "orders", "amount"]].to_numpy().tolist() == [[3, 1, 6]] and hours.ordered_on[0] == dt.date(2026, 3, 29)


def test_the_same_customers_are_compared_and_newcomers_do_not_make_a_trend():
    rng = np.random.default_rng(3)
    n = 120
    now = pd.DataFrame({"customer_id": range(n), "acquired_on": pd.Timestamp("2023-01-01"), "left_on": pd.NaT, "first_on": pd.NaT,
                        "amount_last_year": rng.gamma(4, 25, n)})
    ago = now[["customer_id"]].assign(amount_last_year=rng.gamma(4, 25, n))
    flat = buying.year_on_year(now, ago, AS_OF)
    assert flat["low"] < 0 < flat["high"] and flat["n"] == n
    more = buying.year_on_year(now.assign(amount_last_year=now.amount_last_year * 1.5), ago, AS_OF)
    less = buying.year_on_year(now.assign(amount_last_year=now.amount_last_year * 0.5), ago, AS_OF)
    assert more["low"] > 0 > less["high"]
    newcomers = now.assign(acquired_on=pd.Timestamp("2025-09-01"))
    assert buying.year_on_year(newcomers, ago, AS_OF)["n"] == 0


def test_the_money_of_the_best_fifth_and_of_all_fifths():
    features = pd.DataFrame({"customer_id": range(100), "orders": 1, "recency_days": 5, "amount": [900.0] * 20 + [10.0] * 80})
    share, low, high = buying.top_share(features.amount)
    assert share == pytest.approx(18000 / 18800) and low <= share <= high
    assert buying.fifths(features).amount_share.sum() == pytest.approx(1) and buying.fifths(features).customers.tolist() == [20] * 5
    curve = buying.lorenz(features.amount)
    eighty = curve.set_index(curve.customers.round(9)).amount[0.8]
    assert eighty == pytest.approx(800 / 18800) and curve.amount.iloc[-1] == pytest.approx(1)


def test_features_are_joined_one_to_one_and_who_never_ordered_stays():
    customers = pd.DataFrame({"customer_id": ["a", "b"], "left_on": [pd.NaT, pd.NaT], "employees": [3, 4]})
    orders = pd.DataFrame({"order_id": ["1"], "customer_id": ["a"], "ordered_at": [AS_OF], "amount": [5.0]})
    bought = _frame(customer_features(ibis.memtable(orders), as_of=AS_OF))
    features = join_features(customers, bought).set_index("customer_id")
    assert features.orders.to_dict() == {"a": 1, "b": 0} and features.amount["b"] == 0 and pd.isna(features.recency_days["b"])
    assert join_features(customers, None).orders.isna().all()
    with pytest.raises(pd.errors.MergeError):
        join_features(pd.concat([customers, customers]), bought)
