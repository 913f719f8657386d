"""Any table as the methods read it: columns named by text, and cells that can be compared, counted and shown.

A frame may come from anywhere, and one cell that cannot be hashed, compared or written as text would stop a whole
search. What is mended here is mended once for all of them, and for scoring as for fitting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable
from dataclasses import dataclass
from decimal import Decimal
from numbers import Number

import numpy as np
import pandas as pd

from icp_helpers.tables.errors import ParameterError

LARGEST = 1e100  # no quantity is larger; beyond, squares and sums are no numbers any more
LISTS = (list, tuple, set, frozenset, np.ndarray)
KNOWN = (str, bool, np.bool_, int, float, np.integer, np.floating, dt.date, dt.time, dt.timedelta, np.datetime64, np.timedelta64)


@dataclass(frozen=True)
class Opaque:
    """What stands in a cell that no method can read: known, but nothing to compare by."""

    kind: str


def plain_frame(traits: pd.DataFrame, only: Container[str] | None = None) -> pd.DataFrame:
    """The same rows and columns with names as text (they may come as numbers or tuples) and every cell plain.

    Numbers beyond 1e100 are infinite; Decimals are floats; cells of a list are plain as well; what is neither text,
    number, yes/no, date nor list (a dict, a table, a complex number) is Opaque. The frame given stays as it is.
    `only`: the names of the columns that are asked for. ParameterError if it is no frame.
    """
    if not isinstance(traits, pd.DataFrame):
        raise ParameterError("The traits are no table", where="the first argument", found=type(traits).__name__,
                             remedy="Give a pandas DataFrame with a row a customer and a column a trait.")
    names = [_text(str(name)) for name in traits.columns]
    kept = [place for place, name in enumerate(names) if only is None or name in only]
    frame = pd.DataFrame({place: plain_column(traits.iloc[:, place]) for place in kept}, index=traits.index)
    return frame.set_axis([names[place] for place in kept], axis="columns")


def readable(cells: pd.Series) -> pd.Series:
    """The column with what is Opaque as missing."""
    return cells.map(lambda cell: None if isinstance(cell, Opaque) else cell) if pd.api.types.is_object_dtype(cells) else cells


def plain_seed(seed) -> int:
    """Any whole number as a seed that every generator takes. ParameterError if it is none."""
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        raise ParameterError("The seed is no whole number", where="seed", found=type(seed).__name__, remedy="Give a whole number.")
    return int(seed) % 2**32


def by_name(frame: pd.DataFrame) -> pd.DataFrame:
    """The columns in the order of their names, so that no result depends on the order they came in."""
    return frame.iloc[:, np.argsort(np.array([str(name) for name in frame.columns], dtype=object), kind="stable")]


def content_order(frame: pd.DataFrame, outcome: np.ndarray | None = None) -> np.ndarray:
    """Places of the rows in an order that depends on their content alone, so that no draw depends on how they came.

    Rows that are equal throughout are interchangeable.
    """
    return np.argsort(row_marks(frame, outcome), kind="stable")


def row_marks(frame: pd.DataFrame, outcome: np.ndarray | None = None) -> np.ndarray:
    """A whole number a row that depends on its content, and its outcome, alone."""
    columns = {place: _comparable(frame.iloc[:, place]) for place in range(frame.shape[1])}
    content = pd.DataFrame(columns | ({} if outcome is None else {-1: outcome}), index=pd.RangeIndex(len(frame)))
    return pd.util.hash_pandas_object(content, index=False).to_numpy()


def plain_column(cells: pd.Series) -> pd.Series:
    """One column of `plain_frame`."""
    kind = cells.dtype
    if isinstance(kind, pd.SparseDtype):
        return plain_column(cells.sparse.to_dense())
    if pd.api.types.is_complex_dtype(kind):
        return pd.Series(Opaque("complex"), index=cells.index, dtype=object).where(cells.notna(), None)
    if pd.api.types.is_bool_dtype(kind):
        return cells
    if pd.api.types.is_float_dtype(kind) or str(kind).startswith("decimal"):
        with np.errstate(over="ignore"):  # of a long double, which a float does not hold
            numbers = cells.to_numpy(dtype=float, na_value=np.nan)
        far = np.abs(numbers) > LARGEST
        if far.any() or kind == np.longdouble:
            return pd.Series(np.where(far, np.copysign(np.inf, numbers), numbers), index=cells.index)
        return cells
    if isinstance(kind, pd.CategoricalDtype):
        return cells.astype(object).map(_plain_cell) if pd.api.types.is_object_dtype(kind.categories) else cells
    if pd.api.types.is_object_dtype(kind) or _is_nested(kind):
        return pd.Series(_objects(map(_plain_cell, cells.astype(object)), len(cells)), index=cells.index, dtype=object)
    return cells


def _is_nested(kind) -> bool:
    return isinstance(kind, pd.ArrowDtype) and str(kind).startswith(("list", "large_list", "fixed_size_list", "struct", "map"))


def _plain_cell(cell: object) -> object:
    if isinstance(cell, str):
        return _text(cell)
    if cell is None or cell is pd.NA or isinstance(cell, (bool, np.bool_, Opaque)):
        return cell
    if isinstance(cell, LISTS):
        items = cell.ravel() if isinstance(cell, np.ndarray) else cell
        return [one if type(one) is str and one.isascii() else _plain_item(one) for one in items]
    if isinstance(cell, Number) and not isinstance(cell, (complex, np.complexfloating)):
        return _plain_number(cell)
    return cell if isinstance(cell, KNOWN) else Opaque(type(cell).__name__)


def _plain_item(one: object) -> object:
    plain = _plain_cell(one)
    if isinstance(plain, list):
        return "+".join(sorted(map(str, plain)))
    return None if isinstance(plain, Opaque) else plain


def _plain_number(number) -> object:
    if isinstance(number, Decimal) and number.is_nan():
        return np.nan
    if isinstance(number, float) and not abs(number) > LARGEST:
        return number
    if abs(number) > LARGEST:
        return np.inf if number > 0 else -np.inf
    return number if isinstance(number, (int, np.integer)) else float(number)


def _text(cell: str) -> str:
    """The text itself, as plain str; half a character pair, which nothing can write, becomes a question mark."""
    try:
        cell.encode()
    except UnicodeEncodeError:
        return cell.encode(errors="replace").decode()
    return str(cell)


def _comparable(cells: pd.Series) -> np.ndarray | pd.Series:
    if pd.api.types.is_object_dtype(cells.dtype) or _is_nested(cells.dtype):
        return np.array(["|".join(sorted(map(str, cell))) if isinstance(cell, LISTS) else str(cell) for cell in cells], dtype=object)
    return cells.reset_index(drop=True)


def _objects(cells: Iterable, length: int) -> np.ndarray:
    """An object array of one dimension, also where every cell is a list of the same length."""
    array = np.empty(length, dtype=object)
    for place, cell in enumerate(cells):
        array[place] = cell
    return array
