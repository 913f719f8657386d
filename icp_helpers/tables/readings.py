"""How each column of a supplied table is read: in one type and one format for the whole column, or an error that says why."""

from dataclasses import dataclass

from icp_helpers.tables import formats
from icp_helpers.tables.counting import DATES, count_formats
from icp_helpers.tables.engine import SQL_TYPES, name
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.sources import Raw

# Of the values of a column that must be numbers or dates, the share that has to be one; else the column is of a wrong type.
MOSTLY = 0.5
A_FEW = 0.1  # above this share of values of their form, a column holds CPR numbers
_TWINS = ("day-month-year", "month-day-year")


@dataclass(frozen=True)
class Reading:
    """One column as it will be read: `value` is the SQL of its typed value, `unreadable` the SQL of a condition, true where
    a value is there and cannot be read as the type (None: that cannot happen); `note` says what a reader should know."""

    type: str
    value: str
    unreadable: str | None = None
    note: str = ""


def read_columns(raw: Raw, wanted: dict, *, zone: str, decimal_comma: bool, hoped: dict | None = None) -> dict:
    """A Reading for each column of `wanted` (their column -> type of the dictionary, or None: as its values show).

    `hoped` are types that are taken where the column is of it, and left where it is not (the dictionary's traits).
    `decimal_comma` decides a number column only where all of its values could be read both ways (1.234).
    Raises TableError when a column that must be of a type is not, or is written in two formats at once.
    """
    hoped = hoped or {}
    texts = {column: kind for column, kind in {**wanted, **hoped}.items() if raw.view.columns[column] == "VARCHAR"}
    counts = count_formats(raw, texts)
    decimal_comma = _decimal_comma(counts, decimal_comma)
    made = {}
    for column, kind in {**wanted, **hoped}.items():
        def reading(kind, column=column):
            if column in texts:
                return _text_reading(raw, column, kind, counts[column], zone, decimal_comma)
            return _typed_reading(raw, column, kind, zone)
        try:
            made[column] = reading(kind)
        except TableError:
            if column not in hoped:
                raise
            counts.update(count_formats(raw, {column: None}) if column in texts else {})
            made[column] = reading(None)
    return made


def _decimal_comma(counts: dict, otherwise: bool) -> bool:
    """The style of the table's own unmistakable numbers, where it has any."""
    decided = [(count["only comma"], count["only point"]) for count in counts.values()
               if count["any"] and max(count["comma"], count["point"]) == count["any"]]
    comma, point = sum(c for c, _ in decided), sum(p for _, p in decided)
    return otherwise if comma == point else comma > point


def _text_reading(raw, column, kind, count, zone, decimal_comma) -> Reading:
    text = formats.tidy(name(column))
    if count["cpr"] > A_FEW * count["any"]:
        raise TableError(f"Column '{column}' holds CPR numbers", where=raw.where, found=f"{count['cpr']} values of that form",
                         remedy="Take the column out of the file, or replace the numbers by ids of your own.")
    if kind is None:
        kind = _kind_of(count)
    if kind == "number":
        return _number_reading(raw, column, text, count, decimal_comma)
    if kind in ("date", "datetime"):
        return _date_reading(raw, column, kind, text, count, zone)
    if kind == "boolean":
        value = formats.yes_no(text)
        _mostly(raw, column, "yes or no", max(count["boolean"], count["yes or no"]), count["any"])
        return Reading(kind, value, f"{text} IS NOT NULL AND ({value}) IS NULL")
    if kind == "list":
        return Reading(kind, f"list_filter(list_transform(string_split({text}, '|'), lambda i: {formats.tidy('i')}), lambda i: i IS NOT NULL)")
    return Reading("text", text)


def _kind_of(count: dict) -> str:
    """The type that every value of an undescribed column has; text when there is none."""
    every = count["any"]
    if not every:
        return "text"
    if max(count[style] for style in DATES) == every:
        return "datetime"
    if max(count["comma"], count["point"]) == every and not count["code"]:
        return "number"
    if count["yes or no"] == every:
        return "boolean"
    return "list" if count["several"] else "text"


