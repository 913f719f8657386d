"""How each of the ten measures of "is it working" is read from the tables; None where a table is not supplied.

`books.tables["customers"]` and `["leads"]` carry MEMBER, who meets the profile. Every function takes the books and the
periods that are compared, and looks at nothing after the last of them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from icp_helpers.analysis.kpis import clock, retention, spend, surveys
from icp_helpers.analysis.kpis.books import Books
from icp_helpers.analysis.kpis.funnel import clean_leads, lag_between
from icp_helpers.analysis.kpis.orders import clean_orders
from icp_helpers.analysis.kpis.timing import starts_of
from icp_helpers.analysis.watch import monthly_sales, p_of_change
from icp_helpers.analysis.working_cells import CELLS, Effect, of_marks, of_months, of_shares, of_spells

MEMBER = "_profile"


def sales(books: Books, periods) -> Effect | None:
    """Net sales a customer and month; the month in which she came is not counted. The p-value is the larger of two, with
    months and with customers as what is independent: a few large customers may make a run of months."""
    if not books.has("customers", "customer_id", MEMBER):
        return None
    frame = monthly_sales(books.tables, books.market)
    if frame is None:
        return None
    frame = frame[[month for month in frame.columns if periods.baseline <= month.start_time < periods.until]]
    inside = _members(books, "customers").reindex(frame.index).fillna(False).to_numpy(bool)
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.log(frame[inside].mean()) - np.log(frame[~inside].mean())
    there = frame.notna().to_numpy()
    smallest = min((there[inside].any(axis=1).sum(), there[~inside].any(axis=1).sum()))
    after = _after(gap.index, periods)
    effect = of_months(gap, after, int(smallest))
    by_customer = p_of_change(frame.to_numpy(float), inside, after) if effect.p is not None else None
    return effect if by_customer is None else replace(effect, p=max(effect.p, by_customer))


def order_value(books: Books, periods) -> Effect | None:
    """The mean net order of a month."""
    if not (books.has("orders", "order_id", "customer_id", "ordered_at", "amount") and books.has("customers", "customer_id", MEMBER)):
        return None
    orders = clean_orders(books)[0]
    orders = orders[orders["kept"] & _during(orders["ordered_on"], periods)]
    inside = orders["customer_id"].map(_members(books, "customers")).fillna(False).astype(bool)
    return _monthly_gap(orders["net"], orders["ordered_on"], inside, orders["unit"], periods)


def lead_cost(books: Books, periods) -> Effect | None:
    """What a lead cost: the spend of its channel in its month over that channel's leads."""
    if not (books.has("spend", "date", "channel", "amount") and books.has("leads", "lead_id", "created_on", "channel", MEMBER)):
        return None
    leads = clean_leads(books)[0]
    leads = leads[_during(leads["created_on"], periods)]
    paid = spend._spend(books)
    month = leads["created_on"].dt.to_period("M")
    total = paid.groupby(["channel", paid["day"].dt.to_period("M")])["amount"].sum()
    cost = total / leads.groupby(["channel", month]).size().rename_axis(total.index.names)
    own = pd.Series(cost.reindex(pd.MultiIndex.from_arrays([leads["channel"], month])).to_numpy(), index=leads.index)
    known = own.notna()
    inside = leads["lead_id"].map(_members(books, "leads")).fillna(False).astype(bool)
    return _monthly_gap(own[known], leads["created_on"][known], inside[known], leads["lead_id"][known], periods)


def conversion(books: Books, periods) -> Effect | None:
    return _leads(books, periods, "created_on", "won_on")


def to_mql(books: Books, periods) -> Effect | None:
    return _leads(books, periods, "created_on", "mql_on")


def to_sql(books: Books, periods) -> Effect | None:
    return _leads(books, periods, "mql_on", "sql_on")


def _leads(books: Books, periods, entered: str, reached: str) -> Effect | None:
    """The share that gets there within so many days, the same number before and after: the usual lag, or half of the
    time since the roll-out where that is shorter. Leads whose days run across the roll-out, or are not over, are out."""
    if not books.has("leads", entered, reached, MEMBER):
        return None
    leads = clean_leads(books)[0]
    leads = leads[leads[entered].notna() & ~(leads[reached] < leads[entered])]
    lag = lag_between(leads[entered], leads[reached], books.as_of).days if len(leads) else 0
    days = pd.Timedelta(days=max(1, int(min(lag, (periods.until - periods.rollout).days / 2))))
    inside = leads["lead_id"].map(_members(books, "leads")).fillna(False).astype(bool)
    over = leads[entered] + days
    before = (leads[entered] >= periods.baseline) & (over < periods.rollout)
    after = (leads[entered] >= periods.rollout) & (over < periods.until)
    hit = leads[reached] <= over
    cells = dict(zip(CELLS, (inside & before, inside & after, ~inside & before, ~inside & after), strict=True))
    return of_shares({cell: int((hit & rows).sum()) for cell, rows in cells.items()}, {cell: int(rows.sum()) for cell, rows in cells.items()})


