"""What can only be said of whole tables: repeated rows and ids, references, currencies, segments, and the account of it all."""

from pathlib import Path

import duckdb
import ibis
from ibis import _

from icp_helpers.tables.dictionary import Table, dictionary
from icp_helpers.tables.errors import ParameterError, TableError
from icp_helpers.tables.judging import OTHER_MARKET, REPEATED, WHY
from icp_helpers.tables.market import Market
from icp_helpers.tables.market_sql import columns_of
from icp_helpers.tables.quality import TableReport
from icp_helpers.tables.sources import ROW

OTHER_SEGMENT = "of another segment"
_MONEY = "decimal(38, 4)"  # sums to the oere, in any order of the rows


def kept_on_disk(engine, table: ibis.Table, file: Path) -> ibis.Table:
    """The table computed once into a Parquet file, and read from there."""
    table.to_parquet(file)
    return engine.read_parquet(file)


def set_aside(table: ibis.Table, fault, reason: str) -> ibis.Table:
    """The table with `reason` for the usable rows where `fault` holds."""
    return table.mutate(**{WHY: table[WHY].fill_null(ibis.ifelse(fault.fill_null(False), reason, ibis.null("string")))})


def usable(table: ibis.Table) -> ibis.Table:
    return table.filter(table[WHY].isnull())


def without_repeats(table: ibis.Table, described: Table, *, numbered: bool, where: str) -> tuple[ibis.Table, int]:
    """Set repeated whole rows aside where the dictionary says so or an id forbids them; else count them.

    Raises TableError when rows that differ share an id: which of them is right cannot be known.
    """
    key = None if numbered else described.key
    content = [name for name in _content(table) if not (numbered and name == described.key)]
    seen = usable(table)
    alike = seen.group_by(of=_hash(seen, [key] if key else content)).aggregate(rows=_.count())
    repeated = int(alike.aggregate(more=(_.rows - 1).sum()).to_pyarrow().to_pylist()[0]["more"] or 0)
    if not repeated or (key is None and described.same_rows != "aside"):
        return table, repeated
    place = ibis.row_number().over(group_by=[_hash(table, content), table[WHY].isnull()], order_by=table[ROW])
    table = set_aside(table, (place > 0) & table[WHY].isnull(), REPEATED)
    if key:
        _one_row_an_id(usable(table), key, where)
    return table, 0


def _one_row_an_id(seen: ibis.Table, key: str, where: str) -> None:
    shared = seen.group_by(key).aggregate(rows=_.count()).filter(_.rows > 1)
    found = shared.aggregate(ids=_.count(), rows=_.rows.sum()).to_pyarrow().to_pylist()[0]
    if found["ids"]:
        raise TableError(f"Column '{key}' holds the same id on rows that differ", where=where,
                         found=f"{found['ids']} ids on {found['rows']} rows",
                         remedy="Keep one row for each id in the file; which of them is right cannot be known here.")


def in_one_currency(table: ibis.Table, market: Market, where: str) -> None:
    """Raise TableError where amounts in several currencies, or in another than the market's, would be added up."""
    if "currency" not in table.columns:
        return
    seen = usable(table).filter(_.currency.notnull())
    sums = seen.group_by(code=_.currency.upper()).aggregate(total=_.amount.cast(_MONEY).sum()).order_by(ibis.desc("total"))
    totals = {row["code"]: row["total"] for row in sums.limit(12).to_pyarrow().to_pylist()}
    if set(totals) - {market.currency}:
        listed = ", ".join(f"{code} {total:,.2f}" for code, total in totals.items())
        remedy = ("Keep one currency by where: in market.yml, or convert the amounts under derive:." if len(totals) > 1
                  else f"Set currency: {next(iter(totals))} in market.yml if that is the market's currency.")
        raise TableError(f"The amounts are not all in {market.currency}", where=where, found=listed, remedy=remedy)


def segment_members(customers: ibis.Table, market: Market, segment: str) -> ibis.Table:
    """The customer ids of a segment of the market file. Raises TableError when its expression cannot be computed."""
    sql = market.segments[segment] if isinstance(market.segments, dict) and segment in market.segments else None
    if sql is None:
        raise ParameterError(f"Market '{market.slug}' has no segment '{segment}'", where="market.yml",
                             found=", ".join(market.segments or ()) or "no segments", remedy="Name it under segments:.")
    return _where(usable(customers), sql, f"segments: {segment} of market '{market.slug}'").select("customer_id")


