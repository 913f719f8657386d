"""The criteria that a search may choose from, made from the traits alone: the outcome has no say in them."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

import numpy as np

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.trait_columns import TraitColumn, Traits

PARTS = 8  # a number is cut at its eighths
FEW_VALUES = 9  # a number with so few values is cut at each of them
CANDIDATES_AT_MOST = 1_500  # beyond, numbers are cut more coarsely: the edges are placed anew afterwards, and time is bounded


@dataclass(frozen=True)
class Basis:
    """All masks as differences of a few: "10 to 50" is "up to 50" less "below 10", and many cuts share an end.

    `masks` is masks x customers (the first is empty), `columns` the same turned, as numbers; a candidate is met by `plus`
    less `minus`, and possibly by those of `unknown` besides (places in the masks, one a candidate). Products with it cost
    a third.
    """

    masks: np.ndarray
    columns: np.ndarray
    plus: np.ndarray
    minus: np.ndarray
    unknown: np.ndarray

    def counts(self, weights: np.ndarray) -> np.ndarray:
        """For each row of whole weights (a column a customer) their sum over each mask: what `met` and `possible` take."""
        rows = np.flatnonzero(weights.any(axis=0))
        if len(rows) < weights.shape[1] / 2:  # then it pays to look at these alone
            return self.among(rows, weights[:, rows])
        return np.rint(weights @ self.columns).astype(np.int64)

    def among(self, rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """The same with a column for each of the customers at `rows` alone: the others weigh nothing."""
        return np.rint(weights @ self.columns[rows]).astype(np.int64)

    def met(self, counts: np.ndarray) -> np.ndarray:
        """The sums over who meets each candidate."""
        return np.take(counts, self.plus, axis=-1) - np.take(counts, self.minus, axis=-1)

    def lacking(self, counts: np.ndarray) -> np.ndarray:
        """The sums over whose trait is not known, for each candidate."""
        return np.take(counts, self.unknown, axis=-1)

    def possible(self, counts: np.ndarray) -> np.ndarray:
        """The sums over who meets, or possibly meets, each candidate."""
        return self.met(counts) + self.lacking(counts)

    def rows(self, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Who meets, and who possibly meets, the candidates at `places`: two arrays of the shape of that x customers."""
        met = self.masks[self.plus[places]] & ~self.masks[self.minus[places]]
        return met, met | self.masks[self.unknown[places]]


@dataclass(frozen=True)
class Candidates:
    """`met` is customers x candidates (float32, 1 where met), `possible` the same with 1 also where the trait is not
    known. `group` numbers the trait that each comes from (a rule takes one criterion a trait, but may ask for several
    items of a list); candidates of a group stand together. `basis` says the same as `met` and `possible`, for sums."""

    criteria: tuple[Criterion, ...]
    met: np.ndarray
    possible: np.ndarray
    group: np.ndarray
    basis: Basis

    @property
    def bundle(self) -> np.ndarray:
        """Numbers what differs by degree alone: the cuts of one number are one bundle, each level is one of its own."""
        apart = np.array([one.op in ("in", "is", "has") for one in self.criteria], dtype=bool)
        return np.cumsum(np.append(False, (self.group[1:] != self.group[:-1]) | apart[1:] | apart[:-1])) if len(apart) else self.group


def make_candidates(traits: Traits, customers: int, *, lowest: float = 0.02, highest: float = 0.98) -> Candidates:
    """All single criteria that at least `lowest` of the customers meet, and at most `highest` of those whose trait is
    known: what everybody meets says only that the trait is known."""
    parts = PARTS
    while True:
        made = [(column, _criteria_of(column, parts)) for column in traits.columns]
        if parts <= 3 or sum(len(criteria) for _, criteria in made) <= CANDIDATES_AT_MOST:
            break
        parts -= 1
    criteria, met, possible, group, ends = [], [], [], [], []
    number = 0
    for column, own in made:
        seen = set()
        for criterion in own:
            mask = column_mask(column, criterion)
            known = (~column.missing).sum()
            if lowest * customers <= mask.sum() and mask.sum() <= highest * known and mask.tobytes() not in seen:
                seen.add(mask.tobytes())
                criteria.append(criterion)
                met.append(mask)
                possible.append(mask | column.missing)
                group.append(number)
                ends.append((*_ends(column, criterion, mask), column.missing))
                number += column.kind == "items"
        number += column.kind != "items"
    return Candidates(tuple(criteria), _matrix(met, customers), _matrix(possible, customers), np.array(group, dtype=int),
                      _basis(ends, customers))


