"""Each way in which a notebook, a kernel or a disk fails, for real: the others are published, the failure is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from batch_world import World, make_notebook

ONCE = """mark = home / "tried"
if not mark.exists():
    mark.write_text("once")
    os._exit(1)"""
PARENT = "(home / 'parent').write_text(Path(f'/proc/{os.getppid()}/cmdline').read_text())"
FAULTS = {  # market -> (code in its notebook, what is told of it)
    "raises": ("raise KeyError('jens@example.org')", "cell fault: KeyError"),
    "killed": ("os.kill(os.getpid(), 9)", "cell fault: The kernel died"),
    "memory": ("raise MemoryError()", "cell fault: MemoryError"),
    "exits": ("import sys; sys.exit(0)", "cell fault: The notebook ended itself"),
    "gone": ("os._exit(0)", "cell fault: The kernel died"),
    "asks": ("input('Your name?')", "cell fault: StdinNotImplementedError"),
    "silent": ("(folder / 'quality.parquet').mkdir()\nraise SystemExit", "The notebook ended itself"),
}
NO_START = """import os, sys
if f"{os.sep}nostart." in os.environ.get("ICP_STAGE", ""):
    sys.exit(3)
from ipykernel import kernelapp
kernelapp.launch_new_instance()
"""


@pytest.fixture(scope="module", params=["plain", "warm"])
def faulty(request, tmp_path_factory):
    """One run over a market for each fault, one whose kernel dies once, and a good one: with plain starts and with warm ones.

    A kernel that never starts is among the plain ones alone: a forked one has no start that could fail.
    """
    plain = request.param == "plain"
    if not plain and sys.platform != "linux":
        pytest.skip("processes are forked on Linux alone")
    root = tmp_path_factory.mktemp(request.param)
    world = World(root / "world", ("good", "once", "blocked", "few", *(["nostart"] if plain else [])), steps=1)
    world.plain = plain
    for market, (code, _told) in FAULTS.items():
        world.add_market(market)
        world.fault(market, code)
    world.fault("once", ONCE)
    world.fault("good", PARENT)
    world.fault("few", "from icp_helpers.tables.errors import TooFewError\n"
                       "raise TooFewError('Three customers', where='customers', found='3', remedy='Wait.')")
    (world.settings.data / "processed").mkdir()
    (world.settings.data / "processed" / "blocked").write_text("a file where the folder goes")
    shadow = root / "shadow"
    shadow.mkdir()
    (shadow / "ipykernel_launcher.py").write_text(NO_START)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ICP_WARM", "0" if plain else "1")
        if plain:
            patch.setenv("PYTHONPATH", os.pathsep.join([str(shadow), *filter(None, [os.environ.get("PYTHONPATH")])]))
        world.code, world.shown = world.run()
    return world


def test_kernels_were_started_as_asked(faulty):
    program = (faulty.settings.data / "markets" / "good" / "parent").read_text()
    assert ("icp_helpers.batch.warm" in program) != faulty.plain


def test_the_others_are_published_and_the_exit_code_tells(faulty):
    assert faulty.code == 1
    for market in ("good", "once"):
        assert faulty.record(market)["status"] == "ok"
        assert (faulty.settings.reports / market / "01_collect_data.html").read_text().rstrip().endswith("</html>")
    assert faulty.remains() == []


@pytest.mark.parametrize("market", [*FAULTS, "nostart", "blocked"])
def test_a_fault_is_named_in_run_json_on_the_index_and_on_the_screen(faulty, market):
    if market == "nostart" and not faulty.plain:
        pytest.skip("a forked kernel has no start that could fail")
    told = {"nostart": "The kernel did not start", "blocked": "is a file where a folder is wanted"}.get(market) or FAULTS[market][1]
    record = faulty.record(market)
    line = next(line for line in faulty.shown.splitlines() if line.split()[0] == market)
    assert record["status"] == "failed"
    for place in (record["message"], line):
        assert told in place
    assert told in faulty.index()
    if market != "blocked":
        assert "01_collect_data" in record["message"]
        assert record["steps"][0]["status"] == "failed"
    assert not (faulty.settings.reports / market / "01_collect_data.html").exists()


def test_no_raw_value_is_in_what_may_be_shared(faulty):
    assert "jens@example.org" not in faulty.shown + faulty.index() + (faulty.settings.reports / "raises" / "run.json").read_text()
    kept = faulty.settings.data / "processed" / ".failed" / "raises" / "01_collect_data.ipynb"
    assert "jens@example.org" in kept.read_text()


def test_only_dead_kernels_and_failed_starts_are_tried_again(faulty):
    assert (faulty.settings.data / "markets" / "once" / "tried").exists()
    assert all("3 times" in faulty.record(market)["message"] for market in ("killed", *(["nostart"] if faulty.plain else [])))
    assert "3 times" not in faulty.record("raises")["message"]


def test_too_few_is_an_honest_answer_with_a_page(faulty):
    record = faulty.record("few")
    assert record["status"] == "insufficient" and "Three customers" in record["message"]
    page = (faulty.settings.reports / "few" / "01_collect_data.html").read_text()
    assert "Three customers" in page and "Traceback" not in page


def test_a_hang_is_ended_and_the_earlier_report_stays(tmp_path):
    world = World(tmp_path, ("one",), steps=1)
    assert world.run()[0] == 0
    before = world.published("one")
    world.fault("one", "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(600)")
    code, shown = world.run(force=True, seconds=8)
    assert code == 1 and "longer than 8 seconds" in shown
    assert world.published("one") == before and world.remains() == []
    assert "one/index.html" in world.index()  # the way to the last good report
    world.fault("one", None)
    assert world.run()[0] == 0 and world.record("one")["status"] == "ok"  # though nothing it depends on had changed
    assert not (world.settings.data / "processed" / ".failed" / "one").exists()


def test_a_corrupt_notebook_is_named(tmp_path):
    world = World(tmp_path, ("one",), steps=2)
    (world.settings.notebooks / "02_know_customers.ipynb").write_text('{"cells": [')
    code, shown = world.run()
    assert code == 1 and "The notebook cannot be read (notebook 02_know_customers)" in shown
    assert world.record("one")["status"] == "failed" and world.remains() == []


@pytest.mark.parametrize(("source", "told"), [
    ('market = "one"\nsegmnet = "all"', "Parameter 'segment' is unknown"),
    ('market = 1\nsegment = "all"', "Parameter 'market' is of the wrong type"),
    ("market = open('x')", "The parameters cell cannot be read"),
])
def test_a_wrong_parameter_is_refused_before_the_first_cell(tmp_path, source, told):
    world = World(tmp_path, ("one",), steps=1)
    notebook = make_notebook("01_collect_data")
    notebook.cells[1].source = source
    notebook.cells[2].source = "import os, pathlib\npathlib.Path(os.environ['ICP_DATA'], 'ran').touch()"
    world.write_notebook("01_collect_data", notebook)
    code, shown = world.run()
    assert code == 1 and told in shown
    assert not (world.settings.data / "ran").exists()


def test_a_full_disk_fails_one_unit_and_harms_no_other(tmp_path):
    disk = tmp_path / "small"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a small disk can be mounted by root alone")
    try:
        world = World(disk, ("first", "full", "last"), steps=1)
        assert world.run("full")[0] == 0
        before = world.published("full")
        world.fault("full", "(folder / 'much').write_bytes(bytes(40_000_000))")
        code, shown = world.run(jobs=1, force=True)
        assert code == 1 and "full   failed" in shown and world.record("full")["status"] == "failed"
        assert world.record("first")["status"] == world.record("last")["status"] == "ok"
        assert world.published("full") == before and world.remains() == []
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_unit_whose_process_is_killed_is_recorded_by_the_run(tmp_path):
    world = World(tmp_path, ("one", "two"), steps=1)
    world.fault("one", "os.kill(os.getppid(), 9)\nimport time\ntime.sleep(60)")
    code, shown = world.run()
    assert code == 1 and "ended by signal 9 during 01_collect_data" in shown
    assert world.record("one")["status"] == "failed" and world.record("two")["status"] == "ok"
    assert world.remains() == []


def test_without_its_judge_the_run_would_believe_papermill(tmp_path, monkeypatch):
    """The guard is what catches sys.exit(0): without it the same notebook comes out as done."""
    from icp_helpers.batch import execute

    path = tmp_path / "01_collect_data.ipynb"
    notebook = make_notebook("01_collect_data", setup="import sys")
    notebook.cells[3].source = "sys.exit(0)"
    import nbformat
    nbformat.write(notebook, path)
    given = {"market": "one", "segment": "all"}
    assert execute.run_notebook(path, given, cwd=tmp_path, seconds=60)[1].cell == "finding-count"
    monkeypatch.setattr(execute, "judge", lambda _notebook: None)
    assert execute.run_notebook(path, given, cwd=tmp_path, seconds=60)[1] is None


def test_root_is_not_needed_to_be_told_of_a_folder_that_cannot_be_written(tmp_path):
    world = World(tmp_path, ("one",), steps=1)
    Path(tmp_path / "reports").write_text("no folder")
    with pytest.raises(OSError):
        world.run()
    assert not os.path.exists(world.settings.data / "processed" / ".stage")
