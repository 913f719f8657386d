"""One unit from its sources to its published report: the steps in turn, in a stage, moved into place at the end."""

import shutil
import time
from pathlib import Path

import nbformat

from icp_helpers.batch import record
from icp_helpers.batch.execute import Problem, read_notebook, run_notebook
from icp_helpers.batch.fingerprint import hash_file, hash_folder, page_fingerprint, step_fingerprint
from icp_helpers.batch.flow import Step
from icp_helpers.batch.job import Job
from icp_helpers.batch.pages import step_page, unit_page
from icp_helpers.batch.parameters import check_parameters, declared_parameters
from icp_helpers.batch.record import StepResult, UnitRun
from icp_helpers.batch.resume import executed_path, market_of, page_is_current, page_name, sources_of, step_is_current
from icp_helpers.batch.stage import Stage, link_or_copy, write_json, write_whole
from icp_helpers.batch.state import NAME, State, StepState, intact, read_state
from icp_helpers.tables.errors import IcpError

SHARED = ("icp.yml", "profile.pptx")  # made by the steps beside their rows, and free of rows themselves
INSUFFICIENT = "There are no customers yet."


class StepFailed(Exception):  # noqa: N818 - a report of what happened, told through run.json
    """A step failed; its result stands in the run."""


class UnitWork:
    """The state of one unit's run. `tell(step)` is called before each step that runs."""

    def __init__(self, job: Job, stage: Stage, run: UnitRun, tell):
        self.job, self.stage, self.run, self.tell = job, stage, run, tell
        self.old = read_state(job.places.processed)
        self.new = State()
        self.market = market_of(job)
        self.sources = sources_of(job, self.market)

    def do(self) -> None:
        """Run, render, record, publish. StepFailed, IcpError or OSError leave what is published as it is."""
        self._check_parameters()
        for step in self.job.flow:
            self.run.steps.append(StepResult(step.name))
            if self.run.status != "insufficient":
                self._take(step, self.run.steps[-1])
        if record.customers(self.stage.processed) == 0 and self.run.status == "ok":
            self.run.status, self.run.message = "insufficient", INSUFFICIENT
        self._write_report()
        write_json(self.stage.processed / NAME, self.new.to_dict())
        self.stage.publish()
        shutil.rmtree(self.job.failed_folder, ignore_errors=True)

    def _check_parameters(self) -> None:
        for name in self.job.chosen:
            declared = declared_parameters(read_notebook(self.job.notebook(name)), name)
            check_parameters(declared, self.job.parameters, name)

    def _take(self, step: Step, result: StepResult) -> None:
        """Take the step over from the published folder where that would be the same, else run it."""
        known = self.old.steps.get(step.name)
        if step.name not in self.job.chosen:
            if known is not None and intact(self.job.places.processed, known.files):
                self._carry(step, known, result)
        elif step_is_current(self.job, step, known, self.sources, self.stage.processed):
            self._carry(step, known, result)
        else:
            self._run(step, result)

    def _carry(self, step: Step, known: StepState, result: StepResult) -> None:
        for name in known.files:
            link_or_copy(self.job.places.processed / name, self.stage.processed / name)
        self.new.steps[step.name] = known
        result.status, result.message, result.cell, result.reused = known.status, known.message, known.cell, True
        self._note_too_few(known.status, known.message)

    def _run(self, step: Step, result: StepResult) -> None:
        self.tell(step.name)
        started = time.monotonic()
        fingerprint = step_fingerprint(step, self.job.notebook(step.name), self.job.parameters, self.sources,
                                       self.stage.processed)
        before = _files(self.stage.processed)
        executed, problem = run_notebook(self.job.notebook(step.name), self.job.parameters,
                                         cwd=self.stage.processed, seconds=self.job.seconds)
        result.seconds = round(time.monotonic() - started, 2)
        problem = problem or self._missing(step)
        if problem is not None:
            result.message, result.cell = f"cell {problem.cell}: {problem.message}", problem.cell
            if problem.kind != "too_few":
                self._fail(result, executed)
            result.message = problem.message
            executed = shortened(executed, problem)
        result.status = "insufficient" if problem else "ok"
        write_whole(_made(executed_path(self.stage.processed, step.name)), nbformat.writes(executed) + "\n")
        made = {name: hash_file(self.stage.processed / name)
                for name, mark in _files(self.stage.processed).items() if before.get(name) != mark}
        self.new.steps[step.name] = StepState(fingerprint, result.status, result.message, result.cell, made)
        self._note_too_few(result.status, result.message)

    def _note_too_few(self, status: str, message: str) -> None:
        if status == "insufficient":
            self.run.status, self.run.message = "insufficient", message

    def _missing(self, step: Step) -> Problem | None:
        """The step must have left what the flow says it writes, whatever its cells say."""
        places = {name: self.stage.processed / ("icp.yml" if name == "icp" else f"{name}.parquet") for name in step.writes}
        absent = [path.name for path in places.values() if not path.exists()]
        return Problem("error", f"It ended without writing {', '.join(absent)}.", "write") if absent else None

    def _fail(self, result: StepResult, executed) -> None:
        result.status = "failed"
        self.run.status = "failed"
        kept = self.job.failed_folder / f"{result.step}.ipynb"
        result.message += f" As far as it ran: {kept.relative_to(self.job.data)}"
        self.run.message = f"{result.step}, {result.message}"
        write_whole(_made(kept), nbformat.writes(executed) + "\n")
        raise StepFailed(self.run.message)

    def _write_report(self) -> None:
        report, processed = self.stage.report, self.stage.processed
        made = [step for step in self.job.flow if step.name in self.new.steps]
        for index, step in enumerate(made):
            neighbours = [made[i].name if 0 <= i < len(made) else None for i in (index - 1, index + 1)]
            self._write_page(step.name, *neighbours)
        for name in SHARED:
            if (processed / name).exists():
                shutil.copyfile(processed / name, report / name)
        write_json(report / "findings.json",
                   record.findings(self.job.unit, [executed_path(processed, step.name) for step in made]))
        self.run.ended = record.now()
        outputs = hash_folder(report) | {path.name: hash_file(path) for path in sorted(processed.glob("*.parquet"))}
        notebooks = {step.name: hash_file(self.job.notebook(step.name)) for step in made}
        content = record.run_record(self.job, self.run, sources=self.sources, notebooks=notebooks, outputs=outputs,
                                    processed=processed)
        write_json(report / "run.json", content)
        write_whole(report / "index.html", unit_page(report, self.market, self.job.segment))
        pages = {page_name(step.name) for step in made}
        self.new.report = {name: digest for name, digest in hash_folder(report).items() if name not in pages}

    def _write_page(self, step: str, previous: str | None, following: str | None) -> None:
        executed, known = executed_path(self.stage.processed, step), self.new.steps[step]
        target = self.stage.report / page_name(step)
        links = f"{previous} {following}"
        if known.page.get("links") == links and page_is_current(self.job, step, known, self.market.language, executed):
            link_or_copy(self.job.places.report / page_name(step), target)
            return
        page = step_page(executed, self.market, step, self.job.segment, previous, following)
        write_whole(target, page)
        known.page = {"fingerprint": page_fingerprint(step, executed, self.market.language),
                      "sha256": hash_file(target), "links": links}


def shortened(executed, problem: Problem):
    """An executed notebook up to the cell that had too little to work on, which says so in its place."""
    index = next(i for i, cell in enumerate(executed.cells) if cell.id == problem.cell)
    said = nbformat.v4.new_markdown_cell(problem.message, id=problem.cell)
    executed.cells = [*executed.cells[:index], said]
    return executed


def failure(error: Exception, unit: str) -> str:
    """One sentence on what ended a unit besides its cells."""
    if isinstance(error, IcpError):
        return str(error)
    if isinstance(error, OSError):
        return f"The folders of {unit} cannot be written: {error.strerror or error}."
    return f"An error of the runner itself: {type(error).__name__}. The log in data/processed/.failed/{unit} tells more."


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _files(folder: Path) -> dict[str, tuple]:
    """Every file below a folder with what tells a rewritten one; hidden ones aside."""
    marks = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith("."):
            about = path.stat()
            marks[str(path.relative_to(folder))] = (about.st_ino, about.st_mtime_ns, about.st_size)
    return marks
