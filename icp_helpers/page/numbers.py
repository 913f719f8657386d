"""Numbers, dates and names as a reader of one language writes them. One formatter for the whole workbench."""

import datetime
import math
import re
import string
from collections.abc import Callable, Mapping, Sequence

from babel.core import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

from icp_helpers.page.catalogue import COMMON, _, translate
from icp_helpers.page.phrases import tell
from icp_helpers.tables.dictionary import column_label, dictionary

MISSING = "–"
LEAST_SHARE = 0.001  # a smaller one is written as less than it
NO_BREAK = "\u00a0"
SLUG = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)+")  # a name for a computer: trade_fair
BETWEEN = re.compile(r"( → |, |: )")  # what stands between the names of a text that lists several
ACRONYMS = {word.lower(): word for word in ("IT", "ERP", "CRM", "ISO", "EU", "HR", "CVR", "VAT", "B2B", "B2C", "NPS", "CSAT", "CES", "USD", "EUR", "DKK")}
SIZE_OF_SAMPLE = re.compile(r"\bn = (?=[<\d])")
RANGE = re.compile(rf"(?<=\d){NO_BREAK}([^\W\d]\w*\.?)( (?:to|and|til|og) -?[\d.,]+{NO_BREAK}\1)(?!\w)")  # 5 points to 12 points


def is_missing(value) -> bool:
    """None, NaN, NaT and pd.NA; lists and texts never are."""
    if value is None:
        return True
    if isinstance(value, str | Sequence | Mapping):
        return False
    try:
        return bool(value != value)
    except TypeError:  # pd.NA refuses to be a truth value
        return True


