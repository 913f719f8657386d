"""What failed is told in the reader's language: made from the errors that the tables' room really raises."""

import re

import pytest
from report_worlds import make_market, make_report
from test_locale import english_left

from icp_helpers.page import errors_told
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
