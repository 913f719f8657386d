"""What has changed since the profile was found, and what the next version should say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.multitest import multipletests

from icp_helpers.analysis.claims import LEVEL
from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.analysis.icp_file import Icp, changes, read_icp
from icp_helpers.analysis.intervals import lift, wilson
from icp_helpers.analysis.kpis.comparison import kpi_of
from icp_helpers.analysis.plain import plain_frame
from icp_helpers.analysis.time_machine import ALIKE
from icp_helpers.analysis.watch import Change, status_of, watch

YOUNG_MONTHS = 3  # customers observed for less are drawn hollow: their marks rest on a quarter or less
NEWEST_MONTHS = 6  # whose customers are "the newest" when traits are compared
TRUSTED = 0.05


@dataclass(frozen=True)
class Watched:
    """A profile that was found on `known_on`, and whether it kept its gap afterwards. `change.p_value` is Holm's over all
    profiles watched, and `change.status` goes by it."""

    known_on: dt.date
    criteria: tuple[Criterion, ...]
    change: Change


def watch_profiles(sales: pd.DataFrame | None, traits: pd.DataFrame, known: Sequence[tuple[dt.date, tuple]], *, seed: int = 0) -> list[Watched]:
    """Each profile (the day it was known, its criteria) watched from that day on; `sales` as of `watch.monthly_sales`."""
    if sales is None:
        return []
    frame = plain_frame(traits).reindex(sales.index)
    found = [(day, criteria, watch(sales, members(frame, criteria), since=day, seed=seed)) for day, criteria in known]
    tested = [change.p_value for *_, change in found if change.p_value is not None]
    held = iter(multipletests(tested, method="holm")[1] if tested else ())
    return [Watched(day, tuple(criteria), _judged(change, held)) for day, criteria, change in found]


def _judged(change: Change, held) -> Change:
    if change.p_value is None:
        return change
    p = float(next(held))
    return Change(**{**change.__dict__, "p_value": p, "status": status_of(p, change.before, change.after)})


def lift_by_quarter(ideal: pd.Series, inside: np.ndarray, acquired_on: pd.Series, as_of: dt.date, smallest: int) -> pd.DataFrame:
    """The profile's lift among the customers of each quarter of arrival: quarter (its first day), customers, hits, share,
    lift, low, high, readable_on, young (too new for their marks to say much: `readable_on` is to come). Quarters with
    fewer members than `smallest` are out."""
    known = ideal.notna().to_numpy() & acquired_on.notna().to_numpy()
    frame = pd.DataFrame({"ideal": ideal[known].astype(bool).to_numpy(), "inside": np.asarray(inside, bool)[known],
                          "quarter": pd.to_datetime(acquired_on[known]).dt.to_period("Q").to_numpy()})
    rows = []
    for quarter, part in frame.groupby("quarter"):
        n, hits = int(part["inside"].sum()), int((part["inside"] & part["ideal"]).sum())
        if n < max(smallest, 1) or not part["ideal"].any():
            continue
        low, high = lift(hits, n, int(part["ideal"].sum()), len(part))
        readable_on = quarter.end_time.normalize() + pd.DateOffset(months=YOUNG_MONTHS)
        rows.append({"quarter": quarter.start_time, "customers": n, "hits": hits, "share": hits / n,
                     "lift": hits / n / part["ideal"].mean(), "low": low, "high": high, "readable_on": readable_on, "young": readable_on > pd.Timestamp(as_of)})
    return pd.DataFrame(rows, columns=["quarter", "customers", "hits", "share", "lift", "low", "high", "readable_on", "young"])


def newest(acquired_on: pd.Series, as_of: dt.date) -> np.ndarray:
    """Who came in the last six months."""
    return (pd.to_datetime(acquired_on) > pd.Timestamp(as_of) - pd.DateOffset(months=NEWEST_MONTHS)).to_numpy(bool)


@dataclass(frozen=True)
class History:
    """The versions of a profile: `tries` so far; `differences` between the last two (as icp_file.changes, empty for the
    first version); `chance` that so many tries show a profile at least once where there is none."""

    tries: int
    differences: tuple[dict, ...]
    before: Icp | None

    @property
    def chance(self) -> float:
        return 1 - (1 - LEVEL) ** self.tries

    def paid(self, p_value: float | None) -> float:
        """A profile's p-value, paid for by the number of tries (Bonferroni); 1 for one that was never tested."""
        return 1.0 if p_value is None else min(1.0, p_value * self.tries)