class Words(string.Formatter):
    """Formats `{rate:percent}` and its like for one language and one currency.

    Formats: count, people (a count of people told beside the statement, see privacy.guard_facts), number, score, percent, points, money, times, factor, days, date, month, name, level, names, titles, criteria, text.
    `{profiles:profile|profiles}` is the word that goes with one, or with any other number.
    Shares and differences of shares are fractions of 1; money is in the market's currency. No line breaks between a
    number and its unit.
    """

    def __init__(self, language: str, currency: str = "DKK", labels: Mapping[str, str] | None = None):
        self.language = language
        self.locale = Locale.parse("da_DK" if language == "da" else "en_GB")
        self.currency = currency
        self.labels = labels or {}  # the market's own words for its columns

    def say(self, template: str, facts: Mapping) -> str:
        """The facts put into the template, as a sentence that begins with a capital letter and says a range's unit once."""
        text = RANGE.sub(r"\2", self.vformat(template, (), facts))
        return upper_first(SIZE_OF_SAMPLE.sub(f"n{NO_BREAK}={NO_BREAK}", text).replace(f"n{NO_BREAK}={NO_BREAK}<", f"n{NO_BREAK}<{NO_BREAK}"))

    def cell(self, value, spec: str) -> str:
        """A value as it stands alone, in a table."""
        return upper_first(self.format_field(value, spec)) if spec in ("name", "names", "criteria") else self.format_field(value, spec)

    def translate(self, text: str) -> str:
        return translate(text, self.language, COMMON)

    def format_field(self, value, spec: str) -> str:
        if not spec:
            return super().format_field(value, spec)
        if "|" in spec:
            one, many = spec.split("|")
            return one if value == 1 else many
        if spec not in FORMATS:
            raise ValueError(f"Unknown format {spec!r}; there are {', '.join(FORMATS)}.")
        if is_missing(value):
            return MISSING
        text = FORMATS[spec](self, value)
        return lower_first(text) if spec == "name" else text.replace(" ", NO_BREAK) if spec in UNITS else text

    def count(self, value) -> str:
        if isinstance(value, str):  # `<5`: held back, see privacy.guard_facts
            return value
        return format_decimal(round(value), format="#,##0", locale=self.locale)

    def number(self, value) -> str:
        """No more digits than are known: two significant ones below 1, one decimal below 100, none above."""
        if value == 0 or math.isinf(value):
            return format_decimal(value, locale=self.locale)
        digits = 1 - math.floor(math.log10(abs(value))) if abs(value) < 1 else int(abs(value) < 100)
        return format_decimal(round(value, digits), format="#,##0." + "#" * digits if digits else "#,##0", locale=self.locale)

    def percent(self, value) -> str:
        small = 0 < abs(value) < 0.0995
        if 0 < abs(value) < LEAST_SHARE:  # zero would say that it never happens
            return f"<{self.percent(LEAST_SHARE)}"
        return format_percent(value, format="#,##0.#%" if small and self.language == "en" else "#,##0.# %" if small
                              else "#,##0%" if self.language == "en" else "#,##0 %", locale=self.locale)

    def points(self, value) -> str:
        number = self.point_number(value)
        return self.translate(_("{number} point") if number in ("1", "-1") else _("{number} points")).format(number=number)

    def point_number(self, value) -> str:
        """Percentage points without the word, for a column whose header says it."""
        return format_decimal(100 * value, format="#,##0.#" if abs(value) < 0.0995 else "#,##0", locale=self.locale)

    def score(self, value) -> str:
        """A score on a scale of hundreds, such as an NPS: one decimal."""
        return format_decimal(round(value, 1) + 0.0, format="#,##0.#", locale=self.locale)

    def money(self, value) -> str:
        digits = 0 if abs(value) >= 100 or value == 0 else 2
        if self.language == "en":
            return f"{self.currency} {format_decimal(value, format='#,##0' if digits == 0 else '#,##0.00', locale=self.locale)}"
        return format_currency(value, self.currency, format="#,##0 ¤" if digits == 0 else "#,##0.00 ¤",
                               locale=self.locale, currency_digits=False)

    def times(self, value) -> str:
        return self.translate(_("{number} times")).format(number=self.factor(value))

    def factor(self, value) -> str:
        """How many times, without the word: for the first of two, "1.4 to 2.0 times"."""
        return format_decimal(value, format="0.0", locale=self.locale)

    def days(self, value) -> str:
        text = _("{number} day") if round(value) == 1 else _("{number} days")
        return self.translate(text).format(number=self.count(value))

    def date(self, value) -> str:
        return format_date(_as_date(value), format="long", locale=self.locale)

    def month(self, value) -> str:
        return format_date(_as_date(value), format="LLLL y", locale=self.locale)

    def name(self, value) -> str:
        """A column's or a table's label; its own name, with spaces, where neither market nor dictionary knows one."""
        tables = dictionary().tables
        known = self.labels.get(value) or column_label(value, self.language)
        return known or (tables[value].label.get(self.language) if value in tables else None) or column_words(str(value))

    def level(self, value) -> str:
        if isinstance(value, bool):
            return self.translate(_("yes")) if value else self.translate(_("no"))
        return self.number(value) if isinstance(value, int | float) else self.readable(str(value))

    def readable(self, text: str) -> str:
        """A value as a reader would write it, alone or in a list: `trade_fair` without its underscore, in English `it` as IT."""
        parts = [part.replace("_", " ") if SLUG.fullmatch(part) else part for part in BETWEEN.split(text)]
        return "".join(ACRONYMS.get(part, part) if self.language == "en" else part for part in parts)

    def change(self, text: str) -> str:
        """A level as drivers write a number's change, `0.26 → 0.51`, in the reader's numbers; any other as it is."""
        ends = text.split(" → ")
        numbers = len(ends) == 2 and all(re.fullmatch(r"-?[\d.]+(?:e[+-]?\d+)?", end) for end in ends)
        return " → ".join(self.number(float(end)) for end in ends) if numbers else text

    def names(self, values) -> str:
        return format_list([lower_first(self.name(value)) for value in values], locale=self.locale)

    def titles(self, values) -> str:
        """Several names of markets, as they are."""
        return format_list([str(value) for value in values], locale=self.locale)

    def criteria(self, values) -> str:
        return format_list([self.criterion(value) for value in values], locale=self.locale)

    def criterion(self, value) -> str:
        """One criterion in words. `value`: a mapping or an object with column, op and value."""
        column, op, bound = (value[k] if isinstance(value, Mapping) else getattr(value, k) for k in ("column", "op", "value"))
        bounds = list(bound) if isinstance(bound, list | tuple) else [bound]
        facts = {"column": lower_first(self.name(column)), "low": self.level(bounds[0]), "high": self.level(bounds[-1])}
        if op in ("in", "has", "is"):
            facts["values"] = format_list([self.level(b) for b in bounds], style="or", locale=self.locale)
        if op == "between" and facts["low"] == facts["high"]:  # the same when written: one value, and no range
            return self.translate(CRITERION["is"]).format(**facts, values=facts["low"])
        answered = op in ("in", "is") and all(isinstance(bound, bool) for bound in bounds)
        return self.translate(ANSWERED if answered else CRITERION[op]).format(**facts)


def column_words(column: str) -> str:
    """A column's own name as words: `it_maturity` is IT maturity."""
    return upper_first(" ".join(ACRONYMS.get(word, word) for word in column.split("_")))


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """A label as it stands inside a sentence; one with further capitals is a name, and keeps them."""
    return text[:1].lower() + text[1:] if text[1:].lower() == text[1:] and text[1:2].isalpha() else text


ANSWERED = _("{column}: {values}")  # of a yes or no
CRITERION = {
    "in": _("{column} is {values}"),
    "is": _("{column} is {values}"),
    "has": _("{column} include {values}"),
    "between": _("{column} about {low}–{high}"),
    ">=": _("{column} at least {low}"),
    "<=": _("{column} at most {low}"),
}

FORMATS: dict[str, Callable[[Words, object], str]] = {
    name: getattr(Words, name)
    for name in ("count", "number", "score", "percent", "points", "money", "times", "factor", "days", "date", "month", "name", "level", "names",
                 "titles", "criteria")
} | {"people": Words.count, "text": lambda words, value: words.readable(tell(str(value), words.translate, words.name))}


UNITS = frozenset({"percent", "points", "money", "times", "days"})


def _as_date(value) -> datetime.date:
    if isinstance(value, str):
        return datetime.date.fromisoformat(value[:10])
    return value.date() if isinstance(value, datetime.datetime) else value
