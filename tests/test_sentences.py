"""Every sentence that any step can say: whole in each language, directional ones with all four branches, no typed result."""

import re
import string

import pytest

from icp_helpers.page.catalogue import load_catalogue
from icp_helpers.page.messages import PAGE
from icp_helpers.page.numbers import Words
from icp_helpers.page.privacy import PEOPLE

STEPS = sorted(path.stem[1:] for path in (PAGE / "sentences").glob("s[0-9][0-9]_*.py"))
TYPED = re.compile(r"(?<![\w%])\d[\d.,]*\s?%?")
THRESHOLDS = {"95 %", "95%", "30", "100"} | {str(number) for number in range(11)}  # what is asked for, and the ends of scales
AGREES = re.compile(r"\{(\w+):(?:count|people)\}(?: of (?:the )?\{\w+:\w+\}(?: [a-z]+){0,2})? (?:are|were|have)\b")  # 1 of 8 criteria are
SAMPLE = {"count": 42, "people": 42, "number": 3.14159, "percent": 0.42, "points": -0.17, "money": 1234.5, "times": 2.9, "days": 14,
          "date": "2026-06-30", "month": "2026-06-30", "name": "industry", "level": "construction", "text": "x",
          "names": ["industry", "region"], "titles": ["Nord", "Syd"], "criteria": [{"column": "industry", "op": "in", "value": ["construction"]}], "": "x"}


def fields(text: str) -> list[tuple[str, str, str]]:
    """The pieces of a message: literal, name of the fact, its format."""
    return [(literal, name, spec) for literal, name, spec, _conversion in string.Formatter().parse(text)]


def texts(step: str) -> list[tuple[str, str]]:
    """Everything a step can put on its page, with the place where it stands."""
    catalogue = load_catalogue(step, "en")
    return ([(f"{id} {status}", text) for id, sentence in catalogue.sentences.items() for status, text in sentence.branches().items()]
            + [(f"{id} {part}", getattr(figure, part)) for id, figure in catalogue.figures.items() for part in ("caption", "alt")]
            + [(f"{id} caption", table.caption) for id, table in catalogue.tables.items()])


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("step", STEPS)
def test_every_text_can_be_said(step, language):
    words, catalogue = Words(language), load_catalogue(step, language)
    for place, text in texts(step):
        translated = catalogue.translate(text)
        said = words.say(translated, {name: SAMPLE["count" if "|" in spec else spec] for _literal, name, spec in fields(translated) if name})
        assert said.strip() and "{" not in said, place


@pytest.mark.parametrize("step", STEPS)
def test_a_sentence_with_a_direction_has_both_directions_and_both_silences(step):
    for id, sentence in load_catalogue(step, "en").sentences.items():
        branches = set(sentence.branches())
        assert not branches & {"up", "down"} or {"up", "down", "unclear", "too_few"} <= branches, id
        assert branches, id


@pytest.mark.parametrize("step", STEPS)
def test_no_result_is_typed_in_a_text(step):
    typed = [(place, number) for place, text in texts(step) for literal, _name, _spec in fields(text)
             for number in TYPED.findall(literal) if number.strip(" .,") not in THRESHOLDS]
    assert not typed, "numbers come from facts"


@pytest.mark.parametrize("step", STEPS)
def test_a_verb_agrees_with_a_count_that_may_be_one(step):
    """It is written `{agree:is|are}`; counts of PEOPLE are at least the smallest cell, or held back."""
    assert [(place, found[0]) for place, text in texts(step) for found in AGREES.finditer(text) if found[1] not in PEOPLE] == []


def test_a_verb_that_does_not_agree_is_seen():
    assert AGREES.search("{agree:count} of {criteria:count} criteria are seen") and AGREES.search("{dropped:count} have no source")
    assert not AGREES.search("{agree:count} of {criteria:count} criteria {agree:is|are} seen")


@pytest.mark.parametrize("step", STEPS)
def test_directions_are_told_in_different_words(step):
    for id, sentence in load_catalogue(step, "en").sentences.items():
        for language in ("en", "da"):
            said = [load_catalogue(step, language).translate(text) for text in sentence.branches().values()]
            assert len(set(said)) == len(said), (id, language)
