"""`icp new`: a market.yml from what a file or folder holds, under the names that exports commonly use."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

from icp_helpers.batch.plan import check_name
from icp_helpers.batch.stage import write_whole
from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.errors import IcpError, ParameterError, TableError
from icp_helpers.tables.market import Market, load_market

KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
COMMON = {  # ours -> what exports call it, folded as by `fold`
    "customer_id": "customer customerno customernumber customerkey clientid client accountid accountno kunde kundeid kundenr "
                   "kundenummer debitor debitornr debitornummer",
    "acquired_on": "customersince created createdon createdat signup signupdate oprettet oprettetden kundesiden",
    "left_on": "churnedon churndate cancelled cancelledon ended stoppet ophoert opsagt opsagtden",
    "order_id": "order orderno ordernumber invoice invoiceno invoicenumber invoiceid ordre ordrenr ordrenummer ordreid faktura "
                "fakturanr fakturanummer bilagsnr",
    "ordered_at": "orderdate date orderedon invoicedate purchasedate ordredato fakturadato dato koebsdato bestilt",
    "amount": "total totalamount revenue sales value netamount linetotal price beloeb ordrebeloeb omsaetning nettobeloeb ialt sum",
    "currency": "currencycode valuta valutakode",
    "sku": "product productid productno productcode stockcode item itemno article vare varenr varenummer produkt produktnr",
    "category": "productgroup productcategory kategori varegruppe produktgruppe",
    "quantity": "qty units pieces antal stk maengde",
    "lead_id": "lead leadno dealid deal opportunityid emne emneid salgsmulighed",
    "created_on": "created createdate createdat opened oprettet oprettelsesdato",
    "won_on": "won wondate closedwon vundet vundetden",
    "lost_on": "lost lostdate closedlost tabt tabtden",
    "lost_reason": "reasonlost lossreason tabsaarsag",
    "channel": "source leadsource medium kanal kilde",
    "industry": "sector branch branche",
    "employees": "employeecount headcount staff ansatte antalansatte medarbejdere",
    "region": "state area landsdel",
    "country": "land",
    "score": "rating answer svar karakter",
    "asked_on": "surveydate answeredon respondedon besvaret svardato",
}


@dataclass(frozen=True)
class Recognised:
    """A file taken for a table: `columns` maps theirs to ours; `missing` are required columns that were not found."""

    file: Path
    table: str
    columns: dict
    missing: tuple
    named: bool  # the file is called as the table is

    @property
    def score(self) -> tuple:
        return (not self.missing, self.named, len(self.columns) - len(self.missing))


def make_market(name: str, source: Path, *, data: Path, ask: bool) -> str:
    """Copy the files beside a new market.yml, and say what was recognised. Nothing is overwritten.

    ParameterError for a name that is taken or cannot be, or a source with no table in it.
    """
    folder = data / "markets" / check_name(name, "market")
    if folder.exists():
        raise ParameterError(f"Market '{name}' is there already", where=f"markets/{name}", found="a folder of that name",
                             remedy="Take another name, or change its market.yml.")
    files = _files(source)
    taken = _assign(files)
    if not taken:
        raise ParameterError("No table was recognised", where="option --from", found=", ".join(file.name for file in files)[:200],
                             remedy="Name the columns as in data/README.md, or write market.yml by hand.")
    settings = {"name": _asked("What shall the reports call it?", name, ask),
                "kind": _asked("Do you sell to firms (b2b) or to people (b2c)?", _kind(taken), ask, ("b2b", "b2c")),
                "language": _asked("Which language shall the reports have (da, en)?", "en", ask, ("da", "en")),
                "currency": _asked("In which currency are the amounts?", "DKK", ask),
                "tables": {each.table: each.file.name for each in taken}}
    columns = {each.table: each.columns for each in taken if each.columns}
    _write(folder, settings | ({"columns": columns} if columns else {}), taken)
    return _said(name, folder, taken, files)


def fold(text: str) -> str:
    """A name as it is compared: small letters and digits alone, Danish letters spelt out."""
    text = text.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")
    return "".join(letter for letter in text if letter.isascii() and letter.isalnum())


def recognise(file: Path, header: list[str]) -> list[Recognised]:
    """What a file may be, the likeliest first: every table of which at least one identifying column is there."""
    found = []
    stem = fold(file.stem)
    for table in dictionary().tables.values():
        columns, missing = _match(table, header)
        named = stem in {fold(table.name), *(fold(label) for label in table.label.values())}
        required = [column.name for column in table.columns.values() if column.required]
        if named or (required and len(missing) < len(required) and not missing):
            found.append(Recognised(file, table.name, columns, missing, named))
    return sorted(found, key=lambda each: each.score, reverse=True)


def _match(table, header: list[str]) -> tuple[dict, tuple]:
    at_hand = {fold(column): column for column in header}
    columns, met = {}, set()
    for ours in [*table.columns, *(dictionary().traits if table.traits else ())]:
        for candidate in (fold(ours), *COMMON.get(ours, "").split()):
            if candidate in at_hand and at_hand[candidate] not in columns:
                met.add(ours)
                if at_hand[candidate] != ours:
                    columns[at_hand[candidate]] = ours
                break
    return columns, tuple(column.name for column in table.columns.values() if column.required and column.name not in met)


def _assign(files: list[Path]) -> list[Recognised]:
    """Each file to the table that it fits best, each table once, the surest first."""
    candidates = [each for file in files for each in recognise(file, _header(file))]
    taken: list[Recognised] = []
    for each in sorted(candidates, key=lambda each: each.score, reverse=True):
        if each.file not in [t.file for t in taken] and each.table not in [t.table for t in taken]:
            taken.append(each)
    return sorted(taken, key=lambda each: each.table)


def _files(source: Path) -> list[Path]:
    files = [source] if source.is_file() else sorted(source.iterdir()) if source.is_dir() else []
    files = [file for file in files if file.is_file() and file.suffix.lower() in KINDS and not file.name.startswith((".", "~"))]
    if not files:
        raise ParameterError("There is no table to read", where="option --from", found=source.name or str(source),
                             remedy=f"Name a file or folder with {', '.join(KINDS)}.")
    return files


def _header(file: Path) -> list[str]:
    from icp_helpers.tables.engine import engine_in
    from icp_helpers.tables.sources import open_raw

    market = Market(slug="new", name="new", kind="b2b", folder=file.resolve().parent, tables={"customers": file.name})
    with tempfile.TemporaryDirectory() as stage, engine_in(Path(stage)) as engine:
        try:
            return open_raw(market, "customers", engine).columns
        except TableError:
            return []


def _kind(taken: list[Recognised]) -> str:
    ours = {ours for each in taken for ours in each.columns.values()} | {c for each in taken for c in _header(each.file)}
    return "b2b" if ours & {"industry", "employees", "company", "cvr"} else "b2c"


def _asked(question: str, default: str, ask: bool, allowed: tuple = ()) -> str:
    while ask:
        answer = input(f"{question} [{default}] ").strip() or default
        if not allowed or answer in allowed:
            return answer
    return default


def _write(folder: Path, settings: dict, taken: list[Recognised]) -> None:
    """All or nothing: a market that could not be loaded is not left behind."""
    folder.mkdir(parents=True)
    try:
        for each in taken:
            shutil.copyfile(each.file, folder / each.file.name)
        write_whole(folder / "market.yml", yaml.safe_dump(settings, sort_keys=False, allow_unicode=True))
        load_market(folder.name, data=folder.parents[1])
    except (IcpError, OSError):
        shutil.rmtree(folder)
        raise


def _said(name: str, folder: Path, taken: list[Recognised], files: list[Path]) -> str:
    lines = [f"Wrote {folder / 'market.yml'}."]
    for each in taken:
        lines.append(f"  {each.file.name} is taken for `{each.table}`"
                     + (f"; {', '.join(f'{theirs} as {ours}' for theirs, ours in each.columns.items())}" if each.columns else ""))
        if each.missing:
            lines.append(f"    not found: {', '.join(each.missing)}. Map them under columns: {each.table}.")
    left = [file.name for file in files if file not in [each.file for each in taken]]
    if left:
        lines.append(f"  not recognised, and left out: {', '.join(left)}")
    return "\n".join([*lines, f"Read it, change what is wrong, then: icp check {name}"])
