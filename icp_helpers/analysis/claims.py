"""What may be claimed: rules that chance does not explain, and of these the ones that hold on customers not seen."""

from __future__ import annotations

from icp_helpers.analysis.peeling import Rule
from icp_helpers.analysis.rates import Rates
from icp_helpers.analysis.significance import STRICT
from icp_helpers.analysis.task import Task

LEVEL, LEVEL_LATER = 0.05, STRICT  # of the first profile, and of each one sought after it
LIFT_AT_LEAST = 1.5
OF_THE_FIRST = 0.5  # a later profile's lift, as a part of the first one's


def strong_enough(share: float, base: float) -> bool:
    """Whether the outcome is 1.5 times as frequent as among all, or its absence 1.5 times as rare."""
    return share >= LIFT_AT_LEAST * base or (1 - share) * LIFT_AT_LEAST <= 1 - base


def holds_unseen(rates: Rates, *, later: bool = False) -> bool:
    """Whether customers whom the search had not seen bear the profile out: more often ideal beyond chance, and so much
    more often that it is worth saying. A later profile is asked for the first alone: fewer folds find it, and those
    that find another one in its place dilute its share."""
    return bool(rates.lift_interval[0] > 1) and (later or strong_enough(rates.share, rates.total_hits / rates.total))


def claims(task: Task, most: int) -> tuple[list[tuple[Rule, float]], float | None]:
    """The rules that chance does not explain, each with its p-value; and the p-value of the first one tried.

    When no more is found they are fitted once more beside one another, and what that leaves is searched again if it is
    something else.
    """
    claimed, p_first, fitted = [], None, 0
    while len(claimed) < most:
        one, holds = _next_claim(task, claimed)
        p_first = one[1] if one and p_first is None else p_first
        if holds:
            claimed.append(one)
        elif len(claimed) > fitted:
            before, fitted = claimed, len(claimed)
            claimed = task.refitted(before)
            if claimed == before:
                break
        else:
            break
    return task.refitted(claimed) if len(claimed) > fitted else claimed, p_first


def _next_claim(task, claimed) -> tuple[tuple[Rule, float] | None, bool]:
    """The best rule among those whom the rules `claimed` leave, its p-value, and whether it may be claimed too."""
    rules = [rule for rule, _ in claimed]
    left = task.left_by(rules)
    found = task.next_rule(left)
    if found is None:
        return None, False
    rule, _score = found
    level = LEVEL_LATER if claimed else LEVEL
    p = task.p_value(rule, left, rules, level)
    rates = Rates.of(task.space.met(rule), task.own, left > 0)
    first = Rates.of(task.space.met(rules[0]), task.own) if rules else rates
    holds = p <= level and strong_enough(rates.share, task.own.mean()) and rates.lift >= OF_THE_FIRST * first.lift
    return (rule, p), bool(holds)


def borne_out(task: Task, claimed: list[tuple[Rule, float]], seed: int) -> tuple[list, list[tuple[Rule, ...]]]:
    """The rules that hold on customers not seen, and what was found without each fold.

    As many are sought in every fold as are claimed, so when one is dropped the others are judged anew. The last that
    fails goes first; the first one of all goes when it fails alone, for the others were sought among those it leaves.
    """
    claimed, without = list(claimed), []
    while claimed:
        without = task.found_without([rule for rule, _ in claimed], seed)
        failing = [place for place, rates in enumerate(task.unseen_rates(without, seed)) if not holds_unseen(rates, later=place > 0)]
        if not failing:
            break
        del claimed[failing[-1] or -1]
    return claimed, without
