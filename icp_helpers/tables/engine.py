"""The DuckDB engine that cleans a market's tables, and the few words of SQL that the cleaning is written in.

The cleaning is SQL text and no Ibis: a market has some twenty tables and two hundred columns, and to build and compile
their many small expressions by Ibis took ten times as long as to run them (40 CPU seconds against 4 for a sample market).
The clean tables are read through Ibis.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

# Of a unit's engine, in memory; what is more goes to disk. Units run side by side, and each has an engine of its own.
LIMIT = "2GB"
SQL_TYPES = {"text": "VARCHAR", "number": "DOUBLE", "date": "DATE", "datetime": "TIMESTAMP", "boolean": "BOOLEAN", "list": "VARCHAR[]"}


def name(word: str) -> str:
    """A column or view as SQL writes it."""
    return '"' + word.replace('"', '""') + '"'


def text(value: object) -> str:
    """A text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


@dataclass(frozen=True)
class View:
    """A relation of the engine: its name, and its columns with their DuckDB types."""

    engine: "Engine"
    called: str
    columns: dict

    def rows(self, select: str, tail: str = "") -> list:
        """The answer to `SELECT select FROM this tail`, as a list of dicts."""
        return self.engine.rows(f"SELECT {select} FROM {name(self.called)} {tail}")

    def one(self, select: str, tail: str = "") -> dict:
        return self.rows(select, tail)[0]


class Engine:
    """One DuckDB connection with its folder for what does not fit into memory."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.con = duckdb.connect(config={"temp_directory": str(folder / "spill")})

    def rows(self, sql: str) -> list:
        answer = self.con.execute(sql)
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    def view(self, called: str, sql: str) -> View:
        """A view that is computed whenever it is asked for. Raises duckdb.Error when the SQL cannot be bound."""
        self.con.execute(f"CREATE OR REPLACE VIEW {name(called)} AS {sql}")
        described = self.con.execute(f"DESCRIBE {name(called)}").fetchall()
        return View(self, called, {row[0]: row[1] for row in described})

    def kept(self, called: str, sql: str) -> View:
        """A view that is computed once, into a Parquet file of the folder: memory holds no table whole."""
        file = self.folder / f"{called}.parquet"
        self.con.execute(f"COPY ({sql}) TO {text(file)} (FORMAT parquet)")
        return self.view(called, f"SELECT * FROM read_parquet({text(file)})")


@contextmanager
def engine_in(folder: Path):
    """An Engine for as long as it is needed."""
    folder.mkdir(parents=True, exist_ok=True)
    engine = Engine(folder)
    try:
        yield engine
    finally:
        engine.con.close()
