"""`icp new`: exports as programs write them become a market file that loads, checks and runs, and nothing is overwritten."""

import csv
import io
import sqlite3
import tempfile
from pathlib import Path

import exported
import pandas as pd
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icp_helpers.batch import commands, doctor
from icp_helpers.batch.cli import main
from icp_helpers.batch.new_market import make_market
from icp_helpers.tables import proposing, recognising, sources
from icp_helpers.tables.check import check_market
from icp_helpers.tables.clean import clean_market
from icp_helpers.tables.errors import ParameterError, TableError
from icp_helpers.tables.market import REPOSITORY, load_market
from icp_helpers.tables.recognising import by_program, exports, fold
from icp_helpers.tables.supplies import Supply, look_at

SHARED = REPOSITORY.parent / "shared" / "data"
EXPORTS = {
    "hubspot": {
        "hubspot-crm-exports-all-companies.csv": """Record ID,Company name,Lifecycle Stage,Industry,Number of Employees,Annual Revenue,Country/Region,Create Date,Last Activity Date
101,Alfa ApS,Customer,Construction,25,1200000,Denmark,2024-01-10 09:12,2026-05-01 10:00
102,Beta A/S,Customer,Retail,8,300000,Denmark,2024-03-02 11:40,2026-04-11 10:00
103,Gamma,Lead,Retail,12,500000,Norway,2025-03-02 11:40,
""",
        "hubspot-crm-exports-all-deals.csv": """Record ID,Deal Name,Deal Stage,Pipeline,Amount,Create Date,Close Date,Associated Company IDs,Closed Lost Reason
1,Alfa 2024,Closed Won,Sales,10000,2024-01-02 10:00,2024-01-20 10:00,101,
2,Beta 2024,Closed Won,Sales,2500.50,2024-02-02 10:00,2024-03-20 10:00,102,
3,Gamma 2025,Closed Lost,Sales,800,2025-03-03 10:00,2025-04-01 10:00,103,Price
4,Alfa 2026,Proposal,Sales,900,2026-03-03 10:00,,101,
"""},
    "salesforce": {
        "accounts.csv": """"Account ID","Account Name","Type","Industry","Employees","Annual Revenue","Billing Country","Created Date","Last Activity"
"001A","Alfa","Customer - Direct","Construction","25","1200000","Denmark","13/01/2024","01/05/2026"
"001B","Beta","Prospect","Retail","8","","Denmark","02/03/2024",""
""",
        "opps.csv": """"Opportunity ID","Opportunity Name","Stage","Close Date","Created Date","Amount","Lead Source","Account ID"
"006A","Alfa 1","Closed Won","20/01/2024","02/01/2024","10000","Web","001A"
"006B","Beta 1","Closed Lost","21/04/2024","03/03/2024","900","Phone","001B"
"""},
    "pipedrive": {
        "organizations.csv": """Organization - ID,Organization - Name,Organization - Industry,Organization - Number of employees,Organization - Won deals,Organization - Organization created
1,Alfa,Construction,25,1,2024-01-10 09:12:00
2,Beta,Retail,8,0,2024-03-02 11:40:00
""",
        "deals.csv": """Deal - ID,Deal - Title,Deal - Status,Deal - Value,Deal - Currency of Value,Deal - Deal created,Deal - Won time,Deal - Lost time,Deal - Lost reason,Organization - ID
7,Alfa 1,Won,10000,SEK,2024-01-02 10:00:00,2024-01-20 10:00:00,,,1
8,Beta 1,Lost,900,SEK,2024-03-03 10:00:00,,2024-04-21 10:00:00,Price,2
"""},
    "shopify": {
        "orders_export_1.csv": """Name,Email,Financial Status,Paid at,Currency,Subtotal,Total,Lineitem quantity,Lineitem name,Lineitem price,Created at,Refunded Amount,Source
#1001,a@example.com,paid,2026-03-01 10:22:33 +0100,DKK,300,300,1,Mug,100,2026-03-01 10:22:33 +0100,0,web
#1001,a@example.com,,,,,,2,Cup,100,2026-03-01 10:22:33 +0100,,
#1002,b@example.com,partially_refunded,2026-03-02 10:22:33 +0100,DKK,150,150,1,Mug,150,2026-03-02 10:22:33 +0100,50,web
#1003,b@example.com,voided,2026-03-03 10:22:33 +0100,DKK,70,70,1,Mug,70,2026-03-03 10:22:33 +0100,0,web
""",
        "customers_export.csv": """First Name,Last Name,Email,Accepts Email Marketing,Default Address Country Code,Total Spent,Total Orders
Anna,A,a@example.com,yes,DK,300,1
Bo,B,b@example.com,no,SE,100,1
"""},
    "woocommerce": {
        "orders.csv": """order_id,order_number,date,status,order_total,order_currency,billing_email,payment_method
1,1,2026-03-01 10:22:33,completed,300.00,EUR,a@example.com,card
2,2,2026-03-02 10:22:33,refunded,-300.00,EUR,a@example.com,card
3,3,2026-03-02 10:22:33,cancelled,90.00,EUR,b@example.com,card
"""},
    "dansk": {
        "kunder.csv": "Kundenr.;Navn;Branche;Antal ansatte;Kunde siden;Sidste ordre\n001;Å;Byg;25;13-01-2024;01-02-2026\n002;B;Handel;8;02-03-2024;\n",
        "ordrer.csv": "Ordrenr;Kundenr.;Ordredato;Beløb\n1;001;13-03-2026;1.234,50 kr.\nK2;001;14-03-2026;-234,50 kr.\n3;002;15-03-2026;99,00 kr.\n"},
}
EXPECTED = {  # tables, kind, language, currency, money of the orders, customers
    "hubspot": ({"customers", "prospects", "leads", "orders"}, "b2b", "en", "EUR", 12500.50, 2),
    "salesforce": ({"customers", "prospects", "leads", "orders"}, "b2b", "en", "EUR", 10000, 1),
    "pipedrive": ({"customers", "prospects", "leads", "orders"}, "b2b", "en", "SEK", 10000, 1),
    "shopify": ({"customers", "orders", "order_lines"}, "b2c", "en", "DKK", 400, 2),
    "woocommerce": ({"orders"}, "b2c", "en", "EUR", 0, 1),
    "dansk": ({"customers", "orders"}, "b2b", "da", "DKK", 1099.0, 2),
}


