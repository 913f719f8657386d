"""`icp check`: what a market's tables hold, what was missing, extra or set aside, and which steps will be able to speak."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from icp_helpers.tables.clean import clean_market
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.judging import OTHER_MARKET
from icp_helpers.tables.market import Market
from icp_helpers.tables.quality import Quality, TableReport
from icp_helpers.tables.traits import TraitChoice, choose_traits

DESCRIBED = "customers with columns that describe them"
SAYS_IDEAL = ("orders", "subscriptions", "surveys", "referrals", "tickets")
# What each step needs to say anything: one of the tables of each group.
SPEAKS_WITH = {
    "02 Who buys, when and for how much": (("orders", "subscriptions"),),
    "03 Which customers are ideal": (("customers",), SAYS_IDEAL),
    "04 Stable groups": ((DESCRIBED, "orders"),),
    "05 Which traits set ideal customers apart": ((DESCRIBED,), SAYS_IDEAL),
    "06 Products bought together": (("order_lines",),),
    "07 Competition": (("leads", "competitors", "market", "reviews"),),
    "08 The profile": ((DESCRIBED,), SAYS_IDEAL),
    "09 Personas and journey": (("touchpoints", "surveys", "reviews"),),
    "10 Whom to call": (("prospects", "leads"),),
    "11 Conversion and win rate": (("leads",),),
    "11 Churn and lifetime value": (("orders", "subscriptions"),),
    "11 Satisfaction and recommendation": (("surveys",),),
    "12 Goals and drift": (("goals", "orders"),),
}
MANY = 0.5  # of a table's rows refer to nobody: the two tables do not fit together
SOME = 0.2  # of a table's rows set aside for what is in them


@dataclass(frozen=True)
class Check:
    """The result of a check: `frame` (part, item, rows, note), and the faults that keep tables from being read.

    As text it is the page that `icp check` prints.
    """

    market: str
    frame: pd.DataFrame
    faults: list

    def __str__(self) -> str:
        lines = [f"Market {self.market}"]
        for part, rows in self.frame.groupby("part", sort=False):
            lines += ["", part]
            lines += [f"  {item}{_count(count)}{f': {note}' if note else ''}"
                      for item, count, note in rows[["item", "rows", "note"]].itertuples(index=False)]
        return "\n".join(lines)


def check_market(market: Market) -> Check:
    """Read and clean all of a market's tables into a folder that is thrown away, and tell what happened.

    A table that cannot be read is told among the faults, and the others are still checked; the caller decides
    what a fault means (`icp check` ends with 2).
    """
    faults: list[TableError] = []
    with tempfile.TemporaryDirectory() as folder:
        clean = Path(folder) / "tables"
        quality = clean_market(market, "all", clean, faults=faults)
        customers, prospects = (pd.read_parquet(file) if (file := clean / f"{table}.parquet").exists() else None for table in ("customers", "prospects"))
    choice = choose_traits(customers, market, prospects=prospects) if customers is not None else None
    rows = [("Not readable", "fault", None, str(fault)) for fault in faults]
    rows += [("Look at this first", "look", None, note) for report in quality.reports.values() for note in _looks(report)]
    for report in quality.reports.values():
        rows += _table_rows(report)
    rows += _trait_rows(choice) + _step_rows(quality, market, choice)
    frame = pd.DataFrame(rows, columns=["part", "item", "rows", "note"])
    return Check(market.slug, frame.astype({"part": "str", "item": "str", "rows": "float64", "note": "str"}), faults)


def _looks(report: TableReport) -> list[str]:
    """What would make every later answer wrong, in a sentence each with its remedy."""
    made = []
    for what, rows in report.counted.items():
        column, among, target = what.partition(" is not among the ")
        if among and rows > MANY * max(report.rows_used, 1):
            made.append(f"{report.table}: {rows:,} of {report.rows_used:,} rows name a {target.removesuffix('s')} that is not in {target}. "
                        f"Map under columns: the column of each table that both share as {column}, or put the missing {target} into the file.")
    for reason, rows in report.aside.items():
        if reason != OTHER_MARKET and rows > SOME * max(report.rows_in, 1):
            made.append(f"{report.table}: {rows:,} of {report.rows_in:,} rows were set aside ({reason}). Correct the file, or map another column under columns:.")
    if report.rows_in and report.aside.get(OTHER_MARKET) == report.rows_in:
        made.append(f"{report.table}: none of its {report.rows_in:,} rows meets the condition under where:. Look at the column it asks, or take it out.")
    elif report.rows_in and not report.rows_used:
        made.append(f"{report.table}: none of its {report.rows_in:,} rows can be used.")
    return made


def _table_rows(report: TableReport) -> list:
    part = f"{report.table} ({report.where})"
    made = [(part, "rows used", report.rows_used, f"of {report.rows_in:,}")]
    made += [(part, "set aside", rows, reason) for reason, rows in report.aside.items()]
    made += [(part, "taken for missing", rows, reason) for reason, rows in report.emptied.items()]
    made += [(part, "kept, look at them", rows, what) for what, rows in report.counted.items()]
    if report.money_in is not None:
        made.append((part, "money", None, f"in {report.money_in:,.2f}, used {report.money_used:,.2f}, "
                                          f"set aside {report.money_in - report.money_used:,.2f}"))
    for item, columns in (("columns found", report.found), ("columns not supplied", report.missing), ("columns not used", report.extra)):
        if columns:
            made.append((part, item, None, ", ".join(columns)))
    return made + [(part, "note", None, note) for note in report.notes]


def _trait_rows(choice: TraitChoice | None) -> list:
    if choice is None:
        return []
    part = "What may describe a profile"
    left = choice.left[~choice.left["why"].str.startswith("it is measured")].groupby("why", sort=False)["column"].agg(", ".join)
    return [(part, "taken", None, ", ".join(choice.taken) or "none"), *((part, "left out", None, f"{columns} ({why})") for why, columns in left.items())]


def _step_rows(quality: Quality, market: Market, choice: TraitChoice | None) -> list:
    at_hand = {table for table, report in quality.reports.items() if report.rows_used}
    at_hand |= {DESCRIBED} if choice is not None and choice.taken and "customers" in at_hand else set()
    made = []
    for step, groups in SPEAKS_WITH.items():
        if market.ideal.outcome:
            groups = tuple(group for group in groups if group != SAYS_IDEAL)  # a column says who is ideal: no marks are needed
        lacking = [" or ".join(group) for group in groups if not set(group) & at_hand]
        made.append(("What the steps can say", step, None, f"not supplied; {' and '.join(lacking)} would let it speak" if lacking else "will speak"))
    return made


def _count(count: float) -> str:
    return "" if pd.isna(count) else f" {count:,.0f}"
