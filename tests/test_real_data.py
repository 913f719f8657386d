"""Real files, where they lie beside the repository: the totals of the literature, to the penny."""

import datetime as dt

import ibis
import pandas as pd
import pytest

from icp_helpers.tables.clean import clean_market
from icp_helpers.tables.features import customer_features
from icp_helpers.tables.market import REPOSITORY, load_market
from icp_helpers.tables.traits import choose_traits

SHARED = REPOSITORY.parent / "shared" / "data"
RETAIL, SALVIRT = SHARED / "online_retail.parquet", SHARED / "salvirt_b2b.csv"
RETAIL_YML = """name: {name}
kind: b2b
currency: GBP
timezone: Europe/London
as_of: 2011-12-09
tables: {{order_lines: {file}}}
columns:
  order_lines: {{InvoiceNo: order_id, StockCode: sku, Quantity: quantity, InvoiceDate: ordered_at, CustomerID: customer_id}}
derive:
  order_lines: {{amount: "Quantity * UnitPrice"}}
  orders: {{refund_of: "CASE WHEN InvoiceNo LIKE 'C%' THEN InvoiceNo END"}}
where: {{order_lines: "{where}"}}
traits: {{Country: {{}}}}
"""


def cleaned(folder, slug, yml):
    (folder / "markets" / slug).mkdir(parents=True)
    (folder / "markets" / slug / "market.yml").write_text(yml, encoding="utf-8")
    market = load_market(slug, data=folder)
    quality = clean_market(market, "all", folder / "clean")
    return market, quality, {table: pd.read_parquet(folder / "clean" / f"{table}.parquet") for table in quality.reports}


@pytest.mark.skipif(not RETAIL.exists(), reason="online_retail.parquet does not lie in ../shared/data")
def test_online_retail_totals_of_the_literature(tmp_path):
    where = "Quantity > 0 AND UnitPrice > 0"
    _market, quality, tables = cleaned(tmp_path, "retail", RETAIL_YML.format(name="All", file=RETAIL, where=where))
    lines = tables["order_lines"]
    assert (len(lines), lines.customer_id.nunique(), lines.order_id.nunique()) == (397_884, 4_338, 18_532)
    assert round(lines.amount.sum(), 2) == round(tables["orders"].amount.sum(), 2) == 8_911_407.90
    assert len(tables["customers"]) == 4_338 and len(tables["orders"]) == 18_532
    report = quality.reports["order_lines"]
    assert report.rows_in == 541_909 and report.aside["customer_id is empty"] > 130_000
    assert report.money_in == pytest.approx(report.money_used + sum(report.money_aside.values()), abs=0.005)
    assert tables["customers"].customer_id.str.fullmatch(r"\d{5}").all()


@pytest.mark.skipif(not RETAIL.exists(), reason="online_retail.parquet does not lie in ../shared/data")
def test_refunds_of_a_country_lower_its_amounts_and_are_no_orders(tmp_path):
    where = "Country = 'Germany'"
    market, _quality, tables = cleaned(tmp_path, "germany", RETAIL_YML.format(name="Germany", file=RETAIL, where=where))
    orders = tables["orders"]
    assert orders.refund_of.notna().sum() == (orders.amount < 0).sum() == orders.order_id.str.startswith("C").sum() > 100
    table = ibis.duckdb.connect().read_parquet(tmp_path / "clean" / "orders.parquet")
    features = customer_features(table, as_of=market.as_of).to_pyarrow().to_pandas()
    assert features.amount.sum() == pytest.approx(orders.amount.sum(), abs=0.01)
    assert features.orders.sum() <= (orders.amount >= 0).sum()
    assert tables["customers"].Country.eq("Germany").all() and market.as_of == dt.date(2011, 12, 9)


@pytest.mark.skipif(not SALVIRT.exists(), reason="salvirt_b2b.csv does not lie in ../shared/data")
def test_won_deals_are_an_outcome_in_words(tmp_path):
    yml = (f"name: Deals\nkind: b2b\nas_of: 2017-01-01\ntables: {{customers: {SALVIRT}}}\ncolumns: {{customers: {{Status: won}}}}\n"
           "ideal: {outcome: won}\n")
    market, quality, tables = cleaned(tmp_path, "deals", yml)
    deals = tables["customers"]
    assert len(deals) == 448 and deals.won.sum() == 227 and deals.customer_id.is_unique
    assert quality.reports["customers"].counted == {"repeated rows": 83}
    assert (deals.Budgt_alloc == "Unknown").any()
    choice = choose_traits(deals, market)
    assert len(choice.taken) == 22 and "won" in set(choice.left.column)
