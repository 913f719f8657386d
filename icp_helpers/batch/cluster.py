"""`icp run --cluster ADDRESS`: the units go to a Dask cluster, whose scheduler gives each to a worker that is free.

A worker needs the same installation, and the same data, reports and notebooks folders under the same paths (a shared
disk). It starts the unit as a local run would, so all that holds there holds here. A unit whose worker is lost goes
to another one; it finds the lock free, clears what the lost one left, and begins anew.
"""

import asyncio
import os
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from icp_helpers.batch import stage
from icp_helpers.batch.job import Job
from icp_helpers.batch.pool import Pool, lost
from icp_helpers.batch.record import UnitRun
from icp_helpers.tables.errors import ParameterError

ANSWER = 10.0  # seconds for the scheduler to answer, and for stopped units to end
ALONE = 60.0  # seconds without any worker until what waits for one is given up


class Cluster:
    """The units under way on a cluster: what `Pool` is on this machine, with as many at a time as it has threads."""

    free = True  # the scheduler holds what has to wait

    def __init__(self, address: str):
        """ParameterError where Dask is not installed, or the address does not answer."""
        self.client = _connect(address)
        self.running: dict = {}  # future -> (job, when it was sent)
        self.manned = time.monotonic()  # when a worker was last seen

    def warm_up(self, notebooks: int) -> None:
        """Nothing: each worker does that for itself."""

    def start(self, job: Job) -> None:
        key = f"{job.unit}-{secrets.token_hex(4)}"
        self.running[self.client.submit(run_on_worker, job.to_dict(), key=key)] = (job, time.monotonic())

    def wait(self) -> list[tuple[Job, UnitRun, float]]:
        """Wait a second at most; the units that ended meanwhile, each with its run and the seconds since it was sent."""
        from distributed import wait

        with suppress(TimeoutError):
            wait(list(self.running), timeout=1.0, return_when="FIRST_COMPLETED")
        if self.client.scheduler_info(n_workers=-1)["workers"]:
            self.manned = time.monotonic()
        alone = time.monotonic() - self.manned > ALONE
        return [self._end(future, alone) for future in list(self.running) if future.done() or alone]

    def working(self) -> list[str]:
        return [job.unit for job, _sent in self.running.values()]

    def stop(self) -> None:
        """Call back every unit, and wait until their workers have ended them."""
        if self.client.status == "closed":
            return
        jobs = [job for job, _sent in self.running.values()]
        self.client.cancel(list(self.running))
        self.running.clear()
        limit = time.monotonic() + ANSWER
        while any(_at_work(job) for job in jobs) and time.monotonic() < limit:
            time.sleep(0.1)
        self.client.close()

    def _end(self, future, alone: bool) -> tuple[Job, UnitRun, float]:
        job, sent = self.running.pop(future)
        if future.status == "finished":
            run = UnitRun.from_dict(future.result())
        elif alone and not future.done():
            future.cancel()
            run = lost(job, f"The cluster has had no worker for {ALONE:.0f} seconds.")
        elif future.cancelled():
            run = lost(job, "The cluster's scheduler is gone.")
        else:
            run = lost(job, _told(future.exception()))
        future.release()
        return job, run, time.monotonic() - sent


def run_on_worker(fields: dict) -> dict:
    """The worker's part: run the unit as a process of its own, and end it when nobody waits for it any more."""
    from distributed import get_worker
    from distributed.worker import thread_state

    job, tasks, key = replace(Job(**fields), parent=os.getpid()), get_worker().state.tasks, thread_state.key
    pool = Pool(1, Path(job.data))
    try:
        pool.warm_up(len(job.chosen))
        pool.start(job)
        while key in tasks and tasks[key].state != "cancelled":
            for _job, run, _seconds in pool.wait():
                return run.to_dict()
    finally:
        pool.stop()
    stage.clear(job.places)
    return UnitRun(job.unit, "failed", "Stopped.").to_dict()


def _connect(address: str):
    try:
        from distributed import Client
    except ImportError:
        raise ParameterError("Dask is not installed here", where="option --cluster", found="no package 'distributed'",
                             remedy="Install it: pip install 'icp-workbench[cluster]'.") from None
    try:
        with ThreadPoolExecutor(1) as apart:  # a notebook that runs a batch has an event loop of its own in this thread
            apart.submit(asyncio.run, _ask(address)).result()
        return Client(address, timeout=ANSWER)
    except (OSError, ValueError, TypeError) as error:
        raise ParameterError("The cluster does not answer", where="option --cluster", found=f"{type(error).__name__} at {ascii(address)[:80]}",
                             remedy="Give the address that `dask scheduler` shows, as in tcp://scheduler:8786.") from None


async def _ask(address: str) -> None:
    """Raises where no scheduler answers. Asked before a Client is made: one that never connects is closed when it is
    collected, and within the start of another that waits for itself for ever."""
    from distributed import Security
    from distributed.comm import connect

    comm = await connect(address, timeout=ANSWER, **Security().get_connection_args("client"))
    await comm.close()


def _at_work(job: Job) -> bool:
    try:
        with stage.lock(job.places):
            return False
    except stage.BusyError:
        return True


def _told(error: BaseException) -> str:
    if type(error).__name__ == "KilledWorker":
        return "Each worker that had it was lost."
    return f"The worker could not run it ({type(error).__name__}): it needs the same installation as here."
