"""From lead to MQL to SQL to customer: shares of cohorts that had time enough to get there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.intervals import wilson
from icp_helpers.analysis.kpis import clock
from icp_helpers.analysis.kpis.books import Books, once
from icp_helpers.analysis.kpis.rows import ALL, MINIMUM, Reading
from icp_helpers.analysis.kpis.survival import kaplan_meier

MATURE_SHARE = 0.9  # of all who will ever get there
SEEN_AFTER = 1.5  # follow-up over lag; with less, the curve has not flattened and the lag itself is cut short
UNKNOWN_LAG = 90  # days; where nobody has got there yet
SAME_LEAD = ("email", "cvr")  # two leads that share one of these are one
STEPS = ("mql_on", "sql_on", "won_on")


@dataclass(frozen=True)
class Lag:
    """The days in which nine in ten of those who get there at all have got there; `seen`: long enough to know."""

    days: float
    seen: bool


def lag_of(waited, happened, followed: float) -> Lag:
    """The lag from the survival curve of these waits (days), the unfinished ones censored.

    `followed` is the age of the oldest: where everyone has got there, the waits do not say how long they were watched.
    """
    curve = kaplan_meier(waited, happened)
    if not len(curve.times):
        return Lag(UNKNOWN_LAG, followed >= UNKNOWN_LAG)
    # Where only a handful is still waiting one event moves the curve by a tenth: its end is read before that.
    enough = max(1, min(10, curve.n // 10))
    solid = np.flatnonzero(curve.at_risk >= enough)
    plateau = 1 - curve.survival[solid[-1] if len(solid) else 0]
    days = curve.quantile(MATURE_SHARE * plateau)
    return Lag(days, followed >= SEEN_AFTER * days)


def lag_between(entered: pd.Series, reached: pd.Series, as_of: pd.Timestamp) -> Lag:
    """The lag from one day to another, watched until `as_of`; NaT where the second has not come."""
    followed = (as_of - entered.min()).days if len(entered) else 0
    return lag_of((reached.fillna(as_of) - entered).dt.days, reached.notna(), followed)


def clean_leads(books: Books) -> tuple[pd.DataFrame, int]:
    """One row a lead: lead_id, customer_id, channel, created_on, mql_on, sql_on, won_on, level. And rows set aside.

    Set aside: no date of creation, or a step before it. Rows of one lead (same id, e-mail or CVR) are one lead, with
    the first date of each step: a lead that is reopened or recycled counts once. Leads made after `as_of` are unknown.
    """
    leads, aside = _one_a_lead(books)
    return leads.assign(level=books.level(leads["lead_id"], "leads")), aside


@once
def _one_a_lead(books):
    raw = books.tables["leads"]
    created = clock.days(books.column("leads", "created_on"), books.timezone)
    leads = pd.DataFrame({"created_on": created, **{step: books.days("leads", step) for step in STEPS}})
    for column in ("lead_id", "customer_id", "channel", *SAME_LEAD, "mql_rule_version"):
        leads[column] = books.texts("leads", column)
    leads["lead_id"] = leads["lead_id"].where(leads["lead_id"].notna(), "row " + pd.Series(raw.index.astype(str), raw.index))
    before = pd.concat([leads[step] < leads["created_on"] for step in STEPS], axis=1).any(axis=1)
    bad = leads["created_on"].isna() | before
    leads = leads[~bad & (leads["created_on"] <= books.as_of)]
    for key in ("lead_id", *SAME_LEAD):
        leads = _merged(leads, key)
    return leads, int(bad.sum())


def _merged(leads: pd.DataFrame, key: str) -> pd.DataFrame:
    """Rows that share a key as one: the first date of each step, else what the first row says."""
    label = leads[key].str.strip().str.casefold()
    if not label.dropna().duplicated().any():
        return leads
    label = label.where(label.notna() & (label != ""), "row " + pd.Series(leads.index.astype(str), leads.index))
    dates = ["created_on", *STEPS]
    first = leads.assign(_key=label).sort_values("created_on", kind="stable")
    return first.groupby("_key", sort=False).agg(
        {**dict.fromkeys(dates, "min"), **{c: "first" for c in leads.columns if c not in dates}}).reset_index(drop=True)


def conversion_rate(books: Books) -> dict[str, Reading]:
    leads, aside = clean_leads(books)
    return _cohorts(books, leads.rename(columns={"created_on": "entered", "won_on": "reached"}), aside)


def lead_to_mql(books: Books) -> dict[str, Reading]:
    """Only leads judged by the newest rule: what an MQL is, is a firm's own convention, and a new rule a new series."""
    leads, aside = clean_leads(books)
    if len(leads) and leads["mql_on"].isna().all():  # a firm that marks none has no such rate, and 0 % would be read as one
        return {ALL: Reading(short="not_supplied", note="no lead has a day in mql_on")}
    versions = leads.dropna(subset=["mql_rule_version"])
    if len(versions):
        newest = versions.loc[versions["created_on"].idxmax(), "mql_rule_version"]
        leads = leads[leads["mql_rule_version"] == newest]
    return _cohorts(books, leads.rename(columns={"created_on": "entered", "mql_on": "reached"}), aside)


