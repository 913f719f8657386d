"""Checks one value of a market file at a time; each check returns the value or raises the error that says what to do."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from icp_helpers.tables.market_sql import expression_fault
from icp_helpers.tables.market_yaml import Source

SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)


def nearest(word: str, known) -> str:
    """A hint at the known name nearest to `word`, or the list of all of them."""
    known = list(known)
    match = get_close_matches(str(word).lower(), known, n=1, cutoff=0.6)
    return f"Did you mean '{match[0]}'?" if match else f"Known are: {', '.join(known)}."


def shown(value) -> str:
    """A value as an error may show it: short, and on one line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


@dataclass(frozen=True)
class Values:
    """The checks, bound to the file that they speak about. `path` is the tuple of keys that leads to the value."""

    source: Source

    def at(self, path: tuple):
        value = self.source.content
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def wrong(self, path, what, remedy, found=None):
        found = shown(self.at(path)) if found is None else found
        return self.source.fail(path, what, found, remedy)

    def keys(self, path: tuple, known) -> dict:
        """A mapping whose keys are all known; an empty one when the key is left out."""
        made = self.mapping(path)
        for key in made:
            if key not in known:
                where = f"under {'.'.join(path)}" if path else "at the top level"
                raise self.wrong((*path, key), f"The key '{key}' is not known {where}", nearest(key, known), found=key)
        return made

    def mapping(self, path: tuple) -> dict:
        value = self.at(path) if path else self.source.content
        if value is None:
            return {}
        if not isinstance(value, dict):
            name = ".".join(path) or "the market file"
            raise self.wrong(path, f"'{name}' must hold keys and values", "Write it as `key: value`, one a line.")
        return value

    def text(self, path: tuple, default: str | None = None) -> str | None:
        """Any text; what YAML takes for a number or a date stays as it was written."""
        value = self.at(path)
        if value is None:
            return default
        if isinstance(value, dict | list):
            raise self.wrong(path, f"'{'.'.join(path)}' must be text", "Write it in quotes, on one line.")
        text = " ".join(self.source.raw[path].split())
        return text or default

    def one_of(self, path: tuple, allowed, default: str | None = None) -> str | None:
        value = self.text(path, default)
        if value is not None and value not in allowed:
            raise self.wrong(path, f"'{'.'.join(path)}' must be one of {', '.join(allowed)}", nearest(value, allowed))
        return value

    def number(self, path: tuple, default, low: float, high: float, *, whole: bool = False):
        value = self.at(path)
        if value is None:
            return default
        kinds = int if whole else int | float
        if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
            what = "a whole number" if whole else "a number"
            raise self.wrong(path, f"'{'.'.join(path)}' must be {what} from {low:g} to {high:g}",
                             "Write it with a decimal point and without quotes or units.")
        return value

    def boolean(self, path: tuple, default: bool) -> bool:
        value = self.at(path)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(path, f"'{'.'.join(path)}' must be true or false", "Write true or false, without quotes.")
        return value

    def day(self, path: tuple, default: date | None = None) -> date | None:
        value = self.at(path)
        if value is None:
            return default
        if not isinstance(value, date) or not EARLIEST <= value <= LATEST:
            raise self.wrong(path, f"'{'.'.join(path)}' must be a date", "Write it as 2026-06-30, without quotes.")
        return value

    def slug(self, path: tuple, word: str) -> str:
        if not SLUG.match(word):
            raise self.wrong(path, f"'{word}' cannot be the name of a segment",
                             "Use small letters, digits and single hyphens, as in 'store-kunder'.", found=shown(word))
        return word

    def expression(self, path: tuple) -> str:
        """One SQL expression over the columns of a row."""
        sql = self.text(path)
        fault = "it is empty" if sql is None else expression_fault(sql)
        if fault:
            raise self.wrong(path, f"The SQL expression of '{'.'.join(path)}' cannot be used: {fault}",
                             "Write one expression over the columns of this table, as in \"Quantity * UnitPrice\".")
        return sql
