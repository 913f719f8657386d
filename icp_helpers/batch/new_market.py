"""`icp new`: looks at what a file, folder or database holds, proposes, asks where it is unsure, and writes a market.yml."""

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd
from babel.numbers import list_currencies

from icp_helpers.batch.market_text import Draft, comments_told, look, market_text, what_was_done
from icp_helpers.batch.plan import check_name
from icp_helpers.batch.stage import write_whole
from icp_helpers.page.errors_told import tell_error
from icp_helpers.tables import proposing
from icp_helpers.tables.check import SAYS_IDEAL
from icp_helpers.tables.clean import clean_market
from icp_helpers.tables.databases import variable_of
from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.errors import IcpError, ParameterError, told
from icp_helpers.tables.joining import fit_keys
from icp_helpers.tables.market import Market, load_market
from icp_helpers.tables.recognising import Taken, exports, recognise
from icp_helpers.tables.sources import Shelf
from icp_helpers.tables.supplies import Found, Supply, look_at

Ask = Callable[[str, str, tuple], str]  # question, proposal, allowed answers (empty: any) -> answer
BEST = "best_quarter"
NOTHING_SAYS = told(f"nothing says yet who is ideal: add {', '.join(SAYS_IDEAL[:-1])} or {SAYS_IDEAL[-1]}, or name a yes/no column as ideal: outcome")
UNSURE_DAY = told("no table has a date: the day the file was last changed")


@dataclass(frozen=True)
class _Tried:
    """A draft tried on the data: what the cleaning said, and the last day found (None: no table has a date)."""

    faults: list
    day: dt.date | None
    customers: pd.DataFrame | None
    prospects: pd.DataFrame | None


def take_proposal(_question: str, proposal: str, _allowed: tuple = ()) -> str:
    """The answer of `--yes`."""
    return proposal


def make_market(name: str, source: str, *, data: Path, ask: Ask = take_proposal, language: str | None = None) -> str:
    """Write data/markets/<name> with a market.yml and copies of the files, and give what is to be said about it.

    It speaks `language` (da, en), or else that of the tables' own names: questions, answer, and the comments of the file.
    Nothing is overwritten, and nothing is left behind when it fails. ParameterError for a name that is taken or cannot
    be one, or a source without a table; TableError when a database does not answer.
    """
    folder = data / "markets" / check_name(name, "market")
    if folder.exists():
        raise ParameterError(f"Market '{name}' is there already", where=f"markets/{name}", found="a folder of that name",
                             remedy="Take another name, or change its market.yml.")
    with tempfile.TemporaryDirectory() as stage:
        return _made(name, _named(source, name) if "://" in source else source, folder, data, Shelf(Path(stage)), ask, language)


def _made(name: str, source: str, folder: Path, data: Path, shelf: Shelf, ask: Ask, language: str | None) -> str:
    found = look_at(source, name, shelf)
    language = language or proposing.guess_language(found.supplies).value
    ask = partial(_asked, ask, language)
    taken = _agreed(recognise(found.supplies) or proposing.as_customers(found.supplies), ask)
    if not taken:
        read = ", ".join([supply.place for supply in found.supplies] + [f"{place} ({why})" for place, why in found.unread.items()])
        raise ParameterError("No table was recognised", where="option --from", found=read[:600],
                             remedy="Name the columns as in data/README.md, or write market.yml by hand.")
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=data) as bench:
        made = Path(bench) / "markets" / name
        made.mkdir(parents=True)
        for file in found.files:
            if file.name in {each.supply.file for each in taken}:
                shutil.copyfile(file, made / file.name)
        taken = fit_keys(Market(name, name, "b2b", made, {each.table: each.supply.place for each in taken}, connection=found.connection), taken, shelf)
        draft, tried = _completed(_draft(name, found, taken, ask), made, found, shelf, ask)
        write_whole(made / "market.yml", comments_told(market_text(draft), language))
        load_market(name, data=Path(bench))
        folder.parent.mkdir(exist_ok=True)
        try:
            os.rename(made, folder)  # all or nothing, and never over a market that somebody made meanwhile
        except OSError:
            raise ParameterError(f"Market '{name}' cannot be put in its place", where=f"markets/{name}", found="a folder of that name, or no right to write",
                                 remedy="Take another name, or change the rights of data/markets.") from None
    return what_was_done(draft, tried.faults, folder, language)


def _asked(ask: Ask, language: str, question: str, proposal: str, allowed: tuple = ()) -> str:
    """Ask in her language until the answer is one of `allowed` (any, where that is empty), small letters or large."""
    told_so = question = tell_error(question, language)
    while (answer := ask(told_so, proposal, allowed)) != proposal and allowed:
        meant = next((one for one in allowed if one.lower() == answer.lower()), None)
        if meant is not None:
            return meant
        told_so = tell_error(told(f"'{answer}' is not possible; press Enter for '{proposal}'."), language) + f" {question}"
    return answer


def _named(url: str, market: str) -> str:
    """The name of a connection for a URL: the URL itself, which may hold a password, goes into no file."""
    connection = market.replace("-", "_")
    os.environ[variable_of(connection)] = url
    return connection


def _agreed(taken: list[Taken], ask: Ask) -> list[Taken]:
    """The tables after the person has said what the unsure ones are."""
    tables, kept = tuple(dictionary().tables), []
    for each in taken:
        if each.sure:
            kept.append(each)
            continue
        what = ask(told(f"What does {each.supply.place} hold ({', '.join(each.supply.columns[:8])})? One of {', '.join(tables)}, or nothing"),
                   each.table, (*tables, "nothing"))
        if what == "nothing" or what in {other.table for other in kept}:
            continue
        kept.append(each if what == each.table else Taken(each.supply, what, {t: o for t, o in each.columns.items() if o in dictionary().tables[what].columns}))
    return kept


