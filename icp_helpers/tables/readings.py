"""How each column of a supplied table is read: in one type and one format for the whole column, or an error that says why."""

from collections import Counter
from dataclasses import dataclass

import ibis

from icp_helpers.tables import formats
from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.sources import Raw

# Of the values of a column that must be numbers or dates, the share that has to be one; else the column is of a wrong type.
MOSTLY = 0.5
_DATES = (*formats.DATE, "with time zone")
A_FEW = 0.1  # above this share of values of their form, a column holds CPR numbers
LOOKED_AT = 2000  # rows at the start that rule out what a column is not
_HINTS = ("only comma", "only point", "either way")
_CONFUSED = {"day-month-year", "month-day-year"}


@dataclass(frozen=True)
class Reading:
    """One column as it will be read: `value` is the typed Ibis expression, `unreadable` is true where a value is there
    and cannot be read as the type (None: that cannot happen), `note` says what a reader should know."""

    type: str
    value: ibis.Value
    unreadable: ibis.Value | None = None
    note: str = ""


def read_columns(raw: Raw, wanted: dict, *, zone: str, decimal_comma: bool) -> dict:
    """A Reading for each column of `wanted` (their column -> type of the dictionary, or None: as its values show).

    `decimal_comma` decides a number column only where all of its values could be read both ways (1.234).
    Raises TableError when a column that must be of a type is not, or is written in two formats at once.
    """
    typed = {column: raw.table[column] for column in wanted}
    texts = {column: value for column, value in typed.items() if value.type().is_string()}
    counts = _counts(raw, {column: (value, wanted[column]) for column, value in texts.items()})
    decimal_comma = _decimal_comma(counts, decimal_comma)
    made = {}
    for column, value in typed.items():
        if column in texts:
            made[column] = _text_reading(raw, column, wanted[column], counts[column], zone, decimal_comma)
        else:
            made[column] = _typed_reading(raw, column, wanted[column], value, zone)
    return made


def _counts(raw: Raw, texts: dict) -> dict:
    """For each text column, how many values there are and how many fit each format.

    For a column that the dictionary does not describe, the first rows rule out what it is not, so that the whole of
    it is held only against what it may be.
    """
    tests = {column: _tests(value, kind) for column, (value, kind) in texts.items()}
    if not dictionary().tables[raw.name].traits:  # a person's number stands among her traits; elsewhere it is an order's
        tests = {column: {name: test for name, test in made.items() if name != "cpr"} for column, made in tests.items()}
    guessed = {column: made for column, made in tests.items() if texts[column][1] is None}
    first = _counted(raw, guessed, LOOKED_AT)
    for column, count in first.items():
        possible = {name for name in tests[column] if count[name] == count["any"] or name in ("any", "several", "code", *_HINTS)}
        if not possible & {"point", "comma"}:
            possible -= {"code", *_HINTS}
        tests[column] = {name: test for name, test in tests[column].items() if name in possible}
    return _counted(raw, tests, None)


def _tests(value, kind: str | None) -> dict:
    """What to count on a column of text, by name."""
    text = formats.tidy(value)
    tests = {"any": text.notnull()}
    if kind in ("number", None):
        bare = formats.undressed(text)
        fits = {style: bare.re_search(form) | bare.re_search(formats.SCIENTIFIC) for style, form in formats.NUMBER.items()}
        tests |= fits | dict(zip(_HINTS, (fits["comma"] & ~fits["point"], fits["point"] & ~fits["comma"],
                                          bare.re_search(formats.EITHER_WAY)), strict=True))
    if kind is None:
        tests |= {"code": text.re_search(formats.CODE), "several": text.contains("|"),
                  "yes or no": text.lower().isin(formats.PLAIN_YES_NO)}
    if kind == "boolean":
        tests["boolean"] = formats.yes_no(text).notnull()
    if kind in ("date", "datetime", None):
        tests |= {style: formats.moment(text, style, "UTC").notnull() for style in _DATES}
        tests["a date"] = ibis.or_(*(tests[style] for style in _DATES))
    if kind in ("text", None):
        tests["cpr"] = text.re_search(formats.CPR)
    return tests


def _counted(raw: Raw, tests: dict, rows: int | None) -> dict:
    """The counts of all tests in one pass over the first `rows` rows, or over all; a test left out counts 0."""
    asked = {f"{place} {name}": test for place, made in enumerate(tests.values()) for name, test in made.items()}
    if not asked:
        return {}
    columns, counts = list(tests), {column: Counter() for column in tests}
    flags = raw.table.select(**asked)
    flags = flags if rows is None else flags.limit(rows)
    for key, count in flags.aggregate(**{key: flags[key].sum() for key in asked}).to_pyarrow().to_pylist()[0].items():
        place, _, name = key.partition(" ")
        counts[columns[int(place)]][name] = int(count or 0)
    return counts


