"""What a Danish list of firms says in the register's own codes, as traits that a profile can ask for.

Postcodes become regions, codes of an industry its section and division in DB07 and DB25, intervals of employees their
middle. Sources: the regions' lists of postcodes; Dansk Branchekode 2007 (NACE Rev. 2) and 2025 (NACE Rev. 2.1) by
Statistics Denmark; the intervals of the central business register (CVR).
"""

from __future__ import annotations

import math
import re

import pandas as pd

from icp_helpers.tables.market import Market

TIMEZONE = "Europe/Copenhagen"
# The register's names -> ours. `reklamebeskyttet` is the firm's legal right not to be canvassed.
REGISTER_NAMES = {"reklamebeskyttet": "ad_protected", "reklamebeskyttelse": "ad_protected", "postnr": "postcode", "postnummer": "postcode",
                  "branchekode": "industry_code", "hovedbranche": "industry_code",
                  "antal_ansatte_interval": "employees_interval", "intervalkodeantalansatte": "employees_interval"}

# First and last postcode, region; a later row corrects the earlier ones. A code that lies in two regions is given the
# one in which most of its addresses are.
POSTCODES = (
    (800, 3799, "Hovedstaden"), (2670, 2670, "Sjælland"), (2680, 2690, "Sjælland"),
    (4000, 4999, "Sjælland"), (4050, 4050, "Hovedstaden"),
    (5000, 7199, "Syddanmark"), (6880, 6899, "Midtjylland"), (6900, 6999, "Midtjylland"),
    (7130, 7160, "Midtjylland"), (7171, 7171, "Midtjylland"),
    (7200, 7263, "Syddanmark"), (7270, 7280, "Midtjylland"), (7300, 7323, "Syddanmark"),
    (7330, 7699, "Midtjylland"), (7700, 7789, "Nordjylland"), (7790, 7899, "Midtjylland"), (7900, 7999, "Nordjylland"),
    (8000, 8999, "Midtjylland"), (9000, 9999, "Nordjylland"), (9632, 9632, "Midtjylland"),
)

# Section: its divisions. The same digits stand for the same activity in both unless MOVED says otherwise.
DB07 = {"A": "01-03", "B": "05-09", "C": "10-33", "D": "35", "E": "36-39", "F": "41-43", "G": "45-47", "H": "49-53", "I": "55-56",
        "J": "58-63", "K": "64-66", "L": "68", "M": "69-75", "N": "77-82", "O": "84", "P": "85", "Q": "86-88", "R": "90-93",
        "S": "94-96", "T": "97-98", "U": "99"}
DB25 = {"A": "01-03", "B": "05-09", "C": "10-33", "D": "35", "E": "36-39", "F": "41-43", "G": "46-47", "H": "49-53", "I": "55-56",
        "J": "58-60", "K": "61-63", "L": "64-66", "M": "68", "N": "69-75", "O": "77-82", "P": "84", "Q": "85", "R": "86-88",
        "S": "90-93", "T": "94-96", "U": "97-98", "V": "99"}
# DB07 divisions without a division of their own in DB25: most of it goes to the first one named, parts to the others.
MOVED = {"45": ("47", "46", "95"), "63": ("63", "60")}
VERSIONS = {"DB07": DB07, "DB25": DB25}

# The register's intervals of employees: code -> smallest and largest (None: open).
INTERVALS = {"ANTAL_0_0": (0, 0), "ANTAL_1_1": (1, 1), "ANTAL_2_4": (2, 4), "ANTAL_5_9": (5, 9), "ANTAL_10_19": (10, 19),
             "ANTAL_20_49": (20, 49), "ANTAL_50_99": (50, 99), "ANTAL_100_199": (100, 199), "ANTAL_200_499": (200, 499),
             "ANTAL_500_999": (500, 999), "ANTAL_1000_999999": (1000, None)}


def is_danish(market: Market) -> bool:
    """Is the market one whose postcodes and codes are Danish? Other countries have codes of the same form."""
    return market.timezone == TIMEZONE


