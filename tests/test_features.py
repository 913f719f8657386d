"""Customer features against a slow reading of the same rules, on the hard cases and on random orders."""

import datetime as dt
import math
import re
from types import SimpleNamespace

import ibis
import nbformat
import numpy as np
import pandas as pd
import pytest
from ibis import _

from icp_helpers.tables import features
from icp_helpers.tables.baskets import product_baskets
from icp_helpers.tables.features import customer_features
from icp_helpers.tables.market import REPOSITORY
from icp_helpers.tables.rhythm import second_days
from icp_helpers.tables.store import Unit

AS_OF = dt.date(2026, 6, 30)
DAYS = ["recency_days", "tenure_days", "mean_gap_days"]


def _features(orders, as_of=AS_OF):
    expression = customer_features(ibis.memtable(orders), as_of=as_of)
    assert isinstance(expression, ibis.Table)
    return expression.to_pyarrow().to_pandas().set_index("customer_id").sort_index()


def _reference(orders, as_of=AS_OF):
    """Order by order, in plain Python."""
    known = [row for row in orders.to_dict("records") if row["ordered_at"].date() <= as_of]
    is_refund = [bool(row.get("refund_of")) or row["amount"] < 0 for row in known]
    sales = {row["order_id"]: {**row, "net": row["amount"], "back": 0.0} for row, back in zip(known, is_refund, strict=True) if not back}
    made = {}

    def customer(name):
        return made.setdefault(name, {"days": [], "nets": [], "amount": 0.0, "refunded_amount": 0.0})

    for row, back in zip(known, is_refund, strict=True):
        if back and row.get("refund_of") in sales:
            sales[row["refund_of"]]["back"] += abs(row["amount"])
        elif back:
            customer(row["customer_id"])["amount"] -= abs(row["amount"])
            customer(row["customer_id"])["refunded_amount"] += abs(row["amount"])
    for sale in sales.values():
        who, net = customer(sale["customer_id"]), sale["amount"] - sale["back"]
        who["amount"] += net
        who["refunded_amount"] += sale["back"]
        if sale["back"] == 0 or net >= 0.005:
            who["days"].append(sale["ordered_at"].date())
            who["nets"].append(net)
    rows = {}
    for name, who in made.items():
        days, count = sorted(who["days"]), len(who["days"])
        rows[name] = {
            "orders": count, "amount": who["amount"], "refunded_amount": who["refunded_amount"],
            "mean_amount": who["amount"] / count if count else math.nan, "largest_amount": max(who["nets"], default=math.nan),
            "recency_days": (as_of - days[-1]).days if count else math.nan, "tenure_days": (as_of - days[0]).days if count else math.nan,
            "mean_gap_days": (days[-1] - days[0]).days / (count - 1) if count > 1 else math.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").sort_index()


def _random_orders(seed, with_refund_of=True):
    rng = np.random.default_rng(seed)
    n = 400
    sales = pd.DataFrame({
        "order_id": [f"O{i}" for i in range(n)], "customer_id": rng.choice([f"C{i}" for i in range(60)], n),
        "ordered_at": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 950 * 24 * 60, n), unit="m"),
        "amount": np.round(rng.gamma(2, 300, n), 2), "refund_of": None,
    })
    back = sales.sample(90, replace=True, random_state=seed).copy()
    share = rng.choice([1.0, 0.5, 0.2], len(back))
    back = back.assign(order_id=[f"R{i}" for i in range(len(back))], refund_of=back.order_id, amount=-(back.amount * share).round(2),
                       ordered_at=back.ordered_at + pd.Timedelta(days=9))
    back.loc[back.index[:9], "amount"] *= -1  # some systems book a refund as a positive credit note
    strays = pd.DataFrame({"order_id": ["S1", "S2"], "customer_id": ["C1", "only refunds"], "amount": [-70.0, -20.0],
                           "ordered_at": pd.Timestamp("2025-05-05 12:00"), "refund_of": ["not here", None]})
    orders = pd.concat([sales, back, strays], ignore_index=True).sample(frac=1, random_state=seed)
    return orders if with_refund_of else orders[orders.refund_of.isna()].drop(columns="refund_of")


