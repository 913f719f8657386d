"""Which rows of a table may be used, and why each of the others is set aside; nothing is dropped without a reason."""

import datetime as dt
from dataclasses import dataclass

import ibis

from icp_helpers.tables.dictionary import Column
from icp_helpers.tables.naming import IN_MARKET, Named
from icp_helpers.tables.sources import ROW

WHY = "set aside because"
OTHER_MARKET = "of another market"
REPEATED = "a repeated row"
AFTER = "after as_of"
LATER = "lies after as_of"
PLAUSIBLE = (dt.date(1950, 1, 1), dt.date(2100, 12, 31))
IBIS_TYPES = {"text": "string", "number": "float64", "date": "date", "datetime": "timestamp", "boolean": "boolean",
              "list": "array<string>"}


@dataclass(frozen=True)
class Judged:
    """`table` holds our columns in the dictionary's types, ROW, and WHY (missing: the row may be used).

    `emptied` names by reason the flags (columns of `table`) of values that were taken for missing.
    """

    table: ibis.Table
    emptied: dict


def judge(named: Named, as_of: dt.date, *, needed: tuple = ()) -> Judged:
    """Judge every row of a table as of a day. `needed` are columns that may not be empty here beside the required ones.

    A value that cannot be used sets its row aside where the column is required, and is taken for missing elsewhere.
    The day of the row itself, the first date of the table, may not lie after `as_of`; later dates that lie after it are
    not yet known and are taken for missing.
    """
    reasons = [(~named.table[IN_MARKET].fill_null(False), OTHER_MARKET)]
    values, emptied = {}, {}
    days = [c.name for c in named.described.columns.values() if c.type in ("date", "datetime") and c.name in named.readings]
    for column in named.described.columns.values():
        if column.name not in named.readings:
            values[column.name] = ibis.null(IBIS_TYPES[column.type])
            continue
        reading = named.readings[column.name]
        value = _allowed_case(column, reading.value)
        must = column.required or column.name in needed
        faults = [(reading.unreadable, f"{column.name} is no {_word(column)}")] if reading.unreadable is not None else []
        faults += _faults(column, value, named, as_of, days)
        for wrong, reason in faults:
            wrong = wrong.fill_null(False)
            if (must and not (column.empty and reason.endswith(LATER))) or reason == AFTER:
                reasons.append((wrong, reason))
            else:
                emptied[reason] = wrong
                value = ibis.ifelse(wrong, ibis.null(IBIS_TYPES[column.type]), value)
        if (must and not column.empty) or column.name in needed:
            reasons.append((reading.value.isnull(), f"{column.name} is empty"))
        values[column.name] = value.cast(IBIS_TYPES[column.type])
    values |= {name: named.readings[name].value for name in named.own}
    if named.described.one_of:
        reasons.append((ibis.and_(*(values[name].isnull() for name in named.described.one_of)),
                        f"{' and '.join(named.described.one_of)} are empty"))
    why = ibis.cases(*reasons, else_=ibis.null("string"))
    flags = {f"emptied {place}": flag for place, flag in enumerate(emptied.values())}
    table = named.table.select(ROW, **values, **{WHY: why}, **flags)
    return Judged(table, {reason: f"emptied {place}" for place, reason in enumerate(emptied)})


def own_day(named: Named) -> str | None:
    """The column that says when the row itself happened; None for plans and tables without dates."""
    days = [c for c in named.described.columns.values() if c.type in ("date", "datetime")]
    return days[0].name if days and not days[0].future and days[0].name in named.readings else None


def _faults(column: Column, value, named: Named, as_of: dt.date, days: list) -> list:
    faults = []
    if column.values:
        faults.append((value.notin(column.values), f"{column.name} is none of {', '.join(column.values)}"))
    if column.low is not None:
        faults.append((value < column.low, f"{column.name} is below {column.low:g}"))
    if column.high is not None:
        faults.append((value > column.high, f"{column.name} is above {column.high:g}"))
    if column.at_most in named.readings:
        faults.append((value > named.readings[column.at_most].value, f"{column.name} is above {column.at_most}"))
    if column.name in days:
        day = value.date() if column.type == "datetime" else value
        first, last = (ibis.date(limit) for limit in PLAUSIBLE)
        faults.append(((day < first) | (day > last), f"{column.name} is no plausible date"))
        if not column.future:
            reason = AFTER if column.name == own_day(named) else f"{column.name} {LATER}"
            faults.append((day > ibis.date(as_of), reason))
        start = column.not_before
        if start in named.readings:
            began = named.readings[start].value
            faults.append((value.cast("timestamp") < began.cast("timestamp"), f"{column.name} lies before {start}"))
    return faults


def _allowed_case(column: Column, value):
    return value.lower() if column.values and column.type == "text" else value


def _word(column: Column) -> str:
    return {"number": "number", "date": "date", "datetime": "date", "boolean": "yes or no"}.get(column.type, column.type)