def region_of(postcode) -> str | None:
    """The region of a postcode (text or number; `DK-` in front is allowed); None where it is none."""
    found = re.fullmatch(r"(?:DK[- ]?)?(\d{3,4})(?:\.0)?", str(postcode).strip(), re.IGNORECASE)
    number = int(found[1]) if found else -1
    regions = [region for first, last, region in POSTCODES if first <= number <= last]
    return regions[-1] if regions else None


def division_of(code) -> str | None:
    """The two digits of the division of an industry code such as `43.99.90`, `439990` or, its zero lost, `11100`."""
    digits = re.sub(r"[.\s]", "", str(code).strip().removesuffix(".0"))
    if not re.fullmatch(r"\d{2}|\d{4,6}", digits):
        return None
    return digits.zfill(6)[:2] if len(digits) > 4 else digits[:2]


def section_of(code, version: str = "DB07") -> str | None:
    """The letter of the section in one version of the classification; None where there is no such division."""
    division = division_of(code)
    for section, divisions in VERSIONS[version].items():
        first, _dash, last = divisions.partition("-")
        if division and int(first) <= int(division) <= int(last or first):
            return section
    return None


def to_db25(code) -> tuple[str, ...]:
    """The DB25 divisions of a DB07 code, the one with most of its firms first; empty where it is no DB07 code.

    A division that was split is not decided here: six digits are needed, and the key of Statistics Denmark.
    """
    division = division_of(code)
    if division is None or section_of(division, "DB07") is None:
        return ()
    return MOVED.get(division, (division,))


def employees_of(interval) -> float | None:
    """The middle of an interval of employees, as the register writes it (`ANTAL_10_19`) or as text (`10-19`, `1000+`).

    The geometric mean of its ends, as sizes of firms are skewed; the lower end of an open one.
    """
    text = str(interval).strip().upper()
    found = re.fullmatch(r"(\d+)\s*(?:[-–]\s*(\d+)|\+)?", text)
    if text in INTERVALS:
        low, high = INTERVALS[text]
    elif found:
        low, high = int(found[1]), int(found[2]) if found[2] else None if text.endswith("+") else int(found[1])
    else:
        return None
    return float(low) if high is None or low == 0 else float(round(math.sqrt(low * high)))


def from_register(frame: pd.DataFrame, *, codes: bool = True) -> pd.DataFrame:
    """The list with the register's columns under our names, and the traits that follow from them where they lack.

    Added: `region` from postcode, `industry_section` (DB07) and `industry_division` from industry_code, `employees`
    from employees_interval; none of them without `codes`, for a market that is not Danish. A column of ours that holds a
    value is never overwritten, except that a firm is protected from advertising where any column says so.
    """
    named = frame.copy()
    for column in frame.columns:
        ours = REGISTER_NAMES.get(str(column).strip().lower(), column)
        if ours == column or not (codes or ours == "ad_protected"):
            continue
        if ours not in named.columns or named[ours].isna().all():
            named = named.drop(columns=[ours], errors="ignore").rename(columns={column: ours})
        elif ours == "ad_protected":
            named[ours] = _read(named[ours]).fillna(False) | _read(named[column]).fillna(False)
    made = (("region", "postcode", region_of), ("industry_section", "industry_code", section_of),
            ("industry_division", "industry_code", division_of), ("employees", "employees_interval", employees_of))
    for new, source, function in made if codes else ():
        if source in named.columns and new not in named.columns:
            named[new] = named[source].map(function, na_action="ignore")
    if "ad_protected" in named.columns:
        named["ad_protected"] = _read(named["ad_protected"])
    return named


def _read(cells: pd.Series) -> pd.Series:
    return cells.map(_yes_or_no).astype("boolean")


def _yes_or_no(value) -> bool | None:
    """Yes or no as exports of the register write it; None where it says neither."""
    known = {"true": True, "1": True, "1.0": True, "ja": True, "false": False, "0": False, "0.0": False, "nej": False}
    return known.get(str(value).strip().lower())
