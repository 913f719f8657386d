"""What a market file should say about tables that were recognised: kind, language, currency, refunds, outcome, traits.

Each proposal carries whether the data say so (`sure`) or it is only likely, so that `icp new` can ask about the latter.
"""

import re
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from icp_helpers.tables import formats
from icp_helpers.tables.check import SAYS_IDEAL
from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.engine import engine_in, name, text
from icp_helpers.tables.errors import told
from icp_helpers.tables.market import Market
from icp_helpers.tables.recognising import Taken, danish_share, exports, fold, match_columns
from icp_helpers.tables.sources import Shelf, open_raw
from icp_helpers.tables.supplies import Supply
from icp_helpers.tables.traits import choose_traits, words_of

DANISH = 0.3  # above this share of Danish headers the reports are Danish
CONSTANT = 0.95  # of the customers have one value: the column describes them, and not their orders
TELLING = 20  # customers, from which on a column of one value is called constant
MARKED = 0.95  # of the rows with such a letter before the order's number are below zero


@dataclass(frozen=True)
class Guess:
    """A value, whether the data say it, and why in a few words."""

    value: str
    sure: bool
    why: str


def as_customers(supplies: list[Supply]) -> list[Taken]:
    """The widest supply taken for customers, where nothing was recognised: a list of customers or deals of an unknown kind."""
    widest = max(supplies, key=lambda supply: (len(supply.columns), max(map(len, supply.first.values()), default=0)), default=None)
    if widest is None or len(widest.columns) < 2:
        return []
    columns, _met = match_columns(dictionary().tables["customers"], {fold(column): column for column in reversed(widest.columns)})
    return [Taken(widest, "customers", columns, sure=False)]


def guess_kind(taken: list[Taken]) -> Guess:
    """b2b or b2c, by the programs and by the words in the columns' names."""
    programs = {each.kind for each in taken if each.kind and each.table != "contacts"}  # the people at a firm are no consumers
    if len(programs) == 1:
        return Guess(programs.pop(), True, f"an export of {next(each.program for each in taken if each.kind)}")
    words = Counter(word for each in taken for column in each.supply.columns for word in words_of(column))
    firms, people = (sum(words[word] for word in exports()[side]) for side in ("firms", "people"))
    if firms == people:
        orders = {each.table for each in taken} & {"orders", "order_lines"}
        return Guess("b2c" if orders else "b2b", False, told("nothing in the columns' names tells"))
    return Guess("b2b" if firms > people else "b2c", max(firms, people) >= 2, told("by the words in the columns' names"))


def guess_language(supplies: list[Supply]) -> Guess:
    share = danish_share(supplies)
    return Guess("da" if share >= DANISH else "en", False, told("the columns' names are Danish" if share >= DANISH else "the columns' names are English"))


def guess_currency(taken: list[Taken], language: str) -> Guess:
    """The currency that a column or the amounts themselves name, else the likely one of the language."""
    named: Counter = Counter()
    called = {fold(word) for word in ("currency", *exports()["columns"]["currency"]["en"], *exports()["columns"]["currency"]["da"])}
    for each in taken:
        for column in {_theirs(each).get("currency"), *(column for column in each.supply.columns if fold(column) in called)} - {None}:
            named.update(value.strip().upper() for value in each.supply.first.get(column, ()) if re.fullmatch(r"\s*[A-Za-z]{3}\s*", value))
    if named:
        return Guess(named.most_common(1)[0][0], True, "named in the currency column")
    for code, signs in exports()["currencies"].items():
        for each in taken:
            for column in each.supply.columns:
                written = {word for word in re.split(r"[^\w€£$]+", column.lower()) if word}
                beside = each.supply.first.get(column, ())[:50]
                dressed = [value for value in beside if re.search(rf"(?i)(?:^|\d\s*){'(?:' + '|'.join(map(re.escape, signs)) + ')'}(?:\s*\d|\.?$)", value)
                           and re.search(r"\d", value)]
                if written & set(signs) or (beside and len(dressed) > 0.8 * len(beside)):
                    return Guess(code, True, f"'{column}' says so")
    return Guess("DKK" if language == "da" else "EUR", False, told("nothing in the data says it"))


def outcome_of(taken: list[Taken]) -> str | None:
    """A column of the customers that says won or lost, yes or no; only where no orders can say who is ideal."""
    if {each.table for each in taken} & {"orders", "order_lines", "subscriptions"}:
        return None
    known = {fold(word) for word in exports()["outcomes"]}
    for each in taken:
        for column in each.supply.columns if each.table == "customers" else ():
            values = {value.strip().lower() for value in each.supply.first[column]}
            if fold(column) in known and values <= {*formats.YES, *formats.NO} and values & set(formats.YES) and values & set(formats.NO):
                return each.columns.get(column, column)
    return None


