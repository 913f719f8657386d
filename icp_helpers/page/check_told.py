"""What `icp check` prints, in the market's language: the tables' room writes it in English, as it does its errors.

Each text is a pattern that reads the English: `{reason}` is a text or phrase again, `{tables}` names of tables, a number
is written as the reader writes it, and all other gaps stay as they are: columns and files, as the market file names them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from icp_helpers.page.catalogue import COMMON, _, translate
from icp_helpers.page.errors_told import tell_error
from icp_helpers.page.phrases import tell

if TYPE_CHECKING:  # it imports duckdb, which starts a thread: the warm process, which loads every page, could not fork
    from icp_helpers.tables.check import Check

TEXTS = (
    _("Market {market}"), _("Not readable"), _("fault"), _("Look at this first"), _("look"), _("What may describe a profile"),
    _("What the steps can say"), _("rows used"), _("set aside"), _("taken for missing"), _("kept, look at them"), _("money"),
    _("columns found"), _("columns not supplied"), _("columns not used"), _("note"), _("taken"), _("none"), _("left out"), _("of {rows}"),
    _("in {came}, used {used}, set aside {aside}"), _("will speak"), _("not supplied; {tables} would let it speak"),
    _("{table}: {rows} of {used} rows name a {one} that is not in {target}. Map under columns: the column of each table that both share as "
      "{column}, or put the missing {again} into the file."),
    _("{table}: {rows} of {all} rows were set aside ({reason}). Correct the file, or map another column under columns:."),
    _("{table}: none of its {rows} rows can be used."),
    _("{table}: none of its {rows} rows meets the condition under where:. Look at the column it asks, or take it out."),
    _("02 Who buys, when and for how much"), _("03 Which customers are ideal"), _("04 Stable groups"),
    _("05 Which traits set ideal customers apart"), _("06 Products bought together"), _("07 Competition"), _("08 The profile"),
    _("09 Personas and journey"), _("10 Whom to call"), _("11 Conversion and win rate"), _("11 Churn and lifetime value"),
    _("11 Satisfaction and recommendation"), _("12 Goals and drift"),
    _("read as {encoding} with {reason} between the columns"), _("comma"), _("semicolon"), _("tab"), _("bar"),
    _("{signs} signs look garbled (such as Ã¦ for æ): export the file again as UTF-8"),
    _("the file is no UTF-8 and was taken for {encoding}; save it as UTF-8 if letters look wrong"),
    _("read from sheet '{sheet}'"), _("read from sheet '{sheet}'; not read: {others}"),
    _("1 row above the header left out"), _("{rows} rows above the header left out"),
    _("dates read as {reason}"), _("year-month-day"), _("day-month-year"), _("month-day-year"), _("day-month-year with two digits"),
    _("yearmonthday"), _("{reason}, times with a dot or AM and PM"), _("day, month in words, year"), _("month in words, day, year"),
    _("with time zone"), _("dates read as day-month-year; all of them would also fit month-day-year"),
    _("1.234 was read as {amount}, as the rest of the table suggests"), _("one and a bit"),
    _("{key} is not in the file: the rows were numbered"), _("made from {source}"), _("made from {source}, for no {target} were supplied"),
    _("{rows} lines with a quantity below zero had an amount above it: they were taken as returns"),
    _("the market file has no as_of: {day} was taken, the last day found in all tables"),
    _("{columns}: those of the customer or prospect whose lead it is, by customer_id"),
    _("no row can be used: the table counts as not supplied"), _("{columns} ({reason})"), _("{column}: {reason}"),
)
TABLES = {" and ": _("and"), " or ": _("or"), "customers with columns that describe them": _("customers with columns that describe them")}
GAP = re.compile(r"\{(\w+)\}")
NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})*(?:\.\d+)?")
SIGNS = {"da": str.maketrans(",.", ".,")}  # of thousands and decimals


def tell_check(check: Check, language: str) -> str:
    """The page of a check in another language; in English it is the check as text."""
    if language == "en":
        return str(check)
    lines = [tell_text(f"Market {check.market}", language)]
    for part, rows in check.frame.groupby("part", sort=False):
        lines += ["", tell_text(part, language)]
        for item, count, note in rows[["item", "rows", "note"]].itertuples(index=False):
            counted = "" if pd.isna(count) else f" {_number(f'{count:,.0f}', language)}"
            noted = tell_error(note, language) if item == "fault" else tell_text(note, language)
            lines.append(f"  {tell_text(item, language)}{counted}{f': {noted}' if note else ''}")
    return "\n".join(lines)


def tell_text(text: str, language: str) -> str:
    """One text of a check in the other language; as it is where it is no known one."""
    for known, pattern in _patterns():
        if match := pattern.fullmatch(text):
            return translate(known, language, COMMON).format(**{gap: _gap(gap, said, language) for gap, said in match.groupdict().items()})
    phrase = tell(text, lambda english: translate(english, language, COMMON), str)
    return phrase if phrase != text else tell_error(text, language)


def _gap(gap: str, said: str, language: str) -> str:
    if gap in ("reason", "amount"):
        return tell_text(said, language)
    if gap == "tables":
        for english, text in TABLES.items():
            said = said.replace(english, english.replace(text, translate(text, language, COMMON)))
        return said
    return _number(said, language)


def _number(said: str, language: str) -> str:
    return said.translate(SIGNS[language]) if NUMBER.fullmatch(said) else said


@cache
def _patterns() -> list[tuple[str, re.Pattern]]:
    """Each text with what reads it, the one with the most fixed letters first; names of columns hold no colon."""
    def pattern(text: str) -> re.Pattern:
        pieces = GAP.split(text)
        return re.compile("".join(f"(?P<{piece}>{'[^:(]+' if piece.startswith('column') else '.+?'})" if odd % 2 else re.escape(piece)
                                  for odd, piece in enumerate(pieces)), re.DOTALL)
    return [(text, pattern(text)) for text in sorted(TEXTS, key=lambda text: -len(GAP.sub("", text)))]
