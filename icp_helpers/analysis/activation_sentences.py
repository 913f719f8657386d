"""What notebook 10 says where one question takes several sentences: (id of the sentence, its facts), in reading order."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from icp_helpers.analysis import activation_facts as facts
from icp_helpers.analysis import campaigns, plan, registers, triangulation

MOST = 3  # campaigns, and contradictions, that are told in a sentence


def of_campaigns(counted: pd.DataFrame, results: pd.DataFrame, lessons: pd.DataFrame, seed: int = 0) -> Iterator[tuple[str, dict]]:
    """Each campaign, the best message, the best campaign for a group, and whether actions bring what was expected.

    counted: the table `campaigns`; results: `campaigns.campaign_results` of it.
    """
    for place, row in enumerate(results.head(MOST).to_dict("records"), start=1):
        yield f"campaign:{place}", {**row, "status": row["status"].replace("no_hold_out", "none")}
    if results.empty:
        yield "no_campaigns", {"status": "not_supplied"}
    for sentence, place, option in (("message", "campaign", "message"), ("group", "segment", "campaign")):
        yield sentence, facts.option_facts(campaigns.best_options(counted, place, option), supplied=len(results) > 0)
    learnt = campaigns.forecasts(lessons, seed)
    yield "lessons", learnt if learnt["n"] else {"status": "not_supplied"}


def of_plan(supplied: pd.DataFrame, actions: pd.DataFrame, goals: pd.DataFrame, limit: float | None, label) -> Iterator[tuple[str, dict]]:
    """Gaps, budget, follow-up, what has moved, and whether the goals can be judged. supplied: the table `actions`;
    actions: `plan.make_plan` of it; limit: money; label: a word in the reader's language."""
    lacking = plan.gap_counts(actions)
    yield "gaps", {"status": "not_supplied" if actions.empty else "found" if len(lacking) else "none", "actions": len(actions),
                   "gaps": int(actions["gaps"].ne("").sum()), "gap": label(lacking["gap"].iloc[0]) if len(lacking) else None}
    sentence, about = facts.budget_facts(actions, limit)
    yield sentence, about
    yield "follow_up", facts.follow_up_facts(actions)
    yield "moved", facts.move_facts(supplied)
    written = registers.goals_written(goals)
    yield "goals", {"status": "not_supplied" if goals.empty else "none" if written["whole"] == len(goals) else "found", **written}


def of_departments(departments: pd.DataFrame, approvals: pd.DataFrame, version: int, label) -> Iterator[tuple[str, dict]]:
    """What each department (`plan.by_department`, with `name`) has to do, and who was told of the profile and agrees."""
    for row in departments.itertuples():
        status = "none" if not row.open else "unclear" if pd.isna(row.next_due) else "info"
        yield f"department:{row.department}", {"status": status, "department": row.name.capitalize(), "still_open": row.open,
                                               "next_due": row.next_due, "owners": row.owners or label("nobody")}
    heard = registers.approvals_stand(approvals, version)
    for verb in ("told", "agreed"):
        yield verb, facts.heard_facts(approvals, heard, verb, label)


def of_sources(criteria, customers: pd.DataFrame, leads: pd.DataFrame, surveys: pd.DataFrame, reviews: pd.DataFrame, label,
               seed: int = 0) -> Iterator[tuple[str, dict]]:
    """Whether sales, answers and reviews agree with the criteria, and which of them a source contradicts."""
    sources = triangulation.sources_by_criterion(criteria, customers, leads=leads, surveys=surveys, reviews=reviews, seed=seed)
    yield "sources", triangulation.agreement(sources)
    for place, row in enumerate(sources[sources["says"] == "contradicts"].head(MOST).to_dict("records"), start=1):
        yield f"contradiction:{place}", {"status": "found", "criteria": [row["criterion"]], "source": label(row["source"]), "n": row["n"]}


def of_use(usage: pd.DataFrame, used: pd.DataFrame) -> dict:
    """What is said of `service.feature_use`: the strongest difference, with its status."""
    first = next(iter(used.to_dict("records")), {})
    status = "not_supplied" if usage.empty else "none" if used.empty else "unclear" if first["p_adjusted"] >= 0.05 else None
    return {"status": status, "n": min(first.get("customers", 0), first.get("others", 0)), **first}
