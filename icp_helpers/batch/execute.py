"""Run one notebook in a fresh kernel, and believe only what can be seen in it afterwards.

After a killed kernel, `os._exit`, a timeout or `sys.exit(0)` papermill's own status says "completed"; the cells that
have no execution count, and the error outputs, tell the truth.
"""

import copy
import os
import signal
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import nbformat
import papermill
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import remove_error_markers
from traitlets.config import Config

from icp_helpers.batch.job import ATTEMPTS
from icp_helpers.batch.kernels import kernel_manager
from icp_helpers.batch.parameters import check_parameters, declared_parameters
from icp_helpers.tables import errors

SAYING = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.IcpError)}


@dataclass(frozen=True)
class Problem:
    """Why a notebook's run does not count. `kind`: error | too_few | died | timeout | notebook."""

    kind: str
    message: str
    cell: str | None = None


def read_notebook(path: Path):
    """A notebook, checked. ParameterError where the file is not one."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (OSError, ValueError, AttributeError, KeyError, TypeError, nbformat.ValidationError) as error:
        raise errors.ParameterError("The notebook cannot be read", where=f"notebook {path.stem}",
                                    found=type(error).__name__, remedy="Restore the file, for example by git.") from error
    return notebook


def run_notebook(path: Path, parameters: dict, *, cwd: Path, seconds: float):
    """Run a notebook to its end, or to its first failure.

    Returns the executed notebook, free of times and of random ids so that equal runs are equal bytes, and the Problem
    or None. Dead kernels and failed starts are tried three times, from the top; nothing else is.
    """
    source = read_notebook(path)
    check_parameters(declared_parameters(source, path.stem), parameters, path.stem)
    for _attempt in range(ATTEMPTS):
        executed, problem = _run_once(source, parameters, cwd, seconds)
        if problem is None or problem.kind != "died":
            break
    return executed, problem


def _run_once(source, parameters: dict, cwd: Path, seconds: float):
    seen: list = []
    late = threading.Event()
    died = None
    try:
        with suppress(PapermillExecutionError):  # told again, and better, by judge()
            papermill.execute_notebook(
                copy.deepcopy(source), None, parameters, engine_name="icp", progress_bar=False, cwd=str(cwd),
                kernel_name="python3", seen=seen, late=late, seconds=seconds)
    except DeadKernelError:
        died = f"The kernel died, {ATTEMPTS} times in {ATTEMPTS} attempts."
    except (RuntimeError, TimeoutError):
        died = f"The kernel did not start, {ATTEMPTS} times in {ATTEMPTS} attempts."
    executed = seen[0] if seen else copy.deepcopy(source)
    cell = _last_started(executed)
    _tidy(executed)
    if late.is_set():
        return executed, Problem("timeout", f"The notebook took longer than {seconds:.0f} seconds, and was ended.", cell)
    return executed, Problem("died", died, cell) if died else judge(executed)


def _last_started(executed) -> str | None:
    """The cell at which a kernel died: the last one that papermill began."""
    begun = [cell.id for cell in executed.cells if cell.metadata.get("papermill", {}).get("start_time")]
    return begun[-1] if begun else None


class Engine(NBClientEngine):
    """papermill's own engine with a limit for the whole notebook, encrypted local sockets, and no recorded times."""

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, *, seen, late, seconds, start_timeout=60, **_unused):
        seen.append(nb_man.nb)
        client = PapermillNotebookClient(
            nb_man, kernel_name=kernel_name, timeout=None, startup_timeout=start_timeout, record_timing=False,
            kernel_manager_class=kernel_manager(),
            config=Config({"KernelManager": {"transport_encryption": "required"}}))
        with _limit(client, late, seconds):
            return client.execute()


papermill_engines.register("icp", Engine)


@contextmanager
def _limit(client, late: threading.Event, seconds: float):
    """Kill the client's kernel after `seconds`: a cell that ignores an interrupt ends too."""
    def end():
        late.set()
        provisioner = getattr(client.km, "provisioner", None)
        if provisioner is not None and provisioner.pid:
            with suppress(ProcessLookupError):
                os.kill(provisioner.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def judge(notebook) -> Problem | None:
    """None if every code cell ran to its end; else what is wrong with the first that did not.

    The text of our own errors is meant for readers. Any other error's text may hold a customer's data, so its kind
    alone is told; all of it stays in the executed notebook, which is private.
    """
    for cell in notebook.cells:
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        for output in cell.outputs:
            if output.output_type == "error":
                return _error(output, cell.id)
        if cell.execution_count is None:
            return Problem("error", "The cell did not run to its end.", cell.id)
    return None


def _error(output, cell: str) -> Problem:
    if output.ename == "TooFewError":
        return Problem("too_few", output.evalue, cell)
    if output.ename in SAYING:
        return Problem("error", output.evalue, cell)
    if output.ename == "SystemExit":
        return Problem("error", "The notebook ended itself (SystemExit).", cell)
    return Problem("error", f"{output.ename}.", cell)


def _tidy(notebook) -> None:
    """Leave it without papermill's banners and times, and with a fixed id for the cell that it injects."""
    remove_error_markers(notebook)
    notebook.metadata.pop("papermill", None)
    for cell in notebook.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.id = "injected-parameters"
