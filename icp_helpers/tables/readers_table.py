"""The reader's table of data/README.md, printed from the dictionary: `python -m icp_helpers.tables.readers_table`."""

from icp_helpers.tables.dictionary import FILE, dictionary

MARK = "<!-- from here on made by `python -m icp_helpers.tables.readers_table` from dictionary.yml -->"


def readers_table() -> str:
    """Every table with its columns, types and meanings, in markdown."""
    parts = [MARK]
    for table in dictionary().tables.values():
        more = " May have further columns: traits." if table.traits else ""
        parts += ["", f"### {table.name}", "", f"{table.meaning}{more}", "", "| Column | Type | Must be there | Meaning |", "|---|---|---|---|"]
        parts += [f"| {c.name} | {_type(c)} | {_must(c, table)} | {c.meaning.replace('|', chr(92) + '|')} |" for c in table.columns.values()]
    return "\n".join(parts) + "\n"


def write_readers_table() -> None:
    """Renew the part of data/README.md below the mark."""
    file = FILE.parent / "README.md"
    before = file.read_text(encoding="utf-8").partition(MARK)[0]
    file.write_text(before + readers_table(), encoding="utf-8")


def _type(column) -> str:
    allowed = f": {', '.join(column.values)}" if column.values else ""
    return f"{column.type}{f' ({column.unit})' if column.unit else ''}{allowed}"


def _must(column, table) -> str:
    if column.name in table.one_of:
        return "one of the two"
    if not column.required:
        return ""
    return "the column; values may be empty" if column.empty else "yes"


if __name__ == "__main__":
    write_readers_table()
