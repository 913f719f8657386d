"""Does the profile serve the goals? What each KPI would be if more of the customers were of the profile."""

from __future__ import annotations

import pandas as pd

from icp_helpers.analysis.kpis.registry import KPIS

SHIFT = 0.10  # of all customers and leads, from outside the profile to inside it
# KPIs that are means or shares over customers or leads, so that a mix of two groups has the mean of the two. A median,
# or money over a number of leads, is none.
MIXED = ("conversion_rate", "nps", "churn", "cx", "ltv", "lead_to_mql", "mql_to_sql")
LEVEL = 0.05
COLUMNS = ["kpi", "value", "projected", "least", "most", "target", "n", "verdict"]


def goal_fit(goals: pd.DataFrame, pairs: pd.DataFrame, *, shift: float = SHIFT) -> pd.DataFrame:
    """A row a goal whose KPI is a mean over customers or leads (COLUMNS), in the order of the goals.

    goals: as `kpis.goal_status` gives them (kpi, value, target); pairs: as `kpis.icp_against_others` (kpi, gap, low,
    high, better, p_adjusted, status, inside_n, outside_n). `projected` is the value with `shift` of the customers moved
    from outside to inside, least and most its ends by the interval of the gap; n the smaller group. verdict: found (the
    goal is reached already), up (towards the goal), down (away from it), unclear, or too_few. That those who come will be
    like those who are there is assumed.
    """
    both = goals[goals["kpi"].isin(MIXED)].dropna(subset=["value", "target"]).drop_duplicates("kpi")
    both = both[["kpi", "value", "target"]].merge(pairs.drop_duplicates("kpi"), on="kpi")
    rows = []
    for row in both.to_dict("records"):
        n = int(min(row["inside_n"], row["outside_n"]))
        judged = row["status"] == "ok" and pd.notna(row["p_adjusted"])
        reached = row["value"] >= row["target"] if KPIS[row["kpi"]].better == "up" else row["value"] <= row["target"]
        verdict = "found" if reached else "too_few" if not judged else "unclear" if row["p_adjusted"] >= LEVEL else "up" if row["better"] else "down"
        ends = sorted(row["value"] + shift * row[end] for end in ("low", "high")) if judged else (None, None)
        rows.append((row["kpi"], row["value"], row["value"] + shift * row["gap"], *ends, row["target"], n, verdict))
    return pd.DataFrame(rows, columns=COLUMNS)
