"""Two groups side by side, levels beside their market, and where a KPI stands against its goal."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from icp_helpers.analysis.intervals import difference
from icp_helpers.analysis.kpis.compute import compute_kpis
from icp_helpers.analysis.kpis.registry import KPIS
from icp_helpers.analysis.kpis.rows import ALL, SHOWN

MEMBER = "_profile"
Z = norm.isf(0.025)


def icp_against_others(tables, market, customers_inside: pd.Series, leads_inside: pd.Series) -> pd.DataFrame:
    """The ten KPIs of those whom the profile takes in, beside those of all others.

    `customers_inside` and `leads_inside` are boolean, one for each row of `tables["customers"]` and `tables["leads"]`
    (empty where there is no such table). Gives a row a KPI: kpi, unit, inside, inside_low, inside_high, inside_n,
    inside_status, inside_readable_on, the same six of outside, gap (inside minus outside), low, high (Zou and Donner),
    better (the gap goes the way a firm wants), p_adjusted (Holm over the KPIs that can be compared), status: ok, or the
    first reason why the two cannot be compared.
    """
    marked = dict(tables)
    for name, inside in (("customers", customers_inside), ("leads", leads_inside)):
        if name in marked and len(inside) == len(marked[name]):
            marked[name] = marked[name].assign(**{MEMBER: np.where(np.asarray(inside, dtype=bool), "yes", "no")})
    if not any(MEMBER in table.columns for table in marked.values()):
        types = {"kpi": "str", "unit": "str", "status": "str", "better": bool, "inside_status": "str", "outside_status": "str"}
        return pd.DataFrame({column: pd.Series(dtype=types.get(column, float)) for column in COMPARED})
    rows = compute_kpis(marked, market, by=MEMBER).set_index(["kpi", "level"])
    return adjusted(pd.DataFrame([_beside(kpi, rows) for kpi in KPIS], columns=COMPARED))


OF_A_SIDE = ("low", "high", "n", "status", "readable_on")
COMPARED = ["kpi", "unit", *(name for side in ("inside", "outside") for name in (side, *(f"{side}_{part}" for part in OF_A_SIDE))),
            "gap", "low", "high", "better", "p", "p_adjusted", "status"]


def _beside(kpi: str, rows: pd.DataFrame) -> dict:
    """One KPI inside and outside, and their gap where both are ok."""
    pair = [rows.loc[(kpi, level)] if (kpi, level) in rows.index else None for level in ("yes", "no")]
    found = {"kpi": kpi, "unit": rows.loc[(kpi, ALL), "unit"], "status": "too_few", "p": np.nan}
    for side, row in zip(("inside", "outside"), pair, strict=True):
        found |= {side: np.nan, f"{side}_low": np.nan, f"{side}_high": np.nan, f"{side}_n": 0, f"{side}_status": "not_supplied",
                  f"{side}_readable_on": pd.NaT}
        if row is not None:
            found |= {side: row["value"]} | {f"{side}_{part}": row[part] for part in OF_A_SIDE}
    if all(row is not None for row in pair):
        found["status"] = next((row["status"] for row in pair if row["status"] != "ok"), "ok")
    gap = found["inside"] - found["outside"]
    low, high = difference(found["inside"], found["inside_low"], found["inside_high"],
                           found["outside"], found["outside_low"], found["outside_high"])
    if found["status"] == "ok":
        found["p"] = p_of(gap, low, high)
    better = bool(gap > 0 if KPIS[kpi].better == "up" else gap < 0)
    return found | {"gap": gap, "low": low, "high": high, "better": better}


def p_of(gap, low, high):
    """The p-value of "no gap" that goes with 95 % limits: 0.05 where the near limit touches zero."""
    gap, low, high = (np.asarray(part, dtype=float) for part in (gap, low, high))
    near = np.where(gap > 0, gap - low, high - gap) / Z
    with np.errstate(divide="ignore", invalid="ignore"):
        return 2 * norm.sf(np.where(near > 0, np.abs(gap) / near, np.where(gap == 0, 0.0, np.inf)))


def adjusted(frame: pd.DataFrame, method: str = "holm") -> pd.DataFrame:
    """With `p_adjusted` over all the rows that have a p-value; missing in the others."""
    held = pd.Series(np.nan, index=frame.index)
    known = frame["p"].notna()
    if known.any():
        held[known] = multipletests(frame.loc[known, "p"], method=method)[1]
    return frame.assign(p_adjusted=held)


def beside_market(levels: pd.DataFrame) -> pd.DataFrame:
    """Levels beside their market: rows as of compute_kpis (with or without further columns), one KPI and column.

    Adds market_value, gap, pooled, pooled_low, pooled_high and p. `pooled` draws each level towards the market, the
    more the less is known of it (empirical Bayes with DerSimonian and Laird's variance between levels); p asks whether
    a level differs from the others, and takes into account that it is part of the market it is held against. It goes by
    the limit on the market's side: a rate that came out low by chance also looks surer than it is, and by half the width
    of its interval one of eight equal levels was called different in 14 % of markets.
    """
    whole = levels[levels["level"] == ALL].iloc[0]
    parts = levels[levels["level"] != ALL].copy()
    read = parts["status"].eq("ok") | (parts["status"].isin(SHOWN) & parts[["value", "low", "high"]].notna().all(axis=1))
    error = ((parts["high"] - parts["low"]) / (2 * Z)).where(read & (parts["high"] > parts["low"]))
    weight, gap = 1 / error**2, parts["value"] - whole["value"]
    known = weight.notna() & gap.notna()
    between = _between(gap[known], weight[known])
    keep = between / (between + error**2) if between > 0 else error * 0.0
    spread = np.sqrt(keep) * error
    pooled = (whole["value"] + keep * gap).where(known)
    share = (parts["n"] / max(whole["n"], 1)).clip(0, 0.999)
    near = ((parts["value"] - parts["low"]).where(gap > 0, parts["high"] - parts["value"]) / Z).where(error.notna())
    p = pd.Series(2 * norm.sf(gap.abs() / (near * np.sqrt(1 - share))), index=parts.index).where(parts["status"] == "ok")
    return parts.assign(market_value=whole["value"], gap=gap, pooled=pooled, pooled_low=pooled - Z * spread,
                        pooled_high=pooled + Z * spread, p=p)


def _between(gap: pd.Series, weight: pd.Series) -> float:
    """The variance between levels beyond what chance makes: DerSimonian and Laird (1986)."""
    if len(gap) < 2:
        return 0.0
    mean = np.average(gap, weights=weight)
    excess = (weight * (gap - mean) ** 2).sum() - (len(gap) - 1)
    return max(0.0, float(excess / (weight.sum() - (weight**2).sum() / weight.sum())))


def kpi_of(name) -> str | None:
    """The id of the KPI that is named so, by its id or its name in English or Danish; None for another name."""
    word = str(name).strip().casefold()
    return next((kpi.id for kpi in KPIS.values() if word in (kpi.id.casefold(), kpi.name_en.casefold(), kpi.name_da.casefold())), None)


def goal_status(goals: pd.DataFrame, kpis: pd.DataFrame, as_of) -> pd.DataFrame:
    """Where each goal stands: kpi (ours), name (as the goal wrote it), baseline, target, due, value, low, high, status.

    `goals` has kpi, baseline, target, due; a KPI may be named by its id or its name in English or Danish. Status: `met`
    (the value is at the target or beyond), `on track` (surely better than the baseline, or the target within the
    limits), `off track` (surely no better than the baseline, or overdue), `too early` (cannot be told yet), `no data`.
    """
    now = kpis[kpis["level"] == ALL].set_index("kpi")
    rows = []
    for goal in goals.to_dict("records"):
        kpi = kpi_of(goal["kpi"])
        row = now.loc[kpi] if kpi in now.index else None
        rows.append({"kpi": kpi, "name": goal["kpi"], "baseline": goal["baseline"], "target": goal["target"],
                     "due": goal["due"], **{c: np.nan if row is None else row[c] for c in ("value", "low", "high")},
                     "status": _goal(goal, row, kpi, pd.Timestamp(as_of))})
    return pd.DataFrame(rows, columns=["kpi", "name", "baseline", "target", "due", "value", "low", "high", "status"])


def _goal(goal: dict, row, kpi: str | None, as_of: pd.Timestamp) -> str:
    if row is None or row["status"] not in SHOWN or pd.isna(row["value"]) or pd.isna(goal["target"]):
        return "no data"
    sign = 1 if KPIS[kpi].better == "up" else -1
    value, target, baseline = sign * row["value"], sign * goal["target"], sign * goal["baseline"]
    low, high = sorted((sign * row["low"], sign * row["high"]))
    if row["status"] != "ok":
        return "too early"
    if value >= target:
        return "met"
    if pd.notna(goal["due"]) and pd.Timestamp(goal["due"]) <= as_of:
        return "off track"
    if low > baseline or high >= target:
        return "on track"
    return "off track" if high <= baseline else "too early"


def inside_profile(frame: pd.DataFrame, profiles) -> np.ndarray:
    """Which rows any of the profiles takes in; an empty array where the frame lacks a column that they look at."""
    asked = {criterion.column for profile in profiles for criterion in profile.criteria}
    if not profiles or not asked <= set(frame.columns):
        return np.zeros(0, dtype=bool)
    return np.logical_or.reduce([profile.members(frame) for profile in profiles])
