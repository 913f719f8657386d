"""JupyterLab as `make lab` starts it, for the tests: on the loopback address, with a token, in a folder of the test's own."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from icp_helpers.tables.market import REPOSITORY

PATIENCE = 120  # seconds


@dataclass(frozen=True)
class Lab:
    """`address` ends in a slash; `token` opens it."""

    address: str
    token: str

    def page(self, notebook: str) -> str:
        return f"{self.address}lab/tree/{notebook}?token={self.token}"


@contextmanager
def jupyter_lab(home: Path, *notebooks: Path, data: Path, reports: Path):
    """A running Lab over copies of the notebooks, with the settings of jupyter/ and `data` and `reports` as the two folders."""
    for notebook in notebooks:
        shutil.copyfile(notebook, home / notebook.name)
    shutil.copytree(REPOSITORY / "jupyter" / "workspaces", home / ".workspaces")
    token, runtime = secrets.token_hex(16), home / ".runtime"
    environment = os.environ | {
        "JUPYTER_CONFIG_PATH": str(REPOSITORY / "jupyter"), "JUPYTER_CONFIG_DIR": str(home / ".config"), "JUPYTERLAB_SETTINGS_DIR": str(home / ".settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / ".workspaces"), "JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_TOKEN": token, "OMP_NUM_THREADS": "1",
        "ICP_DATA": str(data), "ICP_REPORTS": str(reports)}
    rootless = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.port=0", "--expose-app-in-browser", f"--ServerApp.root_dir={home}", *rootless]
    with (home / ".log").open("wb") as log:
        server = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield Lab(_address(runtime, server, home / ".log"), token)
    finally:
        server.terminate()  # ends its kernels too
        server.wait(timeout=60)


def _address(runtime: Path, server: subprocess.Popen, log: Path) -> str:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        for file in runtime.glob("jpserver-*.json"):
            content = file.read_text(encoding="utf-8")
            if content.endswith("}"):
                return json.loads(content)["url"]
        time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
