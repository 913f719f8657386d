"""How one cell meets one level, in a dataframe and, word for word the same, in DuckDB.

One rule decides, whatever type the column came in with (a yes/no column with a gap is often read as 1.0/0.0, a number
column as text):

* a missing cell meets nothing, and neither does a text that is no number where a number is asked for;
* a yes/no cell is compared as yes/no (true, "true", 1 and "1" are the same value), a number as a number;
* text is compared as text, character for character after Unicode normalisation (NFC); where the level itself is a
  number, the text must be a plain decimal, and "0800" is not: such codes are text.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from numbers import Number

import numpy as np
import pandas as pd

# No leading zeros, no exponent, no blanks: what Python and DuckDB would read as a number differs beyond this.
_DECIMAL = r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,15})?"
_TRUE, _FALSE = ("true", "1", "1.0"), ("false", "0", "0.0")


def nfc(text: str) -> str:
    """The text in Unicode's composed form, so that both ways of writing "Å" are equal."""
    return unicodedata.normalize("NFC", text)


def numbers_of(cells: pd.Series) -> np.ndarray:
    """The cells as floats; what is missing or no number is NaN."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells.to_numpy(dtype=float, na_value=np.nan)
    return _each(cells, _number, float)


def has(cells: pd.Series, item: str) -> np.ndarray:
    """Which cells hold the item: one boolean a row; each distinct list is taken apart once."""
    known: dict = {}

    def judge(cell) -> bool:
        key = tuple(cell) if isinstance(cell, (list, np.ndarray)) and all(type(one) is str for one in cell) else None
        if key is None:
            return item in items_of(cell)
        if key not in known:
            known[key] = item in items_of(cell)
        return known[key]

    return _each(cells, judge, bool)


def _each(cells: pd.Series, judge, kind: type) -> np.ndarray:
    """`judge` of each cell; in a text column of each distinct text once, for levels are few and customers many."""
    if isinstance(cells.dtype, (pd.StringDtype, pd.CategoricalDtype)):
        codes, distinct = pd.factorize(cells)
        judged = np.array([*(judge(one) for one in distinct.astype(object)), judge(None)], dtype=kind)
        return judged[codes]
    return np.fromiter((judge(cell) for cell in cells.astype(object)), kind, len(cells))


def _number(cell: object) -> float:
    if isinstance(cell, str):
        return float(cell) if re.fullmatch(_DECIMAL, cell) else np.nan
    if isinstance(cell, (Number, Decimal, np.bool_)):
        return float(cell)
    return np.nan


def equals(cells: pd.Series, level: object) -> np.ndarray:
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return numbers_of(cells) == _number_meant(level)
    return _each(cells, lambda cell: _cell_equals(cell, level), bool)


def _cell_equals(cell: object, level: object) -> bool:
    if not isinstance(cell, str):
        return _number(cell) == _number_meant(level)
    if isinstance(level, bool):
        return cell.lower() in (_TRUE if level else _FALSE)
    return nfc(cell) == level if isinstance(level, str) else _number(cell) == level


def _number_meant(level: object) -> float:
    """The number to look for in cells that are numbers or yes/no: yes is 1, no is 0, other text is none."""
    if isinstance(level, str) and level.lower() in ("true", "false"):
        return float(level.lower() == "true")
    return _number(level)


def items_of(cell: object) -> set[str]:
    """The items of a list cell; a text cell is a list written with | between the items."""
    if isinstance(cell, str):
        return {nfc(item).strip(" ") for item in cell.split("|")}
    if isinstance(cell, (list, tuple, set, frozenset, np.ndarray)):
        return {nfc(str(item)).strip(" ") for item in cell if item is not None and item is not pd.NA and item == item}
    return set()


def quoted(text: str, mark: str) -> str:
    return mark + text.replace(mark, mark * 2) + mark


def double(number: float) -> str:
    # A bare 0.1 is a DECIMAL to DuckDB, which may round elsewhere than a double does.
    return f"CAST('{float(number)!r}' AS DOUBLE)"


def _is_text(column: str) -> str:
    return f"(typeof({column}) = 'VARCHAR' OR typeof({column}) LIKE 'ENUM%')"


def number_sql(column: str) -> str:
    return (
        f"CASE WHEN {_is_text(column)} AND NOT regexp_full_match(CAST({column} AS VARCHAR), '{_DECIMAL}') THEN NULL"
        f" WHEN isnan(TRY_CAST({column} AS DOUBLE)) THEN NULL ELSE TRY_CAST({column} AS DOUBLE) END"
    )


def equals_sql(column: str, level: object) -> str:
    text = f"CAST({column} AS VARCHAR)"
    if isinstance(level, bool):
        as_text = f"lower({text}) IN ({', '.join(quoted(word, chr(39)) for word in (_TRUE if level else _FALSE))})"
    elif isinstance(level, str):
        as_text = f"nfc_normalize({text}) = {quoted(level, chr(39))}"
    else:
        as_text = f"{number_sql(column)} = {double(level)}"
    meant = _number_meant(level)
    as_number = "false" if np.isnan(meant) else f"{number_sql(column)} = {double(meant)}"
    return f"coalesce(CASE WHEN {_is_text(column)} THEN {as_text} ELSE {as_number} END, false)"


def has_sql(column: str, item: str) -> str:
    items = (
        f"CASE WHEN {_is_text(column)} THEN string_split(CAST({column} AS VARCHAR), '|')"
        f" WHEN typeof({column}) LIKE '%[]' THEN TRY_CAST({column} AS VARCHAR[]) END"
    )
    found = (
        f"list_contains(list_transform({items}, lambda item: trim(nfc_normalize(item), ' ')), {quoted(item, chr(39))})"
    )
    return f"coalesce({found}, false)"
