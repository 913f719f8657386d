"""Where a market's tables come from: csv, xlsx and parquet files, or tables of a database, all on one DuckDB engine."""

import os
from dataclasses import dataclass
from pathlib import Path

import duckdb
import ibis
import pyarrow.parquet as pq

from icp_helpers.tables.csv_files import stage_csv
from icp_helpers.tables.engine import Engine, View, text
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.excel_files import stage_xlsx
from icp_helpers.tables.market import Market

ROW = "row_in_file"  # the place of a row in its file: keeps the order, and numbers customers who have no id


@dataclass(frozen=True)
class Raw:
    """A table as it was supplied. `view` holds their columns and ROW; csv and xlsx columns are text."""

    name: str
    where: str  # for errors: the file and the market
    view: View
    columns: list
    notes: list
    rejected: dict  # reason -> rows that could not be read at all


def open_raw(market: Market, name: str, engine: Engine) -> Raw:
    """One table of the market as a view of `engine`; what is no Parquet yet is brought to it in the engine's folder.

    Raises TableError when the file is missing or cannot be read, or the database does not answer.
    """
    place = market.tables[name]
    path, _, sheet = place.partition("#")
    where = f"{Path(place).name} of market '{market.slug}'"  # the file's name: where her folders lie is no one's business
    target = engine.folder / f"{name}.raw.parquet"
    kind = Path(path).suffix.lower()
    notes: list = []
    rejected: dict = {}
    if kind in (".csv", ".txt", ".tsv", ".xlsx", ".parquet"):
        file = _existing(market, name, market.folder / path, where)
        if kind == ".parquet":
            target = _readable(file, where)
        else:
            staged = (stage_xlsx(file, sheet or None, target, where) if kind == ".xlsx"
                      else stage_csv(file, target, engine.con, where))
            notes, rejected = staged.notes, staged.rejected
    else:
        _fetch(market, name, place, target)
    view = _with_row(engine, target, name)
    return Raw(name, where, view, [column for column in view.columns if column != ROW], notes, rejected)


def _existing(market: Market, name: str, file: Path, where: str) -> Path:
    if not file.is_file():
        beside = sorted(found.name for found in market.folder.iterdir() if found.is_file() and found.name != "market.yml")
        raise TableError(f"The file of table '{name}' is missing", where=where, found=", ".join(beside[:12]) or "no other file in the folder",
                         remedy=f"Put it into {market.folder.name}/, or correct tables: {name} in market.yml.")
    return file


def _readable(file: Path, where: str) -> Path:
    try:
        names = pq.read_schema(file).names
    except (OSError, ValueError):  # pyarrow's errors derive from these
        raise TableError("The Parquet file cannot be read", where=where, found="a file that is damaged or no Parquet",
                         remedy="Export it again.") from None
    if len({column.lower() for column in names}) < len(names):
        raise TableError("Two columns have the same name", where=where, found=", ".join(names[:20]),
                         remedy="Give each column a name of its own; small and capital letters count as the same.")
    return file


def _with_row(engine: Engine, parquet: Path, name: str) -> View:
    try:
        return engine.view(f"raw {name}", f"SELECT * EXCLUDE (file_row_number), file_row_number AS {ROW} "
                                          f"FROM read_parquet({text(parquet)}, file_row_number=true)")
    except duckdb.Error:
        raise TableError(f"Table '{name}' cannot be read", where=parquet.name, found="a file that the engine refuses",
                         remedy="Export it again.") from None


def _fetch(market: Market, name: str, place: str, target: Path) -> None:
    """Bring a table of the connection to Parquet, batch by batch. What a driver says may hold secrets: never shown."""
    variable = f"ICP_DB_{(market.connection or '').upper()}"
    where = f"connection '{market.connection}' of market '{market.slug}'"
    url = os.environ.get(variable)
    if not url:
        raise TableError(f"The database of table '{name}' is not known", where=where, found=f"no {variable} in the environment",
                         remedy=f"Set {variable} to the database's URL.")
    schema, _, table = place.rpartition(".")
    backend = None
    try:
        backend = ibis.connect(url)
    except Exception as error:  # each driver has its own classes, and all of them mean: no connection
        raise _unreachable("The database does not answer", where, error,
                           f"Check the address, user and password in {variable}, and that the database runs.") from None
    try:
        found = backend.table(table, database=schema or None)
        with found.to_pyarrow_batches() as batches, pq.ParquetWriter(target, found.schema().to_pyarrow()) as written:
            for batch in batches:
                written.write_batch(batch)
    except Exception as error:  # as above: the table is missing, or the connection dropped
        raise _unreachable(f"Table '{place}' cannot be read from the database", where, error,
                           f"Check that the user may read it, and its name under tables: {name}.") from None
    finally:
        backend.disconnect()


def _unreachable(what: str, where: str, error: Exception, remedy: str) -> TableError:
    return TableError(what, where=where, found=f"an error of the kind {type(error).__name__}", remedy=remedy)
