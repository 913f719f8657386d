"""What each command does. Imports stand inside, so that `icp --help` and a run with nothing to do stay quick."""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from icp_helpers.tables.errors import IcpError, MarketFileError, ParameterError, TableError
from icp_helpers.tables.market import Market, data_folder, list_markets, load_market, written_language


def run_command(options: argparse.Namespace) -> int:
    from icp_helpers.batch.flow import select_steps
    from icp_helpers.batch.job import Settings, processors
    from icp_helpers.batch.run import run_batch

    chosen = tuple(step.name for step in select_steps(options.steps)) if options.steps else None
    settings = Settings(chosen=chosen, jobs=options.jobs or processors(), force=options.force, seconds=options.timeout, cluster=options.cluster)
    return run_batch(settings, options.markets, options.segment)


def check_command(options: argparse.Namespace) -> int:
    from icp_helpers.page.check_told import tell_check
    from icp_helpers.tables.check import check_market

    worst, names = 0, options.markets or list_markets()
    if not names:
        raise ParameterError("There is no market to check", where="markets", found="no market.yml",
                             remedy="Make the sample markets with `icp sample`, or your own with `icp new`.")
    for name in names:
        try:
            market = load_market(name)
            page = check_market(market)
            print(tell_check(page, market.language))
            worst = 2 if page.faults else worst
        except (TableError, ParameterError) as error:
            print(f"{name}: {told(error, [name])}", file=sys.stderr)
            worst = 2
    return worst


def told(error: IcpError, names: Sequence[str]) -> str:
    """What is wrong, in Danish where all the markets it is about are Danish: those named, or, where none is, all there are."""
    from icp_helpers.page.errors_told import tell_error

    known = list_markets()
    languages = {written_language(name) for name in ([name for name in names if name in known] or known)}
    return tell_error(str(error), "da" if languages == {"da"} else "en")


def new_command(options: argparse.Namespace) -> int:
    from icp_helpers.batch.new_market import make_market, take_proposal

    with cleared_when_ended():
        print(make_market(options.name, options.source, data=data_folder(), ask=take_proposal if options.yes or not sys.stdin.isatty() else ask,
                          language=options.language or ("da" if machine_language() == "da" else None)))
    return 0


