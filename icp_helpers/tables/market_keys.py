"""From the values of a market file to a Market: every key of DESIGN's market file, checked in turn."""

import re
import zoneinfo
from dataclasses import fields
from pathlib import Path

from babel.numbers import list_currencies

from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.market import MARKS, Economics, Ideal, Market, Privacy, Purpose, Rollout, Trait
from icp_helpers.tables.market_values import SLUG, Values, nearest, shown
from icp_helpers.tables.market_yaml import read_yaml

KEYS = tuple(f.name for f in fields(Market) if f.name not in ("slug", "folder", "given"))
FILE_KINDS = (".csv", ".txt", ".tsv", ".xlsx", ".parquet")
NO_MORE_THAN = 1_000_000_000
_CONNECTION = re.compile(r"^[A-Za-z][A-Za-z0-9_]*$")


def checked_market(file: Path) -> Market:
    """The Market of one market.yml. Raises MarketFileError at the first thing that is wrong, with its line."""
    values = Values(read_yaml(file))
    slug = file.parent.name
    if not SLUG.match(slug):
        raise values.wrong((), "The folder's name cannot be the name of a market",
                           "Rename it to small letters, digits and single hyphens, as in 'nordlys-dk'.", found=shown(slug))
    written = values.keys((), KEYS)
    for key in ("name", "kind", "tables"):
        if key not in written:
            raise values.wrong((), f"The key '{key}' is missing", f"Add `{key}:` to the file.",
                               found=", ".join(written) or "an empty file")
    common = {key: value for key, value in _plain_keys(values).items() if value is not None}
    return Market(slug=slug, folder=file.parent, given=_given(values.source.content), **common,
                  **_table_keys(values), **_analysis_keys(values))


def _plain_keys(values: Values) -> dict:
    name = values.text(("name",))
    if name is None:
        raise values.wrong(("name",), "'name' is empty", "Write the name that the reports shall show.")
    if values.text(("kind",)) is None:
        raise values.wrong(("kind",), "'kind' is empty", "Write b2b or b2c.")
    return {"name": name, "kind": values.one_of(("kind",), ("b2b", "b2c")),
            "language": values.one_of(("language",), ("da", "en")), "currency": _currency(values),
            "timezone": _timezone(values), "as_of": values.day(("as_of",)), "connection": _connection(values),
            "value_event": values.text(("value_event",)), "seed": values.number(("seed",), None, 0, 2**32 - 1, whole=True)}


def _currency(values: Values) -> str | None:
    code = values.text(("currency",))
    if code is not None and code not in list_currencies():
        raise values.wrong(("currency",), "'currency' is no currency's code", "Write the three letters, as in DKK or EUR.")
    return code


def _timezone(values: Values) -> str | None:
    zone = values.text(("timezone",))
    if zone is not None and zone not in zoneinfo.available_timezones():
        raise values.wrong(("timezone",), "'timezone' is not known",
                           "Write it as continent and city, as in Europe/Copenhagen.")
    return zone


def _connection(values: Values) -> str | None:
    name = values.text(("connection",))
    if name is not None and not _CONNECTION.match(name):
        raise values.wrong(("connection",), "'connection' must be a short name",
                           "Write a name such as crm, and put the URL in the environment as ICP_DB_CRM.",
                           found="something else (not shown)")
    return name


def _table_keys(values: Values) -> dict:
    known = dictionary().tables
    tables = {table: _place(values, table) for table in values.keys(("tables",), known)}
    at_hand = {*tables, *({"orders"} if "order_lines" in tables else ())}  # order lines can make the orders
    columns, derive = {}, {}
    for key in ("columns", "derive", "where"):
        for table in values.keys((key,), known):
            if table not in at_hand:
                raise values.wrong((key, table), f"'{key}' speaks of a table that is not among the tables",
                                   f"Add `{table}:` under tables, or take it out here.", found=table)
    for table in values.mapping(("columns",)):
        columns[table] = _mapped(values, table)
    for table in values.mapping(("derive",)):
        derive[table] = {
            _known_column(values, ("derive", table, ours), table, ours): values.expression(("derive", table, ours))
            for ours in values.mapping(("derive", table))}
    where = {table: values.expression(("where", table)) for table in values.mapping(("where",))}
    return {"tables": tables, "columns": columns,
            "derive": derive, "where": where}


def _place(values: Values, table: str) -> str:
    path = ("tables", table)
    place = values.text(path)
    if place is None:
        raise values.wrong(path, f"No file is named for the table '{table}'", "Name a file beside market.yml.")
    if "://" in place:
        raise values.wrong(path, f"The table '{table}' names an address", "Name a file beside market.yml, or use "
                           "`connection:` for a database.", found="an address (not shown)")
    if not place.split("#")[0].lower().endswith(FILE_KINDS) and values.text(("connection",)) is None:
        raise values.wrong(path, f"The table '{table}' names no file that can be read",
                           "Name a csv, xlsx or parquet file, or set `connection:` for a table of a database.")
    return place


