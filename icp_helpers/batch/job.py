"""What one unit is asked to do: all that its process needs, as plain JSON."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from icp_helpers.batch.flow import STEPS, Step
from icp_helpers.batch.stage import Places
from icp_helpers.tables.market import REPOSITORY, data_folder, reports_folder
from icp_helpers.tables.published import COMPARISON

WHOLE = "all"
ATTEMPTS = 3  # of a notebook whose kernel dies or does not start


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Settings:
    """One `icp run`. `chosen`: the names of the steps to run, None for all of `steps`; `seconds`: the limit a notebook;
    `cluster`: the address of a Dask scheduler, None for this machine."""

    data: Path = field(default_factory=data_folder)
    reports: Path = field(default_factory=reports_folder)
    notebooks: Path = REPOSITORY / "notebooks"
    steps: Sequence[Step] = STEPS
    chosen: tuple[str, ...] | None = None
    jobs: int = field(default_factory=processors)
    force: bool = False
    seconds: float = 3600
    cluster: str | None = None


@dataclass(frozen=True)
class Job:
    """One market, or one of its segments, and the steps to take; or `comparison`, with the steps across all markets."""

    market: str
    segment: str
    data: str
    reports: str
    notebooks: str
    steps: tuple[dict, ...]
    chosen: tuple[str, ...]
    force: bool
    seconds: float
    commit: str | None = None
    parent: int = 0

    @property
    def unit(self) -> str:
        return self.market if self.segment == WHOLE else f"{self.market}--{self.segment}"

    @property
    def across(self) -> bool:
        return self.market == COMPARISON

    @property
    def places(self) -> Places:
        return Places(Path(self.data) / "processed" / self.unit, Path(self.reports) / self.unit)

    @property
    def failed_folder(self) -> Path:
        """Where the executed notebook of a failed step is kept for whoever mends it: private, gone after a good run."""
        return Path(self.data) / "processed" / ".failed" / self.unit

    @property
    def flow(self) -> list[Step]:
        return [Step.from_dict(step) for step in self.steps]

    @property
    def parameters(self) -> dict[str, str]:
        return {"units": WHOLE} if self.across else {"market": self.market, "segment": self.segment}

    def notebook(self, step: str) -> Path:
        return Path(self.notebooks) / f"{step}.ipynb"

    def to_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def of(cls, settings: Settings, market: str, segment: str, commit: str | None) -> "Job":
        steps = [step for step in settings.steps if step.across == (market == COMPARISON)]
        chosen = tuple(step.name for step in steps if settings.chosen is None or step.name in settings.chosen)
        return cls(market, segment, str(settings.data), str(settings.reports), str(settings.notebooks),
                   tuple(step.to_dict() for step in steps), chosen, settings.force, settings.seconds, commit, os.getpid())
