"""Warm starts: the same bytes as plain ones, fresh each time, and nothing left when the warm process is killed."""

import os
import signal
import sys
import time

import pytest
from batch_world import World

from icp_helpers.batch import doctor, pool
from icp_helpers.batch.kernels import kernel_manager
from icp_helpers.batch.warm_client import SOCKET, Warm

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
TELLS = """import random, numpy, pandas, seaborn, threading
with open(home / "told", "a") as file:
    file.write(f"{os.getpid()} {os.getppid()} {random.random()} {numpy.random.random()} {'leaked' in globals()}\\n")
leaked = pandas.leaked = 1
display({"text/plain": str(pandas.Series([1.5, 2]).sum()), "text/html": "<p>3.5</p>"}, raw=True)"""


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The same world run with warm starts and with plain ones."""
    worlds = []
    for switch in ("1", "0"):
        world = World(tmp_path_factory.mktemp(f"warm{switch}"), ("one", "two"), steps=1)
        for market in ("one", "two"):
            world.fault(market, TELLS)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ICP_WARM", switch)
            patch.setattr(pool, "WORTH_WARMING", 1)
            world.code, world.shown = world.run()
        worlds.append(world)
    return worlds


def told(world: World, market: str) -> list[str]:
    return (world.settings.data / "markets" / market / "told").read_text().split()


def test_warm_and_plain_starts_give_the_same_bytes(both):
    hot, plain = both
    assert hot.code == plain.code == 0
    for unit in ("one", "two"):
        mine, theirs = hot.published(unit), plain.published(unit)
        pages = {name for name in mine if name.endswith((".ipynb", ".parquet", "findings.json"))}
        assert pages and {name: mine[name] for name in pages} == {name: theirs[name] for name in pages}
    assert hot.remains() == plain.remains() == []


def test_forks_are_fresh_and_do_not_share_their_randomness(both):
    hot, plain = both
    one, two = told(hot, "one"), told(hot, "two")
    assert one[1] == two[1] and one[0] != two[0]  # both of the warm process, so the switch did something
    assert told(plain, "one")[1] != told(plain, "two")[1]
    assert one[2] != two[2] and one[3] != two[3] and one[4] == two[4] == "False"


def test_a_killed_warm_process_leaves_nothing_and_the_failure_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(pool, "WORTH_WARMING", 1)
    monkeypatch.delenv("ICP_WARM", raising=False)
    world = World(tmp_path, ("one", "two"), steps=1)
    world.fault("one", "os.kill(os.getppid(), 9)\nimport time\ntime.sleep(60)")
    code, shown = world.run(jobs=1)
    assert code == 1 and "ended by signal 9" in shown
    assert world.record("two")["status"] == "ok"  # started plainly, for the warm process is gone
    kept = world.settings.data / "processed" / ".failed" / "warm-starts.txt"
    assert "ended by itself (code -9)" in kept.read_text(encoding="utf-8")
    world.fault("one", None)
    assert world.run(jobs=1)[0] == 0 and not kept.exists()
    assert world.remains() == []


def test_a_fork_ends_with_the_one_that_asked_for_it():
    started = Warm()
    started.start()
    try:
        with open(os.devnull, "r+b") as nothing:
            fork = started.unit(dict(os.environ), os.pipe()[0], nothing.fileno(), nothing.fileno())
        assert fork.poll() is None
        fork.peer.close()  # as when this process ends
        limit = time.monotonic() + 5
        while os.path.exists(f"/proc/{fork.pid}") and time.monotonic() < limit:
            time.sleep(0.02)
        assert not os.path.exists(f"/proc/{fork.pid}")
    finally:
        started.stop()


def test_the_switch_turns_it_off(monkeypatch):
    monkeypatch.setenv("ICP_WARM", "0")
    started = Warm()
    started.start()
    assert started.process is None and started.name is None
    monkeypatch.delenv(SOCKET, raising=False)
    assert kernel_manager().__name__ == "AsyncKernelManager"


def test_what_a_warm_process_that_does_not_start_says_is_told(monkeypatch):
    monkeypatch.delenv("ICP_WARM", raising=False)
    monkeypatch.setattr(sys, "executable", str(os.path.realpath("/bin/cat")))  # it takes none of the options, and says so
    started = Warm()
    started.start()
    started.stop()
    assert started.name is None and "did not start: " in started.why and "cat" in started.why and b"cat" in started.said
    finding = doctor._warm_starts()
    assert not finding.well and finding.found.startswith("the warm process did not start") and "ICP_WARM=0" in finding.remedy


def test_the_doctor_tells_of_the_switch_and_of_a_warm_process_that_works(monkeypatch):
    monkeypatch.setenv("ICP_WARM", "0")
    assert "ICP_WARM=0" in doctor._warm_starts().found
    monkeypatch.delenv("ICP_WARM")
    assert str(doctor._warm_starts()) == "ok     Warm starts: kernels are forked from a warm process"


def test_a_signal_of_a_fork_is_told():
    started = Warm()
    started.start()
    try:
        with open(os.devnull, "r+b") as nothing:
            fork = started.unit(dict(os.environ), os.pipe()[0], nothing.fileno(), nothing.fileno())
        fork.kill()
        assert fork.wait(timeout=10) == -signal.SIGKILL
    finally:
        started.stop()
