"""Days and windows. A window is half-open, [start, end): what happens on its last instant belongs to the next.

Times with a zone become the market's local day; times without one are taken as local already.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from numbers import Number

import numpy as np
import pandas as pd

MONTHS_BACK = 12
ZONED = re.compile(r":\d\d.*(Z|[+-]\d\d(:?\d\d)?)\s*$")  # a text that ends in a zone, after a time
YEARS = (1000, 9998)  # a code such as 0029 reads as a year, and no calendar holds a day before or after all years


@dataclass(frozen=True)
class Window:
    """Days from `start` up to, but not with, `end`; both pandas Timestamps at midnight."""

    start: pd.Timestamp
    end: pd.Timestamp

    def holds(self, days: pd.Series) -> pd.Series:
        return (days >= self.start) & (days < self.end)

    @property
    def shown(self) -> tuple[dt.date, dt.date]:
        """The first and the last day, both in it."""
        return self.start.date(), (self.end - pd.Timedelta(days=1)).date()


def days(values: pd.Series, timezone: str) -> pd.Series:
    """Dates, times or ISO texts as local days (datetime64 at midnight); what is no date is NaT."""
    read = _read(values, timezone)
    if read.dt.tz is not None:
        read = read.dt.tz_convert(timezone).dt.tz_localize(None)
    return read.where(read.dt.year.between(*YEARS)).dt.normalize()


def instants(values: pd.Series, timezone: str) -> pd.Series:
    """Times as instants in UTC, so that the hour lost or won when the clock changes is neither lost nor won.

    In the hour that comes twice a local time is taken as the first of the two; one that never was moves on to the next.
    """
    read = _read(values, timezone)
    return (read if read.dt.tz is not None else _located(read, timezone)).dt.tz_convert("UTC")


def _read(values: pd.Series, timezone: str) -> pd.Series:
    """Times without a zone, or all with one. A column may hold both, and several zones: then all are instants."""
    if isinstance(values.dtype, pd.DatetimeTZDtype) or pd.api.types.is_datetime64_dtype(values.dtype):
        return values
    if isinstance(values.dtype, pd.PeriodDtype):
        return values.dt.start_time
    values = values.astype(object)
    values = values.where(~values.map(lambda value: isinstance(value, Number)).to_numpy(bool))  # a number is no date
    zoned = values.map(_has_zone).to_numpy(bool)
    local = pd.to_datetime(values.where(~zoned), errors="coerce", format="ISO8601")
    if not zoned.any():
        return local
    instants = pd.to_datetime(values.where(zoned), errors="coerce", format="ISO8601", utc=True)
    return instants.fillna(_located(local, timezone).dt.tz_convert("UTC"))


def _has_zone(value) -> bool:
    return bool(ZONED.search(value)) if isinstance(value, str) else getattr(value, "tzinfo", None) is not None


def _located(local: pd.Series, timezone: str) -> pd.Series:
    return local.dt.tz_localize(timezone, ambiguous=np.ones(len(local), dtype=bool), nonexistent="shift_forward")


def last_year(as_of: pd.Timestamp) -> Window:
    """The twelve months that end with the day `as_of`."""
    end = as_of + pd.Timedelta(days=1)
    return Window(end - pd.DateOffset(months=MONTHS_BACK), end)


def last_quarter(as_of: pd.Timestamp) -> Window:
    """The last whole quarter of the calendar; a quarter that is still running is no quarter."""
    end = (as_of + pd.Timedelta(days=1)).to_period("Q").start_time
    return Window(end - pd.DateOffset(months=3), end)


def last_months(as_of: pd.Timestamp, months: int = MONTHS_BACK) -> Window:
    """The last whole months of the calendar."""
    end = (as_of + pd.Timedelta(days=1)).to_period("M").start_time
    return Window(end - pd.DateOffset(months=months), end)


def recent_enough(when: pd.Series, window: Window, enough: int) -> tuple[pd.Series, Window]:
    """Which rows to read: those of the window or, where it holds too few, all up to its end. And their window."""
    inside = window.holds(when)
    if inside.sum() < enough and (when < window.start).any():
        inside = when < window.end
        window = Window(when.min(), window.end)
    elif inside.any() and when.min() > window.start:
        window = Window(when.min(), window.end)
    return inside, window
