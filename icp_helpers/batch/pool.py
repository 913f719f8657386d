"""Some units side by side, each a process with a group of its own, that end with this process and leave nothing."""

import json
import selectors
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

from icp_helpers.batch import stage
from icp_helpers.batch.job import ATTEMPTS, Job
from icp_helpers.batch.processes import end_group, end_processes_in, unit_environment
from icp_helpers.batch.record import UnitRun, now
from icp_helpers.batch.stage import Stage
from icp_helpers.batch.unit import record_failure

GRACE = 300.0  # seconds for all that a unit does besides its notebooks


@dataclass
class Running:
    """A unit at work."""

    job: Job
    stage: Stage
    process: subprocess.Popen
    log: IO[bytes]
    began: float = field(default_factory=time.monotonic)
    step: str = ""
    done: dict | None = None
    unread: bytes = b""

    @property
    def limit(self) -> float:
        return self.job.seconds * ATTEMPTS * len(self.job.chosen) + GRACE


class Pool:
    """At most `size` units at a time."""

    def __init__(self, size: int):
        self.size = max(1, size)
        self.running: list[Running] = []
        self.selector = selectors.DefaultSelector()

    @property
    def free(self) -> bool:
        return len(self.running) < self.size

    def start(self, job: Job) -> None:
        stage_of_job = stage.new_stage(job.places)
        log = tempfile.TemporaryFile()
        process = subprocess.Popen(
            [sys.executable, "-m", "icp_helpers.batch.unit"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            start_new_session=True, env=unit_environment(stage_of_job.root, job.data, job.reports))
        running = Running(job, stage_of_job, process, log)
        self.running.append(running)
        self.selector.register(process.stdout, selectors.EVENT_READ, running)
        with suppress(BrokenPipeError):  # it died at once: told when it is waited for
            process.stdin.write(json.dumps(job.to_dict()).encode() + b"\n")
            process.stdin.close()

    def wait(self) -> list[tuple[Job, UnitRun, float]]:
        """Wait a second at most; the units that ended meanwhile, each with its run and the seconds it took."""
        ended = []
        for key, _events in self.selector.select(timeout=1.0):
            running = key.data
            data = key.fileobj.read1(65536)
            if data:
                _hear(running, data)
            else:
                ended.append(self._end(running))
        late = [running for running in self.running if time.monotonic() - running.began > running.limit]
        return ended + [self._end(running) for running in late]

    def working(self) -> list[str]:
        """What is being done now, as `unit step`."""
        return [f"{running.job.unit} {running.step}".strip() for running in self.running]

    def stop(self) -> None:
        """End every unit, its kernels and their children, and what they were writing."""
        for running in self.running:
            end_group(running.process.pid)
        for running in self.running:
            running.process.wait()
            end_processes_in(running.stage.root)
            self.selector.unregister(running.process.stdout)
            running.process.stdout.close()
            running.log.close()
        self.running.clear()

    def _end(self, running: Running) -> tuple[Job, UnitRun, float]:
        self.running.remove(running)
        self.selector.unregister(running.process.stdout)
        if running.done is None:
            end_group(running.process.pid)
        running.process.wait()
        running.process.stdout.close()
        run = UnitRun.from_dict(running.done) if running.done else _died(running)
        if run.status == "failed":
            _keep_log(running)
        running.log.close()
        return running.job, run, time.monotonic() - running.began


def _hear(running: Running, data: bytes) -> None:
    *lines, running.unread = (running.unread + data).split(b"\n")
    for line in lines:
        event = json.loads(line)
        running.step = event.get("step", running.step)
        running.done = event.get("done", running.done)


def _died(running: Running) -> UnitRun:
    """The run of a unit whose process ended without a word: recorded here in its stead."""
    job, code = running.job, running.process.returncode
    how = f"ended by signal {-code}" if code < 0 else f"ended with code {code}"
    where = f" during {running.step}" if running.step else ""
    run = UnitRun(job.unit, "failed", f"The unit's process was {how}{where}.", started=now(), ended=now())
    try:
        with stage.lock(job.places):
            stage.recover(job.places)
            record_failure(job, run)
    except (OSError, stage.BusyError) as error:
        run.message += f" It could not be recorded: {error}."
    return run


def _keep_log(running: Running) -> None:
    """Keep what the unit and its kernels printed, for whoever mends it."""
    running.log.seek(0)
    text = running.log.read(1_000_000)
    if text.strip():
        with suppress(OSError):  # a full disk: the failure itself is told elsewhere
            folder = running.job.failed_folder
            folder.mkdir(parents=True, exist_ok=True)
            stage.write_whole(folder / "log.txt", text)
