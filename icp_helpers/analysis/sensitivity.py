"""Would we say the same under another definition? The label, and the best description of it, under many weightings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.ideal import score_ideal
from icp_helpers.analysis.peeling import Rule, Space, make_space, peel
from icp_helpers.analysis.search import Settings
from icp_helpers.analysis.trait_columns import text_named

ALIKE = 0.5  # two criteria on one trait are the same one when they share this part of the customers who meet either


@dataclass(frozen=True)
class Weightings:
    """`weights`: weighting x mark, each summing to one; `ideal`: weighting x customer; `survival`: the share of the
    weightings under which each customer is ideal, indexed as the marks. No rows where there is no mark to weigh."""

    weights: pd.DataFrame
    ideal: np.ndarray
    survival: pd.Series


def weightings(marks: pd.DataFrame, *, share: float, n: int = 40, seed: int = 0) -> Weightings:
    """Labels the customers under `n` weightings, drawn evenly from all weightings of the marks that there are."""
    there = [name for name in marks.columns if marks[name].notna().any()]
    draws = np.random.default_rng(seed).dirichlet(np.ones(len(there)), n) if there else np.empty((0, 0))
    weights = pd.DataFrame(draws, columns=there)
    labels = [score_ideal(marks, row, share)["ideal"].to_numpy() for row in weights.to_dict("records")]
    ideal = np.array(labels, dtype=bool).reshape(len(labels), len(marks))
    survival = pd.Series(ideal.mean(axis=0) if len(ideal) else np.nan, index=marks.index)
    return Weightings(weights, ideal, survival)


def agreement(ideal: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The Jaccard index of the ideal customers (one boolean each) with those of each row of `other`."""
    both, either = (other & ideal).sum(axis=1), (other | ideal).sum(axis=1)
    return np.where(either > 0, both / np.maximum(either, 1), 1.0)


def criteria_survival(traits: pd.DataFrame, ideal: np.ndarray, others: np.ndarray) -> pd.DataFrame:
    """How often each criterion of the best description comes back when the ideal customers are drawn otherwise.

    `ideal` is one boolean a customer, `others` weighting x customers. The same search describes each labelling once,
    untested: it answers how far the description hangs on the weights, not whether it holds. A criterion comes back
    when the other description has one on the same trait that at least half of the customers who meet either share.
    Gives `criterion, trait, survival` (share of `others`), the surest first; no rows where nothing describes `ideal`.
    """
    empty = pd.DataFrame({"criterion": pd.Series(dtype=object), "trait": pd.Series(dtype=str), "survival": pd.Series(dtype=float)})
    if not len(traits) or not len(others):
        return empty
    space = make_space(text_named(traits), Settings())
    rule, *back = (_best(space, np.asarray(labels, bool)) for labels in (ideal, *others))
    rows = []
    for criterion in rule:
        returns = [any(_alike(space, criterion, other) for other in rule_again) for rule_again in back]
        rows.append({"criterion": criterion, "trait": criterion.column, "survival": float(np.mean(returns))})
    return pd.DataFrame(rows, columns=list(empty.columns)).sort_values("survival", ascending=False, kind="stable", ignore_index=True)


def pareto_front(marks: pd.DataFrame) -> np.ndarray:
    """Whom nobody beats: no other customer is at least as good on every mark and better on one. One boolean a row.

    Customers who lack a mark that others have cannot be compared and are not on the front.
    """
    values = marks.dropna(axis="columns", how="all").to_numpy(float)
    known = ~np.isnan(values).any(axis=1) if values.shape[1] else np.zeros(len(marks), bool)
    front = np.zeros(len(marks), bool)
    compared = values[known]
    for row in np.flatnonzero(known):
        beats = (compared >= values[row]).all(axis=1) & (compared > values[row]).any(axis=1)
        front[row] = not beats.any()
    return front


def _best(space: Space, labels: np.ndarray) -> Rule:
    found = peel(space, labels, np.ones((1, len(labels)), dtype=int), 1)[0]
    return found[0][0] if found else ()


def _alike(space: Space, one: Criterion, other: Criterion) -> bool:
    if one.column != other.column:
        return False
    first, second = space.met((one,)), space.met((other,))
    return (first & second).sum() >= ALIKE * (first | second).sum()
