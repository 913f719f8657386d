"""The market file: every key checked, every mistake one sentence with its line, and no secret ever repeated."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icp_helpers.tables.errors import IcpError, MarketFileError, ParameterError
from icp_helpers.tables.market import Ideal, list_markets, load_market
from icp_helpers.tables.market_sql import columns_of, expression_fault

MINIMAL = "name: Byg\nkind: b2b\ntables: {customers: customers.csv}\n"


def load(folder, text, name="byg"):
    (folder / "markets" / name).mkdir(parents=True, exist_ok=True)
    content = text if isinstance(text, bytes) else text.encode()
    (folder / "markets" / name / "market.yml").write_bytes(content)
    return load_market(name, data=folder)


def test_every_key_but_three_has_a_default(tmp_path):
    market = load(tmp_path, MINIMAL)
    assert (market.name, market.kind, market.tables) == ("Byg", "b2b", {"customers": "customers.csv"})
    assert market.ideal == Ideal() and market.ideal.weights["value"] == 0.3 and market.traits is None and market.segments == {}
    assert "economics.margin_rate" not in market.given
    assert "economics.margin_rate" in load(tmp_path, MINIMAL + "economics: {margin_rate: 0.3}\n").given


def test_text_stays_text_and_a_date_is_a_date(tmp_path):
    market = load(tmp_path, "name: NO\nkind: b2c\nas_of: 2026-06-30\ntables: {orders: orders.csv}\ncolumns: {orders: {on: order_id, 0800: amount}}\n")
    assert market.name == "NO" and market.as_of == dt.date(2026, 6, 30)
    assert market.columns["orders"] == {"on": "order_id", "0800": "amount"}


def test_weights_are_shares_of_all_five_marks(tmp_path):
    market = load(tmp_path, MINIMAL + "ideal: {weights: {value: 3, retention: 1}}\n")
    assert market.ideal.weights == {"value": 0.75, "retention": 0.25, "satisfaction": 0, "referrals": 0, "ease": 0}


@pytest.mark.parametrize(("added", "said"), [
    ("purpos: {focus: x}", "Did you mean 'purpose'?"),
    ("economics: {margin: 0.4}", "Did you mean 'margin_rate'?"),
    ("kind: b2b", "written twice"),
    ("currency: KRONER", "no currency's code"),
    ("timezone: Copenhagen", "continent and city"),
    ("as_of: 30-06-2026", "Write it as 2026-06-30"),
    ("as_of: 2026-02-30", "Write it as 2026-06-30"),
    ("language: dk", "one of da, en"),
    ("seed: -1", "whole number"),
    ("economics: {margin_rate: 40}", "from -1 to 1"),
    ("ideal: {share: 0.25, outcome: won}", "both an outcome and weights"),
    ("ideal: {weights: {value: 0}}", "weight above 0"),
    ("segments: {Store Kunder: x = 1}", "single hyphens"),
    ("segments: {all: x = 1}", "cannot be called"),
    ("where: {customers: 'x = 1; drop table y'}", "several statements"),
    ("where: {customers: 'x in (select 1)'}", "subquery"),
    ("derive: {customers: {customer_id: \"read_text('/etc/passwd')\"}}", "read_text"),
    ("derive: {customers: {acquired_on: current_date}}", "today's date"),
    ("derive: {orders: {amount: a * b}}", "not among the tables"),
    ("columns: {customers: {a: customer_id, b: customer_id}}", "are mapped to"),
    ("tables2: {}", "Did you mean 'tables'?"),
    ("traits: {age: {sensitive: ja}}", "true or false"),
    ("connection: postgresql://example.org/db", "short name"),
    ("privacy: [1]", "keys and values"),
    ("purpose: &a {focus: *a}", "anchor"),
])
def test_a_mistake_is_one_sentence_with_its_line(tmp_path, added, said):
    with pytest.raises(MarketFileError) as caught:
        load(tmp_path, MINIMAL + added + "\n")
    assert said in str(caught.value)
    assert "market.yml, line" in str(caught.value) and "\n" not in str(caught.value)


def test_line_is_the_line_of_the_key(tmp_path):
    with pytest.raises(MarketFileError, match="line 5"):
        load(tmp_path, MINIMAL + "economics:\n  margin_rate: forty\n")


@pytest.mark.parametrize("line", ["connection: postgresql://anna:hemmelig@db/crm", "# password: hemmelig", "url: mysql://u:hemmelig@h"])
def test_a_secret_is_refused_and_not_repeated(tmp_path, line):
    with pytest.raises(MarketFileError) as caught:
        load(tmp_path, MINIMAL + line + "\n")
    assert "hemmelig" not in str(caught.value) + repr(caught.value) and "secret" in str(caught.value)


def test_unknown_market_names_those_there_are(tmp_path):
    load(tmp_path, MINIMAL)
    assert list_markets(data=tmp_path) == ["byg"]
    with pytest.raises(ParameterError, match="byg"):
        load_market("../byg", data=tmp_path)


@pytest.mark.parametrize("sql", [
    "Quantity * UnitPrice", "CASE WHEN InvoiceNo LIKE 'C%' THEN InvoiceNo END", "lower(trim(x)) IN ('a', 'b')", "x IS NOT NULL AND NOT y",
    "try_cast(replace(x, ',', '.') AS DOUBLE)", '"Faktura nr" || \'x\'', "date_diff('day', a, b) > 30", "list_contains(x, 'a')"])
def test_expressions_over_a_row_are_allowed(sql):
    assert expression_fault(sql) is None


@pytest.mark.parametrize("sql", [
    "select 1", "(select 1)", "sum(x)", "count(*)", "row_number() over ()", "now()", "random()", "uuid()", "getenv('HOME')",
    "current_setting('x')", "query('select 1')", "glob('*')", "parquet_scan('x')", "read_csv('x')", "copy a to 'b'", "attach 'x'",
    "x as y", "*", "columns('a')", "a.b", "$1", "?", "exists(select 1)", "install httpfs", "pg_read_file('x')", "", "'", "a; b"])
def test_whatever_reaches_beyond_the_row_is_refused(sql):
    assert expression_fault(sql)


def test_columns_of_an_expression():
    assert columns_of("CASE WHEN \"Faktura nr\" LIKE 'C%' THEN a + a END") == ["Faktura nr", "a"]


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: (MINIMAL + text).encode("utf-8", "surrogatepass"))))
def test_any_bytes_give_a_market_or_a_sentence(tmp_path_factory, content):
    try:
        load(tmp_path_factory.getbasetemp(), content, name="fuzzed")
    except IcpError as error:
        assert str(error)
