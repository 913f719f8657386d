"""Tables made from others: orders from order lines, and customers from those who ordered."""

import ibis
from ibis import _

from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.judging import IBIS_TYPES, WHY, Judged
from icp_helpers.tables.market import Market
from icp_helpers.tables.sources import ROW

SEVERAL_CUSTOMERS = "an order with several customers"
MAKES_ORDERS = ("customer_id", "ordered_at")  # the columns that order lines need to make orders


def orders_from_lines(lines: ibis.Table, own: list) -> Judged:
    """One row an order, from the usable order lines: the first time, the sum of the amounts.

    `own` are trait columns of the lines, kept where they are the same on the whole order. An order whose lines name
    several customers is set aside.
    """
    kept = {name: lines[name].min() for name in ("currency", "refund_of", "channel") if name in lines.columns}
    kept |= {name: ibis.ifelse(lines[name].nunique() == 1, lines[name].arbitrary(), ibis.null(lines[name].type())) for name in own}
    orders = lines.group_by("order_id").aggregate(
        customer_id=_.customer_id.min(), last_customer=_.customer_id.max(), ordered_at=_.ordered_at.min(),
        amount=_.amount.cast("decimal(38, 4)").sum().cast("float64"), **{ROW: _[ROW].min()}, **kept)
    described = dictionary().tables["orders"].columns.values()
    values = {c.name: orders[c.name] if c.name in orders.columns else ibis.null(IBIS_TYPES[c.type]) for c in described}
    several = (orders.customer_id != orders.last_customer).fill_null(False)
    why = ibis.cases((several, SEVERAL_CUSTOMERS), else_=ibis.null("string"))
    return Judged(orders.select(ROW, **values, **{name: orders[name] for name in own}, **{WHY: why}), {})


def customers_from(orders: ibis.Table, own: list) -> Judged:
    """One row for each customer of the usable orders (or subscriptions), with the trait columns `own` of these where
    they are constant for the customer."""
    traits = {name: ibis.ifelse(orders[name].nunique() == 1, orders[name].arbitrary(), ibis.null(orders[name].type())) for name in own}
    who = orders.group_by("customer_id").aggregate(**{ROW: orders[ROW].min()}, **traits)
    described = dictionary().tables["customers"].columns.values()
    values = {c.name: who[c.name] if c.name in who.columns else ibis.null(IBIS_TYPES[c.type]) for c in described}
    return Judged(who.select(ROW, **values, **{name: who[name] for name in own}, **{WHY: ibis.null("string")}), {})


def computed_on_lines(market: Market) -> dict:
    """The market's expressions for orders (refund_of above all) where the order lines make them: computed line by line."""
    return dict(market.derive.get("orders", {})) if "orders" not in market.tables else {}
