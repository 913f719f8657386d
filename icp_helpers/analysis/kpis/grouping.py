"""Which level of a trait a customer or a lead belongs to, as text, the same for both."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_helpers.tables.errors import ParameterError

NOT_STATED = "not stated"
OTHER = "other"
MOST_LEVELS = 12  # the rest is folded into OTHER, so that a column of names does not make a thousand comparisons
BANDS = 4
KNOWN_LEADS = 0.95  # share of the leads with a customer, below which a customer's trait says nothing about leads


def level_maps(tables: dict[str, pd.DataFrame], by: str | None) -> tuple[pd.Series | None, pd.Series | None, list[str]]:
    """Level by customer_id, level by lead_id (None: not known for them), and the levels, the largest first.

    Raises ParameterError when neither customers nor leads have the column.
    """
    if by is None:
        return None, None, []
    raw = {name: _column(tables.get(name), key, by) for name, key in (("customers", "customer_id"), ("leads", "lead_id"))}
    if all(column is None for column in raw.values()):
        found = sorted({str(c) for name in raw for c in getattr(tables.get(name), "columns", [])})
        raise ParameterError(f"There is no column '{by}' to split the KPIs by", where="customers and leads",
                             found=", ".join(found) or "neither table", remedy="Use one of the columns found.")
    customers, leads = _through_leads(raw["customers"], raw["leads"], tables.get("leads"))
    present = [column for column in (customers, leads) if column is not None]
    texts = as_levels(pd.concat(present, ignore_index=True))
    sizes = texts[texts != NOT_STATED].value_counts(sort=True)
    kept = sorted(sizes.index, key=lambda level: (-sizes[level], level))
    kept, folded = (kept[:MOST_LEVELS], True) if len(kept) > MOST_LEVELS + 1 else (kept, False)
    texts = texts.where(texts.isin(kept) | (texts == NOT_STATED), OTHER)
    levels = kept + [OTHER] * folded + [NOT_STATED] * bool((texts == NOT_STATED).any())
    parts = iter(np.split(texts.to_numpy(), np.cumsum([len(column) for column in present])[:-1]))
    customers, leads = (None if c is None else pd.Series(next(parts), index=c.index) for c in (customers, leads))
    return customers, leads, levels


def as_levels(values: pd.Series) -> pd.Series:
    """Any column as text levels: numbers in at most nine values as they are, else in bands of equal size."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.map({True: "yes", False: "no"}).astype(object).fillna(NOT_STATED)
    if pd.api.types.is_numeric_dtype(values.dtype):
        return _bands(values) if values.nunique() > 9 else _plain_numbers(values)
    return values.map(_text, na_action="ignore").astype(object).fillna(NOT_STATED)


def as_text(values: pd.Series) -> pd.Series:
    """Ids and names as text, or None. A whole number is written as one, for a gap makes 17 into 17.0 in a file."""
    known = values.where(values.notna(), None).astype(object)
    if values.dtype == "str":  # is text already
        return known
    return known.map(lambda v: f"{v:.0f}" if isinstance(v, float) and v.is_integer() else str(v), na_action="ignore").astype(object)


def _text(value) -> str | None:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, list | tuple | np.ndarray):
        return ", ".join(sorted(str(item) for item in value)) or None
    return str(value).strip() or None


def _plain_numbers(values: pd.Series) -> pd.Series:
    return values.map(lambda v: f"{v:g}", na_action="ignore").astype(object).fillna(NOT_STATED)


def _bands(values: pd.Series) -> pd.Series:
    edges = np.unique([float(f"{q:.2g}") for q in values.quantile(np.arange(1, BANDS) / BANDS)])
    place = np.searchsorted(edges, values.to_numpy(dtype=float, na_value=np.nan), side="right")
    names = [f"under {edges[0]:g}", *(f"{a:g} to {b:g}" for a, b in zip(edges, edges[1:], strict=False)), f"{edges[-1]:g} and over"]
    return pd.Series(np.where(values.isna(), NOT_STATED, np.array(names, dtype=object)[place]), index=values.index)


def _column(frame: pd.DataFrame | None, key: str, by: str) -> pd.Series | None:
    """The column by id; the first row of an id counts."""
    if frame is None or by not in frame.columns or key not in frame.columns:
        return None
    first = frame.dropna(subset=[key]).drop_duplicates(key)
    return pd.Series(first[by].array, index=as_text(first[key]).array)


def _through_leads(customers, leads, lead_table):
    """A trait known for leads alone also describes the customers they became, and the other way only when nearly
    every lead names a customer: were only won leads to have the trait, each level would convert at 100 %."""
    if lead_table is None or "customer_id" not in lead_table.columns or "lead_id" not in lead_table.columns:
        return customers, leads
    pairs = lead_table[["lead_id", "customer_id"]].apply(as_text).drop_duplicates("lead_id")
    named = pairs.dropna()
    if customers is None:
        became = named.drop_duplicates("customer_id")
        customers = pd.Series(leads.reindex(became["lead_id"]).array, index=became["customer_id"].array)
    elif leads is None and len(named) >= KNOWN_LEADS * len(pairs):
        leads = pd.Series(customers.reindex(named["customer_id"]).array, index=named["lead_id"].array)
    return customers, leads
