"""Sample markets as files: the tables in csv, Parquet and xlsx, market.yml, and the truth for the tests."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from icp_helpers.tables.yaml_text import yaml_text

from .making import SampleMarket
from .plans import AS_OF, Plan

PARQUET = {"orders", "order_lines", "leads", "touchpoints", "usage"}
XLSX = {"goals"}
UNITS = {"growth": "percent", "export_share": "percent", "remote_share": "percent", "outsourced_share": "percent",
         "payment_terms": "days", "distance_km": "km", "distance_to_store": "km", "commute_km": "km", "new_lease_days": "days",
         "years_in_business": "years", "years_at_address": "years", "marketing_budget": "money", "savings": "money"}
ALLOWED = {
    "age": "Produkterne er lavet til livsfaser; alder bruges kun samlet, aldrig om den enkelte",
    "income": "Prislejet er en del af tilbuddet; indkomst bruges kun i grove grupper",
}
HEAD = "# A sample market of a made-up company; its tables are made by `icp sample`. Every key is explained in data/README.md.\n"


def write_market(sample: SampleMarket, folder: Path, *, keep_settings: bool = False) -> Path:
    """Write one market into `folder` (made if need be); an edited market.yml stays with `keep_settings`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in sample.tables.items():
        _write_table(_as_kept(name, frame, sample.plan), folder / file_name(name))
    settings = folder / "market.yml"
    if not (keep_settings and settings.exists()):
        settings.write_text(HEAD + _dump(market_settings(sample)), encoding="utf-8")
    (folder / "truth.yml").write_text(_dump(sample.truth), encoding="utf-8")
    return folder


def file_name(table: str) -> str:
    return f"{table}.parquet" if table in PARQUET else f"{table}.xlsx" if table in XLSX else f"{table}.csv"


def market_settings(sample: SampleMarket) -> dict:
    """The content of market.yml, in the order in which a reader wants it."""
    plan = sample.plan
    settings = {
        "name": plan.name, "kind": plan.kind, "language": plan.language, "currency": plan.currency, "timezone": plan.timezone,
        "as_of": pd.Timestamp(AS_OF).date(), "purpose": plan.purpose,
        "tables": {name: file_name(name) for name in sample.tables},
        "columns": {"customers": plan.theirs} if plan.theirs else None,
        "traits": _traits(sample) if plan.labels else None,
        "ideal": {"weights": {"value": 0.3, "retention": 0.25, "satisfaction": 0.2, "referrals": 0.15, "ease": 0.1}, "share": 0.22},
        "segments": plan.segments or None,
        "economics": {"margin_rate": 0.4, "discount_rate": 0.08, "horizon_months": 36},
        "value_event": plan.value_event,
        "rollout": {"started_on": pd.Timestamp(plan.rollout).date()} if plan.rollout else None,
        "seed": sample.seed,
    }
    return {key: value for key, value in settings.items() if value is not None}


def _traits(sample: SampleMarket) -> dict:
    """What the market file says of each trait: its label and unit, what is sensitive, what is known too late."""
    described = {}
    for name in sample.tables["customers"].columns.drop(["customer_id", "acquired_on", "left_on"]):
        said = {"label": sample.plan.labels.get(name), "unit": UNITS.get(name)}
        if name in ALLOWED:
            said.update(sensitive=True, allowed_because=ALLOWED[name])
        if name == "last_invoice":
            said["known"] = "after"
        described[name] = {key: value for key, value in said.items() if value is not None}
    return described


def _as_kept(name: str, frame: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The frame as a CRM would export it: their headings, whole numbers whole, lists in one field."""
    theirs = {ours: heading for heading, ours in plan.theirs.items()} if name == "customers" else {}
    return pd.DataFrame({theirs.get(column, column): _exported(frame[column], column) for column in frame.columns})


def _exported(values: pd.Series, column: str) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values if column.endswith("at") else values.dt.date
    if pd.api.types.is_float_dtype(values) and (values.dropna() % 1 == 0).all() and column not in ("amount", "monthly_amount"):
        return values.astype("Int64")
    if values.map(lambda value: isinstance(value, list)).any():
        return values.map(lambda value: "|".join(value) or None, na_action="ignore").astype(object)
    if values.map(lambda value: isinstance(value, bool)).any():
        return values.map({True: True, False: False}).astype("boolean")
    return values


def _write_table(frame: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffix == ".xlsx":
        with pd.ExcelWriter(path, engine="xlsxwriter", datetime_format="yyyy-mm-dd") as book:
            book.book.set_properties({"created": pd.Timestamp(AS_OF).to_pydatetime()})
            frame.to_excel(book, index=False)
    else:
        flags = frame.select_dtypes("boolean").columns
        frame = frame.assign(**{name: frame[name].map({True: "true", False: "false"}) for name in flags})
        frame.to_csv(path, index=False, date_format="%Y-%m-%d %H:%M", lineterminator="\n")


def _dump(content: dict) -> str:
    return yaml_text(content, width=120)
