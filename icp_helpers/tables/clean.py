"""Cleans every table of a market: ours by name and type, each row used or set aside by reason, one Parquet file a table."""

import datetime as dt
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import ibis

from icp_helpers.tables import made_tables, settling
from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.judging import AFTER, PLAUSIBLE, WHY, Judged, judge, own_day
from icp_helpers.tables.market import Market
from icp_helpers.tables.naming import IN_MARKET, Named, name_columns
from icp_helpers.tables.outcome import with_outcome
from icp_helpers.tables.quality import Quality, TableReport
from icp_helpers.tables.sources import ROW, open_raw

FOUND = "found"


@dataclass
class _Bench:
    """The work on one market: the engine, the folder for what is in between, and what is made so far."""

    market: Market
    engine: object
    stage: Path
    faults: list | None
    named: dict = field(default_factory=dict)
    tables: dict = field(default_factory=dict)  # name -> judged table on disk
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


def clean_market(market: Market, segment: str, folder: Path, *, members=None, faults: list | None = None) -> Quality:
    """Clean the tables of a market, or of one segment of it, into `folder`/<table>.parquet; gives the quality report.

    `segment` is "all", or a segment of the market file; for one that step 04 found, `members` is a frame of its
    customer_id. A table that cannot be read raises TableError, or goes into `faults` and is left out where that list
    is given. Files of tables that are no longer supplied are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _bench(market, folder, faults) as bench:
        for name in market.tables:
            bench.tried(_name, name)
        as_of = market.as_of or _last_day(bench)
        for name in sorted(bench.named, key=list(dictionary().tables).index):
            bench.tried(_judge, name, as_of)
        _make_tables(bench)
        if segment != "all":
            _keep_segment(bench, segment, members)
        _account(bench)
        for file in folder.glob("*.parquet"):
            if file.stem not in bench.tables:
                file.unlink()
        for name, table in bench.tables.items():
            _publish(bench, name, table, folder)
        return Quality(bench.reports, as_of)


def last_day(market: Market, folder: Path) -> dt.date | None:
    """The last day that the market's data cover, for a market file without as_of; None where no table has a date."""
    folder.mkdir(parents=True, exist_ok=True)
    with _bench(market, folder, []) as bench:
        for name in market.tables:
            bench.tried(_name, name)
        return _last_day(bench)


@contextmanager
def _bench(market: Market, folder: Path, faults: list | None):
    stage = folder / ".stage"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    engine = ibis.duckdb.connect(temp_directory=str(stage))
    try:
        yield _Bench(market, engine, stage, faults)
    finally:
        engine.disconnect()
        shutil.rmtree(stage, ignore_errors=True)


def _name(bench: _Bench, name: str) -> None:
    raw = open_raw(bench.market, name, bench.engine, bench.stage)
    also = made_tables.computed_on_lines(bench.market) if name == "order_lines" else None
    bench.named[name] = named = name_columns(bench.market, raw, also=also)
    notes = [*raw.notes, *(f"{ours}: {reading.note}" for ours, reading in named.readings.items() if reading.note)]
    if named.numbered:
        notes.append(f"{named.described.key} is not in the file: the rows were numbered")
    bench.reports[name] = TableReport(
        name, raw.where, found=[c for c in named.described.columns if c in named.readings] + named.own,
        missing=[c for c in named.described.columns if c not in named.readings], extra=named.extra, notes=notes)


def _last_day(bench: _Bench) -> dt.date | None:
    days = []
    for named in bench.named.values():
        if column := own_day(named):
            value = named.readings[column].value.cast("date")
            plausible = named.table.filter(named.table[IN_MARKET] & value.between(*map(ibis.date, PLAUSIBLE)))
            days.append(plausible.aggregate(day=value.max()).to_pyarrow().to_pylist()[0]["day"])
    return max((day for day in days if day), default=None)


def _judge(bench: _Bench, name: str, as_of: dt.date | None) -> None:
    named: Named = bench.named[name]
    makes_orders = name == "order_lines" and "orders" not in bench.market.tables
    needed = made_tables.MAKES_ORDERS if makes_orders and set(made_tables.MAKES_ORDERS) <= set(named.readings) else ()
    judged = judge(named, as_of or PLAUSIBLE[1], needed=needed)
    _take(bench, name, judged, numbered=named.numbered)
    if not bench.market.as_of and as_of and own_day(named):
        bench.reports[name].notes.append(f"the market file has no as_of: {as_of} was taken, the last day found in all tables")


