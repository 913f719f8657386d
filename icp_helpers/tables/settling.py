"""What can only be said of whole tables: repeated rows and ids, references, currencies, segments, and the account of it all."""

import duckdb

from icp_helpers.tables.dictionary import Table, dictionary
from icp_helpers.tables.engine import View, name, text
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.judging import REPEATED, WHY
from icp_helpers.tables.market import Market
from icp_helpers.tables.market_sql import columns_of
from icp_helpers.tables.quality import TableReport
from icp_helpers.tables.sources import ROW

OTHER_SEGMENT = "of another segment"
USABLE = f"WHERE {name(WHY)} IS NULL"
_EXACT = "DECIMAL(38, 4)"  # sums to the oere, in any order of the rows


def content(view: View) -> list:
    """The columns of a judged table that are the table's own."""
    return [column for column in view.columns if column not in (ROW, WHY) and not column.startswith("emptied ")]


def set_aside(view: View, condition: str, reason: str) -> View:
    """The table with `reason` for the usable rows where the SQL `condition` holds."""
    why = f"CASE WHEN {name(WHY)} IS NULL AND coalesce({condition}, false) THEN {text(reason)} ELSE {name(WHY)} END AS {name(WHY)}"
    return view.engine.view(f"{view.called}, {reason}", f"SELECT * REPLACE ({why}) FROM {name(view.called)}")


def without_repeats(view: View, described: Table, *, numbered: bool, where: str) -> tuple[View, int]:
    """Set repeated whole rows aside where the dictionary says so or an id forbids them; else count them.

    Raises TableError when rows that differ share an id: which of them is right cannot be known.
    """
    key = None if numbered else described.key
    columns = [column for column in content(view) if not (numbered and column == described.key)]
    alike = name(key) if key else f"hash({', '.join(map(name, columns))})"
    repeated = int(view.engine.rows(f"SELECT sum(n - 1) AS more FROM (SELECT count(*) AS n FROM {name(view.called)} {USABLE} "
                                    f"GROUP BY {alike})")[0]["more"] or 0)
    if not repeated or (key is None and described.same_rows != "aside"):
        return view, repeated
    place = f"row_number() OVER (PARTITION BY hash({', '.join(map(name, columns))}), {name(WHY)} IS NULL ORDER BY {ROW})"
    placed = view.engine.view(f"{view.called} placed", f"SELECT *, {place} AS place FROM {name(view.called)}")
    marked = set_aside(placed, "place > 1", REPEATED)
    view = view.engine.kept(f"{view.called} apart", f"SELECT * EXCLUDE (place) FROM {name(marked.called)}")
    if key:
        _one_row_an_id(view, key, where)
    return view, 0


def _one_row_an_id(view: View, key: str, where: str) -> None:
    found = view.engine.rows(f"SELECT count(*) AS ids, sum(n) AS rows FROM (SELECT count(*) AS n FROM {name(view.called)} {USABLE} "
                             f"GROUP BY {name(key)} HAVING count(*) > 1)")[0]
    if found["ids"]:
        raise TableError(f"Column '{key}' holds the same id on rows that differ", where=where,
                         found=f"{found['ids']} ids on {found['rows']} rows",
                         remedy="Keep one row for each id in the file; which of them is right cannot be known here.")


def in_one_currency(view: View, market: Market, where: str) -> None:
    """Raise TableError where amounts in several currencies, or in another than the market's, would be added up."""
    if "currency" not in view.columns:
        return
    sums = view.rows(f"upper(currency) AS code, sum(amount::{_EXACT}) AS total",
                     f"{USABLE} AND currency IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 12")
    totals = {row["code"]: row["total"] for row in sums}
    if set(totals) - {market.currency}:
        listed = ", ".join(f"{code} {total:,.2f}" for code, total in totals.items())
        remedy = ("Keep one currency by where: in market.yml, or convert the amounts under derive:." if len(totals) > 1
                  else f"Set currency: {next(iter(totals))} in market.yml if that is the market's currency.")
        raise TableError(f"The amounts are not all in {market.currency}", where=where, found=listed, remedy=remedy)


