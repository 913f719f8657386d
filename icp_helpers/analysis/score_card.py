"""The card of points under a score: one term a trait, in plain numbers, read alike at fitting and at scoring.

A term gives each customer the points of the bin that her cell falls in. Points are centred: the customers that the
card was made of average 0 on every term, so that a missing, rare or never seen cell counts as average.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.candidates import edges_of
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.levels import equals, numbers_of
from icp_helpers.analysis.trait_columns import TraitColumn

PARTS = 8  # a number is cut at its eighths
KINDS = ("number", "levels", "item")


@dataclass(frozen=True)
class Term:
    """One trait's points.

    number: `keys` are the cuts, `points` those below the first cut, from each cut on. levels: `points` of each level.
    item: `keys` is one item of a list, `points` those without it and with it.
    """

    column: str
    kind: str
    keys: tuple
    points: tuple[float, ...]

    def bins(self, frame: pd.DataFrame) -> np.ndarray:
        """The place in `points` of each row; -1 where the cell is missing or in no bin."""
        if self.column not in frame.columns:
            return np.full(len(frame), -1)
        cells = frame[self.column]
        if self.kind == "number":
            numbers = numbers_of(cells)
            return np.where(np.isnan(numbers), -1, np.searchsorted(np.asarray(self.keys, float), numbers, side="right"))
        if self.kind == "item":
            has = Criterion(self.column, "has", self.keys[0]).mask(frame)
            known = cells.map(lambda cell: _is_list(cell) or not pd.isna(cell)).to_numpy(bool)
            return np.where(known, has.astype(int), -1)
        place = np.full(len(frame), -1)
        for number, level in enumerate(self.keys):
            place[equals(cells, level)] = number
        return place

    def scores(self, frame: pd.DataFrame) -> np.ndarray:
        """The points of each row."""
        return np.append(self.points, 0.0)[self.bins(frame)]

    def criterion(self, place: int) -> Criterion | None:
        """The bin as a criterion that a reader knows; not having an item is none."""
        if self.kind == "levels":
            return Criterion(self.column, "in", [self.keys[place]])
        if self.kind == "item":
            return Criterion(self.column, "has", self.keys[0]) if place else None
        low, high = ([None, *self.keys][place], [*self.keys, None][place])
        if low is None:
            return Criterion(self.column, "<=", high)
        return Criterion(self.column, ">=", low) if high is None else Criterion(self.column, "between", [low, high])

    def to_dict(self) -> dict:
        return {"column": self.column, "kind": self.kind, "keys": list(self.keys), "points": list(self.points)}


def empty_terms(columns: list[TraitColumn]) -> list[Term]:
    """The terms of these traits, with their bins and no points yet."""
    terms = []
    for column in columns:
        if column.kind == "number":
            cuts = tuple(float(cut) for cut in edges_of(column.values, PARTS))
            terms.append(Term(column.name, "number", cuts, (0.0,) * (len(cuts) + 1)))
        elif column.kind == "items":
            terms += [Term(column.name, "item", (item,), (0.0, 0.0)) for item in column.levels]
        else:
            levels = (False, True) if column.kind == "flag" else tuple(column.levels)
            terms.append(Term(column.name, "levels", levels, (0.0,) * len(levels)))
    return terms


@dataclass(frozen=True)
class Design:
    """The terms as columns for a regression: `matrix` is customers x columns, centred, 0 where a cell is in no bin.

    Numbers are coded as steps (x >= cut), so that a ridge penalty keeps neighbouring bins alike.
    """

    terms: list[Term]
    matrix: np.ndarray
    centres: list[np.ndarray]

    def with_points(self, coefficients: np.ndarray, digits: int) -> list[Term]:
        """The terms with their points, rounded to so many significant digits; terms that add nothing left out."""
        made, start = [], 0
        for term, centre in zip(self.terms, self.centres, strict=True):
            part = coefficients[start : start + len(centre)]
            start += len(centre)
            raw = _steps(term) @ part - centre @ part
            points = tuple(float(f"{point:.{digits}g}") for point in raw)
            if any(points):
                made.append(Term(term.column, term.kind, term.keys, points))
        return made


def make_design(terms: list[Term], frame: pd.DataFrame) -> Design:
    """Codes `frame` by the terms."""
    kept, blocks, centres = [], [], []
    for term in terms:
        bins = term.bins(frame)
        known = bins >= 0
        if not known.any():
            continue
        block = np.where(known[:, None], _steps(term)[bins], 0.0)
        centre = block[known].mean(axis=0)
        kept.append(term)
        centres.append(centre)
        blocks.append(np.where(known[:, None], block - centre, 0.0))
    matrix = np.hstack(blocks) if blocks else np.zeros((len(frame), 0))
    return Design(kept, matrix, centres)


def _steps(term: Term) -> np.ndarray:
    """How each bin is coded: bins x columns."""
    size = len(term.points)
    return np.tri(size, k=0)[:, 1:] if term.kind != "levels" else np.eye(size)


def _is_list(cell: object) -> bool:
    return isinstance(cell, (list, tuple, set, frozenset, np.ndarray))
