"""The tables of one market as the KPIs read them: known on the day `as_of`, in local days, each row with its level."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import wraps

import pandas as pd

from icp_helpers.analysis.kpis import clock
from icp_helpers.analysis.kpis.grouping import NOT_STATED, as_text, level_maps
from icp_helpers.analysis.kpis.rows import ALL
from icp_helpers.analysis.plain import plain_frame, readable

EXACT = 2.0**53  # floats beyond are no longer whole numbers one apart


class Books:
    """Tables, market and levels. `has` says whether a table with these columns is at hand; `column` never fails."""

    def __init__(self, tables, market, by: str | None = None):
        self.tables = {name: _frame(table) for name, table in tables.items() if table is not None}
        self.market = market
        self.read: dict = {}  # what `once` keeps
        self.timezone = market.timezone
        self.as_of = self._last_day() if market.as_of is None else pd.Timestamp(market.as_of).normalize()
        self._split(by)

    def split_by(self, by: str) -> Books:
        """The same books with the levels of another column; what was read once is not read again."""
        other = copy.copy(self)
        other._split(by)
        return other

    def _split(self, by: str | None) -> None:
        self.by = by
        self.customer_levels, self.lead_levels, self.levels = level_maps(self.tables, by)

    def has(self, table: str, *columns: str) -> bool:
        """Is the table supplied, with all these columns? An empty table is supplied: it says that there are none."""
        return table in self.tables and set(columns) <= set(self.tables[table].columns)

    def days(self, table: str, column: str) -> pd.Series:
        """A column as local days; NaT throughout where the table lacks it, and after `as_of`, which nobody knew yet."""
        found = self.column(table, column)
        found = clock.days(found, self.timezone)
        return found.where(found <= self.as_of)

    def numbers(self, table: str, column: str) -> pd.Series:
        """A column as floats; what is no number, or too large to be summed exactly, is missing."""
        found = pd.to_numeric(self.column(table, column), errors="coerce").astype(float)
        return found.where(found.abs() < EXACT)

    def texts(self, table: str, column: str) -> pd.Series:
        """A column as text or None."""
        return as_text(self.column(table, column))

    def column(self, table: str, column: str) -> pd.Series:
        frame = self.tables[table]
        return frame[column] if column in frame.columns else pd.Series(None, index=frame.index, dtype=object)

    def level(self, ids: pd.Series, of: str = "customers") -> pd.Series:
        """The level of each customer or lead id; all are of one level when nothing is split."""
        known = self.customer_levels if of == "customers" else self.lead_levels
        if known is None:
            return pd.Series(NOT_STATED, index=ids.index, dtype=object)
        return ids.map(known).astype(object).fillna(NOT_STATED)

    def split(self, frame: pd.DataFrame, of: str = "customers") -> Iterator[tuple[str, pd.DataFrame]]:
        """The whole frame as `all`, then each level's rows; the whole alone where the levels are not known for them."""
        yield ALL, frame
        known = self.customer_levels if of == "customers" else self.lead_levels
        for level in self.levels if known is not None else []:
            yield level, frame[frame["level"] == level]

    def _last_day(self) -> pd.Timestamp:
        """Where the market names no day: the last day found in any table, never the day of today."""
        found = [pd.Timestamp(0)]
        for frame in self.tables.values():
            for column in frame.columns:
                if str(column).endswith(("_on", "_at")) or column in ("date", "at"):
                    found.append(clock.days(frame[column], self.timezone).max())
        return max(day for day in found if day is not pd.NaT)


def _frame(table) -> pd.DataFrame:
    """A pandas frame as it is; an Ibis or Arrow table as one. The index is made plain, for rows are told apart by it; of
    columns of one name the first counts."""
    frame = plain_frame(table if isinstance(table, pd.DataFrame) else table.to_pandas())
    return frame.loc[:, ~frame.columns.duplicated()].apply(readable).reset_index(drop=True)


def once(reading):
    """For what several KPIs read from the same books, whatever column splits them: worked out by the first, kept for the
    others, changed by none."""
    @wraps(reading)
    def kept(books: Books):
        if reading not in books.read:
            books.read[reading] = reading(books)
        return books.read[reading]

    return kept
