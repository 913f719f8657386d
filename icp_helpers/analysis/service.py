"""What customers of the profile need from service and from the product: response, solution, cases, features."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests

from icp_helpers.analysis import intervals

HOUR = pd.Timedelta(hours=1)
TOP = 0.8  # of the scale: the two top boxes of five
FEWEST = 30  # customers on each side below which nothing is compared
NEEDS = ["measure", "inside", "outside", "ratio", "low", "high", "customers", "others"]
USES = ["event", "inside", "outside", "gap", "low", "high", "customers", "others", "p_adjusted"]


def service_needs(tickets: pd.DataFrame, customers: pd.DataFrame, inside: set[str], as_of: dt.date, *, seed: int = 0) -> pd.DataFrame:
    """How service differs for customers of the profile, a row a measure (NEEDS).

    tickets: customer_id, opened_at, first_response_at, closed_at; customers: customer_id, first_on, left_on.
    Measures: `response` and `solution` (hours; the geometric mean over customers of each one's own geometric mean, so
    that a busy customer counts once) and `cases` (a customer and year). `ratio` is inside over outside with a 95 %
    interval (bootstrap-t on the logs, combined by MOVER); it is missing below FEWEST customers on a side.
    """
    rows = []
    for measure, until in (("response", "first_response_at"), ("solution", "closed_at")):
        hours = ((tickets[until] - tickets["opened_at"]) / HOUR).clip(lower=1 / 60)
        logs = np.log(hours).groupby(tickets["customer_id"]).mean().dropna()
        sides = logs[logs.index.isin(inside)], logs[~logs.index.isin(inside)]
        estimates = [(side.mean(), *intervals.bootstrap_t_mean(side, seed)) for side in sides]
        rows.append(_need(measure, estimates, [len(side) for side in sides]))
    cases = tickets.groupby("customer_id").size().reindex(customers["customer_id"]).fillna(0).to_numpy()
    until = customers["left_on"].fillna(pd.Timestamp(as_of))
    years = ((until - customers["first_on"]).dt.days / 365.25).clip(lower=0).fillna(0).to_numpy()
    member = customers["customer_id"].isin(inside).to_numpy()
    estimates = []
    for side in (member, ~member):
        rate = cases[side].sum() / years[side].sum() if years[side].sum() > 0 else np.nan
        low, high = intervals.bootstrap_t_ratio(cases[side], years[side], seed)
        estimates.append([np.log(end) if end > 0 else np.nan for end in (rate, low, high)])
    rows.append(_need("cases", estimates, [int(member.sum()), int((~member).sum())]))
    return pd.DataFrame(rows, columns=NEEDS)


def response_effect(tickets: pd.DataFrame, surveys: pd.DataFrame) -> dict:
    """Whether customers who are answered faster are more often satisfied: `fast` and `slow` (shares whose mean answer
    is in the top boxes), `gap` with `low`, `high` (Newcombe), `n` (the smaller side) and `hours` (where the two part).

    Satisfaction is the mean of a customer's csat answers on the subject of support, where any name a subject, else of
    all csat answers. Customers without a case or an answer are left out.
    """
    asked = surveys[surveys["kind"] == "csat"]
    about = asked[asked["driver"].astype("str").str.contains("support|service", case=False, na=False)]
    asked = about if len(about) else asked
    satisfied = (asked["score"] / asked["scale_max"]).groupby(asked["customer_id"]).mean()
    hours = ((tickets["first_response_at"] - tickets["opened_at"]) / HOUR).groupby(tickets["customer_id"]).mean()
    both = pd.DataFrame({"hours": hours, "satisfied": satisfied}).dropna()
    if not len(both):
        return {"fast": None, "slow": None, "gap": None, "low": None, "high": None, "n": 0, "hours": None}
    middle = both["hours"].median()
    fast = (both["hours"] <= middle).to_numpy()
    good = (both["satisfied"] >= TOP).to_numpy()
    sides = [(int((good & side).sum()), int(side.sum())) for side in (fast, ~fast)]
    shares = [hits / n if n else np.nan for hits, n in sides]
    low, high = intervals.newcombe(*sides[0], *sides[1])
    return {"fast": shares[0], "slow": shares[1], "gap": shares[0] - shares[1], "low": low, "high": high,
            "n": min(n for _hits, n in sides), "hours": middle}


def feature_use(usage: pd.DataFrame, customers: pd.Series, inside: set[str]) -> pd.DataFrame:
    """Which events of use set customers of the profile apart, the largest difference first (USES): the shares of
    customers who have done it at all, their difference with its 95 % interval (Newcombe), and Fisher's p by
    Benjamini and Hochberg. Empty below FEWEST customers on a side."""
    known = pd.Index(customers.unique())
    member = known.isin(inside)
    sizes = int(member.sum()), int((~member).sum())
    if min(sizes) < FEWEST or usage.empty:
        return pd.DataFrame(columns=USES)
    used = usage.drop_duplicates(["customer_id", "event"])
    used = used[used["customer_id"].isin(known)]
    counted = pd.crosstab(used["event"], used["customer_id"].isin(inside)).reindex(columns=[True, False], fill_value=0)
    hits, others = counted[True].to_numpy(), counted[False].to_numpy()
    low, high = intervals.newcombe(hits, sizes[0], others, sizes[1])
    frame = pd.DataFrame({"event": counted.index.astype("str"), "inside": hits / sizes[0], "outside": others / sizes[1],
                          "gap": hits / sizes[0] - others / sizes[1], "low": low, "high": high, "customers": sizes[0], "others": sizes[1]})
    frame["p_adjusted"] = multipletests(_fisher(hits, others, sizes), method="fdr_bh")[1] if len(frame) else []
    return frame.sort_values(["gap", "event"], key=lambda column: -column.abs() if column.name == "gap" else column,
                             kind="stable", ignore_index=True)[USES]


def _fisher(hits: np.ndarray, others: np.ndarray, sizes: tuple[int, int]) -> list[float]:
    return [fisher_exact([[a, sizes[0] - a], [b, sizes[1] - b]]).pvalue for a, b in zip(hits, others, strict=True)]


def _need(measure: str, estimates: list, sizes: list[int]) -> tuple:
    """A row of NEEDS from (log estimate, low, high) inside and outside."""
    (inside, *_), (outside, *_) = estimates
    low = high = ratio = np.nan
    if min(sizes) >= FEWEST:
        low, high = intervals.difference(*estimates[0], *estimates[1])
        ratio, low, high = np.exp(inside - outside), np.exp(low), np.exp(high)
    return measure, np.exp(inside), np.exp(outside), ratio, low, high, *sizes
