"""What a firm writes down beside its numbers: who has agreed, what was remarked, what moved, what is new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

import pandas as pd

from icp_helpers.analysis.kpis.registry import KPIS
from icp_helpers.analysis.plan import DEPARTMENTS, department_of

NEW_DAYS = 180  # a channel or technology that was first seen within so many days counts as new
GOAL_PARTS = ("baseline", "target", "due", "owner")


def approvals_stand(approvals: pd.DataFrame, version: int, departments: Collection[str] = tuple(DEPARTMENTS)) -> dict:
    """Which departments know today's version of the profile, and agree: told, agreed (counts), not_told, not_agreed (names).

    approvals: department, version (empty for today's), told_on, agreed_on. `departments` are those that are asked for;
    others that have answered count too.
    """
    today = approvals[approvals["version"].isna() | (approvals["version"] == version)]
    named = today["department"].map(department_of)
    told, agreed = (set(named[today[column].notna()]) for column in ("told_on", "agreed_on"))
    told |= agreed
    asked = dict.fromkeys([*departments, *named.dropna()])
    return {"departments": len(asked), "told": len(told), "agreed": len(agreed), "not_told": [one for one in asked if one not in told],
            "not_agreed": [one for one in asked if one not in agreed]}


def feedback_counts(feedback: pd.DataFrame, as_of: dt.date) -> dict:
    """How many remarks came from employees and from customers, how many wait for an answer, and the oldest of them in days."""
    by = feedback["given_by"].value_counts()
    waiting = pd.to_datetime(feedback.loc[feedback["answered_on"].isna(), "given_on"])
    oldest = (pd.Timestamp(as_of) - waiting.min()).days if len(waiting) else 0
    return {"employees": int(by.get("staff", 0)), "customers": int(by.get("customer", 0)), "waiting": len(waiting), "oldest": oldest}


def cases_at_hand(cases: pd.DataFrame, columns: Iterable[str]) -> dict:
    """Cases with a source and a date, those of them that tell something about a column of ours, and those left out."""
    sourced = cases.dropna(subset=["source", "as_of"])
    about = sourced["column"].isin(list(columns))
    return {"cases": len(sourced), "about": int(about.sum()), "dropped": len(cases) - len(sourced),
            "columns": sorted(set(sourced.loc[about, "column"]))}


def goals_written(goals: pd.DataFrame) -> dict:
    """How many goals can be judged one day: goals, whole (with a baseline, a target that differs from it, a date, an
    owner), and lacking, the part that is missing most often."""
    missing = goals[list(GOAL_PARTS)].isna()
    missing["target"] |= goals["target"] == goals["baseline"]
    most = missing.sum().sort_values(ascending=False, kind="stable")
    return {"goals": len(goals), "whole": int((~missing.any(axis=1)).sum()), "lacking": most.index[0] if len(goals) and most.iloc[0] else None}


def first_goal(goals: pd.DataFrame) -> dict:
    """The goal that is due first: kpi (our id of it, None for one of the market's own), name, baseline, target, due, and
    others, how many there are besides. Empty without a goal that has a date and a target."""
    dated = goals.dropna(subset=["kpi", "target", "due"]).sort_values("due", kind="stable")
    if dated.empty:
        return {}
    known = {name.casefold(): kpi.id for kpi in KPIS.values() for name in (kpi.id, kpi.name_en, kpi.name_da)}
    goal = dated.iloc[0]
    return {"kpi": known.get(str(goal["kpi"]).strip().casefold()), "name": goal["kpi"], "baseline": goal["baseline"],
            "target": goal["target"], "due": goal["due"], "others": len(goals) - 1}


def plan_moves(actions: pd.DataFrame) -> dict:
    """What was changed since the plan was first made: tracked (actions that say how it was first), later and sooner
    (counts), days (the longest move), budgets (how many were changed), and money, the change of all of them together."""
    days = (pd.to_datetime(actions["due"]) - pd.to_datetime(actions["first_due"])).dt.days
    money = actions["budget"] - actions["first_budget"]
    moved = days[days.fillna(0) != 0]
    return {"tracked": int((days.notna() | money.notna()).sum()), "later": int((moved > 0).sum()), "sooner": int((moved < 0).sum()),
            "days": moved.abs().max(), "budgets": int((money.fillna(0) != 0).sum()), "money": money.sum()}


def new_levels(kind: str, seen: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """The levels that came up within the latest NEW_DAYS, a row each: kind, level, first_on.

    seen: level, on (the day of each sighting). Nothing is new where the sightings themselves began as late.
    """
    first = seen.dropna(subset=["level", "on"]).groupby("level")["on"].min()
    since = pd.Timestamp(as_of) - pd.Timedelta(days=NEW_DAYS)
    fresh = first[pd.to_datetime(first) > since].sort_index()
    if len(fresh) == len(first):
        fresh = fresh.head(0)
    return pd.DataFrame({"kind": kind, "level": fresh.index.astype("str"), "first_on": fresh.to_numpy()})


def sightings(*columns: tuple[pd.Series, pd.Series]) -> pd.DataFrame:
    """(levels, days) of several tables as one frame: level, on."""
    return pd.concat([pd.DataFrame({"level": level.astype(object), "on": pd.to_datetime(day)}) for level, day in columns], ignore_index=True)


def new_among(leads: pd.DataFrame, touches: pd.DataFrame, spend: pd.DataFrame, technologies: pd.DataFrame, as_of: dt.date) -> dict:
    """The channels and technologies that came up lately: status (found, none, not_supplied without any date), names, since."""
    channels = sightings((leads["channel"], leads["created_on"]), (touches["channel"], touches["at"]), (spend["channel"], spend["date"]))
    seen = [channels, sightings((technologies["technology"], technologies["first_seen"]))]
    fresh = pd.concat([new_levels(kind, frame, as_of) for kind, frame in zip(("channel", "technology"), seen, strict=True)], ignore_index=True)
    dated = any(frame.notna().all(axis=1).any() for frame in seen)
    status = "not_supplied" if not dated else "found" if len(fresh) else "none"
    return {"status": status, "names": ", ".join(fresh["level"]), "since": pd.Timestamp(as_of) - pd.Timedelta(days=NEW_DAYS)}
