"""Do the tables of a new market fit together? The columns that say whose an order is, chosen by the values that both sides share."""

import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb

from icp_helpers.tables import formats
from icp_helpers.tables.engine import Engine, View, engine_in, name
from icp_helpers.tables.errors import TableError, told
from icp_helpers.tables.market import Market
from icp_helpers.tables.recognising import Taken
from icp_helpers.tables.sources import Shelf, open_raw

OTHERS = ("orders", "order_lines", "subscriptions", "leads")  # the first of them that is there is held against the customers
FIT = 0.5  # of the customers named in the other table are among the customers: less, and the two columns are not of one kind
LOOKED_AT = 2_000  # different values of the other table's column
MOST_COLUMNS = 60  # of each side


def fit_keys(market: Market, taken: list[Taken], shelf: Shelf | None = None) -> list[Taken]:
    """The tables with customer_id mapped to the columns whose values fit, where those found by their names do not.

    A table whose key was changed, or whose customers are not among the customers whatever column is tried, has a word
    about it in `look`. What cannot be read is left as it is: cleaning tells why.
    """
    by_table = {each.table: each for each in taken}
    customers, other = by_table.get("customers"), next((by_table[table] for table in OTHERS if table in by_table), None)
    if customers is None or other is None or "customer_id" in {**customers.derive, **other.derive} or customers.supply.place == other.supply.place:
        return taken
    try:
        with tempfile.TemporaryDirectory() as stage, engine_in(Path(stage)) as engine:
            for each in (customers, other):
                open_raw(market, each.table, engine, shelf)
            shares = _shares(engine, customers, other)
    except (TableError, duckdb.Error):
        return taken
    mapped = (_mapped(customers), _mapped(other))
    if not shares or shares.get(mapped, 0.0) >= FIT:
        return taken
    best = max(shares, key=shares.get)
    if shares[best] < FIT:
        changed = {other.table: replace(other, look=told("hardly any of its customers are among the customers: which column do both share?"))}
    else:
        share, right, left = f"{shares[best]:.0%}", best[1], best[0]
        changed = {each.table: replace(each, columns=_with_key(each, column),
                                       look=told(f"'{column}' was taken for the customer: {share} of the values in '{right}' of {other.table} are in '{left}' of customers"))
                   for each, column in zip((customers, other), best, strict=True) if column != _mapped(each)}
    return [changed.get(each.table, each) for each in taken]


def _shares(engine: Engine, customers: Taken, other: Taken) -> dict:
    """(column of customers, column of the other table) -> share of the other's values that are the customers'; only
    columns of customers that tell them apart, and columns of the other table that say the same of several rows."""
    mine = _columns(engine, "customers", customers, lambda rows, values, kinds: kinds >= 0.95 * max(values, 1) and values >= 0.5 * rows)
    theirs = _columns(engine, other.table, other, lambda rows, values, kinds: kinds > 1)
    some = {right: _some_values(engine, f"raw {other.table}", right, place) for place, right in enumerate(theirs)}
    shares = {}
    for left in mine:
        known = f"SELECT {formats.tidy(name(left))} FROM {name('raw customers')} WHERE {name(left)} IS NOT NULL"
        for right in theirs:
            shares[left, right] = some[right].one(f"coalesce(avg((value IN ({known}))::INT), 0) AS share")["share"]
    return shares


def _some_values(engine: Engine, view: str, column: str, place: int) -> View:
    """A column's different values, at most LOOKED_AT, the same ones every time."""
    kinds = f"SELECT DISTINCT {name(column)} AS value FROM {name(view)} WHERE {name(column)} IS NOT NULL ORDER BY hash(value) LIMIT {LOOKED_AT}"
    return engine.kept(f"some values {place}", f"SELECT DISTINCT {formats.tidy('value')} AS value FROM ({kinds})")


def _columns(engine: Engine, table: str, each: Taken, fits) -> list[str]:
    """The mapped column first: of equal shares it stays. Columns with a meaning of their own are no ids."""
    meant = {theirs for theirs, ours in each.columns.items() if ours != "customer_id"} - {_mapped(each)}
    key = {theirs for theirs, ours in each.columns.items() if ours in ("order_id", "lead_id")}
    listed = sorted((column for column in each.supply.columns if column not in meant | key), key=lambda column: column != _mapped(each))[:MOST_COLUMNS]
    made = []
    for column in listed:
        told = engine.rows(f"SELECT count(*) AS rows, count({name(column)}) AS values, count(DISTINCT {name(column)}) AS kinds FROM {name(f'raw {table}')}")[0]
        if fits(told["rows"], told["values"], told["kinds"]):
            made.append(column)
    return made


def _mapped(each: Taken) -> str | None:
    own = next((column for column in each.supply.columns if " ".join(column.split()).lower() == "customer_id"), None)
    return next((theirs for theirs, ours in each.columns.items() if ours == "customer_id"), own)


def _with_key(each: Taken, column: str) -> dict:
    return {theirs: ours for theirs, ours in each.columns.items() if ours != "customer_id" and theirs != column} | {column: "customer_id"}