def write(folder: Path, files: dict) -> Path:
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def checked(name: str, data: Path):
    return check_market(load_market(name, data=data))


def rows_of(check, table: str, item: str = "rows used") -> float:
    found = check.frame[check.frame.part.str.startswith(f"{table} (") & (check.frame["item"] == item)]
    return found.rows.iloc[0]


@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_exports_become_a_market_without_a_question(tmp_path, name):
    said = make_market(name, str(write(tmp_path / "from", EXPORTS[name])), data=tmp_path)
    tables, kind, language, currency, money, customers = EXPECTED[name]
    market = load_market(name, data=tmp_path)
    assert (set(market.tables), market.kind, market.language, market.currency) == (tables, kind, language, currency)
    check = checked(name, tmp_path)
    assert not check.faults, check.faults
    used = check.frame.note[check.frame.part.str.startswith("orders (") & (check.frame["item"] == "money")].iloc[0]
    assert f"used {money:,.2f}" in used and rows_of(check, "customers") == customers
    assert "icp check" in said and market.as_of is not None


WHOLE = {  # with every column of a program's export: tables, kind, language, and columns that are, and are not, known before the purchase
    "hubspot": ({"customers", "prospects", "leads", "orders", "contacts"}, "b2b", "en"),
    "salesforce": ({"customers", "prospects", "leads", "orders"}, "b2b", "en"),
    "salesforce-leads": ({"customers", "prospects", "leads"}, "b2b", "en"),
    "salesforce-loader": ({"customers", "prospects", "leads", "orders"}, "b2b", "en"),
    "salesforce-loader-leads": ({"customers", "prospects", "leads"}, "b2b", "en"),
    "pipedrive": ({"customers", "prospects", "leads", "orders"}, "b2b", "en"),
    "pipedrive-da": ({"customers", "prospects", "leads", "orders"}, "b2b", "da"),
    "shopify": ({"customers", "orders", "order_lines"}, "b2c", "en"),
    "shopify-orders": ({"orders", "order_lines"}, "b2c", "en"),
    "woocommerce": ({"customers", "orders"}, "b2c", "en"),
    "woocommerce-items": ({"order_lines"}, "b2c", "en"),
    "woocommerce-advanced": ({"order_lines"}, "b2c", "en"),
}


