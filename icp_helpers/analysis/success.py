"""Rules to success: which traits, alone or two and three together, go with ideal customers? Shown only when they hold.

Judged twice: against the best rule of the same search on shuffled outcomes, and on customers whom the search never saw.
Every number that is reported comes from the latter, so that none is flattered by having been chosen.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import hypergeom
from statsmodels.stats.multitest import multipletests

from icp_helpers.analysis.coding import Trait, frequent_items, frequent_levels, read_traits
from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.analysis.intervals import lift as lift_interval

COLUMNS = ["antecedent", "consequent", "support", "confidence", "lift", "low", "high", "baskets", "p_adjusted"]
FEWEST, FEWEST_IDEAL = 100, 30
SEARCH_SHARE, SEARCH_MOST = 0.6, 5_000
SHUFFLES, ALPHA = 199, 0.05
LONGEST, BEAM = 3, 25
SMALLEST_SHARE, LARGEST_SHARE, FEWEST_MEMBERS = 0.03, 0.5, 20
MOST_ITEMS = 150
CLEARLY_WORSE = 0.01
MOST_RULES = 12


def success_rules(traits: pd.DataFrame, ideal: pd.Series, *, seed: int = 0) -> pd.DataFrame:
    """The rules "customers with these traits are ideal more often", each confirmed on customers not searched.

    traits: a row a customer; numbers (cut into four disjoint bins), text, yes/no, lists. ideal: yes/no, same index.

    Gives `antecedent` (tuple of Criterion, all must hold), `consequent` ("ideal"), `support`, `confidence`, `lift` with
    its 95 % interval `low, high`, `baskets` (customers that meet the rule and are ideal), all on the customers held out;
    `p_adjusted` (one-sided Fisher there, Holm over the rules that went to the test). Empty when no rule holds.
    `attrs`: `note` ("", empty, one_class, too_few, no_traits), `tried` (rules), `beat_chance` (rules that beat the
    shuffled outcomes), `searched` and `held_out` (customers), `base_rate`.
    """
    known = (ideal if ideal.index.equals(traits.index) else ideal.reindex(traits.index)).dropna().astype(bool)
    facts = {"note": "", "tried": 0, "beat_chance": 0, "searched": 0, "held_out": 0, "base_rate": None}
    hit = known.to_numpy()
    if min(hit.sum(), len(hit) - hit.sum()) < FEWEST_IDEAL or len(hit) < FEWEST:
        note = "empty" if not len(hit) else "one_class" if hit.all() or not hit.any() else "too_few"
        return _frame([], facts | {"note": note})
    traits = traits.loc[known.index]
    searched = _split(hit, seed)
    facts |= {"searched": int(searched.sum()), "held_out": int((~searched).sum()), "base_rate": float(hit.mean())}
    items = [item for trait in read_traits(traits.loc[searched]) for item in _items(trait)]
    items, met = _usable(items, traits.loc[searched])
    if not items:
        return _frame([], facts | {"note": "no_traits"})
    rules, facts["tried"] = _beating_chance(met, hit[searched], seed)
    kept = _not_redundant(rules, met, hit[searched])
    facts["beat_chance"] = len(kept)
    return _frame(_confirmed([tuple(items[i] for i in rule) for rule in kept], traits.loc[~searched], hit[~searched]), facts)


def _split(hit: np.ndarray, seed: int) -> np.ndarray:
    """Three fifths of the ideal and of the others, 5,000 at most, are searched; the rest confirms."""
    rng = np.random.default_rng(seed)
    share = min(SEARCH_SHARE, SEARCH_MOST / len(hit))
    searched = np.zeros(len(hit), dtype=bool)
    for group in (np.flatnonzero(hit), np.flatnonzero(~hit)):
        searched[rng.permutation(group)[: round(share * len(group))]] = True
    return searched


def _items(trait: Trait) -> list[Criterion]:
    """The disjoint bins or the levels of one trait as criteria."""
    if trait.kind == "number":
        return _bins(trait)
    if trait.kind == "flag":
        return [Criterion(trait.name, "is", True), Criterion(trait.name, "is", False)]
    limits = {"at_least": FEWEST_MEMBERS, "at_most": 20}
    if trait.kind == "list":
        return [Criterion(trait.name, "has", item) for item in frequent_items(trait.values, **limits)]
    return [Criterion(trait.name, "is", level) for level in frequent_levels(trait.values, **limits)] if trait.kind == "category" else []


def _bins(trait: Trait) -> list[Criterion]:
    """Four bins at quartiles of two digits (each value where there are four or fewer); the outer two are open-ended."""
    known = np.unique(trait.values[np.isfinite(trait.values)])
    quartiles = [float(f"{edge:.2g}") for edge in np.nanquantile(trait.values, [0.25, 0.5, 0.75])]
    inner = [edge for edge in quartiles if known[0] <= edge < known[-1]]
    edges = known[:-1] if known.size <= 4 else np.unique(known[np.searchsorted(known, inner, side="right") - 1])
    if not len(edges):
        return []
    starts = known[np.searchsorted(known, edges, side="right")]
    middle = [Criterion(trait.name, "between", [float(low), float(high)]) for low, high in zip(starts, edges[1:], strict=False)]
    return [Criterion(trait.name, "<=", float(edges[0])), *middle, Criterion(trait.name, ">=", float(starts[-1]))]


def _usable(items: list[Criterion], traits: pd.DataFrame) -> tuple[list[Criterion], np.ndarray]:
    """The items that neither too few nor nearly all customers meet, and customers x items, 0/1."""
    met = np.column_stack([item.mask(traits) for item in items]).astype(np.float32) if items else np.zeros((len(traits), 0))
    share = met.mean(axis=0)
    usable = np.flatnonzero((met.sum(axis=0) >= FEWEST_MEMBERS) & (share >= SMALLEST_SHARE) & (share <= 1 - SMALLEST_SHARE))
    usable = np.sort(usable[np.argsort(np.abs(share[usable] - 0.5), kind="stable")][:MOST_ITEMS])
    return [items[i] for i in usable], met[:, usable]


def _search(met: np.ndarray, hit: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """How far each rule's ideal customers exceed chance, in standard deviations: all items, all pairs, a beam of triples.

    Gives for each length the rules (items in rising order, a row a rule) and their scores, the best first.
    """
    found, prefixes = [], np.empty((1, 0), dtype=int)
    for length in range(LONGEST):
        covered = met[:, prefixes].prod(axis=2)
        score = _excess(covered.T @ met, (covered * hit[:, None].astype(np.float32)).T @ met, hit)
        fresh = np.isfinite(score)
        if length == 1:
            fresh &= prefixes < np.arange(met.shape[1])  # each pair once
        np.put_along_axis(fresh, prefixes, False, axis=1)
        rows, columns = np.nonzero(fresh)
        rules, scores = np.sort(np.column_stack([prefixes[rows], columns]), axis=1), score[rows, columns]
        order = np.lexsort((*rules.T[::-1], -scores))  # of equals the one whose items come first
        rules, scores = rules[order], scores[order]
        once = np.append(True, (rules[1:] != rules[:-1]).any(axis=1))[: len(rules)]  # a triple is met by up to three pairs
        found.append((rules[once], scores[once]))
        prefixes = rules[once] if length == 0 else rules[once][:BEAM]
        if not len(prefixes):
            break
    return found


def _excess(count: np.ndarray, hits: np.ndarray, hit: np.ndarray) -> np.ndarray:
    """Hypergeometric z of each rule; minus infinity where too few or too many customers meet it."""
    total, rate = len(hit), hit.mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (hits - count * rate) / np.sqrt(count * rate * (1 - rate) * (total - count) / (total - 1))
    fits = (count >= max(FEWEST_MEMBERS, SMALLEST_SHARE * total)) & (count <= LARGEST_SHARE * total)
    return np.where(fits, z, -np.inf)


def _beating_chance(met: np.ndarray, hit: np.ndarray, seed: int) -> tuple[list[tuple[int, ...]], int]:
    """The rules whose score the best of a shuffled search reaches in at most one in twenty, best first; and how many tried."""
    rng = np.random.default_rng(seed)
    scores = {tuple(rule): score for rules, values in _search(met, hit) for rule, score in zip(rules.tolist(), values.tolist(), strict=True)}
    best = [[values[0] for _rules, values in _search(met, rng.permutation(hit)) if len(values)] for _ in range(SHUFFLES)]
    bar = np.sort([max(values, default=np.inf) for values in best])[int(np.ceil((1 - ALPHA) * (SHUFFLES + 1))) - 1]
    return sorted((rule for rule in scores if scores[rule] > bar), key=lambda rule: (-scores[rule], rule)), len(scores)


def _not_redundant(rules: list[tuple[int, ...]], met: np.ndarray, hit: np.ndarray) -> list[tuple[int, ...]]:
    """Rules of which every part matters, and that add customers to those already told."""
    kept: list[tuple[int, ...]] = []
    for rule in rules:
        inside = met[:, list(rule)].all(axis=1)
        parts = [met[:, [i for i in rule if i != left_out]].all(axis=1) & ~inside for left_out in rule] if len(rule) > 1 else []
        told = [met[:, list(other)].all(axis=1) for other in kept]
        if all(_clearly_more(inside, part, hit) for part in parts) and all(
            _clearly_more(inside & ~other, ~inside & ~other, hit) for other in told
        ):
            kept.append(rule)
        if len(kept) == MOST_RULES:
            break
    return kept


def _clearly_more(these: np.ndarray, those: np.ndarray, hit: np.ndarray) -> bool:
    """Are these ideal clearly more often than those (Fisher, one-sided)?"""
    hits, both = int(hit[these].sum()), int(hit[these | those].sum())
    return hypergeom.sf(hits - 1, int((these | those).sum()), both, int(these.sum())) <= CLEARLY_WORSE


def _confirmed(rules: list[tuple[Criterion, ...]], traits: pd.DataFrame, hit: np.ndarray) -> list[tuple]:
    """The rules that hold on customers not searched, with their numbers there."""
    if not rules:
        return []
    inside = [members(traits, rule) for rule in rules]
    n, ideal = np.array([part.sum() for part in inside]), np.array([hit[part].sum() for part in inside])
    p = multipletests(hypergeom.sf(ideal - 1, len(hit), hit.sum(), n), method="holm")[1]
    low, high = lift_interval(ideal, n, np.full(len(n), hit.sum()), np.full(len(n), len(hit)))
    return [
        (rule, "ideal", ideal[i] / len(hit), ideal[i] / n[i], ideal[i] / n[i] / hit.mean(), low[i], high[i], int(ideal[i]), p[i])
        for i, rule in enumerate(rules)
        if p[i] <= ALPHA
    ]


def _frame(rows: list[tuple], facts: dict) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    frame = frame.sort_values("low", ascending=False, kind="stable", ignore_index=True)
    frame.attrs = facts
    return frame