def _draft(name: str, found: Found, taken: list[Taken], ask: Ask) -> Draft:
    used = [each.supply for each in taken]
    language, kind = proposing.guess_language(used), proposing.guess_kind(taken)
    answers = {"name": ask(told("What shall the reports call this market?"), name.replace("-", " ").capitalize(), ()),
               "kind": kind.value if kind.sure else ask(told("Do you sell to firms (b2b) or to people (b2c)?"), kind.value, ("b2b", "b2c")),
               "language": ask(told("Which language shall the reports have: Danish (da) or English (en)?"), language.value, ("da", "en"))}
    currency = proposing.guess_currency(taken, answers["language"])
    money = currency.value if currency.value in list_currencies() else "EUR"
    answers["currency"] = money if currency.sure else ask(told("In which currency are the amounts (three letters)?"), money, tuple(sorted(list_currencies())))
    answers["timezone"] = exports()["timezones"].get(answers["currency"], "Europe/Copenhagen")
    doubts = {key: look(guess.why) for key, guess in (("kind", kind), ("currency", currency)) if not guess.sure}
    places = {each.supply.place for each in taken}
    unused = {supply.place: _why_unused(supply) for supply in found.supplies if supply.place not in places}
    if outcome := proposing.outcome_of(taken):
        doubts["outcome"] = told(f"those for whom '{outcome}' says yes; is this what makes a customer ideal?")
    return Draft(name, answers, taken, found.connection, proposing.refund_mark(taken), outcome,
                 unused={**unused, **found.unread}, doubts=doubts)


def _why_unused(supply: Supply) -> str:
    alone = recognise([supply])
    return told(f"it looks like {alone[0].table}, which another is taken for") if alone else told("no table was recognised in it")


def _completed(draft: Draft, folder: Path, found: Found, shelf: Shelf, ask: Ask) -> tuple[Draft, _Tried]:
    """The draft with the day of the data and the traits: tried on the data as far as it goes, table by table."""
    source = next((each for table in ("orders", "order_lines", "subscriptions") for each in draft.taken if each.table == table), None)
    lacks_customers = source is not None and "customers" not in {each.table for each in draft.taken}
    if lacks_customers:
        market = Market(folder.name, folder.name, "b2b", folder, {source.table: source.supply.place}, connection=draft.connection)
        try:
            draft = replace(draft, traits=proposing.constant_columns(market, source, shelf))
        except IcpError:
            draft = replace(draft, traits={})  # the fault of this table is among those of the check below
    tried = _try(draft, folder, shelf)
    if tried.day is None:
        changed = max((file.stat().st_mtime for file in found.files), default=None)
        draft = _dated(draft, _day(ask, dt.date.fromtimestamp(changed) if changed is not None else dt.date(2000, 1, 1)), look(UNSURE_DAY))
        tried = _try(draft, folder, shelf)
    else:
        draft = _dated(draft, tried.day, told("the last day found in the data"))
    if tried.customers is not None and not lacks_customers:
        draft = _with_outcome(draft, tried.customers, ask)
        traits, left = proposing.propose_traits(_loaded(draft, folder), draft.taken, tried.customers, tried.prospects)
        draft = replace(draft, traits=traits, left=left)
    return draft, tried


def _dated(draft: Draft, day: dt.date, why: str) -> Draft:
    return replace(draft, values={**draft.values, "as_of": day}, doubts={**draft.doubts, "as_of": why})


def _with_outcome(draft: Draft, customers: pd.DataFrame, ask: Ask) -> Draft:
    """Without orders nothing says who is ideal: the best quarter by what they bought for may."""
    found = None if draft.outcome else proposing.best_quarter(draft.taken, customers)
    if found is None:
        silent = not draft.outcome and not {each.table for each in draft.taken} & set(SAYS_IDEAL)
        return replace(draft, doubts={**draft.doubts, "ideal": NOTHING_SAYS}) if silent else draft
    column, sql = found
    if ask(told(f"No orders were found. Shall the best quarter of the customers by '{column}' count as ideal?"), "yes", ("yes", "no")) == "no":
        return draft
    why = told(f"the best quarter by '{column}', for no orders were found; who came lately has had less time")
    return replace(draft, outcome=BEST, derive={**draft.derive, "customers": {BEST: sql}}, doubts={**draft.doubts, "outcome": why})


def _loaded(draft: Draft, folder: Path) -> Market:
    write_whole(folder / "market.yml", market_text(draft))
    return load_market(folder.name, data=folder.parents[1])


def _try(draft: Draft, folder: Path, shelf: Shelf) -> _Tried:
    market, faults = _loaded(draft, folder), []
    with tempfile.TemporaryDirectory() as stage:
        clean = Path(stage) / "clean"
        day = clean_market(market, "all", clean, faults=faults, shelf=shelf).as_of
        frames = [pd.read_parquet(file) if (file := clean / f"{table}.parquet").exists() else None for table in ("customers", "prospects")]
    return _Tried(faults, day, *frames)


def _day(ask: Ask, proposal: dt.date) -> dt.date:
    question = told("Up to which day does the data go (as 2026-06-30)?")
    while True:
        answer = ask(question, proposal.isoformat(), ())
        try:
            return dt.date.fromisoformat(answer)
        except ValueError:
            question = told(f"'{answer}' is no day with its year first. Up to which day does the data go (as 2026-06-30)?")
