"""What a run does when all is well: nothing twice, nothing twice at once, and the same bytes in any order."""

import ast
import io
import json
import multiprocessing
import os
import shutil

import pytest
from batch_world import FLOW, World, make_notebook

from icp_helpers.batch import fingerprint, stage
from icp_helpers.batch.cli import main
from icp_helpers.batch.flow import select_steps
from icp_helpers.batch.job import Job, Settings
from icp_helpers.batch.plan import check_name, make_plan
from icp_helpers.batch.record import without_secrets
from icp_helpers.batch.run import run_batch
from icp_helpers.batch.stage import Places, Stage
from icp_helpers.tables.errors import ParameterError

HOSTILE = ["../etc", "/etc", "a/b", "..", ".", "", "a\0b", "{x.__class__}", "x" * 300, "con", "NUL", "CON", "a--b", "a\nb", "-rf",
           "template", "å", "a b", "NO", "None", "1E5"]
TEXT = ["no", "0800", "1e5", "none", "true", "null", "0x1f"]


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A world that has been run once, with a segment; copied by the tests that change it."""
    world = World(tmp_path_factory.mktemp("done"), ("one",))
    world.add_market("two", more="segments: {north: \"region = 'n'\"}\n")
    world.code, world.shown = world.run()
    return world


@pytest.fixture
def again(done, tmp_path):
    root = tmp_path / "copy"
    shutil.copytree(done.root, root)
    world = World.__new__(World)
    world.open(root, 3)
    return world


def steps_run(world: World, unit: str) -> list[str]:
    return [step["step"][:2] for step in world.record(unit)["steps"] if not step["reused"] and step["status"] != "skipped"]


@pytest.fixture(autouse=True)
def forget_hashes():
    """A process of the product hashes code once; these tests change it between runs of one process."""
    def clear():
        for remembered in (fingerprint.code_hash, fingerprint.installed, fingerprint._hash_once, fingerprint._cells, fingerprint._imports):
            remembered.cache_clear()
    clear()
    yield clear
    clear()


def test_a_run_publishes_every_unit_whole(done):
    assert done.code == 0 and done.remains() == []
    for unit in ("one", "two", "two--north"):
        record = done.record(unit)
        assert record["status"] == "ok" and record["rows"] == {"customers": {"rows in": 3.0}}
        assert record["parameters"] == {"market": unit.partition("--")[0], "segment": unit.partition("--")[2] or "all"}
        assert {"python", "papermill", "pandas"} <= record["versions"].keys()
        assert record["sha256"]["inputs"].keys() == {"market.yml", "customers.csv"}
        findings = json.loads((done.settings.reports / unit / "findings.json").read_text())
        assert [f["step"][:2] for f in findings["findings"]] == ["01", "02", "03"] and findings["unit"] == unit
        assert f'href="{unit}/index.html"' in done.index()
    assert [line.split()[1] for line in done.shown.splitlines()[:3]] == ["ok"] * 3


def test_a_second_run_does_nothing(again):
    before = {unit: again.published(unit, timed=True) for unit in ("one", "two", "two--north")}
    code, shown = again.run()
    assert code == 0 and shown.count("nothing had changed") == 3
    assert before == {unit: again.published(unit, timed=True) for unit in before}


def test_what_depends_on_a_change_runs_again_and_no_more(again, forget_hashes, monkeypatch):
    """An input's last byte, one notebook, the layout of the market file, an output, a page, a version."""
    markets = again.settings.data / "markets"
    with (markets / "one" / "customers.csv").open("a") as file:
        file.write("c3\n")
    again.run(jobs=1)
    assert steps_run(again, "one") == ["01", "02", "03"] and steps_run(again, "two") == ["01", "02", "03"]  # the first run
    assert "nothing had changed" in again.run()[1]

    notebook = make_notebook("02_know_customers")
    notebook.cells[0].source += " Reworded."
    again.write_notebook("02_know_customers", notebook)
    forget_hashes()
    again.run("one", jobs=1)
    assert steps_run(again, "one") == ["02"]  # it wrote the same bytes, so 03 stands

    (markets / "one" / "market.yml").write_text("# a remark\n" + (markets / "one" / "market.yml").read_text())
    assert "nothing had changed" in again.run("one")[1]

    with (markets / "one" / "market.yml").open("a") as file:
        file.write("seed: 2\n")  # a parameter of the market
    again.run("one", jobs=1)
    assert steps_run(again, "one") == ["01", "02", "03"]

    (again.settings.data / "processed" / "one" / "ideal.parquet").write_bytes(b"tampered")
    again.run("one", jobs=1)
    assert steps_run(again, "one") == ["03"]

    page = again.settings.reports / "one" / "02_know_customers.html"
    good = page.read_bytes()
    page.write_text("tampered")
    again.run("one", jobs=1)
    assert steps_run(again, "one") == [] and page.read_bytes() == good


