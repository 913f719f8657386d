"""Delimited text as it really comes: which encoding, which separator, which header; then every cell as text in Parquet.

Nothing is guessed without a word: what was decided is told in the notes, and what cannot be read is counted by reason.
"""

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb

from icp_helpers.tables.errors import TableError

SEPARATORS = {";": "semicolon", ",": "comma", "\t": "tab", "|": "bar"}
_LOOKED_AT = 1_000_000  # bytes from the start that decide separator and old encodings
_LINES = 200
# Danish letters inside words, as the two old encodings write them
_CP1252 = re.compile(rb"[A-Za-z][\xe6\xf8\xe5\xc6\xd8\xc5\xe9\xf6\xfc\xe4]|[\xc6\xd8\xc5\xe6\xf8\xe5][A-Za-z]")
_CP850 = re.compile(rb"[A-Za-z][\x91\x9b\x86][A-Za-z]")
_MOJIBAKE = re.compile(r"Ã[¦¸¥†˜…©]|Â[ ¤]|\ufffd")
_REASONS = {"MISSING COLUMNS": "fewer fields than the header", "TOO MANY COLUMNS": "more fields than the header",
            "INVALID ENCODING": "characters that cannot be read", "INVALID UNICODE": "characters that cannot be read",
            "LINE SIZE OVER MAXIMUM": "a line that is too long"}


@dataclass(frozen=True)
class Staged:
    """A file brought to Parquet. `rejected` counts by reason the rows that could not be read at all."""

    parquet: Path
    notes: list
    rejected: dict


def stage_csv(file: Path, target: Path, connection: duckdb.DuckDBPyConnection, where: str) -> Staged:
    """Write the csv `file` to the Parquet file `target`, every column as text, only the empty string missing.

    Raises TableError when the file is empty, its header has two equal names, or a quote is never closed.
    """
    encoding, notes = _encoding(file, where)
    source = file if encoding in ("utf-8", "utf-8-sig") else _as_utf8(file, target, encoding, where)
    separator, header, skipped = _layout(source, where)
    notes.append(f"read as {encoding} with {SEPARATORS[separator]} between the columns")
    names = header_names(header, where)
    try:
        rejected = _copy(connection, source, target, separator, names, skipped + 1, where)
    finally:
        if source != file:
            source.unlink()
    return Staged(target, notes, rejected)


def header_names(header: list, where: str) -> list:
    """The names of the columns, trimmed; a column without a name is called by its place. Equal names are an error."""
    names = [" ".join(str(name).split()) or f"column {place}" for place, name in enumerate(header, start=1)]
    double = [name for name, times in Counter(name.lower() for name in names).items() if times > 1]
    if double:
        raise TableError(f"Two columns have the same name: {', '.join(double[:5])}", where=where,
                         found=f"{len(names)} columns, {len(set(map(str.lower, names)))} different names",
                         remedy="Give each column a name of its own in the file.")
    return names


def _encoding(file: Path, where: str) -> tuple[str, list]:
    with file.open("rb") as opened:
        start = opened.read(_LOOKED_AT)
    if not start.strip(b"\x00\r\n\t \xef\xbb\xbf\xff\xfe"):
        raise TableError("The file is empty", where=where, found=f"{file.stat().st_size} bytes and no text",
                         remedy="Export the table again, with its header and rows.")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", []
    if b"\x00" in start:
        raise TableError("The file is not text", where=where, found="bytes of a binary file under the name of a text file",
                         remedy="Export it as csv, or give it the ending xlsx or parquet if that is what it is.")
    if _is_utf8(file):
        text = start.decode("utf-8", errors="ignore")
        garbled = len(_MOJIBAKE.findall(text))
        return ("utf-8-sig" if start.startswith(codecs.BOM_UTF8) else "utf-8",
                [f"{garbled} signs look garbled (such as Ã¦ for æ): export the file again as UTF-8"] if garbled else [])
    old = "cp850" if _CP850.search(start) and not _CP1252.search(start) else "cp1252"
    return old, [f"the file is no UTF-8 and was taken for {old}; save it as UTF-8 if letters look wrong"]


