"""The process of one unit: `python -m icp_helpers.batch.unit` with a Job as JSON on stdin, one line of JSON an event out.

    {"step": "05_explain_drivers"}      before each step that runs
    {"done": {...UnitRun...}}           at the end; a process that ends without it has died
"""

import json
import os
import sys
import traceback
from pathlib import Path

from icp_helpers.batch.job import Job
from icp_helpers.batch.processes import die_with_parent, end_processes_in
from icp_helpers.batch.record import UnitRun, now, run_record
from icp_helpers.batch.stage import BusyError, Stage, lock, recover, write_json
from icp_helpers.tables.errors import IcpError


def run_unit(job: Job, stage: Stage, tell) -> UnitRun:
    """Run one unit and publish it, or record why not. The caller holds the unit's lock."""
    from icp_helpers.batch.work import StepFailed, UnitWork, failure  # heavy: only where a step runs

    run = UnitRun(job.unit, started=now())
    try:
        UnitWork(job, stage, run, tell).do()
    except StepFailed:
        run.status = "failed"
    except (IcpError, OSError) as error:
        run.status, run.message = "failed", failure(error, job.unit)
    except Exception as error:  # the last resort: one unit's trouble must not reach the others, and is told
        traceback.print_exc()
        run.status, run.message = "failed", failure(error, job.unit)
    finally:
        end_processes_in(stage.root)
    return run


def record_failure(job: Job, run: UnitRun) -> None:
    """Say in run.json that the newest run failed; the report beside it stays as it is."""
    known = {step.step for step in run.steps}
    run.steps += [type(run.steps[0])(step.name) for step in job.flow if step.name not in known] if run.steps else []
    run.ended = run.ended or now()
    job.places.report.mkdir(parents=True, exist_ok=True)
    write_json(job.places.report / "run.json",
               run_record(job, run, sources={}, notebooks={}, outputs={}, processed=job.places.processed))


def main(parent: int | None = None) -> None:
    """`parent`: the process to die with, if it is not the run itself."""
    job = Job(**json.loads(sys.stdin.readline()))
    die_with_parent(parent or job.parent)
    events = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # whatever prints, prints into the log

    def tell(event: dict) -> None:
        events.write(json.dumps(event) + "\n")

    try:
        with lock(job.places):
            recover(job.places)
            tell({"done": _run_in_stage(job, tell).to_dict()})
    except BusyError as error:
        tell({"done": UnitRun(job.unit, "failed", f"Not run: {error}.", started=now(), ended=now()).to_dict()})


def _run_in_stage(job: Job, tell) -> UnitRun:
    stage = Stage(job.places, Path(os.environ["ICP_STAGE"]).parent.name.rpartition(".")[2])
    run = UnitRun(job.unit, "failed", "The folders cannot be written.", started=now())
    try:
        stage.make()
        run = run_unit(job, stage, lambda step: tell({"step": step}))
    except OSError as error:
        run.message = f"The folders of {job.unit} cannot be written: {error.strerror}."
    finally:
        stage.remove()
    if run.status == "failed":
        try:
            record_failure(job, run)
        except OSError as error:
            run.message += f" Nor can run.json be written: {error.strerror}."
    return run


if __name__ == "__main__":
    main()