def read_history(versions: Sequence[Mapping], present: Mapping) -> History:
    """What the versions that there were, the oldest first, say about the present one."""
    now = read_icp(present)
    earlier = [icp for icp in map(read_icp, versions) if icp.version < now.version]
    before = earlier[-1] if earlier else None
    return History(max(now.version, 1), tuple(changes(before, now)) if before else (), before)


def proposal(present: Icp, watched: Sequence[Watched], history: History, traits: pd.DataFrame) -> str:
    """What to do: `change` where a profile that was known has lost its gap and today's are others; `stop` where today's
    still take in those who no longer buy more; `watch` where none stands when the tries are paid for; `keep` where
    nothing speaks against it; `none` where there is none today and none has failed."""
    failed = [one.criteria for one in watched if one.change.status == "down"]
    if failed and any(_mostly(plain_frame(traits), profile.criteria, failed) for profile in present.profiles):
        return "stop"
    if failed:
        return "change"
    if not present.profiles:
        return "none"
    return "keep" if any(history.paid(profile.p_value) <= TRUSTED for profile in present.profiles) else "watch"


def _mostly(frame: pd.DataFrame, criteria, others) -> bool:
    """Whether most members by `criteria` are members by any of the `others`."""
    if not {criterion.column for rule in (criteria, *others) for criterion in rule} <= set(frame.columns):
        return False
    inside = members(frame, criteria)
    return bool(inside.any()) and np.logical_or.reduce([members(frame, rule) for rule in others])[inside].mean() > ALIKE


GOAL = ["kpi", "was", "target", "due_was", "due"]


