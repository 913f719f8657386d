"""What the tables say about rows and columns is told in the reader's language, for data that are wrong in every way."""

import re

import pandas as pd
import pytest

from icp_helpers.page.numbers import Words
from icp_helpers.page.phrases import PHRASES, tell
from icp_helpers.tables.market import load_market
from icp_helpers.tables.store import Unit

MARKET = """name: Rod
kind: b2b
language: da
as_of: 2026-06-30
tables: {customers: customers.csv, orders: orders.csv, surveys: surveys.csv}
segments: {north: "region = 'Nord'"}
"""
ORDERS = [("o1", "c1", "2026-01-02", "100"), ("o2", "", "2026-01-03", "50"), ("o3", "c1", "1901-01-01", "50"),
          ("o4", "c9", "2026-02-01", "70"), ("o5", "c2", "2027-01-01", "10"), ("o6", "c2", "2026-03-01", ""),
          ("o1", "c1", "2026-01-02", "100")]
SURVEYS = [("c1", "2026-01-01", "nps", "9", "10"), ("c1", "2026-01-01", "smiley", "9", "10"), ("c2", "2026-01-02", "csat", "-4", "5")]


@pytest.fixture(scope="module")
def checks(tmp_path_factory) -> list[str]:
    data = tmp_path_factory.mktemp("data")
    folder = data / "markets" / "rod"
    folder.mkdir(parents=True)
    (folder / "market.yml").write_text(MARKET)
    customers = pd.DataFrame({"customer_id": ["c1", "c2", "c3"], "region": ["Nord", "Syd", None], "kunde_id": ["1", "2", "3"]})
    customers.to_csv(folder / "customers.csv", index=False)
    pd.DataFrame(ORDERS, columns=["order_id", "customer_id", "ordered_at", "amount"]).to_csv(folder / "orders.csv", index=False)
    pd.DataFrame(SURVEYS, columns=["customer_id", "asked_on", "kind", "score", "scale_max"]).to_csv(folder / "surveys.csv", index=False)
    with pytest.MonkeyPatch.context() as patch:
        said = []
        for segment in ("all", "north"):
            patch.setenv("ICP_STAGE", str(data / segment))
            unit = Unit(load_market("rod", data=data), segment)
            said += unit.clean().frame["check"].tolist()
            said += unit.traits(unit.frame("customers")).left["why"].tolist()
    return sorted(set(said))


def test_every_reason_has_its_danish(checks):
    """The same facts in other words: no reason is left as the tables' room wrote it."""
    left = [reason for reason in checks if Words("da").format_field(reason, "text") == reason]
    assert len(checks) > 10 and not left


def test_columns_are_named_as_the_reader_knows_them():
    words = Words("da")
    assert words.format_field("set aside: ordered_at is empty", "text") == f"sat til side: {words.name('ordered_at')} er tom"
    assert Words("en").format_field("it is a date", "text") == "it is a date"


def test_what_is_no_phrase_stays_as_it_is():
    assert tell("{column} & <b>", str, str) == "{column} & <b>"
    assert tell("Æbler og pærer", str, str) == "Æbler og pærer"


def test_each_phrase_reads_itself():
    for phrase in PHRASES:
        text = re.sub(r"\{(\w+)\}", "region", phrase)
        assert tell(text, str, str) == text, phrase
