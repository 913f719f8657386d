"""A criterion of a profile, and its three equal forms: YAML, a DuckDB condition, a dataframe filter.

The three select identical rows, missing values included; levels.py holds the rule for one cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from icp_helpers.analysis.levels import (
    double,
    equals,
    equals_sql,
    has,
    has_sql,
    nfc,
    number_sql,
    numbers_of,
    quoted,
)
from icp_helpers.tables.errors import ParameterError, TableError

OPERATORS = ("in", "between", ">=", "<=", "is", "has")


@dataclass(frozen=True)
class Criterion:
    """One condition on one column of a table with a row a customer (or a lead, or a prospect).

    `value` is a level for `is` and `has`, levels for `in`, a number for `>=` and `<=`, two numbers for `between`
    (both ends included). Levels are text, numbers or yes/no; equal criteria compare equal however they were written.
    Raises ParameterError for an unknown operator or a value that does not fit it.
    """

    column: str
    op: str
    value: object

    def __post_init__(self):
        if self.op not in OPERATORS:
            raise _misfit(self, "the operator is unknown", f"Use one of {', '.join(OPERATORS)}.")
        if not isinstance(self.column, str) or not self.column:
            raise _misfit(self, "the column has no name", "Name a column of the customers.")
        object.__setattr__(self, "value", _tidy_value(self))

    def mask(self, frame: pd.DataFrame) -> np.ndarray:
        """Which rows meet the criterion: one boolean a row. Raises TableError if the column is not there."""
        if self.column not in frame.columns:
            raise TableError(
                f"Column '{self.column}' is missing",
                where="the table that the criterion is applied to",
                found=", ".join(map(str, list(frame.columns)[:12])) or "no columns",
                remedy="Add the column, or map it under columns: in market.yml.",
            )
        cells = frame[self.column]
        if self.op == "has":
            return has(cells, self.value)
        if self.op in ("in", "is"):
            levels = self.value if self.op == "in" else (self.value,)
            return np.logical_or.reduce([equals(cells, level) for level in levels])
        low, high = self._bounds()
        numbers = numbers_of(cells)
        return (numbers >= low) & (numbers <= high)

    def to_dict(self) -> dict:
        """`{column, op, value}` with plain Python values, as it stands in icp.yml."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"column": self.column, "op": self.op, "value": value}

    @classmethod
    def from_dict(cls, entry: dict) -> Criterion:
        """The criterion of an icp.yml entry. Raises ParameterError if keys are missing or unknown."""
        if not isinstance(entry, dict) or set(entry) != {"column", "op", "value"}:
            raise ParameterError(
                "A criterion cannot be read",
                where="the criteria of the profile",
                found=str(sorted(entry)) if isinstance(entry, dict) else type(entry).__name__,
                remedy="Write it as {column: ..., op: ..., value: ...}.",
            )
        return cls(entry["column"], entry["op"], entry["value"])

    def to_sql(self) -> str:
        """A DuckDB condition that is true or false, never NULL, on the table that holds the column in any type."""
        column = quoted(self.column, '"')
        if self.op == "has":
            return has_sql(column, self.value)
        if self.op in ("in", "is"):
            levels = self.value if self.op == "in" else (self.value,)
            return "(" + " OR ".join(equals_sql(column, level) for level in levels) + ")"
        low, high = self._bounds()
        number = number_sql(column)
        ends = ([f"{number} >= {double(low)}"] if low != -np.inf else []) + (
            [f"{number} <= {double(high)}"] if high != np.inf else []
        )
        return f"coalesce({' AND '.join(ends)}, false)"

    def _bounds(self) -> tuple[float, float]:
        if self.op == "between":
            return self.value
        return (self.value, np.inf) if self.op == ">=" else (-np.inf, self.value)


def trait_of(one: Criterion) -> tuple:
    """What a rule may ask for once: a trait, or an item of a list."""
    return one.column, one.value if one.op == "has" else None


def members(frame: pd.DataFrame, criteria: Iterable[Criterion]) -> np.ndarray:
    """Which rows meet all criteria: one boolean a row; no criteria are met by everyone."""
    return np.logical_and.reduce([np.ones(len(frame), bool), *(one.mask(frame) for one in criteria)])


def criteria_sql(criteria: Iterable[Criterion]) -> str:
    """The DuckDB condition for all criteria at once, to stand behind WHERE."""
    return "\n  AND ".join(one.to_sql() for one in criteria) or "true"


def _tidy_value(criterion: Criterion) -> object:
    op, value = criterion.op, criterion.value
    several = isinstance(value, (list, tuple, set, frozenset, np.ndarray))
    if op in ("in", "between") and not (several and len(value)):
        raise _misfit(criterion, "the value is no list", "Write it as [a, b].")
    if op in ("is", "has", ">=", "<=") and several:
        raise _misfit(criterion, "the value is a list", "Write one value.")
    if op == "in":
        levels = {(type(level), level): level for level in (_tidy_level(criterion, one) for one in value)}
        return tuple(sorted(levels.values(), key=lambda level: (str(type(level)), level)))
    if op == "between":
        ends = tuple(_tidy_level(criterion, one) for one in value)
        if len(ends) != 2 or any(isinstance(end, (str, bool)) for end in ends) or ends[0] > ends[1]:
            raise _misfit(criterion, "the value is no interval", "Write two numbers, the smaller one first.")
        return ends
    level = _tidy_level(criterion, value)
    if op in (">=", "<=") and isinstance(level, (str, bool)):
        raise _misfit(criterion, "the value is no number", "Write a number.")
    return nfc(str(level)).strip(" ") if op == "has" else level


def _tidy_level(criterion: Criterion, level: object) -> str | bool | int | float:
    if isinstance(level, str) and level.strip(" ") and "\0" not in level:
        return nfc(level)
    if isinstance(level, (bool, np.bool_)):
        return bool(level)
    if isinstance(level, (int, float, Decimal, np.integer, np.floating)) and np.isfinite(float(level)):
        number = float(level)
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    raise _misfit(
        criterion, "the value is empty or no text, number or yes/no", "Write a value that a customer can have."
    )


def _misfit(criterion: Criterion, what: str, remedy: str) -> ParameterError:
    return ParameterError(
        f"A criterion cannot be used: {what}",
        where=f"the criterion on column '{criterion.column}'",
        found=f"{criterion.op} {criterion.value!r}",
        remedy=remedy,
    )
