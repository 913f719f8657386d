"""The same expressions on the engines where a firm keeps its orders: PostgreSQL and Spark give what DuckDB gives."""

import datetime as dt

import ibis
import pandas as pd
import pytest
from postgres import postgres_server
from spark import spark_session
from test_features import _random_orders

from icp_helpers.tables.baskets import product_baskets
from icp_helpers.tables.features import MEASURES, customer_features
from icp_helpers.tables.rhythm import orders_by_hour, second_days

AS_OF = dt.date(2026, 6, 30)
DATES = ["first_on", "last_on", "second_on", "ordered_on"]
EXPRESSIONS = {"customer_features": customer_features, "orders_by_hour": orders_by_hour, "second_days": second_days}


@pytest.fixture(scope="module")
def parquet(tmp_path_factory):
    """Orders with refunds, part of them of orders that are not there, amounts as DECIMAL: what a database holds."""
    file = tmp_path_factory.mktemp("orders") / "orders.parquet"
    orders = ibis.memtable(_random_orders(11))
    orders.mutate(amount=orders.amount.cast("decimal(18, 2)")).to_parquet(file)
    return file


@pytest.fixture(scope="module")
def in_postgres(parquet):
    with postgres_server() as server:
        engine = ibis.connect(server.url())
        yield engine.create_table("orders", pd.read_parquet(parquet), schema=ibis.duckdb.connect().read_parquet(parquet).schema())
        engine.disconnect()


@pytest.fixture(scope="module")
def in_spark(parquet, tmp_path_factory):
    with spark_session(tmp_path_factory.mktemp("spark")) as engine:
        yield engine.read_parquet(str(parquet), table_name="orders")


@pytest.fixture(params=["in_postgres", "in_spark"])
def orders(request):
    """The orders as a table of another engine."""
    return request.getfixturevalue(request.param)


def _frame(expression, key):
    frame = expression.to_pyarrow().to_pandas()
    for column in frame.columns.intersection(DATES):
        frame[column] = pd.to_datetime(frame[column])
    return frame.sort_values(key, ignore_index=True)


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_another_engine_gives_the_same(orders, parquet, name):
    here = EXPRESSIONS[name](ibis.duckdb.connect().read_parquet(parquet), as_of=AS_OF)
    there = EXPRESSIONS[name](orders, as_of=AS_OF)
    key = ["ordered_on", "hour"] if name == "orders_by_hour" else ["customer_id"]
    assert orders.amount.type().is_decimal() and len(_frame(here, key)) > 50
    pd.testing.assert_frame_equal(_frame(there, key), _frame(here, key), check_dtype=False, rtol=1e-9)
    money = {column: kind for column, kind in there.schema().items() if column.endswith("amount") or column == "amount_last_year"}
    assert money and all(kind.is_float64() for kind in money.values()) or name == "second_days"


def test_the_columns_are_those_of_the_design_with_their_types(orders):
    table = customer_features(orders, as_of=AS_OF).to_pyarrow()
    assert table.column_names == ["customer_id", *MEASURES]
    assert {str(table.schema.field(name).type) for name in ("orders", "orders_last_year", "recency_days", "tenure_days")} == {"int64"}
    assert {str(table.schema.field(name).type) for name in ("first_on", "last_on")} == {"date32[day]"}


def test_baskets_are_made_in_the_engine(orders):
    lines = orders.filter(orders.refund_of.isnull()).select("order_id", sku=orders.customer_id, quantity=orders.amount)
    baskets = product_baskets(lines)
    assert baskets.total == baskets.sampled == len(baskets.frame) == 400
    fewer = product_baskets(lines, most=100)
    assert fewer.total == 400 and 40 < fewer.sampled < 160
