"""Cleaning: rows and money in are rows and money out plus what was set aside, and each fault of a file is one sentence."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icp_helpers.tables import borrowing, settling
from icp_helpers.tables.clean import clean_market
from icp_helpers.tables.errors import IcpError, ParameterError, TableError
from icp_helpers.tables.market import load_market
from icp_helpers.tables.store import open_unit

HEAD = "name: Byg\nkind: b2b\nas_of: 2026-06-30\nlanguage: da\n"
ORDERS = "order_id;customer_id;ordered_at;amount\n"


class World:
    """A market of files in a temporary folder."""

    def __init__(self, folder):
        self.folder = folder / "markets" / "byg"
        self.folder.mkdir(parents=True, exist_ok=True)

    def clean(self, yml, segment="all", **files):
        for name, content in files.items():
            (self.folder / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
        (self.folder / "market.yml").write_text(HEAD + yml, encoding="utf-8")
        self.quality = clean_market(load_market("byg", data=self.folder.parents[1]), segment, self.folder / "clean")
        return self

    def __getitem__(self, table):
        return pd.read_parquet(self.folder / "clean" / f"{table}.parquet")

    def report(self, table):
        return self.quality.reports[table]


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def orders(world, content, yml="tables: {orders: orders.csv}\n"):
    return world.clean(yml, orders=content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "cp850"])
def test_danish_letters_and_numbers_whatever_the_encoding(world, encoding):
    made = orders(world, (ORDERS + "001;Bjørn Åse;03-04-2026;1.234,50\n002;Søren;13-04-2026;2,5 kr.\n").encode(encoding))
    assert made["orders"].customer_id.tolist() == ["Bjørn Åse", "Søren"]
    assert made["orders"].order_id.tolist() == ["001", "002"]
    assert made["orders"].amount.tolist() == [1234.5, 2.5]
    assert made["orders"].ordered_at.tolist() == [dt.datetime(2026, 4, 3), dt.datetime(2026, 4, 13)]


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_separator_is_found(world, sign):
    made = orders(world, (ORDERS + "1;a;2026-01-02;10\n").replace(";", sign))
    assert len(made["orders"]) == 1


@pytest.mark.parametrize(("written", "day"), [
    ("2026-04-13", (4, 13)), ("13-04-2026", (4, 13)), ("13/4/2026 09:30", (4, 13)), ("13.04.26", (4, 13)), ("04/13/2026", (4, 13)),
    ("20260413", (4, 13)), ("2026-04-12T23:30:00Z", (4, 13)), ("2026-04-13 10:00:00 +0200", (4, 13))])
def test_dates_in_local_time(world, written, day):
    found = orders(world, ORDERS + f"1;a;{written};10\n")["orders"].ordered_at[0]
    assert (found.month, found.day) == day


def test_only_the_empty_string_is_missing_and_text_has_one_form(world):
    made = world.clean("tables: {customers: customers.csv}\n", customers="customer_id,region\nNA,null\nb,A\u030a\nc,  \u00c5 \nd,\n")
    assert made["customers"].customer_id.tolist() == ["NA", "b", "c", "d"]
    assert made["customers"].region.tolist()[:3] == ["null", "\u00c5", "\u00c5"] and made["customers"].region.isna().sum() == 1


FAULTY = ORDERS + ("1;a;01-02-2026;100,00\n2;a;02-02-2026;50,25\n3;;03-02-2026;10,00\n4;b;31-02-2026;20,00\n5;b;04-02-2026;\n"
                   "6;b;01-08-2026;30,10\n7;c;05-02-2026;ukendt\n1;a;01-02-2026;100,00\n8;c;06-02-2026;-25,25\n9;c\n")


def test_every_row_and_oere_is_accounted_for(world):
    report = orders(world, FAULTY).report("orders")
    assert report.aside == {"fewer fields than the header": 1, "customer_id is empty": 1, "ordered_at is no date": 1,
                            "amount is empty": 1, "amount is no number": 1, "after as_of": 1, "a repeated row": 1}
    assert (report.rows_in, report.rows_used) == (10, 3)
    assert Decimal(str(report.money_in)) == Decimal("285.10") and Decimal(str(report.money_used)) == Decimal("125.00")
    assert round(world["orders"].amount.sum(), 2) == 125.00
    frame = world.quality.frame.set_index(["table", "check"]).rows
    assert frame["orders", "rows in"] == frame["orders", "rows used"] + frame["orders"].filter(like="set aside").filter(regex="^set").sum()


def test_without_the_guard_the_repeated_row_would_count(world, monkeypatch):
    monkeypatch.setattr(settling, "without_repeats", lambda view, *_args, **_more: (view, 0))
    assert orders(world, FAULTY).report("orders").money_used == 225.0


@pytest.mark.parametrize(("content", "said"), [
    (b"", "empty"),
    (b"\x00\x01\x02" * 50, "not text"),
    (ORDERS.replace("amount", "beloeb") + "1;a;2026-01-01;1\n", "Column 'amount' is missing"),
    ("order_id;order_id;x\n1;2;3\n", "same name"),
    (ORDERS + "1;a;2026-01-01;lots\n2;a;2026-01-01;more\n", "does not hold numbers"),
    (ORDERS + "1;a;soon;1\n", "does not hold dates"),
    (ORDERS + "1;a;2026-01-01;1,5\n2;a;2026-01-01;2.75\n", "two kinds"),
    (ORDERS + "1;a;13-01-2026;1\n2;a;01-13-2026;1\n3;a;14-01-2026;1\n", "several formats"),
    (ORDERS + "1;a;2026-01-01;10\n1;a;2026-01-02;20\n", "same id on rows that differ"),
    (ORDERS + '1;"a;2026-01-01;10\n2;b;2026-01-02;20\n', "never closed"),
    ("order_id;customer_id;ordered_at;amount;currency\n1;a;2026-01-01;10;DKK\n2;a;2026-01-01;20;EUR\n", "EUR 20.00, DKK 10.00"),
])
def test_a_fault_is_one_sentence_with_file_and_remedy(world, content, said):
    with pytest.raises(TableError) as caught:
        orders(world, content)
    assert said in str(caught.value) and "orders.csv of market 'byg'" in str(caught.value) and caught.value.remedy


def test_missing_file_names_what_is_there(world):
    with pytest.raises(TableError, match="customers.csv"):
        world.clean("tables: {orders: order.csv}\n", customers="a\n1\n")


def test_errors_never_show_values(world):
    with pytest.raises(TableError) as caught:
        orders(world, ORDERS + "1;hemmelig;hemmelig;hemmelig\n")
    assert "hemmelig" not in str(caught.value)


@pytest.mark.parametrize("content", [ORDERS, ORDERS + "1;;2026-01-01;5\n"])
def test_a_table_without_usable_rows_is_not_supplied(world, content):
    made = orders(world, content)
    assert not (world.folder / "clean" / "orders.parquet").exists()
    assert made.report("orders").rows_used == 0 and "not supplied" in made.report("orders").notes[-1]


def test_both_ways_number_follows_the_rest_of_the_table(world):
    lines = "order_id;sku;quantity;amount;customer_id;ordered_at\n1;x;1.000;2,5;a;2026-01-01\n"
    made = world.clean("tables: {order_lines: order_lines.csv}\n", order_lines=lines)
    assert made["order_lines"].quantity[0] == 1000
    assert any("1.234" in note for note in made.report("order_lines").notes)


LINES = ("Nr,Vare,Antal,Pris,Kunde,Dato,Land\n1,x,2,10,a,2026-01-01,DK\n1,y,1,5.5,a,2026-01-01,DK\nC2,x,-1,10,a,2026-01-05,DK\n"
         "3,x,1,10,,2026-01-05,DK\n4,x,1,7,b,2026-01-05,SE\n5,x,1,1,c,2026-02-01,DK\n5,y,1,1,d,2026-02-01,DK\n")
LINES_YML = """tables: {order_lines: lines.csv}
columns: {order_lines: {Nr: order_id, Vare: sku, Antal: quantity, Kunde: customer_id, Dato: ordered_at}}
derive:
  order_lines: {amount: "Antal * Pris"}
  orders: {refund_of: "CASE WHEN Nr LIKE 'C%' THEN order_id END"}
