"""The run is stopped at random moments: the earlier report stays, nothing half-written or running is left behind.

ICP_MOMENTS=20 tries twenty moments a signal; the everyday suite tries one.
"""

import os
import random
import signal
import time

import pytest
from batch_world import World

MOMENTS = int(os.environ.get("ICP_MOMENTS", "1"))
SLOW = "import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)'])\n" \
       "(home / 'began').touch()\ntime.sleep(1)"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A unit that was published once, whose notebook now starts a child of its own and takes its time."""
    world = World(tmp_path_factory.mktemp("stopped"), ("one",), steps=1)
    assert world.run()[0] == 0
    world.fault("one", SLOW)
    return world


def _begin(world: World):
    began = world.settings.data / "markets" / "one" / "began"
    began.unlink(missing_ok=True)
    process = world.start("one")
    limit = time.monotonic() + 60
    while not began.exists() and time.monotonic() < limit:
        time.sleep(0.05)
    assert began.exists()
    return process


@pytest.mark.parametrize("moment", range(MOMENTS))
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stopped_run_leaves_nothing(world, number, code, moment):
    before, content = world.published("one", timed=True), world.published("one")
    process = _begin(world)
    time.sleep(random.Random(f"{number}{moment}").uniform(0, 3) if moment else 0)
    if process.poll() is None:
        process.send_signal(number)
    shown, _none = process.communicate(timeout=60)
    assert process.returncode == code or (moment and process.returncode == 0)
    if process.returncode == code:
        assert "Stopped" in shown and "Traceback" not in shown
        after = world.published("one", timed=True)
        if moment and after != before:  # published a moment before the signal: then all of it is of the one run
            assert after["processed/.run"] == after["reports/.run"] and world.published("one") == content
        else:
            assert after == before
    assert world.remains() == []


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_killed_run_leaves_nothing_that_the_next_start_does_not_clear(world, moment):
    before = world.published("one")
    process = _begin(world)
    time.sleep(random.Random(moment).uniform(0, 3) if moment else 0)
    process.kill()
    process.communicate(timeout=60)
    limit = time.monotonic() + 5
    while world.processes() and time.monotonic() < limit:
        time.sleep(0.1)
    assert world.published("one") == before  # one that came to its end all the same has written the same bytes
    world.fault("one", None)
    assert world.run()[0] == 0
    world.fault("one", SLOW)
    assert world.remains() == []
    assert world.record("one")["status"] == "ok"
