"""The last day of a market without as_of: read from its tables once, and kept until one of them, or its market file, changes.

Every notebook opens the unit, and two million orders in a csv take five seconds to look through.
"""

import json
import tempfile
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from icp_helpers.tables import clean
from icp_helpers.tables.errors import MarketFileError
from icp_helpers.tables.market import Market, data_folder

FOLDER = ".last_days"  # in data/processed, beside the units


def dated(market: Market) -> Market:
    """The market with the last day of its data where its file has no as_of: nothing but as_of tells the time.

    Raises MarketFileError where no table has a date.
    """
    if market.as_of is not None:
        return market
    kept, mark = data_folder() / "processed" / FOLDER / f"{market.slug}.json", _mark(market)
    day = _kept_day(kept, mark)
    if day is None:
        with tempfile.TemporaryDirectory() as folder:
            day = clean.last_day(market, Path(folder))
        if day is None:
            raise MarketFileError("The market has no as_of, and no table with dates to take it from", where=f"{market.slug}/market.yml",
                                  found="tables: " + (", ".join(market.tables) or "none"),
                                  remedy="Add as_of: with the last day that the data covers, as in 2026-06-30.")
        _keep(kept, mark, day)
    return replace(market, as_of=day)


def _mark(market: Market) -> list | None:
    """Size and time of the market file and of each table's; None where a database holds the tables, which tells neither."""
    if market.connection:
        return None
    names = sorted({place.partition("#")[0] for place in market.tables.values()} | {"market.yml"})
    files = [market.folder / name for name in names]
    return [[file.name, (told := file.stat()).st_size, told.st_mtime_ns] for file in files] if all(file.is_file() for file in files) else None


def _kept_day(file: Path, mark: list | None) -> date | None:
    with suppress(OSError, ValueError, TypeError, KeyError):
        known = json.loads(file.read_text(encoding="utf-8"))
        return date.fromisoformat(known["day"]) if mark is not None and known["of"] == mark else None
    return None


def _keep(file: Path, mark: list | None, day: date) -> None:
    """Where the folder cannot be written, the day is read again the next time."""
    if mark is None:
        return
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=file.parent, delete=False, encoding="utf-8") as part:
            json.dump({"day": day.isoformat(), "of": mark}, part)
        Path(part.name).replace(file)
