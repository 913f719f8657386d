"""Which of our tables a supplied one is: by the headers of known programs, else by names of tables and columns.

The names stand in data/exports.yml. Nothing here looks at a market: that is proposing.py.
"""

import unicodedata
from dataclasses import dataclass, field
from functools import cache

import sqlglot
import yaml
from sqlglot import exp

from icp_helpers.tables.dictionary import Table, dictionary
from icp_helpers.tables.engine import name
from icp_helpers.tables.errors import told
from icp_helpers.tables.market import REPOSITORY
from icp_helpers.tables.market_sql import columns_of
from icp_helpers.tables.naming import NUMBERED
from icp_helpers.tables.supplies import Supply

FILE = REPOSITORY / "data" / "exports.yml"
BY_NAME = told("it names customers by their names alone, so that two people of one name are one customer")
ENOUGH = 2  # of a table's own columns: by a single one, such as customer_id, nothing is recognised


@dataclass(frozen=True)
class Taken:
    """A supply taken for a table. `columns` maps theirs to ours; `missing` are required columns that were not found;
    `sure` is false where a person should look; `after` are their columns that are known only after the purchase."""

    supply: Supply
    table: str
    columns: dict
    derive: dict = field(default_factory=dict)
    where: str | None = None
    missing: tuple = ()
    sure: bool = True
    program: str | None = None
    kind: str | None = None
    after: tuple = ()
    score: tuple = ()
    look: str = ""  # what a person should know about it


@cache
def exports() -> dict:
    """data/exports.yml, read once."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def fold(text: str) -> str:
    """A name as it is compared: small letters and digits alone, Danish letters spelt out."""
    text = unicodedata.normalize("NFC", text).lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum())


def recognise(supplies: list[Supply]) -> list[Taken]:
    """Each supply as the table that it fits best, each table once, the surest first."""
    programs = [program["program"] for program in exports()["programs"]]  # in the order of what they tell: deals before contacts
    taken = sorted((each for supply in supplies for each in by_program(supply)), key=lambda each: programs.index(each.program))
    known = {each.supply.place for each in taken}
    guesses = [each for supply in supplies if supply.place not in known for each in by_names(supply)]
    once: list[Taken] = []
    for each in [*taken, *sorted(guesses, key=lambda each: each.score, reverse=True)]:
        used = {other.supply.place for other in once if other.program is None}
        if each.table not in {other.table for other in once} and each.supply.place not in used:
            once.append(each)
    order = list(dictionary().tables)
    return sorted(once, key=lambda each: order.index(each.table))


def by_program(supply: Supply) -> list[Taken]:
    """The tables of a known program's export; none when its headers are no program's."""
    header = _header(supply)
    for program in exports()["programs"]:
        if _all_in(program["signature"], header) and not any(fold(word) in header for word in program.get("unless", ())):
            made = [_of_program(supply, header, program, table, says) for table, says in program["tables"].items()
                    if _all_in(says.get("needs", ()), header)]
            return [each for each in made if not each.missing]
    return []


def by_names(supply: Supply) -> list[Taken]:
    """What a table may be by its title and its columns' names, the likeliest first."""
    header, title = _header(supply), fold(supply.title)
    found = []
    for table in dictionary().tables.values():
        columns, met = match_columns(table, header)
        derive = _line_amounts(table, header, met)
        missing = _missing(table, {*met, *derive})
        called = {fold(table.name), *map(fold, table.label.values()), *map(fold, exports()["tables"].get(table.name, ()))}
        named = title in called or any(len(word) > 4 and word in title for word in called)
        own = len([ours for ours in met if ours in table.columns and ours not in NUMBERED])
        plain = {fold(word) for word in exports()["keys"]}  # an "id" says nothing about whose it is
        by_key = table.key in NUMBERED and table.key in met and len(met) >= ENOUGH and not any(
            ours == table.key and fold(theirs) in plain for theirs, ours in columns.items())
        if not missing and (named or own >= ENOUGH or by_key):
            score = (title in called, own + len(derive) + 2 * named, len(met), table.name == "customers")
            found.append(Taken(supply, table.name, columns, derive, sure=named or own > ENOUGH or by_key, score=score))
    return sorted(found, key=lambda each: each.score, reverse=True)


