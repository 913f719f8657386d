"""Hypotheses that a person saved by hand: markets/<market>/hypotheses/<unit>-h001.yml and on, each an icp.yml.

They are hers and no run's result, so they stand beside the market file, where no run replaces them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from icp_helpers.tables.versions import read_version
from icp_helpers.tables.yaml_text import yaml_text

if TYPE_CHECKING:  # the runner looks for these files at each start, and needs no engine for that
    from icp_helpers.tables.store import Unit

FOLDER = "hypotheses"


def next_version(unit: Unit) -> int:
    """The number of the hypothesis that is saved next."""
    return max((int(re.search(r"(\d+)$", path.stem)[1]) for path in _files(unit)), default=0) + 1


def save_hypothesis(unit: Unit, icp: dict) -> Path:
    """Write one under a number of its own; one that is there is never overwritten (FileExistsError)."""
    folder = unit.market.folder / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{unit.name}-h{icp['version']:03}.yml"
    with path.open("x", encoding="utf-8") as file:
        file.write(yaml_text(icp))
    return path


def read_hypotheses(unit: Unit) -> list[dict]:
    """The unit's saved hypotheses, the oldest first; a file spoilt by hand is passed over."""
    return [known for path in _files(unit) if (known := read_version(path)) is not None]


def _files(unit: Unit) -> list[Path]:
    return sorted(path for path in (unit.market.folder / FOLDER).glob(f"{unit.name}-h*.yml") if re.fullmatch(rf"{re.escape(unit.name)}-h\d+", path.stem))
