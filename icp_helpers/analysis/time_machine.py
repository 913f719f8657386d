"""The search for a profile as it would have gone on days in the past, with what was known then and nothing more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from icp_helpers.analysis.claims import claims
from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.analysis.guards import without_leaks
from icp_helpers.analysis.ideal import mark_customers
from icp_helpers.analysis.outcome import line_up
from icp_helpers.analysis.plain import plain_frame
from icp_helpers.analysis.profile import FEWEST
from icp_helpers.analysis.rates import Rates
from icp_helpers.analysis.search import Settings
from icp_helpers.analysis.task import make_task

ALIKE = 0.5  # of the members of either profile are members of both: the two count as one and the same
MOST = 5  # profiles sought on a day: as many as find_profiles seeks, or those beyond would look new for ever


@dataclass(frozen=True)
class Then:
    """One profile as it was first found on a day in the past; `rates` are of customers the search had not seen."""

    criteria: tuple[Criterion, ...]
    rates: Rates

    def members(self, traits: pd.DataFrame) -> np.ndarray:
        """Which rows of `traits` meet all criteria: one boolean a row."""
        return members(plain_frame(traits, {one.column for one in self.criteria}), self.criteria)


@dataclass(frozen=True)
class Moment:
    """What the search would have said on `day`: `status` found | none | too_few, with `customers` known, `ideal` of them."""

    day: dt.date
    status: str
    customers: int
    ideal: int
    profiles: tuple[Then, ...] = ()


def look_back(days: Sequence[dt.date], features_on: Callable[[dt.date], pd.DataFrame], surveys, referrals, tickets, market,
              traits: Sequence[str]) -> list[Moment]:
    """The search repeated as of each of the `days`.

    `features_on(day)` gives the contract `features` as known on a day; `traits` are the columns that may be criteria.
    Who was ideal then is marked anew from what had happened by then. The search, its test against shuffled outcomes and
    its cross-validation are those of `find_profiles`; stability and marks are left out.
    """
    return [_moment(day, features_on(day), surveys, referrals, tickets, market, list(traits)) for day in days]


def _moment(day, features, surveys, referrals, tickets, market, columns) -> Moment:
    if features.empty:
        return Moment(day, "too_few", 0, 0)
    marked = mark_customers(features, surveys, referrals, tickets, replace(market, as_of=day)).set_index("customer_id")
    traits = features.set_index("customer_id")[columns]
    traits, _caught = without_leaks(traits, marked["ideal"].reindex(traits.index, fill_value=False), features, day, seed=market.seed)
    frame, outcome, _notes = line_up(plain_frame(traits), marked["ideal"].reindex(traits.index))
    ideal = int(outcome.sum())
    if min(ideal, len(outcome) - ideal) < FEWEST:
        return Moment(day, "too_few", len(outcome), ideal)
    task = make_task(frame, outcome, Settings(), market.seed)
    rules = [rule for rule, _p in claims(task, MOST)[0]]
    rates = task.unseen_rates(task.found_without(rules, market.seed), market.seed) if rules else []
    kept = tuple(Then(tuple(rule), rate) for rule, rate in zip(rules, rates, strict=True) if rate.lift_interval[0] > 1)
    return Moment(day, "found" if kept else "none", len(outcome), ideal, kept)


def first_known(moments: Sequence[Moment], profiles: Sequence, traits: pd.DataFrame) -> list[dt.date | None]:
    """For each of today's profiles, the first of the days from which on it was found every time; None if on none.

    The two are one where more than half of the members of either are members of both, among today's customers.
    """
    frame, days = plain_frame(traits), []
    for profile in profiles:
        first = None
        for moment in moments:
            found = any(alike(frame, one.criteria, profile.criteria) for one in moment.profiles)
            first = (first or moment.day) if found else None
        days.append(first)
    return days


def earlier_profiles(moments: Sequence[Moment], traits: pd.DataFrame) -> list[tuple[dt.date, tuple[Criterion, ...]]]:
    """Every profile that was ever found, once, with the first day on which it was."""
    frame, known = plain_frame(traits), []
    for moment in moments:
        for one in moment.profiles:
            if not any(alike(frame, one.criteria, criteria) for _day, criteria in known):
                known.append((moment.day, one.criteria))
    return known


def alike(frame: pd.DataFrame, one: Sequence[Criterion], other: Sequence[Criterion]) -> bool:
    """Whether two sets of criteria take in, for the most part, the same rows of `frame`."""
    if not {criterion.column for criterion in (*one, *other)} <= set(frame.columns):
        return False
    first, second = members(frame, one), members(frame, other)
    either = np.count_nonzero(first | second)
    return bool(either) and np.count_nonzero(first & second) / either > ALIKE