def supplied(file: str, text: str) -> Supply:
    """What `look_at` finds in a file, without a file."""
    header, *rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    rows = [row for row in rows if len(row) == len(header)]
    return Supply(file, Path(file).stem, header, {column: [row[place] for row in rows if row[place]] for place, column in enumerate(header)})


@pytest.mark.parametrize("name", WHOLE)
def test_whole_header_rows_are_recognised_with_kind_currency_and_language(name):
    tables, kind, language = WHOLE[name]
    supplies = [supplied(file, text) for file, text in exported.exports()[name].items()]
    taken = recognising.recognise(supplies)
    assert {each.table for each in taken} == tables and all(each.program for each in taken)
    assert proposing.guess_kind(taken).value == kind and proposing.guess_language(supplies).value == language
    leads_alone = "leads" in name or name == "woocommerce-advanced"  # neither names a currency
    assert (proposing.guess_currency(taken, language).value == "DKK") != leads_alone


@pytest.mark.parametrize(("name", "money", "customers", "before"), [
    ("pipedrive-da", sum(1000.5 + 100 * number for number in range(80) if number % 40 % 4), 30, {"industry", "employees", "revenue", "country"}),
    ("woocommerce", sum(250.5 + number - (25 if number % 20 == 2 else 0) for number in range(80) if number % 20 > 1), 40, {"country", "billing_city"}),
    ("woocommerce-items", sum(100.25 + number / 2 if number % 2 == 0 else 200.5 + number for number in range(80) if number % 20), 38, {"billing_city", "billing_country"})])
def test_whole_exports_are_read_to_the_oere(tmp_path, name, money, customers, before):
    """Refunds taken off, an order that stands on several rows once, cancelled ones out."""
    make_market(name, str(write(tmp_path / "from", exported.exports()[name])), data=tmp_path)
    market, check = load_market(name, data=tmp_path), checked(name, tmp_path)
    assert not check.faults and "Look at this first" not in str(check) and rows_of(check, "customers") == customers
    used = check.frame.note[check.frame.part.str.startswith("orders (") & (check.frame["item"] == "money")].iloc[0]
    assert f"used {money:,.2f}" in used
    assert {column for column, trait in market.traits.items() if trait.known == "before"} == before