def test_a_helper_that_a_notebook_reaches_is_part_of_it_and_no_other(tmp_path):
    world = World(tmp_path, ())
    notebook = make_notebook("01_collect_data", setup="from icp_helpers.tables.errors import IcpError")
    world.write_notebook("01_collect_data", notebook)
    reached = fingerprint.reachable(fingerprint._modules_of(fingerprint._code(world.settings.notebooks / "01_collect_data.ipynb")))
    names = {path.name for path in reached}
    assert "errors.py" in names and "cli.py" not in names
    from_page = {str(path.relative_to(fingerprint.PACKAGE)) for path in fingerprint.reachable([fingerprint.PACKAGE / "page" / "__init__.py"])}
    assert {"page/say.py", "page/catalogue.py"} <= from_page  # what is reached through another module
    assert not {name for name in from_page if name.startswith("batch/")}


@pytest.mark.parametrize(("module", "steps"), [
    ("analysis/kpis/value.py", {"11"}), ("analysis/journey.py", {"09"}), ("page/show.py", None), ("batch/pool.py", set()),
])
def test_a_changed_helper_makes_due_the_notebooks_that_reach_it_and_no_other(monkeypatch, forget_hashes, module, steps):
    """`steps`: those that must be among the ones due, beside others that reach it; None for every one."""
    notebooks = sorted((fingerprint.PACKAGE.parent / "notebooks").glob("[0-9]*.ipynb"))
    before = {path.stem[:2]: fingerprint.code_hash(path, path.stem) for path in notebooks}
    forget_hashes()
    real, changed = fingerprint._hash_once, fingerprint.PACKAGE / module
    monkeypatch.setattr(fingerprint, "_hash_once", lambda path: "one byte more" if path == changed else real(path))
    due = {path.stem[:2] for path in notebooks if fingerprint.code_hash(path, path.stem) != before[path.stem[:2]]}
    monkeypatch.undo()
    if steps is None:
        assert due == before.keys()
    else:
        assert steps <= due < before.keys() and bool(due) == bool(steps)


@pytest.mark.parametrize("folder", ["icp_helpers", "notebooks"])
def test_import_lines_name_the_same_modules_as_the_parsed_source(folder):
    def parsed(source: str) -> set:
        names = []
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Import):
                names += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        return {file for name in names if name.split(".")[0] == "icp_helpers" for file in fingerprint._files_of(name)}

    root = fingerprint.PACKAGE.parent / folder
    sources = [path.read_text(encoding="utf-8") for path in root.rglob("*.py")] + [fingerprint._code(path) for path in root.glob("*.ipynb")]
    assert len(sources) > 10 and all(set(fingerprint._modules_of(source)) == parsed(source) for source in sources)


def test_a_real_market_has_nothing_to_do_the_second_time(small_runs):
    """Step 01 reads what it makes itself: that is no reason to run it again."""
    shown = io.StringIO()
    assert run_batch(Settings(data=small_runs.data, reports=small_runs.reports), out=shown) == small_runs.code
    assert shown.getvalue().count("nothing had changed") == 4  # three markets, and their comparison


def test_an_installed_version_is_part_of_every_step(again, monkeypatch):
    monkeypatch.setattr(fingerprint, "installed", lambda: "another")
    market = make_plan(again.settings).markets["one"]
    from icp_helpers.batch.resume import current_run

    assert current_run(Job.of(again.settings, "one", "all", None), market) is None


def test_parallel_and_serial_runs_give_the_same_bytes(done, tmp_path):
    other = World(tmp_path / "serial", ("one",))
    other.add_market("two", more="segments: {north: \"region = 'n'\"}\n")
    other.run(jobs=1)
    for unit in ("one", "two", "two--north"):
        assert other.published(unit) == done.published(unit)


def test_some_steps_alone_take_the_others_as_they_are(again):
    before = again.published("one")
    code, _shown = again.run("one", chosen=("02_know_customers",), force=True)
    assert code == 0 and steps_run(again, "one") == ["02"] and again.published("one") == before


def test_names_that_look_like_other_types_stay_text(tmp_path):
    world = World(tmp_path, ("0800",), steps=1)
    assert world.run()[0] == 0
    assert "3 customers of 0800 all" in (world.settings.reports / "0800" / "findings.json").read_text()
    assert [check_name(name, "market") for name in TEXT] == TEXT


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_refused_and_nothing_is_written(tmp_path, monkeypatch, capsys, name):
    monkeypatch.setenv("ICP_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ICP_REPORTS", str(tmp_path / "reports"))
    with pytest.raises(ParameterError):
        check_name(name, "market")
    for arguments in (["run", "--", name], ["run", "--segment=" + name]):
        assert main(arguments) == 2
    assert capsys.readouterr().err.count("Found:") == 2
    assert list(tmp_path.iterdir()) == []


