"""What a page shows of the profiles: facts for its sentences, frames for its tables and figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.beliefs import read_belief
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.evidence import Placebo, Yardstick
from icp_helpers.analysis.first_profile import believed
from icp_helpers.analysis.guards import coverage
from icp_helpers.analysis.passports import overturning
from icp_helpers.analysis.profile import Profile, ProfileSearch
from icp_helpers.analysis.rates import Rates
from icp_helpers.tables.errors import ParameterError

TOO_BROAD, TOO_NARROW = 0.40, 0.01  # of the customers: a profile of everybody guides nobody, one of a few feeds nobody
ANSWERS = {"true": True, "false": False}  # as a table of beliefs writes yes and no
HOLDS_ENOUGH = 0.75  # of boosting's lift; below, fit is a matter of degree and the point card says it better


@dataclass(frozen=True)
class Believed:
    """A profile that is believed in and has no evidence yet."""

    criteria: tuple[Criterion, ...]
    name: str = "hypothesis"


@dataclass(frozen=True)
class Hypothesis:
    """What stands in icp.yml before there are customers: `status` hypothesis, one believed profile, or none."""

    profiles: tuple[Believed, ...]
    status: str = "hypothesis"


def hypothesis_of(beliefs: pd.DataFrame) -> Hypothesis:
    """The departments' beliefs as one profile to be tested."""
    criteria = believed(beliefs)
    return Hypothesis((Believed(criteria),) if criteria else ())


def rates_facts(rates: Rates | None) -> dict:
    """The facts of a sentence on a group: share, rest, lift, low, high (of the lift), n, hits; n is 0 for None."""
    if rates is None:
        return {"share": None, "rest": None, "lift": None, "low": None, "high": None, "n": 0, "hits": 0}
    low, high = rates.lift_interval
    return {"share": rates.share, "rest": rates.rest_share, "lift": rates.lift, "low": low, "high": high,
            "n": rates.customers, "hits": rates.hits}  # fmt: skip


def profile_frame(profiles: tuple[Profile, ...]) -> pd.DataFrame:
    """A row a profile: profile, criteria, customers, share, rest, lift, low, high, stability, overturned."""
    rows = [
        {"profile": f"p{number}", "criteria": list(one.criteria), "customers": one.customers, **rates_facts(one.unseen),
         "stability": one.stability, "overturned": overturning(one.ideal_share)}
        for number, one in enumerate(profiles, start=1)
    ]  # fmt: skip
    columns = ["profile", "criteria", "customers", "share", "rest", "lift", "low", "high", "n", "hits", "stability", "overturned"]
    return pd.DataFrame(rows, columns=columns)


def compared(result: ProfileSearch, placebo: Placebo | None) -> pd.DataFrame:
    """Real beside placebo on one scale: a row a group, with label (p1 ... or placebo), kind (real, placebo seen,
    placebo unseen), share, low, high, base. All but "placebo seen" are of unseen customers."""
    groups = [(f"p{number}", "real", one.unseen) for number, one in enumerate(result.profiles, start=1)]
    if placebo is not None:
        groups += [("placebo", "placebo seen", placebo.on_own), ("placebo", "placebo unseen", placebo.unseen)]
    rows = [(label, kind, rates.share, *rates.share_interval, result.base_rate) for label, kind, rates in groups]
    return pd.DataFrame(rows, columns=["label", "kind", "share", "low", "high", "base"])


def explained(result: ProfileSearch, traits: pd.DataFrame, ideal: pd.Series, contacts: pd.Series | None) -> tuple[str, list]:
    """The status and the criteria that are no more than how often customers were contacted (guards.coverage)."""
    criteria = {place: criterion for place, criterion in enumerate(one for profile in result.profiles for one in profile.criteria)}
    if not criteria or contacts is None:
        return "none" if contacts is not None else "not_supplied", []
    masks = {place: criterion.mask(traits) for place, criterion in criteria.items()}
    named = coverage(masks, ideal.fillna(False), contacts.reindex(traits.index, fill_value=0)).column
    return "found" if len(named) else "none", [criteria[place] for place in named]


def breadth(result: ProfileSearch) -> tuple[str, float]:
    """Whether the profiles together are found (a fair part), unclear (too broad), too_few (too narrow) or none, and the
    share of the customers that they cover by their sizes."""
    if not result.profiles:
        return "none", float("nan")
    share = sum(one.customers for one in result.profiles) / result.customers
    return ("unclear" if share > TOO_BROAD else "too_few" if share < TOO_NARROW else "found"), share


