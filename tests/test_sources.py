"""Excel, Parquet and databases beside csv: the same table from each, and what a driver says is never repeated."""

import datetime as dt
import sqlite3

import pandas as pd
import pytest
import xlsxwriter

from icp_helpers.tables.clean import clean_market
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.market import load_market

ROWS = [("001", "a", dt.datetime(2026, 4, 3, 9, 30), 1234.5), ("002", "b", dt.datetime(2026, 4, 13), -2.5)]
COLUMNS = ["order_id", "customer_id", "ordered_at", "amount"]


def cleaned(folder, tables, more=""):
    market = folder / "markets" / "byg"
    market.mkdir(parents=True, exist_ok=True)
    (market / "market.yml").write_text(f"name: Byg\nkind: b2b\nas_of: 2026-06-30\ntables: {tables}\n{more}", encoding="utf-8")
    quality = clean_market(load_market("byg", data=folder), "all", folder / "clean")
    return quality, pd.read_parquet(folder / "clean" / "orders.parquet")


def holds(orders):
    assert orders.order_id.tolist() == ["001", "002"] and orders.amount.tolist() == [1234.5, -2.5]
    assert orders.ordered_at.tolist() == [row[2] for row in ROWS]


def write_workbook(file):
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("Old").hide()
        sheet = book.add_worksheet("Ordrer 2026")
        sheet.activate()
        sheet.set_first_sheet()
        book.add_worksheet("Noter").write(0, 0, "x")
        sheet.merge_range(0, 0, 0, 3, "Ordrer pr. 30. juni 2026")
        sheet.write_row(2, 0, COLUMNS)
        for place, (order, customer, when, amount) in enumerate(ROWS, start=3):
            sheet.write_row(place, 0, [order, customer])
            sheet.write_datetime(place, 2, when, book.add_format({"num_format": "dd-mm-yyyy hh:mm"}))
            sheet.write(place, 3, amount)


@pytest.mark.parametrize("place", ["orders.xlsx", '"orders.xlsx#Ordrer 2026"'])
def test_excel_with_a_title_merged_cells_and_a_hidden_sheet(tmp_path, place):
    (tmp_path / "markets" / "byg").mkdir(parents=True)
    write_workbook(tmp_path / "markets" / "byg" / "orders.xlsx")
    quality, orders = cleaned(tmp_path, f"{{orders: {place}}}")
    holds(orders)
    assert "read from sheet 'Ordrer 2026'; not read: Noter" in quality.reports["orders"].notes


def test_excel_without_that_sheet_names_those_there_are(tmp_path):
    (tmp_path / "markets" / "byg").mkdir(parents=True)
    write_workbook(tmp_path / "markets" / "byg" / "orders.xlsx")
    with pytest.raises(TableError, match="Ordrer 2026, Noter"):
        cleaned(tmp_path, '{orders: "orders.xlsx#Ordre"}')


@pytest.mark.parametrize("name", ["orders.xlsx", "orders.parquet"])
def test_a_damaged_file_is_one_sentence(tmp_path, name):
    (tmp_path / "markets" / "byg").mkdir(parents=True)
    (tmp_path / "markets" / "byg" / name).write_bytes(b"PK\x03\x04 no such thing")
    with pytest.raises(TableError, match=name):
        cleaned(tmp_path, f"{{orders: {name}}}")


def test_parquet_types_are_kept_and_ids_become_text(tmp_path):
    (tmp_path / "markets" / "byg").mkdir(parents=True)
    frame = pd.DataFrame(ROWS, columns=COLUMNS).assign(customer_id=[17850.0, None], ordered_at=lambda t: t.ordered_at.dt.tz_localize("Europe/Copenhagen").dt.tz_convert("UTC"))
    frame.to_parquet(tmp_path / "markets" / "byg" / "orders.parquet")
    quality, orders = cleaned(tmp_path, "{orders: orders.parquet}")
    assert orders.customer_id.tolist() == ["17850"] and orders.ordered_at[0] == ROWS[0][2]
    assert quality.reports["orders"].aside == {"customer_id is empty": 1}


