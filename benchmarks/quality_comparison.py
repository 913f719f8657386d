"""Rows for the comparison of markets: shared and local criteria of two planted markets, learnt in one, tested in the other.

Both markets have one profile. They share its industry; each has one criterion more of its own. A run is exact when the
industry travels, each market's own criterion is local, and no other column is among the criteria.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from quality import Row

from icp_helpers.analysis.comparison import Part, judge_criteria, try_criteria
from icp_helpers.analysis.profile import find_profiles

INSIDE, OUTSIDE = 0.6, 0.1
CUSTOMERS = 2_000
TRUTH = {"industry": "travels", "region": "local", "employees": "local"}


def rows(seed: int, runs: int) -> list[Row]:
    exact = [verdicts(market_part("a", 2 * (1_000 * seed + run)), market_part("b", 2 * (1_000 * seed + run) + 1)) == TRUTH for run in range(runs)]
    nulls = [verdicts(market_part("a", 2 * (1_000 * seed + run)), market_part("none", 2 * (1_000 * seed + run) + 1)) for run in range(runs)]
    travelled = [verdict for found in nulls for verdict in found.values()]
    return [Row("shared and local criteria of two markets exact", f"{np.mean(exact):.0%}", ">= 85 %", "100 %", len(exact)),
            Row("criteria called travelling where the other market has no profile", f"{np.mean([v == 'travels' for v in travelled]):.1%}",
                "<= 5 %", "<= 5 %", len(travelled))]


def verdicts(*parts: Part) -> dict[str, str]:
    """The verdict on each column's criteria; several that differ are told as such."""
    judged = judge_criteria(try_criteria(parts))
    by_column = judged.groupby(judged.criterion.map(lambda criterion: criterion.column)).verdict
    return {column: "/".join(sorted(set(found))) for column, found in by_column}


def market_part(kind: str, seed: int) -> Part:
    """Market `a` (its own criterion is a region), `b` (a number of employees) or `none` (no profile), with what was found."""
    rng = np.random.default_rng(seed)
    traits = pd.DataFrame({
        "industry": rng.choice(["construction", "retail", "food", "it", "transport"], CUSTOMERS),
        "region": rng.choice(["north", "south", "east", "west"], CUSTOMERS),
        "employees": np.round(np.exp(rng.normal(3, 1, CUSTOMERS))),
        **{f"other_{place}": rng.normal(0, 1, CUSTOMERS).round(2) for place in range(6)},
        **{f"mark_{place}": rng.choice(["x", "y", "z"], CUSTOMERS) for place in range(6)},
    }).mask(rng.random((CUSTOMERS, 15)) < 0.05)
    own = {"a": traits.region.isin(["north"]), "b": traits.employees.between(10, 50), "none": np.zeros(CUSTOMERS, bool)}[kind]
    ideal = rng.random(CUSTOMERS) < np.where((traits.industry == "construction") & own, INSIDE, OUTSIDE)
    found = find_profiles(traits, pd.Series(ideal), seed=seed)
    return Part(kind, traits, ideal, [profile.criteria for profile in found.profiles])
