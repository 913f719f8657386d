"""Tables made from others: orders from order lines, and customers from those who ordered."""

from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.engine import SQL_TYPES, View, name, text
from icp_helpers.tables.judging import WHY, Judged
from icp_helpers.tables.market import Market
from icp_helpers.tables.sources import ROW

SEVERAL_CUSTOMERS = "an order with several customers"
MAKES_ORDERS = ("customer_id", "ordered_at")  # the columns that order lines need to make orders


def orders_from(lines: View, own: list) -> Judged:
    """One row an order, from the usable order lines: the first time, the sum of the amounts.

    `own` are trait columns of the lines, kept where they are the same on the whole order. An order whose lines name
    several customers is set aside.
    """
    made = {"order_id": "order_id", "customer_id": "min(customer_id)", "ordered_at": "min(ordered_at)",
            "amount": "sum(amount::DECIMAL(38, 4))::DOUBLE"}
    made |= {column: f"min({column})" for column in ("currency", "refund_of", "channel") if column in lines.columns}
    why = f"CASE WHEN min(customer_id) <> max(customer_id) THEN {text(SEVERAL_CUSTOMERS)} END"
    return _grouped(lines, "orders", "order_id", made, own, why)


def customers_from(orders: View, own: list) -> Judged:
    """One row for each customer of the usable orders (or subscriptions), with the trait columns `own` of these where
    they are constant for the customer."""
    return _grouped(orders, "customers", "customer_id", {"customer_id": "customer_id"}, own, "NULL::VARCHAR")


def computed_on_lines(market: Market) -> dict:
    """The market's expressions for orders (refund_of above all) where the order lines make them: computed line by line."""
    return dict(market.derive.get("orders", {})) if "orders" not in market.tables else {}


def _grouped(source: View, table: str, key: str, made: dict, own: list, why: str) -> Judged:
    columns = {c.name: made.get(c.name, f"NULL::{SQL_TYPES[c.type]}") for c in dictionary().tables[table].columns.values()}
    columns |= {column: f"CASE WHEN count(DISTINCT {name(column)}) = 1 THEN min({name(column)}) END" for column in own}
    listed = ", ".join(f"{sql} AS {name(column)}" for column, sql in columns.items())
    return Judged(f"SELECT min({ROW}) AS {ROW}, {listed}, {why} AS {name(WHY)} FROM {name(source.called)} "
                  f"WHERE {name(WHY)} IS NULL GROUP BY {name(key)}", {})
