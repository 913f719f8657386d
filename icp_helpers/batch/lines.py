"""What a run shows while it works: one line a unit, and on a terminal one more that says what is being done."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from icp_helpers.batch.record import UnitRun

CLEAR = "\r\x1b[K"
WIDTH = 100


class Lines:
    """Writes to `out`; `units` are known beforehand so that the columns stand under one another."""

    def __init__(self, out: IO[str], units: Sequence[str]):
        self.out = out
        self.live = out.isatty()
        self.width = max((len(unit) for unit in units), default=10)

    def working(self, what: Sequence[str]) -> None:
        if self.live:
            self._write(CLEAR + ("  ".join(what))[:WIDTH], end="")

    def end(self, run: UnitRun, seconds: float) -> None:
        self._write(f"{self._clear()}{run.unit:<{self.width}}  {run.status:<12}  {_how(run, seconds)}")

    def stopped(self) -> None:
        self._write(self._clear() + "Stopped. Every earlier report is as it was; what was under way is cleared.")

    def summary(self, runs: Sequence[UnitRun], index: Path) -> None:
        counts = [f"{sum(run.status == status for run in runs)} {status}" for status in ("ok", "insufficient", "failed")
                  if any(run.status == status for run in runs)]
        self._write(f"{self._clear()}{', '.join(counts) or 'Nothing was run'}. Open {index}")

    def _clear(self) -> str:
        return CLEAR if self.live else ""

    def _write(self, text: str, end: str = "\n") -> None:
        self.out.write(text + end)
        self.out.flush()


def _how(run: UnitRun, seconds: float) -> str:
    if run.unchanged:
        return "nothing had changed" + (f": {run.message}" if run.message else "")
    if run.status == "failed":
        return run.message
    steps = f"{run.ran()} of {len(run.steps)} steps run, {seconds:.0f} s"
    return f"{steps}: {run.message}" if run.message else steps
