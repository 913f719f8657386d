"""Data as it really comes: for each file the right number, or one sentence with file, what was found and the remedy.

Whatever happens, rows and money in are rows and money used plus what was set aside, and nobody sees a traceback.
"""

import io
import os
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icp_helpers.batch.cli import main
from icp_helpers.tables import formats, market_yaml, settling
from icp_helpers.tables.clean import clean_market
from icp_helpers.tables.errors import IcpError, TableError
from icp_helpers.tables.market import load_market

YML = "name: Test\nkind: b2b\nas_of: 2026-06-30\nlanguage: {language}\ncurrency: DKK\ntables: {{orders: {file}}}\n"
HEAD = "order_id;customer_id;ordered_at;amount\n"
SHEET = [["order_id", "customer_id", "ordered_at", "amount"], ["001", "a", "2026-01-02", 10.5], ["002", "b", "2026-01-03", 20]]


@dataclass(frozen=True)
class Good:
    """A file that is read: rows in and used, money in and used; `orders` says what a column of the result holds."""

    name: str
    content: object  # text, bytes, or a function that gives bytes
    rows: tuple
    money: tuple
    orders: tuple = ()
    file: str = "orders.csv"
    language: str = "da"


@dataclass(frozen=True)
class Bad:
    """A file that cannot be used: what its one sentence must say beside the file's name."""

    name: str
    content: object
    said: str
    file: str = "orders.csv"


def book(rows, *, hidden=False, merged=False, empty=False, password=False) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        if hidden:
            workbook.add_worksheet("Gammel").hide()
        sheet = workbook.add_worksheet("Ordrer")
        if hidden:
            sheet.activate()
            sheet.set_first_sheet()
        top = 0
        if merged:
            sheet.merge_range(0, 0, 0, 3, "Ordrer pr. 30. juni")
            top = 2
        for place, row in enumerate([] if empty else rows):
            sheet.write_row(top + place, 0, row)
    return buffer.getvalue()


def parquet(columns) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer)
    return buffer.getvalue()


def dates(*days) -> str:
    return HEAD + "".join(f"{place};a;{day};10\n" for place, day in enumerate(days, start=1))