def test_each_file_is_read_once(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(sources, "stage_csv", lambda file, *rest, known=sources.stage_csv: read.append(file.name) or known(file, *rest))
    make_market("a", str(write(tmp_path / "from", EXPORTS["dansk"])), data=tmp_path)
    assert sorted(read) == ["kunder.csv", "ordrer.csv"]


def test_what_is_known_only_after_the_purchase_is_no_criterion(tmp_path):
    make_market("a", str(write(tmp_path / "from", EXPORTS["dansk"])), data=tmp_path, language="en")
    text = (tmp_path / "markets" / "a" / "market.yml").read_text(encoding="utf-8")
    market = load_market("a", data=tmp_path)
    assert {"industry", "employees"} <= set(market.traits) and "# Navn left out: its name says that it identifies somebody" in text
    assert market.derive["orders"]["refund_of"].startswith("CASE WHEN") and "# LOOK" in text
    make_market("s", str(write(tmp_path / "shop", EXPORTS["shopify"])), data=tmp_path)
    assert {column for column, trait in load_market("s", data=tmp_path).traits.items() if trait.known == "after"} >= {"Total Spent", "Total Orders"}


def test_without_the_word_list_a_leak_would_be_a_trait(tmp_path, monkeypatch):
    content = {"kunder.csv": "Kundenr;Branche;Kunde siden;Antal ordrer\n" + "".join(f"{i};{'Byg' if i % 2 else 'Handel'};2024-01-01;{i}\n" for i in range(30))}
    make_market("a", str(write(tmp_path / "a-from", content)), data=tmp_path)
    assert load_market("a", data=tmp_path).traits["Antal ordrer"].known == "after"
    monkeypatch.setitem(exports(), "after_purchase", [])
    make_market("b", str(tmp_path / "a-from"), data=tmp_path)
    assert load_market("b", data=tmp_path).traits["Antal ordrer"].known == "before"


@pytest.mark.parametrize(("column", "word"), [
    ("Rabatgruppe", "gave it"), ("Kundegruppe", "gave it"), ("SLA", "gave it"), ("Ideal Customer Profile Tier", "gave it"), ("Loyalty programme", "gave it"),
    ("Omsætning i år", "bought"), ("Number of Pageviews", "bought"), ("Number of Associated Deals", "bought"), ("payment_method", "bought"),
    ("Kreditmaksimum", "bought"), ("Account Owner", "serves"), ("Sælger", "serves"),
    ("Branche", ""), ("Årlig omsætning", ""), ("Credit rating", ""), ("Main activity", ""), ("Salgsområde", ""), ("Land", "")])
def test_a_name_says_what_cannot_choose_whom_to_call(column, word):
    why = proposing._why_after(column, column == "Omsætning i år", False)
    assert word in why if word else not why


def test_a_code_in_numbers_is_no_trait_and_one_in_words_is(tmp_path):
    rows = "".join(f"{i};{i % 7 + 1500};{'F' if i % 2 else 'G'};2024-01-01\n" for i in range(40))
    make_market("a", str(write(tmp_path / "from", {"kunder.csv": f"Kundenr;SIC Code;Risk code;Kunde siden\n{rows}"})), data=tmp_path)
    assert set(load_market("a", data=tmp_path).traits) == {"Risk code"}


@pytest.mark.parametrize(("name", "nearest"), [("Æble Firma", "aeble-firma"), ("../x", "x"), ("a\nb", "a-b"), ("Con", None), ("...", None)])
def test_a_name_that_cannot_be_is_shown_as_it_was_written_with_one_that_can(tmp_path, name, nearest):
    with pytest.raises(ParameterError) as caught:
        make_market(name, str(write(tmp_path / "from", EXPORTS["dansk"])), data=tmp_path)
    said = str(caught.value)
    assert (f"such as {nearest}." in said) == bool(nearest) and "\\x" not in said and "\n" not in said


@pytest.mark.parametrize("program", exports()["programs"], ids=lambda program: program["program"])
def test_every_program_is_told_from_the_others(program):
    """Its own headers, in another case and order, are recognised as its and give every required column."""
    headers = [*program["signature"]]
    for says in program["tables"].values():
        spoken = [*says["columns"], *says.get("needs", ())]
        for sql in [*says.get("derive", {}).values(), *([says["where"]] if "where" in says else [])]:
            spoken += recognising.columns_of(sql if isinstance(sql, str) else sql[0])
        headers += [word for word in spoken if fold(word) not in map(fold, headers)]
    taken = by_program(Supply("x.csv", "x", [header.upper() for header in reversed(headers)]))
    assert {each.table for each in taken} == set(program["tables"]) and {each.program for each in taken} == {program["program"]}


def test_sheets_of_a_workbook_are_tables(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "crm.xlsx") as book:
        for title, rows in (("Kunder", [["Kundenr", "Branche", "Oprettet"], ["1", "Byg", "2024-01-01"], ["2", "Handel", "2024-02-01"]]),
                            ("Ordrer", [["Ordrenr", "Kundenr", "Dato", "Beløb"], ["1", "1", "2026-01-01", 10], ["2", "2", "2026-02-01", 20.5]]),
                            ("Noter", [["Husk", "at"], ["ringe", "x"]])):
            sheet = book.add_worksheet(title)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
    said = make_market("x", str(tmp_path / "crm.xlsx"), data=tmp_path, language="en")
    assert load_market("x", data=tmp_path).tables == {"customers": "crm.xlsx#Kunder", "orders": "crm.xlsx#Ordrer"}
    assert "not used: crm.xlsx#Noter" in said and rows_of(checked("x", tmp_path), "orders") == 2


def test_a_database_is_read_by_the_name_of_its_connection(tmp_path, monkeypatch):
    database = tmp_path / "crm.sqlite"
    with sqlite3.connect(database) as connection:
        connection.executescript("""CREATE TABLE clients (client_id TEXT, industry TEXT, created_at TEXT);
            INSERT INTO clients VALUES ('1', 'Byg', '2024-01-01'), ('2', 'Handel', '2024-02-01');
            CREATE TABLE invoices (invoice_no TEXT, client_id TEXT, invoice_date TEXT, total REAL);
            INSERT INTO invoices VALUES ('1', '1', '2026-01-01', 10.5), ('2', '2', '2026-01-05', 5);""")
    monkeypatch.setenv("ICP_DB_CRM", f"sqlite://{database}")
    make_market("x", "crm", data=tmp_path)
    market = load_market("x", data=tmp_path)
    assert market.connection == "crm" and market.tables == {"customers": "clients", "orders": "invoices"}
    assert rows_of(checked("x", tmp_path), "orders") == 2
    monkeypatch.setenv("ICP_DB_WRONG", "postgres://anna:hemmelig@127.0.0.1:1/x")
    with pytest.raises((TableError, ParameterError)) as caught:
        make_market("y", "wrong", data=tmp_path)
    assert "hemmelig" not in str(caught.value) and "anna" not in str(caught.value)


def test_the_doctor_names_missing_files_and_a_database_that_does_not_answer(tmp_path, monkeypatch):
    make_market("a", str(write(tmp_path / "from", EXPORTS["dansk"])), data=tmp_path)
    assert doctor._market(load_market("a", data=tmp_path)).well
    (tmp_path / "markets" / "a" / "ordrer.csv").unlink()
    found = doctor._market(load_market("a", data=tmp_path))
    assert not found.well and "ordrer.csv" in found.found and found.remedy
    folder = tmp_path / "markets" / "b"
    folder.mkdir()
    (folder / "market.yml").write_text("name: B\nkind: b2b\nconnection: far\ntables: {customers: clients}\n", encoding="utf-8")
    monkeypatch.delenv("ICP_DB_FAR", raising=False)
    assert "ICP_DB_FAR" in doctor._market(load_market("b", data=tmp_path)).remedy
    monkeypatch.setenv("ICP_DB_FAR", "postgres://anna:hemmelig@127.0.0.1:1/x")
    said = str(doctor._market(load_market("b", data=tmp_path)))
    assert said.startswith("FAULT") and "hemmelig" not in said and "does not answer" in said


def test_it_asks_where_it_is_unsure_and_takes_the_answer(tmp_path):
    asked = []

    def answer(question, proposal, allowed=()):
        asked.append(question)
        return {"Do you": "b2b", "In which": "USD", "Up to": "2026-02-28"}.get(question[:6].strip() if question[:2] == "Do" else question[:8].strip()
                                                                              if question[:2] == "In" else question[:5], proposal)

    source = write(tmp_path / "from", {"list.csv": "id,colour,result\n1,red,won\n2,blue,lost\n3,red,won\n"})
    make_market("x", str(source), data=tmp_path, ask=answer)
    market = load_market("x", data=tmp_path)
    assert (market.kind, market.currency, str(market.as_of)) == ("b2b", "USD", "2026-02-28") and market.ideal.outcome == "result"
    assert any("list.csv" in question for question in asked) and not any("_" in question.split("(")[0] for question in asked)


def test_it_asks_again_until_the_answer_is_possible_in_the_language_of_the_reader(tmp_path, monkeypatch):
    source = write(tmp_path / "from", {"list.csv": "id,colour,result\n1,red,won\n2,blue,lost\n3,red,won\n"})

    def answered(name, **options):
        asked, answers = [], iter(["customers", "M", "c2c", "B2C", "en", "EUR", "2026-06-30"])
        said = make_market(name, str(source), data=tmp_path, ask=lambda question, _proposal, _allowed=(): asked.append(question) or next(answers), **options)
        return asked, said, (tmp_path / "markets" / name / "market.yml").read_text(encoding="utf-8")

    asked, _said, text = answered("a")
    assert asked[3].startswith("'c2c' is not possible") and load_market("a", data=tmp_path).kind == "b2c" and "# LOOK: " in text
    asked, said, text = answered("b", language="da")
    assert asked[2].startswith("Sælger I til firmaer") and asked[3].startswith("'c2c' er ikke muligt") and "Læs filen, ret det" in said
    assert "# SE HER: " in text and "LOOK" not in text
    for said_by, language in (({"LANG": "da_DK.UTF-8"}, "da"), ({"LANG": "da_DK.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"), ({"LANG": "C.UTF-8"}, None)):
        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.setenv(name, said_by[name]) if name in said_by else None
        assert commands.machine_language() == language


def test_a_list_with_its_own_names_is_scored_and_keeps_them(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ICP_DATA", str(tmp_path))
    profile = {"format": 1, "unit": "m", "version": 1, "as_of": "2026-06-30", "status": "found", "outcome": {"name": "ideal", "customers": 100, "base_rate": 0.2},
               "profiles": [{"id": "p1", "name": "Byg", "criteria": [{"column": "industry", "op": "in", "value": ["Byg"]}, {"column": "By", "op": "in", "value": ["Odense"]}],
                             "customers": 30, "ideal_share": 0.6, "lift": 3.0, "lift_interval": [2.0, 4.0], "p_value": 0.01}]}
    (tmp_path / "icp.yml").write_text(yaml.safe_dump(profile), encoding="utf-8")
    (tmp_path / "liste.csv").write_text("By;Firma;Branche\nOdense;A;Byg\nAarhus;B;Byg\n", encoding="utf-8")
    assert main(["score", str(tmp_path / "liste.csv"), "--profile", str(tmp_path / "icp.yml"), "--out", str(tmp_path / "o.csv")]) == 0
    scored = pd.read_csv(tmp_path / "o.csv")
    assert {"By", "Branche", "Firma", "fit_score", "tier"} <= set(scored) and "industry" not in scored
    assert scored.profile.notna().tolist() == [True, False] and "does not have" not in capsys.readouterr().out
    for wrong in (["score", str(tmp_path), "--out", "o.csv"], ["score", str(tmp_path / "icp.yml"), "--out", "o.csv"],
                  ["score", str(tmp_path / "liste.csv"), "--out", str(tmp_path / "no" / "o.csv")]):
        assert main([*wrong, "--profile", str(tmp_path / "icp.yml")]) == 2 and capsys.readouterr().err.startswith("icp score: The ")
    assert main(["check"]) == 2 and "no market to check" in capsys.readouterr().err


def test_nothing_is_overwritten_and_nothing_is_left_behind(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ICP_DATA", str(tmp_path))
    source = str(write(tmp_path / "from", EXPORTS["dansk"]))
    assert main(["new", "a", "--from", source, "--yes"]) == 0
    before = (tmp_path / "markets" / "a" / "market.yml").read_bytes()
    assert main(["new", "a", "--from", source, "--yes"]) == 2 and "findes allerede" in capsys.readouterr().err  # in Danish, as the market is
    assert (tmp_path / "markets" / "a" / "market.yml").read_bytes() == before
    for wrong in ("nowhere", str(tmp_path / "empty")):
        (tmp_path / "empty").mkdir(exist_ok=True)
        assert main(["new", "b", "--from", wrong, "--yes"]) == 2
        said = capsys.readouterr().err
        assert said.startswith("icp new:") and "Traceback" not in said
    assert sorted(path.name for path in (tmp_path / "markets").iterdir()) == ["a"] and not list(tmp_path.glob(".new-*"))


@pytest.mark.parametrize("content", ["", "x\n", "a,a\n1,2\n", "\x00\x01", "a;b\n1;\"2\n"])
def test_files_that_cannot_be_read_give_one_sentence(tmp_path, content):
    source = write(tmp_path / "from", {"orders.csv": content})
    with pytest.raises(ParameterError, match="orders.csv"):
        make_market("x", str(source), data=tmp_path)
    assert not (tmp_path / "markets" / "x").exists()


def shared(file: str) -> Path:
    if not (SHARED / file).exists():
        pytest.skip(f"{file} does not lie in ../shared/data")
    return SHARED / file


def test_a_real_list_of_deals_needs_no_word_from_a_person(tmp_path):
    make_market("real", str(shared("salvirt_b2b.csv")), data=tmp_path)
    market = load_market("real", data=tmp_path)
    assert set(market.tables) == {"customers"} and market.ideal.outcome == "Status" and market.traits["Seller"].known == "after"
    assert not checked("real", tmp_path).faults
    clean_market(market, "all", tmp_path / "clean")
    assert pd.read_parquet(tmp_path / "clean" / "customers.parquet").Status.sum() == 227


def test_a_real_shop_is_read_to_the_penny(tmp_path):
    lines = pq.read_table(shared("online_retail.parquet")).slice(0, 55_000)  # a tenth, refunds among them
    pq.write_table(lines, tmp_path / "shop.parquet")
    make_market("real", str(tmp_path / "shop.parquet"), data=tmp_path)
    market, check, frame = load_market("real", data=tmp_path), checked("real", tmp_path), lines.to_pandas()
    assert set(market.tables) == {"order_lines"} and "'C%'" in market.derive["orders"]["refund_of"] and list(market.traits) == ["Country"]
    known = frame[frame.CustomerID.notna()]
    assert rows_of(check, "customers") == known.CustomerID.nunique() and rows_of(check, "order_lines") == len(known)
    assert f"used {(known.Quantity * known.UnitPrice).sum():,.2f}" in check.frame.note[check.frame.part.str.startswith("orders (") & (check.frame["item"] == "money")].iloc[0]


ERP = {  # as Danish accounting programs write them: the key is called "Nr." here and "Kundenr." there, the name stands beside it
    "Debitorer.csv": "Nr.;Navn;Branche;Antal ansatte;Kundegruppe;Sælger;Saldo;Oprettet\n"
                     + "".join(f"{1000 + i};Firma {i};{'Byg' if i % 3 else 'Handel'};{i + 1};{'A' if i % 2 else 'B'};AB;{i},50;{i % 28 + 1:02}-01-2024\n" for i in range(40))
                     + "I alt;;;;;;820,00;\n",
    "Bogførte salgsfakturaer.csv": "Nummer;Kunde;Kundenr.;Bogføringsdato;Forfaldsdato;Beløb;Beløb inkl. moms\n"
                                  + "".join(f"F{i};Firma {i % 30};{1000 + i % 30};{i % 28 + 1:02}-03-2026;01-06-2026;1.{i:03},50;1.{i:03},99\n" for i in range(60))}


def test_tables_are_joined_by_the_values_that_both_share(tmp_path, monkeypatch):
    source = write(tmp_path / "from", ERP)
    said = make_market("x", str(source), data=tmp_path, language="en")
    market, check = load_market("x", data=tmp_path), checked("x", tmp_path)
    assert market.columns["customers"]["Nr."] == market.columns["orders"]["Kundenr."] == "customer_id" and market.columns["orders"]["Beløb"] == "amount"
    assert not check.faults and "Look at this first" not in str(check) and rows_of(check, "customers") == 40
    assert "set aside 1: a line that adds up the others" in str(check)
    assert market.traits["Sælger"].known == market.traits["Saldo"].known == "after" if "Sælger" in market.traits else market.traits["Saldo"].known == "after"
    renamed = {name: text.replace("Kundenr.;Bog", "Reference;Bog") for name, text in ERP.items()}  # no word tells it: the values do
    said = make_market("y", str(write(tmp_path / "other", renamed)), data=tmp_path, language="en")
    assert load_market("y", data=tmp_path).columns["orders"]["Reference"] == "customer_id" and "100% of the values in 'Reference'" in said
    monkeypatch.setattr("icp_helpers.batch.new_market.fit_keys", lambda _market, taken, _shelf: taken)
    make_market("z", str(tmp_path / "other"), data=tmp_path)
    assert "60 of 60 rows name a customer that is not in customers" in str(checked("z", tmp_path))


def test_tables_that_do_not_belong_together_are_told(tmp_path):
    apart = {"kunder.csv": ERP["Debitorer.csv"], "fakturaer.csv": ERP["Bogførte salgsfakturaer.csv"].replace(";10", ";99").replace("Firma", "Firm")}
    said = make_market("x", str(write(tmp_path / "from", apart)), data=tmp_path, language="en")
    assert "hardly any of its customers are among the customers" in said and "Look at this first" in str(checked("x", tmp_path))


def test_a_list_with_sums_a_year_says_who_is_ideal(tmp_path):
    content = {"kundeliste.csv": "Kunde;Branche;Oms. 2024;Oms. 2025;Tilfreds (1-5);Kunde siden\n"
                                 + "".join(f"Firma {i};{'Byg' if i % 3 else 'Handel'};{i},00;{i * 10},00;{i % 5 + 1};01-02-2024\n" for i in range(1, 41))}
    said = make_market("x", str(write(tmp_path / "from", content)), data=tmp_path, language="en")
    market = load_market("x", data=tmp_path)
    assert market.ideal.outcome == "best_quarter" and "Oms. 2025" in market.derive["customers"]["best_quarter"] and "best quarter by 'Oms. 2025'" in said
    assert [column for column, trait in market.traits.items() if trait.known == "before"] == ["industry"]
    assert "03 Which customers are ideal: will speak" in str(checked("x", tmp_path))
    no = make_market("y", str(tmp_path / "from"), data=tmp_path, language="en", ask=lambda question, proposal, _allowed=(): "no" if "best quarter" in question else proposal)
    assert "best_quarter" not in no and load_market("y", data=tmp_path).ideal.outcome is None
    nothing = make_market("z", str(write(tmp_path / "bare", {"kunder.csv": "Kundenr;Branche;Oprettet\n1;Byg;2024-01-01\n2;Handel;2024-01-02\n"})), data=tmp_path, language="en")
    assert "nothing says yet who is ideal" in nothing


def test_deals_go_before_contacts_and_the_first_company_owns_a_deal(tmp_path):
    files = dict(EXPORTS["hubspot"])
    files["hubspot-crm-exports-all-companies.csv"] += "".join(f"{200 + i},X {i},Customer,Retail,{i},1000,Denmark,2024-03-02 11:40,2026-04-11 10:00\n" for i in range(20))
    files["all-contacts.csv"] = "Record ID,First Name,Last Name,Email,Lifecycle Stage,Create Date\n1,A,B,a@example.com,Lead,2025-01-01 10:00\n"
    files["hubspot-crm-exports-all-deals.csv"] += "5,Both 2026,Closed Won,Sales,100,2026-02-02 10:00,2026-03-20 10:00,101;102,\n"
    said = make_market("x", str(write(tmp_path / "from", files)), data=tmp_path)
    assert load_market("x", data=tmp_path).tables["leads"] == "hubspot-crm-exports-all-deals.csv" and "all-contacts.csv: it looks like leads" in said
    assert "Look at this first" not in str(checked("x", tmp_path)) and "customer_id is not among the customers" not in str(checked("x", tmp_path)).split("leads (")[0]


@pytest.mark.parametrize("language, warned", [("da", "to personer med samme navn bliver til én kunde"), ("en", "two people of one name are one customer")])
def test_a_shop_whose_export_knows_names_alone_is_told_so_in_the_language_of_the_reader(tmp_path, language, warned):
    rows = "".join(f"2026-0{1 + number % 5}-1{number % 9},{number},completed,Anna {number % 7},returning,Lamp,1,,{90 + number}.0,{90 + number},Direct\n" for number in range(40))
    head = "Date,Order #,Status,Customer,Customer type,Product(s),Items sold,Coupon(s),Net Sales,N. Revenue (formatted),Attribution\n"
    said = make_market("shop", str(write(tmp_path / "from", {"wc-orders.csv": head + rows})), data=tmp_path, language=language)
    assert "WooCommerce" in said and warned in said and warned in (tmp_path / "markets" / "shop" / "market.yml").read_text(encoding="utf-8")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(content=st.binary(max_size=120) | st.lists(st.lists(st.sampled_from(["Nr.", "Navn", "Oms. 2025", "1", "I alt", "", "2,5", "03-04-2026", '"', "Æ", "kr. 5,-"]),
                                                           min_size=1, max_size=4).map(";".join), max_size=6).map(lambda rows: "\n".join(rows).encode()))
def test_any_bytes_are_looked_at_without_a_traceback(tmp_path, content):
    """What follows, the cleaning of what was recognised, is fuzzed in test_bad_data."""
    found = look_at(str(with_bytes(Path(tempfile.mkdtemp(dir=tmp_path)), content)))
    taken = recognising.recognise(found.supplies) or proposing.as_customers(found.supplies)
    assert len(found.supplies) + len(found.unread) == 1 and not any("\n" in why for why in found.unread.values())
    if taken:
        assert proposing.guess_kind(taken).value in ("b2b", "b2c") and len(proposing.guess_currency(taken, "da").value) == 3
        proposing.outcome_of(taken), proposing.refund_mark(taken)


def with_bytes(folder: Path, content: bytes) -> Path:
    file = write(folder / "from", {}) / "a.csv"
    file.write_bytes(content)
    return file
