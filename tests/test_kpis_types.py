"""The same tables in other types give the same KPIs; what is no table worth the name gives a status, and never a fault."""

import datetime as dt
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis.kpis import KPIS, compute_kpis
from icp_helpers.analysis.kpis.rows import SHOWN

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from worlds_kpis import market, null_world

TABLES = null_world(np.random.default_rng(1), 40)[0]
QUICK = [kpi for kpi in KPIS if kpi != "ltv"]
MONEY, COPENHAGEN = ("amount", "monthly_amount"), "Europe/Copenhagen"
pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def usual() -> pd.DataFrame:
    return compute_kpis(TABLES, market(), kpis=QUICK)


def dates(change) -> dict:
    """The tables with `change` made to each column of dates."""
    return {name: frame.assign(**{c: change(pd.to_datetime(frame[c])) for c in frame if c.endswith("_on") or c in ("at", "date", "ordered_at")})
            for name, frame in TABLES.items()}


def cells(days: pd.Series, write) -> pd.Series:
    """Days as objects, each written by its place in the column."""
    return pd.Series([None if pd.isna(day) else write(place, day) for place, day in enumerate(days)], dtype=object, index=days.index)


def columns(change, named) -> dict:
    return {name: frame.assign(**{c: change(frame[c]) for c in frame if named(c)}) for name, frame in TABLES.items()}


SAME = {
    "text": lambda: dates(lambda days: days.dt.strftime("%Y-%m-%d")),
    "dates": lambda: dates(lambda days: days.dt.date),
    "periods": lambda: dates(lambda days: days.dt.to_period("D")),
    "noon in UTC": lambda: dates(lambda days: (days + pd.Timedelta(hours=12)).dt.tz_localize("UTC")),
    "some with a zone": lambda: dates(lambda days: cells(days, lambda place, day: day.tz_localize(COPENHAGEN) if place % 2 else day)),
    "several zones": lambda: dates(lambda days: cells(days, lambda place, day: dt.datetime(
        day.year, day.month, day.day, 12, tzinfo=dt.timezone(dt.timedelta(hours=place % 3))))),
    "text with several zones": lambda: dates(lambda days: cells(days, lambda place, day: f"{day:%Y-%m-%d}T12:00:00+0{place % 3}:00")),
    "dates and text": lambda: dates(lambda days: cells(days, lambda place, day: day.date() if place % 2 else f"{day:%Y-%m-%d}")),
    "Arrow": lambda: {name: frame.convert_dtypes(dtype_backend="pyarrow") for name, frame in TABLES.items()},
    "nullable": lambda: {name: frame.convert_dtypes() for name, frame in TABLES.items()},
    "objects": lambda: {name: frame.astype(object) for name, frame in TABLES.items()},
    "categories": lambda: {name: frame.astype("category") for name, frame in TABLES.items()},
    "numbers as text": lambda: columns(lambda values: values.map(repr), MONEY.__contains__),
    "decimals": lambda: columns(lambda values: values.map(lambda v: Decimal(repr(v))), MONEY.__contains__),
    "ids as numbers": lambda: columns(pd.to_numeric, lambda name: name == "customer_id"),
    "columns twice": lambda: {name: pd.concat([frame, frame.iloc[:, :2]], axis=1) for name, frame in TABLES.items()},
    "rows named twice": lambda: {name: frame.set_index([frame.index * 0, frame.index * 0]) for name, frame in TABLES.items()},
}


@pytest.mark.parametrize("kind", SAME)
def test_the_same_data_in_other_types_are_the_same_kpis(kind, usual):
    found = compute_kpis(SAME[kind](), market(), kpis=QUICK)
    pd.testing.assert_frame_equal(found, usual, rtol=1e-12)
    assert usual["status"].isin(SHOWN).all()


NOTHING = {
    "no rows": lambda: {name: frame.iloc[:0] for name, frame in TABLES.items()},
    "no columns": lambda: {name: frame[[]] for name, frame in TABLES.items()},
    "no cells": lambda: {name: frame.assign(**dict.fromkeys(frame)) for name, frame in TABLES.items()},
    "numbers for dates": lambda: dates(lambda days: days.astype("int64")),
    "days without end": lambda: dates(lambda days: pd.Series("9999-12-31", index=days.index)),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_tables_of_nothing_have_no_values(kind):
    found = compute_kpis(NOTHING[kind](), market())
    assert found["value"].isna().all() and found["status"].isin(["no_denominator", "not_supplied", "partial_period"]).all()


def test_amounts_that_cannot_be_summed_are_set_aside():
    orders = TABLES["orders"].assign(amount=lambda frame: frame["amount"].where(frame.index > 0, 1e300))
    row = compute_kpis({"orders": orders}, market(), kpis=["aov"]).iloc[0]
    assert row["status"] == "ok" and row["set_aside"] == 1 and row["value"] < 1e5
