"""One row of the KPI table, and the one place where its status is decided.

| status | value | low, high | meaning |
|---|---|---|---|
| ok | yes | both | may be read |
| too_few | where it can be computed | where they can | fewer independent observations than the minimum |
| immature | where it can be computed | where they can | a value so far; `readable_on` says from when it can be read, if known |
| no_denominator | no | no | nothing to divide by; the numerator is kept |
| partial_period | no | no | the period is not whole, and nothing is extrapolated |
| not_supplied | no | no | a table or column is missing, or a currency has no rate; `note` says which |

`value`, `low` and `high` are finite or missing: never inf, and in an `ok` row never missing.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

MINIMUM = 30
STATUSES = ("ok", "too_few", "immature", "no_denominator", "partial_period", "not_supplied")
SHOWN = ("ok", "too_few", "immature")  # the statuses under which a value may stand
COLUMNS = ("kpi", "level", "value", "unit", "n", "numerator", "denominator", "low", "high", "window", "status",
           "readable_on", "set_aside", "note")
ALL = "all"


@dataclass(frozen=True)
class Reading:
    """What a KPI's formula found for one level, before its status is known.

    `n` counts independent observations; `short` is a status that the formula itself demands (immature, ...).
    `set_aside` counts rows that could not be used; `note` is a short reason in plain words.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int = 0
    numerator: float | None = None
    denominator: float | None = None
    window: tuple[dt.date, dt.date] | None = None
    short: str | None = None
    readable_on: dt.date | None = None
    set_aside: int = 0
    note: str = ""


def status_of(reading: Reading, minimum: int = MINIMUM) -> str:
    """The status of a reading; what the formula demands comes first, then what the numbers allow."""
    if reading.short is not None:
        return reading.short
    if reading.n == 0 or _finite(reading.value) is None and not reading.denominator:
        return "no_denominator"
    if reading.n < minimum:
        return "too_few"
    if any(_finite(part) is None for part in (reading.value, reading.low, reading.high)):
        return "immature"  # an estimate without its limits is not yet one
    return "ok"


def row(kpi: str, level: str, unit: str, reading: Reading, minimum: int = MINIMUM) -> dict:
    """The reading as a row with every column of COLUMNS; numbers that its status forbids are left out."""
    status = status_of(reading, minimum)
    value, low, high = (_finite(part) if status in SHOWN else None for part in (reading.value, reading.low, reading.high))
    if value is None:
        # The limits of a median can be known where the median is not; without a value they are drawn nowhere.
        low = high = None
    return {
        "kpi": kpi, "level": level, "value": value, "unit": unit, "n": int(reading.n),
        "numerator": _finite(reading.numerator), "denominator": _finite(reading.denominator), "low": low, "high": high,
        "window": "" if reading.window is None else f"{reading.window[0]:%Y-%m-%d}/{reading.window[1]:%Y-%m-%d}",
        "status": status, "readable_on": reading.readable_on if status == "immature" else None,
        "set_aside": int(reading.set_aside), "note": reading.note,
    }


def table(rows: Iterable[dict]) -> pd.DataFrame:
    """Rows as a frame with the columns of COLUMNS and types that do not depend on what was found."""
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    for column in ("value", "numerator", "denominator", "low", "high"):
        frame[column] = frame[column].astype(float)
    for column in ("n", "set_aside"):
        frame[column] = frame[column].astype("int64")
    for column in ("kpi", "level", "unit", "window", "status", "note"):
        frame[column] = frame[column].astype(str)
    frame["readable_on"] = pd.to_datetime(frame["readable_on"])
    return frame


def _finite(number) -> float | None:
    return None if number is None or not math.isfinite(number) else float(number)
