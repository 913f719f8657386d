"""Processes that leave nothing behind: they die with their parent, and what outlives it is found and ended.

A kernel is a session of its own, so no signal to a group reaches it. What always reaches it is its environment: every
process of a unit carries the folder that the unit works in as ICP_STAGE.
"""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"), "1")


def unit_environment(stage: Path, data: Path, reports: Path) -> dict[str, str]:
    """The environment of a unit and of its kernels, set before numpy loads.

    One thread a process, for units run side by side; a fixed hash seed, so that two runs give the same bytes; and
    IPython's and Jupyter's own files inside the stage, so that no start-up file of a user changes a report.
    """
    return {**os.environ, **ONE_THREAD, "PYTHONHASHSEED": "0", "ICP_STAGE": str(stage / "processed"),
            "ICP_DATA": str(data), "ICP_REPORTS": str(reports), "IPYTHONDIR": str(stage / "ipython"),
            "JUPYTER_RUNTIME_DIR": str(stage / "runtime"), "PYDEVD_DISABLE_FILE_VALIDATION": "1"}


def die_with_parent(parent: int) -> None:
    """Ask the kernel to end this process when `parent` ends; at once if it has ended already. Linux alone."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.name == "posix" and os.getppid() != parent:
        os._exit(1)


def processes_in(stage: Path) -> list[int]:
    """Every process whose ICP_STAGE lies in the folder `stage`; none where there is no /proc."""
    wanted = b"\0ICP_STAGE=" + os.fsencode(stage) + b"/"
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = b"\0" + (entry / "environ").read_bytes()
        except OSError:  # it ended meanwhile, or is another user's
            continue
        if wanted in environment and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return found


def end_processes_in(stage: Path) -> None:
    """Kill what still works in a stage, and wait until it is gone: five seconds at most."""
    limit = time.monotonic() + 5
    while (left := processes_in(stage)) and time.monotonic() < limit:
        for pid in left:
            _kill(pid)
        time.sleep(0.02)


def end_group(pid: int) -> None:
    """Kill a process and its group."""
    if hasattr(os, "killpg"):
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            _kill(pid)
    else:
        _kill(pid)


def _kill(pid: int) -> None:
    try:
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    except ProcessLookupError:
        return