def _take(bench: _Bench, name: str, judged: Judged, *, numbered: bool) -> None:
    """Put a judged table on disk, repeated rows and mixed currencies seen to."""
    described, where = dictionary().tables[name], bench.reports[name].where
    table = with_outcome(judged.table, bench.market, name, where)
    table = settling.kept_on_disk(bench.engine, table, bench.stage / f"{name}.judged.parquet")
    table, repeated = settling.without_repeats(table, described, numbered=numbered, where=where)
    if repeated:
        bench.reports[name].counted["repeated rows"] = repeated
    settling.in_one_currency(table, bench.market, where)
    bench.tables[name], bench.emptied[name] = table, judged.emptied


def _make_tables(bench: _Bench) -> None:
    """Orders from order lines, and customers from those who ordered, where these are not supplied."""
    own = [c for c in bench.named["order_lines"].own if c != "refund_of"] if "order_lines" in bench.named else []
    lines = bench.tables.get("order_lines")
    if "orders" not in bench.market.tables and lines is not None and set(made_tables.MAKES_ORDERS) <= set(bench.reports["order_lines"].found):
        _made(bench, "orders", "order_lines", made_tables.orders_from_lines(settling.usable(lines), own))
    elif "orders" in bench.named:
        own = bench.named["orders"].own
    if "customers" not in bench.market.tables:
        source = next((name for name in ("orders", "subscriptions") if name in bench.tables), None)
        if source:
            table = settling.usable(bench.tables[source])
            _made(bench, "customers", source, made_tables.customers_from(table, own if source == "orders" else []))


def _made(bench: _Bench, name: str, source: str, judged: Judged) -> None:
    bench.reports[name] = TableReport(name, f"made from {source}", found=[c for c in judged.table.columns if c not in (ROW, WHY)],
                                      notes=[f"made from {source}, for no {name} were supplied"])
    bench.tried(lambda _bench: _take(bench, name, judged, numbered=False))


def _keep_segment(bench: _Bench, segment: str, members) -> None:
    sql = None if bench.market.segments == FOUND else bench.market.segments.get(segment)
    if members is not None:
        ids = ibis.memtable(members[["customer_id"]])
    elif "customers" in bench.tables:
        ids = settling.segment_members(bench.tables["customers"], bench.market, segment)
    else:
        return
    ids = settling.kept_on_disk(bench.engine, ids, bench.stage / "members.parquet")
    whole = dict(bench.tables)
    for name in sorted(whole, key=lambda name: name == "order_lines"):  # lines go by their orders
        bench.tables[name] = settling.in_segment(name, whole[name], ids, sql, bench.tables.get("orders"))


def _account(bench: _Bench) -> None:
    for name, table in list(bench.tables.items()):
        rejected = bench.named[name].raw.rejected if name in bench.named else {}
        table = settling.kept_on_disk(bench.engine, table, bench.stage / f"{name}.settled.parquet")
        bench.tables[name] = table
        settling.account(bench.reports[name], table, dictionary().tables[name], bench.emptied[name], rejected)
    for name, counts in settling.unknown_references(bench.tables).items():
        bench.reports[name].counted |= counts
    for name in [name for name in bench.reports if name not in bench.tables]:
        del bench.reports[name]


def _publish(bench: _Bench, name: str, table: ibis.Table, folder: Path) -> None:
    """Write the usable rows in the order of their file; a table with none is not supplied, and the report says so."""
    file, part = folder / f"{name}.parquet", bench.stage / f"{name}.part"
    if not bench.reports[name].rows_used:
        file.unlink(missing_ok=True)
        bench.reports[name].notes.append("no row can be used: the table counts as not supplied")
        return
    columns = [c for c in table.columns if c not in (ROW, WHY) and not c.startswith("emptied ")]
    settling.usable(table).order_by(ROW).select(*columns).to_parquet(part)
    part.replace(file)


__all__ = ["AFTER", "Quality", "clean_market", "last_day"]