def segment_members(customers: View, market: Market, segment: str) -> View:
    """The customer ids of a segment of the market file. Raises TableError when its expression cannot be computed."""
    sql = f"SELECT customer_id FROM {name(customers.called)} {USABLE} AND ({market.segments[segment]})"
    return _chosen(customers, "members", sql, f"segments: {segment} of market '{market.slug}'")


def in_segment(table: str, view: View, members: View, sql: str | None, orders: View | None) -> View:
    """The table with the rows of other segments set aside.

    Rows with a customer go by the customer; order lines by their order; prospects, leads and the market list by the
    segment's own expression where they have its columns. Tables without any of these belong to every segment.
    """
    if sql and table in ("prospects", "market", "leads") and set(columns_of(sql)) <= set(view.columns):
        _chosen(view, f"{table} in segment", f"SELECT ({sql}) FROM {name(view.called)}", f"the segment's expression on {table}")
        return set_aside(view, f"NOT coalesce(({sql})::BOOLEAN, false)", OTHER_SEGMENT)
    if table == "order_lines" and orders is not None:
        return set_aside(view, f"order_id NOT IN (SELECT order_id FROM {name(orders.called)} {USABLE})", OTHER_SEGMENT)
    column = {"referrals": "referrer_id"}.get(table, "customer_id")
    if column not in view.columns:
        return view
    return set_aside(view, f"NOT coalesce({column} IN (SELECT customer_id FROM {name(members.called)}), false)", OTHER_SEGMENT)


def account(report: TableReport, view: View, described: Table, emptied: dict, rejected: dict) -> None:
    """Count rows and money, used and set aside by reason, into the report."""
    money = next((c.name for c in described.columns.values() if c.unit == "money" and c.required), None)
    total = f"sum({name(money)}::{_EXACT})" if money else "NULL"
    flags = "".join(f", count(*) FILTER (WHERE {name(flag)}) AS {name(flag)}" for flag in emptied.values())
    by_reason = view.rows(f"{name(WHY)} AS why, count(*) AS rows, {total} AS money{flags}", "GROUP BY 1 ORDER BY 2 DESC, 1")
    report.aside = dict(sorted(rejected.items()))
    report.money_used = 0.0 if money else None
    for row in by_reason:
        if row["why"] is not None:
            report.aside[row["why"]] = report.aside.get(row["why"], 0) + row["rows"]
            if row["money"] is not None:
                report.money_aside[row["why"]] = float(row["money"])
            continue
        report.rows_used = row["rows"]
        report.emptied = {reason: row[flag] for reason, flag in emptied.items() if row[flag]}
        if money:
            report.money_used = float(row["money"] or 0)


def unknown_references(tables: dict) -> dict:
    """For each table, how many usable rows refer to a customer, order or lead that is not at hand."""
    found: dict = {}
    for table, view in tables.items():
        for column in dictionary().tables[table].columns.values():
            target = tables.get(column.refers_to)
            if target is None or column.refers_to == table:
                continue
            key = dictionary().tables[column.refers_to].key
            known = f"SELECT {name(key)} FROM {name(target.called)} {USABLE}"
            if (table, column.refers_to) == ("leads", "customers") and "prospects" in tables:  # a firm that is none yet
                known += f" UNION ALL SELECT prospect_id FROM {name(tables['prospects'].called)} {USABLE}"
            rows = view.one("count(*) AS rows", f"{USABLE} AND {name(column.name)} NOT IN ({known})")["rows"]
            if rows:
                found.setdefault(table, {})[f"{column.name} is not among the {column.refers_to}"] = rows
    return found


def _chosen(view: View, called: str, sql: str, where: str) -> View:
    try:
        return view.engine.kept(called, sql)
    except duckdb.Error as error:
        raise TableError("The segment's expression cannot be computed", where=where,
                         found=f"a {type(error).__name__}; columns: {', '.join(content(view)[:30])}",
                         remedy="Correct it in market.yml; it speaks about the columns of customers.") from None
