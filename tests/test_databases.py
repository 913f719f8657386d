"""`connection:` and `icp new` against a real PostgreSQL: the same table as from a file, and each fault one sentence that leaks nothing."""

import pandas as pd
import pytest
from postgres import postgres_server

from icp_helpers.batch import doctor
from icp_helpers.batch.cli import main
from icp_helpers.tables import databases
from icp_helpers.tables.check import check_market
from icp_helpers.tables.clean import clean_market
from icp_helpers.tables.errors import IcpError, TableError
from icp_helpers.tables.market import load_market

ROWS = 3_000
SECRETS = ("tester", "hemmelig", "127.0.0.1")


@pytest.fixture(scope="module")
def crm():
    """Clients and invoices of a CRM, a schema of its own, a user who may read nothing, and a view that cuts its own connection."""
    with postgres_server() as server:
        fill(server)
        yield server


def fill(server) -> None:
    server.run(
        "CREATE TABLE clients (client_id integer, industry text, employees numeric, created_at date)",
        f"INSERT INTO clients SELECT i, CASE WHEN i % 3 = 0 THEN 'Byg' ELSE 'Føde' END, i % 50, date '2024-01-01' + (i % 500) FROM generate_series(1, {ROWS}) i",
        "CREATE SCHEMA salg",
        "CREATE TABLE salg.invoices (invoice_no text, client_id integer, invoice_date timestamptz, total numeric(12, 2))",
        f"INSERT INTO salg.invoices SELECT 'F' || i, i, timestamptz '2026-01-01 23:30+00' + i * interval '1 minute', i + 0.25 FROM generate_series(1, {ROWS}) i",
        "CREATE VIEW invoices AS SELECT * FROM salg.invoices",
        "CREATE VIEW dropped AS SELECT invoice_no, client_id, invoice_date, "
        f"CASE WHEN client_id > {ROWS - 100} THEN pg_terminate_backend(pg_backend_pid())::int ELSE total END AS total FROM salg.invoices",
        "CREATE ROLE poor LOGIN PASSWORD 'hemmelig'")


def market(folder, tables: str):
    place = folder / "markets" / "byg"
    place.mkdir(parents=True, exist_ok=True)
    (place / "market.yml").write_text(
        f"name: Byg\nkind: b2b\nas_of: 2026-06-30\nconnection: crm\ntables: {tables}\n"
        "columns:\n  orders: {invoice_no: order_id, client_id: customer_id, invoice_date: ordered_at, total: amount}\n", encoding="utf-8")
    return load_market("byg", data=folder)


def fault(folder, tables: str) -> str:
    with pytest.raises(TableError) as caught:
        clean_market(market(folder, tables), "all", folder / "clean")
    said = str(caught.value)
    assert (caught.value.__context__ is None or caught.value.__suppress_context__) and "\n" not in said and not [word for word in SECRETS if word in said], said
    assert not list((folder / "clean").glob("*.parquet"))
    return said


@pytest.mark.parametrize("place", ["invoices", "salg.invoices"])
def test_a_table_or_a_view_of_any_schema_is_read_whole(tmp_path, monkeypatch, crm, place):
    monkeypatch.setenv("ICP_DB_CRM", crm.url())
    report = clean_market(market(tmp_path, f"{{orders: {place}}}"), "all", tmp_path / "clean").reports["orders"]
    orders = pd.read_parquet(tmp_path / "clean" / "orders.parquet")
    assert report.rows_used == ROWS and report.money_used == ROWS * (ROWS + 1) / 2 + 0.25 * ROWS
    assert orders.customer_id.head(2).tolist() == ["1", "2"] and str(orders.ordered_at[0]) == "2026-01-02 00:31:00"  # in Copenhagen


@pytest.mark.parametrize(("address", "said"), [
    (lambda crm: crm.url(password="hemmelig"), "the user or the password is refused"), (lambda crm: crm.url(database="hemmelig"), "no such database"),
    (lambda crm: crm.url(port=1), "nothing listens"), (lambda _crm: "nonsense://tester:hemmelig@127.0.0.1/x", "an error of the kind"), (lambda _crm: "", "no ICP_DB_CRM")])
