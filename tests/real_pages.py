"""Reads finished reports: where each text of a page stands, which numbers it holds, and which numbers its facts can give."""

import json
import re
import string
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import yaml

from icp_helpers.page.catalogue import load_catalogue
from icp_helpers.page.numbers import Words, is_missing
from icp_helpers.page.show import MOST_ROWS

NUMBER = re.compile(r"\d(?:[\d.,]*\d)?")
SPECS = ("count", "people", "number", "percent", "points", "money", "times", "days")
VOID = {"img", "meta", "br", "link"}


class Texts(HTMLParser):
    """Every piece of text of a page with its place: the attributes of all elements around it, the nearest last."""

    def __init__(self, page: str):
        super().__init__()
        self.around: list[tuple[str, dict]] = []
        self.found: list[tuple[str, list[tuple[str, dict]]]] = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.found += [(attributes[name], [*self.around, (tag, attributes)]) for name in ("alt", "aria-label") if attributes.get(name)]
        if tag not in VOID:
            self.around.append((tag, attributes))

    def handle_endtag(self, tag):
        self.around.pop()

    def handle_data(self, data):
        if data.strip() and not any(tag == "style" for tag, _attributes in self.around):
            self.found.append((data, list(self.around)))


def numbers(text: str) -> set[str]:
    """The numbers of a text as they are written."""
    return set(NUMBER.findall(text))


def can_be_written(facts, words: Words) -> set[str]:
    """Every number that these facts can put into a sentence, in any format."""
    if isinstance(facts, Mapping):
        facts = list(facts.values())
    if isinstance(facts, list | tuple):
        return set().union(*(can_be_written(fact, words) for fact in facts))
    if isinstance(facts, bool) or is_missing(facts):
        return set()
    if isinstance(facts, int | float):
        return set().union(*(numbers(words.format_field(facts, spec)) for spec in SPECS))
    written = numbers(str(facts))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", str(facts)):
        written |= numbers(words.date(facts)) | numbers(words.month(facts))
    return written


def literals(step: str, language: str, finding: Mapping) -> set[str]:
    """The numbers that the finding's own sentence holds as text, such as the ten KPIs: what is asked for, not found."""
    catalogue = load_catalogue(step, language)
    text = catalogue.translate(catalogue.sentences[finding["id"].partition(":")[0]].branches()[finding["status"]])
    return set().union(*(numbers(literal) for literal, *_field in string.Formatter().parse(text)))


def captions(step: str, kind: str, id: str, language: str) -> set[str]:
    """The numbers that stand as text in the catalogue's caption and alt text of a figure or table."""
    catalogue = load_catalogue(step, language)
    entry = (catalogue.figures if kind == "figure" else catalogue.tables)[id]
    texts = [catalogue.translate(text) for text in (entry.caption, getattr(entry, "alt", ""))]
    return {str(MOST_ROWS)}.union(*(numbers(literal) for text in texts for literal, *_field in string.Formatter().parse(text)))


def records(processed: Path) -> Iterator[tuple[str, str, dict]]:
    """(step, kind, record) for each sentence, figure and table that a unit's executed notebooks hold."""
    for path in sorted((processed / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                for kind, record in output.get("metadata", {}).get("icp", {}).items():
                    yield path.stem, kind, record


def sources(report: Path) -> dict[str, dict]:
    """What a `data-from` can name: icp.yml, and each finding by `<step>#<id>`."""
    findings = json.loads((report / "findings.json").read_text(encoding="utf-8"))["findings"]
    icp = yaml.safe_load((report / "icp.yml").read_text(encoding="utf-8"))
    return {"icp.yml": icp} | {f"{finding['step']}#{finding['id']}": finding for finding in findings}
