"""How numbers, dates and yes/no are written, in Danish and English files; as SQL over a column of text.

A column is read in one format or not at all: `1.234` may be a thousand or one and a bit, and `03-04` April or March,
so the whole column decides, never the single value.
"""

from icp_helpers.tables.engine import text

BLANKS = " \t\r\n\u00a0\u200b\ufeff"
# At most fifteen digits before the decimal sign: what is longer is a code, or beyond what can be added up to the oere.
_THOUSANDS = {"point": r"[1-9]\d{0,2}(?:,\d{3}){1,4}", "comma": r"[1-9]\d{0,2}(?:\.\d{3}){1,4}"}
_SPACED = "[1-9]\\d{0,2}(?:[ \u00a0\u202f]\\d{3}){1,4}"
NUMBER = {
    "point": rf"^[+-]?(?:\d{{1,15}}|{_THOUSANDS['point']}|{_SPACED})?(?:\.\d+)?$",
    "comma": rf"^[+-]?(?:\d{{1,15}}|{_THOUSANDS['comma']}|{_SPACED})?(?:,\d+)?$",
}
WHOLE = r"^[+-]?(?:0|[1-9]\d{0,14})$"  # the plain case: the same value in both styles, and no code
DECIMAL = r"^[+-]?\d{1,15}(?:\.\d+)?$"  # nearly as plain: a number as it stands, in the style `point`
DECIMAL_COMMA = r"^[+-]?\d{1,15}(?:,\d+)?$"  # its like in the style `comma`
SCIENTIFIC = r"^[+-]?\d{1,15}(?:\.\d+)?[eE](?:\+?(?:0?\d|1[0-4])|-\d{1,3})$"
LARGEST = "1e29"  # of numbers that a file or an expression gives: what the exact sums of money can hold
EITHER_WAY = r"^[+-]?[1-9]\d{0,2}[.,]\d{3}$"  # fits both formats, with another value in each
CODE = r"^0\d+$|^\d{16,}$"  # leading zeros or too long: a code, and no number
CPR = r"^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}-\d{4}$"  # a Danish civil registration number
MONEY = r"(?i)^(?:dkk|kr\.?|eur|€|usd|\$|gbp|£|sek|nok|isk)\s*|\s*(?:dkk|kr\.?|eur|€|usd|gbp|£|sek|nok|isk|,-)$"
_TIME = r"(?:[ T]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?$"
# name -> (form of the text, the same as ISO, day and month could be confused with)
DATE = {
    "year-month-day": (r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})" + _TIME, r"\1-\2-\3 \4"),
    "day-month-year": (r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})" + _TIME, r"\3-\2-\1 \4"),
    "month-day-year": (r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})" + _TIME, r"\3-\1-\2 \4"),
    "day-month-year with two digits": (r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2})" + _TIME, r"20\3-\2-\1 \4"),
    "yearmonthday": (r"^((?:19|20)\d{2})(\d{2})(\d{2})" + _TIME, r"\1-\2-\3 \4"),
}
# The same with times as 10.30, kl. 10.30 or 10:30 PM. A column is read so only where it holds such times: it costs more.
ODD_TIMES = ", times with a dot or AM and PM"
_ODD = r"(?i)(\d{4}|[-/.]\d{1,2}),?[ T]+(?:(?:kl|at)\.? ?)?(\d{1,2})[.:](\d{2})(?:[.:](\d{2}))?( ?[ap]\.?m\.?)?$"
_MONTHS = {"jan": ("januar", "january"), "feb": ("februar", "february"), "mar": ("marts", "march"), "apr": ("april",),
           "maj": (), "may": (), "jun": ("juni", "june"), "jul": ("juli", "july"), "aug": ("august",),
           "sep": ("september", "sept"), "okt": ("oktober",), "oct": ("october",), "nov": ("november",), "dec": ("december",)}
_NUMBER_OF = {"maj": 5, "may": 5, "okt": 10, "oct": 10} | {m: n for n, m in enumerate(
    ("jan", "feb", "mar", "apr", "", "jun", "jul", "aug", "sep", "", "nov", "dec"), start=1) if m}
_MONTH = "(" + "|".join(sorted((word for short, long in _MONTHS.items() for word in (short, *long)), key=len, reverse=True)) + ")"
_WEEKDAY = r"(?i)^(?:[a-zæøå]+(?:dag|day),? (?:d\.|den)? ?|(?:d\.|den) )?"
IN_WORDS = {  # name -> (form, place of day, month, year; the time is the fourth)
    "day, month in words, year": (_WEEKDAY + r"(\d{1,2})(?:\.|st|nd|rd|th)?[ -]?" + _MONTH + r"\.?,?[ -](\d{4})" + _TIME, (1, 2, 3)),
    "month in words, day, year": (_WEEKDAY + _MONTH + r"\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})" + _TIME, (2, 1, 3)),
}
DATES = (*DATE, *(f"{style}{ODD_TIMES}" for style in ("year-month-day", "day-month-year", "month-day-year")), *IN_WORDS, "with time zone")
ZONED = r"^(\d{4}-\d{1,2}-\d{1,2})[ T]+(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(Z|UTC|[+-]\d{2}(?::?\d{2})?)$"
YES = ("true", "yes", "ja", "y", "j", "1", "sand", "won", "closed won", "vundet", "bought", "købt", "x")
NO = ("false", "no", "nej", "n", "0", "falsk", "lost", "closed lost", "tabt", "not bought", "ikke købt")
PLAIN_YES_NO = ("true", "false", "yes", "no", "ja", "nej", "sand", "falsk")  # a column of these is yes/no unasked