def _ends(column: TraitColumn, criterion: Criterion, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Two masks whose difference is the criterion's: up to its end, and below its start."""
    if criterion.op == "between":
        return column.values <= criterion.value[1], column.values < criterion.value[0]
    if criterion.op == ">=":
        return ~column.missing, column.values < criterion.value
    return mask, np.zeros(len(mask), bool)


def _basis(ends: list[tuple[np.ndarray, ...]], customers: int) -> Basis:
    places = {np.zeros(customers, bool).tobytes(): 0}
    index = np.array([[places.setdefault(mask.tobytes(), len(places)) for mask in masks] for masks in ends], dtype=int)
    masks = np.frombuffer(b"".join(places), dtype=bool).reshape(len(places), customers)
    return Basis(masks, np.ascontiguousarray(masks.T, dtype=np.float32), *index.reshape(-1, 3).T)


def _matrix(masks: list[np.ndarray], customers: int) -> np.ndarray:
    return np.ascontiguousarray(np.array(masks, dtype=np.float32).reshape(len(masks), customers).T)


def column_mask(column: TraitColumn, criterion: Criterion) -> np.ndarray:
    """Which customers meet `criterion`, from the column as read; equal to `criterion.mask(frame)`."""
    if criterion.op == "has":
        return column.values[:, column.levels.index(criterion.value)]
    if criterion.op == "in":
        return np.isin(column.values, [column.levels.index(level) for level in criterion.value])
    if criterion.op == "is":
        return column.values == float(criterion.value)
    if criterion.op == "between":
        return (column.values >= criterion.value[0]) & (column.values <= criterion.value[1])
    return column.values >= criterion.value if criterion.op == ">=" else column.values <= criterion.value


def edges_of(values: np.ndarray, parts: int) -> np.ndarray:
    """Cuts at `parts` quantiles, each rounded as far as the distance to its neighbours allows: 10 and 50, not 9.7 and
    51.3. With few values, the values themselves."""
    finite = values[np.isfinite(values)]
    distinct = np.unique(finite)
    if len(distinct) <= max(FEW_VALUES, parts):
        return distinct
    cuts = np.unique(np.quantile(finite, np.arange(1, parts) / parts))
    if len(cuts) < 2:
        return cuts
    gaps = np.diff(cuts)
    room = np.minimum(np.append(gaps, gaps[-1]), np.append(gaps[0], gaps)) / (1 if parts > PARTS else 4)
    whole = bool((finite == np.round(finite)).all())
    return np.unique([_nice(cut, max(space, 1.0) if whole else space) for cut, space in zip(cuts, room, strict=True)])


def interval(column: str, low: float | None, high: float | None) -> Criterion:
    """The criterion `low <= column <= high`, where None is an open end."""
    if low is None:
        return Criterion(column, "<=", high)
    return Criterion(column, ">=", low) if high is None else Criterion(column, "between", (low, high))


def _criteria_of(column: TraitColumn, parts: int) -> list[Criterion]:
    if column.kind == "flag":
        return [Criterion(column.name, "is", True), Criterion(column.name, "is", False)]
    if column.kind == "items":
        return [Criterion(column.name, "has", item) for item in column.levels]
    if column.kind == "levels":
        return [Criterion(column.name, "in", (level,)) for level in column.levels]
    edges = edges_of(column.values, parts)
    ends = [None, *map(float, edges), None]
    pairs = [(low, high) for i, low in enumerate(ends[:-1]) for high in ends[max(i, 1) :] if (low, high) != (None, None)]
    pairs.sort(key=lambda pair: None not in pair)  # of two that select the same customers the simpler one is kept
    return [interval(column.name, low, high) for low, high in pairs]


def _nice(value: float, room: float) -> float:
    if room <= 0 or value == 0:
        return float(value)
    power = 10.0 ** floor(log10(room))
    step = max(unit for unit in (1, 2, 5) if unit * power <= room * (1 + 1e-9)) * power
    return float(round(round(value / step) * step, max(0, -floor(log10(step)))))
