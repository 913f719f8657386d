"""All ten KPIs of a market, for everyone and level by level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd

from icp_helpers.analysis.kpis import funnel, orders, retention, spend, surveys, timing, value
from icp_helpers.analysis.kpis.books import Books
from icp_helpers.analysis.kpis.orders import NoRateError
from icp_helpers.analysis.kpis.registry import DETAILS, KPIS, Kpi
from icp_helpers.analysis.kpis.rows import ALL, SHOWN, Reading, row, table

FORMULAS: dict[str, Callable[[Books], dict[str, Reading]]] = {
    "conversion_rate": funnel.conversion_rate, "nps": surveys.nps, "churn": retention.churn, "aov": orders.aov,
    "cx": surveys.cx, "time_to_value": timing.time_to_value, "cost_per_lead": spend.cost_per_lead, "ltv": value.ltv,
    "lead_to_mql": funnel.lead_to_mql, "mql_to_sql": funnel.mql_to_sql,
}
DETAIL_FORMULAS: dict[str, Callable[[Books], dict[str, Reading]]] = {
    "conversion_tempo": funnel.conversion_tempo, "mql_skipped": funnel.mql_skipped,
    "nps_of_those_who_left": surveys.nps_of_those_who_left, "churn_revenue": retention.churn_revenue,
    "aov_median": orders.aov_median, "aov_top_order": orders.top_order,
    "cx_support": partial(surveys.satisfied, driver="support"),
    "cx_communication": partial(surveys.satisfied, driver="communication"),
    "cx_usability": partial(surveys.satisfied, driver="usability"), "cx_effort": surveys.effort,
    "cx_first_response": partial(timing.response_hours, until="first_response_at"),
    "cx_resolution": partial(timing.response_hours, until="closed_at"),
    "ttv_p90": partial(timing.value_quantile, share=0.9), "ttv_within_30": partial(timing.value_within, days=30),
    "ttv_within_90": partial(timing.value_within, days=90), "cost_per_mql": partial(spend.cost_per, step="mql_on"),
    "cost_per_win": partial(spend.cost_per, step="won_on"), "leads_without_spend": spend.leads_without_spend,
    "ltv_to_date": value.ltv_to_date, "ltv_cases": value.cost_to_serve, "ltv_referred": value.referred_margin,
}


def compute_kpis(tables, market, *, by: str | None = None, kpis: Sequence[str] = tuple(KPIS)) -> pd.DataFrame:
    """The ten KPIs, a row each for `all` and, with `by`, one for each level of that column of customers or leads.

    `tables` maps table names to frames with the canonical columns; absent ones are not supplied. `market` needs
    kind, as_of, currency, timezone, economics (margin_rate, discount_rate, horizon_months), value_event, seed.

    Columns: kpi, level, value, unit, n, numerator, denominator, low, high (95 %), window (first day/last day), status,
    readable_on, set_aside (rows that could not be used), note. Shares are 0-1, NPS -100 to 100, the rest in `unit`.
    Which status carries a value is said in `rows`. `kpis` leaves the others out. Raises ParameterError when no table has the column `by`.
    """
    return kpi_rows(Books(tables, market, by), kpis)


def kpi_rows(books: Books, kpis: Sequence[str] = tuple(KPIS)) -> pd.DataFrame:
    """The rows of `compute_kpis` from books that are open already."""
    return table(line for id in kpis for line in _lines(books, id, KPIS[id], FORMULAS[id]))


def kpi_details(tables, market, *, by: str | None = None) -> pd.DataFrame:
    """What stands behind and beside the ten KPIs (registry.DETAILS), in the same columns: medians, sub-scores, costs
    further down the funnel, revenue churn. Details of a KPI that is not supplied are left out."""
    books = Books(tables, market, by)
    found = []
    for id, formula in DETAIL_FORMULAS.items():
        kpi = KPIS[DETAILS[id][0]]
        if _missing(books, kpi) is None:
            found += _lines(books, id, kpi, formula)
    return table(found)


def _lines(books: Books, id: str, kpi: Kpi, formula: Callable) -> list[dict]:
    """The rows of one KPI: its readings, or for every level that and why it is not supplied."""
    missing = _missing(books, kpi)
    unit = (kpi.unit if id in KPIS else DETAILS[id][2]).format(
        currency=books.market.currency, horizon=books.market.economics.horizon_months)
    try:
        readings = {ALL: Reading(short="not_supplied", note=missing)} if missing else formula(books)
    except NoRateError as lacking:
        readings = {ALL: Reading(short="not_supplied", note=f"no dated rate for {lacking}")}
    if id in KPIS:
        unknown = readings[ALL] if readings[ALL].short not in (None, *SHOWN) else Reading(
            short="not_supplied", note="the column is not known for these rows")
        readings |= {level: unknown for level in books.levels if level not in readings}
    return [row(id, level, unit, reading, kpi.minimum) for level, reading in readings.items()]


def _missing(books: Books, kpi: Kpi) -> str | None:
    """What a KPI lacks, in the words of the dictionary; None where one of its two ways is at hand."""
    lacking = [_lacks(books, needs) for needs in (kpi.needs, kpi.or_needs) if needs is not None]
    return None if any(not lack for lack in lacking) else ", or ".join(lacking)


def _lacks(books: Books, needs: dict[str, tuple[str, ...]]) -> str:
    return ", ".join(
        table if table not in books.tables else " and ".join(f"{table}.{c}" for c in columns if not books.has(table, c))
        for table, columns in needs.items() if not books.has(table, *columns))