def _is_utf8(file: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open("rb") as opened:
        try:
            while part := opened.read(1 << 22):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _as_utf8(file: Path, target: Path, encoding: str, where: str) -> Path:
    """A copy in UTF-8 beside the target; the caller removes it."""
    made = target.with_suffix(".utf8")
    try:
        with file.open(encoding=encoding, newline="") as read, made.open("w", encoding="utf-8", newline="") as written:
            while part := read.read(1 << 20):
                written.write(part)
    except UnicodeError:
        made.unlink(missing_ok=True)
        raise TableError("The file's letters cannot be read", where=where,
                         found=f"neither UTF-8 nor {encoding} from start to end",
                         remedy="Save it again with the encoding UTF-8.") from None
    return made


def _layout(file: Path, where: str) -> tuple[str, list, int]:
    """The separator, the header, and how many lines stand before the header."""
    with file.open("rb") as opened:
        text = opened.read(_LOOKED_AT).decode("utf-8-sig", errors="ignore")
    said = re.match(r"sep=(.)\r?\n", text, re.I)  # Excel's own line
    skipped = 1 if said else 0
    if said and said.group(1) in SEPARATORS:
        candidates = [said.group(1)]
    else:
        candidates = list(SEPARATORS)
    lines = text[said.end() if said else 0:]
    blank = re.match(r"(?:[ \t;,|]*\r?\n)*", lines).group(0)
    skipped, lines = skipped + blank.count("\n"), lines[len(blank):]
    best = max(candidates, key=lambda sign: _fit(lines, sign))
    rows = _rows(lines, best)
    if not rows:
        raise TableError("The file has no header", where=where, found="no line that can be read",
                         remedy="Export the table again, with the columns' names in the first line.")
    return best, rows[0], skipped


def _fit(text: str, sign: str) -> tuple:
    """How well a separator explains the first lines: most rows as wide as the header, then the widest header."""
    widths = [len(row) for row in _rows(text, sign)]
    if not widths or widths[0] == 1:
        return (0, 0.0, 0)
    return (1, sum(width == widths[0] for width in widths) / len(widths), widths[0])


def _rows(text: str, sign: str) -> list:
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            if row:
                rows.append(row)
            if len(rows) == _LINES:
                break
    except csv.Error:  # a field beyond the reader's limit: the rows before it decide
        return rows
    return rows


def _copy(connection, source: Path, target: Path, separator: str, names: list, skip: int, where: str) -> dict:
    """Let DuckDB read every row as text into Parquet, and count the rows that it cannot read."""
    columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in names)
    connection.execute("DROP TABLE IF EXISTS unread; DROP TABLE IF EXISTS unread_scans")
    try:
        connection.execute(
            f"COPY (SELECT * FROM read_csv({_text(source)}, auto_detect=false, delim={_text(separator)}, quote='\"', escape='\"', "
            f"header=false, skip={skip}, columns={{{columns}}}, nullstr='', "
            "null_padding=false, max_line_size=8388608, store_rejects=true, rejects_table='unread', "
            f"rejects_scan='unread_scans', rejects_limit=0)) TO {_text(target)} (FORMAT parquet)")
        faults = connection.execute(
            "SELECT error_type::VARCHAR, count(DISTINCT line), min(line) FROM unread GROUP BY 1 ORDER BY 1").fetchall()
    except duckdb.Error as error:
        raise TableError("The file cannot be read as a table", where=where, found=_kind(error),
                         remedy="Open it, look for quotes that are not closed and rows of different widths, and export it again.") from None
    rejected: Counter = Counter()
    for kind, rows, line in faults:
        if "QUOTE" in kind:
            raise TableError("A quote is opened and never closed", where=f"{where}, line {line}", found="an odd number of quotes",
                             remedy="Close the quote or take it away; the rows after it cannot be told apart.")
        rejected[_REASONS.get(kind, "rows that cannot be read")] += rows
    return dict(rejected)


def _text(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def _kind(error: Exception) -> str:
    """The kind of an engine's error: its text may hold raw values, and is not shown."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__).lower()
