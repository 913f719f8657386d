"""Whole reports of three small markets, one of them Danish: true, in one language, whole, and free of what is private."""

import json
import re
from pathlib import Path

import pytest
from conftest import CANARIES, MARKETS
from leaks import leaks
from real_pages import Texts, can_be_written, captions, literals, numbers, records, sources
from test_locale import english_left

from icp_helpers.page.numbers import Words
from icp_helpers.page.report import LARGEST_PAGE
from icp_helpers.page.steps import QUESTIONS

LANGUAGES = dict(MARKETS)
DANISH = next(unit for unit, language in MARKETS if language == "da")
STANDING = {"95", "30"}  # what every page asks for: the level of an interval, and how many must stand behind a direction
NOISE = re.compile(r"Traceback|Warning:|/(?:tmp|home|root|work|usr|var)/|site-packages|[A-Z]:\\\\|\bNaN\b|\bnan\b|\bNone\b(?! of)|\[object|&lt;function")
DANISH_WORDS = re.compile(r"\b(og|der|ikke|kunder|kunderne|eller|blandt|færre|hver)\b", re.IGNORECASE)
QUOTED = re.compile(r"“[^”]*”|»[^«]*«|\"[^\"]*\"")


def pages(reports: Path, unit: str) -> list[Path]:
    return sorted((reports / unit).glob("*.html"))


def step_pages(reports: Path, unit: str) -> list[Path]:
    return [page for page in pages(reports, unit) if page.stem != "index"]


def spoken(page: Path) -> str:
    """Every text of the page but what customers wrote themselves."""
    return QUOTED.sub(" ", "\n".join(text for text, _around in Texts(page.read_text(encoding="utf-8")).found))


@pytest.mark.parametrize("unit", LANGUAGES)
def test_every_number_of_a_sentence_stands_in_its_facts(small_runs, unit):
    words = Words(LANGUAGES[unit])
    told = sources(small_runs.reports / unit)
    told.pop("icp.yml")
    assert len(told) > 100
    missing = {key: sorted(left) for key, finding in told.items()
               if (left := numbers(finding["sentence"]) - can_be_written(finding["facts"], words)
                   - literals(finding["step"], words.language, finding))}
    assert missing == {}


@pytest.mark.parametrize("unit", LANGUAGES)
def test_every_number_of_a_caption_stands_in_its_facts(small_runs, unit):
    words, seen = Words(LANGUAGES[unit]), 0
    for step, kind, record in records(small_runs.data / "processed" / unit):
        if kind in ("figure", "table"):
            seen += 1
            allowed = can_be_written(record["facts"], words) | STANDING | captions(step, kind, record["id"], words.language)
            texts = [record[part] for part in ("caption", "alt") if part in record]
            assert set().union(*map(numbers, texts)) <= allowed, (step, record["id"])
    assert seen > 20


@pytest.mark.parametrize("unit", LANGUAGES)
def test_every_number_of_a_first_page_names_where_it_comes_from_and_stands_there(small_runs, unit):
    words, told = Words(LANGUAGES[unit]), sources(small_runs.reports / unit)
    checked = 0
    for text, around in Texts((small_runs.reports / unit / "index.html").read_text(encoding="utf-8")).found:
        tags = {tag for tag, _attributes in around}
        if not numbers(text) or tags & {"header", "footer", "title", "caption", "figcaption"} or any(attributes.get("class") == "axis" for _tag, attributes in around):
            continue
        source = next((attributes["data-from"] for _tag, attributes in reversed(around) if "data-from" in attributes), None)
        if source is None and (around[-1][1].get("aria-label") or numbers(text) <= STANDING):
            continue  # it repeats, for a reader who listens, the sentence beside it; or it is a header
        assert source in told, text
        if source != "icp.yml":
            assert numbers(text) <= can_be_written(told[source]["facts"], words) | literals(source.partition("#")[0], words.language, told[source]), text
        else:
            lifts = [lift for profile in told[source]["profiles"] for lift in profile.get("lift_interval") or ()]
            made = [len(told[source]["profiles"]) - 1, *(min(1, lift * told[source]["outcome"]["base_rate"]) for lift in lifts)]
            assert numbers(text) <= can_be_written([told[source], made], words) | STANDING, text
        checked += 1
    assert checked >= 20


