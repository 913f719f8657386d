"""The traits as terms of a regression: what is compared with what, in a unit that a reader knows."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import rankdata

from icp_helpers.analysis.coding import MISSING, Scale, Trait, frequent_items, frequent_levels, holds
from icp_helpers.analysis.famd import as_levels, fold

FREQUENT = 0.05  # a level, an item or a gap held by fewer customers is folded into the rest
FEWEST_HOLDERS = 10
MOST_LEVELS = 8
COLLINEAR = 0.8
OF_ITS_OWN = 1e-5  # standard deviations that a column of the design must have beside all earlier ones


@dataclass(frozen=True)
class Term:
    """What one trait (or one item of a list) puts into the design.

    kind: step (a number moved from `levels[0]` to `levels[1]`), switch (yes against no) or levels (each against the rest).
    columns: n x c; a number in standard units, 0/1 for the rest; of `levels` all but the first stand here.
    values: what a step is moved between, in standard units. gap: 0/1, where the value is missing, when that is frequent.
    """

    trait: str
    kind: str
    columns: np.ndarray
    levels: tuple[str, ...]
    holders: tuple[int, ...]
    raw: np.ndarray
    values: tuple[float, float] = (0.0, 1.0)
    gap: np.ndarray | None = None

    @property
    def name(self) -> str:
        """The trait; of a list, with the item."""
        return self.trait if self.kind != "switch" or self.levels == ("yes",) else f"{self.trait}: {self.levels[0]}"

    @property
    def design(self) -> np.ndarray:
        return self.columns if self.gap is None else np.column_stack([self.columns, self.gap])


def make_terms(traits: list[Trait]) -> list[Term]:
    """The terms of all usable traits; a list gives one a frequent item."""
    return [term for trait in traits if trait.kind != "left" for term in _make(trait)]


def _make(trait: Trait) -> list[Term]:
    at_least = max(FEWEST_HOLDERS, int(np.ceil(FREQUENT * len(trait.values))))
    if trait.kind == "number":
        return _step(trait, at_least)
    if trait.kind == "list":
        items = frequent_items(trait.values, at_least=at_least, at_most=MOST_LEVELS)
        return [_switch(trait.name, item, holds(trait.values, item), None) for item in items]
    if trait.kind == "flag":
        known = ~np.isnan(trait.values)
        if min((trait.values == 1).sum(), (trait.values == 0).sum()) < 2:
            return []
        gap = ~known if (~known).sum() >= at_least else None
        return [_switch(trait.name, "yes", np.where(known, trait.values, 0.0), gap)]
    return _levels(trait, at_least)


def _switch(trait: str, level: str, held: np.ndarray, gap: np.ndarray | None) -> Term:
    gap = None if gap is None else gap.astype(float)
    return Term(trait, "switch", held[:, None], (level,), (int(held.sum()),), held, gap=gap)


def _step(trait: Trait, at_least: int) -> list[Term]:
    known = np.isfinite(trait.values)
    scale = Scale.fit(trait.values)
    ends = _readable_ends(trait.values[known])
    gap = (~known).astype(float) if (~known).sum() >= at_least else None
    moved = scale.apply(np.array(ends))
    standard = np.nan_to_num(scale.apply(trait.values), nan=0.0)
    label = f"{ends[0]:g} → {ends[1]:g}"
    return [Term(trait.name, "step", standard[:, None], (label,), (int(known.sum()),), trait.values, tuple(moved), gap)]


def _readable_ends(known: np.ndarray) -> tuple[float, float]:
    """From the lower to the upper quartile, to three digits; further out where most customers share one value."""
    for low, high in ((25, 75), (10, 90), (0, 100)):
        ends = tuple(float(f"{end:.3g}") for end in np.percentile(known, [low, high]))
        if ends[0] < ends[1]:
            return ends
    return float(known.min()), float(known.max())


def _levels(trait: Trait, at_least: int) -> list[Term]:
    values = as_levels(trait)
    missing = sum(value is None for value in values)
    levels = frequent_levels(values, at_least=at_least, at_most=MOST_LEVELS)
    kept = tuple(levels) + ((MISSING,) if missing >= at_least else ())
    folded = fold(values, kept)
    # what is rare or missing is one level more: nobody is left out, and nobody is called what she is not
    everything = tuple(dict.fromkeys((*kept, *sorted(set(folded) - set(kept)))))
    if len(everything) < 2 or not levels:
        return []
    held = np.column_stack([_at(folded, level) for level in everything]).astype(float)
    return [Term(trait.name, "levels", held[:, 1:], everything, tuple(held.sum(axis=0).astype(int)), folded)]


def split_levels(trait: Trait) -> list[tuple[str, np.ndarray]]:
    """The levels of one trait and who holds each; a number in quarters, cut at three digits."""
    if trait.kind == "number":
        known = trait.values[np.isfinite(trait.values)]
        cuts = np.unique([float(f"{cut:.3g}") for cut in np.percentile(known, [25, 50, 75])])
        cuts = [cut for cut in cuts if known.min() < cut]
        ends = [-np.inf, *cuts, np.inf]
        between = [f"{low:g} – {high:g}" for low, high in zip(cuts, cuts[1:], strict=False)]
        names = [f"< {cuts[0]:g}", *between, f"≥ {cuts[-1]:g}"] if cuts else [f"{known.min():g} – {known.max():g}"]
        return [(name, (trait.values >= low) & (trait.values < high)) for name, low, high in zip(names, ends, ends[1:], strict=False)]
    if trait.kind == "list":
        items = frequent_items(trait.values, at_least=FEWEST_HOLDERS, at_most=MOST_LEVELS)
        return [(item, holds(trait.values, item) == 1) for item in items]
    values = as_levels(trait)
    return [(level, _at(values, level)) for level in frequent_levels(values, at_least=1, at_most=MOST_LEVELS)]


def _at(values: np.ndarray, level: str) -> np.ndarray:
    """Who is at the level. A plain text in its place would lose a NUL at its end."""
    return values == np.array(level, dtype=object)


def drop_collinear(terms: list[Term]) -> tuple[list[Term], dict[str, str]]:
    """The terms without those tied above .8 to an earlier one, and {dropped: kept}.

    Tied: rank correlation for two numbers, Cramer's V for two categories, the correlation ratio for one of each.
    """
    if not terms:
        return [], {}
    parts = [_orthonormal(term) for term in terms]
    starts = np.cumsum([0, *(part.shape[1] for part in parts)])
    shared = np.add.reduceat(np.add.reduceat((_gram(np.hstack(parts))) ** 2, starts[:-1], axis=0), starts[:-1], axis=1)
    ranks = np.array([max(1, len(term.levels) - 1) if term.kind == "levels" else 1 for term in terms])
    ties = np.sqrt(shared / np.minimum.outer(ranks, ranks))
    kept, dropped = [], {}
    for place, term in enumerate(terms):
        rival = next((other for other in kept if ties[place, other] > COLLINEAR and terms[other].trait != term.trait), None)
        if rival is None:
            kept.append(place)
        else:
            dropped[terms[place].name] = terms[rival].trait
    return [terms[place] for place in kept], dropped


def drop_dependent(terms: list[Term]) -> tuple[list[Term], dict[str, str]]:
    """The terms whose columns no earlier ones make up (answers that add up, gaps in the same rows), and {dropped: kept}.

    A gap that another trait shares stays with that one; the term itself stays."""
    columns = np.hstack([term.design for term in terms])
    spread = columns.std(axis=0)
    standard = (columns - columns.mean(axis=0)) / np.where(spread > 0, spread, 1)
    triangle = np.linalg.qr(standard, mode="r")
    own = np.abs(np.diagonal(triangle)) > OF_ITS_OWN * np.sqrt(len(columns))
    own = np.append(own, np.zeros(columns.shape[1] - len(own), dtype=bool))  # more columns than customers
    kept, dropped, start = [], {}, 0
    for term in terms:
        mine, start = own[start : start + term.design.shape[1]], start + term.design.shape[1]
        width = term.columns.shape[1]
        if mine[:width].all():
            kept.append(term if mine.all() else replace(term, gap=None))
        else:
            dropped[term.name] = max(kept, key=lambda other: _tie(term, other)).name if kept else term.name
    return kept, dropped


def _tie(one: Term, other: Term) -> float:
    return float(np.abs(_orthonormal(one).T @ _orthonormal(other)).max())


def _orthonormal(term: Term) -> np.ndarray:
    """Columns whose cross products give the tie: standardised ranks, or centred indicators over the root of their share."""
    if term.kind == "step":
        known = np.isfinite(term.raw)
        ranks = np.zeros(len(term.raw))
        ranks[known] = rankdata(term.raw[known]) - (known.sum() + 1) / 2
        return (ranks / max(ranks[known].std(), 1e-12))[:, None]
    held = term.columns if term.kind == "switch" else np.column_stack([1 - term.columns.sum(axis=1), term.columns])
    share = held.mean(axis=0)
    if term.kind == "switch":
        return (held - share) / np.sqrt(np.maximum(share * (1 - share), 1e-12))
    return (held - share) / np.sqrt(np.maximum(share, 1e-12))


def _gram(columns: np.ndarray) -> np.ndarray:
    return columns.T @ columns / len(columns)
