"""Another method agrees with a criterion only beyond chance, in its direction and of its own customers."""

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.drivers import estimate_drivers
from icp_helpers.analysis.passports import agreeing
from icp_helpers.analysis.patterns import COLUMNS, patterns_table
from icp_helpers.analysis.rules import association_rules

BUILDERS, LARGE, EXPORTS = Criterion("industry", "in", ("byg",)), Criterion("employees", ">=", 40), Criterion("exports", "is", True)
NO_PATTERNS = pd.DataFrame(columns=COLUMNS)


def drivers_of(sign: int, seed: int = 0, n: int = 3000) -> pd.DataFrame:
    """The drivers of a world in which builders, large firms and exporters do better (1), worse (-1) or alike (0)."""
    rng = np.random.default_rng(seed)
    traits = pd.DataFrame({"industry": rng.choice(["byg", "handel", "it"], n), "employees": rng.lognormal(3.5, 0.7, n).round(), "exports": rng.random(n) < 0.4})
    pull = (traits["industry"] == "byg").astype(float) + (traits["employees"] > 40) + traits["exports"]
    return estimate_drivers(traits, pd.Series(rng.random(n) < 0.35 + sign * 0.1 * (pull - 1)))


def success(*rules) -> pd.DataFrame:
    """The contract `patterns` with these criteria as rules to success."""
    made = pd.DataFrame({"antecedent": [(rule,) for rule in rules], "consequent": "ideal", "low": 1.2})
    return patterns_table(made.reindex(columns=COLUMNS[1:]), association_rules(pd.DataFrame({"basket_id": [], "item": []}), min_support=0.5, min_confidence=0.5))


@pytest.mark.parametrize("criterion", [BUILDERS, LARGE, EXPORTS])
def test_a_driver_agrees_where_it_is_planted_and_not_where_it_is_reversed_or_absent(criterion):
    assert agreeing(criterion, drivers_of(1), NO_PATTERNS) == ["drivers"]
    assert agreeing(criterion, drivers_of(-1), NO_PATTERNS) == []
    assert sum(bool(agreeing(criterion, drivers_of(0, seed, 600), NO_PATTERNS)) for seed in range(10)) <= 1


def test_an_effect_of_another_level_or_a_straight_line_says_nothing_of_a_range():
    told = drivers_of(1)
    assert agreeing(Criterion("industry", "in", ("it",)), told, NO_PATTERNS) == []
    assert agreeing(Criterion("employees", "between", (10, 50)), told, NO_PATTERNS) == []
    assert agreeing(Criterion("exports", "is", False), told, NO_PATTERNS) == []


@pytest.mark.parametrize(("rule", "agrees"), [
    (Criterion("industry", "in", ("byg",)), True), (Criterion("industry", "in", ("it",)), False), (Criterion("industry_code", "in", ("byg",)), False),
])  # fmt: skip
def test_a_rule_agrees_by_level_and_not_by_name(rule, agrees):
    assert bool(agreeing(BUILDERS, drivers_of(0).head(0), success(rule))) == agrees


@pytest.mark.parametrize(("rule", "agrees"), [
    (Criterion("employees", "between", (50, 90)), True), (Criterion("employees", ">=", 90), True), (Criterion("employees", "<=", 40), False),
    (Criterion("employees", "between", (3, 3)), False),
])  # fmt: skip
def test_a_rule_agrees_by_range(rule, agrees):
    assert bool(agreeing(LARGE, drivers_of(0).head(0), success(rule))) == agrees
