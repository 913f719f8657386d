"""The profile as a thing: icp.yml, made from a search's result, read back with checks, and compared by version."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis import icp_checks
from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.tables.errors import ParameterError

FORMAT = 1
DIGITS = 4  # significant, of rates, lifts and p-values: a diff of two versions shows what changed, not rounding noise
RATES = ("ideal_share", "lift", "lift_interval", "holdout")


@dataclass(frozen=True)
class IcpProfile:
    """One profile of an icp.yml; a negative one says whom not to chase. Evidence that was not made is None."""

    id: str
    name: str
    criteria: tuple[Criterion, ...]
    customers: int | None = None
    ideal_share: float | None = None
    lift: float | None = None
    lift_interval: tuple[float | None, float | None] | None = None
    p_value: float | None = None
    holdout: dict | None = None
    stability: float | None = None
    marks: tuple[dict, ...] = ()

    def members(self, frame: pd.DataFrame) -> np.ndarray:
        """Which rows meet all criteria: one boolean a row."""
        return members(frame, self.criteria)


@dataclass(frozen=True)
class Icp:
    """An icp.yml that was read and checked; `score` is as `Score.to_dict` gave it, or None."""

    unit: str
    version: int
    as_of: dt.date
    status: str
    outcome: dict
    false_claims: dict | None
    profiles: tuple[IcpProfile, ...]
    negative_profiles: tuple[IcpProfile, ...]
    score: dict | None


def to_icp(result, *, unit: str, as_of: dt.date, outcome: Mapping, status: str | None = None, negative: Sequence = (),
           false_claims: Mapping | None = None, previous: Mapping | None = None, score=None, smallest: int = 0) -> dict:
    """The icp.yml of a search, as a mapping of plain Python values.

    `result` has `status` and `profiles`; each profile has `criteria` and as much of `name, customers, ideal_share,
    lift, lift_interval, p_value, holdout, stability, marks` as is known (`negative` likewise). `outcome` is
    {name, customers, base_rate}; `false_claims` {shuffled_copies, claimed}; `score` a `Score` or its mapping;
    `previous` the unit's icp.yml of the last run, or None. The version goes up only when the criteria changed, and a
    profile that kept most of its criteria keeps its id. `status` overrides the result's ("hypothesis").
    The rates of a profile are left out where they would tell that fewer than `smallest` members are ideal, or are not.
    """
    before = read_icp(previous) if previous else None
    if before and before.unit != unit:
        raise ParameterError("The earlier profile is another unit's", where="previous", found=before.unit,
                             remedy=f"Give the icp.yml of {unit}, or none.")
    profiles = _entries(result.profiles, before.profiles if before else (), "p", smallest)
    negatives = _entries(negative, before.negative_profiles if before else (), "n", smallest)
    made = {
        "format": FORMAT, "unit": unit, "version": 1, "as_of": plain(as_of), "status": status or result.status,
        "outcome": plain(outcome, DIGITS), "false_claims": plain(false_claims, DIGITS) if false_claims else None,
        "profiles": profiles, "negative_profiles": negatives,
        "score": plain(score),
    }  # fmt: skip
    if before:
        made["version"] = before.version + bool(changes(before, made))
    read_icp(made)
    return made


def read_icp(content: Mapping) -> Icp:
    """Checks an icp.yml that was loaded as a mapping. ParameterError says what is wrong, where, and what to do."""
    top = icp_checks.keys(content, "icp.yml", icp_checks.TOP, required=("format", "unit", "version", "as_of", "status", "profiles"))
    if top["format"] != FORMAT:
        raise icp_checks.wrong("The format is unknown", "format", top["format"], f"This workbench reads format {FORMAT}.")
    outcome = icp_checks.keys(top.get("outcome") or {}, "outcome", icp_checks.OUTCOME)
    icp_checks.number(outcome.get("base_rate"), "outcome.base_rate", 0, 1)
    return Icp(
        unit=icp_checks.text(top["unit"], "unit"),
        version=icp_checks.whole(top["version"], "version", 1),
        as_of=icp_checks.day(top["as_of"], "as_of"),
        status=icp_checks.one_of(top["status"], "status", icp_checks.STATUSES),
        outcome=dict(outcome),
        false_claims=icp_checks.mapping_or_none(top.get("false_claims"), "false_claims"),
        profiles=_profiles(top["profiles"], "profiles"),
        negative_profiles=_profiles(top.get("negative_profiles"), "negative_profiles"),
        score=icp_checks.mapping_or_none(top.get("score"), "score"),
    )


def changes(before: Icp | Mapping, after: Icp | Mapping) -> list[dict]:
    """What sets two versions' criteria apart, a fact a profile: {id, name, negative, change: added | removed |
    changed, gained: [criteria], lost: [criteria], lift_before, lift_after}. Unchanged profiles are not listed."""
    before, after = (icp if isinstance(icp, Icp) else read_icp(icp) for icp in (before, after))
    facts = []
    for negative, old, new in (
        (False, before.profiles, after.profiles),
        (True, before.negative_profiles, after.negative_profiles),
    ):
        old, new = ({profile.id: profile for profile in group} for group in (old, new))
        for key in [*old, *(key for key in new if key not in old)]:
            was, now = old.get(key), new.get(key)
            had, has = (set(profile.criteria) if profile else set() for profile in (was, now))
            if had == has:
                continue
            facts.append({
                "id": key, "name": (now or was).name, "negative": negative,
                "change": "added" if was is None else "removed" if now is None else "changed",
                "gained": _sorted(has - had), "lost": _sorted(had - has),
                "lift_before": was.lift if was else None, "lift_after": now.lift if now else None,
            })  # fmt: skip
    return facts


def plain(value, digits: int | None = None):
    """The value in plain Python types, as yaml.safe_dump takes it; numbers that are not finite become None."""
    if isinstance(value, Mapping):
        return {str(key): plain(item, digits) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item, digits) for item in value]
    if hasattr(value, "to_dict"):
        return plain(value.to_dict(), digits)
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return None if not np.isfinite(number) else float(f"{number:.{digits}g}") if digits else number
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    return value if isinstance(value, (str, dt.date)) else str(value)


def _entries(profiles: Sequence, before: Sequence[IcpProfile], letter: str, smallest: int) -> list[dict]:
    """The profiles as they stand in icp.yml. Criteria keep every digit: rounding them would move customers."""
    evidence = [name for name in IcpProfile.__dataclass_fields__ if name not in ("id", "name", "criteria")]
    entries = []
    for profile, key in zip(profiles, _ids(profiles, before, letter), strict=True):
        criteria = list(profile.criteria)
        name = getattr(profile, "name", None) or ", ".join(dict.fromkeys(one.column for one in criteria))
        known = {field: plain(getattr(profile, field, None), DIGITS) for field in evidence}
        known["marks"] = known["marks"] or []
        if _tells_few(getattr(profile, "unseen", None), smallest):
            known |= dict.fromkeys(RATES)
        entries.append({"id": key, "name": name, "criteria": [one.to_dict() for one in criteria], **known})
    return entries


def _tells_few(rates, smallest: int) -> bool:
    """Would the rates, with the number of members, tell that fewer than `smallest` of them are ideal, or are not?"""
    return rates is not None and any(0 < part < smallest for part in (rates.hits, rates.customers - rates.hits))


def _ids(profiles: Sequence, before: Sequence[IcpProfile], letter: str) -> list[str]:
    """An id for each: that of the earlier profile with the same criteria, else of one with most columns in common."""
    columns = [{one.column for one in profile.criteria} for profile in profiles]
    alike = []
    for old in before:
        names = {one.column for one in old.criteria}
        for place, profile in enumerate(profiles):
            shared = len(names & columns[place]) / max(len(names | columns[place]), 1)
            if shared > 0.5:
                alike.append((set(old.criteria) != set(profile.criteria), -shared, place, old.id))
    ids: dict[int, str] = {}
    for _, _, place, old_id in sorted(alike):
        if place not in ids and old_id not in ids.values():
            ids[place] = old_id
    taken = {old.id for old in before} | set(ids.values())
    free = (f"{letter}{number}" for number in range(1, len(taken) + len(profiles) + 2) if f"{letter}{number}" not in taken)
    return [ids[place] if place in ids else next(free) for place in range(len(profiles))]


def _profiles(entries, where: str) -> tuple[IcpProfile, ...]:
    if entries is None:
        return ()
    if not isinstance(entries, list):
        raise icp_checks.wrong("The profiles are no list", where, entries, "Write them as a list, or [].")
    profiles = tuple(_profile(entry, f"{where}[{place}]") for place, entry in enumerate(entries))
    if len({profile.id for profile in profiles}) < len(profiles):
        raise icp_checks.wrong("Two profiles have the same id", where, [profile.id for profile in profiles], "Give each its own.")
    return profiles


def _profile(entry, where: str) -> IcpProfile:
    entry = icp_checks.keys(entry, where, tuple(IcpProfile.__dataclass_fields__), required=("id", "criteria"))
    if not isinstance(entry["criteria"], list) or not entry["criteria"]:
        raise icp_checks.wrong("A profile has no criteria", where, entry["criteria"], "List at least one criterion.")
    for name, high in (("ideal_share", 1), ("p_value", 1), ("stability", 1), ("lift", None), ("customers", None)):
        icp_checks.number(entry.get(name), f"{where}.{name}", 0, high)
    interval = entry.get("lift_interval")
    if interval is not None and not (isinstance(interval, list) and len(interval) == 2):
        raise icp_checks.wrong("An interval has two ends", f"{where}.lift_interval", interval, "Write it as [low, high].")
    for end in interval or ():
        icp_checks.number(end, f"{where}.lift_interval", 0, None)
    known = {name: value for name, value in entry.items() if name not in ("criteria", "lift_interval", "marks", "id", "name")}
    return IcpProfile(
        id=icp_checks.text(entry["id"], f"{where}.id"),
        name=icp_checks.text(entry.get("name") or entry["id"], f"{where}.name"),
        criteria=tuple(Criterion.from_dict(one) for one in entry["criteria"]),
        lift_interval=tuple(interval) if interval is not None else None,
        marks=tuple(entry.get("marks") or ()),
        **known,
    )


def _sorted(criteria: set[Criterion]) -> list[Criterion]:
    return sorted(criteria, key=lambda one: (one.column, one.op, str(one.value)))