DANISH = HEAD + "001;Søren Ågård;03-04-2026;1.234,50\n002;Bjørn;13-04-2026;2,25\n"
GOOD = [
    *[Good(f"encoding {name}", DANISH.encode(name), (2, 2), ("1236.75", "1236.75"), ("customer_id", ["Søren Ågård", "Bjørn"]))
      for name in ("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850")],
    *[Good(f"separator {ord(sign)}", DANISH.replace(";", sign), (2, 2), ("1236.75", "1236.75")) for sign in ("\t", "|")],
    Good("comma separated with quotes", HEAD.replace(";", ",") + '1,"Firma, A/S",2026-01-01,"1,234.50"\n', (1, 1), ("1234.50", "1234.50"),
         ("customer_id", ["Firma, A/S"]), language="en"),
    Good("Excel's sep= line", "sep=;\n" + DANISH, (2, 2), ("1236.75", "1236.75")),
    Good("blank lines before the header", "\n;;;\n" + DANISH, (2, 2), ("1236.75", "1236.75")),
    Good("Windows line ends", DANISH.replace("\n", "\r\n"), (2, 2), ("1236.75", "1236.75")),
    Good("no line end at the end", DANISH.rstrip("\n"), (2, 2), ("1236.75", "1236.75")),
    Good("a line end in a quoted field", HEAD + '1;"a\nb";2026-01-01;5\n', (1, 1), ("5", "5")),
    Good("leading zeros of ids", HEAD + "007;0800;2026-01-01;5\n", (1, 1), ("5", "5"), ("customer_id", ["0800"])),
    Good("NA, None and null are names", HEAD + "1;NA;2026-01-01;5\n2;None;2026-01-01;6\n3;null;2026-01-01;7\n", (3, 3), ("18", "18"),
         ("customer_id", ["NA", "None", "null"])),
    Good("two forms of one letter", HEAD + f"1;{unicodedata.normalize('NFC', 'Ågård')};2026-01-01;5\n2;{unicodedata.normalize('NFD', 'Ågård')} ;2026-01-02;6\n",
         (2, 2), ("11", "11"), ("customer_id", ["Ågård", "Ågård"])),
    Good("decimal comma and thousands", HEAD + "1;a;2026-01-01;1.234.567,89\n2;a;2026-01-01;0,11\n", (2, 2), ("1234568.00", "1234568.00")),
    Good("currency beside the amount", HEAD + "1;a;2026-01-01;kr. 1.234,50\n2;a;2026-01-01;10,00 DKK\n3;a;2026-01-01;5,-\n", (3, 3), ("1249.50", "1249.50")),
    Good("blanks between thousands", HEAD + "1;a;2026-01-01;1\u00a0234,50\n2;a;2026-01-01;2 000,00\n", (2, 2), ("3234.50", "3234.50")),
    Good("the true minus sign", HEAD + "1;a;2026-01-01;10,00\n2;a;2026-01-02;\u22124,00\n", (2, 2), ("6.00", "6.00"), ("amount", [10.0, -4.0])),
    Good("refunds are amounts below zero", HEAD + "1;a;2026-01-01;100\n2;a;2026-01-05;-100\n", (2, 2), ("0", "0")),
    Good("money to the oere over many rows", HEAD + "".join(f"{i};a;2026-01-01;0,10\n" for i in range(1000)), (1000, 1000), ("100.00", "100.00")),
    Good("dates as ISO", dates("2026-04-13"), (1, 1), ("10", "10"), ("ordered_at", ["2026-04-13 00:00"])),
    Good("dates day first", dates("13-04-2026", "03/04/2026"), (2, 2), ("20", "20"), ("ordered_at", ["2026-04-13 00:00", "2026-04-03 00:00"])),
    Good("dates month first", dates("04/13/2026", "04/03/2026"), (2, 2), ("20", "20"), ("ordered_at", ["2026-04-13 00:00", "2026-04-03 00:00"])),
    Good("dates with dots and two digits", dates("13.04.26", "3.4.26"), (2, 2), ("20", "20"), ("ordered_at", ["2026-04-13 00:00", "2026-04-03 00:00"])),
    Good("dates in Danish words", dates("3. marts 2026", "12. maj 2026", "1. okt. 2025"), (3, 3), ("30", "30"),
         ("ordered_at", ["2026-03-03 00:00", "2026-05-12 00:00", "2025-10-01 00:00"])),
    Good("dates in English words", dates("3 Mar 2026", "12-may-2026", "1st October 2025"), (3, 3), ("30", "30"),
         ("ordered_at", ["2026-03-03 00:00", "2026-05-12 00:00", "2025-10-01 00:00"])),
    Good("dates month in words first", dates("March 3, 2026", "May 12 2026"), (2, 2), ("20", "20"), ("ordered_at", ["2026-03-03 00:00", "2026-05-12 00:00"])),
    Good("times with a dot", dates("13-04-2026 10.30", "13-04-2026 kl. 9.05"), (2, 2), ("20", "20"), ("ordered_at", ["2026-04-13 10:30", "2026-04-13 09:05"])),
    Good("times with AM and PM", dates("4/13/2026 12:05 AM", "4/13/2026 12:05 PM", "4/13/2026 1:05:09 p.m."), (3, 3), ("30", "30"),
         ("ordered_at", ["2026-04-13 00:05", "2026-04-13 12:05", "2026-04-13 13:05"])),
    Good("times with a zone", dates("2026-04-12T23:30:00Z", "2026-04-13 09:00:00 +0200"), (2, 2), ("20", "20"), ("ordered_at", ["2026-04-13 01:30", "2026-04-13 09:00"])),
    Good("days that do not exist", dates("13-04-2026", "31-02-2026"), (2, 1), ("20", "10")),
    Good("the year 9999", dates("2026-04-13", "9999-12-31"), (2, 1), ("20", "10")),
    Good("the year 1900 of an empty field", dates("2026-04-13", "1900-01-01"), (2, 1), ("20", "10")),
    Good("dates after as_of", dates("2026-04-13", "2026-07-01"), (2, 1), ("20", "10")),
    Good("short and long rows", HEAD + "1;a;2026-01-01;5\n2;a\n3;a;2026-01-01;5;x;y\n", (3, 1), ("5", "5")),
    Good("empty customers", HEAD + "1;a;2026-01-01;5\n2;;2026-01-01;6\n3;  ;2026-01-01;7\n", (3, 1), ("18", "5")),
    Good("a word among the amounts", HEAD + "1;a;2026-01-01;5\n2;a;2026-01-01;6\n3;a;2026-01-01;ukendt\n", (3, 2), ("11", "11")),
    Good("repeated rows", HEAD + "1;a;2026-01-01;5\n1;a;2026-01-01;5\n", (2, 1), ("10", "5")),
    Good("columns without a name, and many of nothing", HEAD.strip() + ";" * 300 + "\n1;a;2026-01-01;5" + ";" * 300 + "\n", (1, 1), ("5", "5")),
    Good("header alone", HEAD, (0, 0), ("0", "0")),
    Good("a number that is infinite", HEAD + "1;a;2026-01-01;5\n2;a;2026-01-01;1e999\n3;a;2026-01-01;6\n", (3, 2), ("11", "11"), language="en"),
    Good("a number beyond all money", lambda: parquet({"order_id": ["1", "2"], "customer_id": ["a", "b"], "ordered_at": ["2026-01-01", "2026-01-02"],
                                                       "amount": [5.0, 1e300]}), (2, 1), ("5", "5"), file="orders.parquet"),
    Good("Excel", lambda: book(SHEET), (2, 2), ("30.50", "30.50"), ("order_id", ["001", "002"]), file="orders.xlsx"),
    Good("Excel with a merged title", lambda: book(SHEET, merged=True), (2, 2), ("30.50", "30.50"), file="orders.xlsx"),
    Good("Excel with a hidden sheet", lambda: book(SHEET, hidden=True), (2, 2), ("30.50", "30.50"), file="orders.xlsx"),
    Good("parquet with numbers as ids", lambda: parquet({"order_id": [1.0, 2.0], "customer_id": [7, 8], "ordered_at": pd.to_datetime(["2026-01-01", "2026-01-02"]),
                                                         "amount": [1.5, float("nan")]}), (2, 1), ("1.50", "1.50"), ("customer_id", ["7"]), file="orders.parquet"),
]
BAD = [
    Bad("no bytes", b"", "is empty"), Bad("blanks alone", b" \n\n  ", "is empty"), Bad("a picture as csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00" * 9, "not text"),
    Bad("two equal headers", "order_id;Amount;amount\n1;2;3\n", "same name"),
    Bad("a column missing", HEAD.replace("amount", "pris") + "1;a;2026-01-01;5\n", "'amount' is missing"),
    Bad("another separator inside", HEAD.replace(";", "~") + "1~a~2026-01-01~5\n", "are missing"),
    Bad("an unclosed quote", HEAD + '1;"a;2026-01-01;5\n2;b;2026-01-01;6\n', "never closed"),
    Bad("decimal comma and point mixed", HEAD + "1;a;2026-01-01;1,5\n2;a;2026-01-01;2.75\n", "two kinds"),
    Bad("two styles of dates", dates("13-04-2026", "04-13-2026"), "several formats"),
    Bad("dates in words and figures", dates("3. marts 2026", "2026-03-04"), "several formats"),
    Bad("words for dates", dates("i morgen"), "does not hold dates"),
    Bad("words for amounts", HEAD + "1;a;2026-01-01;meget\n", "does not hold numbers"),
    Bad("one id on two orders", HEAD + "1;a;2026-01-01;5\n1;b;2026-01-02;6\n", "same id"),
    Bad("several currencies", HEAD.strip() + ";currency\n1;a;2026-01-01;5;DKK\n2;a;2026-01-01;6;SEK\n", "SEK"),
    Bad("an empty sheet", lambda: book([], empty=True), "is empty", "orders.xlsx"),
    Bad("a csv named xlsx", DANISH, "cannot be read", "orders.xlsx"),
    Bad("half a parquet", lambda: parquet({"order_id": ["1"]})[:40], "cannot be read", "orders.parquet"),
    Bad("a csv named parquet", DANISH, "cannot be read", "orders.parquet"),
]


