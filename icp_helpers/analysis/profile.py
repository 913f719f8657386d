"""The ideal customer profile: a few criteria that hold on customers they were not made from, or "none can be shown".

Beam search for conjunctions (search.py), judged as a whole against shuffled outcomes up to 5,000 customers and on a
hold-out above, valued by cross-validation of everything that was done. Further profiles are sought among those whom
the earlier ones leave, under a stricter level.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from icp_helpers.analysis.claims import borne_out, claims
from icp_helpers.analysis.criteria import members
from icp_helpers.analysis.hypothesis import Possible, possible_criteria
from icp_helpers.analysis.members_marks import Mark, find_marks
from icp_helpers.analysis.outcome import settle
from icp_helpers.analysis.peeling import Rule, make_space
from icp_helpers.analysis.plain import plain_frame, plain_seed
from icp_helpers.analysis.rates import Rates
from icp_helpers.analysis.search import Settings
from icp_helpers.analysis.task import Task, make_task
from icp_helpers.analysis.validation import from_older, newest_rows, stability

FEWEST = 30  # ideal customers, and others, below which there are only hypotheses


@dataclass(frozen=True)
class Profile:
    """One profile: all criteria must hold. Shares and lifts are those of customers whom the search had not seen: members
    by the rules `without`, that were found in its place without them."""

    criteria: Rule
    customers: int
    p_value: float
    unseen: Rates
    stability: float
    returns: dict[str, float]
    marks: tuple[Mark, ...] = ()
    in_time: Rates | None = None
    without: tuple[Rule, ...] = field(default=(), repr=False)

    def members(self, traits: pd.DataFrame) -> np.ndarray:
        """Which rows of `traits` meet all criteria: one boolean a row."""
        return members(plain_frame(traits, {one.column for one in self.criteria}), self.criteria)

    @property
    def ideal_share(self) -> float:
        return self.unseen.share

    @property
    def lift(self) -> float:
        return self.unseen.lift

    @property
    def lift_interval(self) -> tuple[float, float]:
        return self.unseen.lift_interval

    @property
    def holdout(self) -> dict:
        return self.unseen.to_dict()


@dataclass(frozen=True)
class ProfileSearch:
    """What was found. `status` is found | none | too_few; `possible` holds hypotheses where there are too few ideal
    customers; `notes` say what was left out and why; `tried` counts the single criteria that rules were made of; `task`
    is what was searched."""

    status: str
    profiles: tuple[Profile, ...]
    customers: int
    ideal: int
    possible: tuple[Possible, ...] = ()
    notes: tuple[str, ...] = ()
    tried: int = 0
    p_value: float | None = None
    newest_from: pd.Timestamp | None = None
    task: Task | None = field(default=None, repr=False, compare=False)

    @property
    def base_rate(self) -> float:
        return self.ideal / self.customers if self.customers else float("nan")


def find_profiles(traits: pd.DataFrame, ideal, *, seed: int = 0, observed_on=None, most: int = 5) -> ProfileSearch:
    """Up to `most` profiles of the customers for whom `ideal` is true.

    `traits`: a row a customer; numbers, text, categories, yes/no, lists; missing allowed. `ideal`: one yes/no a row.
    `observed_on`: a date a row, for a time split. ParameterError if traits and outcome do not go together.

    Gives `status` (found, none, too_few) and `profiles`; each has `criteria`, `members(traits)` (a yes/no a row), `lift`
    (times the average share of ideal customers) with its 95 % `lift_interval`, and the `p_value` of the whole search.
    A beam search for subgroups (Klösgen 1996), judged by shuffled outcomes (Westfall and Young 1993).
    """
    frame, outcome, notes, rows = settle(traits, ideal)
    return _find(frame, outcome, notes, Settings(), plain_seed(seed), most, _dates(traits, observed_on, rows))


def find_negative_profiles(
    traits: pd.DataFrame, ideal, *, bad=None, found: ProfileSearch | None = None, seed: int = 0, most: int = 2
) -> ProfileSearch:
    """Whom not to chase: the same search for customers who are not ideal, or for whom `bad` is true.

    Members of the profiles `found` are set aside first, or the negative profile would be what they leave. Shares and
    lifts are those of `ideal` (a lift below 1), or of `bad` where it is given.
    """
    frame, outcome, notes, _rows = settle(traits, ideal if bad is None else bad)
    rest = ~np.logical_or.reduce([np.zeros(len(frame), bool), *(one.members(frame) for one in (found.profiles if found else ()))])
    result = _find(frame[rest], outcome[rest] if bad is not None else ~outcome[rest], notes, Settings(widest_share=0.5), plain_seed(seed), most, None)
    if bad is not None:
        return result
    turned = tuple(_turned(profile) for profile in result.profiles)
    return ProfileSearch(**{**result.__dict__, "profiles": turned, "ideal": result.customers - result.ideal, "possible": ()})


def _find(frame, outcome, notes, settings, seed, most, dates) -> ProfileSearch:
    customers, ideal = len(outcome), int(outcome.sum())
    if min(ideal, customers - ideal) < FEWEST:
        space = make_space(frame, settings)
        possible = possible_criteria(space, outcome, seed) if ideal and ideal < customers else ()
        return ProfileSearch("too_few", (), customers, ideal, possible, (*notes, _too_few(ideal, customers), *space.traits.notes))
    with threadpool_limits(1, "blas"):  # more threads only wait for one another: the matrices are small
        return _search(make_task(frame, outcome, settings, seed), notes, seed, most, dates)


def _search(task, notes, seed, most, dates) -> ProfileSearch:
    outcome = task.outcome
    claimed, p_first = claims(task, most)
    twins = len(outcome) - len(np.unique(task.copies))
    notes = (*notes, *([f"{twins:,} customers are copies of another one: they are never used to judge what it showed."] if twins else []))
    newest = newest_rows(dates) if dates is not None and task.held is None else None
    profiles = tuple(_with_evidence(task, *borne_out(task, claimed, seed), seed, newest))
    return ProfileSearch(
        "found" if profiles else "none", profiles, len(outcome), int(outcome.sum()), (), (*notes, *task.space.traits.notes),
        len(task.space.candidates.criteria), p_first, newest[1] if newest else None, task,
    )  # fmt: skip


def _with_evidence(task, claimed, without, seed, newest):
    rules = [rule for rule, _ in claimed]
    if not rules:
        return
    unseen = task.unseen_rates(without, seed)
    older = from_older(task.space, task.own, rules, newest[0]) if newest else [None] * len(rules)
    again = stability(task.space, task.own, rules, seed)
    for place, (rule, p) in enumerate(claimed):
        in_time = Rates.of(task.space.met(older[place]), task.own, newest[0]) if older[place] else None
        marks = find_marks(task.space, task.space.met(rule), rule)
        customers = int(members(task.frame, rule).sum())
        yield Profile(rule, customers, p, unseen[place], *again[place], marks, in_time, without[place])


def _dates(traits, observed_on, rows):
    """The date of each row that is searched, or None."""
    if observed_on is None:
        return None
    dates = observed_on if isinstance(observed_on, pd.Series) else pd.Series(observed_on)
    dates = dates if dates.index.equals(traits.index) or set(dates.index) != set(traits.index) else dates.reindex(traits.index)
    return dates.iloc[rows] if len(dates) == len(traits) else None


def _turned(profile: Profile) -> Profile:
    """The same profile, its rates those of the opposite outcome."""
    rates = profile.unseen
    turned = Rates(rates.customers, rates.customers - rates.hits, rates.total, rates.total - rates.total_hits)
    return Profile(**{**profile.__dict__, "unseen": turned})


def _too_few(ideal: int, customers: int) -> str:
    if not customers:
        return "There are no customers."
    who = "ideal customers" if ideal <= customers - ideal else "customers who are not ideal"
    return f"Too few {who} ({min(ideal, customers - ideal)} of {customers:,}; {FEWEST} would do): what follows are hypotheses."
