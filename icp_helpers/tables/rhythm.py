"""When customers order: Ibis expressions that stay small however many orders there are."""

from __future__ import annotations

import ibis
from ibis import _

from icp_helpers.tables.features import as_date, known_rows


def orders_by_hour(orders, *, as_of):
    """Orders placed and money by day and hour: `ordered_on, hour` (missing for dates), `orders, amount`.

    Refunds are not counted and lower the amount of their own day. `orders` as for `customer_features`.
    """
    rows = known_rows(orders, as_date(as_of)).filter(_.customer_id.notnull())
    return rows.group_by(["ordered_on", "hour"]).aggregate(
        orders=ibis.ifelse(_.is_refund, 0, 1).cast("int64").sum().cast("int64"),
        amount=ibis.ifelse(_.is_refund, -_.amount.abs(), _.amount).sum(),
    ).order_by(["ordered_on", "hour"])


def largest_customer(orders):
    """One row: the money of the customer who moved most (`largest`), and that of all together (`moved`), without signs."""
    by_customer = orders.group_by("customer_id").aggregate(net=_.amount.sum())
    return by_customer.aggregate(largest=_.net.abs().max(), moved=_.net.abs().sum())


def money_by_month(orders, *, as_of):
    """Net money by month as it was booked: `month` (its first day), `amount`, `buyers`, the money of the customer who moved
    most (`largest`), and that of all together (`moved`), both without their signs. `orders` as for `customer_features`."""
    rows = known_rows(orders, as_date(as_of)).filter(_.customer_id.notnull())
    rows = rows.mutate(month=_.ordered_on.truncate("M"), net=ibis.ifelse(_.is_refund, -_.amount.abs(), _.amount))
    by_customer = rows.group_by(["month", "customer_id"]).aggregate(net=_.net.sum())
    return by_customer.group_by("month").aggregate(
        amount=_.net.sum(), buyers=_.count(), largest=_.net.abs().max(), moved=_.net.abs().sum()).order_by("month")


def second_days(orders, *, as_of):
    """The first day a customer ordered on, and the next one: `customer_id, first_on, second_on` (missing: not yet)."""
    rows = known_rows(orders, as_date(as_of)).filter(_.customer_id.notnull() & ~_.is_refund)
    rows = rows.mutate(first_on=_.ordered_on.min().over(group_by="customer_id"))
    return rows.group_by("customer_id").aggregate(
        first_on=_.ordered_on.min(), second_on=_.ordered_on.min(where=_.ordered_on > _.first_on))
