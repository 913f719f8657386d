"""What a unit's published folder was made of, step by step: the ground on which a run does nothing twice.

state.json lies in data/processed/<unit>/. For each step: its fingerprint, its status, and the hash of each file it made,
there and in the report.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from icp_helpers.batch.fingerprint import hash_file

FORMAT = 1
NAME = "state.json"


@dataclass
class StepState:
    """`files`: hash by path within data/processed/<unit>/; `page`: what the HTML page was made of, and its hash."""

    fingerprint: str
    status: str
    message: str = ""
    cell: str | None = None
    files: dict[str, str] = field(default_factory=dict)
    page: dict[str, str] = field(default_factory=dict)


@dataclass
class State:
    """All steps' states, and the hash of each file of the report that belongs to no step."""

    steps: dict[str, StepState] = field(default_factory=dict)
    report: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict:
        return {"format": FORMAT, **asdict(self)}


def read_state(processed: Path) -> State:
    """The state of a published folder; an empty one where there is none, or none that can be read."""
    try:
        content = json.loads((processed / NAME).read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            return State()
        return State({name: StepState(**step) for name, step in content["steps"].items()}, content["report"])
    except (OSError, ValueError, KeyError, TypeError):
        return State()


def intact(folder: Path, files: dict[str, str]) -> bool:
    """Is every file there, with the bytes it was published with?"""
    return all((folder / name).is_file() and hash_file(folder / name) == digest for name, digest in files.items())