def supply(folder, case, language="da"):
    content = case.content() if callable(case.content) else case.content
    market = folder / "markets" / "test"
    market.mkdir(parents=True, exist_ok=True)
    (market / case.file).write_bytes(content.encode() if isinstance(content, str) else content)
    (market / "market.yml").write_text(YML.format(file=case.file, language=language), encoding="utf-8")
    return load_market("test", data=folder)


def cleaned(folder, case):
    quality = clean_market(supply(folder, case, case.language), "all", folder / "clean")
    return quality.reports["orders"]


def test_the_corpus_is_large_enough():
    assert len({case.name for case in [*GOOD, *BAD]}) == len(GOOD) + len(BAD) >= 40


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case.name)
def test_the_right_number(tmp_path, case):
    report = cleaned(tmp_path, case)
    assert (report.rows_in, report.rows_used) == case.rows and report.rows_in == report.rows_used + sum(report.aside.values())
    assert (Decimal(str(report.money_in)), Decimal(str(report.money_used))) == tuple(map(Decimal, case.money))
    assert Decimal(str(report.money_in)) == Decimal(str(report.money_used)) + sum(Decimal(str(money)) for money in report.money_aside.values())
    if case.orders:
        column, expected = case.orders
        held = pd.read_parquet(tmp_path / "clean" / "orders.parquet")[column]
        assert (held.dt.strftime("%Y-%m-%d %H:%M") if column == "ordered_at" else held).tolist() == expected