def _agree(orders):
    ours, theirs = _features(orders), _reference(orders)
    assert list(ours.index) == list(theirs.index)
    pd.testing.assert_frame_equal(ours[theirs.columns].astype(float), theirs.astype(float), check_names=False, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("with_refund_of", [True, False])
def test_random_orders_agree_with_the_slow_reading(seed, with_refund_of):
    _agree(_random_orders(seed, with_refund_of))


def _orders(*rows):
    frame = pd.DataFrame(rows, columns=["order_id", "customer_id", "ordered_at", "amount", "refund_of"])
    return frame.assign(ordered_at=pd.to_datetime(frame.ordered_at, format="ISO8601"))


def test_days_are_calendar_days_over_leap_day_and_the_nights_the_clock_changes():
    made = _features(_orders(
        ("1", "leap", "2024-02-28 23:59", 10.0, None), ("2", "leap", "2024-03-01 00:01", 10.0, None),
        ("3", "spring", "2026-03-28 23:30", 10.0, None), ("4", "spring", "2026-03-30 00:30", 10.0, None),
        ("5", "autumn", "2025-10-25 02:30", 10.0, None), ("6", "autumn", "2025-10-26 02:30", 10.0, None),
    ))
    assert made.mean_gap_days.to_dict() == {"leap": 2, "spring": 2, "autumn": 1}
    assert made.recency_days["spring"] == 92 and made.tenure_days["leap"] == 853


def test_one_order_has_no_gap_and_a_full_refund_leaves_no_order():
    made = _features(_orders(("1", "one", "2026-06-30 23:59", 10.0, None), ("2", "given back", "2026-01-05", 50.0, None),
                             ("3", "given back", "2026-01-20", -50.0, "2"), ("4", "twice", "2026-01-05", 50.0, None),
                             ("5", "twice", "2026-01-20", -20.0, "4"), ("6", "twice", "2026-01-21", -30.0, "4")))
    assert made.orders.to_dict() == {"one": 1, "given back": 0, "twice": 0}
    assert made.amount.to_dict() == {"one": 10, "given back": 0, "twice": 0}
    assert made.loc["one", "recency_days"] == 0 and math.isnan(made.loc["one", "mean_gap_days"])
    assert made.loc["given back", ["first_on", "last_on"]].isna().all() and made.loc["given back", DAYS].isna().all()


def test_what_happens_after_the_day_is_not_known_yet():
    orders = _orders(("1", "a", "2026-06-01", 100.0, None), ("2", "a", "2026-07-01", 40.0, None), ("3", "a", "2026-07-02", -100.0, "1"))
    made = _features(orders)
    assert made.loc["a", "orders"] == 1 and made.loc["a", "amount"] == 100
    assert _features(orders, dt.date(2026, 7, 2)).loc["a", "amount"] == 40


def test_a_refund_booked_on_nobody_belongs_to_the_order_it_takes_back():
    made = _features(_orders(("1", "a", "2026-06-01", 100.0, None), ("2", None, "2026-06-09", -30.0, "1")))
    assert made.index.tolist() == ["a"] and made.amount["a"] == 70 and made.refunded_amount["a"] == 30


def test_dates_an_absent_refund_column_and_an_empty_table_are_enough():
    orders = pd.DataFrame({"order_id": ["1"], "customer_id": ["a"], "ordered_at": [dt.date(2026, 6, 1)], "amount": [5]})
    assert _features(orders).loc["a", "recency_days"] == 29
    schema = {"order_id": "string", "customer_id": "string", "ordered_at": "timestamp", "amount": "float64", "refund_of": "string"}
    assert customer_features(ibis.memtable([], schema=schema), as_of=AS_OF).to_pyarrow().num_rows == 0


def test_the_same_expression_becomes_sql_of_other_engines_without_a_distinct_count():
    schema = {"order_id": "string", "customer_id": "string", "ordered_at": "timestamp", "amount": "decimal(18, 2)", "refund_of": "string"}
    expression = customer_features(ibis.table(schema, name="orders"), as_of=AS_OF)
    for dialect in ("duckdb", "postgres", "bigquery", "snowflake"):
        sql = ibis.to_sql(expression, dialect=dialect).upper()
        assert "DISTINCT" not in sql and "FROM" in sql


@pytest.mark.parametrize("ids", [str, int])
def test_a_frame_worked_by_hand(ids):
    """Every column of the design; numbered orders have a refund_of with gaps, which a frame holds as 1.0."""
    orders = pd.DataFrame({
        "order_id": [1, 2, 3, 4, 5, 6], "customer_id": [7, 7, 7, 7, 8, 8], "currency": "EUR", "channel": "web",
        "ordered_at": pd.to_datetime(["2025-01-10 08:00", "2025-06-30 12:00", "2025-07-01 12:00", "2025-07-09 00:00", "2026-06-30 23:59", "2026-07-01 00:00"]),
        "amount": [100.0, 60.0, 50.0, -40.0, 12.5, 99.0], "refund_of": [None, None, None, 1, None, None]})
    if ids is str:
        orders[["order_id", "customer_id"]] = orders[["order_id", "customer_id"]].astype(str)
        orders["refund_of"] = orders.refund_of.map({1.0: "1"})
    made = _features(orders)
    seven, eight = made.loc[ids(7)].to_dict(), made.loc[ids(8)].to_dict()
    assert made.columns.tolist() == list(features.MEASURES) and len(made) == 2
    assert seven == {
        "first_on": dt.date(2025, 1, 10), "last_on": dt.date(2025, 7, 1), "orders": 3, "amount": 170.0, "mean_amount": 170 / 3,
        "largest_amount": 60.0, "refunded_amount": 40.0, "recency_days": 364, "tenure_days": 536, "mean_gap_days": 86.0,
        "orders_last_year": 1, "amount_last_year": 50.0}
    assert eight["orders"] == 1 and eight["amount"] == 12.5 and eight["recency_days"] == 0 and math.isnan(eight["mean_gap_days"])


ORDER_SIZED = re.compile(r"""\.frame\(["'](orders|order_lines)["']\)""")


def test_order_tables_never_pass_through_pandas_whole_on_the_way_to_the_profile():
    """Steps 01 to 10 ask the engine. The KPIs (11) and the monthly sales (12) count in frames."""
    for notebook in sorted((REPOSITORY / "notebooks").glob("[01]*.ipynb")):
        source = "\n".join(cell["source"] for cell in nbformat.read(notebook, as_version=4).cells)
        assert not ORDER_SIZED.search(source) or notebook.name[:2] in ("11", "12"), notebook.name
    for module in [*(REPOSITORY / "icp_helpers" / "tables").glob("*.py"), *(REPOSITORY / "icp_helpers" / "analysis").rglob("*.py")]:
        assert not ORDER_SIZED.search(module.read_text(encoding="utf-8")), module.name


def test_what_leaves_the_engine_is_a_row_a_customer_a_day_or_a_product_of_a_sampled_order(monkeypatch):
    """Every frame that the expressions hand over is counted: none has a row an order."""
    orders = ibis.memtable(_random_orders(3))
    lines = orders.filter(_.refund_of.isnull()).select("order_id", sku="customer_id", quantity="amount")
    rows = []
    original = ibis.Table.to_pyarrow
    monkeypatch.setattr(ibis.Table, "to_pyarrow", lambda table, **how: rows.append((made := original(table, **how)).num_rows) or made)
    customer_features(orders, as_of=AS_OF).to_pyarrow()
    second_days(orders, as_of=AS_OF).to_pyarrow()
    product_baskets(lines, most=50)
    assert len(rows) == 3 and max(rows) < 120 and orders.count().to_pyarrow().as_py() > 490


@pytest.mark.parametrize("broken", ["a given-back order still counts", "the day is not looked at"])
def test_the_comparison_notices_a_broken_rule(monkeypatch, broken):
    if broken == "the day is not looked at":
        original = features.known_rows
        monkeypatch.setattr(features, "known_rows", lambda orders, as_of: original(orders, dt.date(2030, 1, 1)))
    else:
        monkeypatch.setattr(features, "GIVEN_BACK_IN_FULL", -1.0)
    with pytest.raises(AssertionError):
        _agree(_random_orders(1))


@pytest.mark.parametrize(("zone", "day"), [("Europe/Copenhagen", dt.date(2026, 1, 2)), ("America/New_York", dt.date(2026, 1, 1))])
def test_a_time_with_a_zone_falls_on_the_day_of_the_market(tmp_path, monkeypatch, zone, day):
    monkeypatch.setenv("ICP_STAGE", str(tmp_path))
    (tmp_path / "tables").mkdir()
    late = pd.DataFrame({"order_id": ["1"], "customer_id": ["a"], "ordered_at": pd.to_datetime(["2026-01-01 23:30Z"]), "amount": [10.0]})
    late.to_parquet(tmp_path / "tables" / "orders.parquet")
    orders = Unit(SimpleNamespace(slug="byg", timezone=zone)).table("orders")
    assert customer_features(orders, as_of=AS_OF).to_pyarrow().to_pylist()[0]["first_on"] == day
