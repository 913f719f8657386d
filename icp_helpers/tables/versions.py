"""The history of a unit's profile: icp_versions/v001.yml and on, a file a version, beside icp.yml."""

from pathlib import Path

import yaml

from icp_helpers.tables.yaml_text import yaml_text

FOLDER = "icp_versions"


def keep(icp: dict, folder: Path, published: Path) -> None:
    """Put a version into the history in `folder`, and before it the ones that `published` holds.

    A version stands as it was when it first came up: a later run that finds the same criteria leaves it as it is. The
    score is left out, for it is large and no version is scored with again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(published.glob("v*.yml")):
        if not (folder / path.name).exists():
            _write(folder / path.name, path.read_text(encoding="utf-8"))
    own = folder / f"v{icp['version']:03}.yml"
    if not own.exists():
        kept = {key: value for key, value in icp.items() if key != "score"}
        _write(own, yaml_text(kept))


def read_versions(folder: Path) -> list[dict]:
    """The versions in a folder, the oldest first."""
    return [known for path in sorted(folder.glob("v*.yml")) if (known := read_version(path)) is not None]


def read_version(path: Path) -> dict | None:
    """An icp.yml as a mapping; None where it holds none."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):  # a file spoilt by hand: the next run starts the count anew
        return None
    return content if isinstance(content, dict) else None


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
