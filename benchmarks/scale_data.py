"""The generated data of benchmarks/scale.py, made by the engine itself: nothing of it fits a small machine as a frame."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

# An order in fifty is a refund of half of one of the forty before it; days spread over four years and a half up to as_of.
ORDERS = """
    SELECT 'O' || lpad(i::VARCHAR, 9, '0') AS order_id,
           'C' || lpad((hash(i) % {customers})::VARCHAR, 8, '0') AS customer_id,
           TIMESTAMP '2022-01-01' + INTERVAL 1 minute * (hash(i * 7 + 1) % 2360000) AS ordered_at,
           round(20 + (hash(i * 13 + 5) % 100000) / 100.0, 2)::DOUBLE * CASE WHEN i % 50 = 49 THEN -0.5 ELSE 1 END AS amount,
           CASE WHEN i % 50 = 49 THEN 'O' || lpad((i - 1 - hash(i) % 40)::VARCHAR, 9, '0') END AS refund_of
    FROM range({orders}) t(i)"""

# Firms of construction with 10 to 50 people order more (the planted profile); the other traits are noise or its company.
CUSTOMERS = """
    SELECT 'C' || lpad(i::VARCHAR, 8, '0') AS customer_id,
           DATE '2021-07-01' + (hash(i * 3 + 1) % 1700)::INTEGER AS acquired_on,
           CASE WHEN hash(i * 5 + 2) % 6 = 0 THEN DATE '2026-03-01' + (hash(i) % 90)::INTEGER END AS left_on,
           ['construction', 'retail', 'transport', 'health', 'industry'][1 + (hash(i * 11 + 3) % 5)::INTEGER] AS industry,
           (1 + hash(i * 17 + 4) % 120)::INTEGER AS employees,
           ['north', 'south', 'east', 'west'][1 + (hash(i * 19 + 5) % 4)::INTEGER] AS region,
           round(exp(2 + (hash(i * 23 + 6) % 1000) / 250.0), 1) AS revenue,
           (hash(i * 29 + 7) % 3 = 0) AS web_shop,
           (hash(i * 31 + 8) % 40)::INTEGER AS years_in_business,
           ['basic', 'grown', 'advanced'][1 + (hash(i * 37 + 9) % 3)::INTEGER] AS it_maturity
    FROM range({customers}) t(i)"""

# Every fourth order is a member's, so that the members' share of the orders is far above their own.
BOUGHT = """
    SELECT o.order_id, coalesce(m.customer_id, o.customer_id) AS customer_id, o.ordered_at, o.amount, o.refund_of
    FROM (SELECT *, CASE WHEN hash(order_id) % 4 = 0 THEN 1 + hash(order_id || 'm') % {members} END AS pick FROM ({orders})) o
    LEFT JOIN (SELECT customer_id, row_number() OVER (ORDER BY customer_id) AS place FROM ({customers})
               WHERE industry = 'construction' AND employees BETWEEN 10 AND 50) m ON m.place = o.pick"""

LINES = """
    SELECT order_id, 'S' || lpad(least(hash(order_id || line) % 400, hash(line || order_id) % 400)::VARCHAR, 3, '0') AS sku,
           1 + hash(order_id) % 3 AS quantity, round(amount / 2, 2) AS amount
    FROM read_parquet('{orders}'), (SELECT unnest(['a', 'b']) AS line) WHERE amount > 0"""

MARKET = """\
name: A big market
kind: b2b
language: en
currency: EUR
timezone: Europe/Copenhagen
as_of: 2026-06-30
tables: {customers: customers.parquet, orders: orders.parquet, order_lines: order_lines.parquet}
"""


def make_orders(file: Path, orders: int, customers: int) -> None:
    """A Parquet file of orders: order_id, customer_id, ordered_at, amount, refund_of."""
    _write(ORDERS.format(orders=orders, customers=customers), file)


def make_market(folder: Path, customers: int, orders: int) -> None:
    """A market of many customers with one planted profile: market.yml, customers, orders and two lines an order."""
    folder.mkdir(parents=True, exist_ok=True)
    people, bought = CUSTOMERS.format(customers=customers), ORDERS.format(orders=orders, customers=customers)
    _write(people, folder / "customers.parquet")
    members = duckdb.sql(f"SELECT count(*) FROM ({people}) WHERE industry = 'construction' AND employees BETWEEN 10 AND 50").fetchone()[0]
    _write(BOUGHT.format(orders=bought, customers=people, members=members), folder / "orders.parquet")
    _write(LINES.format(orders=folder / "orders.parquet"), folder / "order_lines.parquet")
    (folder / "market.yml").write_text(MARKET, encoding="utf-8")


def make_baskets(file: Path, baskets: int, items: int) -> None:
    """A long table basket_id, item: some six items a basket, the rarer the higher their number; twenty pairs that belong together."""
    rng = np.random.default_rng(1)
    share = 1 / np.arange(10, items + 10)
    sizes = 1 + rng.poisson(5, baskets)
    item = rng.choice(items, sizes.sum(), p=share / share.sum())
    basket = np.repeat(np.arange(baskets), sizes)
    pair = 2 * rng.integers(0, 20, baskets // 5)
    held = rng.choice(baskets, baskets // 5, replace=False)
    table = pa.table({"basket_id": np.concatenate([basket, held, held]), "item": np.concatenate([item, pair + 100, pair + 101])})
    pq.write_table(table, file)


def make_customers(file: Path, customers: int) -> None:
    """Four groups of customers in six measures, and the group as `truth`."""
    rng = np.random.default_rng(2)
    truth = rng.choice(4, customers, p=[0.4, 0.3, 0.2, 0.1])
    middles = rng.permuted(np.tile([-2.0, -0.7, 0.7, 2.0], (6, 1)), axis=1).T
    columns = {f"measure_{place}": middles[truth, place] + rng.normal(size=customers) for place in range(6)}
    pq.write_table(pa.table({**columns, "truth": truth}), file)


def _write(select: str, file: Path) -> None:
    with duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(file.parent / "spill")}) as con:
        con.execute("SET preserve_insertion_order = false")
        con.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet)")
