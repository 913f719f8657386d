"""`make messages`: what a reader meets, gathered from sentences, templates and notebooks into one .po file a step.

    python -m icp_helpers.page.messages        # rewrites page/locale/<language>/LC_MESSAGES/*.po; translations are kept
"""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from icp_helpers.page.catalogue import COMMON, LOCALE
from icp_helpers.page.errors_told import DOMAIN as ERRORS
from icp_helpers.page.errors_told import GAP
from icp_helpers.page.report import TEMPLATE

PAGE = Path(__file__).parent
NOTEBOOKS = PAGE.parents[1] / "notebooks"
LANGUAGES = ("da",)
FAILING = ("contracts", "csv_files", "databases", "excel_files", "joining", "last_days", "market", "market_keys", "market_sql", "market_values", "market_yaml", "naming",
           "outcome", "proposing", "readings", "recognising", "settling", "sources", "store")  # in tables/
COMMANDS = ("commands", "flow", "market_text", "new_market", "plan", "run", "unit")  # in batch/
PARTS = ("what", "where", "found", "remedy")
ALSO = {"10_activate_profile": ("plan",)}  # a step's further modules in sentences/
HINTS = ("nearest", "expression_fault", "_node_fault")  # functions that give a part of an error
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)  # a date in the file would change it at every run


def extract_notebook(file, keywords, comment_tags, options) -> Iterator[tuple]:
    """A Babel extractor: each markdown cell whole, and the texts that a code cell gives to `page.label` or `_`."""
    notebook = nbformat.reads(file.read().decode("utf-8"), as_version=4)
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "markdown" and cell.source.strip():
            yield number, None, cell.source, [cell.id]
        elif cell.cell_type == "code":
            for text in _labels(cell.source):
                yield number, None, text, [cell.id]


def _labels(source: str) -> list[str]:
    """The literal first arguments of `page.label(...)` and `_(...)`."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args]
    return [call.args[0].value for call in calls
            if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
            and (getattr(call.func, "attr", "") == "label" or getattr(call.func, "id", "") == "_")]


def extract_errors(file, keywords, comment_tags, options) -> Iterator[tuple]:
    """A Babel extractor: the four parts of each error of ours, and what is marked as `told(...)`, with numbered gaps for what is put into them."""
    for node in ast.walk(ast.parse(file.read().decode("utf-8"))):
        parts = []
        if isinstance(node, ast.Call) and any(key.arg == "remedy" for key in node.keywords):
            parts = [*node.args[:1], *(key.value for key in node.keywords)]
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("fail", "wrong"):  # (path, what, ...)
            parts = [*node.args[1:], *(key.value for key in node.keywords)]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "told":  # what `icp new` says
            parts = node.args[:1]
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in PARTS:
            parts = [node.value]
        elif isinstance(node, ast.FunctionDef) and node.name in HINTS:
            parts = [inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value]
        yield from ((part.lineno, None, text, []) for part in parts for text in _texts(part) if re.search("[a-z]{2}|[A-Z]{4}", GAP.sub("", text)))


def _texts(part: ast.expr) -> list[str]:
    """The texts that an expression can be: a literal, an f-string, or either side of a choice."""
    if isinstance(part, ast.IfExp | ast.BoolOp):
        sides = (part.body, part.orelse) if isinstance(part, ast.IfExp) else part.values
        return [text for side in sides for text in _texts(side)]
    if isinstance(part, ast.JoinedStr):
        gaps = iter(range(1, len(part.values) + 1))
        return ["".join(piece.value if isinstance(piece, ast.Constant) else f"{{{next(gaps)}}}" for piece in part.values)]
    return [part.value] if isinstance(part, ast.Constant) and isinstance(part.value, str) else []


def domains() -> list[str]:
    """`common`, `errors`, and each step that has sentences or a notebook."""
    steps = {path.stem[1:] for path in (PAGE / "sentences").glob("s*_*.py")} | {
        path.stem for path in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")}
    return [COMMON, ERRORS, *sorted(steps)]


def sources(domain: str) -> list[tuple]:
    """The files of a domain, each with the Babel method that reads it."""
    if domain == COMMON:
        modules = sorted(path for path in PAGE.glob("*.py") if path.name != Path(__file__).name)
        return ([(path, "python") for path in (*modules, PAGE / "sentences" / "shared.py")]
                + [(path, "jinja2.ext:babel_extract") for path in sorted(TEMPLATE.glob("*.j2"))])
    if domain == ERRORS:
        modules = [*(("tables", name) for name in FAILING), *(("batch", name) for name in COMMANDS), ("page", "report")]
        return [(PAGE.parent / room / f"{name}.py", extract_errors) for room, name in modules]
    modules = (f"s{domain}", *ALSO.get(domain, ()))
    pairs = (*((PAGE / "sentences" / f"{name}.py", "python") for name in modules), (NOTEBOOKS / f"{domain}.ipynb", extract_notebook))
    return [(path, method) for path, method in pairs if path.exists()]


def template(domain: str) -> Catalog:
    """The English messages of a domain, with the file, and for a notebook the cell, that each stands in."""
    catalogue = _catalogue(domain)
    for path, method in sources(domain):
        place = path.relative_to(PAGE.parents[1]).as_posix()
        options = {"silent": "false"} if path.suffix == ".j2" else None
        for line, message, comments, _context in extract_from_file(method, path, options=options, strip_comment_tags=True):
            catalogue.add(message, locations=[(place, line)], auto_comments=comments)
    return catalogue


def update(domain: str, language: str) -> Path:
    """Bring one .po file up to date: new messages come in empty, unused ones go, nothing is guessed."""
    path = LOCALE / language / "LC_MESSAGES" / f"{domain}.po"
    catalogue = _catalogue(domain, language)
    if path.exists():
        with path.open("rb") as file:
            for message in read_po(file, locale=language, domain=domain):
                if message.id and message.string and not message.fuzzy:
                    catalogue.add(message.id, message.string)
    catalogue.update(template(domain), no_fuzzy_matching=True, update_header_comment=False)
    catalogue.creation_date = catalogue.revision_date = UNDATED
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, ignore_obsolete=True, include_lineno=False)
    return path


def _catalogue(domain: str, language: str | None = None) -> Catalog:
    return Catalog(locale=language, domain=domain, project="icp-workbench", header_comment=f"# {domain}: what a reader meets.",
                   creation_date=UNDATED, revision_date=UNDATED, last_translator="icp-workbench", language_team="icp-workbench",
                   msgid_bugs_address="CONTRIBUTING.md", version="1", fuzzy=False)


def main() -> None:
    for language in LANGUAGES:
        for domain in domains():
            path = update(domain, language)
            with path.open("rb") as file:
                missing = [message.id for message in read_po(file) if message.id and not message.string]
            print(f"{language} {domain}: {f'{len(missing)} without a translation' if missing else 'complete'}")


if __name__ == "__main__":
    main()
