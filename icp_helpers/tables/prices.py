"""At which price and how steadily customers buy, and who buys what is hard to use: Ibis expressions, a row a customer."""

from __future__ import annotations

import datetime as dt

import ibis
from ibis import _

from icp_helpers.tables.features import as_date

QUARTERS, DAYS_A_QUARTER = 4, 91
COMPLEX = 4  # of five


def price_rows(orders, *, as_of):
    """One row a customer who has ordered: `customer_id, first_on, second_on` (missing: not yet), `priced` (orders whose
    discount is known), `reduced` (of those, at a reduced price), `first_reduced` (whether one of the first day was;
    missing: not known), `quarters` (of the latest four, 91 days each, how many hold an order).

    `orders` as for `customer_features`, with `discount` where the market has it.
    """
    as_of = as_date(as_of)
    rows = _placed(orders, as_of)
    rows = rows.mutate(first_on=_.ordered_on.min().over(group_by="customer_id"), cheaper=(_.discount > 0).cast("int32"))
    ends = [as_of - dt.timedelta(days=DAYS_A_QUARTER * number) for number in range(QUARTERS + 1)]
    inside = [((_.ordered_on > ibis.date(since)) & (_.ordered_on <= ibis.date(until))).cast("int32").max()
              for until, since in zip(ends, ends[1:], strict=False)]
    counted = rows.group_by("customer_id").aggregate(
        first_on=_.ordered_on.min(), second_on=_.ordered_on.min(where=_.ordered_on > _.first_on),
        priced=_.discount.notnull().cast("int32").sum(), reduced=_.cheaper.sum().fill_null(0),
        first_reduced=_.cheaper.max(where=_.ordered_on == _.first_on),
        **{f"quarter_{number}": flag for number, flag in enumerate(inside)})
    quarters = sum((counted[f"quarter_{number}"] for number in range(1, QUARTERS)), counted["quarter_0"])
    return counted.mutate(quarters=quarters).select("customer_id", "first_on", "second_on", "priced", "reduced", "first_reduced", "quarters")


def first_touches(touches):
    """The day of each customer's first recorded touch: `customer_id, met_on`."""
    return touches.filter(_.customer_id.notnull()).group_by("customer_id").aggregate(met_on=_.at.min().date())


def complex_buyers(lines, orders, products):
    """Who has bought a product of complexity 4 or 5: `customer_id`, each once."""
    hard = lines.semi_join(products.filter(_.complexity >= COMPLEX), "sku")
    return orders.semi_join(hard, "order_id").filter(_.customer_id.notnull()).select("customer_id").distinct()


def _placed(orders, as_of):
    """The orders that are no refunds, of a known customer, known on the day: customer_id, ordered_on, discount (or missing)."""
    is_time = orders.ordered_at.type().is_timestamp()
    taken_back = orders.refund_of.notnull() if "refund_of" in orders.columns else ibis.literal(False)
    rows = orders.filter(orders.customer_id.notnull() & ~taken_back & (orders.amount >= 0).fill_null(True))
    return rows.select(
        customer_id=_.customer_id.cast("string"), ordered_on=_.ordered_at.date() if is_time else _.ordered_at,
        discount=_.discount.cast("float64") if "discount" in orders.columns else ibis.null("float64"),
    ).filter(_.ordered_on <= ibis.date(as_of.year, as_of.month, as_of.day))
