"""`icp new`: looks at what a file, folder or database holds, proposes, asks where it is unsure, and writes a market.yml."""

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
from babel.numbers import list_currencies

from icp_helpers.batch.market_text import Draft, market_text
from icp_helpers.batch.plan import check_name
from icp_helpers.batch.stage import write_whole
from icp_helpers.tables import proposing
from icp_helpers.tables.clean import clean_market, last_day
from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.errors import IcpError, ParameterError
from icp_helpers.tables.market import Market, load_market
from icp_helpers.tables.recognising import Taken, exports, recognise
from icp_helpers.tables.supplies import Found, look_at

Ask = Callable[[str, str, tuple], str]  # question, proposal, allowed answers (empty: any) -> answer
UNSURE_DAY = "no table has a date: the day the file was last changed"


@dataclass(frozen=True)
class _Tried:
    """A draft tried on the data: what the cleaning said."""

    faults: list
    customers: pd.DataFrame | None
    prospects: pd.DataFrame | None
    day: dt.date | None


def take_proposal(_question: str, proposal: str, _allowed: tuple = ()) -> str:
    """The answer of `--yes`."""
    return proposal


def make_market(name: str, source: str, *, data: Path, ask: Ask = take_proposal) -> str:
    """Write data/markets/<name> with a market.yml and copies of the files, and give what is to be said about it.

    Nothing is overwritten, and nothing is left behind when it fails. ParameterError for a name that is taken or cannot
    be one, or a source without a table; TableError when a database does not answer.
    """
    folder = data / "markets" / check_name(name, "market")
    if folder.exists():
        raise ParameterError(f"Market '{name}' is there already", where=f"markets/{name}", found="a folder of that name",
                             remedy="Take another name, or change its market.yml.")
    found = look_at(source)
    taken = _agreed(recognise(found.supplies) or proposing.as_customers(found.supplies), ask)
    if not taken:
        read = ", ".join([supply.place for supply in found.supplies] + [f"{place} ({why})" for place, why in found.unread.items()])
        raise ParameterError("No table was recognised", where="option --from", found=read[:600],
                             remedy="Name the columns as in data/README.md, or write market.yml by hand.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=data) as bench:
        made = Path(bench) / "markets" / name
        made.mkdir(parents=True)
        for file in found.files:
            if file.name in {each.supply.file for each in taken}:
                shutil.copyfile(file, made / file.name)
        draft, tried = _completed(_draft(name, found, taken, ask), made, found, ask)
        write_whole(made / "market.yml", market_text(draft))
        load_market(name, data=Path(bench))
        try:
            os.rename(made, folder)  # all or nothing, and never over a market that somebody made meanwhile
        except OSError:
            raise ParameterError(f"Market '{name}' cannot be put in its place", where=f"markets/{name}", found="a folder of that name, or no right to write",
                                 remedy="Take another name, or change the rights of data/markets.") from None
    return _said(draft, tried, folder)


def _agreed(taken: list[Taken], ask: Ask) -> list[Taken]:
    """The tables after the person has said what the unsure ones are."""
    tables, kept = tuple(dictionary().tables), []
    for each in taken:
        if each.sure:
            kept.append(each)
            continue
        what = ask(f"What does {each.supply.place} hold ({', '.join(each.supply.columns[:8])})? One of {', '.join(tables)}, or nothing",
                   each.table, (*tables, "nothing"))
        if what == "nothing" or what in {other.table for other in kept}:
            continue
        kept.append(each if what == each.table else Taken(each.supply, what, {t: o for t, o in each.columns.items() if o in dictionary().tables[what].columns}))
    return kept


def _draft(name: str, found: Found, taken: list[Taken], ask: Ask) -> Draft:
    used = [each.supply for each in taken]
    language, kind = proposing.guess_language(used), proposing.guess_kind(taken)
    answers = {"name": ask("What shall the reports call this market?", name.replace("-", " ").capitalize(), ()),
               "kind": kind.value if kind.sure else ask("Do you sell to firms (b2b) or to people (b2c)?", kind.value, ("b2b", "b2c")),
               "language": ask("Which language shall the reports have: Danish (da) or English (en)?", language.value, ("da", "en"))}
    currency = proposing.guess_currency(taken, answers["language"])
    money = currency.value if currency.value in list_currencies() else "EUR"
    answers["currency"] = money if currency.sure else ask("In which currency are the amounts (three letters)?", money, tuple(sorted(list_currencies())))
    answers["timezone"] = exports()["timezones"].get(answers["currency"], "Europe/Copenhagen")
    doubts = {key: f"LOOK: {guess.why}" for key, guess in (("kind", kind), ("currency", currency)) if not guess.sure}
    places = {each.supply.place for each in taken}
    unused = {supply.place: "no table was recognised in it, or another is taken for the same" for supply in found.supplies if supply.place not in places}
    return Draft(name, answers, taken, found.connection, proposing.refund_mark(taken), proposing.outcome_of(taken),
                 unused={**unused, **found.unread}, doubts=doubts)


def _completed(draft: Draft, folder: Path, found: Found, ask: Ask) -> tuple[Draft, _Tried]:
    """The draft with the day of the data and the traits: tried on the data as far as it goes, table by table."""
    tried = _try(draft, folder)
    day, doubts, sure = tried.day, dict(draft.doubts), tried.day is not None
    if not sure:
        changed = max((file.stat().st_mtime for file in found.files), default=None)
        day = dt.date.fromtimestamp(changed) if changed is not None else dt.date(2000, 1, 1)
        day, doubts["as_of"] = _day(ask, day), f"LOOK: {UNSURE_DAY}"
    else:
        doubts["as_of"] = "the last day found in the data"
    draft = replace(draft, values={**draft.values, "as_of": day}, doubts=doubts)
    if "customers" not in {each.table for each in draft.taken}:
        source = next((each for table in ("orders", "order_lines", "subscriptions") for each in draft.taken if each.table == table), None)
        if source:
            market = Market(folder.name, folder.name, "b2b", folder, {source.table: source.supply.place}, connection=draft.connection)
            try:
                columns = proposing.constant_columns(market, source)
            except IcpError:
                columns = []  # the fault of this table is among those of the check below
            return replace(draft, traits={column: {} for column in columns}), _try(draft, folder)
    tried = _try(draft, folder)
    if tried.customers is not None:
        market = _loaded(draft, folder)
        traits, left = proposing.propose_traits(market, draft.taken, tried.customers, tried.prospects)
        draft = replace(draft, traits=traits, left=left)
    return draft, tried


def _loaded(draft: Draft, folder: Path) -> Market:
    write_whole(folder / "market.yml", market_text(draft))
    return load_market(folder.name, data=folder.parents[1])


def _try(draft: Draft, folder: Path) -> _Tried:
    market = _loaded(draft, folder)
    with tempfile.TemporaryDirectory() as stage:
        day = market.as_of or last_day(market, Path(stage) / "day")
        if day is None:
            return _Tried([], None, None, None)
        faults: list = []
        clean = Path(stage) / "clean"
        clean_market(replace(market, as_of=day), "all", clean, faults=faults)
        frames = [pd.read_parquet(file) if (file := clean / f"{table}.parquet").exists() else None for table in ("customers", "prospects")]
        return _Tried(faults, *frames, day)


def _day(ask: Ask, proposal: dt.date) -> dt.date:
    while True:
        answer = ask("Up to which day does the data go (as 2026-06-30)?", proposal.isoformat(), ())
        try:
            return dt.date.fromisoformat(answer)
        except ValueError:
            if ask is take_proposal:
                raise


def _said(draft: Draft, tried: _Tried, folder: Path) -> str:
    lines = [f"Wrote {folder / 'market.yml'}."]
    for each in draft.taken:
        lines.append(f"  {each.supply.place} is taken for `{each.table}`" + (f", an export of {each.program}" if each.program else ""))
    for key in ("kind", "language", "currency", "as_of"):
        doubt = draft.doubts.get(key, "").removeprefix("LOOK: ")
        lines.append(f"  {key}: {draft.values[key]}" + (f" ({doubt})" if doubt else ""))
    if draft.traits:
        lines.append(f"  may describe a profile: {', '.join(c for c, says in draft.traits.items() if not says) or 'none'}")
        late = [column for column, says in draft.traits.items() if says]
        lines += [f"  known only after the purchase, by their names: {', '.join(late)}"] if late else []
    lines += [f"  not used: {place}: {why}" for place, why in draft.unused.items()]
    lines += [f"  to mend: {fault}" for fault in tried.faults]
    return "\n".join([*lines, f"Read it, change what is wrong, then: icp check {draft.slug}"])
