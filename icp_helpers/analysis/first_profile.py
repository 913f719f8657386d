"""Before there are customers: what is believed, how many such accounts the market holds, and the test that would tell."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from icp_helpers.analysis.beliefs import read_belief
from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.tables.errors import ParameterError

LEVEL, POWER = 0.05, 0.8
CONVERSIONS, LIFTS = (0.02, 0.05, 0.10), (1.5, 2.0, 3.0)


def believed(beliefs: pd.DataFrame) -> tuple[Criterion, ...]:
    """The beliefs as criteria, one a column (the first department's), those that cannot be read left out."""
    criteria = {}
    for belief in beliefs.to_dict("records"):
        try:
            criterion = read_belief(belief)
        except ParameterError:  # the page lists it as unmeasurable, through the duel
            continue
        criteria.setdefault(criterion.column, criterion)
    return tuple(criteria.values())


def market_size(market: pd.DataFrame, criteria) -> dict:
    """How many accounts of the market table meet the criteria on the columns that it has: `{accounts, total, share,
    measured, not_measured}`; the last two are column names. Counted, not estimated."""
    measured = [one for one in criteria if one.column in market.columns]
    inside = members(market, measured)
    total = float(market["accounts"].sum()) if len(market) else 0.0
    accounts = float(market.loc[inside, "accounts"].sum()) if len(market) else 0.0
    return {
        "accounts": accounts, "total": total, "share": accounts / total if total else float("nan"),
        "measured": [one.column for one in measured],
        "not_measured": [one.column for one in criteria if one.column not in market.columns],
    }  # fmt: skip


def leads_needed(conversion: float, lift: float) -> int:
    """Leads in each of two equal groups to tell `lift` times `conversion` from `conversion`: a two-sided test of two
    shares at 5 % with a power of 80 % (Fleiss 1981, without continuity correction)."""
    better = min(conversion * lift, 0.99)
    middle = (conversion + better) / 2
    spread = norm.isf(LEVEL / 2) * np.sqrt(2 * middle * (1 - middle))
    spread += norm.isf(1 - POWER) * np.sqrt(conversion * (1 - conversion) + better * (1 - better))
    return int(np.ceil((spread / (better - conversion)) ** 2))


def test_plan() -> pd.DataFrame:
    """Leads needed in each group, a row an assumed conversion of other leads, a column a lift: conversion, lift_15, lift_20, lift_30."""
    rows = [[conversion, *(leads_needed(conversion, lift) for lift in LIFTS)] for conversion in CONVERSIONS]
    return pd.DataFrame(rows, columns=["conversion", *(f"lift_{round(10 * lift)}" for lift in LIFTS)])