@contextmanager
def cleared_when_ended() -> Iterator[None]:
    """A terminal that is closed, or a stop from outside, unwinds the command as Ctrl-C does: it leaves no copies of her data lying about."""
    numbers = [number for number in (signal.SIGTERM, getattr(signal, "SIGHUP", None)) if number is not None]
    before = {number: signal.signal(number, lambda number, _frame: sys.exit(128 + number)) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ask(question: str, proposal: str, _allowed: tuple = ()) -> str:
    """Ask in the terminal; Enter takes the proposal."""
    return input(f"{question} [{proposal}] ").strip() or proposal


def machine_language() -> str | None:
    """da or en, as the machine's own settings say (LC_ALL before LC_MESSAGES before LANG); None where they say neither."""
    said = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    return said[:2] if said[:2] in ("da", "en") else None


def sample_command(options: argparse.Namespace) -> int:
    from icp_helpers.tables.planting import make_sample_markets

    wanted = {"seed": options.seed, "customers": options.customers}
    written = make_sample_markets(options.to or data_folder(), only_missing=options.missing,
                                  **{key: value for key, value in wanted.items() if value is not None})
    print(f"Made {', '.join(folder.name for folder in written)}." if written else "All sample markets are there.")
    return 0


def score_command(options: argparse.Namespace) -> int:
    import pandas as pd

    from icp_helpers.analysis.icp_file import read_icp
    from icp_helpers.analysis.score_list import missing_columns, score_list
    from icp_helpers.tables.market_yaml import read_yaml

    if not options.profile.is_file():
        raise ParameterError("The profile is not there", where="option --profile", found=options.profile.name,
                             remedy="Name the icp.yml in the report of a unit.")
    if options.out.suffix.lower() not in WRITERS:
        raise ParameterError("The output must be csv, xlsx or parquet", where="option --out", found=options.out.name,
                             remedy="End its name in .csv, .xlsx or .parquet.")
    if not options.out.absolute().parent.is_dir():
        raise ParameterError("The folder of the output is not there", where="option --out", found=str(options.out.parent),
                             remedy="Make the folder, or name another.")
    try:
        icp = read_icp(read_yaml(options.profile).content)
    except MarketFileError as error:
        raise ParameterError(error.what, where=error.where, found=error.found, remedy=error.remedy) from None
    listed, theirs = read_list(options.list, missing_columns(pd.DataFrame(), icp))
    scored = score_list(listed, icp).rename(columns=theirs)
    WRITERS[options.out.suffix.lower()](scored, options.out)
    print(f"{len(scored)} rows scored: {options.out}")
    if missing := missing_columns(listed, icp):
        print(f"The profile also asks for {', '.join(missing)}, which the list does not have: what is not known meets no criterion.")
    return 0


def audit_command(options: argparse.Namespace) -> int:
    from icp_helpers.analysis.audit import audit, data_mark
    from icp_helpers.tables.audits import save_audit
    from icp_helpers.tables.store import open_unit

    unit = open_unit(options.market)
    features, ideal = unit.read("features"), unit.read("ideal")
    traits = unit.traits(features).frame
    marked = ideal.set_index("customer_id")["ideal"].reindex(traits.index)
    result = audit(traits, marked, seed=options.seed)
    save_audit(unit, {**result.to_dict(), "unit": unit.name, "as_of": str(unit.market.as_of), "seed": options.seed, "data": data_mark(traits, marked)})
    print(f"{result}\nThe next run shows this on the page of the profile.")
    return 0


def doctor_command(_options: argparse.Namespace) -> int:
    from icp_helpers.batch.doctor import examine

    findings = examine()
    for finding in findings:
        print(finding)
    return 0 if all(finding.well for finding in findings) else 1


def read_list(path: Path, asked: Sequence[str] = ()):
    """A list of leads or prospects as a frame, read as strictly as a market's own tables, and its own names of columns.

    Columns that the profile does not ask for by their names (`asked`) are known as `icp new` knows them (`Branche` is
    `industry`): the frame has our names, and the second answer maps these to the list's own.
    """
    from icp_helpers.tables.dictionary import dictionary
    from icp_helpers.tables.engine import engine_in, name
    from icp_helpers.tables.naming import name_columns
    from icp_helpers.tables.recognising import fold, match_columns
    from icp_helpers.tables.sources import ROW, open_raw
    from icp_helpers.tables.supplies import KINDS

    if not path.is_file() or path.suffix.lower() not in KINDS:
        raise TableError("The list is not there" if not path.is_file() else "The list is no table", where="LIST", found=path.name,
                         remedy="Name a csv, xlsx or parquet file.")
    market = Market(slug="list", name="list", kind="b2b", folder=path.resolve().parent, tables={"prospects": path.name})
    with tempfile.TemporaryDirectory() as stage, engine_in(Path(stage)) as engine:
        raw = open_raw(market, "prospects", engine)
        mapped, _met = match_columns(dictionary().tables["prospects"], {fold(column): column for column in reversed(raw.columns) if column not in asked})
        named = name_columns(replace(market, columns={"prospects": mapped}), raw)
        columns = ", ".join(f"{reading.value} AS {name(ours)}" for ours, reading in named.readings.items())
        frame = engine.con.execute(f"SELECT {columns} FROM {name(named.view.called)} ORDER BY {ROW}").df()
    return frame, {ours: theirs for theirs, ours in mapped.items()}


def flat(frame):
    """A copy in which a list is one text, its items separated by | as in a market's own csv."""
    return frame.apply(lambda column: column.map(lambda cell: "|".join(map(str, cell)) if hasattr(cell, "__len__") and not isinstance(cell, str) else cell)
                       if column.dtype == object else column)


def write_csv(frame, path: Path) -> None:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front, headers included."""
    from icp_helpers.page.lists import disarmed

    safe = flat(frame)
    for column in safe.select_dtypes(include=["object", "string", "category"]):
        safe[column] = safe[column].map(disarmed)
    safe.rename(columns=disarmed).to_csv(path, index=False, encoding="utf-8-sig")


def write_xlsx(frame, path: Path) -> None:
    import pandas as pd

    plain = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs=plain) as writer:
        flat(frame).to_excel(writer, index=False)


def write_parquet(frame, path: Path) -> None:
    frame.to_parquet(path, index=False)


WRITERS = {".csv": write_csv, ".xlsx": write_xlsx, ".parquet": write_parquet}
