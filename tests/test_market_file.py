"""The market file: every key checked, every mistake one sentence with its line, and no secret ever repeated."""

import copy
import datetime as dt

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from icp_helpers.tables import clean, last_days
from icp_helpers.tables.check import check_market
from icp_helpers.tables.clean import clean_market
from icp_helpers.tables.errors import IcpError, MarketFileError, ParameterError
from icp_helpers.tables.market import Ideal, list_markets, load_market
from icp_helpers.tables.market_sql import columns_of, expression_fault
from icp_helpers.tables.store import open_unit

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


DAY = dt.date(2026, 6, 30)
FULL = {  # every key that a market file may have
    "name": "Byg", "kind": "b2b", "language": "da", "currency": "DKK", "timezone": "Europe/Copenhagen", "as_of": DAY, "seed": 1, "value_event": "x",
    "purpose": {"focus": "a", "objective": "b", "hypothesis": "c"}, "rollout": {"started_on": dt.date(2026, 1, 1)}, "privacy": {"smallest_cell": 5},
    "tables": {"customers": "customers.csv", "orders": "orders.csv", "prospects": "prospects.csv"},
    "columns": {"orders": {"sum": "amount"}, "customers": {"list": "likes"}}, "segments": {"it": "industry = 'it'"},
    "derive": {"customers": {"big": "employees > 10"}, "orders": {"refund_of": "CASE WHEN order_id LIKE 'K%' THEN order_id END"}},
    "where": {"orders": "ordered_at > DATE '2025-01-02'"}, "ideal": {"weights": {"value": 0.5, "retention": 0.5}, "share": 0.25},
    "traits": {"industry": {}, "employees": {"unit": "people", "label": "Ansatte"}, "age": {"sensitive": True, "allowed_because": "x"}},
    "economics": {"margin_rate": 0.4, "discount_rate": 0.08, "horizon_months": 36},
}  # fmt: skip
TABLES = {"customers": "customer_id,industry,employees,age,list\n" + "".join(f"c{i},{'byg' if i % 2 else 'it'},{i},{20 + i},a|b\n" for i in range(12)),
          "orders": "order_id,customer_id,ordered_at,sum\n" + "".join(f"o{i},c{i % 12},2025-01-{i + 1:02},{i}.5\n" for i in range(20)),
          "prospects": "prospect_id,industry,employees\np1,it,3\n"}
TYPED = st.sampled_from([None, True, 0, -1, 10**30, 1e308, float("nan"), "", "x", DAY, "30/06/2026", [], {}, [1], [[]], {"a": {"b": 1}}, {1: 2}, {"": ""}, "found", "all",
                         "orders.csv", "/etc/passwd", "a\nb", "æ" * 900, "employees", "employees + 1", "industry = employees"])
WORDS = st.sampled_from(["name", "kind", "tables", "columns", "customers", "orders", "leads", "amount", "customer_id", "weights", "outcome", "known", "segments", "nmae"])


def places(tree, at=()):
    """The path of every key."""
    return [path for key, below in tree.items() for path in ((*at, key), *(places(below, (*at, key)) if isinstance(below, dict) else ()))]


@st.composite
def spoilt(draw):
    """A right market file with one to three keys of another type, at another place, under another name, or one key too many."""
    tree = copy.deepcopy(FULL)
    for _ in range(draw(st.integers(1, 3))):
        if not (paths := places(tree)):
            break
        path, inside = draw(st.sampled_from(paths)), tree
        for key in path[:-1]:
            inside = inside[key]
        change = draw(st.sampled_from(["value", "value", "name", "list", "deeper", "more"]))
        held = inside[path[-1]] if change != "name" else inside.pop(path[-1])
        key = draw(WORDS) if change in ("name", "more") else path[-1]
        inside[key] = {"value": draw(TYPED), "more": draw(TYPED), "name": held, "list": [held], "deeper": {draw(WORDS): held}}[change]
    return tree


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@example(FULL)
@given(spoilt())
def test_any_spoilt_file_is_checked_or_refused_in_four_parts(tmp_path, content):
    refused(tmp_path, content)


@pytest.mark.parametrize("sql", ["cast(industry as integer) > 1", "strptime(industry, '%Y') > DATE '2024-01-01'", "ln(employees - employees) > 1", "1 / 0",
                                 "2::HUGEINT * 9e37::HUGEINT > employees", "format('{}{}', 1) = industry", "employees", "{'a': 1}", "industry"])
def test_an_expression_that_fails_on_a_value_is_told(tmp_path, sql):
    """It can be read, and its types fit; a row of the file does not."""
    said = refused(tmp_path, FULL | {"where": {"customers": sql}})
    assert len(said) == 1 and "where: customers" in said[0] and "customers.csv" in said[0]
    said = refused(tmp_path, FULL | {"derive": {"customers": {"big": sql}}})
    assert not said or (len(said) == 1 and "derive: customers: big" in said[0])
    refused(tmp_path, FULL | {"segments": {"it": sql}})
    for as_of in ({}, {"as_of": None}):
        said = refused(tmp_path, FULL | as_of | {"where": {"orders": "cast(order_id as integer) > 1"}})
        assert len(said) == 1 and "where: orders" in said[0]


def refused(folder, content: dict) -> list[str]:
    """What is said against a market file, and its tables, when it is checked and its segments are cleaned."""
    place = folder / "markets" / "byg"
    place.mkdir(parents=True, exist_ok=True)
    for table, text in TABLES.items():
        (place / f"{table}.csv").write_text(text, encoding="utf-8")
    try:
        market = load(folder, yaml.safe_dump(content, allow_unicode=True))
        faults = check_market(market).faults
        for segment in market.segments if not faults and isinstance(market.segments, dict) else ():
            clean_market(market, segment, folder / "clean")
    except IcpError as error:
        faults = [error]
    for fault in faults:
        assert all((fault.what, fault.where, fault.found, fault.remedy)) and "\n" not in str(fault) and len(str(fault)) < 2_500
    return [str(fault) for fault in faults]


def test_the_last_day_of_a_market_without_as_of_is_looked_for_once(tmp_path, monkeypatch):
    """Every notebook opens the unit; only a changed table or market file makes it look again."""
    monkeypatch.setenv("ICP_DATA", str(tmp_path))
    folder, looked = tmp_path / "markets" / "m", []
    folder.mkdir(parents=True)
    (folder / "market.yml").write_text("name: M\nkind: b2b\ntables: {orders: orders.csv}\n", encoding="utf-8")
    (folder / "orders.csv").write_text("order_id,customer_id,ordered_at,amount\n1,a,2026-01-02,5\n", encoding="utf-8")
    monkeypatch.setattr(clean, "last_day", lambda *given, known=clean.last_day: looked.append(1) or known(*given))
    assert [str(open_unit("m").market.as_of) for _ in range(3)] == ["2026-01-02"] * 3 and len(looked) == 1
    with (folder / "orders.csv").open("a", encoding="utf-8") as file:
        file.write("2,a,2026-02-03,5\n")
    assert str(open_unit("m").market.as_of) == "2026-02-03" and len(looked) == 2
    (tmp_path / "processed" / last_days.FOLDER / "m.json").write_text("[1", encoding="utf-8")
    assert str(open_unit("m").market.as_of) == "2026-02-03" and len(looked) == 3