def test_no_connection_is_one_sentence(tmp_path, monkeypatch, crm, address, said):
    monkeypatch.setenv("ICP_DB_CRM", address(crm))
    assert said in fault(tmp_path, "{orders: invoices}")
    finding = doctor._market(load_market("byg", data=tmp_path))
    assert not finding.well and "ICP_DB_CRM" in str(finding) and not [word for word in SECRETS if word in str(finding)]


def test_a_table_that_is_missing_forbidden_or_cut_off(tmp_path, monkeypatch, crm):
    monkeypatch.setenv("ICP_DB_CRM", crm.url())
    missing = fault(tmp_path, "{orders: invoice}")
    assert "no table of that name" in missing and "clients" in missing and "tables: in market.yml" in missing
    assert "cannot be read to its end" in fault(tmp_path, "{orders: dropped}")
    monkeypatch.setenv("ICP_DB_CRM", crm.url(password="hemmelig").replace("//tester:", "//poor:"))
    assert "cannot be read" in fault(tmp_path, "{orders: clients}")


def test_a_missing_driver_says_what_to_install(tmp_path, monkeypatch, crm):
    monkeypatch.setenv("ICP_DB_CRM", crm.url())

    def no_driver(*_arguments, **_options):
        raise ModuleNotFoundError("No module named 'psycopg'", name="psycopg")

    monkeypatch.setattr(databases.ibis, "connect", no_driver)
    assert "no module psycopg" in fault(tmp_path, "{orders: invoices}")


@pytest.mark.parametrize("by_url", [True, False], ids=["by its URL", "by its name"])
def test_icp_new_makes_a_market_of_a_database(tmp_path, monkeypatch, capsys, crm, by_url):
    monkeypatch.setenv("ICP_DATA", str(tmp_path))
    monkeypatch.setenv("ICP_DB_CRM", crm.url())
    monkeypatch.setenv("ICP_DB_BYG_DK", "")  # put back at the end, for `icp new` sets it
    assert main(["new", "byg-dk", "--from", crm.url() if by_url else "crm", "--yes"]) == 0
    said, text = capsys.readouterr().out, (tmp_path / "markets" / "byg-dk" / "market.yml").read_text(encoding="utf-8")
    assert crm.password not in said + text and "127.0.0.1" not in said + text and ("ICP_DB_BYG_DK" if by_url else "ICP_DB_CRM") in said
    made = load_market("byg-dk", data=tmp_path)
    assert made.tables == {"customers": "clients", "orders": "invoices"} and {"industry", "employees"} <= set(made.traits)
    checked = check_market(made)
    assert not checked.faults and f"rows used {ROWS:,}" in str(checked) and "Look at this first" not in str(checked)


def test_icp_new_with_a_wrong_password_writes_nothing(tmp_path, monkeypatch, capsys, crm):
    monkeypatch.setenv("ICP_DATA", str(tmp_path))
    monkeypatch.setenv("ICP_DB_X", "")
    assert main(["new", "x", "--from", crm.url(password="hemmelig"), "--yes"]) == 2
    said = capsys.readouterr().err
    assert "refused" in said and not [word for word in SECRETS if word in said] and not list(tmp_path.glob("markets/*"))


def test_the_words_of_a_driver_would_leak(tmp_path, monkeypatch, crm):
    """The guard taken away: what psycopg says names the user."""
    monkeypatch.setenv("ICP_DB_CRM", crm.url(password="hemmelig"))
    monkeypatch.setattr(databases, "_fault", lambda what, where, error, _variable: TableError(what, where=where, found=str(error), remedy="x."))
    with pytest.raises(AssertionError):
        fault(tmp_path, "{orders: invoices}")
    assert issubclass(TableError, IcpError)