def _mapped(values: Values, table: str) -> dict:
    made: dict[str, str] = {}
    for theirs in values.mapping(("columns", table)):
        path = ("columns", table, theirs)
        ours = values.text(path)
        if ours is None:
            raise values.wrong(path, f"The column '{theirs}' is mapped to nothing", "Write our name after the colon.")
        if ours in made.values():
            raise values.wrong(path, f"Two columns of '{table}' are mapped to '{ours}'", "Keep one of them.")
        made[theirs] = _known_column(values, path, table, ours)
    return made


def _known_column(values: Values, path: tuple, table: str, ours: str) -> str:
    """Our name of a column; a table with traits may have columns that the dictionary does not name."""
    described = dictionary().tables[table]
    if ours not in described.columns and not described.traits and table != "order_lines":
        raise values.wrong(path, f"The table '{table}' has no column '{ours}'", nearest(ours, described.columns), found=ours)
    return ours


def _analysis_keys(values: Values) -> dict:
    for path in (("purpose",), ("economics",), ("rollout",), ("privacy",)):
        kind = {"purpose": Purpose, "economics": Economics, "rollout": Rollout, "privacy": Privacy}[path[0]]
        values.keys(path, tuple(f.name for f in fields(kind)))
    default = Economics()
    return {
        "purpose": Purpose(**{f.name: values.text(("purpose", f.name), "") for f in fields(Purpose)}),
        "economics": Economics(
            margin_rate=values.number(("economics", "margin_rate"), default.margin_rate, -1, 1),
            discount_rate=values.number(("economics", "discount_rate"), default.discount_rate, 0, 1),
            horizon_months=values.number(("economics", "horizon_months"), default.horizon_months, 1, 240, whole=True),
            ticket_cost=values.number(("economics", "ticket_cost"), default.ticket_cost, 0, 1_000_000_000)),
        "rollout": Rollout(values.day(("rollout", "started_on"))),
        "privacy": Privacy(values.number(("privacy", "smallest_cell"), Privacy().smallest_cell, 1, 1000, whole=True)),
        "traits": _traits(values), "ideal": _ideal(values), "segments": _segments(values)}


def _traits(values: Values) -> dict | None:
    if "traits" not in values.source.content:
        return None
    made = {}
    for column in values.mapping(("traits",)):
        path = ("traits", column)
        written = values.keys(path, tuple(f.name for f in fields(Trait)))
        made[column] = Trait(
            unit=values.text((*path, "unit")), label=values.text((*path, "label")),
            sensitive=values.boolean((*path, "sensitive"), False) if "sensitive" in written else None,
            allowed_because=values.text((*path, "allowed_because")),
            known=values.one_of((*path, "known"), ("before", "after"), Trait().known))
    return made


def _ideal(values: Values) -> Ideal:
    written = values.keys(("ideal",), tuple(f.name for f in fields(Ideal)))
    outcome = values.text(("ideal", "outcome"))
    if outcome is not None and set(written) & {"weights", "share"}:
        raise values.wrong(("ideal",), "'ideal' has both an outcome and weights", "Keep one: `outcome`, or `weights` and `share`.",
                           found=", ".join(written))
    if outcome is not None:
        return Ideal(weights=None, outcome=outcome)
    share = values.number(("ideal", "share"), Ideal().share, 0.01, 0.5)
    weights = {mark: values.number(("ideal", "weights", mark), 0, 0, NO_MORE_THAN)
               for mark in values.keys(("ideal", "weights"), MARKS)}
    if weights and sum(weights.values()) <= 0:
        raise values.wrong(("ideal", "weights"), "No mark has a weight above 0", "Give at least one mark a weight.")
    total = sum(weights.values())
    return Ideal({mark: weights.get(mark, 0) / total for mark in MARKS}, share) if weights else Ideal(share=share)


def _segments(values: Values) -> dict | str:
    if values.at(("segments",)) == "found":
        return "found"
    made = {}
    for slug in values.mapping(("segments",)):
        path = ("segments", slug)
        if slug in ("all", "found"):
            raise values.wrong(path, f"A segment cannot be called '{slug}'", "Give it another name.", found=slug)
        made[values.slug(path, slug)] = values.expression(path)
    return made


def _given(content, path=()) -> frozenset:
    if not isinstance(content, dict):
        return frozenset({".".join(path)})
    return frozenset({".".join(path)} - {""}).union(*(_given(value, (*path, str(key))) for key, value in content.items()))
