"""Cleans every table of a market: ours by name and type, each row used or set aside by reason, one Parquet file a table."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from icp_helpers.tables import made_tables, settling
from icp_helpers.tables.borrowing import with_traits_of_firms
from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.engine import Engine, engine_in, name, text
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.judging import PLAUSIBLE, Judged, judge, own_day, returned
from icp_helpers.tables.market import Market
from icp_helpers.tables.naming import IN_MARKET, Named, failing_expression, name_columns
from icp_helpers.tables.outcome import with_outcome
from icp_helpers.tables.quality import Quality, TableReport
from icp_helpers.tables.sources import ROW, Raw, Shelf, open_raw

FOUND = "found"


@dataclass
class _Bench:
    """The work on one market: the engine, and what is made so far."""

    market: Market
    engine: Engine
    faults: list | None
    shelf: Shelf | None = None
    named: dict = field(default_factory=dict)
    tables: dict = field(default_factory=dict)  # name -> view of the judged table
    emptied: dict = field(default_factory=dict)
    reports: dict = field(default_factory=dict)

    def tried(self, step, *arguments) -> None:
        """Do a step; a fault of the user's stops the cleaning, or is noted where faults are collected."""
        try:
            step(self, *arguments)
        except TableError as error:
            if self.faults is None:
                raise
            self.faults.append(error)

    @contextmanager
    def told(self, raw: Raw) -> Iterator[None]:
        """What the engine cannot compute for some row is told as the fault of the market file's expression that it is."""
        try:
            yield
        except duckdb.Error:
            fault = failing_expression(self.market, raw, self.engine)
            if fault is None:
                raise
            self.named.pop(raw.name, None)
            raise fault from None


def clean_market(market: Market, segment: str, folder: Path, *, members=None, faults: list | None = None, shelf: Shelf | None = None) -> Quality:
    """Clean the tables of a market, or of one segment of it, into `folder`/<table>.parquet; gives the quality report.

    `segment` is "all", or a segment of the market file; for one that step 04 found, `members` is a frame of its
    customer_id. A table that cannot be read raises TableError, or goes into `faults` and is left out where that list
    is given. Files of tables that are no longer supplied are removed. `shelf` keeps what is read, for the next time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _bench(market, folder, faults, shelf) as bench:
        for table in market.tables:
            bench.tried(_name, table)
        as_of = market.as_of or _last_day(bench)
        for table in sorted(bench.named, key=list(dictionary().tables).index):
            bench.tried(_judge, table, as_of)
        _make_tables(bench)
        _borrow_traits(bench)
        if segment != "all":
            _keep_segment(bench, segment, members)
        _account(bench)
        for file in folder.glob("*.parquet"):
            if file.stem not in bench.tables:
                file.unlink()
        for table in bench.tables:
            _publish(bench, table, folder)
        return Quality(bench.reports, as_of)


def last_day(market: Market, folder: Path) -> dt.date | None:
    """The last day that the market's data cover, for a market file without as_of; None where no table has a date."""
    folder.mkdir(parents=True, exist_ok=True)
    with _bench(market, folder, []) as bench:
        for table in market.tables:
            bench.tried(_name, table)
        return _last_day(bench)


@contextmanager
def _bench(market: Market, folder: Path, faults: list | None, shelf: Shelf | None = None):
    stage = folder / ".stage"
    shutil.rmtree(stage, ignore_errors=True)
    try:
        with engine_in(stage) as engine:
            yield _Bench(market, engine, faults, shelf)
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _name(bench: _Bench, table: str) -> None:
    raw = open_raw(bench.market, table, bench.engine, bench.shelf)
    also = made_tables.computed_on_lines(bench.market) if table == "order_lines" else None
    with bench.told(raw):
        bench.named[table] = named = name_columns(bench.market, raw, also=also)
    notes = [*raw.notes, *(f"{ours}: {reading.note}" for ours, reading in named.readings.items() if reading.note)]
    if named.numbered:
        notes.append(f"{named.described.key} is not in the file: the rows were numbered")
    bench.reports[table] = TableReport(
        table, raw.where, found=[c for c in named.described.columns if c in named.readings] + named.own,
        missing=[c for c in named.described.columns if c not in named.readings], extra=named.extra, notes=notes)


def _last_day(bench: _Bench) -> dt.date | None:
    days: list = []
    for named in list(bench.named.values()):
        bench.tried(_add_last_day, named, days)
    return max((day for day in days if day), default=None)


def _add_last_day(bench: _Bench, named: Named, days: list) -> None:
    if column := own_day(named):
        day = f"({named.readings[column].value})::DATE"
        plausible = f"WHERE {name(IN_MARKET)} AND {day} BETWEEN DATE '{PLAUSIBLE[0]}' AND DATE '{PLAUSIBLE[1]}'"
        with bench.told(named.raw):
            days.append(named.view.one(f"max({day}) AS day", plausible)["day"])


