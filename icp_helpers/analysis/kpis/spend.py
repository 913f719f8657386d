"""What a lead costs: the spend of whole months over the leads of the channels that it was for."""

from __future__ import annotations

import pandas as pd

from icp_helpers.analysis.intervals import bootstrap_t_ratio, wilson
from icp_helpers.analysis.kpis import clock
from icp_helpers.analysis.kpis.books import Books
from icp_helpers.analysis.kpis.funnel import clean_leads, lag_between
from icp_helpers.analysis.kpis.orders import in_market_currency
from icp_helpers.analysis.kpis.rows import ALL, Reading

EDGE = 7  # days; a month whose rows begin later, or end earlier, is not whole
INVOICED = 2  # dates in a month; up to so many the spend comes as invoices, dated anywhere in their month


def cost_per_lead(books: Books) -> dict[str, Reading]:
    return cost_per(books, "created_on")


def cost_per(books: Books, step: str) -> dict[str, Reading]:
    """Spend per lead that reached `step` (created_on: every lead), of the months whose leads had time to reach it."""
    leads, aside = clean_leads(books)
    spend = _spend(books)
    until = books.as_of
    if step != "created_on":
        lag = lag_between(leads["created_on"], leads[step], books.as_of)
        until = books.as_of - pd.Timedelta(days=lag.days)
    window = _whole_months(spend["day"], leads["created_on"], until)
    if window is None:
        return {ALL: Reading(short="partial_period", set_aside=aside, note="no whole month of both spend and leads")}
    spend, leads = spend[window.holds(spend["day"])], leads[window.holds(leads["created_on"])]
    paid = spend.groupby("channel", dropna=False)["amount"].sum()
    everyone = len(paid) > 0 and paid.index.isna().all()  # spend that names no channel is for all of them
    paid_leads = leads[leads["channel"].isin(paid.index[paid > 0].dropna()) | everyone]
    paid_leads = paid_leads.assign(counts=paid_leads[step].notna().astype(int))
    nowhere = int(leads["channel"].isna().sum()) * (not everyone)
    note = f"{nowhere} leads without a channel left out" if nowhere else ""
    if books.by == "channel":
        return _by_channel(books, spend, paid_leads, window, aside, note)
    return {level: _cost(books, _for_level(spend, paid_leads, rows), rows, window, aside if level == ALL else 0, note)
            for level, rows in books.split(paid_leads, "leads")}


def leads_without_spend(books: Books) -> dict[str, Reading]:
    """The part of the window's leads that came through channels without spend, or without a channel."""
    leads, _ = clean_leads(books)
    spend = _spend(books)
    window = _whole_months(spend["day"], leads["created_on"], books.as_of)
    if window is None:
        return {ALL: Reading(short="partial_period")}
    leads, spend = leads[window.holds(leads["created_on"])], spend[window.holds(spend["day"])]
    paid = spend.groupby("channel")["amount"].sum()
    free, n = int((~leads["channel"].isin(paid.index[paid > 0])).sum()), len(leads)
    low, high = wilson(free, n)
    return {ALL: Reading(free / n if n else None, low, high, n, free, n, window.shown)}


def _spend(books: Books) -> pd.DataFrame:
    """Spend with day, channel (as the leads write it) and amount in the market's currency."""
    day = books.days("spend", "date")
    amount = in_market_currency(books, "spend", books.numbers("spend", "amount"), day)
    channel = books.texts("spend", "channel").str.strip().str.casefold()
    written = books.texts("leads", "channel").dropna()
    as_written = dict(zip(written.str.strip().str.casefold(), written, strict=True))
    return pd.DataFrame({"day": day, "channel": channel.map(lambda c: as_written.get(c, c)), "amount": amount}).dropna(
        subset=["day", "amount"])


def _whole_months(spent_on: pd.Series, created_on: pd.Series, until: pd.Timestamp) -> clock.Window | None:
    """The last twelve months that are whole in both tables; None where not one is."""
    window = clock.last_months(until)
    start, end = window.start, window.end
    if not len(spent_on) or not len(created_on):
        return window
    dates = spent_on.drop_duplicates()
    invoiced = dates.dt.to_period("M").value_counts().median() <= INVOICED
    last = spent_on.max()
    this_month = last.to_period("M")
    whole = invoiced or (this_month.end_time.normalize() - last).days < EDGE
    end = min(end, (this_month + int(whole)).start_time)
    for first in (spent_on.min(), created_on.min()):
        late = first.day > EDGE and not (invoiced and first == spent_on.min())
        start = max(start, (first.to_period("M") + int(late)).start_time)
    return clock.Window(start, end) if start < end else None


def _for_level(spend: pd.DataFrame, everyone: pd.DataFrame, leads: pd.DataFrame) -> pd.DataFrame:
    """The part of each channel's spend that its leads of this level make; spend without a channel by all leads."""
    if len(leads) == len(everyone):
        return spend
    part = leads["channel"].value_counts() / everyone["channel"].value_counts()
    known = spend["channel"].map(part).astype(float).fillna(0.0)
    share = known.where(spend["channel"].notna(), len(leads) / max(len(everyone), 1))
    return spend.assign(amount=spend["amount"] * share)


def _by_channel(books: Books, spend, leads, window, aside, note) -> dict[str, Reading]:
    """Each channel with its own spend; one that brought no lead keeps its spend and has no denominator."""
    found = {ALL: _cost(books, spend, leads, window, aside, note)}
    for channel in dict.fromkeys([*books.levels, *spend["channel"].dropna()]):
        own = spend[spend["channel"] == channel]
        if len(own):
            found[channel] = _cost(books, own, leads[leads["channel"] == channel], window, 0, "")
        else:
            found[channel] = Reading(numerator=0.0, denominator=0.0, window=window.shown, note="no spend")
    return found


def _cost(books: Books, spend: pd.DataFrame, leads: pd.DataFrame, window, aside: int, note: str) -> Reading:
    total, n = float(spend["amount"].sum()), int(leads["counts"].sum())
    if n == 0:
        return Reading(n=0, numerator=total, denominator=0.0, window=window.shown, set_aside=aside, note=note)
    weekly = spend["day"].dt.to_period("W").nunique() >= 0.6 * (window.end - window.start).days / 7
    rhythm = "W" if weekly else "M"
    by_period = pd.concat([spend.groupby(spend["day"].dt.to_period(rhythm))["amount"].sum(),
                           leads.groupby(leads["created_on"].dt.to_period(rhythm))["counts"].sum()], axis=1).fillna(0.0)
    low, high = bootstrap_t_ratio(by_period["amount"], by_period["counts"], books.market.seed)
    return Reading(total / n, low, high, n, total, n, window.shown, set_aside=aside, note=note)
