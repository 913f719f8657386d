"""From a supplied table to ours: their columns under our names, typed, with the market's own expressions applied."""

import unicodedata
from dataclasses import dataclass

import duckdb

from icp_helpers.tables.dictionary import Table, dictionary
from icp_helpers.tables.engine import Engine, View, name
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.market import Market
from icp_helpers.tables.market_sql import columns_of
from icp_helpers.tables.readings import Reading, read_columns
from icp_helpers.tables.sources import ROW, Raw

IN_MARKET = "of this market"
NUMBERED = frozenset({"customer_id", "lead_id", "prospect_id"})  # made by numbering the rows where a file lacks them


@dataclass(frozen=True)
class Named:
    """A table under our names: `view` holds ROW, IN_MARKET (false: another market's row) and what `readings` speak of.

    `own` are the columns that the dictionary does not describe (traits); `numbered` says that the key was made.
    """

    described: Table
    raw: Raw
    view: View
    readings: dict  # our name -> Reading
    own: list
    extra: list
    numbered: bool


def name_columns(market: Market, raw: Raw, *, also: dict | None = None) -> Named:
    """Map, type and derive the columns of one supplied table.

    `also` are further expressions (name -> SQL) to compute beside the market's own derive, as for orders that are made
    from order lines. Raises TableError when a mapped or required column is missing or an expression cannot be computed.
    """
    described = dictionary().tables[raw.name]
    derive = {**market.derive.get(raw.name, {}), **(also or {})}
    where = market.where.get(raw.name)
    theirs = _theirs(market, raw, described, derive)  # our name -> their column
    own = _own(market, raw, described, theirs, derive)
    used = {word.lower() for sql in (*derive.values(), *filter(None, [where])) for word in columns_of(sql)}
    types = {column: _type(described, ours) for ours, column in theirs.items()}
    types |= {column: types.get(column) for column in raw.columns if column.lower() in used}
    options = {"zone": market.timezone, "decimal_comma": market.language == "da"}
    known = {column: dictionary().traits[column].type for column in own if column in dictionary().traits}
    read = read_columns(raw, {**dict.fromkeys(c for c in own if c not in known), **types}, hoped=known, **options)
    view = _typed_view(raw, theirs, read)
    for ours, sql in derive.items():
        view = _computed(view, _derived(ours), sql, f"derive: {raw.name}: {ours}", raw)
    view = _computed(view, IN_MARKET, where or "true", f"where: {raw.name}", raw)
    if view.columns[IN_MARKET] != "BOOLEAN":
        raise TableError(f"The expression of where: {raw.name} is neither true nor false", where=raw.where, found=f"a {view.columns[IN_MARKET].lower()[:40]}",
                         remedy="Compare it with something, as in \"country = 'DK'\".")
    readings = {ours: _under(column, read[column]) for ours, column in {**theirs, **{c: c for c in own}}.items()}
    derived = {_derived(ours): _type(described, ours) for ours in derive}
    made = read_columns(Raw(raw.name, raw.where, view, list(derived), [], {}), derived, **options)
    readings |= {ours: made[_derived(ours)] for ours in derive}
    numbered = described.key in NUMBERED and described.key not in readings
    if numbered:
        readings[described.key] = Reading("text", f"({ROW} + 1)::VARCHAR")
    _all_required(market, raw, described, readings)
    taken = {*theirs.values(), *own}
    extra = [column for column in raw.columns if column not in taken and column.lower() not in used]
    return Named(described, raw, view, readings, [c for c in readings if c not in described.columns], extra, numbered)


def _theirs(market: Market, raw: Raw, described: Table, derive: dict) -> dict:
    at_hand = {_folded(column): column for column in raw.columns}
    mapped = {}
    for theirs, ours in market.columns.get(raw.name, {}).items():
        if _folded(theirs) not in at_hand:
            raise TableError(f"Column '{theirs}' is missing", where=raw.where, found=", ".join(raw.columns[:30]),
                             remedy=f"Correct columns: {raw.name} in market.yml, or put the column back into the file.")
        mapped[ours] = at_hand[_folded(theirs)]
    for ours in described.columns:
        if ours not in mapped and ours not in derive and ours in at_hand and at_hand[ours] not in mapped.values():
            mapped[ours] = at_hand[ours]
    return {ours: theirs for ours, theirs in mapped.items() if ours not in derive}


