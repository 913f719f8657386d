"""How a table of customers' traits becomes numbers: one reading of the columns for segments, drivers and rules."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.plain import by_name, plain_frame, readable

MISSING = "(missing)"
OTHER = "(other)"
ID_SHARE = 0.5  # a text column with more levels than half of its rows names customers, it does not describe them
NUMERIC_SHARE = 0.9  # a text column is a number column when this share of its values are numbers
MOST_CODES = 12  # "1", "2", ... in text are the codes of so many levels at most
SKEWED = 1.0
ROUNDING, SMALLEST = 1e-12, 1e-100  # numbers that differ by less, as a part of their size or at all, are one number


@dataclass(frozen=True)
class Trait:
    """A column as it is read: `kind` is number, category, flag, list or left; `values` fits the kind, `why` says why it is left.

    number: float with NaN. category: object, missing as None. flag: float 0/1 with NaN. list: object, tuples of text or None.
    """

    name: str
    kind: str
    values: np.ndarray | None = None
    why: str = ""


def read_traits(frame: pd.DataFrame) -> list[Trait]:
    """Every column of `frame` as a Trait, in the order of their names. A column is never dropped without its `why`.

    Any frame will do (`plain_frame`); ParameterError if it is none."""
    frame = by_name(plain_frame(frame))
    twice = set(frame.columns[frame.columns.duplicated()])
    return [
        Trait(name, "left", why="duplicate name") if name in twice else _read(name, frame.iloc[:, position])
        for position, name in enumerate(frame.columns)
    ]


def _read(name: str, column: pd.Series) -> Trait:
    column = readable(column)
    known = column.dropna()
    if known.empty:
        return Trait(name, "left", why="empty")
    if pd.api.types.is_object_dtype(known) and known.map(_is_many).all():
        values = [tuple(sorted({str(item) for item in cell})) if _is_many(cell) else None for cell in column]
        return _unless_constant(Trait(name, "list", _objects(values)))
    if pd.api.types.is_datetime64_any_dtype(known) or pd.api.types.is_timedelta64_dtype(known):
        return Trait(name, "left", why="date")
    if pd.api.types.is_bool_dtype(known) or (pd.api.types.is_object_dtype(known) and known.map(_is_flag).all()):
        return _unless_constant(Trait(name, "flag", column.astype("object").map(_to_float).to_numpy(float)))
    return _read_number(name, column) or _read_text(name, column)


def _is_flag(value: object) -> bool:
    return isinstance(value, (bool, np.bool_))


def _read_number(name: str, column: pd.Series) -> Trait | None:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return None
    values = pd.to_numeric(column, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    values = np.where(np.isfinite(values), values, np.nan)
    if not pd.api.types.is_numeric_dtype(column) and not _is_number_text(column, values):
        return None
    return _unless_constant(Trait(name, "number", values))


def _is_number_text(column: pd.Series, values: np.ndarray) -> bool:
    """Text that is a number nearly everywhere, has too many values for a code, and no leading zeros (0800 is a code)."""
    known = column.dropna()
    if np.isfinite(values).sum() < NUMERIC_SHARE * len(known) or np.unique(values[np.isfinite(values)]).size <= MOST_CODES:
        return False
    return not known.astype(str).str.match(r"0\d").any()


def _read_text(name: str, column: pd.Series) -> Trait:
    values = column.astype("object").map(str).where(column.notna(), None)
    known = values.dropna()
    if len(known) >= 10 and known.nunique() > ID_SHARE * len(known):
        return Trait(name, "left", why="identifier")
    return _unless_constant(Trait(name, "category", _objects(values)))


def _unless_constant(trait: Trait) -> Trait:
    """A column with one value says nothing; with one value and some missing it says who has it, so it stays."""
    distinct = pd.Series(trait.values).nunique(dropna=False)
    if trait.kind == "number" and not _varies(trait.values[np.isfinite(trait.values)]):
        return Trait(trait.name, "left", why="constant" if np.isfinite(trait.values).any() else "empty")
    return trait if distinct > 1 else Trait(trait.name, "left", why="constant")


def _varies(known: np.ndarray) -> bool:
    """Whether numbers differ by more than rounding does, and by enough to be squared."""
    return bool(known.size) and known.max() - known.min() > max(ROUNDING * np.abs(known).max(), SMALLEST)


def _is_many(cell: object) -> bool:
    return isinstance(cell, (list, tuple, set, frozenset, np.ndarray))


def _to_float(value: object) -> float:
    return np.nan if pd.isna(value) else float(value)


def _objects(values) -> np.ndarray:
    """An object array of one dimension, also where every cell is a tuple of the same length."""
    array = np.empty(len(values), dtype=object)
    array[:] = list(values)
    return array


@dataclass(frozen=True)
class Scale:
    """How a number column is straightened: a log where it is skewed to the right, outliers pulled in, mean 0 and sd 1."""

    log: bool
    shift: float
    low: float
    high: float
    mean: float
    sd: float

    @classmethod
    def fit(cls, values: np.ndarray) -> Scale:
        known = values[np.isfinite(values)]
        log = bool(known.min() >= 0 and known.max() > 0 and _skew(known) > SKEWED)
        # zeros need a shift before the log; a tenth quantile of the positive values keeps it in the column's own unit
        shift = float(np.quantile(known[known > 0], 0.1)) if log and known.min() == 0 else 0.0
        straight = np.log(known + shift) if log else known
        low, high = np.quantile(straight, [0.005, 0.995])
        inside = np.clip(straight, low, high)
        if inside.std() == 0:  # nearly everyone has one value: whoever has another is no outlier
            low, high, inside = straight.min(), straight.max(), straight
        return cls(log, shift, float(low), float(high), float(inside.mean()), float(inside.std()) or 1.0)

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Standard units; missing stays NaN."""
        with np.errstate(divide="ignore", invalid="ignore"):
            straight = np.log(np.maximum(values + self.shift, 0)) if self.log else values
        return (np.clip(straight, self.low, self.high) - self.mean) / self.sd


def _skew(values: np.ndarray) -> float:
    centred = values - values.mean()
    sd = centred.std()
    return float((centred**3).mean() / sd**3) if sd > 0 else 0.0


def frequent_levels(values: np.ndarray, *, at_least: int, at_most: int) -> list[str]:
    """The levels of a category held by at least so many rows, most frequent first, ties by name; missing is not one."""
    counts = pd.Series(values, dtype=object).dropna().value_counts()
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [level for level, count in ordered if count >= at_least][:at_most]


def frequent_items(values: np.ndarray, *, at_least: int, at_most: int) -> list[str]:
    """The items of a list column held by at least so many rows and lacking in as many, most frequent first."""
    held = pd.Series([item for cell in values if cell is not None for item in cell], dtype=object).value_counts()
    ordered = sorted(held.items(), key=lambda pair: (-pair[1], pair[0]))
    return [item for item, count in ordered if at_least <= count <= len(values) - at_least][:at_most]


def holds(values: np.ndarray, item: str) -> np.ndarray:
    """0/1: does the list of each row hold the item? A missing list does not."""
    return np.array([cell is not None and item in cell for cell in values], dtype=float)
