"""What a file, a folder or a database holds, before anybody has said what it is: each table's place, columns and first values."""

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from icp_helpers.tables.databases import connected, list_tables, variable_of
from icp_helpers.tables.engine import engine_in, name
from icp_helpers.tables.errors import ParameterError, TableError
from icp_helpers.tables.market import Market
from icp_helpers.tables.sources import Shelf, open_raw

KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
LOOKED_AT = 1000  # rows


@dataclass(frozen=True)
class Supply:
    """One table as it was found. `place` is as it stands under `tables:`, `title` what it is called by its owner,
    `first` the first values of each column as text."""

    place: str
    title: str
    columns: list
    first: dict = field(default_factory=dict)

    @property
    def file(self) -> str:
        return self.place.partition("#")[0]


@dataclass(frozen=True)
class Found:
    """All supplies of one source; `unread` are the places that could not be read, each with its reason."""

    supplies: list
    files: list = field(default_factory=list)
    connection: str | None = None
    unread: dict = field(default_factory=dict)


def look_at(source: str, market: str = "new", shelf: Shelf | None = None) -> Found:
    """The tables of a file, of a folder (its own files, not those of folders in it), or of the connection named.

    Raises ParameterError when there is nothing of that name or no table in it, TableError when a database does not answer.
    """
    path = Path(source)
    if not path.exists():
        if os.environ.get(variable_of(source)):
            return _database(source)
        raise ParameterError("There is no file, folder or connection of that name", where="option --from", found=path.name or "nothing",
                             remedy="Check the path; for a database give its URL, or put the URL into the environment as ICP_DB_<NAME> and give the name.")
    files = [path] if path.is_file() else sorted(path.iterdir())
    files = [file for file in files if file.is_file() and file.suffix.lower() in KINDS and not file.name.startswith((".", "~"))]
    if not files:
        raise ParameterError("There is no table to read", where="option --from", found=path.name or str(path),
                             remedy=f"Name a file or folder with {', '.join(KINDS)}; save an old xls as xlsx.")
    supplies, unread = [], {}
    for place, title, folder in (each for file in files for each in _places(file)):
        try:
            supplies.append(_supply(place, title, Market(market, market, "b2b", folder, {"customers": place}), shelf))
        except TableError as error:
            unread[place] = str(error)
    return Found(supplies, files, None, unread)


def _places(file: Path) -> list[tuple]:
    """The file, or each visible sheet of a workbook: (place, title, folder)."""
    folder = file.resolve().parent
    if file.suffix.lower() == ".xlsx":
        try:
            sheets = [sheet.name for sheet in CalamineWorkbook.from_path(str(file)).sheets_metadata
                      if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet]
        except (CalamineError, OSError, ValueError):
            sheets = []  # reading it says why
        if len(sheets) > 1:
            return [(f"{file.name}#{sheet}", sheet, folder) for sheet in sheets]
    return [(file.name, file.stem, folder)]


def _supply(place: str, title: str, market: Market, shelf: Shelf | None) -> Supply:
    with tempfile.TemporaryDirectory() as stage, engine_in(Path(stage)) as engine:
        raw = open_raw(market, "customers", engine, shelf)
        listed = ", ".join(f"{name(column)}::VARCHAR AS {name(column)}" for column in raw.columns)
        rows = raw.view.rows(listed, f"LIMIT {LOOKED_AT}") if raw.columns else []
    return Supply(place, title, raw.columns, {column: [row[column] for row in rows if row[column] not in (None, "")] for column in raw.columns})


def _database(connection: str) -> Found:
    where = f"connection '{connection}'"
    with connected(connection, where) as backend:
        tables = list_tables(backend, connection)
        supplies, unread = [], {}
        for table in tables:
            try:
                rows = backend.table(table).limit(LOOKED_AT).to_pyarrow().to_pylist()
                columns = list(backend.table(table).columns)
            except Exception as error:  # no right to read it, or a type that Ibis does not know; a driver's words may hold secrets
                unread[table] = f"an error of the kind {type(error).__name__}"
                continue
            first = {column: [str(row[column]) for row in rows if row[column] not in (None, "")] for column in columns}
            supplies.append(Supply(table, table, columns, first))
    if not supplies:
        raise ParameterError("The database holds no table that can be read", where=where,
                             found=f"{len(tables)} tables", remedy="Give the user the right to read them, or name another database.")
    return Found(supplies, [], connection, unread)
