"""The evidence passport: for every criterion its unseen rates, how often it returns, and which sources agree."""

from __future__ import annotations

from ast import literal_eval

import numpy as np
import pandas as pd
from scipy.stats import binom

from icp_helpers.analysis.criteria import OPERATORS, Criterion
from icp_helpers.analysis.profile import Profile, ProfileSearch
from icp_helpers.analysis.rates import Rates
from icp_helpers.analysis.task import Task
from icp_helpers.analysis.triangulation import FEWEST, LEVEL, sources_by_criterion

WITNESSES = ("sales", "surveys", "reviews")
SAID = {"supports": "agree", "contradicts": "disagree", "unknown": "cannot say"}
RANGES = ("between", ">=", "<=")
NEXT = 40  # future members by whom a profile could be overturned
COLUMNS = ["profile", "criterion", "customers", "share", "rest_share", "lift", "low", "high", "returns", "agree", "sources"]


def make_passports(
    result: ProfileSearch, *, drivers: pd.DataFrame, patterns: pd.DataFrame, seed: int = 0
) -> pd.DataFrame:
    """A row a criterion of each profile (columns: COLUMNS). Shares and lifts are of the criterion alone, on customers
    whom it was not made from; `returns` is how often bootstrap samples ask for its trait again; `sources` names
    the methods that agree: drivers (regression, all else equal) and patterns (rules to success)."""
    if not result.profiles:
        return pd.DataFrame(columns=COLUMNS)
    rows = []
    for number, profile in enumerate(result.profiles, start=1):
        rates = _alone(result.task, profile, seed)
        for criterion in profile.criteria:
            own, sources = rates[criterion.column], agreeing(criterion, drivers, patterns)
            low, high = own.lift_interval
            rows.append([f"p{number}", [criterion], own.customers, own.share, own.rest_share, own.lift, low, high,
                         profile.returns[criterion.column], len(sources), sources])  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def agreeing(criterion: Criterion, drivers: pd.DataFrame, patterns: pd.DataFrame) -> list[str]:
    """Which of the other methods' results say the same of this criterion: beyond chance, and in its direction."""
    effects = drivers[(drivers["trait"] == criterion.column) & (drivers["p_adjusted"] <= LEVEL)]
    success = patterns[(patterns["kind"] == "success") & (patterns["low"] > 1)]
    parts = {part for antecedent in success["antecedent"].astype(str) for part in antecedent.split(" & ")}
    found = {"drivers": any(_points_to(criterion, row.level, row.effect) for row in effects.itertuples()),
             "patterns": any(_within(criterion, part) for part in parts)}
    return [name for name, agrees in found.items() if agrees]


def _points_to(criterion: Criterion, level: str, effect: float) -> bool:
    """Whether a driver of the criterion's trait raises the outcome for those who meet it. A number's effect is a straight
    line, and tells nothing of a range between two ends; a level in brackets is a rest or a gap."""
    if criterion.op in ("in", "has"):
        return effect > 0 and level in map(str, criterion.value if criterion.op == "in" else (criterion.value,))
    if criterion.op == "is":
        return not level.startswith("(") and (effect > 0) == criterion.value
    return " → " in level and (effect > 0 if criterion.op == ">=" else effect < 0 if criterion.op == "<=" else False)


def _within(criterion: Criterion, part: str) -> bool:
    """Whether one part of a rule to success, as `patterns_table` writes it, takes in customers who meet the criterion."""
    op, _space, value = part.removeprefix(f"{criterion.column} ").partition(" ")
    if not part.startswith(f"{criterion.column} ") or op not in OPERATORS or (op in RANGES) != (criterion.op in RANGES):
        return False
    if op not in RANGES:
        return value in (str(list(criterion.value)), *(str([one]) for one in criterion.value)) if criterion.op == "in" else value == str(criterion.value)
    (low, high), (least, most) = _ends(op, literal_eval(value)), _ends(criterion.op, criterion.value)
    return max(low, least) < min(high, most) or low == high and least <= low <= most