def _decimal_comma(counts: dict, otherwise: bool) -> bool:
    """The style of the table's own unmistakable numbers, where it has any."""
    decided = [(count["only comma"], count["only point"]) for count in counts.values()
               if count["any"] and max(count["comma"], count["point"]) == count["any"]]
    comma, point = sum(c for c, _ in decided), sum(p for _, p in decided)
    return otherwise if comma == point else comma > point


def _text_reading(raw, column, kind, count, zone, decimal_comma) -> Reading:
    text = formats.tidy(raw.table[column])
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
        _mostly(raw, column, "yes or no", count["boolean"] or count["yes or no"], count["any"])
        return Reading(kind, value, text.notnull() & value.isnull())
    if kind == "list":
        items = text.split("|").map(lambda item: formats.tidy(item)).filter(lambda item: item.notnull())
        return Reading(kind, items)
    return Reading("text", text)


def _kind_of(count: dict) -> str:
    """The type that every value of an undescribed column has; text when there is none."""
    every = count["any"]
    if not every:
        return "text"
    if max(count[style] for style in _DATES) == every:
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
    value = formats.number(text, style)
    return Reading("number", value, (text.notnull() & value.isnull()) if best < every else None, note)


def _date_reading(raw, column, kind, text, count, zone) -> Reading:
    style = max(_DATES, key=lambda style: count[style])
    best, every = count[style], count["any"]
    _mostly(raw, column, "dates", best, every)
    if count["a date"] > best:
        others = ", ".join(f"{count[other]} as {other}" for other in _DATES if count[other] and other != style)
        raise TableError(f"Column '{column}' holds dates of several formats", where=raw.where,
                         found=f"{best} of {every} as {style}; {others}",
                         remedy="Write all dates in one way, best as 2026-06-30.")
    note = f"dates read as {style}" if every and style != "year-month-day" else ""
    if style in _CONFUSED and count["day-month-year"] == count["month-day-year"]:
        note = "dates read as day-month-year; all of them would also fit month-day-year"
    value = formats.moment(text, style, zone)
    unreadable = (text.notnull() & value.isnull()) if best < every else None
    return Reading(kind, value.cast("date") if kind == "date" else value, unreadable, note)


def _mostly(raw, column, what, fitting, every) -> None:
    if every and fitting < MOSTLY * every:
        raise TableError(f"Column '{column}' does not hold {what}", where=raw.where,
                         found=f"{every - fitting} of {every} values that are no {what}",
                         remedy="Map another column under columns: in market.yml, or correct the file.")


def _typed_reading(raw, column, kind, value, zone) -> Reading:
    """A column that its file or database has typed already."""
    own = value.type()
    if own.is_timestamp() and own.timezone:
        value = formats.timezone(zone, value)
    shown = "number" if own.is_numeric() else "datetime" if own.is_temporal() else "boolean" if own.is_boolean() else "list" if own.is_array() else "other"
    if own.is_boolean():
        shown = "boolean"
    kind = kind or ("text" if shown == "other" else shown)
    if own.is_null():
        return Reading(kind, ibis.null(_IBIS[kind]))
    if kind == "text":
        whole = own.is_floating() or own.is_decimal()
        number_text = ibis.ifelse(value == value.floor(), value.try_cast("int64").cast("string"), value.cast("string")) if whole else None
        return Reading("text", formats.tidy(number_text if whole else value.cast("string")))
    if kind == "number" and shown == "number":
        number = value.cast("float64")
        return Reading(kind, ibis.ifelse(number.isnan() | number.isinf(), ibis.null("float64"), number))
    if kind in ("date", "datetime") and own.is_temporal() and not own.is_time():
        return Reading(kind, value.cast("date" if kind == "date" else "timestamp"))
    if kind == "boolean" and (shown == "boolean" or own.is_integer()):
        return Reading(kind, value.cast("boolean"))
    if kind == "list" and shown == "list":
        return Reading(kind, value.cast("array<string>"))
    raise TableError(f"Column '{column}' is of a wrong type", where=raw.where, found=f"{own} where {kind} is due",
                     remedy="Map another column under columns: in market.yml, or make it by derive:.")


_IBIS = {"text": "string", "number": "float64", "date": "date", "datetime": "timestamp", "boolean": "boolean", "list": "array<string>"}
