"""Traits as the search reads them: every column a number, a set of levels, a yes/no or a list, or left out with a word.

Reading is separate from searching so that a column is typed once: whatever dtype it came in with, the masks below are
those of `Criterion.mask`, only faster.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from icp_helpers.analysis.criteria import numbers_of

LEVELS_AT_MOST = 50  # with a floor of 2 % of the customers no more levels can matter
NUMBERS_AT_LEAST = 0.5  # a column of text and numbers is a number column when this share of its cells are numbers


@dataclass(frozen=True)
class TraitColumn:
    """One trait. `kind` is number | levels | flag | items; `values` is one float a customer (number, flag; NaN where
    missing), one level's place a customer (levels; -1 where missing, -2 where rare) or a boolean matrix customers x
    items. `missing` says for whom the trait is not known."""

    name: str
    kind: str
    values: np.ndarray
    missing: np.ndarray
    levels: tuple = ()


@dataclass
class Traits:
    """The columns that can be searched, and what was left out or read otherwise, as sentences for the reader."""

    columns: list[TraitColumn] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_traits(frame: pd.DataFrame, *, rare: int) -> Traits:
    """Types every column of `frame`; levels and items that fewer than `rare` customers have are not searched."""
    traits = Traits()
    names = [str(name) for name in frame.columns]
    for place, name in enumerate(names):
        cells = frame.iloc[:, place]
        if names.count(name) > 1 or not name.strip():
            reason = "its name is empty" if not name.strip() else "another column has the same name"
            traits.notes.append(f"Column '{name}' was left out: {reason}.")
            continue
        column, note = _read(name, cells, rare)
        if column is not None:
            traits.columns.append(column)
        if note:
            traits.notes.append(f"Column '{name}' {note}.")
    return traits


def _read(name: str, cells: pd.Series, rare: int) -> tuple[TraitColumn | None, str]:
    if pd.api.types.is_bool_dtype(cells.dtype):
        return _flag(name, cells.to_numpy(dtype=float, na_value=np.nan))
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return _number(name, numbers_of(cells))
    if pd.api.types.is_datetime64_any_dtype(cells.dtype) or pd.api.types.is_timedelta64_dtype(cells.dtype):
        return None, "was left out: a date is not a trait; give the time since it as a number"
    known = cells[cells.notna()].astype(object)
    if not len(known):
        return None, "was left out: it is empty"
    text = pd.api.types.infer_dtype(known, skipna=False) == "string"
    if not text and known.map(lambda cell: isinstance(cell, (list, tuple, set, frozenset, np.ndarray))).any() or _split(known):
        return _items(name, cells, rare)
    if not text and known.map(lambda cell: isinstance(cell, (bool, np.bool_))).all():
        return _flag(name, cells.astype(object).map(lambda cell: np.nan if pd.isna(cell) else float(cell)).to_numpy(float))
    numbers = numbers_of(cells)
    readable = np.isfinite(numbers).sum()
    if readable >= NUMBERS_AT_LEAST * len(known) and not known.map(_is_code).any():
        column, note = _number(name, numbers)
        odd = len(known) - readable
        return column, note or (f"holds {odd} cells that are no numbers; they count as missing" if odd else "")
    if text:
        return _levels(name, cells.astype(object), 0, rare)
    odd = int((~known.map(lambda cell: isinstance(cell, str))).sum())
    return _levels(name, cells.astype(object).map(lambda cell: cell if isinstance(cell, str) else None), odd, rare)


def _is_code(cell: object) -> bool:
    """Digits with a leading zero are a code (0800), and so is the rest of their column."""
    return isinstance(cell, str) and len(cell) > 1 and cell[0] == "0" and cell.isdigit()


def _split(known: pd.Series) -> bool:
    """Whether text cells are lists written with | between the items."""
    return known.map(lambda cell: isinstance(cell, str) and "|" in cell).mean() >= 0.05


def _flag(name, values):
    if len(np.unique(values[~np.isnan(values)])) < 2:
        return None, "was left out: it has the same value for everyone" if (~np.isnan(values)).any() else "was left out: it is empty"
    return TraitColumn(name, "flag", values, np.isnan(values)), ""


def _number(name, values):
    finite = values[np.isfinite(values)]
    if not len(finite):
        return None, "was left out: it holds no numbers"
    if finite.min() == finite.max():
        return None, "was left out: it has the same value for everyone"
    infinite = int(np.isinf(values).sum())
    return TraitColumn(name, "number", values, np.isnan(values)), f"holds {infinite} infinite values" if infinite else ""


def _levels(name, text, odd, rare):
    """A column of texts, None or NaN where there is none; beside them it held `odd` cells that are no text."""
    cells, distinct = pd.factorize(text)
    if not len(distinct):
        return None, "was left out: it holds no text, number, yes/no or list"
    same, levels = pd.factorize(np.array([unicodedata.normalize("NFC", level) for level in distinct], dtype=object))
    cells = np.append(same, -1)[cells]
    counts = np.bincount(cells[cells >= 0])
    usable = [place for place in np.argsort(-counts, kind="stable") if levels[place].strip(" ") and "\0" not in levels[place] and counts[place] >= rare]
    if odd:  # beside real numbers the text "5" would also be met by the number 5
        usable = [place for place in usable if not np.isfinite(numbers_of(pd.Series([levels[place]]))[0])]
    usable = usable[:LEVELS_AT_MOST]
    if not usable:
        return None, f"was left out: none of its {len(counts):,} levels has {rare} customers"
    if len(counts) == 1:
        return None, "was left out: it has the same value for everyone"
    codes = np.full(len(levels) + 1, -2)  # rare ones
    codes[usable], codes[-1] = np.arange(len(usable)), -1
    note = f"holds {odd} cells that are no text; they count as missing" if odd else ""
    return TraitColumn(name, "levels", codes[cells], cells < 0, tuple(levels[place] for place in usable)), note


def _items(name, cells, rare):
    rows = [_items_of(cell) for cell in cells.astype(object)]
    counts = pd.Series([item for row in rows for item in row], dtype=object).value_counts()
    usable = tuple(item for item in counts.index[:LEVELS_AT_MOST] if counts[item] >= rare)
    if not usable:
        return None, f"was left out: none of its {len(counts):,} items has {rare} customers"
    matrix = np.array([[item in row for item in usable] for row in rows], dtype=bool)
    missing = np.array([not isinstance(cell, (str, list, tuple, set, frozenset, np.ndarray)) for cell in cells], dtype=bool)
    return TraitColumn(name, "items", matrix, missing, usable), ""


def _items_of(cell: object) -> set[str]:
    if isinstance(cell, str):
        cell = cell.split("|")
    if not isinstance(cell, (list, tuple, set, frozenset, np.ndarray)):
        return set()
    items = (str(item) for item in cell if item is not None and item is not pd.NA and item == item)
    return {tidy for tidy in (unicodedata.normalize("NFC", item).strip(" ") for item in items) if tidy and "\0" not in tidy}
