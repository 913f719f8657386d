"""Warm starts: one process that has the whole stack imported, and forks a fresh unit or kernel whenever it is asked.

`python -P -m icp_helpers.batch.warm NAME` listens on the abstract socket NAME (Linux alone; nothing lies on the disk).
A request is one JSON line with three file descriptors; the answers are `{"pid": n}` at once and `{"code": n}` at the end.
A fork dies with this process, and with the process that asked for it. Only the same user is served.

Nothing here may start a thread or open a socket of ZeroMQ before forking: a fork copies neither.
"""

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import random
import selectors
import signal
import socket
import struct
import sys
import threading

from icp_helpers.batch.processes import die_with_parent
from icp_helpers.tables.contracts import check_frame, empty_frame

UNIT_STACK = ("icp_helpers.batch.work", "icp_helpers.page.pages", "icp_helpers.page.report", "nbconvert.exporters")
KERNEL_STACK = ("ipykernel.kernelapp", "ipykernel.debugger", "ipykernel.ipkernel", "IPython", "matplotlib_inline.backend_inline",
                "pandas", "seaborn", "scipy.stats", "sklearn.cluster", "sklearn.ensemble", "statsmodels.api", "mlxtend.frequent_patterns",
                "ibis.backends.sql.compilers", "ibis.formats.pandas", "pyarrow.dataset", "pyarrow.parquet", "matplotlib.backends.backend_svg",
                "pptx", "xlsxwriter")  # duckdb, and with it the tables' room, not: it starts a thread when it is imported
ROOMS = ("icp_helpers.analysis", "icp_helpers.page")
LONGEST = 1_000_000  # bytes of a request


def main() -> None:
    name, parent = sys.argv[1], int(sys.argv[2])
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run decides when to stop
    gc.disable()  # imports leave no garbage, and to look for it takes a fifth of their time
    for module in (*KERNEL_STACK, *UNIT_STACK, *_modules()):
        with contextlib.suppress(ImportError):  # a fork imports it itself, and says what is wrong with it
            importlib.import_module(module)
    check_frame("kpis", empty_frame("kpis"))  # reads the dictionary, and loads what pandera loads at its first check
    if threads() > 1:
        sys.exit(f"{threads() - 1} threads run after the imports: a fork would not have them.")
    gc.freeze()
    gc.enable()
    Server(name).serve()


def _modules() -> list[str]:
    """Every module that a notebook takes from the rooms, which are small and many."""
    return [module.name for room in ROOMS for module in pkgutil.iter_modules(importlib.import_module(room).__path__, f"{room}.")]


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


class Server:
    """Accepts requests, forks, and tells how each fork ended."""

    def __init__(self, name: str):
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind("\0" + name)
        self.listener.listen(64)
        self.forks: dict[int, socket.socket] = {}
        self.wake, wake_end = os.pipe()
        for end in (self.wake, wake_end):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(wake_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(self.wake, selectors.EVENT_READ)
        sys.stdout.write("ready\n")
        sys.stdout.flush()

    def serve(self) -> None:
        while True:
            for key, _events in self.selector.select():
                if key.fileobj is self.listener:
                    self._answer(self.listener.accept()[0])
                else:
                    os.read(self.wake, 4096)
            self._reap()

    def _answer(self, peer: socket.socket) -> None:
        _pid, user, _group = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        if user != os.getuid():
            peer.close()
            return
        peer.settimeout(10)
        try:
            data, descriptors = _receive(peer)
            request = json.loads(data)
        except (OSError, ValueError):
            peer.close()
            return
        peer.settimeout(None)
        server = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become(request, descriptors, peer, server)
        for descriptor in descriptors:
            os.close(descriptor)
        self.forks[pid] = peer
        _tell(peer, {"pid": pid})

    def _become(self, request: dict, descriptors: list[int], peer: socket.socket, server: int) -> None:
        """Be the fork: nothing of the server is kept but its imports."""
        code = 1
        try:
            os.setsid()
            die_with_parent(server)
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else signal.default_int_handler)
            for other in self.forks.values():
                other.close()
            self.selector.close()
            self.listener.close()
            for target, descriptor in enumerate(descriptors):
                os.dup2(descriptor, target)
                os.close(descriptor)
            os.environ.clear()
            os.environ.update(request["environment"])
            os.chdir(request["cwd"])
            _reseed()
            threading.Thread(target=_end_with, args=(peer,), daemon=True).start()
            code = RUNS[request["kind"]](request["arguments"])
        except SystemExit as asked:
            code = asked.code if isinstance(asked.code, int) else int(asked.code is not None)
        except BaseException:  # the log of the unit is where this is looked for
            import traceback

            traceback.print_exc()
        finally:
            with contextlib.suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code or 0)

    def _reap(self) -> None:
        while self.forks:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            peer = self.forks.pop(pid)
            _tell(peer, {"code": os.waitstatus_to_exitcode(status)})
            peer.close()


def run_kernel(arguments: list[str]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["ipykernel_launcher", *arguments]
    IPKernelApp.launch_instance(argv=[*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])


def run_unit(_arguments: list[str]) -> None:
    from icp_helpers.batch import unit

    sys.stdin = os.fdopen(0)
    unit.main(parent=os.getppid())


RUNS = {"kernel": run_kernel, "unit": run_unit}


def _receive(peer: socket.socket) -> tuple[bytes, list[int]]:
    data, descriptors, _flags, _address = socket.recv_fds(peer, 65536, 3)
    while not data.endswith(b"\n") and len(data) < LONGEST:
        more = peer.recv(65536)
        if not more:
            break
        data += more
    return data, descriptors


def _tell(peer: socket.socket, answer: dict) -> None:
    with contextlib.suppress(OSError):  # whoever asked is gone: then nobody waits for the answer
        peer.sendall(json.dumps(answer).encode() + b"\n")


def _end_with(peer: socket.socket) -> None:
    """End this process when the one that asked for it ends."""
    with contextlib.suppress(OSError):
        peer.recv(1)
    os._exit(1)


def _reseed() -> None:
    """Forks must not share their randomness."""
    random.seed()
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()


if __name__ == "__main__":
    main()