def in_segment(name: str, table: ibis.Table, members: ibis.Table, sql: str | None, orders: ibis.Table | None) -> ibis.Table:
    """The table with the rows of other segments set aside.

    Rows with a customer go by the customer; order lines by their order; prospects, leads and the market list by the
    segment's own expression where they have its columns. Tables without any of these belong to every segment.
    """
    if sql and name in ("prospects", "market", "leads") and set(columns_of(sql)) <= set(table.columns):
        chosen = _where(table, sql, f"the segment's expression on {name}").select(ROW)
        return set_aside(table, table[ROW].notin(chosen[ROW]), OTHER_SEGMENT)
    if name == "order_lines" and orders is not None:
        return set_aside(table, table.order_id.notin(usable(orders).order_id), OTHER_SEGMENT)
    column = {"referrals": "referrer_id"}.get(name, "customer_id")
    if column not in table.columns:
        return table
    own = table[column].isin(members.customer_id).fill_null(False)
    return set_aside(table, ~own, OTHER_SEGMENT)


def account(report: TableReport, table: ibis.Table, described: Table, emptied: dict, rejected: dict) -> TableReport:
    """Count rows and money, used and set aside by reason, into the report."""
    money = next((c.name for c in described.columns.values() if c.unit == "money" and c.required), None)
    total = (table[money].cast(_MONEY).sum() if money else ibis.null(_MONEY)).name("money")
    by_reason = table.group_by(WHY).aggregate(rows=_.count(), money=total).to_pyarrow().to_pylist()
    report.aside = dict(sorted(rejected.items()))
    for row in sorted(by_reason, key=lambda row: -row["rows"]):
        if row[WHY] is None:
            report.rows_used = row["rows"]
            report.money_used = float(row["money"] or 0) if money else None
        else:
            report.aside[row[WHY]] = report.aside.get(row[WHY], 0) + row["rows"]
            if money and row["money"] is not None:
                report.money_aside[row[WHY]] = float(row["money"])
    if money and report.money_used is None:
        report.money_used = 0.0
    if emptied:
        counts = usable(table).aggregate(**{flag: table[flag].sum() for flag in emptied.values()}).to_pyarrow().to_pylist()[0]
        report.emptied = {reason: int(counts[flag]) for reason, flag in emptied.items() if counts[flag]}
    return report


def unknown_references(tables: dict) -> dict:
    """For each table, how many usable rows refer to a customer, order or lead that is not at hand."""
    found: dict = {}
    for name, table in tables.items():
        for column in dictionary().tables[name].columns.values():
            target = tables.get(column.refers_to)
            if target is None or column.refers_to == name or column.name not in table.columns:
                continue
            known = usable(target)[dictionary().tables[column.refers_to].key]
            seen = usable(table)
            strays = seen.filter(seen[column.name].notnull()).filter(lambda t, c=column.name, k=known: t[c].notin(k)).count()
            if rows := int(strays.to_pyarrow().as_py()):
                found.setdefault(name, {})[f"{column.name} is not among the {column.refers_to}"] = rows
    return found


def _content(table: ibis.Table) -> list:
    return [name for name in table.columns if name not in (ROW, WHY) and not name.startswith("emptied ")]


def _hash(table: ibis.Table, columns: list):
    """One number for the content of a row; a missing value is no empty one, and columns cannot run together."""
    parts = [table[name].cast("string").fill_null("␀") for name in columns]
    return ibis.literal("␟").join(parts).hash() if len(parts) > 1 else parts[0].hash()


def _where(table: ibis.Table, sql: str, where: str) -> ibis.Table:
    here = ibis.util.gen_name("members")
    try:
        made = table.alias(here).sql(f"SELECT * FROM {here} WHERE ({sql})", dialect="duckdb")
        made.schema()
    except duckdb.Error as error:
        raise TableError("The segment's expression cannot be computed", where=where,
                         found=f"a {type(error).__name__}; columns: {', '.join(_content(table)[:30])}",
                         remedy="Correct it in market.yml; it speaks about the columns of customers.") from None
    return made


def of_other_markets(report: TableReport) -> int:
    """Rows of the file that belong to other markets by the market's own `where`."""
    return report.aside.get(OTHER_MARKET, 0)
