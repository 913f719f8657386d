"""The member who stands in the middle of a group: the medoid by Gower's (1971) distance, and never an average.

An average of categories is nobody ("1.7 children, 40 % in construction"); the medoid is a combination that exists.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_helpers.analysis.trait_columns import TraitColumn, read_traits

REFERENCES = 1_000  # members that each is compared with; more only cost time, for a mean distance is settled by then


def central_member(traits: pd.DataFrame, *, seed: int = 0):
    """The index label of the row of `traits` with the smallest mean distance to the rows; None where there are none.

    Gower: a number's distance is its part of the range, a level's 0 or 1, a list's Jaccard's; a pair in which a trait is
    missing is compared by the others. Of equally central rows the first by label is taken.
    """
    if traits.empty:
        return None
    ordered = traits.sort_index()
    columns = read_traits(ordered, rare=1).columns
    if not columns:
        return ordered.index[0]
    rows = np.arange(len(ordered))
    others = rows if len(rows) <= REFERENCES else np.sort(np.random.default_rng(seed).choice(rows, REFERENCES, replace=False))
    apart, known = np.zeros((len(rows), len(others))), np.zeros((len(rows), len(others)))
    for column in columns:
        both = ~column.missing[:, None] & ~column.missing[others][None, :]
        apart += np.where(both, _distance(column, others), 0.0)
        known += both
    mean = np.divide(apart, known, out=np.ones_like(apart), where=known > 0).mean(axis=1)
    return ordered.index[int(np.argmin(np.round(mean, 12)))]


def _distance(column: TraitColumn, others: np.ndarray) -> np.ndarray:
    """Rows x others, 0 to 1; what is missing is weighed out by the caller."""
    values = column.values
    if column.kind == "items":
        shared = values.astype(float) @ values[others].T.astype(float)
        size = values.sum(axis=1).astype(float)
        union = size[:, None] + size[others][None, :] - shared
        return 1 - np.divide(shared, union, out=np.ones_like(union), where=union > 0)
    if column.kind == "levels":
        return (values[:, None] != values[others][None, :]).astype(float)
    spread = np.nanmax(values) - np.nanmin(values)
    return np.nan_to_num(np.abs(values[:, None] - values[others][None, :]) / (spread or 1.0))
