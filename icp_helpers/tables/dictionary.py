"""data/dictionary.yml as objects: every table, column, well-known trait and contract that the workbench knows."""

from dataclasses import dataclass, field
from functools import cache

import yaml

from icp_helpers.tables.market import REPOSITORY

FILE = REPOSITORY / "data" / "dictionary.yml"


@dataclass(frozen=True)
class Column:
    """One column: its type, unit and meaning, and what its values may be."""

    name: str
    type: str  # text | number | date | datetime | boolean | list
    required: bool = False
    key: bool = False
    empty: bool = True
    unit: str = ""
    meaning: str = ""
    label: dict = field(default_factory=dict)  # language -> words
    values: tuple = ()
    low: float | None = None
    high: float | None = None
    refers_to: str | None = None
    at_most: str | None = None  # the column that the value may not exceed
    not_before: str | None = None  # the column that the date may not precede
    future: bool = False  # dates after as_of are expected: plans and goals
    optional: bool = False  # of a contract: the frame may lack the column
    sensitive: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its columns by name, and whether it may have further columns that are traits."""

    name: str
    meaning: str
    label: dict
    columns: dict
    traits: bool = False
    same_rows: str = "reported"  # | aside
    one_of: tuple = ()  # at least one of these columns must be there

    @property
    def key(self) -> str | None:
        return next((column.name for column in self.columns.values() if column.key), None)


@dataclass(frozen=True)
class Contract:
    """One frame between the notebooks: its columns by name, its key, and the notebook that makes it."""

    name: str
    made_by: str
    meaning: str
    columns: dict
    key: tuple = ()
    others: bool = False


@dataclass(frozen=True)
class Dictionary:
    tables: dict
    traits: dict
    contracts: dict
    sensitive_words: frozenset
    identifying_words: frozenset


@cache
def dictionary() -> Dictionary:
    """The dictionary, read once."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Dictionary(
        tables={name: Table(name, made["meaning"], made["label"], _columns(made["columns"], in_table=True),
                            made.get("traits", False), made.get("same_rows", "reported"), tuple(made.get("one_of", ())))
                for name, made in content["tables"].items()},
        traits=_columns(content["traits"], in_table=False),
        contracts={name: Contract(name, made["made_by"], made["meaning"], _columns(made.get("columns", {}), in_table=False),
                                  tuple(made.get("key", ())), made.get("others", False))
                   for name, made in content["contracts"].items()},
        sensitive_words=frozenset(content["sensitive_words"]), identifying_words=frozenset(content["identifying_words"]))


def column_label(name: str, language: str) -> str | None:
    """The words for a column or trait in a language, or None where the dictionary has none."""
    known = dictionary()
    places = (known.traits, known.contracts["features"].columns, known.contracts["ideal"].columns,
              *(table.columns for table in known.tables.values()))
    found = next((place[name] for place in places if name in place and place[name].label), None)
    return found.label.get(language) if found else None


def _columns(made: dict, *, in_table: bool) -> dict:
    """Columns by name. A required column of a table must have a value in each row, unless it says `empty: true`."""
    def column(name, says):
        required = says.get("required", False)
        return Column(
            name, says["type"], required=required, key=says.get("key", False),
            empty=says.get("empty", not (in_table and required)), unit=says.get("unit", ""), meaning=says.get("meaning", ""),
            label=says.get("label", {}), values=tuple(says.get("values", ())), low=says.get("from"), high=says.get("to"),
            refers_to=says.get("in"), at_most=says.get("at_most"), not_before=says.get("not_before"),
            future=says.get("future", False), optional=says.get("optional", False),
            sensitive=says.get("sensitive", False))
    return {name: column(name, says) for name, says in made.items()}
