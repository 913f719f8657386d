"""Criteria set by hand: what they cover and what they are worth on customers that the search did not see, and when the
trying itself has become the finding."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from icp_helpers.analysis import intervals
from icp_helpers.analysis.candidates import column_mask
from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.analysis.icp_file import FORMAT, read_icp
from icp_helpers.analysis.plain import plain_frame
from icp_helpers.analysis.rates import Rates
from icp_helpers.analysis.task import HELD_OUT, PERMUTED_UP_TO
from icp_helpers.analysis.trait_columns import TraitColumn, read_traits
from icp_helpers.tables.errors import ParameterError

FEWEST = 10  # members among the customers that are judged on, below which no lift is shown
MANY = 20  # different settings tried, from which on one in three explorations of noise shows a clear lift somewhere


@dataclass(frozen=True)
class Assessment:
    """What one setting of the criteria is worth. `rates` are counted on the unseen customers, everything else on all.

    `tries` is how many different settings were looked at so far, and `noise` says whether the lift is clear by itself
    and no longer once its interval is widened for the tries (Bonferroni). `lift_interval` is the widened one.
    """

    criteria: tuple
    customers: int
    coverage: float
    rates: Rates
    lift_interval: tuple
    revenue: float
    revenue_share: float
    prospects: int | None
    prospects_share: float | None
    lost: int
    lost_ideal: int
    gained: int
    tries: int
    noise: bool

    @property
    def too_few(self) -> bool:
        return self.rates.customers < FEWEST


@dataclass
class Explorer:
    """Criteria by hand over one market's customers. `traits` has a row a customer, `ideal` and `revenue` (money a
    customer, missing counts as none) stand in the same order, `found` are the criteria of the found profile (empty: none).

    The customers that are judged on are those that the search for the profile holds back, with the same seed. Up to 5,000
    customers it holds nobody back (`seen` is then true): a part drawn by lot takes their place, and the found profile's
    own lift flatters there.
    """

    traits: pd.DataFrame
    ideal: np.ndarray
    revenue: np.ndarray
    prospects: pd.DataFrame | None = None
    found: tuple = ()
    seed: int = 0
    columns: dict = field(init=False, repr=False)
    tried: set = field(init=False, default_factory=set, repr=False)

    def __post_init__(self):
        self.traits = plain_frame(self.traits)
        self.ideal = np.asarray(self.ideal, bool)
        self.revenue = np.nan_to_num(np.asarray(self.revenue, float))
        self.columns = {column.name: column for column in read_traits(self.traits, rare=max(5, len(self.traits) // 200)).columns}
        self.seen = len(self.ideal) <= PERMUTED_UP_TO
        order = np.random.default_rng(self.seed).permutation(len(self.ideal))  # the first draw of the search's own split
        self.unseen = np.zeros(len(self.ideal), bool)
        self.unseen[order[int(len(order) * (1 - HELD_OUT)):]] = True
        self._masks: dict = {}
        self._prospect_masks: dict = {}
        self.found_members = members(self.traits, self.found) if self.found else np.zeros(len(self.ideal), bool)

    def mask(self, criterion: Criterion) -> np.ndarray:
        """Which customers meet a criterion; kept, for a slider comes back to where it was."""
        if criterion not in self._masks:
            column = self.columns.get(criterion.column)
            self._masks[criterion] = column_mask(column, criterion) if _readable(column, criterion) else criterion.mask(self.traits)
        return self._masks[criterion]

    def assess(self, criteria: Sequence[Criterion]) -> Assessment:
        """The setting's worth; each different setting counts as one try."""
        criteria = tuple(sorted(criteria, key=lambda one: (one.column, one.op, str(one.value))))
        inside = np.logical_and.reduce([np.ones(len(self.ideal), bool), *(self.mask(one) for one in criteria)])
        if criteria and not np.array_equal(inside, self.found_members):  # to look at everybody, or at the profile itself, is no try
            self.tried.add(criteria)
        rates, tries = Rates.of(inside, self.ideal, self.unseen), max(len(self.tried), 1)
        counts = (rates.hits, rates.customers, rates.total_hits, rates.total)
        widened = intervals.lift(*counts, confidence=1 - 0.05 / tries)
        low, high = rates.lift_interval
        lost = self.found_members & ~inside
        reach = self._reach(criteria)
        return Assessment(
            criteria, int(inside.sum()), float(inside.mean()) if len(inside) else float("nan"), rates, widened,
            float(self.revenue[inside].sum()), _part(self.revenue[inside].sum(), self.revenue.sum()),
            reach, None if reach is None else _part(reach, len(self.prospects)), int(lost.sum()), int((lost & self.ideal).sum()),
            int((inside & ~self.found_members).sum()), len(self.tried), bool((low > 1 and widened[0] <= 1) or (high < 1 and widened[1] >= 1)))

    def _reach(self, criteria) -> int | None:
        """Prospects who meet all criteria; None where there are none, or they lack a column."""
        if self.prospects is None or not len(self.prospects) or any(one.column not in self.prospects.columns for one in criteria):
            return None
        for one in criteria:
            if one not in self._prospect_masks:
                self._prospect_masks[one] = one.mask(self.prospects)
        return int(np.logical_and.reduce([np.ones(len(self.prospects), bool), *(self._prospect_masks[one] for one in criteria)]).sum())


