"""Rows that are copies of one another, and folds that never split them between training and test."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_helpers.analysis.trait_columns import text_named

MOST_ALIKE = 0.01  # customers expected to share a whole row by chance, below which a shared row is a copy


def copies(traits: pd.DataFrame) -> np.ndarray:
    """A group number for each row; rows that are copies of one another share it.

    Two equal rows are copies where chance would hardly make them equal: the product of the shares of their cells,
    times the number of rows, is below .01. Three yes/no columns make no copies, forty columns do.
    """
    frame = text_named(traits)
    cells = frame.map(_hashable)
    own = np.arange(len(frame))
    if not len(frame) or not frame.shape[1]:
        return own
    expected = np.zeros(len(frame))
    for place in range(cells.shape[1]):
        column = cells.iloc[:, place]
        expected += np.log(column.map(column.value_counts(dropna=False)).to_numpy(float) / len(frame))
    key = cells.apply(tuple, axis=1)
    rare = np.exp(expected) * len(frame) < MOST_ALIKE
    group = own.copy()
    first = key[rare].drop_duplicates()
    group[rare] = key[rare].map(dict(zip(first, first.index, strict=True))).map(dict(zip(frame.index, own, strict=True))).to_numpy()
    return group


def duplicated_rows(traits: pd.DataFrame) -> pd.DataFrame:
    """One row for the whole table if it holds copies: `value` is the share of rows that have one."""
    group = copies(traits)
    share = float((np.bincount(group, minlength=len(group))[group] > 1).mean()) if len(group) else 0.0
    rows = [("(row)", "duplicated_rows", share, 0.0, "kept_together")] if share else []
    return pd.DataFrame(rows, columns=["column", "guard", "value", "threshold", "decision"])


def folds_of(groups: np.ndarray, folds: int, *, seed: int = 0) -> np.ndarray:
    """A fold for each row, 0 to folds - 1, even in size, that never splits a group of copies."""
    _, place, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(sizes))
    order = order[np.argsort(-sizes[order], kind="stable")]
    fold, filled = np.empty(len(sizes), int), np.zeros(folds)
    for group in order:
        fold[group] = filled.argmin()
        filled[fold[group]] += sizes[group]
    return fold[place]


def _hashable(cell: object) -> object:
    if isinstance(cell, (list, tuple, set, frozenset, np.ndarray)):
        return "|".join(sorted(map(str, cell)))
    return "" if cell is None or cell is pd.NA or cell != cell else cell
