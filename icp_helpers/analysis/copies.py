"""Rows that are copies of one another: training and test are never to share them."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

MOST_ALIKE = 0.01  # customers expected to share a whole row by chance, below which a shared row is a copy


def copies(traits: pd.DataFrame) -> np.ndarray:
    """A group for each row, named by the place of its first one; rows that are copies of one another share it.

    Two equal rows are copies where chance would hardly make them equal: the product of the shares of their cells,
    times the number of rows, is below .01. Three yes/no columns make no copies, forty columns do.
    """
    n = len(traits)
    row, expected = np.zeros(n, dtype=np.int64), np.zeros(n)
    for place in range(traits.shape[1]):
        cells = traits.iloc[:, place]
        codes = pd.factorize(cells.map(_hashable) if cells.dtype == object else cells, use_na_sentinel=False)[0]
        expected += np.log(np.bincount(codes)[codes] / n)
        row = pd.factorize(row * n + codes)[0]  # rows equal so far have one number, below n
    _, first, place_of = np.unique(row, return_index=True, return_inverse=True)
    rare = np.exp(expected) * n < MOST_ALIKE
    return np.where(rare, first[place_of], np.arange(n))


def duplicated_rows(traits: pd.DataFrame) -> pd.DataFrame:
    """One row for the whole table if it holds copies: `value` is the share of rows that have one."""
    group = copies(traits)
    share = float((np.bincount(group, minlength=len(group))[group] > 1).mean()) if len(group) else 0.0
    rows = [("(row)", "duplicated_rows", share, 0.0, "kept_together")] if share else []
    return pd.DataFrame(rows, columns=["column", "guard", "value", "threshold", "decision"])


def _hashable(cell: object) -> object:
    if isinstance(cell, (list, tuple, set, frozenset, np.ndarray)):
        return "|".join(sorted(map(str, cell)))
    if not isinstance(cell, Hashable):
        return repr(cell)
    return "" if cell is None or cell is pd.NA or cell != cell else cell
