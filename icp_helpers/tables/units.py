"""Every published unit side by side: what step 13 reads, and the unit named `comparison` that it writes to."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from icp_helpers.tables.errors import ParameterError
from icp_helpers.tables.market import reports_folder
from icp_helpers.tables.published import published_markets, stand_in
from icp_helpers.tables.store import WHOLE, Unit, open_unit


@dataclass(frozen=True)
class Units(Unit):
    """The units compared, `parts`; itself a unit with a folder and a page of its own."""

    parts: tuple[Unit, ...] = ()

    @property
    def titles(self) -> dict[str, str]:
        """What a reader calls each unit, by the unit's name; two of one title keep their names behind it."""
        own = [part.title for part in self.parts]
        return {part.name: part.title if own.count(part.title) == 1 else f"{part.title} ({part.name})" for part in self.parts}

    def read(self, name: str) -> dict[str, pd.DataFrame | dict]:
        """A contract of each unit by the unit's name, as its last good run published it; units without it are left out."""
        found = {part.name: part.read_previous(name) for part in self.parts}
        return {unit: content for unit, content in found.items() if content is not None}

    def findings(self) -> dict[str, list[dict]]:
        """The findings of each unit by the unit's name, as they stand in findings.json."""
        return {part.name: _findings(reports_folder() / part.name / "findings.json") for part in self.parts}


def open_units(units: str = "all") -> Units:
    """The units named, as in "nordlys-dk, nordlys-no--oslo", or every market that has been run, for "all".

    ParameterError for a name that is none, or that has not been run.
    """
    names = [name.strip() for name in units.split(",") if name.strip()] if isinstance(units, str) else []
    ready = published_markets()
    if not names:
        raise ParameterError("There is nothing to compare", where="parameter 'units'", found=repr(units)[:80],
                             remedy=f"Use \"all\", or names with a comma between: {', '.join(ready) or 'none has been run'}.")
    parts = [open_unit(*_split(name)) for name in (ready if names == ["all"] else dict.fromkeys(names))]
    for part in parts:
        if not (part.published / "icp.yml").exists():
            raise ParameterError(f"Unit '{part.name}' has not been run", where="parameter 'units'", found=", ".join(ready) or "no unit",
                                 remedy=f"Run it first: icp run {part.market.slug}.")
    return Units(stand_in([part.market for part in parts]), parts=tuple(parts))


def _split(name: str) -> tuple[str, str]:
    market, _dashes, segment = name.partition("--")
    return market, segment or WHOLE


def _findings(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["findings"] if path.exists() else []