def refund_mark(taken: list[Taken]) -> dict:
    """`{orders: {refund_of: SQL}}` where credit notes are told by letters before the order's number; empty where not."""
    for each in taken:
        theirs = _theirs(each)
        amount = theirs.get("quantity") if each.table == "order_lines" else theirs.get("amount")
        if each.table not in ("orders", "order_lines") or "order_id" not in theirs or amount is None or "refund_of" in theirs:
            continue
        ids, amounts = each.supply.first[theirs["order_id"]], each.supply.first[amount]
        below: Counter = Counter()
        rows: Counter = Counter()
        for id, value in zip(ids, amounts, strict=False):
            if letters := re.match(r"[A-Za-z]+", id):
                rows[letters[0]] += 1
                below[letters[0]] += value.strip().startswith(("-", "\u2212"))
        for letters, count in rows.items():
            if len(ids) == len(amounts) and count < len(ids) and below[letters] >= MARKED * count:
                column = name(theirs["order_id"])
                return {"orders": {"refund_of": f"CASE WHEN {column} LIKE {text(letters + '%')} THEN {column} END"}}
    return {}


def constant_columns(market: Market, each: Taken, shelf: Shelf | None = None) -> dict:
    """Their columns of orders or order lines that are the same for nearly every customer: they describe the customer.

    Maps each to why it is known only after the purchase (empty: before).
    """
    by = {ours: name(column) for column, ours in each.columns.items()} | dict(each.derive)
    customer = by.get("customer_id", name("customer_id"))
    with tempfile.TemporaryDirectory() as stage, engine_in(Path(stage)) as engine:
        raw = open_raw(market, each.table, engine, shelf)
        spoken = {*each.columns, *by}
        candidates = [column for column in raw.columns if column not in spoken and column != "customer_id"]
        made = {}
        for column in candidates:
            view = (f"SELECT count(DISTINCT {name(column)}) AS kinds, min({name(column)}) AS one FROM {name(raw.view.called)} "
                    f"WHERE {name(column)} IS NOT NULL AND ({customer}) IS NOT NULL GROUP BY ({customer})")
            told = engine.rows(f"SELECT avg((kinds = 1)::INT) AS same, count(*) AS customers, count(DISTINCT one) AS levels FROM ({view})")[0]
            if told["customers"] and told["same"] >= CONSTANT and 2 <= told["levels"] <= max(2, told["customers"] / 2):
                made[column] = _why_after(column, False, column in each.after)
    return made


def propose_traits(market: Market, taken: list[Taken], customers: pd.DataFrame, prospects: pd.DataFrame | None) -> tuple[dict, dict]:
    """What the market file should name under traits: column -> why it is known only after the purchase (empty: before),
    and what was left out: column -> why."""
    choice = choose_traits(customers, market, prospects=prospects)
    late = {column for each in taken if each.table == "customers" for column in each.after}
    measured = dictionary().tables["customers"].columns
    left = {column: why for column, why in choice.left.itertuples(index=False, name=None) if column not in measured}
    traits = {}
    for column in choice.taken:
        if len(customers) >= TELLING and customers[column].astype(str).nunique() < 2:
            left[column] = told("it is the same for every customer")
        else:
            traits[column] = _why_after(column, pd.api.types.is_numeric_dtype(customers[column]), column in late)
    return traits, left


def _why_after(column: str, numeric: bool, late: bool) -> str:
    """Why a column cannot choose whom to call, told by its name or by what the program says of it; empty where it can."""
    numbers = exports()["after_purchase_numbers"] if numeric else []
    if _speaks_of(column, exports()["ours"]):
        return told("its name says who of us serves the customer, which cannot choose whom to call")
    if _speaks_of(column, exports()["given_by_us"]):
        return told("its name says that we gave it to the customer ourselves, so nobody has it before")
    if late or _speaks_of(column, [*exports()["after_purchase"], *numbers]):
        return told("its name says that it is known only once somebody has bought")
    return ""


def _speaks_of(column: str, spoken: list) -> bool:
    """Whether one of the words of data/exports.yml is in a column's name: `invoice`, `loyal*` (its beginning), `credit+limit` (both)."""
    words = {fold(word) for word in words_of(column)}
    return any(all(any(word == fold(part) or (part.endswith("*") and word.startswith(fold(part))) for word in words) for part in entry.split("+"))
               for entry in spoken)


def best_quarter(taken: list[Taken], customers: pd.DataFrame) -> tuple[str, str] | None:
    """Where no orders say who is ideal: the column of what customers have bought for, and the SQL of "its best quarter"."""
    if {each.table for each in taken} & {"order_lines", *SAYS_IDEAL}:
        return None
    spoken = {fold(word) for word in exports()["bought_for"]}
    found = [column for column in customers if pd.api.types.is_numeric_dtype(customers[column]) and {fold(word) for word in words_of(column)} & spoken]
    best = max(found, key=lambda column: (re.findall(r"(?:19|20)\d\d", column)[-1:], customers[column].count()), default=None)  # the newest year
    if best is None or customers[best].nunique() < 4:
        return None
    least = float(f"{customers[best].quantile(0.75):.3g}")
    return best, f"coalesce({name(best)} >= {least:.15g}, false)"


def _theirs(each: Taken) -> dict:
    """Our names -> their columns, those that are called as ours included."""
    return {" ".join(column.split()).lower(): column for column in each.supply.columns} | {ours: column for column, ours in each.columns.items()}
