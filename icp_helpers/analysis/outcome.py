"""The outcome beside the traits: read as yes/no, lined up with the rows, with a word on everything set aside."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_helpers.tables.errors import ParameterError


def line_up(traits: pd.DataFrame, ideal) -> tuple[pd.DataFrame, np.ndarray, list[str]]:
    """The rows whose outcome is known, their outcome as booleans, and notes.

    `ideal` is booleans (or 0/1, missing allowed), in any dtype. A Series with the labels of `traits` in another order
    is put in order; otherwise the two go together row by row. ParameterError if they cannot.
    """
    outcome = ideal if isinstance(ideal, pd.Series) else pd.Series(ideal)
    if len(outcome) != len(traits):
        raise _misfit("have unequal lengths", f"{len(traits):,} rows of traits, {len(outcome):,} outcomes", "give one outcome a row")
    if not outcome.index.equals(traits.index) and outcome.index.is_unique and set(outcome.index) == set(traits.index):
        outcome = outcome.reindex(traits.index)
    known = outcome.notna().to_numpy(bool)
    values = outcome[known].astype(object)
    if not values.map(lambda value: isinstance(value, (bool, np.bool_)) or value in (0, 1)).all():
        raise _misfit("cannot be read", ", ".join(map(str, values.unique()[:5])), "give true and false, or 1 and 0")
    notes = [] if known.all() else [f"{int((~known).sum()):,} customers were set aside: their outcome is not known."]
    return traits.loc[known], values.map(bool).to_numpy(bool), notes


def _misfit(what: str, found: str, remedy: str) -> ParameterError:
    return ParameterError(f"The traits and the outcome {what}", where="the search for a profile", found=found, remedy=remedy)
