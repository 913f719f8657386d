"""Every word a reader meets has its Danish, with the same facts in it, and no English is left."""

import ast
import re
import string
from pathlib import Path

import nbformat
import pytest
from report_worlds import make_icp, make_market, make_report

from icp_helpers.analysis.kpis import KPIS
from icp_helpers.page.catalogue import COMMON, LOCALE, translate, translations
from icp_helpers.page.messages import LANGUAGES, NOTEBOOKS, _catalogue, domains, extract_notebook, template, update
from icp_helpers.page.pages import front_page, unit_page

ENGLISH = re.compile(r"\b(the|of|which|customers?|are|with|would|from|this|than|their|how|not|too few)\b", re.IGNORECASE)
DOMAINS = domains()


def messages(domain: str) -> list:
    return [message for message in template(domain) if message.id]


def fields(text: str) -> set[tuple]:
    """The facts and their formats in a message; prose of a notebook has none."""
    try:
        found = {(name, spec) for _literal, name, spec, _conversion in string.Formatter().parse(text) if name is not None}
        return {(name, spec) for name, spec in found if "|" not in spec}  # words for one and for many are the language's own
    except ValueError:
        return set()


def prose(text: str) -> str:
    """A message without facts, code, the table of files and the guide's row ids: what a reader meets in Danish."""
    lines = [line for line in text.splitlines() if not line.startswith(("Guide", "|"))]
    return re.sub(r"\{[^}]*\}|`[^`]*`|https?:\S+|\bderive: \w+", " ", "\n".join(lines))


def english_left(text: str) -> list[str]:
    """The English words of a text that should be Danish; none of them is a Danish word too, as `and` and `no` are."""
    return ENGLISH.findall(prose(text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("domain", DOMAINS)
def test_every_message_has_a_translation(domain, language):
    shared = translations(language, COMMON)
    own = translations(language, domain)
    missing = [message.id for message in messages(domain) if message.id not in own and message.id not in shared]
    assert not missing, f"run make messages, then translate in {domain}.po"


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_translation_holds_the_same_facts_in_the_same_formats(domain):
    differ = [(m.id, translate(m.id, "da", domain)) for m in messages(domain)
              if not m.id.startswith("#") and fields(m.id) != fields(translate(m.id, "da", domain))]
    assert not differ


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_translation_holds_english(domain):
    left = {m.id[:60]: english_left(translate(m.id, "da", domain)) for m in messages(domain)}
    assert not {text: words for text, words in left.items() if words}


@pytest.mark.parametrize("domain", DOMAINS)
def test_percent_is_written_one_way_in_each_language(domain):
    """As numbers are: in English without a space, in Danish with one."""
    assert [m.id for m in messages(domain) if re.search(r"\d %", prose(m.id))] == []
    assert [m.id for m in messages(domain) if re.search(r"\d%", prose(translate(m.id, "da", domain)))] == []


def test_percent_is_written_one_way_in_the_formulas_of_the_kpis():
    assert [kpi.id for kpi in KPIS.values() if re.search(r"\d %", kpi.formula + kpi.interval)] == []
    assert [kpi.id for kpi in KPIS.values() if re.search(r"\d%", kpi.formula_da + kpi.interval_da)] == []


def test_english_is_seen_where_it_is_left():
    assert english_left("Hvor mange customers er der?") and english_left("There are no customers and not one of them left")
    assert not english_left("En and og et no. 5 i `customers`, {customers:count} i alt\nGuide: A-DAT19")


@pytest.mark.parametrize("domain", [domain for domain in DOMAINS if domain[:2].isdigit()])
def test_a_page_of_a_step_speaks_of_steps_and_not_of_notebooks(domain):
    """Whoever opens a report from an e-mail has never seen a notebook."""
    assert [text for m in messages(domain) for text in (m.id, translate(m.id, "da", domain)) if "notebook" in prose(text).lower()] == []


@pytest.mark.parametrize("status", ["found", "none", "too_few", "hypothesis", None])
def test_a_danish_first_page_holds_no_english(status):
    market = make_market(language="da")
    finding = {"id": "x", "step": "11_evaluate_kpis", "status": "up", "sentence": "Konverteringen steg.", "facts": {}}
    icp = make_icp(industry="byggeri", status=status) if status else None
    pages = [unit_page(make_report(market, [finding], icp)), front_page([make_report(market, [finding], icp)]),
             unit_page(make_report(market, [], None, failure="Kolonnen findes ikke."))]
    for page in pages:
        text = re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
        spoken = " ".join(re.findall(r'(?:aria-label|alt)="([^"]*)"', page))
        assert not english_left(f"{text} {spoken}")


def notebooks() -> list[Path]:
    return sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_no_axis_label_or_fact_is_typed_in_one_language(path):
    """A text in a figure or a fact goes through `page.label`; else a Danish report would hold it in English."""
    typed = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code" or "setup" in cell.metadata.get("tags", []):
            continue
        for call in (node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call)):
            method = getattr(call.func, "attr", "")
            if method in ("set_xlabel", "set_ylabel", "set_title", "annotate", "text"):
                typed += [(cell.id, arg.value) for arg in call.args if _words(arg)]
            typed += [(cell.id, key.value.value) for key in call.keywords
                      if _words(key.value) and (key.arg in ("xlabel", "ylabel", "title") or method == "say" and " " in key.value.value)]
    assert not typed


def _words(node) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(re.search("[A-Za-z]{3}", node.value))


def test_the_extractor_takes_markdown_whole_and_labels_from_code(tmp_path):
    cells = [nbformat.v4.new_markdown_cell("# Title\n\nTwo lines.", id="title"),
             nbformat.v4.new_code_cell('axes.set(xlabel=page.label("Share of customers"))\nother("no")', id="fig-x")]
    path = tmp_path / "x.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    with path.open("rb") as file:
        assert [(text, where) for _line, _function, text, where in extract_notebook(file, [], [], {})] == [
            ("# Title\n\nTwo lines.", ["title"]), ("Share of customers", ["fig-x"])]


def test_an_update_keeps_translations_and_is_the_same_twice(tmp_path, monkeypatch):
    monkeypatch.setattr("icp_helpers.page.messages.LOCALE", tmp_path)
    (tmp_path / "da" / "LC_MESSAGES").mkdir(parents=True)
    source = LOCALE / "da" / "LC_MESSAGES" / "common.po"
    copy = tmp_path / "da" / "LC_MESSAGES" / "common.po"
    copy.write_bytes(source.read_bytes() + b'\nmsgid "Nobody says this"\nmsgstr "Ingen siger dette"\n')
    once = update(COMMON, "da").read_bytes()
    assert update(COMMON, "da").read_bytes() == once
    text = once.decode()
    assert "Kort sagt" in text and "Nobody says this" not in text and "fuzzy" not in text
    assert _catalogue(COMMON, "da").locale.language == "da"
