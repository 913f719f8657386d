"""How long customers wait: to first value, to an answer, to a solution. Those still waiting count as still waiting."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_helpers.analysis.kpis import clock
from icp_helpers.analysis.kpis.books import Books
from icp_helpers.analysis.kpis.rows import MINIMUM, Reading
from icp_helpers.analysis.kpis.survival import kaplan_meier

HOUR = pd.Timedelta(hours=1)


def starts_of(books: Books) -> pd.Series | None:
    """The day each customer started, by customer_id: acquired_on, else the first contract, else the day it was won. Empty
    where no day is known; None where no table could tell one."""
    found = None
    for table, column in (("customers", "acquired_on"), ("subscriptions", "started_on"), ("leads", "won_on")):
        if books.has(table, "customer_id", column):
            first = books.days(table, column).groupby(books.texts(table, "customer_id")).min()
            found = first.dropna()
            if len(found):
                break
    return found


def time_to_value(books: Books) -> dict[str, Reading]:
    """The median number of days from start to the market's value event, in the market's own calendar days."""
    return _values(books, lambda waits, window, aside: wait_reading(waits, 0.5, window, aside))


def value_quantile(books: Books, share: float) -> dict[str, Reading]:
    return _values(books, lambda waits, window, aside: wait_reading(waits, share, window, aside))


def value_within(books: Books, days: int) -> dict[str, Reading]:
    """The share that has reached value by an age in days, whether or not they stayed that long."""

    def reading(waits, window, aside):
        curve = kaplan_meier(waits["waited"], waits["reached"])
        low, high = curve.limits(days)
        reached = 1 - float(curve.at(days))
        short = "immature" if curve.n and curve.longest < days else None
        ready = (waits["started"].min() + pd.Timedelta(days=days)).date() if short else None
        return Reading(reached if curve.n else None, 1 - high, 1 - low, curve.n, waits["reached"].sum(), curve.n,
                       window.shown if curve.n else None, short, ready, aside)

    return _values(books, reading)


def _values(books: Books, reading) -> dict[str, Reading]:
    event = books.market.value_event
    if not event:
        return {"all": Reading(short="not_supplied", note="value_event in market.yml")}
    started = starts_of(books)
    if started is None:
        return {"all": Reading(short="not_supplied", note="when customers started")}
    mine = books.texts("usage", "event").str.strip().str.casefold() == str(event).strip().casefold()
    reached = books.days("usage", "at")[mine].groupby(books.texts("usage", "customer_id")[mine]).min()
    waits = pd.DataFrame({"started": started, "value_on": reached.reindex(started.index)})
    early = waits["value_on"] < waits["started"]  # its start cannot be right: value came before it
    waits = waits[~early]
    waits["reached"] = waits["value_on"].notna()
    # Whoever left without value waits on: the question is how many of all who start get there, and when.
    waits["waited"] = (waits["value_on"].fillna(books.as_of) - waits["started"]).dt.days
    waits["level"] = books.level(pd.Series(waits.index, index=waits.index))
    used, window = clock.recent_enough(waits["started"], clock.last_year(books.as_of), MINIMUM)
    return {level: reading(rows, window, int(early.sum()) if level == "all" else 0)
            for level, rows in books.split(waits[used])}


def wait_reading(waits: pd.DataFrame, share: float, window: clock.Window, aside: int) -> Reading:
    """The time in which `share` of them got there. Not known yet: `immature`, and the note says what is known."""
    curve = kaplan_meier(waits["waited"], waits["reached"])
    if not curve.n:
        return Reading(set_aside=aside)
    low, high = curve.quantile_limits(share)
    value = curve.quantile(share)
    note = "" if np.isfinite(value) else f"not reached: {1 - curve.survival[-1] if len(curve.times) else 0:.0%} so far"
    short = None if np.isfinite(value) or curve.n < MINIMUM else "immature"
    return Reading(value, low, high, curve.n, waits["reached"].sum(), curve.n, window.shown, short, None, aside, note)


def response_hours(books: Books, until: str) -> dict[str, Reading]:
    """The median hours from opened_at to `until` (first_response_at or closed_at); open tickets are still waiting.

    Hours on the clock, nights and weekends in; a ticket that ends before it begins is set aside.
    """
    if not books.has("tickets", "opened_at", until):
        return {"all": Reading(short="not_supplied", note=until)}
    opened = clock.instants(books.column("tickets", "opened_at"), books.timezone)
    ended = clock.instants(books.column("tickets", until), books.timezone)
    now = (books.as_of + pd.Timedelta(days=1)).tz_localize(books.timezone).tz_convert("UTC")
    ended = ended.where(ended < now)
    bad = opened.isna() | (ended < opened)
    waits = pd.DataFrame({"opened_on": clock.days(opened, books.timezone), "reached": ended.notna(),
                          "waited": (ended.fillna(now) - opened) / HOUR,
                          "level": books.level(books.texts("tickets", "customer_id"))})[~bad & (opened < now)]
    used, window = clock.recent_enough(waits["opened_on"], clock.last_year(books.as_of), MINIMUM)
    return {level: wait_reading(rows, 0.5, window, int(bad.sum()) if level == "all" else 0)
            for level, rows in books.split(waits[used])}
