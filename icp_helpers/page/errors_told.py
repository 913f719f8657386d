"""Why a step failed, told in the reader's language: the errors of the tables' room are English sentences in four parts.

Their texts are gathered from the code into the catalogue `errors`, each with numbered gaps for what was found: `Column
'{1}' is missing`. Here a message is taken apart again by these texts, and put together in the other language.
"""

import re
from collections.abc import Iterator
from functools import cache

from icp_helpers.page.catalogue import COMMON, _, translate, translations

DOMAIN = "errors"
WHOLE = _("{what} ({where}). Found: {found}. {remedy}")
AROUND = (
    _("cell {cell}: {message} As far as it ran: {kept}"), _("{message} As far as it ran: {kept}"), _("cell {cell}: {message}"),
    _("The kernel died, {attempts} times in {tried} attempts."), _("The kernel did not start, {attempts} times in {tried} attempts."),
    _("The notebook took longer than {seconds} seconds, and was ended."), _("It ended without writing {names}."),
    _("The folders of {unit} cannot be written: {reason}."), _("Not run: {reason}."), _("another run is at work on {unit}"),
    _("An error of the runner itself: {kind}. The log in {place} tells more."), _("There are no customers yet."),
    _("The folders cannot be written."),
)
GAP = re.compile(r"\{(\w+)\}")


def tell_error(message: str, language: str) -> str:
    """The message in another language, as far as its parts are known; in English it stays as it is."""
    if language == "en" or not message:
        return message
    for text in AROUND:
        if match := _pattern(text).fullmatch(message):
            said = {name: tell_error(part, language) if name in ("message", "reason") else part for name, part in match.groupdict().items()}
            return translate(text, language, COMMON).format(**said)
    parts = next(iter(_apart(message, language)), None)
    if parts is None:
        return _phrase(message, language)
    return translate(WHOLE, language, COMMON).format(**{name: _phrase(part, language) for name, part in parts.items()})


def _apart(message: str, language: str) -> Iterator[dict[str, str]]:
    """The ways to take a message apart, those that end in a remedy which is known first."""
    unknown = []
    for match in re.finditer(r"\)\. Found: ", message):
        head, rest = message[:match.start()], message[match.end():]
        for stop in re.finditer(r"\. ", rest):
            remedy = rest[stop.end():]
            what, bracket, where = head.partition(" (")
            parts = {"what": what, "where": where, "found": rest[:stop.start()], "remedy": remedy}
            if bracket and _phrase(remedy, language) != remedy:
                yield parts
            elif bracket:
                unknown.append(parts)
    yield from unknown


def _phrase(text: str, language: str) -> str:
    """A part of an error in the other language; as it is where it is no known text."""
    for known, told in sorted(translations(language, DOMAIN).items(), key=lambda pair: -len(GAP.sub("", pair[0]))):
        if match := _pattern(known).fullmatch(text):
            return GAP.sub(lambda gap: _phrase(match[f"gap_{gap[1]}"], language), told)
    return translate(text, language, COMMON)


@cache
def _pattern(text: str) -> re.Pattern:
    """What reads a text with gaps; a gap that is a number becomes the group `gap_<number>`."""
    pieces = GAP.split(text)
    return re.compile("".join(f"(?P<{'gap_' if piece.isdigit() else ''}{piece}>.+?)" if odd % 2 else re.escape(piece)
                              for odd, piece in enumerate(pieces)), re.DOTALL)
