"""The outcome beside the traits: read as yes/no, lined up with the rows, with a word on everything set aside."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Number

import numpy as np
import pandas as pd

from icp_helpers.analysis.plain import by_name, content_order, plain_frame
from icp_helpers.tables.errors import ParameterError


def line_up(traits: pd.DataFrame, ideal) -> tuple[pd.DataFrame, np.ndarray, list[str]]:
    """The rows whose outcome is known, their outcome as booleans, and notes.

    `ideal` is booleans (or 0/1, missing allowed), in any dtype: a Series, a list, an array, a frame of one column. A
    Series with the labels of `traits` in another order is put in order; where one of the two just numbers its rows they
    go together row by row. ParameterError if they cannot.
    """
    known, outcome, notes = _read(traits, ideal)
    return traits[known], outcome, notes


def settle(traits: pd.DataFrame, ideal) -> tuple[pd.DataFrame, np.ndarray, list[str], np.ndarray]:
    """The same as `line_up`, in an order of rows and columns that depends on names and content alone, and the rows'
    places in `traits`: no draw, fold or tie then depends on how the table came. Any frame will do (`plain_frame`)."""
    frame = by_name(plain_frame(traits))
    known, outcome, notes = _read(frame, ideal)
    order = content_order(frame[known], outcome)
    rows = np.flatnonzero(known)[order]
    return frame.iloc[rows], outcome[order], notes, rows


def _read(traits: pd.DataFrame, ideal) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """For which rows the outcome is known, what it is for these, and notes."""
    outcome = _series(ideal)
    if len(outcome) != len(traits):
        raise _misfit("have unequal lengths", f"{len(traits):,} rows of traits, {len(outcome):,} outcomes", "Give one outcome a row.")
    if not outcome.index.equals(traits.index):
        outcome = _by_label(outcome, traits.index)
    known = outcome.notna().to_numpy(bool)
    values = outcome[known].astype(object)
    odd = values[[not _is_yes_or_no(value) for value in values]]
    if len(odd):
        raise _misfit("do not go together: the outcome cannot be read", _shown(odd), "Give true and false, or 1 and 0.")
    notes = [] if known.all() else [f"{int((~known).sum()):,} customers were set aside: their outcome is not known."]
    return known, values.map(bool).to_numpy(bool), notes


def _series(ideal) -> pd.Series:
    if isinstance(ideal, pd.DataFrame) and ideal.shape[1] == 1:
        return ideal.iloc[:, 0]
    if isinstance(ideal, pd.Series):
        return ideal
    if isinstance(ideal, Mapping):
        return pd.Series(dict(ideal), dtype=None if ideal else object)
    if ideal is None or isinstance(ideal, (str, bytes, set, frozenset, Number, pd.DataFrame)) or not hasattr(ideal, "__iter__"):
        raise _misfit("do not go together", f"the outcome is {type(ideal).__name__}", "Give one yes/no a row, as a Series, a list or an array.")
    if np.ndim(ideal) > 1 and np.size(ideal) != len(ideal):
        raise _misfit("do not go together", f"an outcome of {np.shape(ideal)} cells", "Give one column of yes/no.")
    return pd.Series(list(np.ravel(ideal)) if np.ndim(ideal) > 1 else list(ideal))


def _by_label(outcome: pd.Series, labels: pd.Index) -> pd.Series:
    """The outcome in the order of the traits' labels, or row by row where one of the two has no labels of its own."""
    if outcome.index.is_unique and labels.is_unique and not len(labels.difference(outcome.index, sort=False)):
        return outcome.reindex(labels)
    rows = pd.RangeIndex(len(labels))
    if outcome.index.equals(rows) or labels.equals(rows):
        return outcome
    shared = int(labels.isin(outcome.index).sum())
    raise _misfit("carry other labels", f"{shared:,} of {len(labels):,} rows of traits with a label of the outcome",
                  "Give both the same index, or the outcome as a list in the order of the rows.")


def _is_yes_or_no(value) -> bool:
    return isinstance(value, (bool, np.bool_)) or (isinstance(value, Number) and value in (0, 1))


def _shown(odd: pd.Series) -> str:
    """A few of the cells that are no yes/no: text and numbers as they are, anything else by its type."""
    known = [str(value)[:20] if isinstance(value, (str, Number)) else type(value).__name__ for value in odd]
    return ", ".join(list(dict.fromkeys(known))[:5])


def _misfit(what: str, found: str, remedy: str) -> ParameterError:
    return ParameterError(f"The traits and the outcome {what}", where="the customers to learn from", found=found, remedy=remedy)