def holds_enough(measured: Yardstick | None) -> str:
    """found where the rules hold 75 % of boosting's lift, unclear where less, none where nothing was compared."""
    if measured is None:
        return "none"
    return "found" if measured.part >= HOLDS_ENOUGH else "unclear"


def possible_frame(result: ProfileSearch) -> pd.DataFrame:
    """A row a hypothesis: criteria, word, customers, hits, ideal (of all), others (customers who do not meet it), share, rest, needed."""
    rows = [
        {"criteria": [one.criterion], "word": one.word, "customers": one.rates.customers, "hits": one.rates.hits, "ideal": one.rates.total_hits,
         "others": one.rates.total - one.rates.customers, "share": one.rates.share, "rest": one.rates.rest_share, "needed": one.needed}
        for one in result.possible
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["criteria", "word", "customers", "hits", "ideal", "others", "share", "rest", "needed"])


def marks_frame(result: ProfileSearch) -> pd.DataFrame:
    """A row a mark, the strongest of each profile first: profile, criteria, inside, outside."""
    rows = [(f"p{number}", [mark.criterion], mark.inside, mark.outside)
            for number, one in enumerate(result.profiles, start=1) for mark in one.marks]  # fmt: skip
    return pd.DataFrame(rows, columns=["profile", "criteria", "inside", "outside"])


def largest_segment(result: ProfileSearch, traits: pd.DataFrame, segments: pd.DataFrame) -> dict | None:
    """The group of notebook 04 in which the first profile's members gather most: segment, inside and outside (its share of the
    members and of the others), n; None where there is one group or no profile."""
    named = segments.set_index("customer_id")["segment"].reindex(traits.index)
    if not result.profiles or named.nunique() < 2:
        return None
    members = result.profiles[0].members(traits)
    inside, outside = (named[rows].value_counts(normalize=True) for rows in (members, ~members))
    gap = inside.sub(outside, fill_value=0)
    name = gap.idxmax() if np.isfinite(gap.max()) else None
    if name is None:
        return None
    return {"segment": name, "inside": float(inside.get(name, 0)), "outside": float(outside.get(name, 0)), "n": int(members.sum())}


def facts(row: dict) -> dict:
    """Of a row of `profile_frame`, the facts that a sentence on its rates takes: those of `rates_facts`."""
    return {name: row[name] for name in ("share", "rest", "lift", "low", "high", "n", "hits")}


def side(result: ProfileSearch, where: str) -> pd.DataFrame:
    """The unseen share of ideal customers `inside` or `outside` each profile: share, low, high."""
    rates = [one.unseen for one in result.profiles]
    if where == "inside":
        rows = [(one.share, *one.share_interval) for one in rates]
    else:
        rows = [(one.rest_share, *one.rest_interval) for one in rates]
    return pd.DataFrame(rows, columns=["share", "low", "high"])


def placebo_facts(result: ProfileSearch, placebo: Placebo | None) -> dict:
    """Facts of the placebo's sentence and figure: profiles, lowest, highest, seen, unseen, base."""
    shares = [one.ideal_share for one in result.profiles]
    return {
        "profiles": len(shares), "lowest": min(shares, default=None), "highest": max(shares, default=None),
        "seen": placebo.on_own.share if placebo else None, "unseen": placebo.unseen.share if placebo else None,
        "base": result.base_rate,
    }  # fmt: skip


def yardstick_facts(measured: Yardstick | None) -> dict:
    """Facts of the sentence on boosting: part, rule, boosting, n."""
    if measured is None:
        return {}
    return {"part": measured.part, "rule": measured.rule_share, "boosting": measured.boosting_share, "n": measured.customers}


def as_criteria(belief: pd.Series) -> list[dict]:
    """A row of the belief duel as the criteria format takes it: numbers and yes or no as what they are, not as text."""
    try:
        bounds = read_belief(belief.to_dict()).value
    except ParameterError:  # it cannot be read, and is shown as it was written
        bounds = belief["value"]
    listed = [ANSWERS.get(str(bound).lower(), bound) for bound in (bounds if isinstance(bounds, list | tuple) else [bounds])]
    return [{"column": belief["column"], "op": belief["op"], "value": listed if len(listed) > 1 else listed[0]}]


def countable(size: dict) -> str:
    """found where the market table can count some of the criteria, none where it has none of their columns,
    not_supplied where there is no such table."""
    if not size["total"]:
        return "not_supplied"
    return "found" if size["measured"] else "none"
