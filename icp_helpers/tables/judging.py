"""Which rows of a table may be used, and why each of the others is set aside; nothing is dropped without a reason."""

import datetime as dt
from dataclasses import dataclass

from icp_helpers.tables.dictionary import Column
from icp_helpers.tables.engine import SQL_TYPES, name, text
from icp_helpers.tables.formats import one_of
from icp_helpers.tables.naming import IN_MARKET, Named
from icp_helpers.tables.sources import ROW

WHY = "set aside because"
OTHER_MARKET = "outside the market (where)"
REPEATED = "a repeated row"
TOTAL_LINE = "a line that adds up the others"
TOTALS = ("total", "totals", "grand total", "grand totals", "sum", "subtotal", "i alt", "ialt", "total i alt", "hovedtotal", "totaler")
LAST_LINES = 3  # a total stands at the end; further up, "Total" is a firm
AFTER = "after as_of"
LATER = "lies after as_of"
PLAUSIBLE = (dt.date(1950, 1, 1), dt.date(2100, 12, 31))


@dataclass(frozen=True)
class Judged:
    """`sql` selects our columns in the dictionary's types, ROW, and WHY (missing: the row may be used).

    `emptied` names by reason the flags (columns of `sql`) of values that were taken for missing.
    """

    sql: str
    emptied: dict


def judge(named: Named, as_of: dt.date, *, needed: tuple = ()) -> Judged:
    """Judge every row of a table as of a day. `needed` are columns that may not be empty here beside the required ones.

    A value that cannot be used sets its row aside where the column is required, and is taken for missing elsewhere.
    The day of the row itself, the first date of the table, may not lie after `as_of`; later dates that lie after it are
    not yet known and are taken for missing.
    """
    reasons = [(f"NOT coalesce({name(IN_MARKET)}, false)", OTHER_MARKET), *_total_line(named)]
    values, emptied = {}, {}
    for column in named.described.columns.values():
        values[column.name], faults = _value(column, named, as_of)
        must = column.required or column.name in needed
        for wrong, reason in faults:
            if (must and not (column.empty and reason.endswith(LATER))) or reason == AFTER:
                reasons.append((wrong, reason))
            else:
                emptied[reason] = wrong
                values[column.name] = f"CASE WHEN coalesce({wrong}, false) THEN NULL ELSE {values[column.name]} END"
        if (must and not column.empty) or column.name in needed:
            reasons.append((f"{named.readings[column.name].value} IS NULL", f"{column.name} is empty"))
    if named.described.one_of:
        empty = " AND ".join(f"{values[one]} IS NULL" for one in named.described.one_of)
        reasons.append((empty, f"{' and '.join(named.described.one_of)} are empty"))
    values |= {own: named.readings[own].value for own in named.own}
    values |= {f"emptied {place}": f"coalesce({wrong}, false)" for place, wrong in enumerate(emptied.values())}
    cases = " ".join(f"WHEN {wrong} THEN {text(reason)}" for wrong, reason in reasons)
    listed = ", ".join(f"{sql} AS {name(column)}" for column, sql in values.items())
    sql = f"SELECT {ROW}, {listed}, CASE {cases} END AS {name(WHY)} FROM {name(named.view.called)}"
    return Judged(sql, {reason: f"emptied {place}" for place, reason in enumerate(emptied)})


def _value(column: Column, named: Named, as_of: dt.date) -> tuple[str, list]:
    """The SQL of a column in its type, and what may be wrong with it: (SQL of a condition, reason)."""
    kind = SQL_TYPES[column.type]
    if column.name not in named.readings:
        return f"NULL::{kind}", []
    reading = named.readings[column.name]
    value = f"lower({reading.value})" if column.values and column.type == "text" else reading.value
    if (named.described.name, column.name) == ("order_lines", "amount"):
        value = f"CASE WHEN {returned(named)} THEN -{value} ELSE {value} END"
    faults = [(reading.unreadable, f"{column.name} is no {_word(column)}")] if reading.unreadable else []
    return f"({value})::{kind}", faults + _faults(column, f"({value})", named, as_of)


def _total_line(named: Named) -> list:
    """The condition on a last line such as "I alt": told by the columns that name a row, or by any where rows were numbered."""
    named_by = [c.name for c in named.described.columns.values() if (c.key or c.refers_to) and c.name in named.readings]
    words = [named.readings[column] for column in (named.own if named.numbered else named_by)]
    said = [one_of(f"trim(lower({word.value}), ' :')", TOTALS) for word in words if word.type == "text"]
    last = f"{ROW} > (SELECT max({ROW}) FROM {name(named.raw.view.called)}) - {LAST_LINES}"
    return [(f"(({' OR '.join(said)}) AND {last})", TOTAL_LINE)] if said else []


def returned(named: Named) -> str:
    """The SQL of a condition on order lines: a return (quantity below zero) whose amount is booked without its minus."""
    return f"{named.readings['quantity'].value} < 0 AND {named.readings['amount'].value} > 0"


def own_day(named: Named) -> str | None:
    """The column that says when the row itself happened; None for plans and tables without dates."""
    days = [c for c in named.described.columns.values() if c.type in ("date", "datetime")]
    return days[0].name if days and not days[0].future and days[0].name in named.readings else None


def _faults(column: Column, value: str, named: Named, as_of: dt.date) -> list:
    faults = []
    if column.values:
        faults.append((f"NOT {one_of(value, column.values)}", f"{column.name} is none of {', '.join(column.values)}"))
    if column.low is not None:
        faults.append((f"{value} < {column.low}", f"{column.name} is below {column.low:g}"))
    if column.high is not None:
        faults.append((f"{value} > {column.high}", f"{column.name} is above {column.high:g}"))
    if column.at_most in named.readings:
        faults.append((f"{value} > {named.readings[column.at_most].value}", f"{column.name} is above {column.at_most}"))
    if column.type in ("date", "datetime"):
        first, last = PLAUSIBLE
        faults.append((f"{value}::DATE NOT BETWEEN DATE '{first}' AND DATE '{last}'", f"{column.name} is no plausible date"))
        if not column.future:
            reason = AFTER if column.name == own_day(named) else f"{column.name} {LATER}"
            faults.append((f"{value}::DATE > DATE '{as_of}'", reason))
        if column.not_before in named.readings:
            began = named.readings[column.not_before].value
            faults.append((f"{value}::TIMESTAMP < {began}::TIMESTAMP", f"{column.name} lies before {column.not_before}"))
    return faults


def _word(column: Column) -> str:
    return {"number": "number", "date": "date", "datetime": "date", "boolean": "yes or no"}.get(column.type, column.type)
