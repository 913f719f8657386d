"""Excel sheets as tables: the first visible sheet, or the one named after a #; then every cell as text in Parquet."""

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from icp_helpers.tables.csv_files import Staged, header_names
from icp_helpers.tables.errors import TableError


def stage_xlsx(file: Path, sheet: str | None, target: Path, where: str) -> Staged:
    """Write one sheet of `file` to the Parquet file `target`, every column as text.

    The header is the first row that has at least half as many filled cells as the widest row, so that a title above
    the table is no header. Numbers are written with a decimal point and dates as ISO, whatever their format in Excel.
    """
    try:
        book = CalamineWorkbook.from_path(str(file))
        visible = [found.name for found in book.sheets_metadata
                   if found.visible == SheetVisibleEnum.Visible and found.typ == SheetTypeEnum.WorkSheet]
        chosen = sheet or (visible[0] if visible else None)
        if chosen not in [found.name for found in book.sheets_metadata]:
            raise TableError(f"There is no sheet '{sheet}'" if sheet else "The workbook has no visible sheet", where=where,
                             found=", ".join(visible) or "no visible sheet", remedy="Name one after a #, as in file.xlsx#Sheet1.")
        rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError):
        raise TableError("The Excel file cannot be read", where=where, found="a file that is damaged, locked or no xlsx",
                         remedy="Open it in Excel, save it as a new xlsx without a password, and try again.") from None
    filled = [sum(cell != "" for cell in row) for row in rows]
    if not any(filled):
        raise TableError("The sheet is empty", where=where, found=f"no filled cell in sheet '{chosen}'",
                         remedy="Name the sheet that holds the table after a #, as in file.xlsx#Sheet1.")
    top = next(place for place, cells in enumerate(filled) if cells * 2 >= max(filled))
    width = max(len(row) for row in rows)
    names = header_names([*(_text(cell) or "" for cell in rows[top]), *[""] * (width - len(rows[top]))], where)
    body = [row for row, cells in zip(rows[top + 1:], filled[top + 1:], strict=True) if cells]
    columns = {name: pa.array([_text(row[place]) if place < len(row) else None for row in body], pa.string())
               for place, name in enumerate(names)}
    pq.write_table(pa.table(columns), target)
    others = [name for name in visible if name != chosen]
    notes = [f"read from sheet '{chosen}'" + (f"; not read: {', '.join(others)}" if others else "")]
    if top:
        notes.append(f"{top} rows above the header left out" if top > 1 else "1 row above the header left out")
    return Staged(target, notes, {})


def _text(cell) -> str | None:
    if cell == "" or cell is None:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ") if cell.time() != dt.time() else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
