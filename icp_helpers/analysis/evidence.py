"""What stands beside a profile: the best that shuffled outcomes give, how often one would be claimed there, and how
much of what a flexible model can tell the profile holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from icp_helpers.analysis.claims import LEVEL, holds_unseen, strong_enough
from icp_helpers.analysis.peeling import Rule, Scored
from icp_helpers.analysis.profile import ProfileSearch
from icp_helpers.analysis.rates import Rates
from icp_helpers.analysis.search import search
from icp_helpers.analysis.significance import SHUFFLES, shuffled_scores
from icp_helpers.analysis.task import Task
from icp_helpers.analysis.trait_columns import read_traits
from icp_helpers.analysis.validation import FOLDS

COPIES = 99
COPIES_ABOVE = 19  # above 5,000 customers a copy takes longer, and the hold-out's p-value is exact anyway


@dataclass(frozen=True)
class Placebo:
    """The best profile of one shuffled outcome: on the customers it was made of, and on unseen ones. The first is what
    a search shows that does not check itself, and is never to stand for a real profile."""

    criteria: Rule
    on_own: Rates
    unseen: Rates


@dataclass(frozen=True)
class Yardstick:
    """The share of ideal customers among the `customers` (unseen) that the profiles select, and among as many that
    gradient boosting puts first."""

    customers: int
    rule_share: float
    boosting_share: float

    @property
    def part(self) -> float:
        """How much of the boosting's lift the profiles hold: 1 is all of it."""
        return self.rule_share / self.boosting_share if self.boosting_share > 0 else float("nan")


def placebo(result: ProfileSearch, *, seed: int = 0) -> Placebo | None:
    """The best profile in one shuffled copy of the outcome; None where there are too few customers to search."""
    copy = result.task and _shuffled(result.task, np.random.default_rng(seed + 1))
    found = copy and copy.next_rule(np.ones(len(copy.part), dtype=int))
    if not found:
        return None
    rule = _as_shown(copy, found)
    return Placebo(rule, Rates.of(copy.space.met(rule), copy.own), copy.unseen_rates(copy.found_without([rule], seed), seed)[0])


def false_claims(result: ProfileSearch, *, seed: int = 0, copies: int | None = None) -> dict:
    """In how many shuffled copies of this very outcome a profile would be claimed: `{shuffled_copies, claimed}`.

    Every copy goes the whole way. The reference of its permutation test may be shared: shuffling a shuffled outcome
    once more gives the same distribution.
    """
    task = result.task
    if task is None:
        return {"shuffled_copies": 0, "claimed": 0}
    copies = copies or (COPIES if task.held is None else COPIES_ABOVE)
    rng = np.random.default_rng(seed + 3)
    tried = [_shuffled(task, rng) for _ in range(copies)]
    if task.held is None:  # all copies are searched at once, and only those that pass the test go on
        everyone = np.ones(len(task.part), dtype=bool)
        reference = shuffled_scores(task.space, task.own, everyone, SHUFFLES, rng, task.plain)
        own = search(task.space.candidates, np.array([copy.own for copy in tried]), everyone[None], task.plain)
        higher = (reference[None, :] >= own.score[:, None]).sum(axis=1)
        tried = [copy for copy, above in zip(tried, higher, strict=True) if (1 + above) / (1 + len(reference)) <= LEVEL]
    return {"shuffled_copies": copies, "claimed": sum(_claimed(copy, tested=task.held is None) for copy in tried)}


def yardstick(result: ProfileSearch, *, seed: int = 0) -> Yardstick | None:
    """The profiles of `result` beside gradient boosting, both judged on customers they have not seen and at the same
    coverage. None where nothing was found."""
    task = result.task
    if task is None or not result.profiles:
        return None
    inside = np.logical_or.reduce([task.unseen_members(profile.without, seed) for profile in result.profiles])
    chance = np.where(task.judged, unseen_chance(task, seed), -1.0)
    best = np.argsort(-chance, kind="stable")[: inside.sum()]
    if not len(best):
        return None
    return Yardstick(len(best), float(task.outcome[inside].mean()), float(task.outcome[best].mean()))


def unseen_chance(task: Task, seed: int) -> np.ndarray:
    """Boosting's chance of the outcome for every customer, by a model that was not fitted to her."""
    frame = _model_frame(read_traits(task.frame, rare=20).columns)
    if task.held is not None:
        return _boosting(seed).fit(frame.iloc[task.part], task.own).predict_proba(frame)[:, 1]
    fold = task.folds(seed)
    chance = np.empty(len(fold))
    for number in range(FOLDS):
        seen = fold != number
        chance[~seen] = _boosting(seed).fit(frame[seen], task.outcome[seen]).predict_proba(frame[~seen])[:, 1]
    return chance


def _boosting(seed):
    return HistGradientBoostingClassifier(max_iter=80, learning_rate=0.08, max_leaf_nodes=15, min_samples_leaf=20, random_state=seed)


def _model_frame(columns) -> pd.DataFrame:
    """The traits as boosting takes them: numbers with gaps, a yes/no for each level and item."""
    made = {}
    for column in columns:
        if column.kind in ("number", "flag"):
            made[column.name] = np.where(np.isinf(column.values), np.nan, column.values)
        else:
            for place, level in enumerate(column.levels):
                own = column.values[:, place] if column.kind == "items" else column.values == place
                made[f"{column.name}={level}"] = np.where(column.missing, np.nan, own)
    return pd.DataFrame(made)


def _claimed(copy: Task, *, tested: bool) -> bool:
    """Whether a profile would be claimed in this copy, which was `tested` for chance already or not."""
    everyone = np.ones(len(copy.part), dtype=int)
    found = copy.next_rule(everyone)
    if not found:
        return False
    rule, _score = found
    if not strong_enough(copy.own[copy.space.met(rule)].mean(), copy.own.mean()):
        return False
    if not tested and copy.p_value(rule, everyone, [], LEVEL) > LEVEL:
        return False
    return holds_unseen(copy.unseen_rates(copy.found_without([_as_shown(copy, found)], 0), 0)[0])


def _as_shown(copy: Task, found: Scored) -> Rule:
    """The rule refitted, as every claimed one is."""
    return copy.refitted([found])[0][0]


def _shuffled(task: Task, rng: np.random.Generator) -> Task:
    return task.with_outcome(rng.permutation(task.outcome), rng)
