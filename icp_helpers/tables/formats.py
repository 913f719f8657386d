"""How numbers, dates and yes/no are written, in Danish and English files; as Ibis expressions over a column of text.

A column is read in one format or not at all: `1.234` may be a thousand or one and a bit, and `03-04` April or March,
so the whole column decides, never the single value.
"""

import ibis
import ibis.expr.datatypes as dt

BLANKS = " \t\r\n\u00a0\u200b\ufeff"
_THOUSANDS = {"point": r"[1-9]\d{0,2}(?:,\d{3})+", "comma": r"[1-9]\d{0,2}(?:\.\d{3})+"}
_SPACED = r"[1-9]\d{0,2}(?:[ \x{00a0}\x{202f}]\d{3})+"
NUMBER = {
    "point": rf"^[+-]?(?:\d+|{_THOUSANDS['point']}|{_SPACED})?(?:\.\d+)?$",
    "comma": rf"^[+-]?(?:\d+|{_THOUSANDS['comma']}|{_SPACED})?(?:,\d+)?$",
}
SCIENTIFIC = r"^[+-]?\d+(?:\.\d+)?[eE][+-]?\d+$"
EITHER_WAY = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"  # fits both formats, with another value in each
CODE = r"^0\d+$|^\d{16,}$"  # leading zeros or too long: a code, and no number
CPR = r"^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-\d{4}$"  # a Danish civil registration number
_MONEY = r"(?i)^(?:dkk|kr\.?|eur|€|usd|\$|gbp|£|sek|nok|isk)\s*|\s*(?:dkk|kr\.?|eur|€|usd|gbp|£|sek|nok|isk|,-)$"
_TIME = r"(?:[ T]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?$"
# name -> (form of the text, the same as ISO, day and month could be confused with)
DATE = {
    "year-month-day": (r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME, r"\1-\2-\3 \4"),
    "day-month-year": (r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})" + _TIME, r"\3-\2-\1 \4"),
    "month-day-year": (r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})" + _TIME, r"\3-\1-\2 \4"),
    "day-month-year with two digits": (r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2})" + _TIME, r"20\3-\2-\1 \4"),
    "yearmonthday": (r"^((?:19|20)\d{2})(\d{2})(\d{2})" + _TIME, r"\1-\2-\3 \4"),
}
ZONED = r"^(\d{4}-\d{1,2}-\d{1,2})[ T]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|UTC|[+-]\d{2}(?::?\d{2})?)$"
YES = ("true", "yes", "ja", "y", "j", "1", "sand", "won", "closed won", "vundet", "bought", "købt", "x")
NO = ("false", "no", "nej", "n", "0", "falsk", "lost", "closed lost", "tabt", "not bought", "ikke købt")
PLAIN_YES_NO = ("true", "false", "yes", "no", "ja", "nej", "sand", "falsk")  # a column of these is yes/no unasked


@ibis.udf.scalar.builtin
def nfc_normalize(text: str) -> str:
    """DuckDB's own: one form for letters that can be written in two."""


@ibis.udf.scalar.builtin
def trim(text: str, signs: str) -> str:
    """DuckDB's own: without any of these signs at both ends."""


@ibis.udf.scalar.builtin
def regexp_replace(text: str, pattern: str, replacement: str, options: str) -> str:
    """DuckDB's own, with RE2 patterns."""


@ibis.udf.scalar.builtin
def timezone(zone: str, moment: dt.Timestamp(timezone="UTC")) -> dt.Timestamp():
    """DuckDB's own: the local time of a moment."""


def tidy(text):
    """Trimmed, in one form of letters, and missing only when nothing is left."""
    return nfc_normalize(trim(text.cast("string"), BLANKS)).nullif("")


def number(text, style: str):
    """The value of a text column in the style `point` or `comma`; missing where the text is no such number."""
    bare = undressed(text)
    plain = regexp_replace(bare, r"[,\s\x{00a0}\x{202f}]" if style == "point" else r"[.\s\x{00a0}\x{202f}]", "", "g")
    value = (plain if style == "point" else plain.replace(",", ".")).try_cast("float64")
    fits = bare.re_search(NUMBER[style]) | bare.re_search(SCIENTIFIC)
    return ibis.ifelse(fits, value, ibis.null("float64"))


def undressed(text):
    """The number of a sum of money without its currency, and with a plain minus."""
    return regexp_replace(text.replace("\u2212", "-"), _MONEY, "", "g")


def moment(text, style: str, zone: str):
    """The local time of a text column in one style of DATE or `with time zone`; missing where the text is no such date."""
    if style == "with time zone":
        iso = regexp_replace(text, ZONED, r"\1 \2\3", "").replace("UTC", "+00").replace("Z", "+00")
        fits = text.re_search(ZONED)
        zoned = ibis.ifelse(fits, iso, ibis.null("string")).try_cast(dt.Timestamp(timezone="UTC"))
        return timezone(zone, zoned)
    form, iso = DATE[style]
    text = ibis.ifelse(text.re_search(form), regexp_replace(text, form, iso, ""), ibis.null("string"))
    return trim(text, " ").try_cast("timestamp")


def yes_no(text):
    """True for a word of YES, false for one of NO, missing for anything else."""
    word = text.lower()
    return ibis.cases((word.isin(YES), True), (word.isin(NO), False), else_=ibis.null("boolean"))
