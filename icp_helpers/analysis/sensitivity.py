"""Would we say the same under another definition? The label, and the best description of it, under many weightings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import hypergeom

from icp_helpers.analysis.ideal import score_ideal
from icp_helpers.analysis.peeling import make_space, peel
from icp_helpers.analysis.plain import plain_frame
from icp_helpers.analysis.search import Settings

NEARBY = 0.2  # a weight may be a fifth smaller or larger and still be the same opinion
LEVEL = 0.05
SURE = 0.9
SEARCHED_ON = 50_000  # customers; a description that only more of them could show is no criterion to act on


@dataclass(frozen=True)
class Weightings:
    """`weights`: weighting x mark, each summing to one; `ideal`: weighting x customer; `survival`: the share of the
    weightings under which each customer is ideal, indexed as the marks. No rows where there is no mark to weigh."""

    weights: pd.DataFrame
    ideal: np.ndarray
    survival: pd.Series


def weightings(marks: pd.DataFrame, *, share: float, n: int = 40, seed: int = 0, near: Mapping[str, float] | None = None) -> Weightings:
    """Labels the customers under `n` weightings of the marks that there are.

    Drawn evenly from all weightings; with `near`, each of those weights is made up to a fifth smaller or larger.
    """
    there = [name for name in marks.columns if marks[name].notna().any() and (near is None or near.get(name, 0) > 0)]
    rng = np.random.default_rng(seed)
    draws = rng.dirichlet(np.ones(len(there)), n) if there else np.empty((0, 0))
    if near is not None and there:
        draws = np.array([near[name] for name in there]) * rng.uniform(1 - NEARBY, 1 + NEARBY, (n, len(there)))
        draws /= draws.sum(axis=1, keepdims=True)
    weights = pd.DataFrame(draws, columns=there)
    labels = [score_ideal(marks, row, share)["ideal"].to_numpy() for row in weights.to_dict("records")]
    ideal = np.array(labels, dtype=bool).reshape(len(labels), len(marks))
    survival = pd.Series(ideal.mean(axis=0) if len(ideal) else np.nan, index=marks.index)
    return Weightings(weights, ideal, survival)


@dataclass(frozen=True)
class WeightsTried:
    """Random weightings (`anyhow`), how alike the label stays nearby (`same`: median Jaccard index, missing if there is
    nothing to weigh), and who hardly depends on the weights: `sure` of the ideal customers, and `kept_out` of the
    others, are ideal under nine in ten of the random weightings or more."""

    anyhow: Weightings
    same: float
    sure: int
    kept_out: int

    @property
    def tried(self) -> int:
        return len(self.anyhow.weights)


def try_weights(marks: pd.DataFrame, ideal: np.ndarray, weights: Mapping[str, float] | None, *, share: float, n: int = 40, seed: int = 0) -> WeightsTried:
    """Tries `n` weightings near the market's weights and `n` at random; none where fewer than two marks count."""
    counted = [name for name, weight in (weights or {}).items() if weight > 0 and name in marks.columns and marks[name].notna().any()]
    if len(counted) < 2:
        return WeightsTried(weightings(marks[[]], share=share, n=n, seed=seed), np.nan, 0, 0)
    anyhow = weightings(marks, share=share, n=n, seed=seed)
    nearby = weightings(marks, share=share, n=n, seed=seed, near=weights)
    often = anyhow.survival.to_numpy() >= SURE
    return WeightsTried(anyhow, float(np.median(agreement(ideal, nearby.ideal))), int((often & ideal).sum()), int((often & ~ideal).sum()))


def agreement(ideal: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The Jaccard index of the ideal customers (one boolean each) with those of each row of `other`."""
    both, either = (other & ideal).sum(axis=1), (other | ideal).sum(axis=1)
    return np.where(either > 0, both / np.maximum(either, 1), 1.0)


def criteria_survival(traits: pd.DataFrame, ideal: np.ndarray, others: np.ndarray, *, most: int = 3) -> pd.DataFrame:
    """How often each criterion of the best descriptions still earns its place when ideal is defined otherwise.

    `ideal` is one boolean a customer, `others` weighting x customers. Up to `most` descriptions are searched for once,
    and not tested: this asks how far they hang on the weights, not whether they hold. Under another weighting a
    criterion earns its place when those who meet the whole description are more often ideal than those who meet all of
    it but this (Fisher, one-sided, below .05). Gives `description` (1, 2, ...), `criterion`, `trait`, `survival`
    (share of `others`), in the descriptions' order; no rows where nothing describes the ideal customers. Of very many
    customers some are searched, evenly spread; `attrs["searched"]` says how many.
    """
    columns = ["description", "criterion", "trait", "survival"]
    if not len(traits) or not len(others) or not ideal.any() or ideal.all():
        return pd.DataFrame(columns=columns).astype({"survival": float})
    rows = np.linspace(0, len(traits) - 1, min(len(traits), SEARCHED_ON)).astype(int)
    traits, ideal, others = traits.iloc[rows], ideal[rows], others[:, rows]
    space = make_space(plain_frame(traits), Settings())
    rules = [rule for rule, _ in peel(space, ideal, np.ones((1, len(ideal)), dtype=int), most)[0]]
    found = []
    for number, rule in enumerate(rules, start=1):
        inside = space.met(rule)
        for criterion in rule:
            rest = tuple(one for one in rule if one != criterion)
            beside = (space.met(rest) if rest else np.ones(len(ideal), bool)) & ~space.possible((criterion,))
            found.append((number, criterion, criterion.column, _earned(inside, beside, others)))
    table = pd.DataFrame(found, columns=columns).astype({"survival": float})
    table.attrs["searched"] = len(ideal)
    return table


def pareto_front(marks: pd.DataFrame) -> np.ndarray:
    """Whom nobody beats: no other customer is at least as good on every mark and better on one. One boolean a row.

    Customers who lack a mark that others have cannot be compared and are not on the front.
    """
    values = marks.dropna(axis="columns", how="all").to_numpy(float)
    known = ~np.isnan(values).any(axis=1) if values.shape[1] else np.zeros(len(marks), bool)
    front = np.zeros(len(marks), bool)
    # Whoever is beaten has a smaller sum than who beats her, or the same by rounding and a smaller first difference: the
    # best of what is left is always on the front, and whom she beats need not be looked at again.
    order = np.lexsort((*values[known].T[::-1], values[known].sum(axis=1)))[::-1] if known.any() else np.zeros(0, int)
    left, place = values[known][order], np.flatnonzero(known)[order]
    while len(left):
        alike = (left == left[0]).all(axis=1)
        front[place[alike]] = True
        unbeaten = (left > left[0]).any(axis=1)
        left, place = left[unbeaten], place[unbeaten]
    return front


def _earned(inside: np.ndarray, beside: np.ndarray, others: np.ndarray) -> float:
    """The share of the labellings under which those inside are more often ideal than those beside."""
    hits, all_hits = others[:, inside].sum(axis=1), others[:, inside | beside].sum(axis=1)
    p = hypergeom.sf(hits - 1, inside.sum() + beside.sum(), all_hits, inside.sum())
    return float((p < LEVEL).mean())