def test_a_segment_with_a_hostile_name_in_the_market_file_is_refused(tmp_path):
    world = World(tmp_path, ("one",))
    world.add_market("bad", more="segments: {\"../../x\": \"region = 'n'\"}\n")
    plan = make_plan(world.settings)
    assert list(plan.broken) == ["bad"] and [job.unit for job in plan.first] == ["one"]


def test_a_market_file_that_cannot_be_read_is_exit_code_2_and_stops_no_other(tmp_path):
    world = World(tmp_path, ("one",), steps=1)
    (world.add_market("bad") / "market.yml").write_text("name: [")
    code, shown = world.run()
    assert code == 2 and "bad" in shown and "bad" in world.index() and world.record("one")["status"] == "ok"


def _hold(processed, reports, held, release):
    with stage.lock(Places(processed, reports)):
        held.set()
        release.wait(60)


def test_two_runs_on_one_unit_one_wins_the_other_says_why(again):
    """A process holds the unit; the run names it, leaves it alone, and does the others."""
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    places = Job.of(again.settings, "one", "all", None).places
    before = again.published("one", timed=True)
    holder = context.Process(target=_hold, args=(places.processed, places.report, held, release))
    holder.start()
    try:
        assert held.wait(60)
        code, shown = again.run("one")
    finally:
        release.set()
        holder.join()
    assert code == 1 and "another run is at work on one" in shown
    assert again.published("one", timed=True) == before
    assert "nothing had changed" in again.run("one")[1]


def _race(processed, reports, start, won, rounds):
    for _round in range(rounds):
        start.wait(60)
        try:
            with stage.lock(Places(processed, reports)):
                with won.get_lock():
                    won.value += 1
                start.wait(60)  # held until the other has tried
        except stage.BusyError as busy:
            assert "another run is at work on one" in str(busy)
            start.wait(60)


def test_of_two_that_start_at_once_one_wins_twenty_times_of_twenty(tmp_path):
    context, rounds = multiprocessing.get_context("spawn"), 20
    start, won = context.Barrier(2), context.Value("i", 0)
    both = [context.Process(target=_race, args=(tmp_path / "processed" / "one", tmp_path / "reports" / "one", start, won, rounds)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(120)
    assert [process.exitcode for process in both] == [0, 0] and won.value == rounds


@pytest.mark.parametrize("exchange", [True, False])
def test_publishing_is_whole_or_not_at_all_at_every_step(tmp_path, monkeypatch, exchange):
    """The process dies before each single rename: the next start leaves both folders old, or both new."""
    if not exchange:
        monkeypatch.setattr(stage, "_exchange", lambda _one, _other: False)
    seen = set()
    for die_at in range(8):
        root = tmp_path / str(die_at)
        places = Places(root / "processed" / "u", root / "reports" / "u")
        for old in (places.processed, places.report):
            old.mkdir(parents=True)
            (old / "what").write_text("old")
        new = Stage(places, "12345678")
        new.make()
        for folder in (new.processed, new.report):
            (folder / "what").write_text("new")
        _publish_and_die(new, die_at)
        stage.recover(places)
        found = {(folder / "what").read_text() for folder in (places.processed, places.report)}
        assert len(found) == 1
        seen |= found
        assert not list(root.glob("*/.stage"))
    assert seen == {"old", "new"}


def _publish_and_die(new: Stage, die_at: int) -> None:
    """Publish in a child that ends without a word at the die_at-th call that changes the disk."""
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    calls = 0

    def counted(function):
        def call(*arguments, **named):
            nonlocal calls
            if calls == die_at:
                os._exit(9)
            calls += 1
            return function(*arguments, **named)
        return call

    stage.os.rename = counted(os.rename)
    stage._exchange = counted(stage._exchange)
    stage.write_whole = counted(stage.write_whole)
    try:
        new.publish()
    finally:
        os._exit(0)


def test_steps_are_named_by_number():
    assert [step.number for step in select_steps("02-03,01", FLOW)] == [1, 2, 3]
    for wrong in ("", "x", "1-", "99", "02;rm", "-1"):
        with pytest.raises(ParameterError):
            select_steps(wrong, FLOW)


def test_no_password_of_a_url_is_told():
    assert without_secrets("postgresql://ann:s3cret@db/crm is down") == "postgresql://***@db/crm is down"
