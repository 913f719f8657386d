"""Frequent item sets, counted in whole baskets: by mlxtend where it is at home, by an eclat on sparse columns beyond."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

import numpy as np
import pandas as pd
from mlxtend.frequent_patterns import fpgrowth
from scipy.sparse import csc_matrix

from icp_helpers.analysis.plain import plain_column

MLXTEND_BASKETS, MLXTEND_ITEMS = 100_000, 300  # beyond both it needs gigabytes; the counts are the same


@dataclass(frozen=True)
class Baskets:
    """baskets x items, 0/1, and the names of the items in the order of the columns."""

    matrix: csc_matrix
    items: list


def read_baskets(baskets: pd.DataFrame) -> Baskets:
    """A long table `basket_id, item` as a sparse matrix; an item twice in a basket counts once, gaps are left out."""
    basket_ids, item_names = (_hashable(baskets[name]) for name in ("basket_id", "item"))
    known = (basket_ids.notna() & item_names.notna()).to_numpy()
    if not known.all():
        basket_ids, item_names = basket_ids[known], item_names[known]
    (rows, ids), (columns, items) = (_numbered(cells) for cells in (basket_ids, item_names))
    order = sorted(range(len(items)), key=lambda place: str(items[place]))  # by name, of whatever type they are
    if len(order):
        columns = np.argsort(order).astype(np.int32)[columns]
    matrix = csc_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(len(ids), len(items)))
    matrix.data[:] = 1  # scipy has added up what was there twice
    items = [items[place] for place in order]
    return Baskets(matrix, items)


def _numbered(cells: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """A number for each cell in half the room that pandas takes, and the cells that are told apart."""
    numbers, cells = pd.factorize(cells)
    return numbers.astype(np.int32), cells


def _hashable(cells: pd.Series) -> pd.Series:
    """The cells as they can be told apart: a list by what is in it, what no method reads by its type."""
    plain = plain_column(cells)
    if not pd.api.types.is_object_dtype(plain):
        return plain
    return plain.map(lambda cell: ", ".join(sorted(map(str, cell))) if isinstance(cell, list) else getattr(cell, "kind", cell))


def least_count(share: float, total: int) -> int:
    """The smallest whole count that is at least `share` of `total`; decimals as written, so that 7 of 1,000 is .007."""
    return max(1, ceil(Decimal(str(share)) * total))


def frequent_sets(baskets: Baskets, at_least: int, max_length: int | None) -> dict[frozenset[int], int]:
    """Every set of columns found together in `at_least` baskets: {set: baskets}."""
    rows, columns = baskets.matrix.shape
    if rows == 0:
        return {}
    if rows <= MLXTEND_BASKETS and columns <= MLXTEND_ITEMS:
        return fpgrowth_sets(baskets.matrix, at_least, max_length)
    return eclat_sets(baskets.matrix, at_least, max_length)


def fpgrowth_sets(matrix: csc_matrix, at_least: int, max_length: int | None) -> dict[frozenset[int], int]:
    rows = matrix.shape[0]
    table = pd.DataFrame.sparse.from_spmatrix(matrix.astype(bool))
    # half a basket below the threshold: a share compared as floats loses sets that lie exactly on it
    found = fpgrowth(table, min_support=(at_least - 0.5) / rows, max_len=max_length)
    return {frozenset(map(int, items)): round(support * rows) for support, items in zip(found.support, found.itemsets, strict=True)}


def eclat_sets(matrix: csc_matrix, at_least: int, max_length: int | None) -> dict[frozenset[int], int]:
    """Depth first over item columns held as lists of baskets (Zaki 2000), each branch on the baskets that it is about."""
    found: dict[frozenset[int], int] = {}

    def grow(prefix: tuple[int, ...], within: csc_matrix, names: np.ndarray) -> None:
        counts = np.diff(within.indptr)
        for place in np.flatnonzero(counts >= at_least):
            found[frozenset((*prefix, int(names[place])))] = int(counts[place])
        if max_length is not None and len(prefix) + 1 >= max_length:
            return
        frequent = np.flatnonzero(counts >= at_least)
        within, names = within[:, frequent].astype(np.int32), names[frequent]  # smaller numbers would run over in the counts
        together = (within.T @ within).tocsr()
        for place in range(len(frequent) - 1):
            row = slice(together.indptr[place], together.indptr[place + 1])
            partners = together.indices[row][(together.data[row] >= at_least) & (together.indices[row] > place)]
            if len(partners):
                holders = within.indices[within.indptr[place] : within.indptr[place + 1]]
                partners = np.sort(partners)
                grow((*prefix, int(names[place])), _rows(within[:, partners], holders), names[partners])

    grow((), matrix, np.arange(matrix.shape[1]))
    return found


def _rows(columns: csc_matrix, rows: np.ndarray) -> csc_matrix:
    """The given rows of a few sparse columns, without a pass over the whole table's rows by index arrays."""
    keep = np.zeros(columns.shape[0], dtype=bool)
    keep[rows] = True
    chosen = keep[columns.indices]
    ends = np.concatenate([[0], np.cumsum(chosen)])[columns.indptr]
    place = np.cumsum(keep) - 1
    indices = place[columns.indices[chosen]]
    return csc_matrix((np.ones(len(indices), dtype=np.int8), indices, ends), shape=(len(rows), columns.shape[1]))
