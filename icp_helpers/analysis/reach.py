"""Whether a profile is realistic: how many there are in the market and on our lists, how many we need, and what a test can show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

from icp_helpers.analysis import intervals
from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.analysis.first_profile import LEVEL, POWER, market_size

TOO_BROAD, TOO_NARROW = 0.40, 0.01  # of the market
FEWEST = 30  # decided leads on each side of a criterion below which it stays a hypothesis


def market_reach(market: pd.DataFrame, prospects: pd.DataFrame, criteria: Sequence[Criterion]) -> dict:
    """How many accounts of the market meet all criteria: `{accounts, low, high, total, share, measured, estimated, n}`.

    What the market's table holds is counted there, which is exact. What it lacks is estimated from the prospects: the
    share that meets the other criteria among the `n` prospects who meet the counted ones (95 %, Wilson). Prospects
    stand for the market as far as their list was not chosen. accounts is missing where a criterion is in neither.
    """
    size = market_size(market, criteria)
    rest = [one for one in criteria if one.column in size["not_measured"]]
    made = {"total": size["total"], "measured": size["measured"], "estimated": [one.column for one in rest], "n": 0,
            "accounts": np.nan, "low": np.nan, "high": np.nan, "share": np.nan}
    if not size["total"] or not criteria:
        return made
    share = low = high = 1.0
    if rest:
        if any(one.column not in prospects.columns for one in rest):
            return made
        alike = prospects[members(prospects, [one for one in criteria if one.column in size["measured"] and one.column in prospects.columns])]
        hits, made["n"] = int(members(alike, rest).sum()), len(alike)
        if not len(alike):
            return made
        share = hits / len(alike)
        low, high = intervals.wilson(hits, len(alike))
    return made | {"accounts": size["accounts"] * share, "low": size["accounts"] * low, "high": size["accounts"] * high,
                   "share": size["accounts"] * share / size["total"]}


def realistic(size: dict) -> str:
    """found (all of the interval lies between 1 % and 40 % of the market), up (too broad), down (too narrow), unclear,
    too_few (fewer than FEWEST prospects to estimate from), none (counted, and nobody), not_supplied."""
    if np.isnan(size["accounts"]):
        return "not_supplied"
    if size["estimated"] and size["n"] < FEWEST:
        return "too_few"
    if not size["high"]:
        return "none"
    low, high = size["low"] / size["total"], size["high"] / size["total"]
    if low > TOO_BROAD or high < TOO_NARROW:
        return "up" if low > TOO_BROAD else "down"
    return "found" if low >= TOO_NARROW and high <= TOO_BROAD else "unclear"


def supply(won_a_year: int, conversion: float) -> float:
    """The contacts that another year like the last would take: its wins over the conversion; NaN where nothing was won."""
    return won_a_year / conversion if won_a_year and conversion > 0 else np.nan


def won_last_year(leads: pd.DataFrame, as_of: dt.date) -> int:
    """The leads that were won in the year up to and with `as_of`."""
    won = pd.to_datetime(leads["won_on"])
    return int(((won > pd.Timestamp(as_of) - pd.DateOffset(years=1)) & (won <= pd.Timestamp(as_of))).sum())


def decided_conversion(leads: pd.DataFrame) -> tuple[float, int]:
    """Won of the decided leads, and how many were decided; NaN where none were."""
    won, lost = leads["won_on"].notna(), leads["lost_on"].notna()
    n = int((won | lost).sum())
    return (float(won.sum() / n) if n else np.nan), n


def smallest_lift(conversion: float, campaign: int, held_out: int) -> float:
    """The smallest lift of `conversion` that groups of these sizes would show with a power of 80 % at a level of 5 %
    (two-sided test of two shares, Fleiss 1981); NaN where even a conversion of one would not be shown."""
    if not 0 < conversion < 1 or min(campaign, held_out) < 1:
        return np.nan
    better = np.linspace(conversion, 1, 2_001)[1:]
    middle = (campaign * better + held_out * conversion) / (campaign + held_out)
    parts = 1 / campaign + 1 / held_out
    spread = norm.isf(LEVEL / 2) * np.sqrt(middle * (1 - middle) * parts)
    spread += norm.isf(1 - POWER) * np.sqrt(better * (1 - better) / campaign + conversion * (1 - conversion) / held_out)
    shown = better - conversion >= spread
    return float(better[shown][0] / conversion) if shown.any() else np.nan


def criteria_stand(groups: Sequence[Sequence[Criterion]], leads: pd.DataFrame, prospects: pd.DataFrame) -> pd.DataFrame:
    """Where each group of criteria stands: criteria, prospects and share (who meet them all), leads and others (decided,
    who do and who do not), lift of the share won with low and high (Donner and Zou, widened for the number of groups),
    stands: hypothesis (too few decided leads), supported, refuted (the lift is surely below 1.2) or open."""
    decided = leads[leads["won_on"].notna() | leads["lost_on"].notna()]
    won = decided["won_on"].notna().to_numpy()
    rows = []
    for group in groups:
        asked = [one.column for one in group]
        listed = int(members(prospects, group).sum()) if len(prospects) and set(asked) <= set(prospects.columns) else None
        row = {"criteria": list(group), "prospects": listed, "share": None if listed is None else listed / len(prospects),
               "leads": 0, "others": 0, "lift": np.nan, "low": np.nan, "high": np.nan, "stands": "hypothesis"}
        if set(asked) <= set(decided.columns):
            inside = members(decided, group)
            outside = decided[asked].notna().all(axis=1).to_numpy() & ~inside
            row |= _judged(won, inside, outside, len(groups))
        rows.append(row)
    return pd.DataFrame(rows, columns=["criteria", "prospects", "share", "leads", "others", "lift", "low", "high", "stands"])


def groups_to_test(profiles: Sequence, hypothesis: bool) -> list[tuple[Criterion, ...]]:
    """What is tested: of a hypothesis each criterion by itself and all together, of a shown profile the profile."""
    whole = [tuple(profile.criteria) for profile in profiles]
    single = [(one,) for criteria in whole for one in criteria] if hypothesis else []
    return [*single, *(criteria for criteria in whole if len(criteria) > 1 or not hypothesis)]


def _judged(won: np.ndarray, inside: np.ndarray, outside: np.ndarray, tests: int) -> dict:
    counts = {"leads": int(inside.sum()), "others": int(outside.sum())}
    if min(counts.values()) < FEWEST:
        return counts
    sides = int((won & inside).sum()), counts["leads"], int((won & outside).sum()), counts["others"]
    low, high = intervals.ratio_of_shares(*sides, confidence=1 - LEVEL / tests)
    lift = (sides[0] / sides[1]) / (sides[2] / sides[3]) if sides[2] else np.nan
    return counts | {"lift": lift, "low": low, "high": high, "stands": "supported" if low > 1 else "refuted" if high < 1.2 else "open"}
