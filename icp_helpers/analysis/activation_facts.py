"""What notebook 10 says of its lists, test and plan: the facts of its sentences, each with its status."""

from __future__ import annotations

import pandas as pd

from icp_helpers.analysis import activation, first_profile, reach, registers
from icp_helpers.analysis.activation import Ranking


def chosen_facts(ranking: Ranking, wanted: pd.DataFrame) -> dict:
    """status (found; none where nobody is wanted; not_supplied without a list), contacts, leads_open, prospects."""
    status = "not_supplied" if ranking.scores.empty else "found" if len(wanted) else "none"
    counts = wanted["kind"].value_counts()
    return {"status": status, "contacts": len(wanted), "leads_open": counts.get("lead", 0), "prospects": counts.get("prospect", 0)}


def left_out_facts(ranking: Ranking, *lists: pd.DataFrame) -> dict:
    """status (not_supplied where no list knows of consent or protection), left_out, listed, and how many for each reason."""
    named = [frame[name] for frame in lists for name in ("consent", "ad_protected") if name in frame]
    bars = ranking.scores["contact"]
    counts = bars.value_counts()
    status = "not_supplied" if not any(column.notna().any() for column in named) else "found" if bars.ne("").any() else "none"
    return {"status": status, "left_out": int(bars.ne("").sum()), "listed": len(bars), "opted_out": counts.get(activation.OPTED_OUT, 0),
            "protected": counts.get(activation.PROTECTED, 0), "no_consent": counts.get(activation.NO_CONSENT, 0)}


def held_out_facts(ranking: Ranking, alike: pd.DataFrame) -> dict:
    """status (found where the groups are alike, unclear where they are not, too_few where nobody is held out, info for
    the comparison of a hypothesis, none without a ranking), held_out, contacts, compared, trait and worst (of `alike`)."""
    arms = ranking.campaign["arm"].value_counts()
    held, compared = arms.get(activation.HELD_OUT, 0), arms.get(activation.COMPARED, 0)
    status = "none" if arms.empty else "info" if ranking.status == "hypothesis" else "too_few" if not held else "found"
    if status == "found" and not alike["alike"].all():
        status = "unclear"
    worst = alike["trait"].iloc[0] if len(alike) else None
    return {"status": status, "held_out": held, "contacts": int(arms.sum()) - compared, "compared": compared, "trait": worst,
            "worst": alike["difference"].max(), "needed": activation.FEWEST}


def power_facts(ranking: Ranking, leads: pd.DataFrame) -> dict:
    """What the test can show: status, conversion (won of the decided leads; an assumed one for a hypothesis), lift (the
    smallest one that would be seen) or needed (leads in each group), power."""
    arms = ranking.campaign["arm"].value_counts()
    held = arms.get(activation.HELD_OUT, 0)
    if ranking.status == "hypothesis":
        assumed = first_profile.CONVERSIONS[1]
        return {"status": "info", "conversion": assumed, "needed": first_profile.leads_needed(assumed, 2.0), "power": first_profile.POWER}
    conversion, _decided = reach.decided_conversion(leads)
    lift = reach.smallest_lift(conversion, arms.get(activation.CAMPAIGN, 0), held)
    status = "none" if not held else "too_few" if pd.isna(lift) else "found"
    return {"status": status, "conversion": conversion, "lift": lift, "power": first_profile.POWER}


def supply_facts(leads: pd.DataFrame, as_of, contacts: int) -> dict:
    """How far the chosen ones reach: status, won_year, conversion, contacts_needed and share (of them)."""
    conversion, _decided = reach.decided_conversion(leads)
    won = reach.won_last_year(leads, as_of)
    needed = reach.supply(won, conversion)
    return {"status": "none" if pd.isna(needed) or not contacts else "info", "won_year": won, "conversion": conversion,
            "contacts_needed": needed, "share": contacts / needed}


def stand_facts(stand: pd.DataFrame) -> dict:
    """status, tested, and how many are supported, refuted, still_open or a hypothesis."""
    counts = stand["stands"].value_counts()
    return {"status": "found" if len(stand) else "none", "tested": len(stand), "supported": counts.get("supported", 0),
            "refuted": counts.get("refuted", 0), "still_open": counts.get("open", 0), "hypothesis": counts.get("hypothesis", 0)}


def follow_up_facts(actions: pd.DataFrame) -> dict:
    """status, met, not_met, still_open."""
    counts = actions["follow_up"].value_counts()
    return {"status": "found" if len(actions) else "none", "met": counts.get("met", 0), "not_met": counts.get("not met", 0),
            "still_open": counts.get("open", 0)}


def budget_facts(actions: pd.DataFrame, limit: float | None) -> tuple[str, dict]:
    """The sentence (within_budget, over_budget) and its facts: status, budget (what the actions cost), limit (money)."""
    cost = actions["budget"].sum(min_count=1)
    known = limit is not None and not pd.isna(cost)
    return ("over_budget" if known and cost > limit else "within_budget",
            {"status": "found" if known else "not_supplied", "budget": cost, "limit": limit})


def option_facts(options: pd.DataFrame, *, supplied: bool) -> dict:
    """What is said of `campaigns.best_options`: status (found where one is surely better, too_few, unclear, not_supplied),
    tried, and of the best one place, option, rate, others_rate, low, high, people."""
    better = options[options["status"] == "up"]
    judged = options[options["status"] != "too_few"]
    status = "not_supplied" if not supplied or options.empty else "found" if len(better) else "unclear" if len(judged) else "too_few"
    first = (better if len(better) else judged if len(judged) else options).head(1).to_dict("records")
    told = {name: first[0][name] for name in ("place", "option", "rate", "others_rate", "low", "high", "people")} if first else {}
    return {"status": status, "tried": len(judged), "better": len(better), **told}


def move_facts(actions: pd.DataFrame) -> dict:
    """status (found where a date or a budget was changed), and what `registers.plan_moves` counts."""
    moves = registers.plan_moves(actions)
    changed = moves["later"] + moves["sooner"] + moves["budgets"]
    return {"status": "not_supplied" if not moves["tracked"] else "found" if changed else "none", **moves}


def heard_facts(approvals: pd.DataFrame, heard: dict, verb: str, label) -> dict:
    """Who was told, or agreed (`verb`): status (info where all were, found where some were, none, not_supplied), departments,
    done, and missing, the names of those who are not yet there, in the words of `label`."""
    missing = [label(name) for name in heard[f"not_{verb}"]]
    status = "not_supplied" if approvals.empty else "info" if not missing else "found" if heard[verb] else "none"
    return {"status": status, "departments": heard["departments"], "done": heard[verb], "missing": ", ".join(missing)}