def mql_to_sql(books: Books) -> dict[str, Reading]:
    leads, aside = clean_leads(books)
    mqls = leads[leads["mql_on"].notna()]
    wrong = mqls["sql_on"] < mqls["mql_on"]
    mqls = mqls[~wrong].rename(columns={"mql_on": "entered", "sql_on": "reached"})
    return _cohorts(books, mqls, aside + int(wrong.sum()))


def _cohorts(books: Books, leads: pd.DataFrame, aside: int) -> dict[str, Reading]:
    """The share that got there of those old enough; the lag and the window are the market's, for every level."""
    lag = lag_between(leads["entered"], leads["reached"], books.as_of)
    cut = books.as_of - pd.Timedelta(days=lag.days) + pd.Timedelta(days=1)
    mature = leads["entered"] < cut
    window = clock.Window(cut - pd.DateOffset(months=clock.MONTHS_BACK), cut)
    used, window = clock.recent_enough(leads["entered"].where(mature), window, MINIMUM)
    leads = leads.assign(mature=mature, used=used)
    return {level: _share(rows, lag, window, aside if level == "all" else 0)
            for level, rows in books.split(leads, "leads")}


def _share(leads: pd.DataFrame, lag: Lag, window: clock.Window, aside: int) -> Reading:
    used = leads[leads["used"]]
    short, readable, note = None, None, f"{lag.days:.0f} days to mature"
    if not lag.seen or (len(used) < MINIMUM and not leads["mature"].all() and len(leads) >= MINIMUM) or (len(leads) and not len(used)):
        short = "immature" if len(leads) else None
        readable = _readable_on(leads["entered"], lag)
        if not lag.seen or not len(used):
            used, note = leads, "so far, and will rise"
    hits, n = int(used["reached"].notna().sum()), len(used)
    low, high = wilson(hits, n)
    shown = None if not n else (used["entered"].min().date(), used["entered"].max().date()) if short else window.shown
    return Reading(hits / n if n else None, low, high, n, hits, n, shown, short, readable, aside, note)


def _readable_on(entered: pd.Series, lag: Lag):
    """The day on which enough are old enough; the lag is at least what was seen of it, so not before that day."""
    if not len(entered):
        return None
    wait = lag.days if lag.seen else SEEN_AFTER * lag.days
    nth = entered.sort_values().iloc[min(MINIMUM, len(entered)) - 1] if lag.seen else entered.min()
    return (nth + pd.Timedelta(days=int(np.ceil(wait)))).date()


def conversion_tempo(books: Books) -> dict[str, Reading]:
    """Won in the last twelve months per lead made in them. Not a rate: the two are not the same leads."""
    leads, _ = clean_leads(books)
    window = clock.last_year(books.as_of)
    made, won = int(window.holds(leads["created_on"]).sum()), int(window.holds(leads["won_on"]).sum())
    tempo = won / made if made else None
    return {"all": Reading(tempo, tempo, tempo, made, won, made, window.shown, note="tempo, not a rate: no limits")}


def mql_skipped(books: Books) -> dict[str, Reading]:
    """Of the SQLs, those that never were MQL: they are in no cohort of MQLs."""
    leads, _ = clean_leads(books)
    sqls = leads[leads["sql_on"].notna()]
    hits, n = int(sqls["mql_on"].isna().sum()), len(sqls)
    low, high = wilson(hits, n)
    shown = (sqls["sql_on"].min().date(), sqls["sql_on"].max().date()) if n else None
    return {"all": Reading(hits / n if n else None, low, high, n, hits, n, shown)}
