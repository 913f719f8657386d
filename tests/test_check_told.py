"""`icp check` prints its page in the market's language: made from data that are wrong in every way, and from the code's own texts."""

import ast
import re
from pathlib import Path

import pytest
from test_locale import english_left
from test_phrases import MARKET, ORDERS, SURVEYS

from icp_helpers.batch.cli import main
from icp_helpers.page import check_told
from icp_helpers.page.check_told import tell_check, tell_text
from icp_helpers.page.messages import GAP, _texts
from icp_helpers.tables import check
from icp_helpers.tables.formats import DATES
from icp_helpers.tables.market import load_market

TABLES = Path(check.__file__).parent
NOTED = ("clean", "csv_files", "excel_files", "readings")  # the modules that note what a reader should know


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    data = tmp_path_factory.mktemp("data")
    folder = data / "markets" / "rod"
    folder.mkdir(parents=True)
    folder.joinpath("market.yml").write_text(MARKET.replace("surveys: surveys.csv", "surveys: surveys.csv, leads: gone.csv, reviews: reviews.csv"))
    folder.joinpath("customers.csv").write_text("customer_id;region;kunde_id;phone\nc1;Nord;1;40506070\nc2;Syd;2;\nc3;;3;\n")
    for table, columns, rows in (("orders", "order_id,customer_id,ordered_at,amount,note", [(*row, "") for row in ORDERS] * 300),
                                 ("surveys", "customer_id,asked_on,kind,score,scale_max", SURVEYS), ("reviews", "at,source,about,text", [("", "web", "own", "x")])):
        folder.joinpath(f"{table}.csv").write_text("\n".join([columns, *map(",".join, rows)]) + "\n")
    return data


def notes() -> list[str]:
    """The texts of the notes in the code, with something in each gap."""
    found = []
    for module in NOTED:
        for node in ast.walk(ast.parse((TABLES / f"{module}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("note", "notes") or isinstance(node, ast.Call) and (
                    getattr(node.func, "attr", "") == "append" and ast.unparse(node.func.value).endswith("notes")):
                found += [text for inner in ast.walk(node) for text in _texts(inner) if inner in (getattr(node, "value", None), *getattr(node, "args", ()))]
    return [GAP.sub("x", text) for text in found if text]


def test_the_page_of_a_danish_market_is_danish(data, monkeypatch, capsys):
    monkeypatch.setenv("ICP_DATA", str(data))
    assert main(["check", "rod"]) == 2
    said = capsys.readouterr().out
    columns = re.sub(r"(?m)^  kolonner .*|\w+_\w+|\w+\.\w+|\b(orders|customers|leads|surveys|reviews)\b|'[^']*'", " ", said)
    assert not english_left(columns) and not re.search(r"\b(rows?|set aside|missing|found|steps?|will|map|names?)\b", columns, re.IGNORECASE), columns
    for text in ("Se på dette først", "rækker er sat til side", "læst som utf-8 med semikolon", "ingen af de", "har noget at sige", "ikke leveret; med"):
        assert text in said
    assert "2.100" in said and "2,100" not in said, "numbers are written as Danes write them"


def test_every_note_and_step_of_the_code_has_its_danish():
    texts = [*notes(), *check.SPEAKS_WITH, *DATES]
    assert len(texts) > 20 and [text for text in texts if tell_text(text, "da") == text] == []


def test_a_condition_that_no_row_meets_is_named_as_the_cause(tmp_path):
    folder = tmp_path / "markets" / "salg"
    folder.mkdir(parents=True)
    folder.joinpath("market.yml").write_text("name: Salg\nkind: b2b\nas_of: 2026-06-30\ntables: {customers: customers.csv}\nwhere: {customers: \"Type = 'Customer'\"}\n")
    folder.joinpath("customers.csv").write_text("customer_id,industry,Type\n1,Byg,\n2,Handel,\n")
    said = tell_check(check.check_market(load_market("salg", data=tmp_path)), "da")
    assert "customers: ingen af de 2 rækker opfylder betingelsen under where:." in said and "rækker kan bruges" not in said


def test_a_text_that_is_not_known_stays_and_a_number_is_written_as_the_reader_writes_it():
    assert tell_text("Kontoret i Århus", "da") == "Kontoret i Århus"
    assert tell_text("of 12,345", "da") == "af 12.345"
    assert tell_text("in 1,234.50, used 1,000.00, set aside 234.50", "da") == "ind 1.234,50, brugt 1.000,00, sat til side 234,50"
    assert tell_text("read from sheet 'A and B'", "da") == "læst fra arket 'A and B'"


def test_without_the_texts_the_page_would_be_english_and_an_english_one_is_the_check_as_text(data, monkeypatch):
    page = check.check_market(load_market("rod", data=data))
    assert tell_check(page, "en") == str(page)
    check_told._patterns.cache_clear()
    monkeypatch.setattr(check_told, "TEXTS", ())
    assert "read as utf-8" in tell_check(page, "da")
    check_told._patterns.cache_clear()
