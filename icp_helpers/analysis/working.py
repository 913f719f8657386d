"""Is it working? What changed for the profile after it was put to use, beyond what changed for everybody else.

Ten measures for three questions (sales, loyalty, service), each before against after the roll-out and inside the profile
against outside. The profile must have been defined on the time before the first month that is compared: one chosen by
these very months would fall back in the later ones by itself (regression to the mean). It is judged at the end of each
quarter after the roll-out, and each such look costs its part of the 5 %.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from icp_helpers.analysis import working_reads as reads
from icp_helpers.analysis.first_profile import LEVEL, POWER, leads_needed
from icp_helpers.analysis.kpis.books import Books
from icp_helpers.analysis.kpis.comparison import adjusted
from icp_helpers.analysis.kpis.orders import NoRateError
from icp_helpers.analysis.working_cells import CELLS, Effect

PER_LOOK = 1.5  # p is multiplied by this at each look so far: that keeps five years of looks within 5 % (as Lan and DeMets, 1983, spend it)
MOST_BASELINE, QUARTER = 6, 3  # months; the more goes into the comparison, the less is left to define the profile on
# measure -> (question, scale of the change, whether more or less is better, how it is read). Lifetime value shows itself
# years later: what it is made of, sales a month and churn, is read in its place.
MEASURES = {
    "sales": ("sales", "times", "up", reads.sales),
    "aov": ("sales", "times", "up", reads.order_value),
    "conversion_rate": ("sales", "points", "up", reads.conversion),
    "lead_to_mql": ("sales", "points", "up", reads.to_mql),
    "mql_to_sql": ("sales", "points", "up", reads.to_sql),
    "cost_per_lead": ("sales", "times", "down", reads.lead_cost),
    "churn": ("loyalty", "times", "down", reads.losses),
    "nps": ("loyalty", "points", "up", reads.promoters),
    "cx": ("service", "points", "up", reads.satisfied),
    "time_to_value": ("service", "times", "up", reads.first_value),
}
QUESTIONS = ("sales", "loyalty", "service")
COLUMNS = ["measure", "question", "scale", "better", "change", "low", "high", "n", "p", "p_adjusted", "status", *CELLS]


@dataclass(frozen=True)
class Periods:
    """What is compared: the months from `baseline` up to `rollout`, and from it up to `until` (first days, each the day
    after the last one before it). `looks`: quarters since the roll-out that are over; `readable_on`: end of the first."""

    baseline: pd.Timestamp
    rollout: pd.Timestamp
    until: pd.Timestamp
    looks: int
    readable_on: dt.date

    @property
    def defined_on(self) -> dt.date:
        """The last day that may go into the definition of the profile."""
        return (self.baseline - pd.Timedelta(days=1)).date()


def compared_periods(market, first_day) -> Periods | None:
    """The periods of a market whose data begin on `first_day`: up to half a year before the roll-out, and at most the later
    half of the time before it. None where no roll-out is dated, or nothing lies before it."""
    started = market.rollout.started_on if market.rollout else None
    if started is None or first_day is None or pd.isna(first_day):
        return None
    rollout = pd.Timestamp(started)
    end = pd.Timestamp(market.as_of) + pd.Timedelta(days=1)
    history = _whole_months(pd.Timestamp(first_day), rollout)
    if history < 2 * QUARTER or rollout >= end:
        return None
    quarters = _whole_months(rollout, end) // QUARTER
    first_look = rollout + pd.DateOffset(months=QUARTER)
    return Periods(rollout - pd.DateOffset(months=min(MOST_BASELINE, history // 2)), rollout,
                   rollout + pd.DateOffset(months=QUARTER * quarters), quarters, (first_look - pd.Timedelta(days=1)).date())


def is_it_working(tables, market, customers_inside, leads_inside, periods: Periods) -> pd.DataFrame:
    """A row a measure: question, scale (`times`: 1 is no change; `points`: 0 is), better (up or down), change with 95 %
    limits, n (of the smallest of the four cells), p, p_adjusted (Holm over all that could be tested, times PER_LOOK a look),
    status: better | worse | unchanged | too_few | not_supplied; and the four cells where the measure is a share.

    `tables` and `market` as for `compute_kpis`; `customers_inside` and `leads_inside` are boolean, one for each row of
    `tables["customers"]` and `tables["leads"]` (empty where there is no such table).
    """
    marked = dict(tables)
    for name, inside in (("customers", customers_inside), ("leads", leads_inside)):
        if name in marked:
            known = len(inside) == len(marked[name]) and len(inside) > 0
            marked[name] = marked[name].assign(**{reads.MEMBER: np.asarray(inside, bool)}) if known else marked[name]
    books = Books(marked, market)
    rows = [_row(measure, _read(read, books, periods)) for measure, (*_, read) in MEASURES.items()]
    frame = adjusted(pd.DataFrame(rows))
    frame["p_adjusted"] = (frame["p_adjusted"] * PER_LOOK * max(periods.looks, 1)).clip(upper=1)
    frame["status"] = [_status(row) for row in frame.to_dict("records")]
    return frame[COLUMNS]


def answer(statuses: pd.Series) -> str:
    """The answer to one question from the statuses of its measures: up | down | unclear | too_few | not_supplied.

    One clear change is enough, for all ten are paid for together; clear changes both ways are no answer."""
    seen = set(statuses)
    if {"better", "worse"} <= seen or "unchanged" in seen and not seen & {"better", "worse"}:
        return "unclear"
    return next((word for status, word in (("better", "up"), ("worse", "down"), ("too_few", "too_few")) if status in seen), "not_supplied")


def smallest_provable(conversion: float, inside: int, outside: int) -> float | None:
    """The smallest lift of a conversion rate that so many leads on either side would show in 80 % of all cases, tested
    two-sided at 5 %; None where not even certainty would be shown."""
    if min(inside, outside) < 1 or not 0 < conversion < 1:
        return None
    for lift in np.arange(1.01, 1 / conversion, 0.01):
        better = conversion * lift
        spread = np.sqrt(better * (1 - better) / inside + conversion * (1 - conversion) / outside)
        if better - conversion >= (norm.isf(LEVEL / 2) + norm.isf(1 - POWER)) * spread:
            return float(lift)
    return None


def what_it_takes(leads: pd.DataFrame, leads_inside, market, lift: float = 1.2) -> dict | None:
    """What a firm of this size can hope to prove, before a roll-out: `conversion` of the leads outside, `needed` leads a
    group for a relative `lift`, leads a month inside and outside (`monthly`, `others_monthly`), `months` that takes, and
    the smallest lift that a year's leads would show (`provable`). None without leads on both sides or without a win."""
    inside = np.asarray(leads_inside, dtype=bool)
    if "created_on" not in leads.columns or "won_on" not in leads.columns or len(inside) != len(leads) or not inside.any() or inside.all():
        return None
    created = pd.to_datetime(leads["created_on"])
    conversion = float(leads.loc[~inside, "won_on"].notna().mean())
    span = max(1.0, (pd.Timestamp(market.as_of) - created.min()).days / (365.25 / 12))
    monthly, others = float(inside.sum() / span), float((~inside).sum() / span)
    if not 0 < conversion < 1 / lift:
        return None
    needed = leads_needed(conversion, lift)
    return {"conversion": conversion, "needed": needed, "monthly": monthly, "others_monthly": others, "lift": lift,
            "months": needed / min(monthly, others), "provable": smallest_provable(conversion, int(12 * monthly), int(12 * others))}


def _read(read, books: Books, periods: Periods) -> Effect | None:
    try:
        return read(books, periods)
    except NoRateError:  # amounts in a currency without a rate are not added up: that is as if they were not supplied
        return None


def _row(measure: str, effect: Effect | None) -> dict:
    question, scale, better, _read = MEASURES[measure]
    row = {"measure": measure, "question": question, "scale": scale, "better": better, "supplied": effect is not None}
    effect = effect or Effect(0)
    values = {name: np.nan if getattr(effect, name) is None else getattr(effect, name) for name in ("change", "low", "high", "p")}
    return row | values | {"n": effect.n} | dict(zip(CELLS, effect.cells, strict=True))


def _status(row: dict) -> str:
    if not row["supplied"] or pd.isna(row["p"]):
        return "too_few" if row["supplied"] else "not_supplied"
    if row["p_adjusted"] >= LEVEL:
        return "unchanged"
    rose = row["change"] > (1 if row["scale"] == "times" else 0)
    return "better" if rose == (row["better"] == "up") else "worse"


def _whole_months(start: pd.Timestamp, end: pd.Timestamp) -> int:
    months = (end.year - start.year) * 12 + end.month - start.month
    return max(0, months - (start + pd.DateOffset(months=months) > end))