def _number_reading(raw, column, text, count, decimal_comma) -> Reading:
    every, point, comma = count["any"], count["point"], count["comma"]
    note = ""
    if point == comma:
        style = "comma" if decimal_comma else "point"
        if count["either way"]:
            note = f"1.234 was read as {'1234' if style == 'comma' else 'one and a bit'}, as the rest of the table suggests"
    else:
        style = "point" if point > comma else "comma"
    other = count["only comma"] if style == "point" else count["only point"]
    best = max(point, comma)
    if other:
        raise TableError(f"Column '{column}' holds numbers of two kinds", where=raw.where,
                         found=f"{count['only comma']} with a decimal comma, {count['only point']} with a decimal point",
                         remedy="Write all of them in one way; 1.234 means two things otherwise.")
    _mostly(raw, column, "numbers", best, every)
    plain = every and every in (count["whole"], count["decimal"] if style == "point" else 0)
    value = f"try_cast({text} AS DOUBLE)" if plain else formats.number(text, style)
    return Reading("number", value, f"{text} IS NOT NULL AND ({value}) IS NULL" if best < every else None, note)


def _date_reading(raw, column, kind, text, count, zone) -> Reading:
    style = max(DATES, key=lambda style: count[style])
    best, every = count[style], count["any"]
    _mostly(raw, column, "dates", best, every)
    if count["a date"] > best:
        others = ", ".join(f"{count[other]} as {other}" for other in DATES if count[other] and other != style)
        raise TableError(f"Column '{column}' holds dates of several formats", where=raw.where,
                         found=f"{best} of {every} as {style}; {others}",
                         remedy="Write all dates in one way, best as 2026-06-30.")
    note = f"dates read as {style}" if every and style != "year-month-day" else ""
    twins = [twin + style.removeprefix(own) for own in _TWINS for twin in _TWINS if style in (own, own + formats.ODD_TIMES)]
    if twins and count[twins[0]] == count[twins[1]]:
        note = "dates read as day-month-year; all of them would also fit month-day-year"
    value = formats.moment(text, style, zone)
    unreadable = f"{text} IS NOT NULL AND ({value}) IS NULL" if best < every else None
    return Reading(kind, f"({value})::DATE" if kind == "date" else value, unreadable, note)


def _mostly(raw, column, what, fitting, every) -> None:
    if every and fitting < MOSTLY * every:
        raise TableError(f"Column '{column}' does not hold {what}", where=raw.where,
                         found=f"{every - fitting} of {every} values that are no {what}",
                         remedy="Map another column under columns: in market.yml, or correct the file.")


def _typed_reading(raw, column, kind, zone) -> Reading:
    """A column that its file or database has typed already."""
    own, value = raw.view.columns[column], name(column)
    shown = _shown(own)
    if own == "TIMESTAMP WITH TIME ZONE":
        value = f"timezone({formats.text(zone)}, {value})"
    kind = kind or ("text" if shown == "other" else shown)
    if own == '"NULL"':
        return Reading(kind, f"NULL::{SQL_TYPES[kind]}")
    if kind == "text":
        whole = f"CASE WHEN {value} = floor({value}) THEN try_cast({value} AS BIGINT)::VARCHAR ELSE {value}::VARCHAR END"
        return Reading("text", formats.tidy(f"({whole if own in _FRACTIONS or own.startswith('DECIMAL') else value})"))
    if kind == "number" and shown == "number":
        return Reading(kind, f"CASE WHEN abs({value}::DOUBLE) < {formats.LARGEST} THEN {value}::DOUBLE END")
    if kind in ("date", "datetime") and shown == "datetime":
        return Reading(kind, f"({value})::{SQL_TYPES[kind]}")
    if kind == "boolean" and (shown == "boolean" or own in _WHOLE):
        return Reading(kind, f"{value}::BOOLEAN")
    if kind == "list" and shown == "list":
        return Reading(kind, f"{value}::VARCHAR[]")
    raise TableError(f"Column '{column}' is of a wrong type", where=raw.where, found=f"{own.lower()} where {kind} is due",
                     remedy="Map another column under columns: in market.yml, or make it by derive:.")


def _shown(own: str) -> str:
    """The dictionary's type for a type of DuckDB."""
    if own in _WHOLE or own in _FRACTIONS or own.startswith("DECIMAL"):
        return "number"
    if own == "DATE" or own.startswith("TIMESTAMP"):
        return "datetime"
    return "boolean" if own == "BOOLEAN" else "list" if own.endswith("[]") else "other"


_FRACTIONS = ("FLOAT", "DOUBLE")
_WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
