"""What the tables' room says in English about a row or a column, told in the reader's language.

The reasons under which rows are set aside and columns left out hold names of columns, so they are patterns here:
`{column}` is a column's name, `{reason}` a phrase again, `{values}` stays as it is.
"""

import re
from collections.abc import Callable
from functools import cache

from icp_helpers.page.catalogue import _

PHRASES = (
    _("set aside: {reason}"), _("taken for missing: {reason}"), _("kept: {reason}"), _("money set aside: {reason}"),
    _("rows in"), _("rows used"), _("money in"), _("money used"), _("column not supplied"), _("column not used"), _("note"),
    _("of another market"), _("of another segment"), _("a repeated row"), _("repeated rows"), _("after as_of"),
    _("an order with several customers"), _("a line that adds up the others"), _("fewer fields than the header"), _("more fields than the header"),
    _("characters that cannot be read"), _("a line that is too long"), _("rows that cannot be read"),
    _("{column} is empty"), _("{column} and {other} are empty"), _("{column} is no number"), _("{column} is no date"),
    _("{column} is no yes or no"), _("{column} is no plausible date"), _("{column} is none of {values}"),
    _("{column} is below {values}"), _("{column} is above {values}"), _("{column} lies after as_of"),
    _("{column} lies before {other}"), _("{column} is not among the {other}"),
    _("named in the market file"), _("known before the purchase, as far as can be seen"),
    _("named in the market file, and not in the data"), _("its name says that it identifies somebody"),
    _("it holds e-mail addresses"), _("it holds CPR numbers"), _("it holds phone numbers"), _("it holds web addresses"),
    _("it is the outcome"), _("it is measured from what the customer did"), _("not named under traits in the market file"),
    _("known only after the purchase"), _("sensitive, and the market file gives no reason to use it"),
    _("prospects lack it, so it could not choose any of them"), _("it has no values"), _("it is a date"),
    _("its name says that it is an id"), _("its numbers are a code, and of a code neither more nor less means anything"), _("nearly every customer has a value of her own"),
)
GROUPS = {"column": r"\w+", "other": r"\w+", "reason": ".+", "values": ".+"}


def tell(text: str, translate: Callable[[str], str], name: Callable[[str], str]) -> str:
    """The phrase in the language of `translate`, its columns by `name`; a text that is no phrase is only translated."""
    for phrase, pattern in _patterns():
        if match := pattern.fullmatch(text):
            parts = {part: tell(said, translate, name) if part == "reason" else name(said) if part in ("column", "other") else said
                     for part, said in match.groupdict().items()}
            return translate(phrase).format(**parts)
    return translate(text)


@cache
def _patterns() -> list[tuple[str, re.Pattern]]:
    """Each phrase with a pattern that reads it, the longest first, so that the most that is fixed decides."""
    def pattern(phrase: str) -> re.Pattern:
        pieces = re.split(r"\{(\w+)\}", phrase)
        return re.compile("".join(f"(?P<{piece}>{GROUPS[piece]})" if odd % 2 else re.escape(piece) for odd, piece in enumerate(pieces)))
    return [(phrase, pattern(phrase)) for phrase in sorted(PHRASES, key=lambda phrase: (-len(re.sub(r"\{\w+\}", "", phrase)), phrase))]
