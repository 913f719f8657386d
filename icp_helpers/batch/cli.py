"""The command `icp`: what is asked, in words; what each command does stands in commands.py."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from icp_helpers.tables.errors import IcpError

WRONG_USE, INTERRUPTED, CLOSED_PIPE = 2, 130, 141
ABOUT = """Who are our ideal customers, how sure are we, and what do we do on Monday?

First time:     icp sample, then icp run, then open reports/index.html
Your own data:  icp new acme --from path/to/export, icp check acme, icp run acme
"""
CODES = """exit codes: 0 every unit ok, or honestly insufficient; 1 a unit failed; 2 wrong use, or a market file that cannot
be read; 130 and 143 stopped. ICP_DATA and ICP_REPORTS move the two folders."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. A user's mistake is one sentence on stderr and exit code 2, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no æ shows another sign, and ends no command half-way
    parser = make_parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    from icp_helpers.batch import commands

    try:
        code = getattr(commands, f"{options.command}_command")(options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # Whoever read along has seen enough (`| head`). What is left must not be written at the interpreter's end either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    except IcpError as error:
        names = getattr(options, "markets", None) or [getattr(options, "market", "")]
        print(f"icp {options.command}: {commands.told(error, names)}", file=sys.stderr)
    except OSError as error:
        name = f" ({Path(error.filename).name})" if isinstance(error.filename, str) else ""
        print(f"icp {options.command}: A file or folder cannot be used{name}. Found: {error.strerror}. "
              "Check that it exists, may be written, and that the disk is not full; `icp doctor` looks for you.", file=sys.stderr)
    except (KeyboardInterrupt, EOFError):  # at a question of `icp new`, the end of the input means the same
        print(f"\nicp {options.command}: stopped", file=sys.stderr)
        return INTERRUPTED
    return WRONG_USE


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="icp", description=ABOUT, epilog=CODES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", title="commands", metavar="COMMAND")
    _add_run(commands)
    _add(commands, "check", "read and check the data: what was found, missing, changed, set aside").add_argument(
        "markets", nargs="*", metavar="MARKET", help="all markets by default")
    _add_new(commands)
    sample = _add(commands, "sample", "make the sample markets")
    sample.add_argument("--seed", type=_whole, metavar="N", help="another seed, another made-up world")
    sample.add_argument("--customers", type=_positive, metavar="N", help="how many customers a market has")
    sample.add_argument("--to", type=Path, metavar="DIR", help="the data folder to write to")
    sample.add_argument("--missing", action="store_true", help="make only what is not there yet")
    score = _add(commands, "score", "score any list of leads or prospects by a profile")
    score.add_argument("list", type=Path, metavar="LIST", help="csv, xlsx or parquet")
    score.add_argument("--profile", type=Path, required=True, metavar="icp.yml")
    score.add_argument("--out", type=Path, required=True, metavar="FILE", help="csv, xlsx or parquet")
    audit = _add(commands, "audit", "plant profiles in a market's own data, and shuffle it: found and claimed wrongly how often")
    audit.add_argument("market", metavar="MARKET")
    audit.add_argument("--seed", type=_whole, default=0, metavar="N")
    _add(commands, "doctor", "versions, kernel, disk, rights, connections; each fault with its remedy")
    return parser


def _add_run(commands) -> None:
    run = _add(commands, "run", "run every notebook for every market and segment")
    run.add_argument("markets", nargs="*", metavar="MARKET", help="all markets by default")
    run.add_argument("--segment", metavar="S", help="one segment alone, or `all` for the markets as wholes")
    run.add_argument("--steps", metavar="02,05-08", help="some steps alone; the others' results are taken as they are")
    run.add_argument("--jobs", type=_positive, metavar="N", help="units side by side; as many as there are processors by default")
    run.add_argument("--cluster", metavar="ADDRESS", help="run the units on a Dask cluster, as in tcp://scheduler:8786; its workers set how many at a time")
    run.add_argument("--force", action="store_true", help="run what has not changed, too")
    run.add_argument("--timeout", type=_positive, default=3600, metavar="SECONDS", help="the limit a notebook; 3600 by default")


def _add_new(commands) -> None:
    new = _add(commands, "new", "write a market.yml from what a file, a folder or a database holds, and ask where unsure")
    new.add_argument("name", metavar="NAME", help="small letters, digits, hyphens: the folder under data/markets")
    new.add_argument("--from", dest="source", required=True, metavar="FILE|FOLDER|CONNECTION",
                     help="csv, xlsx or parquet, a folder of them, or the name whose URL stands in ICP_DB_<NAME>")
    new.add_argument("--language", choices=("da", "en"), help="the language of its questions; by default that of the machine or of the tables")
    new.add_argument("--yes", action="store_true", help="ask nothing, take its own proposals")


def _add(commands, name: str, help: str) -> argparse.ArgumentParser:
    return commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")


def _positive(text: str) -> int:
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return number


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a whole number")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
