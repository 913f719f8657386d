"""What each customer did, as one Ibis expression over the orders: who buys, when, how often, for how much."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
from ibis import _

from icp_helpers.tables.errors import ParameterError, TableError

# An order whose refunds leave less than half an oere of it was given back in full.
GIVEN_BACK_IN_FULL = 0.005
MEASURES = ("first_on", "last_on", "orders", "amount", "mean_amount", "largest_amount", "refunded_amount", "recency_days",
            "tenure_days", "mean_gap_days", "orders_last_year", "amount_last_year")
BOOKED = ["customer_id", "ordered_on", "net", "refunded", "kept"]


def customer_features(orders, *, as_of):
    """One row a customer, from a table of orders; nothing is executed here.

    `orders` is an Ibis table with a row an order: `order_id`, `customer_id`, `ordered_at` (date or time, local),
    `amount`, and where the market has it `refund_of`. Rows after the day `as_of` (a date) are not yet known and
    are left out, refunds among them.

    A row is a refund when `refund_of` is set or its amount is below zero; it lowers what its original order
    brought, whatever sign it is booked with, and is never an order. An order given back in full is no order
    either, and its day is not a day of purchase. A refund of an order that is not in the table lowers the amount
    of the customer it is booked on.

    Gives `customer_id, first_on, last_on` (dates), `orders`, `amount` (net of refunds), `mean_amount` (net, an
    order), `largest_amount` (net, of one order), `refunded_amount` (>= 0), `recency_days`, `tenure_days`,
    `mean_gap_days` (missing with fewer than two orders), `orders_last_year`, `amount_last_year` (the 365 days
    that end with `as_of`). A customer with refunds alone has 0 orders and no dates. TableError where `orders` is no
    Ibis table, lacks a column or has one of another type; ParameterError where `as_of` is no date.
    """
    as_of = as_date(as_of)
    _check(orders)
    booked = _net_orders(orders, as_of) if "refund_of" in orders.columns else _as_booked(known_rows(orders, as_of))
    since = ibis.literal(as_of - dt.timedelta(days=365))
    # No distinct count and no filtered aggregate: both cost an engine several times what min, max, count and sum do.
    booked = booked.filter(_.customer_id.notnull()).select(
        "customer_id", "net", "refunded",
        kept_on=ibis.ifelse(_.kept, _.ordered_on, ibis.null("date")),
        kept_net=ibis.ifelse(_.kept, _.net, ibis.null("float64")),
        recent_on=ibis.ifelse(_.kept & (_.ordered_on > since), _.ordered_on, ibis.null("date")),
        recent_net=ibis.ifelse(_.ordered_on > since, _.net, ibis.literal(0.0, "float64")),
    )
    by_customer = booked.group_by("customer_id").aggregate(
        first_on=_.kept_on.min(), last_on=_.kept_on.max(), orders=_.kept_on.count().cast("int64"),
        amount=_.net.sum(), largest_amount=_.kept_net.max(), refunded_amount=_.refunded.sum(),
        orders_last_year=_.recent_on.count().cast("int64"), amount_last_year=_.recent_net.sum(),
    )
    recency, tenure = (_days_until(as_of, by_customer[on]) for on in ("last_on", "first_on"))
    return by_customer.mutate(
        mean_amount=_.amount / _.orders.nullif(0).cast("float64"),
        recency_days=recency,
        tenure_days=tenure,
        mean_gap_days=(tenure - recency).cast("float64") / (by_customer.orders - 1).nullif(0).cast("float64"),
    ).select("customer_id", *MEASURES)


def known_rows(orders, as_of):
    """The rows known on the day `as_of`: `refund_of` present, a plain date, its hour (missing for dates), refunds marked.

    Ids keep their type; `refund_of` takes that of `order_id`, so that 7.0, as frames with gaps have it, refers to 7.
    """
    return _all_rows(orders).filter(_.ordered_on <= ibis.date(as_of.year, as_of.month, as_of.day))


def _all_rows(orders):
    amount = orders.amount.cast("float64")
    order_id = orders.order_id if "order_id" in orders.columns else ibis.null("string")
    refund_of = orders.refund_of if "refund_of" in orders.columns else ibis.null(order_id.type())
    odd_text = refund_of.type().is_string() and order_id.type().is_numeric()  # text that is no number refers to no order here
    refers_to = (refund_of.try_cast if odd_text else refund_of.cast)(order_id.type().copy(nullable=True))
    is_time = orders.ordered_at.type().is_timestamp()
    return orders.select(
        order_id=order_id,
        customer_id=orders.customer_id,
        ordered_on=orders.ordered_at.date() if is_time else orders.ordered_at,
        hour=orders.ordered_at.hour().cast("int64") if is_time else ibis.null("int64"),
        amount=amount,
        refund_of=refers_to,
        is_refund=refund_of.notnull() | (amount < 0).fill_null(False),
    )


def _as_booked(rows):
    """BOOKED of each row by itself: `net` is below zero for a refund, `kept` says that it counts as an order."""
    back = ibis.ifelse(_.is_refund, _.amount.abs(), ibis.literal(0.0, "float64"))
    net = ibis.ifelse(_.is_refund, -_.amount.abs(), _.amount)
    return rows.select("customer_id", "ordered_on", net=net, refunded=back, kept=~_.is_refund)


def _net_orders(orders, as_of):
    """BOOKED of each order with its refunds taken off, and of each refund whose order is not in the table.

    Refunds are few. Each carries the sum of all refunds of its order, and its place among them, so that one join reads
    the orders once and never groups them by id: what meets no order comes out of it alone.
    """
    rows = _all_rows(orders)
    # Marked and not filtered: by a filter an engine takes the orders for few, and keeps them instead of the refunds.
    sale = (~rows.is_refund & (rows.ordered_on <= ibis.date(as_of.year, as_of.month, as_of.day))).fill_null(False)
    sales = rows.select("customer_id", "ordered_on", "amount", sale=sale, sale_id=ibis.ifelse(sale, rows.order_id, ibis.null(rows.order_id.type())))
    refunds = known_rows(orders.filter(orders.refund_of.notnull() | (orders.amount < 0)), as_of)
    of_order = ibis.window(group_by=refunds.refund_of)
    back = refunds.select(
        "refund_of", back_to=refunds.customer_id, back_on=refunds.ordered_on, given=refunds.amount.abs(),
        back=refunds.amount.abs().sum().over(of_order), place=ibis.row_number().over(group_by=refunds.refund_of, order_by=refunds.ordered_on))
    both = sales.outer_join(back, sales.sale_id == back.refund_of).mutate(back=_.back.fill_null(0.0), stray=_.sale.isnull())
    both = both.filter(_.stray | (_.sale & (_.place.fill_null(0) == 0)))
    return both.select(
        customer_id=ibis.ifelse(_.stray, _.back_to, _.customer_id),
        ordered_on=ibis.ifelse(_.stray, _.back_on, _.ordered_on),
        net=ibis.ifelse(_.stray, -_.given, _.amount - _.back),
        refunded=ibis.ifelse(_.stray, _.given, _.back),
        kept=~_.stray & ((_.back == 0) | (_.amount - _.back >= GIVEN_BACK_IN_FULL)).fill_null(True),
    )


def join_features(customers, bought):
    """One row a customer: the frame `customers` with what each bought (customer_features as a frame, None: no orders).

    `acquired_on` and `left_on` are there afterwards, missing where they are not known. Who never ordered has 0 orders
    and an amount of 0; without orders at all these stay missing.
    Raises pandas.errors.MergeError where a customer_id occurs twice.
    """
    absent = [name for name in ("acquired_on", "left_on") if name not in customers.columns]
    customers = customers.assign(**dict.fromkeys(absent, pd.Series(pd.NaT, customers.index, dtype="datetime64[us]")))
    if bought is None:
        return customers.assign(**{name: None for name in MEASURES if name not in customers.columns})
    own = customers.drop(columns=[name for name in MEASURES if name in customers.columns])
    joined = own.merge(bought, on="customer_id", how="left", validate="1:1")
    counted = ["orders", "amount", "refunded_amount", "orders_last_year", "amount_last_year"]
    return joined.assign(**joined[counted].fillna(0))


def _days_until(day, dates):
    return ibis.date(day.year, day.month, day.day).delta(dates, unit="day").cast("int64")


def as_date(day):
    try:
        return day if type(day) is dt.date else dt.date.fromisoformat(str(day)[:10])
    except ValueError as error:
        raise ParameterError("The last day that the data cover is no date", where="as_of", found=str(day)[:40],
                             remedy="Give a date, as 2026-06-30.") from error


def _check(orders) -> None:
    """An expression fails where it is executed, far from here and in an engine's words; so its columns are looked at first."""
    if not isinstance(orders, ibis.Table):
        raise TableError("The orders are no Ibis table", where="orders", found=type(orders).__name__,
                         remedy="Make one of a frame with ibis.memtable(frame).")
    types = dict(orders.schema().items())
    for name, fits, meant in (("customer_id", lambda kind: True, "ids"), ("amount", lambda kind: kind.is_numeric(), "numbers"),
                              ("ordered_at", lambda kind: kind.is_date() or kind.is_timestamp(), "dates or times")):
        if name not in types or not (fits(types[name]) or types[name].is_null()):
            raise TableError(f"Column '{name}' is missing or does not hold {meant}", where="orders",
                             found=str(types.get(name, ", ".join(types)))[:120], remedy=f"Give the table a column '{name}' of {meant}.")
