"""What failed is told in the reader's language: made from the errors that the tables' room really raises."""

import re
import shutil

import pytest
from report_worlds import STEP, make_market, make_notebook, make_report
from test_locale import english_left

from icp_helpers.batch.cli import main
from icp_helpers.batch.work import failure
from icp_helpers.page import errors_told, report
from icp_helpers.page.errors_told import tell_error
from icp_helpers.page.pages import front_page, unit_page
from icp_helpers.tables.errors import IcpError, TableError
from icp_helpers.tables.store import open_unit

FAULTS = {
    "no file": None, "empty": b"", "binary": b"\x00\x01\x02" * 400, "one name twice": b"customer_id,Name,name\nc1,a,b\n",
    "an open quote": b'customer_id,industry\nc1,"a\nc2,b\n', "CPR": b"customer_id,cpr\n" + b"".join(b"c%d,010190-1234\n" % i for i in range(9)),
    "an id twice": b"customer_id,industry\nc1,a\nc1,b\n",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_with_a_table_is_told_in_danish(tmp_path, monkeypatch, fault):
    folder = tmp_path / "markets" / "fejl"
    folder.mkdir(parents=True)
    folder.joinpath("market.yml").write_text("name: Fejl\nkind: b2b\nas_of: 2026-06-30\ntables: {customers: customers.csv}\n")
    if FAULTS[fault] is not None:
        folder.joinpath("customers.csv").write_bytes(FAULTS[fault])
    monkeypatch.setenv("ICP_DATA", str(tmp_path))
    with pytest.raises(IcpError) as caught:
        open_unit("fejl", "all").clean()
    told = tell_error(str(caught.value), "da")
    assert "i markedet 'fejl'" in told and "Fundet: " in told
    assert not english_left(re.sub(r"'[^']*'|\w+: \w+|\w+\.\w+", " ", told)), told


def test_a_message_keeps_what_was_found_and_where():
    error = TableError("Column 'ansatte' is missing", where="customers.csv of market 'byg'", found="id, branche (to ord). Mere",
                       remedy="Correct columns: customers in market.yml, or put the column back into the file.")
    told = tell_error(f"cell load: {error} As far as it ran: processed/.failed/byg/01.ipynb", "da")
    assert told == ("celle load: Kolonnen 'ansatte' mangler (customers.csv i markedet 'byg'). Fundet: id, branche (to ord). Mere. "
                    "Ret columns: customers i market.yml, eller sæt kolonnen tilbage i filen. Så langt den nåede: processed/.failed/byg/01.ipynb")


@pytest.mark.parametrize("message", ["", "TypeError.", "Something (odd", "x (y). Found: z", "A (b). Found: c. d"])
def test_what_is_not_known_stays_as_it_is_or_in_its_parts(message):
    assert tell_error(message, "en") == message
    assert tell_error(message, "da").replace("Fundet", "Found") == message


def test_a_failed_page_is_in_the_markets_language_and_says_what_to_do(monkeypatch):
    message = "Column 'x' is missing (a.csv of market 'm'). Found: y. Export it again."
    report = make_report(make_market(language="da"), [], None, failure=message)
    for page in (unit_page(report), front_page([report])):
        assert "Drivkræfter fejlede: Kolonnen &#39;x&#39; mangler (a.csv i markedet &#39;m&#39;). Fundet: y. Eksportér den igen." in page
    monkeypatch.setattr(errors_told, "translations", lambda language, domain: {})
    assert "mangler" not in tell_error(message, "da"), "without the catalogue it would stay English"


GOOD = "name: Fejl\nkind: b2b\nlanguage: da\nas_of: 2026-06-30\ntables: {customers: customers.csv}\n"
FILES = {
    "an unknown key": GOOD + "purpse: x\n", "no key": GOOD.replace("kind: b2b\n", ""), "a wrong kind": GOOD.replace("b2b", "b3b"),
    "a number": GOOD + "privacy: {smallest_cell: many}\n", "a date": GOOD.replace("2026-06-30", "soon"), "twice": GOOD + "kind: b2c\n",
    "a secret": GOOD + "connection: postgresql://a:b@c/d\n", "no table": GOOD + "columns: {ordes: {a: b}}\n",
    "SQL": GOOD + "derive: {customers: {size: 'select 1'}}\n",
    "a yes": GOOD + "traits: {size: {sensitive: perhaps}}\n", "no file": GOOD.replace("customers.csv", "customers.docx"),
    "both": GOOD + "ideal: {outcome: bought, weights: {value: 1}}\n", "a list": GOOD + "purpose: [a]\n", "an anchor": GOOD + "a: &x {b: c}\nd: *x\n",
}


@pytest.mark.parametrize("fault", FILES)
def test_what_is_wrong_with_a_danish_market_file_is_told_in_danish_by_every_command(tmp_path, monkeypatch, capsys, fault):
    (tmp_path / "data" / "markets" / "fejl").mkdir(parents=True)
    (tmp_path / "data" / "markets" / "fejl" / "market.yml").write_text(FILES[fault], encoding="utf-8")
    monkeypatch.setenv("ICP_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ICP_REPORTS", str(tmp_path / "reports"))
    for command in (["check", "fejl"], ["audit", "fejl"]):
        assert main(command) == 2
        said = "".join(capsys.readouterr())
        assert "Fundet: " in said and "linje " in said, (command, said)
        sentence = re.sub(r"'[^']*'|`[^`]*`|\"[^\"]*\"|Fundet: .*?\. |^icp \w+:", " ", said)
        assert not english_left(sentence), (command, said)
    assert main(["run", "fejl"]) == 2
    front = (tmp_path / "reports" / "index.html").read_text(encoding="utf-8")
    assert "Fundet: " in front and "Found: " not in front


def test_a_command_is_told_in_english_where_a_market_is_english(tmp_path, monkeypatch, capsys):
    for name, text in (("fejl", GOOD), ("wrong", GOOD.replace("language: da", "language: en"))):
        (tmp_path / "markets" / name).mkdir(parents=True)
        (tmp_path / "markets" / name / "market.yml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("ICP_DATA", str(tmp_path))
    assert main(["run", "nobody"]) == 2 and "Found: " in capsys.readouterr().err, "of both languages, and so of neither alone"
    shutil.rmtree(tmp_path / "markets" / "wrong")
    assert main(["run", "nobody"]) == 2 and "Der er intet marked 'nobody'" in capsys.readouterr().err
    assert main(["run", "fejl", "--steps", "99"]) == 2 and "Der er intet sådant trin" in capsys.readouterr().err
    assert main(["run", "fejl", "--segment", "x"]) == 2 and "Intet marked i denne kørsel" in capsys.readouterr().err
    assert main(["new", "fejl", "--from", str(tmp_path), "--yes"]) == 2 and "findes allerede" in capsys.readouterr().err


def test_a_page_that_is_too_large_fails_with_a_sentence(monkeypatch):
    market = make_market(language="da")
    monkeypatch.setattr(report, "LARGEST_PAGE", 10_000)
    with pytest.raises(IcpError) as caught:
        report.export(make_notebook(market)[0], market=market, step=STEP)
    assert re.fullmatch(r"A page of the report is too large .* \(05_explain_drivers\.html\)\. Found: \d+ bytes, where 10000 are the most\. Shorten .*",
                        failure(caught.value, "nordlys-dk"))
    assert tell_error(str(caught.value), "da").startswith("En side af rapporten er for stor til at blive sendt med e-mail (05")