@pytest.mark.parametrize("case", BAD, ids=lambda case: case.name)
def test_one_sentence(tmp_path, case):
    market = supply(tmp_path, case)
    with pytest.raises(TableError) as caught:
        clean_market(market, "all", tmp_path / "clean")
    error = caught.value
    assert case.said in str(error) and case.file in error.where and error.found and error.remedy.endswith(".")
    assert "Traceback" not in str(error) and "\n" not in str(error)


def test_the_command_says_the_same_and_the_other_tables_are_still_checked(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ICP_DATA", str(tmp_path))
    supply(tmp_path, BAD[0])
    folder = tmp_path / "markets" / "test"
    (folder / "customers.csv").write_text("customer_id;branche\n1;Byg\n", encoding="utf-8")
    (folder / "market.yml").write_text(YML.format(file="orders.csv", language="da").replace("{orders", "{customers: customers.csv, orders"), encoding="utf-8")
    assert main(["check", "test"]) == 2
    said = capsys.readouterr()
    assert "Filen er tom" in said.out and "rækker brugt 1" in said.out and not said.err


@pytest.mark.parametrize(("broken", "case"), [
    (lambda m: m.setattr(formats, "BLANKS", ""), "two forms of one letter"),
    (lambda m: m.setattr(settling, "without_repeats", lambda view, *_a, **_k: (view, 0)), "repeated rows"),
    (lambda m: m.setattr(formats, "_NUMBER_OF", {**formats._NUMBER_OF, "okt": 9}), "dates in Danish words"),
    (lambda m: m.setattr(formats, "_ODD", r"(\d{4})( )(x)(y)(z)$"), "times with AM and PM"),
], ids=["blanks kept", "repeats kept", "October is September", "PM not understood"])
def test_a_broken_reader_is_noticed(tmp_path, monkeypatch, broken, case):
    broken(monkeypatch)
    with pytest.raises((AssertionError, TableError)):
        test_the_right_number(tmp_path, next(each for each in GOOD if each.name == case))


def test_half_a_million_columns_of_nothing_are_one_sentence_or_a_table(tmp_path):
    width = 500_000
    case = Bad("wide", ";".join(f"c{place}" for place in range(width)) + "\n", "")
    try:
        report = clean_market(supply(tmp_path, case), "all", tmp_path / "clean").reports["orders"]
    except IcpError as error:
        assert len(str(error)) < 2_000
    else:
        assert report.rows_used == 0


def test_a_reader_who_has_seen_enough_is_no_fault(tmp_path):
    """`icp check | head -1`: no complaint, and the exit code of a closed pipe."""
    supply(tmp_path, GOOD[0])
    code = "import os, sys; from icp_helpers.batch.cli import main; sys.exit(main(['check', 'test']))"
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run([sys.executable, "-c", code], stdout=closed, stderr=subprocess.PIPE, env=os.environ | {"ICP_DATA": str(tmp_path)}, timeout=120)
    assert done.stderr == b"" and done.returncode == 141


ANY_TEXT = st.text(max_size=300)
YAML_LIKE = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.dates(),
                         lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8)
