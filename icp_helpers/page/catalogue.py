"""What a page can say: the entries of the catalogue, found by step, and their translations.

Each step has a module in page/sentences with SENTENCES, FIGURES, TABLES and LIMITS; its texts are English.
Each language has a catalogue a step in page/locale, kept with Babel's own tools.
"""

import importlib
import re
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
COMMON = "common"
PEOPLE_TOLD = re.compile(r"\{(\w+):people\}")
PERCENT = re.compile(r"(?<=\d) %")  # no line ends between a number and its unit
PART_OF = re.compile(r"\{(\w+):(?:count|people)\}(?: \w+)? of (?:the )?\{(\w+):(?:count|people)\}")


def _(text: str) -> str:
    """Mark a text for Babel; the translation is looked up when the page's language is known."""
    return text


@dataclass(frozen=True)
class Sentence:
    """One sentence a status. Directional sentences need the first four, others what fits.

    `few` stands for `down` where so few are counted that the smallest cell takes its numbers away.
    """

    up: str | None = None
    down: str | None = None
    unclear: str | None = None
    too_few: str | None = None
    found: str | None = None
    none: str | None = None
    not_supplied: str | None = None
    info: str | None = None
    few: str | None = None

    def branches(self) -> dict[str, str]:
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}

    def people_told(self) -> set[str]:
        """The facts that count people beside the statement, in whichever branch."""
        return set(PEOPLE_TOLD.findall(" ".join(self.branches().values())))

    def parts_told(self) -> set[tuple[str, str]]:
        """The counts told as part of another, "{hits:count} of {n:count}", in whichever branch."""
        return set(PART_OF.findall(" ".join(self.branches().values())))


@dataclass(frozen=True)
class Figure:
    caption: str
    alt: str

    def people_told(self) -> set[str]:
        """The facts that count people in caption or alt text."""
        return set(PEOPLE_TOLD.findall(self.caption + self.alt))

    def parts_told(self) -> set[tuple[str, str]]:
        """The counts told as part of another in caption or alt text."""
        return set(PART_OF.findall(f"{self.caption} {self.alt}"))


@dataclass(frozen=True)
class Table:
    """`columns`: column of the frame -> (header, format of its values); only these are shown, in this order."""

    caption: str
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Catalogue:
    """All that one step can say, and how to say it in one language."""

    step: str
    language: str
    sentences: dict[str, Sentence]
    figures: dict[str, Figure]
    tables: dict[str, Table]
    limits: list[str]

    def translate(self, text: str) -> str:
        """The text in the catalogue's language; English where no translation is known."""
        return translate(text, self.language, self.step)


@cache
def translations(language: str, domain: str) -> dict[str, str]:
    """The messages of one domain in one language, read from its .po file; empty where there is none."""
    path = LOCALE / language / "LC_MESSAGES" / f"{domain}.po"
    if language == "en" or not path.exists():
        return {}
    with path.open("rb") as file:
        return {message.id: PERCENT.sub("\u00a0%", message.string) for message in read_po(file) if message.id and message.string}


def translate(text: str, language: str, domain: str) -> str:
    return translations(language, domain).get(text) or translations(language, COMMON).get(text) or text


def load_catalogue(step: str, language: str) -> Catalogue:
    """The catalogue of a step such as `05_explain_drivers`; the shared sentences stand behind its own."""
    shared = importlib.import_module("icp_helpers.page.sentences.shared")
    own = importlib.import_module(f"icp_helpers.page.sentences.s{step}")

    def merged(name: str) -> dict:
        return getattr(shared, name, {}) | getattr(own, name, {})

    return Catalogue(step, language, merged("SENTENCES"), merged("FIGURES"), merged("TABLES"), getattr(own, "LIMITS", []))
