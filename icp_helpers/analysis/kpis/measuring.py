"""The ten strategic measuring points, and which KPI supports which of them: P primary evidence, S a supporting view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.kpis.books import Books
from icp_helpers.analysis.kpis.comparison import adjusted, beside_market
from icp_helpers.analysis.kpis.compute import kpi_rows
from icp_helpers.analysis.kpis.grouping import as_text
from icp_helpers.analysis.kpis.registry import KPIS


@dataclass(frozen=True)
class Point:
    """One measuring point; `b2b` and `b2c` are the columns of customers or leads that it may be read from."""

    id: str
    name_en: str
    name_da: str
    b2b: tuple[str, ...]
    b2c: tuple[str, ...]


POINTS: dict[str, Point] = {point.id: point for point in (
    Point("industry", "Industry", "Branche", ("industry",), ("occupation", "life_stage")),
    Point("size", "Company size", "Virksomhedsstørrelse", ("employees", "revenue"), ("household_size", "income")),
    Point("geography", "Geography", "Geografi", ("region", "postcode"), ("region", "urbanicity")),
    Point("behaviour", "Buying behaviour", "Købsadfærd", ("sales_channel", "acquisition_channel", "channel"),
          ("delivery", "acquisition_channel", "channel")),
    Point("pains", "Pain points and needs", "Smertepunkter og behov", ("pain", "prefers_hassle_free", "value_deadlines"),
          ("pain", "value_ease_of_use", "value_service")),
    Point("use", "Product use", "Produktanvendelse", ("features_used",), ("features_used",)),
    Point("success", "Customer success", "Kundens succes", ("has_referred",), ("has_referred",)),
    Point("competition", "Market share and competition", "Markedsandel og konkurrence", ("main_competitor",), ("main_competitor",)),
    Point("budget", "Budget and investment", "Budget og investering", ("budget", "marketing_budget", "budget_known"),
          ("budget", "savings", "income")),
    Point("technology", "Technology", "Teknologi", ("technology", "erp_system", "it_maturity"), ("device_system", "first_device")),
)}

# Rows: KPIs; columns: the points in their order. "." is shown on request only.
MATRIX = pd.DataFrame(
    [list(line) for line in ("PPPPS..PSS", "SSS.PSPS.S", "PSSSSPPPSS", "SPSP.S..P.", "..SSPPPS.S",
                             ".S.SSPP..P", "PSPS...SP.", "PPSP.SPSPS", "PPSSP....S", "SP.PS..SPP")],
    index=list(KPIS), columns=list(POINTS))


def by_measuring_point(tables, market, *, grade: str = "P") -> pd.DataFrame:
    """Every cell of the matrix of this grade whose column is at hand, level by level beside the market.

    Columns: point, column, then those of compute_kpis and of `beside_market`, and padjusted: Benjamini-Hochberg over
    all the cells shown, for the eye picks the largest of them.
    """
    tables = with_use_and_success(tables)
    books, found = Books(tables, market), []
    for point in POINTS.values():
        wanted = [kpi for kpi in KPIS if MATRIX.loc[kpi, point.id] == grade]
        column = column_of(point, tables, market)
        if column is None or not wanted:
            continue
        rows = kpi_rows(books.split_by(column), wanted)
        for _, cell in rows.groupby("kpi", sort=False):
            if (cell["level"] != "all").any():
                found.append(beside_market(cell).assign(point=point.id, column=column))
    if not found:
        texts, numbers = ["point", "column", "kpi", "level", "status"], ["value", "n", "gap", "market_value", "pooled", "p", "p_adjusted"]
        return pd.DataFrame({**{c: pd.Series(dtype="str") for c in texts}, **{c: pd.Series(dtype=float) for c in numbers}})
    return adjusted(pd.concat(found, ignore_index=True), method="fdr_bh")


def column_of(point: Point, tables, market) -> str | None:
    """The first of the point's columns that customers or leads have, with at least two values."""
    for column in point.b2b if market.kind == "b2b" else point.b2c:
        for name, key in (("customers", "customer_id"), ("leads", "lead_id")):
            if _has(tables.get(name), key, column) and tables[name][column].astype(str).nunique() > 1:
                return column
    return None


def with_use_and_success(tables) -> dict:
    """The tables, with how many features each customer has used and whether she has referred another, where known."""
    customers = tables.get("customers")
    if not _has(customers, "customer_id"):
        return dict(tables)
    ids, usage, referrals = as_text(customers["customer_id"]), tables.get("usage"), tables.get("referrals")
    if _has(usage, "customer_id", "event") and len(usage) and "features_used" not in customers.columns:
        used = ids.map(usage.groupby(as_text(usage["customer_id"]))["event"].nunique()).fillna(0)
        customers = customers.assign(features_used=np.select([used == 0, used == 1, used <= 3], ["0", "1", "2-3"], "4+"))
    if _has(referrals, "referrer_id") and len(referrals) and "has_referred" not in customers.columns:
        customers = customers.assign(has_referred=np.where(ids.isin(set(as_text(referrals["referrer_id"]))), "yes", "no"))
    return dict(tables) | {"customers": customers}


def _has(table: pd.DataFrame | None, *columns: str) -> bool:
    return table is not None and set(columns) <= set(table.columns)
