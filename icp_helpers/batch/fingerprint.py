"""What a step's result depends on, as one hash: a step is run again when, and only when, its hash has changed.

It holds the notebook's code and text, its parameters, what it reads (by content), the market file (by meaning, not by
layout), the part of the package that the notebook can reach by import, and every installed version. A step that ran
again and wrote the same bytes leaves the hashes of the steps after it as they were.
"""

import hashlib
import json
import re
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml

from icp_helpers.batch.flow import Step
from icp_helpers.tables.audits import FILE
from icp_helpers.tables.hypotheses import FOLDER

PACKAGE = Path(__file__).resolve().parents[1]
UNKNOWN = "read from a connection"
KEPT = {"read_hypotheses": f"{FOLDER}/", "read_audit": FILE}  # who reads what a person keeps beside the market file
IMPORTS = re.compile(rf"""^[ \t]* (?:
    from [ \t]+ ({PACKAGE.name}[\w.]*) [ \t]+ import\b [ \t]* ( \([^)]*\) | (?:[^\n\\]|\\\n)* )
    | import\b ([^\n]*) )""", re.MULTILINE | re.VERBOSE)


def hash_file(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_json(content) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def hash_folder(folder: Path) -> dict[str, str]:
    """The hash of every file below a folder, by its path within it; hidden files aside."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hash_file(path) for path in files if not path.name.startswith(".")}


def step_fingerprint(step: Step, notebook: Path, parameters: dict, sources: dict[str, str], stage: Path) -> str:
    """The hash of all that running `step` in the folder `stage` depends on. `sources`: the market's own files."""
    own = sources if step.sources or step.across else {"market.yml": sources.get("market.yml")}
    own = {name: hash for name, hash in own.items() if not name.startswith(tuple(KEPT.values()))}
    code = notebook.read_text(encoding="utf-8")
    for reader, place in KEPT.items():  # what a person keeps by hand concerns the step that reads it, and no other
        if reader in code:
            own |= {name: hash for name, hash in sources.items() if name.startswith(place)}
    read = {} if step.sources else {name: _content(stage, name) for name in step.reads}  # its tables are made by itself
    return hash_json({"notebook": _notebook(notebook), "parameters": parameters, "sources": own, "read": read,
                      "code": code_hash(notebook, step.name), "versions": installed()})


def page_fingerprint(step: str, executed: Path, language: str) -> str:
    """The hash of all that a step's HTML page depends on besides its executed notebook's own bytes."""
    template = PACKAGE.parent / "reports" / "template"
    return hash_json({"executed": hash_file(executed), "language": language, "versions": installed(),
                      "template": hash_folder(template) if template.is_dir() else {},
                      "code": _hash_files({*reachable([PACKAGE / "page" / "report.py"]), *_texts(step)})})


def source_hashes(market_file: Path, tables: dict, has_connection: bool) -> dict[str, str]:
    """The hash of the market file's meaning and of each source file beside it; a connection has no hash."""
    try:
        meaning = hash_json(yaml.safe_load(market_file.read_text(encoding="utf-8")))
    except (OSError, ValueError, yaml.YAMLError):
        meaning = UNKNOWN
    hashes = {"market.yml": meaning}
    for name in sorted({str(table) for table in tables.values()}):
        path = market_file.parent / name.partition("#")[0]  # a workbook may name its sheet
        shown = path.name if Path(name).is_absolute() else name  # run.json is shared: no path of a machine
        hashes[shown] = hash_file(path) if path.is_file() else (UNKNOWN if has_connection else "absent")
    kept = [*sorted((market_file.parent / FOLDER).glob("*.yml")), *market_file.parent.glob(FILE)]
    return hashes | {path.relative_to(market_file.parent).as_posix(): hash_file(path) for path in kept}


@cache
def installed() -> str:
    """Python's version and every installed distribution with its version, as one hash."""
    names = sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    return hash_json([sys.version, *names])


@cache
def code_hash(notebook: Path, step: str) -> str:
    """The hash of every module of the package that a notebook reaches by import, and of its step's texts."""
    roots = _modules_of(_code(notebook))
    return _hash_files({*reachable(roots), *_texts(step)})


def reachable(roots: Iterable[Path]) -> set[Path]:
    """These modules of the package and all that they import, directly or not, within the package."""
    seen: set[Path] = set()
    left = list(roots)
    while left:
        path = left.pop()
        if path not in seen:
            seen.add(path)
            left += _imports(path)
    return seen


@cache
def _imports(path: Path) -> tuple[Path, ...]:
    return tuple(_modules_of(path.read_text(encoding="utf-8")))


def _modules_of(source: str) -> list[Path]:
    """The files of the package that a source imports, read off its import lines: to parse it takes fifty times as long."""
    names = []
    for module, imported, plain in IMPORTS.findall(source):
        names += [module, *(f"{module}.{name}" for name in re.findall(r"\w+", imported))] if module else re.findall(r"[\w.]+", plain)
    return [file for name in names if name.split(".")[0] == PACKAGE.name for file in _files_of(name)]


@cache
def _files_of(module: str) -> tuple[Path, ...]:
    """A dotted name's file, and the `__init__.py` of each package on the way to it."""
    folder, files = PACKAGE.parent, []
    for part in module.split("."):
        folder = folder / part
        files += [folder / "__init__.py", folder.with_suffix(".py")]
    return tuple(file for file in files if file.is_file())


def _texts(step: str) -> list[Path]:
    """What the page looks up by the step's name, or by no name: sentences, translations, and the dictionary."""
    page = PACKAGE / "page"
    sentences = [path for path in (page / "sentences" / f"s{step}.py", page / "sentences" / "shared.py") if path.is_file()]
    others = [PACKAGE.parent / "data" / "dictionary.yml", *page.glob(f"locale/*/LC_MESSAGES/{step}.po"),
              *page.glob("locale/*/LC_MESSAGES/common.po")]
    return [*reachable(sentences), *(path for path in others if path.is_file())]


def _hash_files(paths: Iterable[Path]) -> str:
    return hash_json({str(path.relative_to(PACKAGE.parent)): _hash_once(path) for path in sorted(paths)})


@cache
def _hash_once(path: Path) -> str:
    return hash_file(path)


@cache
def _cells(notebook: Path) -> list[dict]:
    """The cells of a notebook file; none where it cannot be read (it will fail by itself)."""
    try:
        return json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _notebook(path: Path) -> str:
    return hash_file(path) if path.is_file() else "absent"


def _code(notebook: Path) -> str:
    cells = [cell for cell in _cells(notebook) if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    return "\n".join("".join(cell.get("source", "")) for cell in cells)


def _content(stage: Path, name: str) -> str:
    """The hash of a table or contract as it lies in the unit's folder."""
    for path in (stage / f"{name}.parquet", stage / "tables" / f"{name}.parquet", stage / f"{name}.yml"):
        if path.is_file():
            return hash_file(path)
    return "absent"
