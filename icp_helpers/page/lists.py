"""Target lists as xlsx and csv for the people who call and write. Private: a row a person or firm.

Whatever stands in the data stays text: no cell becomes a formula or a link when a spreadsheet opens the file.
"""

import datetime as dt
import io
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import xlsxwriter

from icp_helpers.analysis.criteria import criteria_sql
from icp_helpers.page.archive import undated
from icp_helpers.page.numbers import Words

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what spreadsheets take for the start of a formula (OWASP, CSV injection)
PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
MARKS = {">=": "at least ", "<=": "at most ", "has": "has "}  # as a score's reasons are written
WIDEST, NARROWEST = 60, 8  # characters of a column in a workbook


def write_lists(folder: Path, lists: Mapping[str, pd.DataFrame], *, headers: Mapping[str, str], as_of: dt.date) -> list[Path]:
    """Write each list (file name without its end -> frame) as xlsx and csv, and nothing else into `folder`.

    `headers`: column -> the word above it; other columns keep their names. A list without rows is written with its
    headers alone, so that an old one is not mistaken for today's.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    written = []
    for name, frame in lists.items():
        titled = frame.rename(columns=dict(headers))
        for end, content in ((".xlsx", workbook(titled, as_of)), (".csv", csv_text(titled).encode("utf-8-sig"))):
            path = folder / f"{name}{end}"
            path.write_bytes(content)
            written.append(path)
    return written


def write_sql(path: Path, profiles: Sequence) -> None:
    """The profiles as a query's conditions, to be put behind WHERE in a warehouse (DuckDB's dialect)."""
    parts = [f"-- {profile.id}: {' '.join(str(profile.name).split())}\n{criteria_sql(profile.criteria)}\n" for profile in profiles]
    path.write_text("\n".join(parts), encoding="utf-8")


def reason_in_words(reason: str, columns: Sequence[str], words: Words, against: str) -> str:
    """A reason as `score_list` writes it (`+ employees at least 70`), in the reader's words; `against` is put behind one
    that speaks against. Without its sign no reason looks like a formula."""
    sign, _space, rest = reason.partition(" ")
    column = next((name for name in sorted(columns, key=len, reverse=True) if rest.startswith(f"{name} ")), None)
    if sign not in ("+", "-"):
        return reason
    told = rest if column is None else words.criterion(_criterion(column, rest[len(column) + 1:]))
    return told if sign == "+" else f"{told} ({against})"


def reasons_in_words(reasons: pd.Series, columns: Sequence[str], words: Words, against: str) -> pd.Series:
    """Whole cells of reasons, separated by `; `, in the reader's words."""
    return reasons.map(lambda cell: "; ".join(reason_in_words(one, columns, words, against) for one in cell.split("; ")))


def _criterion(column: str, value: str) -> dict:
    """What a reason says of a column as a criterion: column, op, value."""
    op = next((op for op, mark in MARKS.items() if value.startswith(mark)), "is")
    value = value.removeprefix(MARKS.get(op, ""))
    ends = [_number(end) for end in value.split("–")]
    if op == "is" and len(ends) == 2 and all(isinstance(end, float) for end in ends):
        return {"column": column, "op": "between", "value": ends}
    return {"column": column, "op": op, "value": {"True": True, "False": False}.get(value, ends[0] if len(ends) == 1 else value)}


def _number(text: str) -> float | str:
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", text) else text


def csv_text(frame: pd.DataFrame) -> str:
    """The frame as csv, every text that would start a formula with an apostrophe in front, headers included."""
    safe = pd.DataFrame({disarmed(column): [disarmed(value) for value in frame[column]] for column in frame.columns}, columns=None)
    return safe.to_csv(index=False, lineterminator="\r\n")


def disarmed(value):
    """The value; a text that a spreadsheet would take for a formula with an apostrophe in front. Numbers stay numbers."""
    if isinstance(value, list):
        value = "|".join(map(str, value))
    if isinstance(value, str) and (value.startswith(FORMULA) or value.lstrip().startswith(FORMULA)):
        return f"'{value}"
    return value


def workbook(frame: pd.DataFrame, as_of: dt.date) -> bytes:
    """The frame as a workbook of one sheet: a frozen, filtered head, text as text, nothing live."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN | {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True, "bottom": 1})
        for place, column in enumerate(frame.columns):
            texts = [_cell(value) for value in frame[column]]
            sheet.write_string(0, place, str(column), bold)
            for row, value in enumerate(texts, start=1):
                _write(sheet, row, place, value)
            widest = max((len(str(value)) for value in (column, *texts)), default=NARROWEST)
            sheet.set_column(place, place, min(max(widest + 1, NARROWEST), WIDEST))
        sheet.freeze_panes(1, 0)
        if len(frame.columns):
            sheet.autofilter(0, 0, max(len(frame), 1), len(frame.columns) - 1)
    return undated(buffer.getvalue(), as_of)


def _cell(value):
    if isinstance(value, list):
        return "|".join(map(str, value))
    if value is None or value is pd.NA or value != value:
        return None
    return value.item() if hasattr(value, "item") else value


def _write(sheet, row: int, place: int, value) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value)
    elif isinstance(value, dt.datetime):
        sheet.write_datetime(row, place, value)
    else:
        sheet.write_string(row, place, str(value))
