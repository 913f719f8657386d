"""The result of `icp audit`, kept beside the market file as audit.json: a run shows it, and no run replaces it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the runner looks for this file at each start, and needs no engine for that
    from icp_helpers.tables.store import Unit

FILE = "audit.json"
KEYS = ("unit", "as_of", "seed", "data", "customers", "ideal", "planted", "found", "shuffled", "claimed", "lift", "note")


def save_audit(unit: Unit, kept: dict) -> None:
    """Keep an audit (KEYS) in place of the last one: whole or not at all."""
    path = unit.market.folder / FILE
    part = path.with_name(f".{FILE}.part")
    part.write_text(json.dumps({key: kept[key] for key in KEYS}, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def read_audit(unit: Unit) -> dict | None:
    """The unit's last audit; None where there is none, it is of another unit, or its file was spoilt by hand."""
    try:
        kept = json.loads((unit.market.folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) and set(KEYS) <= set(kept) and kept["unit"] == unit.name else None
