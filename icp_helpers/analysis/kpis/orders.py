"""Orders with their refunds booked to them, in one currency, and what an order is worth on average."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_helpers.analysis.intervals import bootstrap_t_ratio
from icp_helpers.analysis.kpis import clock
from icp_helpers.analysis.kpis.books import Books, once
from icp_helpers.analysis.kpis.rows import MINIMUM, Reading

GIVEN_BACK_IN_FULL = 0.005  # less than half an oere left of an order is nothing left


class NoRateError(Exception):
    """An amount is in a currency for which no rate is known on that day; the KPI that needs it is refused."""


def in_market_currency(books: Books, table: str, amounts: pd.Series, days: pd.Series) -> pd.Series:
    """Amounts in the market's currency; one without a currency is in it already.

    A table `rates` (currency, date, rate: worth of one unit in the market's currency) gives the latest rate on or
    before the day. Without such a rate nothing is added up: raises NoRateError naming the currency.
    """
    currency = books.texts(table, "currency").str.strip().str.upper().fillna(books.market.currency)
    foreign = (currency != books.market.currency) & amounts.notna() & days.notna()
    if not foreign.any():
        return amounts
    if not books.has("rates", "currency", "date", "rate"):
        raise NoRateError(", ".join(sorted(set(currency[foreign]))))
    rates = pd.DataFrame({"currency": books.texts("rates", "currency").str.strip().str.upper(),
                          "day": books.days("rates", "date"), "rate": books.numbers("rates", "rate")}).dropna()
    asked = pd.DataFrame({"currency": currency, "day": days})[foreign].reset_index(names="row").sort_values("day")
    found = pd.merge_asof(asked, rates.sort_values("day"), on="day", by="currency").set_index("row")["rate"]
    if found.isna().any():
        raise NoRateError(", ".join(sorted(set(currency[found.index[found.isna()]]))))
    return amounts.where(~foreign, amounts * found.reindex(amounts.index))


def clean_orders(books: Books) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Orders (customer_id, unit, ordered_on, net, refunded, kept, level), stray refunds (the same), rows set aside.

    As in `tables.features`: a row with `refund_of` or an amount below zero is a refund, whatever its sign; it is
    booked to its order, on the order's day and at its rate. `kept` marks orders that count: not given back in full,
    and not of amount zero. Set aside: no date, no amount, an id that was there before, an amount of zero.
    """
    orders, stray, aside = _net_orders(books)
    return *(rows.assign(level=books.level(rows["customer_id"])) for rows in (orders, stray)), aside


@once
def _net_orders(books):
    order_id = books.texts("orders", "order_id")
    day = clock.days(books.column("orders", "ordered_at"), books.timezone)
    customer, refund_of = books.texts("orders", "customer_id"), books.texts("orders", "refund_of")
    first_day = day.groupby(order_id).min().astype("datetime64[us]")
    rated_on = pd.Series(first_day.reindex(refund_of).array, index=day.index).fillna(day)
    amount = in_market_currency(books, "orders", books.numbers("orders", "amount"), rated_on.where(day <= books.as_of))
    rows = pd.DataFrame({"order_id": order_id, "customer_id": customer, "ordered_on": day, "amount": amount, "refund_of": refund_of})
    rows["unit"] = customer.where(customer.notna(), "order " + pd.Series(rows.index.astype(str), rows.index))
    refund = refund_of.notna() | (amount < 0)
    twice = order_id.notna() & order_id.duplicated() & ~refund
    bad = day.isna() | amount.isna() | twice
    known = ~bad & (day <= books.as_of)
    orders, refunds = rows[known & ~refund], rows[known & refund]
    back = refunds["amount"].abs().groupby(refunds["refund_of"]).sum()
    refunded = orders["order_id"].map(back).astype(float).fillna(0.0)
    net = orders["amount"] - refunded
    kept = (orders["amount"] > 0) & ((refunded == 0) | (net >= GIVEN_BACK_IN_FULL))
    stray = refunds[~refunds["refund_of"].isin(orders["order_id"])]
    return (orders.assign(net=net, refunded=refunded, kept=kept),
            stray.assign(net=-stray["amount"].abs(), refunded=stray["amount"].abs(), kept=False),
            int(bad.sum() + (orders["amount"] == 0).sum()))


def order_window(books: Books):
    """The kept orders and the stray refunds of the window that is read, that window, and rows set aside."""
    orders, stray, aside = clean_orders(books)
    orders = orders[orders["kept"]]
    used, window = clock.recent_enough(orders["ordered_on"], clock.last_year(books.as_of), MINIMUM)
    return orders[used], stray[window.holds(stray["ordered_on"])], window, aside


def aov(books: Books) -> dict[str, Reading]:
    """The mean order. A refund whose order is not in the table lowers the sum: the money did go back."""
    orders, stray, window, aside = order_window(books)
    strays = dict(books.split(stray))
    return {level: _mean_order(rows, strays[level], window, aside if level == "all" else 0, books.market.seed)
            for level, rows in books.split(orders)}


def _mean_order(orders: pd.DataFrame, stray: pd.DataFrame, window, aside: int, seed: int) -> Reading:
    by_unit = pd.concat([orders, stray]).groupby("unit").agg(net=("net", "sum"), orders=("kept", "sum"))
    by_unit = by_unit[by_unit["orders"] > 0]  # whoever has refunds alone bought nothing in this window
    count, total = int(by_unit["orders"].sum()), by_unit["net"].sum()
    if not count:
        return Reading(set_aside=aside)
    low, high = bootstrap_t_ratio(by_unit["net"], by_unit["orders"], seed)
    return Reading(total / count, low, high, len(by_unit), total, count, window.shown, set_aside=aside)


def aov_median(books: Books) -> dict[str, Reading]:
    """The median order; its limits are the orders at the ranks 1/2 -+ the error of a share of one half, with customers
    as the independent ones (Woodruff 1952)."""
    orders, _, window, _ = order_window(books)

    def reading(rows):
        count, n = len(rows), rows["unit"].nunique()
        if n < 2:
            return Reading(rows["net"].median() if count else None, None, None, n, None, count, window.shown)
        off = (rows["net"] <= rows["net"].median()).groupby(rows["unit"]).agg(["sum", "size"])
        off = off["sum"] - 0.5 * off["size"]
        half = 1.96 * np.sqrt(n / (n - 1) * (off**2).sum()) / count
        low, value, high = rows["net"].quantile([max(0, 0.5 - half), 0.5, min(1, 0.5 + half)])
        return Reading(value, low, high, n, None, count, window.shown)

    return {level: reading(rows) for level, rows in books.split(orders)}


def top_order(books: Books) -> dict[str, Reading]:
    """What part of the amount one order makes: where it is large, the mean says little."""
    orders, _, window, _ = order_window(books)
    total = orders["net"].sum()
    if not len(orders):
        return {"all": Reading()}
    share = orders["net"].max() / total
    return {"all": Reading(share, share, share, orders["unit"].nunique(), orders["net"].max(), total, window.shown,
                           note="as it was: no limits")}