KEYS = st.sampled_from(["name", "kind", "language", "currency", "timezone", "as_of", "purpose", "connection", "tables", "columns", "derive", "where", "traits",
                        "ideal", "segments", "economics", "value_event", "rollout", "privacy", "seed", "nmae"])
EVERY_FIXTURE = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}


def loads_or_says(tmp_path, content: bytes) -> None:
    folder = tmp_path / "markets" / "test"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "market.yml").write_bytes(content)
    try:
        assert load_market("test", data=tmp_path).slug == "test"
    except IcpError as error:
        assert "market.yml" in error.where and error.remedy


@settings(max_examples=100, **EVERY_FIXTURE)
@given(content=st.binary(max_size=200) | ANY_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_as_a_market_file(tmp_path, content):
    loads_or_says(tmp_path, content)


@settings(max_examples=100, **EVERY_FIXTURE)
@given(content=st.dictionaries(KEYS, YAML_LIKE, max_size=6))
def test_any_values_as_a_market_file(tmp_path, content):
    import yaml

    loads_or_says(tmp_path, yaml.safe_dump({"name": "x", "kind": "b2b", "tables": {}} | content, allow_unicode=True).encode("utf-8", "surrogatepass"))


FIELD = st.sampled_from(["", "a", "1", "-1,5", "1.234,50", "2026-01-01", "31-02-2026", "3. marts 2026", "4/13/2026 1:05 PM", '"', "'", ";", "NA", "\u00a0", "Å", "1e5", "𝟙"])


@settings(max_examples=25, **EVERY_FIXTURE)
@given(content=st.lists(st.lists(FIELD | st.text(max_size=6), min_size=3, max_size=5).map(";".join), max_size=8).map(
    lambda rows: (HEAD + "\n".join(rows)).encode("utf-8", "surrogatepass")) | st.binary(max_size=300))
def test_any_bytes_as_a_table(tmp_path, content):
    try:
        report = cleaned(tmp_path, Good("any", content, (), ()))
    except IcpError as error:
        assert "orders.csv" in error.where and error.remedy
        return
    assert report.rows_in == report.rows_used + sum(report.aside.values())
    assert abs(report.money_in - report.money_used - sum(report.money_aside.values())) < 0.005


def test_without_the_guard_a_market_file_could_unfold_into_a_huge_one(tmp_path, monkeypatch):
    lines = ["name: x", "kind: b2b", "tables: {}", "purpose: &a {focus: x}", "economics: *a"]
    loads_or_says(tmp_path, "\n".join(lines).encode())
    monkeypatch.setattr(market_yaml, "LARGEST_FILE", 10)
    with pytest.raises(IcpError, match="too large"):
        load_market("test", data=tmp_path)
