"""Where a market's tables come from: csv, xlsx and parquet files, or tables of a database, all on one DuckDB engine."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from icp_helpers.tables.csv_files import stage_csv
from icp_helpers.tables.databases import fetch
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
        fetch(market.connection or "", place, target, f"connection '{market.connection}' of market '{market.slug}'")
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
