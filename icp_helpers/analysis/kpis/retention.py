"""Churn: of the customers that were there when the quarter began, the part that was lost in it."""

from __future__ import annotations

import pandas as pd

from icp_helpers.analysis.intervals import bootstrap_t_ratio, wilson
from icp_helpers.analysis.kpis import clock
from icp_helpers.analysis.kpis.books import Books
from icp_helpers.analysis.kpis.funnel import Lag, lag_between
from icp_helpers.analysis.kpis.orders import clean_orders
from icp_helpers.analysis.kpis.rows import ALL, Reading

PAUSE = 31  # days; a contract that goes on after so short a gap was never lost
NEVER = pd.Timestamp(2200, 1, 1)
MOST = 0.8  # of the customers; subscriptions held by fewer do not say who is a customer


def dated_by(books: Books) -> str | None:
    """The table that says when customers leave: subscriptions or customers; None: only their orders' silence does.

    Subscriptions go first, unless they are held by a part of the customers only and the customers carry the dates too.
    """
    contracts = books.has("subscriptions", "customer_id", "started_on", "ended_on")
    dated = books.has("customers", "customer_id", "acquired_on", "left_on") and books.days("customers", "left_on").notna().any()
    if contracts and dated:
        held = books.texts("customers", "customer_id").isin(set(books.texts("subscriptions", "customer_id")))
        return "subscriptions" if held.mean() >= MOST else "customers"
    if contracts:
        return "subscriptions"
    known = books.has("customers", "customer_id", "acquired_on", "left_on")
    return "customers" if dated or (known and not books.has("orders", "customer_id", "ordered_at")) else None


def contract_spells(books: Books) -> tuple[pd.DataFrame, int]:
    """Spells as customers: customer_id, started_on, ended_on (NaT: still there), level. And rows set aside.

    Contracts of one customer that overlap, or follow within PAUSE days, are one spell: a renewal or a pause is no loss.
    An end after `as_of` has not happened. Set aside: no start, or an end before it.
    """
    table = dated_by(books)
    begin, end = ("started_on", "ended_on") if table == "subscriptions" else ("acquired_on", "left_on")
    raw = pd.DataFrame({"customer_id": books.texts(table, "customer_id"), "ended_on": books.days(table, end),
                        "started_on": clock.days(books.column(table, begin), books.timezone)})
    written_end = clock.days(books.column(table, end), books.timezone)
    bad = raw["started_on"].isna() | raw["customer_id"].isna() | (written_end < raw["started_on"])
    return _joined(books, raw[~bad & (raw["started_on"] <= books.as_of)], PAUSE), int(bad.sum())


def order_spells(books: Books) -> tuple[pd.DataFrame, int, Lag | None]:
    """Spells from orders: a customer is there until the silence after an order reaches the market's own lag.

    The lag is the time in which nine in ten of the repeat orders come that come at all, from the survival curve of
    the gaps, the running ones censored. None where nobody has ordered twice.
    """
    orders, _, aside = clean_orders(books)
    visits = orders[orders["kept"] & orders["customer_id"].notna()].drop_duplicates(["customer_id", "ordered_on"])
    visits = visits.sort_values(["customer_id", "ordered_on"])
    following = visits.groupby("customer_id")["ordered_on"].shift(-1)
    if not following.notna().any():
        return visits.assign(started_on=visits["ordered_on"], ended_on=pd.NaT), aside, None
    lag = lag_between(visits["ordered_on"], following, books.as_of)
    silent = visits["ordered_on"] + pd.Timedelta(days=int(lag.days) + 1)
    raw = pd.DataFrame({"customer_id": visits["customer_id"], "started_on": visits["ordered_on"],
                        "ended_on": silent.where(silent <= books.as_of)})
    return _joined(books, raw, 0), aside, lag


def _joined(books: Books, spells: pd.DataFrame, pause: int) -> pd.DataFrame:
    """Spells of one customer that touch, or nearly, made one."""
    spells = spells.sort_values(["customer_id", "started_on"], kind="stable")
    end = spells["ended_on"].fillna(NEVER)
    reached = end.groupby(spells["customer_id"]).cummax().groupby(spells["customer_id"]).shift()
    gap = spells["started_on"] - reached
    new = reached.isna() | (gap > pd.Timedelta(days=pause))
    joined = spells.assign(end=end).groupby([spells["customer_id"], new.cumsum().rename("spell")]).agg(
        started_on=("started_on", "min"), end=("end", "max")).reset_index("customer_id")
    ended = joined["end"].where(joined["end"] < NEVER)
    return joined.assign(ended_on=ended, level=books.level(joined["customer_id"])).drop(columns="end")


def churn(books: Books) -> dict[str, Reading]:
    note, short = "", None
    if dated_by(books):
        spells, aside = contract_spells(books)
    else:
        spells, aside, lag = order_spells(books)
        if lag is None or not lag.seen:
            short = "immature"
        note = "nobody has ordered twice" if lag is None else f"lost after {lag.days:.0f} days without an order"
        if lag is None:
            return {ALL: Reading(short=short, n=spells["customer_id"].nunique(), set_aside=aside, note=note)}
    window = clock.last_quarter(books.as_of)
    if len(spells) and spells["started_on"].min() >= window.end:
        ready = (spells["started_on"].min().to_period("Q") + 2).start_time.date()
        return {ALL: Reading(short="partial_period", window=window.shown, set_aside=aside, readable_on=ready,
                             note="no whole quarter yet")}
    return {level: churn_reading(rows, window, aside if level == ALL else 0, note, short)
            for level, rows in books.split(spells)}


def churn_reading(spells: pd.DataFrame, window: clock.Window, aside: int = 0, note: str = "", short=None) -> Reading:
    """Lost in the window of those there when it began. Whoever started in the window is not in it."""
    opening = (spells["started_on"] < window.start) & ~(spells["ended_on"] < window.start)
    lost = opening & (spells["ended_on"] < window.end)
    n, hits = int(opening.sum()), int(lost.sum())
    low, high = wilson(hits, n)
    return Reading(hits / n if n else None, low, high, n, hits, n, window.shown, short if n else None, None, aside, note)


def churn_revenue(books: Books) -> dict[str, Reading]:
    """What was lost or cut of the monthly amount that was running when the quarter began; growth does not offset it."""
    if not books.has("subscriptions", "customer_id", "started_on", "ended_on", "monthly_amount"):
        return {ALL: Reading(short="not_supplied", note="monthly_amount")}
    window = clock.last_quarter(books.as_of)
    start, end = books.days("subscriptions", "started_on"), books.days("subscriptions", "ended_on")
    rows = pd.DataFrame({"customer_id": books.texts("subscriptions", "customer_id")})
    amount = books.numbers("subscriptions", "monthly_amount").fillna(0.0)
    rows["opening"] = amount.where((start < window.start) & ~(end < window.start), 0.0)
    rows["closing"] = amount.where((start < window.end) & ~(end < window.end), 0.0)
    sums = rows.groupby("customer_id").sum()
    sums = sums[sums["opening"] > 0]
    lost = (sums["opening"] - sums["closing"]).clip(lower=0)
    total = sums["opening"].sum()
    low, high = bootstrap_t_ratio(lost, sums["opening"], books.market.seed)
    return {ALL: Reading(lost.sum() / total if total else None, low, high, len(sums), lost.sum(), total, window.shown)}