def test_a_number_that_no_fact_holds_is_seen():
    words = Words("da")
    assert numbers("Af 1.234 er 12,5 % ideelle (n = 310).") - can_be_written({"n": 310, "share": 0.125}, words) == {"1.234", "12,5"}
    assert numbers("8,5 % den 30. juni 2026") <= can_be_written({"share": 0.085, "on": "2026-06-30"}, words)


def test_a_danish_report_holds_no_english_and_an_english_one_no_danish(small_runs):
    for unit, language in MARKETS:
        for page in pages(small_runs.reports, unit):
            text = spoken(page)
            assert (english_left(text) if language == "da" else DANISH_WORDS.findall(text)) == [], (unit, page.stem)


@pytest.mark.parametrize("unit", LANGUAGES)
def test_no_page_is_too_large_or_shows_what_was_not_meant_for_readers(small_runs, unit):
    for page in pages(small_runs.reports, unit):
        content = page.read_bytes()
        assert len(content) <= LARGEST_PAGE, page.stem
        assert NOISE.findall(spoken(page)) == [], page.stem


def test_nothing_shared_names_a_person_an_id_or_a_password(small_runs):
    shared = [path for path in small_runs.reports.rglob("*") if path.is_file()]
    assert {path.suffix for path in shared} >= {".html", ".json", ".yml", ".pptx"}
    assert leaks(shared, CANARIES) == []


def test_the_canaries_were_there_to_be_found(small_runs):
    private = [path for path in (small_runs.data / "markets").rglob("*") if path.is_file()]
    found = {canary for _file, canary in leaks(private, CANARIES)}
    assert found == set(CANARIES) - {"hemmeligt-kodeord"}, "the password stands in the environment of the run"


@pytest.mark.parametrize("unit", LANGUAGES)
def test_ten_questions_lead_to_their_evidence_in_two_clicks(small_runs, unit):
    """From the front page to the unit's, and from there to the finding: each link exists, and so does what it points at."""
    front = Texts((small_runs.reports / "index.html").read_text(encoding="utf-8"))
    assert any(attributes.get("href") == f"{unit}/index.html" for _text, around in front.found for _tag, attributes in around)
    index = (small_runs.reports / unit / "index.html").read_text(encoding="utf-8")
    for question in QUESTIONS:
        answer = re.search(rf'<div id="question-{question.id}">(.*?)</div>', index, re.DOTALL)[1]
        page, _hash, place = re.search(r'href="([^"]+)"', answer)[1].partition("#")
        assert len(re.sub("<.*?>", "", answer)) > 40, question.id
        content = (small_runs.reports / unit / page).read_text(encoding="utf-8")
        assert not place or f'id="{place}"' in content, question.id


@pytest.mark.parametrize("unit", LANGUAGES)
def test_every_link_of_a_report_leads_somewhere(small_runs, unit):
    for page in pages(small_runs.reports, unit):
        for href in set(re.findall(r'href="([^"]+)"', page.read_text(encoding="utf-8"))):
            target, _hash, place = href.partition("#")
            content = (page.parent / target).read_text(encoding="utf-8") if target else page.read_text(encoding="utf-8")
            assert not place or f'id="{place}"' in content, (page.stem, href)


def test_where_they_are_is_told_wherever_a_place_is_known(small_runs):
    for unit in LANGUAGES:
        content = json.loads((small_runs.reports / unit / "findings.json").read_text(encoding="utf-8"))["findings"]
        where = next(finding for finding in content if finding["id"] == "where")
        assert where["facts"]["trait"] == "region" and where["status"] != "not_supplied"
