"""`icp run`: every unit in a process of its own, some side by side; one line a unit; the index page at the end."""

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from icp_helpers.batch import stage
from icp_helpers.batch.cluster import Cluster
from icp_helpers.batch.commands import told
from icp_helpers.batch.job import WHOLE, Job, Settings
from icp_helpers.batch.lines import Lines
from icp_helpers.batch.plan import Plan, found_segments, make_plan
from icp_helpers.batch.pool import Pool
from icp_helpers.batch.record import UnitRun
from icp_helpers.batch.resume import current_run, market_of

OK, FAILED, WRONG_USE = 0, 1, 2


class Stopped(BaseException):
    """A signal asked the run to stop; `code` is the exit code that tells which."""

    def __init__(self, number: int):
        self.code = 128 + number
        super().__init__(number)


def run_batch(settings: Settings, names: Sequence[str] = (), segment: str | None = None, *, out=sys.stdout) -> int:
    """Run the named markets, all for none, and their segments. Returns the exit code.

    0 every unit ok or honestly insufficient; 1 a unit failed; 2 a market file cannot be read; 130, 143 stopped.
    ParameterError, before anything is written, for a market or segment that does not exist, or a cluster that does not answer.
    """
    plan = make_plan(settings, names, segment, git_commit(settings.notebooks.parent))
    pool = Cluster(settings.cluster) if settings.cluster else Pool(settings.jobs, settings.data)
    lines = Lines(out, [job.unit for job in plan.first + plan.last] + list(plan.broken))
    for name, error in plan.broken.items():
        lines.end(UnitRun(name, "failed", told(error, [name])), 0)
    runs: list[UnitRun] = []
    try:
        with _stoppable():
            clear_leftovers(settings)
            for jobs in (plan.first, plan.last):
                for run, seconds in _all_units(jobs, plan, settings, pool, lines, segment):
                    lines.end(run, seconds)
                    runs.append(run)
            _write_index(settings, plan, runs)
    except Stopped as stopped:
        pool.stop()
        clear_leftovers(settings)
        lines.stopped()
        return stopped.code
    finally:
        pool.stop()
    lines.summary(runs, settings.reports / "index.html")
    return WRONG_USE if plan.broken else FAILED if any(run.status == "failed" for run in runs) else OK


def _all_units(jobs: list[Job], plan: Plan, settings: Settings, pool: Pool | Cluster, lines: Lines, segment: str | None) -> Iterator[tuple[UnitRun, float]]:
    """Each unit's run as it ends. A market with `segments: found` adds its segments when its own run has ended."""
    waiting = list(jobs)
    while waiting or pool.running:
        while waiting and pool.free:
            job = waiting.pop(0)
            run = _nothing_to_do(job, plan)
            if run is None:
                pool.warm_up(len(job.chosen) * (1 + len(waiting)))
                pool.start(job)
                continue
            yield run, 0.0
            waiting += _segments_of(job, run, plan, settings, segment)
        lines.working(pool.working())
        for job, run, seconds in pool.wait() if pool.running else ():
            yield run, seconds
            waiting += _segments_of(job, run, plan, settings, segment)


def _nothing_to_do(job: Job, plan: Plan) -> UnitRun | None:
    """The unit's last run if it still holds. Whatever is in the way of knowing is left to the unit's own process."""
    try:
        return current_run(job, plan.markets.get(job.market) or market_of(job))
    except (OSError, stage.BusyError):
        return None


def _segments_of(job: Job, run: UnitRun, plan: Plan, settings: Settings, segment: str | None) -> list[Job]:
    if job.segment != WHOLE or job.market not in plan.found or run.status != "ok" or segment is not None:
        return []
    return [Job.of(settings, job.market, slug, job.commit) for slug in found_segments(settings, job.market)]


def _write_index(settings: Settings, plan: Plan, runs: Sequence[UnitRun]) -> None:
    """reports/index.html, unless nothing changed and it is the one that was written last."""
    from icp_helpers.batch.pages import index_is_current, write_index

    if all(run.unchanged for run in runs) and not plan.broken and index_is_current(settings.reports):
        return
    write_index(settings, plan, runs)


def clear_leftovers(settings: Settings) -> None:
    """Finish or clear what runs that died have left, where no other run is at work on the unit."""
    for places in stage.leftovers(settings.data / "processed", settings.reports):
        stage.clear(places)


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """SIGTERM and SIGINT raise Stopped, once; a second one does not disturb the clearing up."""
    def stop(number, _frame):
        for each in handled:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    handled = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.signal(number, stop) for number in handled}
    try:
        yield
    except Stopped:
        raise
    else:
        for number, handler in before.items():
            signal.signal(number, handler)


def git_commit(folder: Path) -> str | None:
    """The commit that a folder's repository is at; None outside of git."""
    try:
        answer = subprocess.run(["git", "-C", str(folder), "rev-parse", "HEAD"], capture_output=True, text=True,
                                timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None
