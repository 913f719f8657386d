"""run.json and findings.json: what a run did, and what its pages say. Safe to share: no row, no raw value, no secret."""

import importlib.metadata
import json
import platform
import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from icp_helpers.batch.job import Job

FORMAT = 1
SECRET = re.compile(r"(\w+://)[^\s/@]*@")  # user and password in a URL
DISTRIBUTION = "icp-workbench"


@dataclass
class StepResult:
    """One step of one run. `status`: ok | insufficient | failed | skipped; `reused`: an earlier run's, still right."""

    step: str
    status: str = "skipped"
    seconds: float = 0.0
    message: str = ""
    cell: str | None = None
    reused: bool = False


@dataclass
class UnitRun:
    """One run of one unit. `status`: ok | failed | insufficient; `unchanged`: nothing had to be done."""

    unit: str
    status: str = "ok"
    message: str = ""
    steps: list[StepResult] = field(default_factory=list)
    unchanged: bool = False
    started: str = ""
    ended: str = ""

    def to_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, fields: dict) -> "UnitRun":
        return cls(**{**fields, "steps": [StepResult(**step) for step in fields["steps"]]})

    def ran(self) -> int:
        return sum(not step.reused and step.status != "skipped" for step in self.steps)


def now() -> str:
    """The time in UTC, to the second: a run is timed, its results are not."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def run_record(job: Job, run: UnitRun, *, sources: dict, notebooks: dict, outputs: dict, processed: Path) -> dict:
    """run.json. `sources`, `notebooks`, `outputs`: SHA-256 by file name; `processed`: where the step contracts lie."""
    return {"format": FORMAT, **run.to_dict(), "message": without_secrets(run.message), "parameters": job.parameters,
            "rows": rows(processed), "versions": versions(), "commit": job.commit,
            "sha256": {"inputs": sources, "notebooks": notebooks, "outputs": outputs}}


def without_secrets(text: str) -> str:
    return SECRET.sub(r"\1***@", text)


@cache
def versions() -> dict[str, str]:
    """Python, the package, and each package that it names, with the installed version."""
    found = {"python": platform.python_version(), DISTRIBUTION: importlib.metadata.version(DISTRIBUTION)}
    for line in importlib.metadata.requires(DISTRIBUTION) or []:
        name = re.match(r"[A-Za-z0-9._-]+", line)[0]
        if "extra ==" not in line:
            found[name] = importlib.metadata.version(name)
    return found


def rows(processed: Path) -> dict[str, dict[str, float]]:
    """Rows and money in, used and set aside by reason, for each table, as step 01 counted them."""
    path = processed / "quality.parquet"
    if not path.exists():
        return {}
    import pyarrow.parquet as pq  # here, for a run that has nothing to do needs none of it

    counted: dict[str, dict[str, float]] = {}
    for line in pq.read_table(path, columns=["table", "check", "rows"]).to_pylist():
        if line["rows"] is not None and line["check"].startswith(("rows", "money", "set aside")):
            counted.setdefault(line["table"], {})[line["check"]] = line["rows"]
    return counted


def customers(processed: Path) -> int | None:
    """How many customers step 02 found; None where it has not run."""
    path = processed / "features.parquet"
    if not path.exists():
        return None
    import pyarrow.parquet as pq

    return pq.read_metadata(path).num_rows


def findings(unit: str, notebooks: list[Path]) -> dict:
    """findings.json: every finding that the executed notebooks recorded, in the order of the pages."""
    found = []
    for path in notebooks:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                finding = output.get("metadata", {}).get("icp", {}).get("finding")
                if finding:
                    found.append({key: finding[key] for key in FINDING if key in finding})
    return {"format": FORMAT, "unit": unit, "findings": found}


FINDING = ("id", "step", "status", "sentence", "facts", "figure")
