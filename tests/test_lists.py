"""Target lists: whatever stands in the data stays text in every program that opens them; nothing is lost or added."""

import csv
import datetime as dt
import io
import zipfile
from types import SimpleNamespace

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.page import lists, target_lists
from icp_helpers.page.numbers import Words

DAY = dt.date(2026, 6, 30)
HOSTILE = ["=1+1", "=HYPERLINK(\"http://x\")", "+45 11 22", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "http://x.dk", "{=1}", "001", "plain"]


def cells(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_no_cell_of_a_csv_starts_a_formula():
    rows = list(csv.reader(io.StringIO(lists.csv_text(pd.DataFrame({"=head": HOSTILE, "n": -1.5})))))
    assert len(rows) == len(HOSTILE) + 1
    assert not [cell for row in rows for cell in row[:1] if cell.lstrip(" ").startswith(lists.FORMULA)]
    assert [row[1] for row in rows[1:]] == ["-1.5"] * len(HOSTILE)  # a number is no formula
    assert [row[0].removeprefix("'") for row in rows[1:]] == HOSTILE


def test_no_cell_of_a_workbook_is_a_formula_or_a_link():
    content = lists.workbook(pd.DataFrame({"text": HOSTILE, "n": range(len(HOSTILE))}), DAY)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "hyperlink" not in sheet
    assert [row[0] for row in cells(content)[1:]] == HOSTILE and cells(content)[1][1] == 0


def test_a_workbook_of_libraries_defaults_would_run_them(monkeypatch):
    """The options are what keeps the cells dead: without them, and with the ordinary call, a formula stands there."""
    monkeypatch.setattr(lists, "PLAIN", {"in_memory": True})
    monkeypatch.setattr(lists, "_write", lambda sheet, row, place, value: sheet.write(row, place, value))
    with zipfile.ZipFile(io.BytesIO(lists.workbook(pd.DataFrame({"text": HOSTILE}), DAY))) as packed:
        assert "<f>" in packed.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("frame", [pd.DataFrame({"id": pd.Series(dtype="str")}), pd.DataFrame()], ids=["no rows", "no columns"])
def test_an_empty_list_is_written_and_replaces_the_old_one(tmp_path, frame):
    lists.write_lists(tmp_path / "lists", {"call_list": pd.DataFrame({"id": ["old"]}), "held_out": frame}, headers={}, as_of=DAY)
    paths = lists.write_lists(tmp_path / "lists", {"call_list": frame}, headers={"id": "Nr."}, as_of=DAY)
    assert sorted(path.name for path in (tmp_path / "lists").iterdir()) == sorted(path.name for path in paths)
    assert "old" not in (tmp_path / "lists" / "call_list.csv").read_text(encoding="utf-8-sig")


def test_the_same_list_is_the_same_bytes():
    frame = pd.DataFrame({"id": ["a", None], "fit": [0.5, float("nan")], "items": [["x", "=y"], None], "yes": [True, False],
                          "day": [pd.Timestamp("2026-01-01"), pd.NaT], "rank": pd.Series([1, pd.NA], dtype="Int64")})
    assert lists.workbook(frame, DAY) == lists.workbook(frame, DAY)
    row = cells(lists.workbook(frame, DAY))[1]
    assert row[:4] == ["a", 0.5, "x|=y", True] and row[5] == 1


@pytest.mark.parametrize(("reason", "told"), [
    ("+ employees at least 70", "employees at least 70"), ("- employees at most 9", "employees at most 9 (against)"),
    ("+ channels has google", "channels used include google"), ("+ size of firm 10–50", "size of firm about 10–50"),
    ("+ exports True", "exports: yes"), ("+ industry food – and drink", "industry is food – and drink"), ("", "")])
def test_reasons_are_told_in_the_readers_words(reason, told):
    columns = ["employees", "channels", "size", "size of firm", "exports", "industry"]
    assert lists.reason_in_words(reason, columns, Words("en"), "against").casefold() == told


def test_groups_go_to_their_own_files_and_whoever_may_not_be_called_to_none_of_them():
    page = SimpleNamespace(words=Words("en"), label=lambda text: text)
    scores = pd.DataFrame({"kind": "lead", "id": list("abcd"), "rank": [1, 2, None, 3], "fit_score": 0.5, "tier": "A", "profile": "",
                           "reasons": "", "contact": ["", "", "opted out", ""], "arm": ["campaign", "held out", "", ""]})
    icp = SimpleNamespace(profiles=(), negative_profiles=())
    made = target_lists.target_lists(page, scores, icp, [])
    assert {name: list(frame["id"]) for name, frame in made.items()} == {"call_list": ["a"], "held_out": ["b"], "left_out": ["c"]}


def test_a_profile_as_sql_selects_the_rows_that_it_selects_here(tmp_path):
    import duckdb

    frame = pd.DataFrame({"industry": ["it", "food", None, "it"], "employees": [5.0, 20.0, 20.0, 30.0]})
    criteria = (Criterion("industry", "in", ["it"]), Criterion("employees", ">=", 10))
    lists.write_sql(tmp_path / "p.sql", [SimpleNamespace(id="p1", name="it;\nDROP TABLE x", criteria=criteria)])
    text = (tmp_path / "p.sql").read_text(encoding="utf-8")
    assert text.splitlines()[0].startswith("-- p1") and "DROP" in text.splitlines()[0]
    found = duckdb.sql(f"SELECT employees FROM frame WHERE {text}").fetchall()
    assert found == [(30.0,)] and len(frame) == 4
