"""What happened to each table on its way in: rows and money in, used, and set aside by reason."""

from dataclasses import dataclass, field

import pandas as pd


@dataclass
class TableReport:
    """One table. Rows in = rows used + rows set aside, and the same for the table's money where it has any."""

    table: str
    where: str
    found: list = field(default_factory=list)  # our columns that were supplied or derived
    missing: list = field(default_factory=list)  # our optional columns that were not
    extra: list = field(default_factory=list)  # their columns that nothing uses
    rows_used: int = 0
    aside: dict = field(default_factory=dict)  # reason -> rows
    emptied: dict = field(default_factory=dict)  # reason -> values taken for missing; the rows are used
    counted: dict = field(default_factory=dict)  # what -> rows that are used, and that a reader should know of
    money_used: float | None = None
    money_aside: dict = field(default_factory=dict)  # reason -> money
    notes: list = field(default_factory=list)

    @property
    def rows_in(self) -> int:
        return self.rows_used + sum(self.aside.values())

    @property
    def money_in(self) -> float | None:
        return None if self.money_used is None else round(self.money_used + sum(self.money_aside.values()), 4)


@dataclass
class Quality:
    """The reports of all tables supplied or made, by table; `as_of` is the day that the tables are cut at."""

    reports: dict
    as_of: object = None

    @property
    def frame(self) -> pd.DataFrame:
        """The contract `quality`: table, check, rows (money in the market's currency), share of what came in, note."""
        rows = [row for report in self.reports.values() for row in _rows(report)]
        return pd.DataFrame(rows, columns=["table", "check", "rows", "share", "note"]).astype(
            {"table": "str", "check": "str", "rows": "float64", "share": "float64", "note": "str"})


def _rows(report: TableReport):
    def row(check, rows, total, note=""):
        return (report.table, check, rows, rows / total if total else float("nan"), note)

    yield row("rows in", report.rows_in, report.rows_in, report.where)
    yield row("rows used", report.rows_used, report.rows_in)
    for reason, rows in report.aside.items():
        yield row(f"set aside: {reason}", rows, report.rows_in)
    for reason, rows in report.emptied.items():
        yield row(f"taken for missing: {reason}", rows, report.rows_in)
    for what, rows in report.counted.items():
        yield row(f"kept: {what}", rows, report.rows_in)
    if report.money_used is not None:
        yield row("money in", report.money_in, report.money_in)
        yield row("money used", report.money_used, report.money_in)
        for reason, money in report.money_aside.items():
            yield row(f"money set aside: {reason}", money, report.money_in)
    for column in report.missing:
        yield row("column not supplied", float("nan"), 0, column)
    for column in report.extra:
        yield row("column not used", float("nan"), 0, column)
    for note in report.notes:
        yield row("note", float("nan"), 0, note)