where: {order_lines: "Land = 'DK'"}
traits: {Land: {}}
"""


def test_lines_make_orders_and_customers(world):
    made = world.clean(LINES_YML, lines=LINES)
    assert made["orders"][["order_id", "customer_id", "amount"]].values.tolist() == [["1", "a", 25.5], ["C2", "a", -10.0]]
    assert made["orders"].refund_of.dropna().tolist() == ["C2"]
    assert made["customers"][["customer_id", "Land"]].values.tolist() == [["a", "DK"]]
    assert made.report("order_lines").aside == {"customer_id is empty": 1, "outside the market (where)": 1}
    assert made.report("orders").aside == {"an order with several customers": 1}


def test_a_return_booked_without_its_minus_still_lowers_the_order(world):
    made = world.clean("tables: {order_lines: l.csv}\n", l="order_id,sku,quantity,amount,customer_id,ordered_at\n"
                       "1,x,3,30,a,2026-01-01\n1,x,-1,10,a,2026-01-01\n")
    assert made["orders"].amount.tolist() == [20] and made.report("order_lines").money_in == 20
    assert any("returns" in note for note in made.report("order_lines").notes)


def test_units_of_a_market_without_as_of_and_of_found_groups(world, monkeypatch):
    world.clean("segments: found\ntables: {customers: c.csv, orders: o.csv}\n", c="customer_id,region\na,N\nb,S\n",
                       o=ORDERS + "1;a;2026-01-01;5\n2;b;2026-05-09;6\n")
    data = world.folder.parents[1]
    monkeypatch.setenv("ICP_DATA", str(data))
    monkeypatch.delenv("ICP_STAGE", raising=False)
    (world.folder / "market.yml").write_text((world.folder / "market.yml").read_text().replace("as_of: 2026-06-30\n", ""))
    unit = open_unit("byg")
    assert unit.market.as_of == dt.date(2026, 5, 9)
    assert any("no as_of" in note for note in unit.clean().reports["orders"].notes)
    unit.write("segments", pd.DataFrame({"customer_id": ["a", "b"], "segment": ["Store i nord", "Andre"]}))
    part = open_unit("byg", "store-i-nord")
    part.clean()
    assert part.frame("orders").customer_id.tolist() == ["a"] and part.frame("surveys").empty and not part.has("surveys")
    with pytest.raises(ParameterError, match="store-i-nord"):
        open_unit("byg", "nord")


def test_a_segment_carries_to_every_table_of_a_customer(world):
    made = world.clean("tables: {customers: c.csv, orders: o.csv, order_lines: l.csv, prospects: p.csv, spend: s.csv}\n"
                       "segments: {nord: \"region = 'N'\"}\n", "nord",
                       c="customer_id,region\na,N\nb,S\nc,\n", o=ORDERS + "1;a;2026-01-01;5\n2;b;2026-01-01;6\n",
                       l="order_id,sku,quantity,amount\n1,x,1,5\n2,x,1,6\n", p="prospect_id,region\np,N\nq,S\n",
                       s="date,channel,amount\n2026-01-01,web,3\n")
    assert made["customers"].customer_id.tolist() == ["a"] and made["orders"].order_id.tolist() == ["1"]
    assert made["order_lines"].order_id.tolist() == ["1"] and made["prospects"].prospect_id.tolist() == ["p"]
    assert len(made["spend"]) == 1 and made.report("orders").aside == {"of another segment": 1}


def test_unknown_references_are_counted_and_kept(world):
    made = world.clean("tables: {customers: c.csv, orders: o.csv}\n", c="customer_id,region\na,N\n", o=ORDERS + "1;a;2026-01-01;5\n2;z;2026-01-01;6\n")
    assert made.report("orders").counted == {"customer_id is not among the customers": 1} and len(made["orders"]) == 2


LEADS = "lead_id,customer_id,created_on,won_on\n1,a,2026-01-01,2026-02-01\n2,p,2026-01-02,\n3,a,2026-03-01,\n"
FIRMS = {"c": "customer_id,industry,size\na,Byg,7\n", "p": "prospect_id,industry\np,Handel\n"}


def test_a_lead_has_the_traits_of_its_firm_and_none_where_only_those_won_name_it(world):
    tables = "tables: {customers: c.csv, leads: l.csv, prospects: p.csv}\n"
    made = world.clean(tables, l=LEADS, **FIRMS)
    assert made["leads"].industry.tolist() == ["Byg", "Handel", "Byg"] and made["leads"]["size"].tolist()[::2] == [7, 7]
    assert made["leads"].lead_id.tolist() == ["1", "2", "3"] and not made.report("leads").counted
    assert "size" not in world.clean(f"{tables}traits: {{industry: {{}}, size: {{known: after}}}}\n", l=LEADS, **FIRMS)["leads"]
    only_won = world.clean(tables, l=LEADS.replace("2,p,", "2,,").replace("3,a,", "3,,"), **FIRMS)["leads"]
    assert "industry" not in only_won, "a trait that only those who were won have would tell who was won"
    assert world.clean(tables, l=LEADS.replace("won_on\n", "won_on,industry\n").replace(",\n", ",,IT\n"), **FIRMS)["leads"].industry.tolist()[1] == "IT"


def test_without_the_guard_a_trait_would_be_borrowed_for_those_who_were_won(world, monkeypatch):
    monkeypatch.setattr(borrowing, "KNOWN", 0.0)
    made = world.clean("tables: {customers: c.csv, leads: l.csv}\n", l=LEADS.replace("2,p,", "2,,").replace("3,a,", "3,,"), c=FIRMS["c"])
    assert made["leads"].industry.notna().tolist() == [True, False, False]


def test_a_date_that_is_not_yet_known_is_taken_for_missing(world):
    made = world.clean("tables: {subscriptions: s.csv}\n", s="customer_id,started_on,ended_on,monthly_amount\na,2026-01-01,2026-12-31,10\n"
                       "b,2026-01-01,2025-12-31,10\nc,2026-07-01,,10\n")
    assert made["subscriptions"].customer_id.tolist() == ["a"] and made["subscriptions"].ended_on.isna().all()
    assert made.report("subscriptions").aside == {"ended_on lies before started_on": 1, "after as_of": 1}


def test_cpr_numbers_are_refused(world):
    with pytest.raises(TableError, match="CPR"):
        world.clean("tables: {customers: c.csv}\n", c="customer_id,nr\n1,010190-1234\n2,311285-0001\n")


@pytest.mark.parametrize(("yes", "no"), [("Won", "Lost"), ("ja", "nej"), ("1", "0"), ("Yes", "No"), ("TRUE", "FALSE")])
def test_an_outcome_in_words(world, yes, no):
    made = world.clean("tables: {customers: c.csv}\nideal: {outcome: status}\n", c=f"customer_id,status\na,{yes}\nb,{no}\nc,\n")
    assert made["customers"].status.tolist() == [True, False, None]


def test_an_outcome_that_is_neither_yes_nor_no(world):
    with pytest.raises(TableError, match="2 other values on 2 rows"):
        world.clean("tables: {customers: c.csv}\nideal: {outcome: status}\n", c="customer_id,status\na,Open\nb,Stalled\nc,Won\n")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: (ORDERS + text).encode("utf-8", "surrogatepass"))))
def test_any_bytes_give_tables_or_a_sentence(world, content):
    try:
        report = orders(world, content).report("orders")
    except IcpError as error:
        assert str(error)
    else:
        assert report.rows_in == report.rows_used + sum(report.aside.values())