def tidy(column: str) -> str:
    """Trimmed, in one form of letters, and missing only when nothing is left."""
    return f"nullif(nfc_normalize(trim({column}::VARCHAR, {text(BLANKS)})), '')"


def fits(column: str, form: str) -> str:
    return f"regexp_matches({column}, {text(form)})"


def undressed(column: str) -> str:
    """The number of a sum of money without its currency, and with a plain minus."""
    return f"regexp_replace(replace({column}, '\u2212', '-'), {text(MONEY)}, '', 'g')"


def number(column: str, style: str) -> str:
    """The value of a text column in the style `point` or `comma`; missing where the text is no such number."""
    bare = undressed(column)
    grouping = "[,\\s\u00a0\u202f]" if style == "point" else "[.\\s\u00a0\u202f]"
    plain = f"regexp_replace({bare}, {text(grouping)}, '', 'g')"
    plain = plain if style == "point" else f"replace({plain}, ',', '.')"
    return f"CASE WHEN {fits(bare, NUMBER[style])} OR {fits(bare, SCIENTIFIC)} THEN try_cast({plain} AS DOUBLE) END"


def moment(column: str, style: str, zone: str) -> str:
    """The local time of a text column in one style of DATES; missing where the text is no such date."""
    if style == "with time zone":
        iso = f"replace(replace(regexp_replace({column}, {text(ZONED)}, '\\1 \\2\\3'), 'UTC', '+00'), 'Z', '+00')"
        return f"timezone({text(zone)}, CASE WHEN {fits(column, ZONED)} THEN try_cast({iso} AS TIMESTAMPTZ) END)"
    if style.endswith(ODD_TIMES):
        return _with_odd_time(column, style.removesuffix(ODD_TIMES))
    if style in IN_WORDS:
        return f"CASE WHEN {fits(column, _ODD)} THEN {_with_odd_time(column, style)} ELSE {_in_words(column, style)} END"
    return _plain(column, style)


def _plain(column: str, style: str) -> str:
    if style in IN_WORDS:
        return _in_words(column, style)
    form, iso = DATE[style]
    return f"CASE WHEN {fits(column, form)} THEN try_cast(trim(regexp_replace({column}, {text(form)}, {text(iso)})) AS TIMESTAMP) END"


def _with_odd_time(column: str, style: str) -> str:
    """10.30 read as 10:30; PM adds twelve hours to all but the twelfth, AM takes them from it."""
    usual = f"regexp_replace(regexp_replace({column}, {text(_ODD)}, '\\1 \\2:\\3:\\4'), ':$', '')"
    made = _plain(f"({usual})", style)
    half = f"lower(regexp_extract({column}, {text(_ODD)}, 5))"
    shifted = (f"CASE WHEN contains({half}, 'p') AND hour({made}) < 12 THEN {made} + INTERVAL 12 HOUR "
               f"WHEN contains({half}, 'a') AND hour({made}) = 12 THEN {made} - INTERVAL 12 HOUR ELSE {made} END")
    return f"CASE WHEN {fits(column, _ODD)} THEN {shifted} ELSE {_plain(column, style)} END"


def _in_words(column: str, style: str) -> str:
    form, (day, month, year) = IN_WORDS[style]
    said = f"lower(left(regexp_extract({column}, {text(form)}, {month}), 3))"
    number = "CASE " + said + " " + " ".join(f"WHEN {text(short)} THEN '{place:02}'" for short, place in _NUMBER_OF.items()) + " END"
    iso = f"replace(regexp_replace({column}, {text(form)}, '\\{year}-MM-\\{day} \\4'), 'MM', {number})"
    return f"CASE WHEN {fits(column, form)} THEN try_cast(trim({iso}) AS TIMESTAMP) END"


def one_of(column: str, words) -> str:
    """No IN: of a longer list the engine makes a join, with buffers of its own for every column that is asked."""
    return f"list_contains([{', '.join(map(text, words))}], {column})"


def yes_no(column: str) -> str:
    """True for a word of YES, false for one of NO, missing for anything else."""
    return f"CASE WHEN {one_of(f'lower({column})', YES)} THEN true WHEN {one_of(f'lower({column})', NO)} THEN false END"
