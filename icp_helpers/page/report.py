"""An executed notebook becomes one self-contained page: prose in the reader's language, code and noise left out."""

import html
import re
from functools import cache, partial
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from nbformat import NotebookNode, from_dict

from icp_helpers.page.catalogue import COMMON, _, translate
from icp_helpers.page.clean import clean_markdown, clean_output
from icp_helpers.page.numbers import Words
from icp_helpers.page.steps import short_title
from icp_helpers.page.summary import words_of
from icp_helpers.tables.errors import TableError

TEMPLATE = Path(__file__).parents[2] / "reports" / "template"
LARGEST_PAGE = 1_500_000  # bytes: what still goes by e-mail to everybody
OURS = ("finding", "figure", "table", "answer")
HEADING_LINK = re.compile(r'<a class="anchor-link" href="#[^"]*">&#182;</a>')


def export(notebook: NotebookNode, *, market, step: str, segment: str = "all",
           previous: str | None = None, next: str | None = None) -> str:
    """The HTML page of one executed notebook, the same bytes for the same notebook.

    `market` gives name, language and the last day of the data; `previous` and `next` are the neighbouring steps.
    Raises ValueError where a cell did not run or failed, the headings are out of order, or the page is too large.
    """
    refuse_unfinished(notebook)
    language = market.language
    title, cells = _arrange(notebook, language, step)
    inside, _resources = _exporter(language).from_notebook_node(from_dict({**notebook, "cells": cells}))
    page = render("step.html.j2", language, title=title, market=market, segment=segment, step=step,
                  inside=Markup(inside), previous=previous, next=next)
    _refuse_disorder(page, step)
    if (size := len(page.encode())) > LARGEST_PAGE:
        raise TableError("A page of the report is too large to be sent by e-mail", where=f"{step}.html",
                         found=f"{size} bytes, where {LARGEST_PAGE} are the most",
                         remedy="Shorten the longest texts in the tables, or leave out traits with very many levels under traits: in market.yml.")
    return page


def refuse_unfinished(notebook: NotebookNode) -> None:
    """Raise ValueError unless every code cell has run to its end; papermill's own word for it cannot be trusted."""
    for cell in notebook.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if cell.execution_count is None:
            raise ValueError(f"Cell {cell.id!r} did not run: an unfinished notebook makes no report.")
        if any(output.output_type == "error" for output in cell.outputs):
            raise ValueError(f"Cell {cell.id!r} failed: a failed notebook makes no report.")


def render(template: str, language: str, **facts) -> str:
    """One of our page templates, its words in the reader's language."""
    words = words_of(facts["market"]) if "market" in facts else Words(language)
    return _pages().get_template(template).render(
        language=language, words=words, _=words.translate, short_title=lambda step: short_title(step, language), **facts)


def anchor(id: str) -> str:
    """The id under which a page holds the finding `id`, for links from the unit's first page."""
    return "finding-" + re.sub(r"[^A-Za-z0-9_-]+", "-", id)


def _arrange(notebook: NotebookNode, language: str, step: str) -> tuple[str, list]:
    """The title in words, and the cells as a reader wants them: title, answer, then the rest, in her language."""
    cells = [_translated(cell, language, step) for cell in notebook.cells]
    heading, _newline, purpose = cells[0].source.partition("\n")
    if not heading.startswith("# "):
        raise ValueError(f"Notebook {step} does not open with a title.")
    title = re.sub(r"^#\s*(\d\d\s+)?", "", heading).strip()
    cells[0].source = f"# {title}\n{_for_readers(purpose)}"
    return title, cells[:1] + sorted(cells[1:], key=lambda cell: cell.id != "answer")


def _translated(cell: NotebookNode, language: str, step: str) -> NotebookNode:
    return from_dict({**cell, "source": translate(cell.source, language, step)}) if cell.cell_type == "markdown" else cell


def _for_readers(purpose: str) -> str:
    """The title cell without the table of files and the guide's row ids, which serve those who open the notebook."""
    lines = purpose.splitlines()
    return "\n".join(line for line in lines if not line.startswith(("|", "Guide:", "Guiden:")))


@cache
def _exporter(language: str) -> TemplateExporter:
    return TemplateExporter(extra_template_basedirs=[str(TEMPLATE.parent)], template_name=TEMPLATE.name, file_extension=".html",
                            filters={"prose": _prose, "shown": partial(_shown, language=language)})


def _prose(source: str) -> str:
    return clean_markdown(HEADING_LINK.sub("", markdown2html_mistune(source)))


def _shown(output: NotebookNode, language: str) -> str:
    """One of our own outputs as clean HTML; anything else a cell showed is nothing."""
    record = output.metadata.get("icp", {})
    kind = next((kind for kind in OURS if kind in record), None)
    if kind is None or "text/html" not in output.data:
        return ""
    inside = clean_output("".join(output.data["text/html"]))
    if kind == "finding":
        return f'<div id="{anchor(str(record["finding"]["id"]))}" class="said">{inside}</div>'
    if kind in ("table", "figure"):  # either is wider than a telephone
        label = html.escape(str(record[kind]["caption"]))
        return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">{inside}</div>'
    if kind == "answer":
        heading = translate(_("In short"), language, COMMON)
        return f'<section class="short"><h2 id="answer">{html.escape(heading)}</h2>{inside}</section>'
    return inside


@cache
def _pages() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATE), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)


def _refuse_disorder(page: str, step: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", page)]
    if levels.count(1) != 1 or levels[0] != 1 or any(b > a + 1 for a, b in pairwise(levels)):
        raise ValueError(f"The headings of {step} are not one H1 with no level skipped: {levels}.")