@pytest.fixture
def database(tmp_path, monkeypatch):
    file = tmp_path / "crm.sqlite"
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE ordrer (order_id TEXT, customer_id TEXT, ordered_at TEXT, amount REAL)")
        made.executemany("INSERT INTO ordrer VALUES (?, ?, ?, ?)", [(o, c, w.isoformat(), a) for o, c, w, a in ROWS])
    monkeypatch.setenv("ICP_DB_CRM", f"sqlite://{file}")
    return file


def test_a_table_of_a_connection(tmp_path, database):
    holds(cleaned(tmp_path, "{orders: ordrer}", "connection: crm\n")[1])


def test_a_missing_table_or_database_leaks_nothing(tmp_path, database, monkeypatch):
    with pytest.raises(TableError, match="cannot be read from the database") as caught:
        cleaned(tmp_path, "{orders: order}", "connection: crm\n")
    assert str(database) not in str(caught.value)
    monkeypatch.setenv("ICP_DB_CRM", "postgres://anna:hemmelig@127.0.0.1:1/crm")
    with pytest.raises(TableError) as caught:
        cleaned(tmp_path, "{orders: order}", "connection: crm\n")
    assert "hemmelig" not in str(caught.value) and caught.value.__suppress_context__
    monkeypatch.delenv("ICP_DB_CRM")
    with pytest.raises(TableError, match="no ICP_DB_CRM in the environment"):
        cleaned(tmp_path, "{orders: order}", "connection: crm\n")


READ_AT_A_GLANCE = {
    "turned": ["03-04-2026", "13.4.2026", "31/12/2025 09:30", ""], "either way": ["03-04-2026", "05-06-2026"], "american": ["04/13/2026", "04/03/2026"],
    "two formats": ["13-04-2026", "04-13-2026"], "no day": ["31-02-2026", "01-02-2026"], "comma": ["1,5", "-22,75", "7", ""],
    "thousands": ["1,234", "12,5", "0,25"], "only thousands": ["1,234", "5,678"], "codes": ["007", "1,5"], "late surprise": [*["1,5"] * 400, "1.234,5"],
    "late word": [*["01-02-2026"] * 400, "unknown"],
}


@pytest.mark.parametrize("column", READ_AT_A_GLANCE)
def test_what_is_read_at_a_glance_is_read_as_by_every_test(tmp_path, monkeypatch, column):
    """The first values suggest a format, and one test confirms it: the outcome must be that of all the tests."""
    folder = tmp_path / "markets" / "byg"
    folder.mkdir(parents=True)
    values = READ_AT_A_GLANCE[column]
    for number, ordered in enumerate(("2026-01-02", None)):
        lines = "".join(f"{place};c{place};{ordered or value};{value};{place}\n" for place, value in enumerate(values))
        (folder / f"{number}.csv").write_text(f"order_id;customer_id;ordered_at;{'channel' if ordered else 'note'};amount\n{lines}", encoding="utf-8")
    (folder / "customers.csv").write_text("customer_id;odd\n" + "".join(f"c{place};{value}\n" for place, value in enumerate(values)), encoding="utf-8")

    def outcome():
        made = []
        for orders in ("0.csv", "1.csv"):
            try:
                quality, frame = cleaned(tmp_path, f"{{customers: customers.csv, orders: {orders}}}")
            except TableError as error:
                made.append(str(error))
            else:
                notes = {table: (report.notes, report.aside, report.emptied) for table, report in quality.reports.items()}
                made += [notes, frame, pd.read_parquet(tmp_path / "clean" / "customers.parquet")]
        return made

    quick = outcome()
    monkeypatch.setattr("icp_helpers.tables.counting._likely", lambda _values, _kind: None)
    for one, other in zip(quick, outcome(), strict=True):
        assert one.equals(other) if isinstance(one, pd.DataFrame) else one == other
