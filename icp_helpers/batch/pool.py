"""Some units side by side, each a process with a group of its own, that end with this process and leave nothing."""

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from icp_helpers.batch import stage
from icp_helpers.batch.job import ATTEMPTS, Job
from icp_helpers.batch.processes import end_group, end_processes_in, unit_environment
from icp_helpers.batch.record import UnitRun, now
from icp_helpers.batch.stage import Stage
from icp_helpers.batch.unit import record_failure
from icp_helpers.batch.warm_client import Forked, Warm

WORTH_WARMING = 6  # notebooks: below, the imports of the warm process cost more than they save
GRACE = 300.0  # seconds for all that a unit does besides its notebooks


@dataclass
class Running:
    """A unit at work."""

    job: Job
    stage: Stage
    process: "subprocess.Popen | Forked"
    events: IO[bytes]  # what the unit tells, line by line
    log: IO[bytes]
    began: float = field(default_factory=time.monotonic)
    step: str = ""
    done: dict | None = None
    unread: bytes = b""

    @property
    def limit(self) -> float:
        return self.job.seconds * ATTEMPTS * len(self.job.chosen) + GRACE


class Pool:
    """At most `size` units at a time; `data` is the folder of the markets."""

    def __init__(self, size: int, data: Path):
        self.size = max(1, size)
        self.warm_log = data / "processed" / ".failed" / "warm-starts.txt"
        self.running: list[Running] = []
        self.selector = selectors.DefaultSelector()
        self.warm = Warm()

    def warm_up(self, notebooks: int) -> None:
        """Start the warm process, if so many notebooks are worth it."""
        if notebooks >= WORTH_WARMING:
            self.warm.start()

    @property
    def free(self) -> bool:
        return len(self.running) < self.size

    def start(self, job: Job) -> None:
        """Start a unit: as a fork of the warm process where there is one, else as a process from scratch."""
        stage_of_job = stage.new_stage(job.places)
        environment = unit_environment(stage_of_job.root, job.data, job.reports)
        log = tempfile.TemporaryFile()
        (read_job, write_job), (read_events, write_events) = os.pipe(), os.pipe()
        try:
            process = self._begin(environment, read_job, write_events, log.fileno())
        finally:
            os.close(read_job)
            os.close(write_events)
        running = Running(job, stage_of_job, process, os.fdopen(read_events, "rb"), log)
        self.running.append(running)
        self.selector.register(running.events, selectors.EVENT_READ, running)
        with suppress(BrokenPipeError), os.fdopen(write_job, "wb") as file:  # one that died at once is told of later
            file.write(json.dumps(job.to_dict()).encode() + b"\n")

    def _begin(self, environment: dict, stdin: int, stdout: int, stderr: int) -> "subprocess.Popen | Forked":
        if self.warm.name:
            with suppress(OSError, ValueError):  # the warm process is gone: from scratch, then
                return self.warm.unit(environment, stdin, stdout, stderr)
        return subprocess.Popen([sys.executable, "-m", "icp_helpers.batch.unit"], stdin=stdin, stdout=stdout, stderr=stderr,
                                start_new_session=True, env=environment)

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
            self.selector.unregister(running.events)
            running.events.close()
            running.log.close()
        self.running.clear()
        self._stop_warm()

    def _stop_warm(self) -> None:
        """End the warm process. Where it failed, what it said is kept beside the logs of failed units, until it does not."""
        if self.warm.process is None:
            return
        self.warm.stop()
        with suppress(OSError):  # a full disk: starts were plain, and all else is as it should be
            if self.warm.why:
                self.warm_log.parent.mkdir(parents=True, exist_ok=True)
                stage.write_whole(self.warm_log, f"Kernels were started plainly: {self.warm.why}\n".encode() + self.warm.said)
            else:
                self.warm_log.unlink(missing_ok=True)

    def _end(self, running: Running) -> tuple[Job, UnitRun, float]:
        self.running.remove(running)
        self.selector.unregister(running.events)
        if running.done is None:
            end_group(running.process.pid)
        running.process.wait()
        running.events.close()
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
    """The run of a unit whose process ended without a word."""
    code = running.process.returncode
    how = f"ended by signal {-code}" if code < 0 else f"ended with code {code}"
    where = f" during {running.step}" if running.step else ""
    return lost(running.job, f"The unit's process was {how}{where}.")


def lost(job: Job, message: str) -> UnitRun:
    """The failed run of a unit that can no longer tell of itself: recorded here in its stead."""
    run = UnitRun(job.unit, "failed", message, started=now(), ended=now())
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
