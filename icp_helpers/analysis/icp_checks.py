"""The checks of an icp.yml, one a kind of value; each raises ParameterError in four parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from icp_helpers.tables.errors import ParameterError

TOP = ("format", "unit", "version", "as_of", "status", "outcome", "false_claims", "profiles", "negative_profiles", "score")
OUTCOME = ("name", "customers", "base_rate")
STATUSES = ("found", "none", "too_few", "hypothesis")


def wrong(what: str, where: str, found, remedy: str) -> ParameterError:
    """The error that says that `found` may not stand at `where` of icp.yml."""
    return ParameterError(what, where=f"icp.yml, {where}", found=repr(found)[:120], remedy=remedy)


def keys(entry, where: str, known: Sequence[str], required: Sequence[str] = ()) -> Mapping:
    """A mapping that has the required keys and no unknown ones."""
    if not isinstance(entry, Mapping):
        raise wrong("A mapping is missing", where, entry, f"Give it the keys {', '.join(required or known)}.")
    for key in entry:
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            raise wrong(f"Key '{key}' is unknown", where, key, f"Did you mean '{near[0]}'?" if near else f"Known: {', '.join(known)}.")
    missing = [key for key in required if key not in entry]
    if missing:
        raise wrong(f"Key '{missing[0]}' is missing", where, sorted(map(str, entry)), "Add it, or make the file again with 08_define_profile.")
    return entry


def number(value, where: str, low: float | None, high: float | None) -> None:
    """A number between `low` and `high`, or nothing."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise wrong("A number is expected", where, value, "Write a plain number.")
    if (low is not None and value < low) or (high is not None and value > high):
        raise wrong("A number is out of range", where, value, f"Write a number from {low} to {high}." if high else f"Write {low} or more.")


def whole(value, where: str, low: int) -> int:
    """A whole number of at least `low`."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise wrong("A whole number is expected", where, value, f"Write {low} or more.")
    return value


def text(value, where: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise wrong("A text is expected", where, value, "Write a text in quotes.")
    return value


def one_of(value, where: str, known: Sequence[str]) -> str:
    """One of the known words."""
    if value not in known:
        raise wrong("The value is unknown", where, value, f"Use one of {', '.join(known)}.")
    return value


def day(value, where: str) -> dt.date:
    """A date, or the text of one in ISO form."""
    if isinstance(value, dt.datetime):
        return value.date()
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise wrong("A date is expected", where, value, "Write it as 2026-06-30.") from error


def mapping_or_none(value, where: str) -> dict | None:
    """A mapping, or nothing."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise wrong("A mapping is expected", where, value, "Write keys and values, or leave it out.")
    return dict(value)