def match_columns(table: Table, header: dict) -> tuple[dict, set]:
    """Their columns under our names (those that are called otherwise), and all of our columns that are there.

    An exact name goes before a similar one, whichever column it belongs to.
    """
    wanted = [*table.columns, *(c for c in dictionary().traits if c not in table.columns and table.traits)]
    columns, met = {}, {}
    for exact in (True, False):
        for ours in wanted:
            words = [ours, *_labels(table, ours)] if exact else [*_words(ours), *(exports()["keys"] if ours == table.key else ())]
            theirs = next((header[fold(word)] for word in words if fold(word) in header and header[fold(word)] not in met.values()), None)
            if theirs and ours not in met:
                met[ours] = theirs
    for ours, theirs in met.items():
        if " ".join(theirs.split()).lower() != ours:
            columns[theirs] = ours
    return columns, set(met)


def danish_share(supplies: list[Supply]) -> float:
    """The share of the recognisable headers that are Danish words."""
    danish = {fold(word) for says in exports()["columns"].values() for word in says["da"]}
    english = {fold(word) for ours, says in exports()["columns"].items() for word in (*says["en"], ours)}
    header = [fold(column.rpartition(" - ")[2]) for supply in supplies for column in supply.columns]  # Pipedrive puts the object in front
    told = [word for word in header if word in danish or word in english]
    return sum(word in danish and word not in english for word in told) / len(told) if told else 0.0


def _of_program(supply: Supply, header: dict, program: dict, table: str, says: dict) -> Taken:
    columns: dict = {}
    for theirs, ours in says["columns"].items():
        if fold(theirs) in header and ours not in columns.values():
            columns[header[fold(theirs)]] = ours
    derive = {ours: made for ours, sql in says.get("derive", {}).items() if ours not in columns.values() and (made := _first_in_their_words(sql, header))}
    where = _in_their_words(says["where"], header) if "where" in says else None
    after = tuple(header[fold(word)] for word in says.get("after", ()) if fold(word) in header)
    described = dictionary().tables[table]
    met = {*columns.values(), *derive, *(header_name for header_name in described.columns if fold(header_name) in header)}
    return Taken(supply, table, {theirs: ours for theirs, ours in columns.items() if theirs != ours}, derive, where,
                 _missing(described, met), True, program["program"], program["kind"], after, look=BY_NAME if program.get("by_name") else "")


def _first_in_their_words(sql: str | list, header: dict) -> str | None:
    spoken = (_in_their_words(one, header) for one in ([sql] if isinstance(sql, str) else sql))
    return next((one for one in spoken if one), None)


def _in_their_words(sql: str, header: dict) -> str | None:
    """The expression with its columns as the file spells them; None when one is not there."""
    if not all(fold(column) in header for column in columns_of(sql)):
        return None
    tree = sqlglot.parse_one(sql, read="duckdb").transform(
        lambda node: exp.column(header[fold(node.name)], quoted=True) if isinstance(node, exp.Column) else node)
    return tree.sql(dialect="duckdb")


def _line_amounts(table: Table, header: dict, met: set) -> dict:
    """Order lines without an amount: quantity times the price of one."""
    price = next((header[fold(word)] for word in _words("unit_price") if fold(word) in header), None)
    if table.name != "order_lines" or "amount" in met or "quantity" not in met or price is None:
        return {}
    quantity = next(header[fold(word)] for word in ("quantity", *_labels(table, "quantity"), *_words("quantity")) if fold(word) in header)
    return {"amount": f"{name(quantity)} * {name(price)}"}


def _missing(table: Table, met: set) -> tuple:
    missing = [c.name for c in table.columns.values() if c.required and c.name not in met and c.name not in NUMBERED]
    return (*missing, *((" or ".join(table.one_of),) if table.one_of and not met & set(table.one_of) else ()))


def _header(supply: Supply) -> dict:
    return {fold(column): column for column in reversed(supply.columns) if fold(column)}


def _all_in(words, header: dict) -> bool:
    return all(fold(word) in header for word in words)


def _labels(table: Table, ours: str) -> list:
    described = table.columns.get(ours) or dictionary().traits.get(ours)
    return list(described.label.values()) if described else []


def _words(ours: str) -> list:
    says = exports()["columns"].get(ours, {"en": [], "da": []})
    return [*says["en"], *says["da"]]