def promoters(books: Books, periods) -> Effect | None:
    """Net promoters, one mark a customer and period."""
    if not _asked(books):
        return None
    answers = surveys.answers_of(books, "nps")[0]
    return of_marks({cell: surveys._nps_by_unit(rows, books.market.kind)["mark"] for cell, rows in _answers(books, answers, periods).items()},
                    promoters=True)


def satisfied(books: Books, periods) -> Effect | None:
    """The share of answers in the two top boxes, one mean a customer and period."""
    if not _asked(books):
        return None
    answers = surveys.answers_of(books, "csat")[0]
    answers = answers.assign(hit=(answers["score"] >= answers["top"] - 1).astype(float)) if len(answers) else answers.assign(hit=0.0)
    return of_marks({cell: rows.groupby("unit")["hit"].mean() for cell, rows in _answers(books, answers, periods).items()}, promoters=False)


def _asked(books: Books) -> bool:
    return books.has("surveys", "customer_id", "asked_on", "kind", "score") and books.has("customers", "customer_id", MEMBER)


def _answers(books: Books, answers: pd.DataFrame, periods) -> dict[str, pd.DataFrame]:
    """The answers of known customers in the four cells."""
    member = answers["customer_id"].map(_members(books, "customers"))
    known, inside, after = member.notna() & _during(answers["asked_on"], periods), member.fillna(False).astype(bool), answers["asked_on"] >= periods.rollout
    return dict(zip(CELLS, (answers[known & inside & ~after], answers[known & inside & after], answers[known & ~inside & ~after],
                            answers[known & ~inside & after]), strict=True))


def losses(books: Books, periods) -> Effect | None:
    """Customers who leave, by how long they have been customers; only where days of leaving are recorded."""
    if not books.has("customers", "customer_id", MEMBER) or not retention.dated_by(books):
        return None
    spells = retention.contract_spells(books)[0]
    spells = spells.assign(inside=spells["customer_id"].map(_members(books, "customers")))
    spells = spells[spells["inside"].notna()]
    return of_spells(*(_observed(spells["started_on"], spells["ended_on"], spells["inside"], *span) for span in _spans(periods)))


def first_value(books: Books, periods) -> Effect | None:
    """How soon those who start in a period reach the market's value event within it; both periods are of one length, for
    who is quick shows in the first weeks and who never gets there only later."""
    event = books.market.value_event
    if not event or not books.has("usage", "customer_id", "event", "at") or not books.has("customers", "customer_id", MEMBER):
        return None
    started = starts_of(books)
    if started is None:
        return None
    mine = books.texts("usage", "event").str.strip().str.casefold() == str(event).strip().casefold()
    reached = books.days("usage", "at")[mine].groupby(books.texts("usage", "customer_id")[mine]).min().reindex(started.index)
    inside = _members(books, "customers").reindex(started.index)
    known = inside.notna() & ~(reached < started)
    found = []
    for begin, end in _spans(periods, alike=True):
        new = known & (started >= begin) & (started < end)
        found.append(_observed(started[new], reached[new], inside[new], begin, end))
    return of_spells(*found)


def _observed(start: pd.Series, end: pd.Series, inside: pd.Series, begin: pd.Timestamp, until: pd.Timestamp) -> pd.DataFrame:
    """What is seen of spells between two days, as of_spells takes it; those over before, or begun after, are out."""
    seen = (start < until) & ~(end < begin)
    start, end, inside = start[seen], end[seen], inside[seen].astype(bool)
    leave = end.where(end < until, until)
    return pd.DataFrame({"entry": (start.clip(lower=begin) - start).dt.days - 0.5, "exit": (leave - start).dt.days,
                         "event": end < until, "inside": inside})


def _monthly_gap(values: pd.Series, days: pd.Series, inside: pd.Series, unit: pd.Series, periods) -> Effect:
    """The logarithm of the monthly mean inside over that outside, and the number of customers on the smaller side."""
    means = values.groupby([days.dt.to_period("M"), inside.rename("inside")]).mean().unstack()
    means = means.reindex(columns=[True, False])
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.log(means[True].astype(float)) - np.log(means[False].astype(float))
    counts = [unit[inside == side].nunique() for side in (True, False)]
    return of_months(gap, _after(gap.index, periods), min(counts))


def _members(books: Books, table: str) -> pd.Series:
    """Who meets the profile, by id."""
    ids = books.texts(table, "customer_id" if table == "customers" else "lead_id")
    held = pd.Series(books.tables[table][MEMBER].to_numpy(bool), index=ids.to_numpy())
    return held[~held.index.duplicated() & held.index.notna()]


def _during(days: pd.Series, periods) -> pd.Series:
    return clock.Window(periods.baseline, periods.until).holds(days)


def _after(months: pd.Index, periods) -> np.ndarray:
    return np.array([month.start_time >= periods.rollout for month in months], dtype=bool)


def _spans(periods, *, alike: bool = False) -> tuple:
    """The two periods; `alike`: of the time before the roll-out only as much, at its end, as there is after it."""
    first = max(periods.baseline, periods.rollout - (periods.until - periods.rollout)) if alike else periods.baseline
    return (first, periods.rollout), (periods.rollout, periods.until)
