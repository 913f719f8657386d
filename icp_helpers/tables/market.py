"""The market file: data/markets/<market>/market.yml, read, checked, and given as one frozen object.

Every key but `name`, `kind` and `tables` has a default, which is stated in the classes here and nowhere else.
"""

import os
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from icp_helpers.tables.errors import ParameterError

REPOSITORY = Path(__file__).resolve().parents[2]
MARKS = ("value", "retention", "satisfaction", "referrals", "ease")  # of an ideal customer


@dataclass(frozen=True)
class Purpose:
    focus: str = ""
    objective: str = ""
    hypothesis: str = ""


@dataclass(frozen=True)
class Trait:
    """What the market file says about one trait column; None: not said, so the dictionary or the data decide."""

    unit: str | None = None
    label: str | None = None
    sensitive: bool | None = None
    allowed_because: str | None = None
    known: str = "before"  # before | after the purchase


@dataclass(frozen=True)
class Ideal:
    """Either `outcome`, a column of customers or leads that says it, or weights of the five marks and the top share."""

    weights: dict | None = field(default_factory=lambda: dict(zip(MARKS, (0.3, 0.25, 0.2, 0.15, 0.1), strict=True)))
    share: float = 0.25
    outcome: str | None = None


@dataclass(frozen=True)
class Economics:
    """Assumptions about money: margin as a share of the amount, discount rate a year, horizon in months, and what a case
    at customer service costs, where somebody has said so."""

    margin_rate: float = 0.4
    discount_rate: float = 0.08
    horizon_months: int = 36
    ticket_cost: float | None = None


@dataclass(frozen=True)
class Rollout:
    started_on: date | None = None


@dataclass(frozen=True)
class Privacy:
    smallest_cell: int = 5


@dataclass(frozen=True)
class Market:
    """A market as its file describes it. `given` holds the dotted keys that the file itself wrote,
    so that a report can tell an assumption of ours ("economics.margin_rate" not in given) from one of hers."""

    slug: str
    name: str
    kind: str  # b2b | b2c
    folder: Path
    tables: dict = field(default_factory=dict)  # table -> file beside the market file, or table of the connection
    language: str = "en"  # da | en
    currency: str = "DKK"
    timezone: str = "Europe/Copenhagen"
    as_of: date | None = None  # None: open_unit takes the last day found in the data, and the report says so
    purpose: Purpose = Purpose()
    connection: str | None = None
    columns: dict = field(default_factory=dict)  # table -> {theirs: ours}
    derive: dict = field(default_factory=dict)  # table -> {ours: SQL}
    where: dict = field(default_factory=dict)  # table -> SQL
    traits: dict | None = None  # column -> Trait; None: not said
    ideal: Ideal = Ideal()
    segments: dict | str = field(default_factory=dict)  # slug -> SQL, or "found"
    economics: Economics = Economics()
    value_event: str | None = None
    rollout: Rollout = Rollout()
    privacy: Privacy = Privacy()
    seed: int = 0
    given: frozenset = frozenset()


def data_folder() -> Path:
    """The data folder: ICP_DATA, or data/ of the repository."""
    return Path(os.environ.get("ICP_DATA") or REPOSITORY / "data").expanduser().resolve()


def reports_folder() -> Path:
    """The reports folder: ICP_REPORTS, or reports/ of the repository."""
    return Path(os.environ.get("ICP_REPORTS") or REPOSITORY / "reports").expanduser().resolve()


def list_markets(*, data: Path | None = None) -> list[str]:
    """The slugs of the markets that have a market file, sorted."""
    folder = Path(data or data_folder()) / "markets"
    return sorted(file.parent.name for file in folder.glob("*/market.yml"))


def written_language(name: str, *, data: Path | None = None) -> str:
    """The language that a market's file asks for, even where the rest of it cannot be read; `en` where none stands there."""
    file = Path(data or data_folder()) / "markets" / name / "market.yml"
    text = file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""
    asked = re.search(r"^language:\s*['\"]?(da|en)\b", text, re.MULTILINE)
    return asked[1] if asked else Market.language


def load_market(name: str, *, data: Path | None = None) -> Market:
    """Read and check one market file.

    Raises ParameterError when there is no such market, MarketFileError (with file and line) when the file is wrong.
    """
    from icp_helpers.tables.market_keys import checked_market  # it builds these classes, so it imports this module

    known = list_markets(data=data)
    folder = Path(data or data_folder()) / "markets"
    if name not in known:
        remedy = "Use one of them." if known else "Make the sample markets with `icp sample`, or one with `icp new`."
        raise ParameterError(f"There is no market '{name}'", where=str(folder), found=", ".join(known) or "no market",
                             remedy=remedy)
    return checked_market(folder / name / "market.yml")