def hypothesis_icp(assessed: Assessment, *, unit: str, as_of: dt.date, name: str, version: int, base: dict) -> dict:
    """A setting as an icp.yml of status `hypothesis`: no evidence in it but how many settings were tried to find it.

    `base` is {name, customers, base_rate} of the outcome. Raises ParameterError when no criterion is set.
    """
    if not assessed.criteria:
        raise ParameterError("A hypothesis needs a criterion", where="explore_profile", found="none set", remedy="Tick at least one trait.")
    made = {"format": FORMAT, "unit": unit, "version": version, "as_of": as_of, "status": "hypothesis", "outcome": base, "false_claims": None,
            "profiles": [{"id": "h1", "name": name.strip() or "by hand", "criteria": [one.to_dict() for one in assessed.criteria],
                          "customers": assessed.customers, "marks": [{"settings_tried": assessed.tries}]}],
            "negative_profiles": [], "score": None}
    read_icp(made)
    return made


def judge_hypotheses(saved: Sequence[dict], traits: pd.DataFrame, ideal, came) -> pd.DataFrame:
    """Each saved hypothesis on the customers who came after it was written: nobody could have tuned it to them.

    `ideal` and `came` stand in the order of `traits`; customers of whom it is not known yet whether they are ideal are
    left out. With several hypotheses the intervals are widened (Bonferroni), so that one of many does not hold by luck.
    Columns: name, since, criteria, customers, hits, lift, low, high (of the lift), n (customers who came since).
    """
    known = pd.Series(ideal).notna().to_numpy()
    frame, ideal = plain_frame(traits[known]), np.asarray(pd.Series(ideal)[known], bool)
    came = pd.to_datetime(pd.Series(came)).to_numpy()[known]
    judged = [(icp, profile) for icp in map(read_icp, saved) for profile in icp.profiles]
    rows = []
    for icp, profile in judged:
        rates = Rates.of(profile.members(frame), ideal, came > np.datetime64(icp.as_of))
        low, high = intervals.lift(rates.hits, rates.customers, rates.total_hits, rates.total, confidence=1 - 0.05 / len(judged))
        rows.append((profile.name, icp.as_of, list(profile.criteria), rates.customers, rates.hits, rates.lift, low, high, rates.total))
    return pd.DataFrame(rows, columns=["name", "since", "criteria", "customers", "hits", "lift", "low", "high", "n"])


def _readable(column: TraitColumn | None, criterion: Criterion) -> bool:
    if column is None:
        return False
    levels = criterion.value if criterion.op == "in" else (criterion.value,)
    return {"has": column.kind == "items", "in": column.kind == "levels", "is": column.kind == "flag"}.get(criterion.op, column.kind == "number") and (
        criterion.op not in ("has", "in") or set(levels) <= set(column.levels))


def _part(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