def _ends(op: str, value) -> tuple[float, float]:
    return tuple(value) if op == "between" else (value, np.inf) if op == ">=" else (-np.inf, value)


def with_witnesses(passports: pd.DataFrame, customers: pd.DataFrame, *, leads: pd.DataFrame, surveys: pd.DataFrame,
                   reviews: pd.DataFrame, seed: int = 0) -> pd.DataFrame:
    """The passports with a column a source (WITNESSES): agree, disagree, cannot say, too few (under 30 customers on a
    side) or not supplied; and `n_<source>`, the customers on the smaller side.

    `customers` has customer_id and the traits. Each source is asked by itself (`triangulation`), its intervals widened
    for all the questions put at once.
    """
    told = sources_by_criterion([criterion for one in passports["criterion"] for criterion in one], customers, leads=leads,
                                surveys=surveys, reviews=reviews, seed=seed)
    empty = {"sales": leads.empty, "surveys": surveys.empty, "reviews": reviews.empty}
    known = {(row.criterion, row.source): row for row in told.itertuples()}
    for source in WITNESSES:
        rows = [known[one[0], source] for one in passports["criterion"]]
        words = ["not supplied" if empty[source] else "too few" if row.n < FEWEST else SAID[row.says] for row in rows]
        passports = passports.assign(**{source: words, f"n_{source}": [row.n for row in rows]})
    return passports


def witness_facts(passports: pd.DataFrame, source: str) -> dict:
    """status (found: agrees and never disagrees; unclear: disagrees; none: cannot say; not_supplied), criteria, agree,
    disagree, n (the fewest customers on a side where it says something)."""
    said = passports[source] if len(passports) else pd.Series(dtype=object)
    agree, disagree = int((said == "agree").sum()), int((said == "disagree").sum())
    absent = said.empty or (said == "not supplied").all()
    status = "not_supplied" if absent else "unclear" if disagree else "found" if agree else "none"
    judged = passports.loc[said.isin(["agree", "disagree"]), f"n_{source}"] if len(passports) else said
    return {"status": status, "criteria": len(said), "agree": agree, "disagree": disagree, "n": int(judged.min()) if len(judged) else 0}


def overturning(share: float) -> int:
    """So few ideal customers among the next 40 members, or fewer, and the profile is not what it is said to be: chance
    would give that once in twenty times."""
    return int(max(0, binom.ppf(0.05, NEXT, share) - 1)) if np.isfinite(share) else 0


def mark_gaps(inside: np.ndarray, ideal: pd.DataFrame) -> pd.DataFrame:
    """The mean of each mark of an ideal customer inside and outside: mark, inside, outside, low, high (of the gap)."""
    rows = []
    for mark in [column for column in ideal.columns if column.startswith("mark_")]:
        own, rest = ideal.loc[inside, mark].dropna(), ideal.loc[~inside, mark].dropna()
        if min(len(own), len(rest)) >= 10:
            gap, error = own.mean() - rest.mean(), np.hypot(own.std() / np.sqrt(len(own)), rest.std() / np.sqrt(len(rest)))
            rows.append([mark, own.mean(), rest.mean(), gap - 1.96 * error, gap + 1.96 * error, len(own)])
    return pd.DataFrame(rows, columns=["mark", "inside", "outside", "low", "high", "n"])


def _alone(task: Task, profile: Profile, seed: int) -> dict[str, Rates]:
    """For each column, the unseen rates of the single criterion, counted in the folds that ask for it."""
    if task.held is not None:
        held = task.frame.iloc[task.held]
        return {one.column: Rates.of(one.mask(held), task.outcome[task.held]) for one in profile.criteria}
    fold, rates = task.folds(seed), {}
    for column in {one.column for one in profile.criteria}:
        asked = [(one, fold == number) for number, rule in enumerate(profile.without) for one in rule if one.column == column]
        nobody = np.zeros(len(fold), bool)
        inside = np.logical_or.reduce([nobody, *(task.space.met((one,)) & rows for one, rows in asked)])
        rates[column] = Rates.of(inside, task.outcome, np.logical_or.reduce([nobody, *(rows for _one, rows in asked)]))
    return rates
