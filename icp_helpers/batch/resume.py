"""Which steps of a unit need not run again, because nothing that they depend on has changed."""

import json
from dataclasses import replace
from pathlib import Path

from icp_helpers.batch.fingerprint import UNKNOWN, hash_file, page_fingerprint, source_hashes, step_fingerprint
from icp_helpers.batch.flow import Step
from icp_helpers.batch.job import Job
from icp_helpers.batch.record import UnitRun
from icp_helpers.batch.stage import lock, recover
from icp_helpers.batch.state import State, StepState, intact, read_state
from icp_helpers.tables.market import Market, load_market
from icp_helpers.tables.published import FILES, comparison_market, published_markets


def market_of(job: Job) -> Market:
    """The job's market as its file has it, or what stands for one where all markets are compared."""
    return comparison_market(data=Path(job.data)) if job.across else load_market(job.market, data=Path(job.data))


def sources_of(job: Job, market: Market) -> dict[str, str]:
    """The hashes of the market's own files; of what each market published where all are compared."""
    if job.across:
        processed = Path(job.data) / "processed"
        files = [processed / name / file for name in published_markets(data=Path(job.data)) for file in FILES]
        return {str(path.relative_to(processed)): hash_file(path) for path in files if path.exists()}
    return source_hashes(market.folder / "market.yml", market.tables, market.connection is not None)


def executed_path(folder: Path, step: str) -> Path:
    """Where a unit's folder holds the executed notebook of a step."""
    return folder / "notebooks" / f"{step}.ipynb"


def page_name(step: str) -> str:
    return f"{step}.html"


def step_is_current(job: Job, step: Step, known: StepState | None, sources: dict, folder: Path) -> bool:
    """Would running the step in `folder` give what `known` describes, and do its published files still hold that?"""
    if known is None or job.force or (step.sources and UNKNOWN in sources.values()):
        return False
    fingerprint = step_fingerprint(step, job.notebook(step.name), job.parameters, sources, folder)
    return known.fingerprint == fingerprint and intact(job.places.processed, known.files)


def page_is_current(job: Job, step: str, known: StepState | None, language: str, executed: Path) -> bool:
    """Is the step's published page the one that its executed notebook makes today?"""
    return (known is not None and bool(known.page) and page_fingerprint(step, executed, language) == known.page["fingerprint"]
            and intact(job.places.report, {page_name(step): known.page["sha256"]}))


def current_run(job: Job, market) -> UnitRun | None:
    """The last run of the unit if today's would say the same, byte for byte; None if anything has to be done.

    Raises BusyError while another run is at work on the unit.
    """
    places = job.places
    if job.force or not places.report.is_dir():
        return None
    with lock(places):
        recover(places)
        state = read_state(places.processed)
        run = _last_run(places.report)
        if run is None or run.status == "failed" or not state.report or not _all_current(job, market, state):
            return None
    steps = [replace(step, reused=step.status != "skipped", seconds=0.0) for step in run.steps]
    return replace(run, steps=steps, unchanged=True)


def _all_current(job: Job, market, state: State) -> bool:
    places, sources = job.places, sources_of(job, market)
    for step in job.flow:
        known = state.steps.get(step.name)
        if known is None:  # never run: fine if not asked for, or if an earlier step found too little to go on
            if step.name in job.chosen and not _stopped_before(job, step, state):
                return False
            continue
        if step.name in job.chosen and not step_is_current(job, step, known, sources, places.processed):
            return False
        if not page_is_current(job, step.name, known, market.language, executed_path(places.processed, step.name)):
            return False
    return intact(places.report, state.report)


def _stopped_before(job: Job, step: Step, state: State) -> bool:
    earlier = [state.steps[s.name].status for s in job.flow if s.number < step.number and s.name in state.steps]
    return "insufficient" in earlier


def _last_run(report: Path) -> UnitRun | None:
    try:
        content = json.loads((report / "run.json").read_text(encoding="utf-8"))
        return UnitRun.from_dict({key: content[key] for key in UnitRun.__dataclass_fields__})
    except (OSError, ValueError, KeyError, TypeError):
        return None
