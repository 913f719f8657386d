"""The workbook worked by hand, tests/kpis_by_hand.csv: every row's value to 1e-9 and its status to the letter.

`given` holds the tables: `name(columns): row; row / name(columns): row`. A row is its cells with blanks between; `-` is
missing, `?` a new id, `3x` in front repeats it.
"""

import csv
import datetime as dt
import math
import re
from fractions import Fraction
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from icp_helpers.analysis.kpis import STATUSES, compute_kpis, kpi_details
from icp_helpers.analysis.kpis.registry import KPIS
from icp_helpers.analysis.kpis.rows import SHOWN

CASES = list(csv.DictReader((Path(__file__).parent / "kpis_by_hand.csv").open(encoding="utf-8")))
NUMBERS = {"amount", "score", "scale_max", "monthly_amount", "rate"}
IDS = {"leads": "lead_id", "orders": "order_id"}


def tables_of(text: str) -> dict[str, pd.DataFrame]:
    new = count(1)
    found = {}
    for part in filter(None, (piece.strip() for piece in text.split(" / "))):
        name, columns, body = re.fullmatch(r"(\w+)\(([^)]*)\):\s*(.*)", part).groups()
        rows = []
        for line in filter(None, (piece.strip() for piece in body.split(";"))):
            times, cells = re.fullmatch(r"(?:(\d+)x )?(.*)", line).groups()
            rows += [[None if c == "-" else f"new {next(new)}" if c == "?" else c for c in cells.split()] for _ in range(int(times or 1))]
        frame = pd.DataFrame(rows, columns=columns.split(","))
        for column in NUMBERS & set(frame.columns):
            frame[column] = pd.to_numeric(frame[column])
        if IDS.get(name) and IDS[name] not in frame:
            frame[IDS[name]] = [f"new {next(new)}" for _ in range(len(frame))]
        if name == "orders" and "customer_id" not in frame:
            frame["customer_id"] = frame["order_id"]
        found[name] = frame
    return found


def market_of(text: str):
    said = dict(pair.split("=") for pair in text.split())
    rates = {"margin_rate": 0.4, "discount_rate": 0.08, "horizon_months": 36}
    economics = {key: type(usual)(said[key]) if key in said else usual for key, usual in rates.items()}
    if "ticket_cost" in said:
        economics["ticket_cost"] = float(said["ticket_cost"])
    return SimpleNamespace(kind=said.get("kind", "b2b"), as_of=dt.date.fromisoformat(said.get("as_of", "2026-06-30")),
                           currency="DKK", timezone="Europe/Copenhagen", value_event=said.get("value_event", "export") or None,
                           seed=1, economics=SimpleNamespace(**economics))


@pytest.mark.parametrize("case", CASES, ids=[case["case"].replace(" ", "_") for case in CASES])
def test_worked_by_hand(case):
    compute = compute_kpis if case["kpi"] in KPIS else kpi_details
    rows = compute(tables_of(case["given"]), market_of(case["market"]))
    row = rows[rows["kpi"] == case["kpi"]].iloc[0]
    assert row["status"] == case["status"]
    assert row["n"] == int(case["n"]) and row["set_aside"] == int(case["set_aside"])
    for column in ("value", "numerator", "denominator"):
        if case[column]:
            assert math.isclose(row[column], Fraction(case[column]), rel_tol=1e-9, abs_tol=1e-9), column
        elif column == "value":
            assert pd.isna(row["value"]) and pd.isna(row["low"]) and pd.isna(row["high"])
    if row["status"] == "ok":
        assert row["low"] <= row["value"] <= row["high"]
    assert row["status"] in SHOWN or pd.isna(row["value"])


def test_the_workbook_is_whole():
    assert len(CASES) >= 40 and len({case["case"] for case in CASES}) == len(CASES)
    assert {case["status"] for case in CASES} == set(STATUSES)
    assert set(KPIS) <= {case["kpi"] for case in CASES}
