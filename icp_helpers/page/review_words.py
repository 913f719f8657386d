"""What the review says of goals that were moved, of watched profiles, and of quarters that are too new to be judged."""

from __future__ import annotations

import pandas as pd

from icp_helpers.analysis.kpis.comparison import kpi_of
from icp_helpers.page.catalogue import _
from icp_helpers.page.kpi_strips import kpi_name, written

MOVED = {"target": _("{name:text} ({was:text} → {target:text})"), "due": _("{name:text} (by {due_was:date} → by {due:date})"),
         "both": _("{name:text} ({was:text} by {due_was:date} → {target:text} by {due:date})"), "gone": _("{name:text} ({was:text}, withdrawn)")}
KNOWN = _("{name:text} (known on {day:date})")
READABLE = _("from {day:date}")


def moved_goals(page, moved: pd.DataFrame) -> str:
    """The rows of `review.goal_changes` in words: each goal with what it was and what it is."""
    return ", ".join(_moved(page, goal) for goal in moved.to_dict("records"))


def _moved(page, goal: dict) -> str:
    kpi = kpi_of(goal["kpi"])
    said = {side: page.words.number(goal[side]) if kpi is None else written(page, kpi, goal[side]) for side in ("was", "target")}
    another_day = pd.notna(goal["due_was"]) and pd.notna(goal["due"]) and goal["due_was"] != goal["due"]
    kind = ("gone" if pd.isna(goal["target"]) else "target" if not another_day
            else "due" if goal["was"] == goal["target"] else "both")
    name = kpi_name(kpi, page.words.language) if kpi else goal["kpi"]
    return page.words.say(page.label(MOVED[kind]), {**goal, **said, "name": name})


def watched_name(page, one) -> str:
    """A watched profile's first criterion and the day on which it was known: short enough for the picture's key."""
    return page.words.say(page.label(KNOWN), {"name": page.words.criteria(one.criteria[:1]), "day": one.known_on})


def mark_young(page, ax, arrivals: pd.DataFrame) -> None:
    """Above each hollow dot, upright to keep clear of the dots beside it, the day from which it can be read."""
    for row in arrivals[arrivals["young"].astype(bool)].itertuples():
        ax.annotate(page.words.say(page.label(READABLE), {"day": row.readable_on}), (row.quarter, row.high), xytext=(0, 6),
                    textcoords="offset points", rotation=90, ha="center", va="bottom", fontsize="small", color=page.colours.others)
