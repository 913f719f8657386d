"""The action plan: who does what by when, for how much, to move which KPI; and what each action still lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pandas as pd

from icp_helpers.analysis.kpis.registry import KPIS

DONE, STOPPED = {"done", "færdig", "afsluttet", "gennemført"}, {"stopped", "stoppet", "opgivet"}
DEPARTMENTS = {  # words by which a department is known, in Danish and English; anything else keeps its own name
    "sales": ("sales", "salg"), "marketing": ("marketing",), "product": ("product", "produkt"),
    "customer service": ("service", "support"),
}
REVIEW_DAYS = 90  # until a hypothesis is looked at again where no action or goal is due before: a quarter
COLUMNS = ["action", "owner", "department", "start", "due", "budget", "kpi", "status", "gaps", "follow_up"]


def make_plan(actions: pd.DataFrame, as_of: dt.date, *, kpis: Collection[str] = (), budget: float | None = None) -> pd.DataFrame:
    """The actions by due date (those without one last) with two columns more.

    `gaps` lists, separated by |, what is missing or wrong: no owner, no department, no date, due before start, past
    its deadline, no budget, no KPI, KPI unknown, over budget. `follow_up` is met (done), not met (its date has come
    and it is not done), open, or stopped. `kpis` are names beside the ten that count as known (the market's own goals).
    `budget` (money) is what the actions may cost together: those after it is used up, by start, are over budget.
    Nothing that is done or stopped has gaps.
    """
    plan = actions.reindex(columns=COLUMNS[:8]).copy()
    plan["department"] = [department_of(name) for name in plan["department"]]
    known = {_word(name) for kpi in KPIS.values() for name in (kpi.id, kpi.name_en, kpi.name_da)} | {_word(name) for name in kpis}
    today = pd.Timestamp(as_of)
    over = _over_budget(plan, budget)
    rows = plan.to_dict("records")
    plan["gaps"] = ["" if _closed(row) else "|".join(_gaps(row, today, known, late)) for row, late in zip(rows, over, strict=True)]
    plan["follow_up"] = [_follow_up(row, today) for row in rows]
    return plan.sort_values(["due", "start", "action"], kind="stable", na_position="last", ignore_index=True)


def department_of(name) -> str | None:
    """The department by its usual name (`Salg` and `sales team` are sales), else as it stands; None for none."""
    if pd.isna(name) or not str(name).strip():
        return None
    words = _word(name)
    return next((usual for usual, marks in DEPARTMENTS.items() if any(mark in words for mark in marks)), str(name).strip())


def gap_counts(plan: pd.DataFrame) -> pd.DataFrame:
    """A row a gap, the most frequent first: gap, actions."""
    gaps = plan["gaps"].astype("str").str.split("|").explode()  # a plan without actions has no type of its own
    counted = gaps[gaps.fillna("") != ""].value_counts()
    return counted.rename_axis("gap").rename("actions").reset_index()


def by_department(plan: pd.DataFrame) -> pd.DataFrame:
    """A row a department, the usual four first though they have no action: department, actions, open, budget, owners,
    with_gaps, next_due (the next date of an open action)."""
    rows = []
    others = sorted(set(plan["department"].dropna()) - set(DEPARTMENTS))
    for name in (*DEPARTMENTS, *others):
        own = plan[plan["department"] == name]
        waiting = own[own["follow_up"].isin(["open", "not met"])]
        rows.append((name, len(own), len(waiting), own["budget"].sum(min_count=1), ", ".join(dict.fromkeys(own["owner"].dropna())),
                     int((own["gaps"] != "").sum()), waiting["due"].min()))
    return pd.DataFrame(rows, columns=["department", "actions", "open", "budget", "owners", "with_gaps", "next_due"])


def spent_in_a_year(spend: pd.DataFrame, as_of: dt.date) -> float | None:
    """The money spent in the year up to `as_of`: what a plan is held against where no other budget is known."""
    days = pd.to_datetime(spend["date"])
    spent = spend.loc[(days > pd.Timestamp(as_of) - pd.DateOffset(years=1)) & (days <= pd.Timestamp(as_of)), "amount"]
    return float(spent.sum()) if len(spent) else None


def first_review(as_of: dt.date, actions: pd.DataFrame, goals: pd.DataFrame) -> dt.date:
    """The first day after `as_of` on which an action or a goal is due, and a quarter from now at the latest."""
    dates = pd.to_datetime(pd.concat([actions["due"], goals["due"]])).dropna()
    latest = pd.Timestamp(as_of) + pd.Timedelta(days=REVIEW_DAYS)
    return min([latest, *dates[dates > pd.Timestamp(as_of)]]).date()


def _gaps(row: dict, today: pd.Timestamp, known: set[str], over: bool) -> list[str]:
    start, due = row["start"], row["due"]
    checks = (
        ("no owner", _empty(row["owner"])), ("no department", _empty(row["department"])), ("no date", pd.isna(due)),
        ("due before start", pd.notna(due) and pd.notna(start) and due < start),
        ("past its deadline", pd.notna(due) and due < today), ("no budget", pd.isna(row["budget"])),
        ("no KPI", _empty(row["kpi"])), ("KPI unknown", not _empty(row["kpi"]) and _word(row["kpi"]) not in known),
        ("over budget", over),
    )
    return [gap for gap, found in checks if found]


def _follow_up(row: dict, today: pd.Timestamp) -> str:
    if _word(row["status"]) in DONE:
        return "met"
    if _word(row["status"]) in STOPPED:
        return "stopped"
    return "not met" if pd.notna(row["due"]) and row["due"] <= today else "open"


def _over_budget(plan: pd.DataFrame, budget: float | None) -> list[bool]:
    if budget is None:
        return [False] * len(plan)
    order = plan.sort_values("start", kind="stable", na_position="last").index
    spent = plan["budget"].fillna(0).loc[order].cumsum()
    return (spent > budget).reindex(plan.index).tolist()


def _closed(row: dict) -> bool:
    return _word(row["status"]) in DONE | STOPPED


def _empty(value) -> bool:
    return pd.isna(value) or not str(value).strip()


def _word(value) -> str:
    return "" if pd.isna(value) else str(value).strip().casefold()
