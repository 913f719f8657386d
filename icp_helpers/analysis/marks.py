"""The five marks of an ideal customer, each fair to new customers and each a rank from 0 to 1, missing kept missing.

Value, referrals and service cases count per month of the customer's time, with a floor of three months so that one
good week is no good year. Retention holds against a customer what the others of her age did. Each mark ranks a
customer among those who came at about the same time: even rates of rare events favour whoever had longer to show one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

FLOOR_MONTHS = 3.0
DAYS_A_MONTH = 365.25 / 12
REPEATERS = 20  # customers with two orders or more, below which their gaps say nothing about silence
PEERS, MOST_BANDS = 50, 8  # customers, at least, in a band of those who came at about the same time; bands at most
LONG_GAP = 0.95  # of the repeaters' usual gaps are shorter than the silence that counts as leaving


@dataclass(frozen=True)
class Spans:
    """Each customer's time, indexed by customer_id: `start`, `end` (dates), `months` between them (not floored), `age`
    (months from start to the last day of the data), `left` (bool), `months_at_risk` of leaving.

    `rule` says how leaving is known: contract (a day of leaving), silence (no order for `silent_days`), or none.
    """

    frame: pd.DataFrame
    rule: str
    silent_days: int | None = None


def customer_spans(features: pd.DataFrame, as_of: dt.date) -> Spans:
    """Reads from `features` (acquired_on, left_on, first_on, last_on, orders, mean_gap_days) how long each was a customer.

    Where days of leaving are recorded they count. Where none is, and at least 20 customers ordered twice, a customer
    counts as gone once she has been silent for longer than 95 % of the repeaters' usual gaps; the day she left is the
    day that silence was complete. Her time for the rates per month runs on to `as_of`: she might still come back.
    """
    ids = features["customer_id"].astype(str)
    day = pd.Timestamp(as_of)
    dates = {name: _dates(features, name) for name in ("acquired_on", "left_on", "first_on", "last_on")}
    start = pd.concat([dates["acquired_on"], dates["first_on"]], axis=1).min(axis=1)
    start = start.where(start <= day)
    left_on = dates["left_on"].where(dates["left_on"] <= day)
    rule, silent_days = "none", None
    end = left_on.fillna(day)
    if left_on.notna().any():
        rule = "contract"
    else:
        gaps = _numbers(features, "mean_gap_days")[_numbers(features, "orders") >= 2].dropna()
        if len(gaps) >= REPEATERS:
            rule, silent_days = "silence", int(np.ceil(max(gaps.quantile(LONG_GAP), 1)))
            gone = dates["last_on"] + pd.Timedelta(days=silent_days)
            left_on = gone.where(gone <= day)
    frame = pd.DataFrame({
        "start": start, "end": end, "months": _months(start, end), "age": _months(start, day), "left": left_on.notna() & start.notna(),
        "months_at_risk": _months(start, left_on.fillna(day)),
    })  # fmt: skip
    return Spans(frame.set_axis(ids, axis="index"), rule, silent_days)


def five_marks(features, surveys, referrals, tickets, spans: Spans, as_of: dt.date) -> pd.DataFrame:
    """Ranks of the five marks, indexed by customer_id: value, retention, satisfaction, referrals, ease.

    `surveys` (customer_id, kind, score, scale_max), `referrals` (referrer_id, referred_id), `tickets` (customer_id)
    may be empty; a mark whose table is empty is missing for everyone. In a table that is there, a customer without a
    referral or a case has none, and one without an answer is missing.
    """
    ids = spans.frame.index
    months = spans.frame["months"].clip(lower=FLOOR_MONTHS)
    amount = _numbers(features, "amount").set_axis(ids)
    answers = _answers(surveys, as_of)
    cases = _count(tickets, "customer_id", "opened_at", as_of, ids)
    brought = _count(_one_referrer_each(referrals), "referrer_id", "referred_on", as_of, ids)
    bands = peers(spans.frame["age"])

    def rank(values: pd.Series) -> pd.Series:
        return rank01(values.reindex(ids), bands)

    none = pd.Series(dtype=float)
    ease = pd.concat([rank(-cases / months), rank(answers.get("ces", none))], axis=1).mean(axis=1)
    liked = pd.concat([rank(answers.get(kind, none)) for kind in ("nps", "csat")], axis=1).mean(axis=1)
    return pd.DataFrame({
        "value": rank(amount / months), "retention": rank(retention(spans)), "satisfaction": rank(liked),
        "referrals": rank(brought / months), "ease": rank(ease),
    }, index=ids)  # fmt: skip


def retention(spans: Spans) -> pd.Series:
    """Stayed longer than was to be expected: the Nelson-Aalen hazard H(t) of her time so far, minus one if she left.

    A living customer of six months is neither punished nor rewarded for being new (the martingale residual of
    Barlow and Prentice, 1988, turned round). Missing where leaving is not known.
    """
    frame = spans.frame
    if spans.rule == "none":
        return pd.Series(np.nan, index=frame.index)
    known = frame["months_at_risk"].notna()
    months, left = frame.loc[known, "months_at_risk"].to_numpy(float), frame.loc[known, "left"].to_numpy(bool)
    times, place = np.unique(months, return_inverse=True)
    events = np.bincount(place, weights=left, minlength=len(times))
    at_risk = np.bincount(place, minlength=len(times))[::-1].cumsum()[::-1]
    hazard = np.cumsum(events / at_risk) if len(times) else np.empty(0)
    return pd.Series(hazard[place] - left, index=frame.index[known]).reindex(frame.index)


def peers(age: pd.Series) -> np.ndarray:
    """The band of each customer: those who came at about the same time, 50 or more of them; one band below 100."""
    bands = int(np.clip(age.notna().sum() // PEERS, 1, MOST_BANDS))
    if bands == 1:
        return np.zeros(len(age), int)
    return pd.qcut(age.rank(method="first"), bands, labels=False).fillna(-1).to_numpy(int)


def rank01(values: pd.Series, bands: np.ndarray | None = None) -> pd.Series:
    """Ranks from 0 to 1 within each band, ties in the middle of their ranks; missing stays missing, and so does a mark
    that all share."""
    if values.nunique() < 2:
        return pd.Series(np.nan, index=values.index)
    grouped = values.groupby(np.zeros(len(values), int) if bands is None else bands)
    return (grouped.rank() - 0.5) / grouped.transform("count")


def _answers(surveys: pd.DataFrame, as_of: dt.date) -> dict[str, pd.Series]:
    """The mean answer of each customer, as a share of its scale, by kind. Anonymous answers belong to nobody."""
    if surveys is None or surveys.empty:
        return {}
    known = surveys[surveys["customer_id"].notna() & _until(surveys, "asked_on", as_of)]
    share = _numbers(known, "score") / _numbers(known, "scale_max")
    means = share.groupby([known["kind"].astype(str), known["customer_id"].astype(str)]).mean()
    return {kind: means.xs(kind) for kind in means.index.get_level_values(0).unique()}


def _count(table: pd.DataFrame, who: str, when: str, as_of: dt.date, ids: pd.Index) -> pd.Series:
    """How many rows each customer has; missing for everyone where the table is not there."""
    if table is None or table.empty:
        return pd.Series(np.nan, index=ids)
    return table.loc[_until(table, when, as_of), who].astype(str).value_counts().reindex(ids, fill_value=0).astype(float)


def _one_referrer_each(referrals: pd.DataFrame) -> pd.DataFrame:
    """A customer is brought once, by the first who named her, and nobody brings herself."""
    if referrals is None or referrals.empty:
        return referrals
    own = referrals["referrer_id"].astype(str) == referrals["referred_id"].astype(str)
    return referrals[~own].sort_values("referred_on", kind="stable").drop_duplicates("referred_id")


def _until(table: pd.DataFrame, when: str, as_of: dt.date) -> pd.Series:
    """Which rows had happened by the end of `as_of`; a row without a day is kept."""
    days = _dates(table, when)
    return days.isna() | (days < pd.Timestamp(as_of) + pd.Timedelta(days=1))


def _months(start: pd.Series, end: pd.Series | pd.Timestamp) -> pd.Series:
    return ((end - start).dt.days / DAYS_A_MONTH).clip(lower=0)


def _dates(frame: pd.DataFrame, name: str) -> pd.Series:
    cells = frame[name] if name in frame.columns else pd.Series(pd.NaT, index=frame.index)
    days = pd.to_datetime(cells, errors="coerce")
    return days.dt.tz_localize(None) if days.dt.tz is not None else days.astype("datetime64[s]")


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series:
    cells = frame[name] if name in frame.columns else pd.Series(np.nan, index=frame.index)
    return pd.to_numeric(cells, errors="coerce").astype(float).replace([np.inf, -np.inf], np.nan)
