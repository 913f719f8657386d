"""The other end of warm.py: start it, ask it for a unit or a kernel (kernels.py), and hold what it gives like any process.

ICP_WARM=0 turns it off; where forking is not to be had, or the warm process does not answer, all starts are plain.
"""

import json
import os
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import IO

from icp_helpers.batch.processes import ONE_THREAD

SOCKET = "ICP_WARM_SOCKET"
INLINE = "module://matplotlib_inline.backend_inline"  # as ipykernel sets it, but before matplotlib is imported
NO_THREAD = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}  # else pyarrow's memory has a thread from its import on


class Forked:
    """A process forked by the warm one, with what is used of Popen."""

    def __init__(self, name: str, request: dict, descriptors: list[int]):
        """Raises OSError where the warm process does not answer."""
        self.peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.peer.settimeout(30)
        self.peer.connect("\0" + name)
        data = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(self.peer, [data], descriptors)
        self.peer.sendall(data[sent:])
        self.unread = b""
        self.returncode: int | None = None
        self.stdin = self.stdout = self.stderr = None
        self.pid = self._answer(30)["pid"]

    def poll(self) -> int | None:
        if self.returncode is None and select.select([self.peer], [], [], 0)[0]:
            self.wait()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            try:
                self.returncode = self._answer(timeout)["code"]
            except TimeoutError:
                raise subprocess.TimeoutExpired("warm", timeout or 0) from None
            except OSError:  # the warm process is gone, and with it its forks
                self.returncode = -signal.SIGKILL
            self.peer.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def _answer(self, timeout: float | None) -> dict:
        self.peer.settimeout(timeout)
        while b"\n" not in self.unread:
            data = self.peer.recv(4096)
            if not data:
                raise ConnectionError("the warm process is gone")
            self.unread += data
        line, _newline, self.unread = self.unread.partition(b"\n")
        return json.loads(line)


class Warm:
    """The warm process of one run; `name` is None until it is ready, or where there is none. `why` then says why not."""

    def __init__(self):
        self.process: subprocess.Popen | None = None
        self.name: str | None = None
        self.why = ""
        self.said = b""  # what it wrote to stderr, once it has been stopped
        self._log: IO[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until its imports are done. Without it, or if it fails, everything starts plainly."""
        if self.process is not None:
            return
        self.why = unwanted()
        if self.why:
            return
        name = f"icp-{secrets.token_hex(16)}"
        environment = {**os.environ, **ONE_THREAD, **NO_THREAD, "PYTHONHASHSEED": "0", "MPLBACKEND": INLINE}
        self._log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-Xfrozen_modules=off", "-m", "icp_helpers.batch.warm", name, str(os.getpid())],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log, start_new_session=True, env=environment)
        if self.process.stdout.readline() == b"ready\n":
            self.name = name
        else:
            self.why = f"the warm process did not start: {self._last_line() or 'it said nothing'}"

    def unit(self, environment: Mapping[str, str], stdin: int, stdout: int, stderr: int) -> Forked:
        request = {"kind": "unit", "environment": {**environment, SOCKET: self.name}, "cwd": os.getcwd(), "arguments": []}
        return Forked(self.name, request, [stdin, stdout, stderr])

    def stop(self) -> None:
        if self.process is not None:
            if self.name and self.process.poll() is not None:
                self.why = f"the warm process ended by itself (code {self.process.returncode}): {self._last_line() or 'it said nothing'}"
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.said = self._read()
            self._log.close()
            self.process, self.name = None, None

    def _read(self) -> bytes:
        self._log.seek(0)
        return self._log.read(1_000_000)

    def _last_line(self) -> str:
        return self._read().decode(errors="replace").strip().rpartition("\n")[2]


def unwanted() -> str:
    """Why no warm process is started here; "" where one is."""
    if sys.platform != "linux":
        return f"processes are forked on Linux alone, and this is {sys.platform}"
    return "ICP_WARM=0 turns them off" if os.environ.get("ICP_WARM") == "0" else ""
