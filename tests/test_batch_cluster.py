"""Units on a Dask cluster: a scheduler and two workers of its own, one of which is killed midway."""

import asyncio
import json
import signal
import subprocess
import sys
import time

import pytest
from batch_world import World

from icp_helpers.batch import cluster
from icp_helpers.batch.cli import main
from icp_helpers.tables.errors import ParameterError

Client = pytest.importorskip("distributed", reason="Dask is not installed: pip install 'icp-workbench[cluster]'").Client
SLOW_MACHINE = 180  # seconds to wait at most for what takes a few
SLOW = "import time\nwith open(home / 'begun', 'a') as file:\n    file.write(f'{os.getppid()}\\n')\ntime.sleep(3)"


@pytest.fixture(scope="module")
def dask(tmp_path_factory):
    """The address of a scheduler, and its two workers, each with one thread: one unit at a time.

    The tests below are in an order: one worker is killed on the way, and in the end the other.
    """
    folder = tmp_path_factory.mktemp("dask")
    file = folder / "scheduler.json"
    started = [_begin("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file)]
    started += [_begin("dask_worker", "--scheduler-file", file, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                       "--local-directory", folder / f"worker{number}") for number in range(2)]
    try:
        _until(lambda: file.exists() and file.read_text().endswith("}"))
        address = json.loads(file.read_text())["address"]
        with Client(address, timeout=SLOW_MACHINE) as client:
            client.wait_for_workers(2, timeout=SLOW_MACHINE)
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


def _begin(module: str, *arguments) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-m", f"distributed.cli.{module}", *map(str, arguments)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _until(holds, seconds: float = SLOW_MACHINE) -> None:
    limit = time.monotonic() + seconds
    while not holds() and time.monotonic() < limit:
        time.sleep(0.05)
    assert holds()


def _begun(world: World, market: str) -> list[str]:
    """The processes in which a market's slow cell has begun, one for each time."""
    file = world.settings.data / "markets" / market / "begun"
    return file.read_text().split() if file.exists() else []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_stopped_or_killed_driver_ends_its_units_on_the_workers(dask, tmp_path, number):
    world = World(tmp_path / "world", ("one",), steps=1)
    world.fault("one", SLOW.replace("sleep(3)", "sleep(300)"))
    process = world.start("one", cluster=dask[0])
    _until(lambda: _begun(world, "one"))
    process.send_signal(number)
    shown, _none = process.communicate(timeout=SLOW_MACHINE)
    assert process.returncode == (143 if number == signal.SIGTERM else -signal.SIGKILL), shown
    _until(lambda: not world.remains())
    assert not (world.settings.reports / "one").exists()


def test_the_units_of_a_killed_worker_are_finished_by_the_other(dask, tmp_path):
    address, workers = dask
    world, local = World(tmp_path / "world", ("one", "two"), steps=1), World(tmp_path / "local", ("one", "two"), steps=1)
    for market in ("one", "two"):
        world.fault(market, SLOW)
    process = world.start("one", "two", cluster=address)
    _until(lambda: len(_begun(world, "one") + _begun(world, "two")) == 2)
    workers[0].kill()
    shown, _none = process.communicate(timeout=SLOW_MACHINE)
    assert process.returncode == 0, shown
    assert sorted(len(_begun(world, market)) for market in ("one", "two")) == [1, 2]
    assert local.run()[0] == 0
    for market in ("one", "two"):
        assert world.record(market)["status"] == "ok"
        assert f'href="{market}/index.html"' in world.index()
        assert world.published(market) == local.published(market)  # the same bytes as on this machine
    assert world.remains() == []


def test_a_failure_on_a_worker_is_named_and_so_is_a_cluster_without_any(dask, tmp_path, monkeypatch):
    address, workers = dask
    world = World(tmp_path / "world", ("one", "two"), steps=1)
    world.fault("one", "raise KeyError('jens@example.org')")
    code, shown = world.run(cluster=address)
    assert code == 1 and "cell fault: KeyError" in shown and "jens" not in shown
    assert world.record("two")["status"] == "ok" and world.record("one")["status"] == "failed"
    before = world.published("two")
    for worker in workers:
        worker.kill()
    monkeypatch.setattr(cluster, "ALONE", 1.0)
    code, shown = world.run("two", cluster=address, force=True)
    assert code == 1 and "has had no worker" in shown and "has had no worker" in world.record("two")["message"]
    assert world.published("two") == before and world.remains() == []


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "gopher://x", "tcp://"])
def test_an_address_that_does_not_answer_is_wrong_use(tmp_path, monkeypatch, capsys, address):
    world = World(tmp_path, ("one",), steps=1)
    monkeypatch.setenv("ICP_DATA", str(world.settings.data))
    monkeypatch.setenv("ICP_REPORTS", str(world.settings.reports))
    monkeypatch.setattr(cluster, "ANSWER", 0.5)
    monkeypatch.setattr("distributed.Client", lambda *_, **__: pytest.fail("a Client that never connects locks up when collected"))
    assert main(["run", "--cluster", address]) == 2
    assert "The cluster does not answer" in capsys.readouterr().err
    assert not world.settings.reports.exists()


def test_the_address_is_asked_from_a_notebook_too():
    async def in_a_cell():
        return cluster.Cluster("nonsense")

    with pytest.raises(ParameterError, match="does not answer"):
        asyncio.run(in_a_cell())


def test_without_dask_the_option_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ParameterError, match="pip install"):
        cluster.Cluster("tcp://127.0.0.1:8786")