def _own(market: Market, raw: Raw, described: Table, theirs: dict, derive: dict) -> list:
    """Their columns that are kept under their own names: traits, wherever these may stand."""
    free = [column for column in raw.columns if column not in theirs.values() and column not in derive]
    if described.traits:
        return [column for column in free if column not in described.columns]
    return [column for column in free if column in (market.traits or {}) and "customers" not in market.tables]


def _typed_view(raw: Raw, theirs: dict, read: dict) -> View:
    """Every column that is read, under their name and under ours: both may stand in an expression."""
    columns = {column: reading.value for column, reading in read.items()}
    columns |= {_flag(column): reading.unreadable for column, reading in read.items() if reading.unreadable}
    taken = {column.lower() for column in columns}
    columns |= {ours: read[column].value for ours, column in theirs.items() if ours.lower() not in taken}
    listed = ", ".join(f"{sql} AS {name(column)}" for column, sql in columns.items())
    return raw.view.engine.view(_typed(raw), f"SELECT {ROW}{', ' if listed else ''}{listed} FROM {name(raw.view.called)}")


def _type(described: Table, ours: str) -> str | None:
    if ours in described.columns:
        return described.columns[ours].type
    return dictionary().tables["orders"].columns[ours].type if described.name == "order_lines" and ours == "refund_of" else None


def _computed(view: View, column: str, sql: str, key: str, raw: Raw) -> View:
    try:
        return view.engine.view(f"{column} of {raw.name}", f"SELECT *, ({sql}) AS {name(column)} FROM {name(view.called)}")
    except duckdb.Error as error:
        known = {column.lower() for column in view.columns}
        unknown = [column[:60] for column in columns_of(sql)[:12] if column.lower() not in known]
        found = (f"no column {', '.join(unknown)}; columns: {', '.join(raw.columns[:30])}" if unknown
                 else f"a {type(error).__name__}: the columns' types do not fit")
        raise TableError(f"The expression of {key} cannot be computed", where=raw.where, found=found,
                         remedy="Correct the expression in market.yml; names with blanks stand in double quotes.") from None


def failing_expression(market: Market, raw: Raw, engine: Engine) -> TableError | None:
    """The error about the first expression of a table that fails on one of its rows, once the engine has failed; None where none does.

    That it can be computed was asked when it was read, and its types fit: here it is a value, as for CAST('it' AS INTEGER).
    """
    for key, sqls in (("derive", market.derive.get(raw.name, {})), ("where", {"": market.where[raw.name]} if raw.name in market.where else {})):
        for ours, sql in sqls.items():
            try:
                engine.rows(f"SELECT count(({sql})) FROM {name(_typed(raw))}")
            except duckdb.Error as error:
                return TableError(f"The expression of {': '.join(filter(None, (key, raw.name, ours)))} cannot be computed", where=raw.where,
                                  found=f"a {type(error).__name__} on a value of some row",
                                  remedy="Write try_cast(... AS ...) for CAST and nullif(..., 0) for a divisor: such a value then counts as empty.")
    return None


def _typed(raw: Raw) -> str:
    return f"typed {raw.name}"


def _under(column: str, reading: Reading) -> Reading:
    return Reading(reading.type, name(column), name(_flag(column)) if reading.unreadable else None, reading.note)


def _all_required(market: Market, raw: Raw, described: Table, readings: dict) -> None:
    missing = [column.name for column in described.columns.values() if column.required and column.name not in readings]
    if described.one_of and not set(described.one_of) & set(readings):
        missing.append(" or ".join(described.one_of))
    if missing:
        raise TableError(f"Column '{missing[0]}' is missing" if len(missing) == 1 else f"Columns {', '.join(missing)} are missing",
                         where=raw.where, found=", ".join(raw.columns[:30]) or "no columns",
                         remedy=f"Map them under columns: {raw.name} in market.yml, or make them under derive:.")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).lower()


def _flag(column: str) -> str:
    return f"unreadable: {column}"


def _derived(ours: str) -> str:
    return f"derived: {ours}"