def _judge(bench: _Bench, table: str, as_of: dt.date | None) -> None:
    named: Named = bench.named[table]
    makes_orders = table == "order_lines" and "orders" not in bench.market.tables
    needed = made_tables.MAKES_ORDERS if makes_orders and set(made_tables.MAKES_ORDERS) <= set(named.readings) else ()
    with bench.told(named.raw):
        _take(bench, table, judge(named, as_of or PLAUSIBLE[1], needed=needed), numbered=named.numbered)
    if table == "order_lines" and (turned := named.view.one("count(*) AS rows", f"WHERE {returned(named)}")["rows"]):
        bench.reports[table].notes.append(f"{turned} lines with a quantity below zero had an amount above it: they were taken as returns")
    if "as_of" not in bench.market.given and as_of and own_day(named):
        bench.reports[table].notes.append(f"the market file has no as_of: {as_of} was taken, the last day found in all tables")


def _take(bench: _Bench, table: str, judged: Judged, *, numbered: bool) -> None:
    """Put a judged table on disk, the outcome, repeated rows and mixed currencies seen to."""
    described, where = dictionary().tables[table], bench.reports[table].where
    view = with_outcome(bench.engine.kept(f"{table} judged", judged.sql), bench.market, table, where)
    view, repeated = settling.without_repeats(view, described, numbered=numbered, where=where)
    if repeated:
        bench.reports[table].counted["repeated rows"] = repeated
    settling.in_one_currency(view, bench.market, where)
    bench.tables[table], bench.emptied[table] = view, judged.emptied


def _make_tables(bench: _Bench) -> None:
    """Orders from order lines, and customers from those who ordered, where these are not supplied."""
    supplied, own = bench.market.tables, {table: named.own for table, named in bench.named.items()}
    if "orders" not in supplied and "order_lines" in bench.tables and _makes_orders(bench):
        own["orders"] = [column for column in own["order_lines"] if column not in dictionary().tables["orders"].columns]
        _made(bench, "orders", "order_lines", made_tables.orders_from(bench.tables["order_lines"], own["orders"]))
    source = next((table for table in ("orders", "subscriptions") if table in bench.tables), None)
    if "customers" not in supplied and source:
        _made(bench, "customers", source, made_tables.customers_from(bench.tables[source], own[source]))


def _makes_orders(bench: _Bench) -> bool:
    return set(made_tables.MAKES_ORDERS) <= set(bench.reports["order_lines"].found)


def _made(bench: _Bench, table: str, source: str, judged: Judged) -> None:
    bench.reports[table] = TableReport(table, f"made from {source}", notes=[f"made from {source}, for no {table} were supplied"])
    bench.tried(lambda bench: _take(bench, table, judged, numbered=False))
    if table in bench.tables:
        bench.reports[table].found = settling.content(bench.tables[table])


def _borrow_traits(bench: _Bench) -> None:
    """What describes a lead's firm, where the leads' own table does not say it."""
    if borrowed := with_traits_of_firms(bench.tables, bench.market):
        bench.tables["leads"], columns = borrowed
        bench.reports["leads"].found += columns
        bench.reports["leads"].notes.append(f"{', '.join(columns)}: those of the customer or prospect whose lead it is, by customer_id")


def _keep_segment(bench: _Bench, segment: str, members) -> None:
    sql = None if bench.market.segments == FOUND else bench.market.segments.get(segment)
    if members is not None:
        bench.engine.con.register("found members", members[["customer_id"]])
        ids = bench.engine.kept("members", 'SELECT * FROM "found members"')
    elif sql and "customers" in bench.tables:
        ids = settling.segment_members(bench.tables["customers"], bench.market, segment)
    else:
        return
    for table in sorted(bench.tables, key=lambda table: table == "order_lines"):  # lines go by their orders
        bench.tables[table] = settling.in_segment(table, bench.tables[table], ids, sql, bench.tables.get("orders"))


def _account(bench: _Bench) -> None:
    for table, view in bench.tables.items():
        rejected = bench.named[table].raw.rejected if table in bench.named else {}
        settling.account(bench.reports[table], view, dictionary().tables[table], bench.emptied[table], rejected)
    for table, counts in settling.unknown_references(bench.tables).items():
        bench.reports[table].counted |= counts
    bench.reports = {table: report for table, report in bench.reports.items() if table in bench.tables}


def _publish(bench: _Bench, table: str, folder: Path) -> None:
    """Write the usable rows in the order of their file; a table with none is not supplied, and the report says so."""
    view, file, part = bench.tables[table], folder / f"{table}.parquet", bench.engine.folder / f"{table}.part"
    if not bench.reports[table].rows_used:
        file.unlink(missing_ok=True)
        bench.reports[table].notes.append("no row can be used: the table counts as not supplied")
        return
    columns = ", ".join(map(name, settling.content(view)))
    bench.engine.con.execute(f"COPY (SELECT {columns} FROM {name(view.called)} {settling.USABLE} ORDER BY {ROW}) "
                             f"TO {text(part)} (FORMAT parquet)")
    part.replace(file)