def goal_changes(goals: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """Goals that are not what they were in the last report, a row each: kpi, was, target (missing for a goal that is no
    longer there), due_was, due. `before` is the contract `review`.

    A KPI may have several goals. Those that are the same in both reports are set aside first, then those due on the same
    day or with the same target are taken for one and the same, then what remains, in order; one more goal is no change.
    """
    rows = []
    if before is not None:
        then = before[before["kind"] == "goal"]
        known = _by_kpi(zip(then["subject"], then["value"], pd.to_datetime(then["note"], errors="coerce"), strict=True))
        now = _by_kpi((goal["kpi"], goal["target"], pd.Timestamp(goal.get("due"))) for goal in goals.to_dict("records"))
        for kpi, old in known.items():
            rows += [(kpi, was, target, due_was, due) for (was, due_was), (target, due) in _matched(old, now.get(kpi, []))]
    return pd.DataFrame(rows, columns=GOAL).astype({"was": float, "target": float, "due_was": "datetime64[ns]", "due": "datetime64[ns]"})


def _by_kpi(goals) -> dict[str, list[tuple]]:
    """(target, due) of each goal by its KPI, however it is named; a goal without a target is none."""
    found: dict[str, list[tuple]] = {}
    for kpi, target, due in goals:
        if pd.notna(target):
            found.setdefault(kpi_of(kpi) or str(kpi).strip(), []).append((float(target), due))
    return found


def _matched(old: list[tuple], new: list[tuple]) -> list[tuple]:
    """Pairs of one KPI's goals that differ."""
    old, new, pairs = list(old), list(new), []
    rules = (lambda was, now: _same(was, now), lambda was, now: was[1] == now[1], lambda was, now: was[0] == now[0], lambda was, now: True)
    for rule in rules:
        for was in tuple(old):
            place = next((place for place, now in enumerate(new) if rule(was, now)), None)
            if place is not None:
                old.remove(was)
                pairs.append((was, new.pop(place)))
    return [pair for pair in (*pairs, *((was, (np.nan, pd.NaT)) for was in old)) if not _same(*pair)]


def _same(was: tuple, now: tuple) -> bool:
    """The same target for the same day; reports of earlier versions kept no day."""
    return was[0] == now[0] and (was[1] == now[1] or pd.isna(was[1]))


def kpi_changes(now: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """The KPIs of the whole market that are ok now and were in the last report, each a row: kpi, was, value, moved.

    Both are the contract `kpis`. `moved` where the two intervals do not meet: stricter than a test of the difference,
    for the two reports share most of their customers.
    """
    sides = [frame[frame.level.eq("all") & frame.status.eq("ok")].drop_duplicates("kpi") for frame in (now, before) if frame is not None]
    if len(sides) < 2:
        return pd.DataFrame(columns=["kpi", "was", "value", "moved"])
    both = sides[0].merge(sides[1], on="kpi", suffixes=("", "_was"), validate="1:1")
    moved = (both.low > both.high_was) | (both.high < both.low_was)
    return both.assign(was=both.value_was, moved=moved)[["kpi", "was", "value", "moved"]]


def replayed(moments, present_members: np.ndarray, traits: pd.DataFrame) -> pd.DataFrame:
    """The time machine as rows: day, status, customers, ideal, profiles, share, low, high (of the first profile then, on
    customers it had not seen), base, overlap (the part of today's members whom the profiles of that day take in)."""
    frame, rows = plain_frame(traits), []
    for moment in moments:
        row = {"day": moment.day, "status": moment.status, "customers": moment.customers, "ideal": moment.ideal,
               "profiles": len(moment.profiles), "base": moment.ideal / moment.customers if moment.customers else np.nan}
        if moment.profiles:
            first = moment.profiles[0].rates
            low, high = wilson(first.hits, first.customers)
            inside = np.logical_or.reduce([members(frame, one.criteria) for one in moment.profiles])
            overlap = inside[present_members].mean() if present_members.any() else np.nan
            row |= {"share": first.share, "low": low, "high": high, "overlap": overlap}
        rows.append(row)
    return pd.DataFrame(rows, columns=["day", "status", "customers", "ideal", "profiles", "base", "share", "low", "high", "overlap"])


REVIEW = ("kind", "subject", "day", "value", "low", "high", "p_adjusted", "n", "status", "note")


def as_contract(icp: Icp, history: History, moments, watched: Sequence[Watched], shifts: pd.DataFrame, growing: pd.DataFrame,
                goals: pd.DataFrame, advice: str) -> pd.DataFrame:
    """The contract `review`: all that the notebook found, a row a fact, with the columns of REVIEW."""
    rows = [{"kind": "proposal", "subject": icp.unit, "day": icp.as_of, "status": advice, "value": icp.version, "n": history.tries}]
    rows += [{"kind": "version", "subject": one["id"], "day": icp.as_of, "value": one["lift_after"], "status": one["change"]}
             for one in history.differences]
    rows += [{"kind": "moment", "subject": icp.unit, "day": one.day, "status": one.status, "value": len(one.profiles), "n": one.customers}
             for one in moments]
    rows += [{"kind": "watch", "subject": ", ".join(criterion.column for criterion in one.criteria), "day": one.known_on,
              "value": one.change.size, "low": one.change.low, "high": one.change.high, "p_adjusted": one.change.p_value,
              "status": one.change.status, "note": str(one.change.since or "")} for one in watched]
    rows += [{"kind": "drift", "subject": row["trait"], "day": icp.as_of, "value": row["index"], "p_adjusted": row["p_adjusted"],
              "n": row["newer"], "status": "found" if row["p_adjusted"] < TRUSTED else "none"} for row in shifts.to_dict("records")]
    rows += [{"kind": "growth", "subject": row["trait"], "day": icp.as_of, "value": row["newer_share"], "p_adjusted": row["p_adjusted"],
              "n": row["n"], "status": "found", "note": row["level"]} for row in growing.to_dict("records")]
    rows += [{"kind": "goal", "subject": str(row["kpi"]), "day": icp.as_of, "value": row["target"], "status": "info",
              "note": "" if pd.isna(row.get("due")) else str(pd.Timestamp(row["due"]).date())} for row in goals.to_dict("records")]
    frame = pd.DataFrame(rows, columns=list(REVIEW))
    numbers = ("value", "low", "high", "p_adjusted", "n")
    return frame.assign(day=pd.to_datetime(frame["day"]), note=frame["note"].fillna(""), **{name: frame[name].astype(float) for name in numbers})
