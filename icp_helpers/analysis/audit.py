"""How far to trust the search on this market's own data: profiles planted in it, and the outcome shuffled."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis import intervals
from icp_helpers.analysis.candidates import Candidates, make_candidates
from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.analysis.outcome import line_up, settle
from icp_helpers.analysis.plain import plain_frame, row_marks
from icp_helpers.analysis.profile import FEWEST, find_profiles
from icp_helpers.analysis.trait_columns import read_traits

COVER = (0.05, 0.12)  # share of the customers whom a planted profile takes in
SINGLE = (0.15, 0.70)  # ... and each of its criteria
LIFT, HIGHEST = 5.0, 0.95
ALIKE = 0.8  # F1 of the customers found with those planted
DRAWS = 400


@dataclass(frozen=True)
class Audit:
    """`found` of `planted` profiles came back (their members with F1 >= .8); of `shuffled` copies in which nothing is
    to be found, `claimed` gave a profile. `lift` is the one planted; `note` says why nothing could be tried."""

    customers: int
    ideal: int
    planted: int
    found: int
    shuffled: int
    claimed: int
    lift: float | None
    note: str = ""

    @property
    def found_interval(self) -> tuple[float, float]:
        return intervals.wilson(self.found, self.planted)

    @property
    def claimed_interval(self) -> tuple[float, float]:
        return intervals.wilson(self.claimed, self.shuffled)

    def to_dict(self) -> dict:
        """Plain values, `false_claims` as in icp.yml."""
        return {**self.__dict__, "false_claims": {"shuffled_copies": self.shuffled, "claimed": self.claimed}}

    def __str__(self) -> str:
        who = f"{self.ideal:,} ideal customers of {self.customers:,}"
        if self.note:
            return f"{who}: {self.note}"
        low, high = self.claimed_interval
        parts = [f"Claimed wrongly on {self.claimed} of {self.shuffled} shuffled copies ({low:.0%} to {high:.0%})."]
        if self.planted:
            low, high = self.found_interval
            parts.insert(0, f"Found {self.found} of {self.planted} planted profiles of lift {self.lift:.1f} ({low:.0%} to {high:.0%}).")
        else:
            parts.insert(0, "No profile could be planted: no two traits together single out 5% to 12% of the customers.")
        return f"{who}. " + " ".join(parts)


def audit(traits: pd.DataFrame, ideal, *, seed: int = 0, rounds: int = 20) -> Audit:
    """Plants `rounds` profiles of two or three criteria in the traits, and shuffles the outcome as often.

    A planted outcome has this market's base rate, and inside the profile five times that (95 % at most). `traits` and
    `ideal` as `find_profiles` takes them; each search is the one that made the market's own profile.
    """
    frame, outcome, _ = line_up(plain_frame(traits), ideal)
    total, hits = len(outcome), int(outcome.sum())
    if min(hits, total - hits) < FEWEST:
        note = f"too few for the search to claim anything ({FEWEST} ideal ones and as many others would do)."
        return Audit(total, hits, 0, 0, 0, 0, None, note)
    rng = np.random.default_rng(seed)
    claimed = sum(
        find_profiles(frame, pd.Series(rng.permutation(outcome), frame.index), seed=number, most=1).status == "found" for number in range(rounds)
    )
    base = outcome.mean()
    inside_rate = min(LIFT * base, HIGHEST)
    candidates = make_candidates(read_traits(frame, rare=FEWEST), total)
    planted = found = 0
    for number in range(rounds):
        rule = _draw_rule(candidates, rng)
        if rule is None:
            continue
        inside = members(frame, rule)
        rate = np.where(inside, inside_rate, max(0.0, (base - inside_rate * inside.mean()) / (1 - inside.mean())))
        result = find_profiles(frame, pd.Series(rng.random(total) < rate, frame.index), seed=number, most=1)
        planted += 1
        found += any(_f1(profile.members(frame), inside) >= ALIKE for profile in result.profiles)
    return Audit(total, hits, planted, int(found), rounds, int(claimed), float(inside_rate / base))


def data_mark(traits: pd.DataFrame, ideal) -> str:
    """A short text that changes with any cell of the traits or of the outcome, and not with the order of the rows."""
    frame, outcome, _notes, _rows = settle(traits, ideal)
    return hashlib.sha256(repr(list(frame.columns)).encode() + np.sort(row_marks(frame, outcome)).tobytes()).hexdigest()[:16]


def audit_facts(kept: dict | None, traits: pd.DataFrame, ideal) -> dict:
    """What a page says of the audit that was kept (a mapping, or None): status (found; unclear: of an earlier version of
    the data; too_few; not_supplied) and its numbers, with Wilson's intervals."""
    if kept is None:
        return {"status": "not_supplied"}
    status = "too_few" if kept["note"] else "found" if kept["data"] == data_mark(traits, ideal) else "unclear"
    facts = {name: kept[name] for name in ("as_of", "seed", "customers", "ideal", "planted", "found", "shuffled", "claimed", "lift")}
    for name, hits, n in (("found", kept["found"], kept["planted"]), ("claimed", kept["claimed"], kept["shuffled"])):
        facts[f"{name}_low"], facts[f"{name}_high"] = map(float, intervals.wilson(hits, n)) if n else (0.0, 1.0)
    return {"status": status, **facts, "as_of": dt.date.fromisoformat(kept["as_of"])}


def _draw_rule(candidates: Candidates, rng: np.random.Generator) -> tuple[Criterion, ...] | None:
    """Two or three criteria on different traits whose members are as many as is wanted; None if no draw gives them."""
    share = candidates.met.mean(axis=0) if len(candidates.criteria) else np.empty(0)
    usable = np.flatnonzero((share >= SINGLE[0]) & (share <= SINGLE[1]))
    groups = np.unique(candidates.group[usable])
    for _ in range(DRAWS if len(groups) >= 2 else 0):
        size = min(int(rng.integers(2, 4)), len(groups))
        chosen = [int(rng.choice(usable[candidates.group[usable] == group])) for group in rng.choice(groups, size, replace=False)]
        if COVER[0] <= candidates.met[:, chosen].all(axis=1).mean() <= COVER[1]:
            return tuple(candidates.criteria[place] for place in chosen)
    return None


def _f1(found: np.ndarray, planted: np.ndarray) -> float:
    return 2 * (found & planted).sum() / max(found.sum() + planted.sum(), 1)
