"""Where a market's tables come from: csv, xlsx and parquet files, or tables of a database, all on one DuckDB engine."""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from icp_helpers.tables.csv_files import Staged, stage_csv
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


@dataclass(frozen=True)
class Shelf:
    """Tables that are opened several times, such as those of a new market: each is read once and kept as Parquet in `folder`."""

    folder: Path
    kept: dict = field(default_factory=dict)  # place -> Staged


def open_raw(market: Market, name: str, engine: Engine, shelf: Shelf | None = None) -> Raw:
    """One table of the market as a view of `engine`; what is no Parquet yet is brought to it in the engine's folder, or,
    where there is a `shelf`, taken from there if it was opened before.

    Raises TableError when the file is missing or cannot be read, or the database does not answer.
    """
    place = market.tables[name]
    where = f"{Path(place).name} of market '{market.slug}'"  # the file's name: where her folders lie is no one's business
    if shelf is None:
        staged = _staged(market, name, engine, engine.folder / f"{name}.raw.parquet", where)
    elif place in shelf.kept:
        staged = shelf.kept[place]
    else:
        staged = shelf.kept[place] = _staged(market, name, engine, shelf.folder / f"{len(shelf.kept)}.parquet", where)
    view = _with_row(engine, staged.parquet, name)
    return Raw(name, where, view, [column for column in view.columns if column != ROW], list(staged.notes), dict(staged.rejected))


def _staged(market: Market, name: str, engine: Engine, target: Path, where: str) -> Staged:
    """The table as a Parquet file: `target`, or the supplied file itself where it is one."""
    place = market.tables[name]
    path, _, sheet = place.partition("#")
    kind = Path(path).suffix.lower()
    if kind not in (".csv", ".txt", ".tsv", ".xlsx", ".parquet"):
        fetch(market.connection or "", place, target, f"connection '{market.connection}' of market '{market.slug}'")
        return Staged(target, [], {})
    file = _existing(market, name, market.folder / path, where)
    if kind == ".parquet":
        return Staged(_readable(file, where), [], {})
    return stage_xlsx(file, sheet or None, target, where) if kind == ".xlsx" else stage_csv(file, target, engine.con, where)


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
