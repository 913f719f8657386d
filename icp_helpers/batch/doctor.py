"""`icp doctor`: is all there that a run needs? Each fault with its remedy, and no secret in any line."""

import importlib.metadata
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from icp_helpers.batch.fingerprint import installed
from icp_helpers.batch.flow import STEPS
from icp_helpers.batch.job import Settings, processors
from icp_helpers.batch.record import DISTRIBUTION
from icp_helpers.batch.warm_client import Warm, unwanted
from icp_helpers.tables.databases import answers
from icp_helpers.tables.errors import IcpError
from icp_helpers.tables.market import Market, list_markets, load_market
from icp_helpers.tables.market_keys import FILE_KINDS

LEAST_FREE = 1_000_000_000  # bytes: a market of a million customers in two copies
REINSTALL = "Set up again: remove .venv, then `make report`."
KERNEL = """
import json
with open("said.json", "w") as file:
    json.dump("ready", file)
"""


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    well: bool
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{'ok   ' if self.well else 'FAULT'}  {self.what}: {self.found}" + ("" if self.well else f" {self.remedy}")


def examine() -> list[Finding]:
    """All findings, in the order in which a run would meet them."""
    settings = Settings()
    return [*_versions(), *_folders(settings), *_notebooks(settings), _kernel(), _warm_starts(), *_markets(settings)]


def _versions() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python", sys.version_info >= (3, 11), version, "Install Python 3.11 or later.")
    wrong = []
    for line in importlib.metadata.requires(DISTRIBUTION) or []:
        name = re.match(r"[A-Za-z0-9._-]+", line)[0]
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if "extra ==" not in line:
                wrong.append(f"{name} is missing")
            continue
        if not within(line.partition(";")[0], found):
            wrong.append(f"{name} is {found}")
    yield Finding("Packages", not wrong, ", ".join(wrong) or f"all within their bounds ({installed()[:12]})", REINSTALL)
    yield Finding("Processors", True, f"{processors()}, so as many units side by side")


def within(requirement: str, version: str) -> bool:
    """Does a version meet `name>=a,<b`? Numbers alone are compared."""
    for sign, bound in re.findall(r"(>=|<=|==|<|>)\s*([0-9.]+)", requirement):
        length = bound.count(".") + 1
        have, want = _numbers(version, length), _numbers(bound, length)
        if not {">=": have >= want, "<": have < want, "<=": have <= want, ">": have > want, "==": have == want}[sign]:
            return False
    return True


def _numbers(version: str, length: int) -> list[int]:
    numbers = [int(part) for part in re.findall(r"\d+", version)[:length]]
    return numbers + [0] * (length - len(numbers))


def _folders(settings: Settings) -> Iterator[Finding]:
    for what, folder in (("Data folder", settings.data), ("Reports folder", settings.reports)):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"x")
        except OSError as error:
            variable = "ICP_DATA" if folder == settings.data else "ICP_REPORTS"
            yield Finding(what, False, f"{folder} cannot be written ({error.strerror}).",
                          f"Change its rights, or set {variable} to another folder.")
            continue
        yield Finding(what, True, f"{folder} can be written")
        free = shutil.disk_usage(folder).free
        yield Finding("Disk", free >= LEAST_FREE, f"{free / 1e9:.1f} GB free.", "Make room, at least 1 GB.")


def _notebooks(settings: Settings) -> Iterator[Finding]:
    absent = [step.name for step in STEPS if not (settings.notebooks / f"{step.name}.ipynb").is_file()]
    yield Finding("Notebooks", not absent, f"missing: {', '.join(absent)}." if absent else f"all {len(STEPS)} are there",
                  "Restore them, for example by git.")


def _kernel() -> Finding:
    """Starts a kernel and lets it compute."""
    import nbformat

    from icp_helpers.batch.execute import run_notebook

    cells = [nbformat.v4.new_code_cell("market = ''", id="parameters", metadata={"tags": ["parameters"]}),
             nbformat.v4.new_code_cell(KERNEL, id="write")]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "kernel.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
        _executed, problem = run_notebook(path, {"market": "x"}, cwd=path.parent, seconds=120)
        well = problem is None and (path.parent / "said.json").exists()
    return Finding("Kernel", well, "starts and computes" if well else f"{problem.message if problem else 'it wrote nothing.'}", REINSTALL)


def _warm_starts() -> Finding:
    """Are kernels forked from a process that has all imported, or does each start by itself, and why?"""
    why = unwanted()
    if why:
        return Finding("Warm starts", True, f"none: {why}. Kernels start plainly, at some seconds each")
    warm = Warm()
    try:
        warm.start()
        return Finding("Warm starts", warm.name is not None, "kernels are forked from a warm process" if warm.name else f"{warm.why}.",
                       "Runs work, each kernel starting plainly at some seconds more; ICP_WARM=0 says that this is meant.")
    finally:
        warm.stop()


def _markets(settings: Settings) -> Iterator[Finding]:
    names = list_markets(data=settings.data)
    if not names:
        yield Finding("Markets", False, "none.", "Make the sample markets with `icp sample`, or your own with `icp new`.")
    for name in names:
        try:
            market = load_market(name, data=settings.data)
        except IcpError as error:
            yield Finding(f"Market {name}", False, str(error))
            continue
        yield _market(market)


def _market(market: Market) -> Finding:
    """Are its files there, and does its database answer?"""
    what, variable = f"Market {market.slug}", f"ICP_DB_{(market.connection or '').upper()}"
    files = [place.partition("#")[0] for place in market.tables.values() if place.partition("#")[0].lower().endswith(FILE_KINDS)]
    absent = sorted({file for file in files if not (market.folder / file).is_file()})
    if absent:
        remedy = "Put them beside its market.yml; those of the sample markets are made by `icp sample --missing`."
        return Finding(what, False, f"missing files: {', '.join(absent[:8])}.", remedy)
    if market.connection and not os.environ.get(variable):
        return Finding(what, False, f"no {variable} in the environment.", f"Set {variable} to the database's URL.")
    if market.connection:
        try:
            answers(market.connection)
        except IcpError as error:
            return Finding(what, False, str(error))
    return Finding(what, True, f"{len(market.tables)} tables named" + (", and its database answers" if market.connection else ""))
