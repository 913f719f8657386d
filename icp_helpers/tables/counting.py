"""How many values of a text column fit each format: the evidence on which a column is read."""

import re
from collections import Counter

from icp_helpers.tables import formats
from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.engine import name
from icp_helpers.tables.sources import Raw

DATES = formats.DATES
LOOKED_AT = 300  # rows at the start from which the likely format of a column is taken
_WHOLE = re.compile(formats.WHOLE)
_DECIMAL = re.compile(formats.DECIMAL)
_COMMA = re.compile(formats.DECIMAL_COMMA)
_ISO = re.compile(formats.DATE["year-month-day"][0])
_TURNED = re.compile(formats.DATE["day-month-year"][0])
_TWINS = ("day-month-year", "month-day-year")  # of one form: both are counted
_NUMBERLIKE = re.compile(r"^(?:[^\W\d_]{1,4}\.?|[€$£])? ?[-+\u2212]?[\d.,]")  # a digit, maybe after a currency


def count_formats(raw: Raw, texts: dict) -> dict:
    """For each text column (column -> type, None: not known), a Counter of the values that fit each format.

    The first rows say what a column is likely to be, and one test over the whole column confirms it. Only columns
    that are not so plain are held against every format.
    """
    likely = {column: _likely(values, texts[column]) for column, values in _first_values(raw, texts).items()}
    quick = {column: _quick_tests(name(column), hint) for column, hint in likely.items() if hint}
    counts = _counted(raw, quick, bare=False)
    for column, count in counts.items():
        _conclude(count, likely[column])
    slow = {column: kind for column, kind in texts.items() if column not in counts or not counts[column]["settled"]}
    counts |= _counted(raw, {column: _all_tests(column, kind) for column, kind in slow.items()}, bare=True)
    if not dictionary().tables[raw.name].traits:  # a person's number stands among her traits; elsewhere it is an order's
        for count in counts.values():
            del count["cpr"]
    return counts


def _first_values(raw: Raw, texts: dict) -> dict:
    if not texts:
        return {}
    listed = ", ".join(f"{formats.tidy(name(column))} AS {name(column)}" for column in texts)
    rows = raw.view.rows(listed, f"LIMIT {LOOKED_AT}")
    return {column: [row[column] for row in rows if row[column] is not None] for column in texts}


def _likely(values: list, kind: str | None) -> str | None:
    """The one plain format that the first values suggest; None when they suggest none or several."""
    if kind in ("text", "list"):
        return "text"
    if not values:
        return None
    if kind in ("number", None) and all(map(_WHOLE.match, values)):
        return "whole"
    if kind in ("number", None) and all(map(_DECIMAL.match, values)):
        return "decimal"
    if kind in ("number", None) and all(map(_COMMA.match, values)):
        return "decimal comma"
    if kind in ("date", "datetime", None) and all(map(_ISO.match, values)):
        return "year-month-day"
    if kind in ("date", "datetime", None) and all(map(_TURNED.match, values)):
        return "turned"
    if kind is None and all(value.lower() in formats.PLAIN_YES_NO for value in values):
        return "yes or no"
    return "text" if kind is None and not all(map(_NUMBERLIKE.match, values)) else None


def _quick_tests(t: str, hint: str) -> dict:
    tests = {"any": f"{t} IS NOT NULL"}
    if hint == "whole":
        return tests | {"whole": formats.fits(t, formats.WHOLE)}
    if hint in ("decimal", "decimal comma"):
        form, sign = (formats.DECIMAL, ".") if hint == "decimal" else (formats.DECIMAL_COMMA, ",")
        return tests | {hint: formats.fits(t, form), "no sign": f"NOT contains({t}, '{sign}')",
                        "either way": formats.fits(t, formats.EITHER_WAY), "code": formats.fits(t, formats.CODE)}
    if hint == "year-month-day":
        return tests | {hint: f"({formats.moment(t, hint, 'UTC')}) IS NOT NULL"}
    if hint == "turned":
        return tests | {twin: f"({formats.moment(t, twin, 'UTC')}) IS NOT NULL" for twin in _TWINS}
    if hint == "yes or no":
        return tests | {hint: formats.one_of(f"lower({t})", formats.PLAIN_YES_NO)}
    return tests | {"several": f"contains({t}, '|')", "cpr": formats.fits(t, formats.CPR)}


def _conclude(count: Counter, hint: str) -> None:
    """What a confirmed hint says about the other formats; `settled` when nothing else needs to be tried."""
    if hint == "turned":
        count["a date"] = count[hint] = max(count[twin] for twin in _TWINS)
    count["settled"] = int(hint == "text" or count[hint] == count["any"])
    if hint in ("decimal", "decimal comma"):
        style, other = ("point", "comma") if hint == "decimal" else ("comma", "point")
        count[other] = count["no sign"] + count["either way"]
        count[style], count[f"only {style}"] = count["any"], count["any"] - count[other]
    same = {"whole": ("point", "comma"), "year-month-day": ("a date",), "yes or no": ("boolean",)}.get(hint, ())
    count.update(dict.fromkeys(same, count[hint]))


def _all_tests(column: str, kind: str | None) -> dict:
    """Every test for a column: a name, and a condition on its text, its bare number, and whether that fits a style."""
    t, b, point, comma = (name(f"{part}{column}") for part in ("", "b ", "p ", "c "))
    tests = {"any": f"{t} IS NOT NULL"}
    if kind in ("number", None):
        tests |= {"point": point, "comma": comma, "only comma": f"{comma} AND NOT {point}",
                  "only point": f"{point} AND NOT {comma}", "either way": formats.fits(b, formats.EITHER_WAY)}
    if kind is None:
        tests |= {"code": formats.fits(t, formats.CODE), "several": f"contains({t}, '|')",
                  "yes or no": formats.one_of(f"lower({t})", formats.PLAIN_YES_NO), "cpr": formats.fits(t, formats.CPR)}
    if kind == "boolean":
        tests["boolean"] = f"({formats.yes_no(t)}) IS NOT NULL"
    if kind in ("date", "datetime", None):
        tests |= {style: f"({formats.moment(t, style, 'UTC')}) IS NOT NULL" for style in DATES}
        tests["a date"] = " OR ".join(f"({tests[style]})" for style in DATES)
    return tests


def _counted(raw: Raw, tests: dict, *, bare: bool) -> dict:
    """The counts of all tests in one pass over the table; with `bare`, the bare numbers of the columns are at hand."""
    if not tests:
        return {}
    source = "SELECT " + ", ".join(f"{formats.tidy(name(c))} AS {name(c)}" for c in tests) + f" FROM {name(raw.view.called)}"
    if bare:
        numbers = ", ".join(f"{formats.undressed(name(c))} AS {name(f'b {c}')}" for c in tests)
        styles = ", ".join(f"({formats.fits(name(f'b {c}'), formats.NUMBER[style])} OR {formats.fits(name(f'b {c}'), formats.SCIENTIFIC)}) "
                           f"AS {name(f'{style[0]} {c}')}" for c in tests for style in formats.NUMBER)
        source = f"SELECT *, {styles} FROM (SELECT *, {numbers} FROM ({source}))"
    asked = [(column, test, sql) for column, made in tests.items() for test, sql in made.items()]
    sums = ", ".join(f"count(*) FILTER (WHERE {sql}) AS c{place}" for place, (_, _, sql) in enumerate(asked))
    answer = raw.view.engine.rows(f"SELECT {sums} FROM ({source})")[0]
    counts = {column: Counter() for column in tests}
    for (column, test, _), count in zip(asked, answer.values(), strict=True):
        counts[column][test] = count
    return counts
