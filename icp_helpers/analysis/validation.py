"""What a rule is worth on customers it has not seen, and whether it comes back: folds, time, bootstrap samples."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from icp_helpers.analysis.peeling import Rule, Space, peel

FOLDS = 5
BOOTSTRAPS = 20
NEWEST = 0.3  # the share of the customers, by date, that a time split keeps for the test


def found_without(space: Space, outcome: np.ndarray, rules: list[Rule], fold: np.ndarray) -> list[tuple[Rule, ...]]:
    """For each rule, what stands in its place when the whole search is repeated without each fold; () where nothing does.

    Each of these searches finds as many rules as there are; which stands for which is decided by the members in common.
    """
    weights = np.array([(fold != number).astype(int) for number in range(FOLDS)])
    pairs = [matched(space, rules, [rule for rule, _ in found]) for found in peel(space, outcome, weights, len(rules))]
    return [tuple(found.get(place, ()) for found in pairs) for place in range(len(rules))]


def stability(space: Space, outcome: np.ndarray, rules: list[Rule], seed: int) -> list[tuple[float, dict[str, float]]]:
    """For each rule the mean Jaccard overlap of its members with those found again in bootstrap samples, and how often
    a criterion on each of its columns returns."""
    rng = np.random.default_rng(seed)
    draws = np.array([np.bincount(rng.integers(0, len(outcome), len(outcome)), minlength=len(outcome)) for _ in range(BOOTSTRAPS)])
    overlap = np.zeros((BOOTSTRAPS, len(rules)))
    returns = [{one.column: 0.0 for one in rule} for rule in rules]
    for number, found in enumerate(peel(space, outcome, draws, len(rules))):
        for place, other in matched(space, rules, [rule for rule, _ in found]).items():
            overlap[number, place] = _jaccard(space.met(rules[place]), space.met(other))
            for column in {one.column for one in other} & set(returns[place]):
                returns[place][column] += 1 / BOOTSTRAPS
    return list(zip(overlap.mean(axis=0), returns, strict=True))


def newest_rows(observed_on: pd.Series) -> tuple[np.ndarray, pd.Timestamp] | None:
    """Which customers are the newest 30 %, and from which day; None where the dates do not allow a split."""
    days = pd.to_datetime(observed_on, errors="coerce").reset_index(drop=True)
    if days.notna().mean() < 0.5 or days.nunique() < 10:
        return None
    cut = days.quantile(1 - NEWEST, interpolation="higher")
    return (days >= cut).to_numpy(), cut


def from_older(space: Space, outcome: np.ndarray, rules: list[Rule], newest: np.ndarray) -> list[Rule | None]:
    """For each rule, what the same search finds among the older customers alone; None where it finds none like it."""
    found = [rule for rule, _ in peel(space, outcome, (~newest)[None].astype(int), len(rules))[0]]
    pairs = matched(space, rules, found)
    return [pairs.get(place) for place in range(len(rules))]


def matched(space: Space, rules: list[Rule], found: list[Rule]) -> dict[int, Rule]:
    """Which of the rules `found` stands for which of `rules`: the pairing with the most members in common.

    Every rule found stands for one, however little they share: leaving out the bad ones would flatter the rest.
    """
    if not found or not rules:
        return {}
    overlap = np.array([[_jaccard(space.met(rule), space.met(other)) for other in found] for rule in rules])
    return {int(place): found[other] for place, other in zip(*linear_sum_assignment(-overlap), strict=True)}


def _jaccard(one: np.ndarray, other: np.ndarray) -> float:
    either = (one | other).sum()
    return float((one & other).sum() / either) if either else 0.0


def stratified_folds(outcome: np.ndarray, seed: int, groups: np.ndarray) -> np.ndarray:
    """A fold for each customer, the outcome spread evenly over the folds; those of one group stay together."""
    rng = np.random.default_rng(seed)
    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    fold = np.empty(len(outcome), int)
    for value in (False, True):
        rows = rng.permutation(np.sort(first[outcome[first] == value]))
        fold[rows] = np.arange(len(rows)) % FOLDS
    return fold[first[group]]
