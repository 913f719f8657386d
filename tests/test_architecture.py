"""The shape of the package: imports run one way, modules stay small, and what may not be called is not."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
import yaml

from icp_helpers.tables.market import REPOSITORY

PACKAGE = REPOSITORY / "icp_helpers"
MODULES = sorted(path for path in PACKAGE.rglob("*.py"))
ROOMS = ["tables", "analysis", "page", "batch"]  # each may import itself and those before it
LONGEST_MODULE, LONGEST_FUNCTION = 230, 45
NAMELESS = {"utils", "util", "common", "misc", "helpers", "tools"}
CONDA = {"ibis-duckdb": "ibis-framework", "python-duckdb": "duckdb"}
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def imported(module: ast.Module) -> set[str]:
    names = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def called(module: ast.Module) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}


def by_name(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) in ROOMS], ids=by_name)
def test_imports_run_one_way(path):
    allowed = ROOMS[:ROOMS.index(room(path)) + 1]
    ours = {name.split(".")[1] for name in imported(tree(path)) if name.startswith("icp_helpers.")}
    assert ours & set(ROOMS) <= set(allowed)
    if room(path) != "tables" and path.name not in ("commands.py", "new_market.py"):
        assert not {"ibis", "duckdb"} & {name.split(".")[0] for name in imported(tree(path))} or room(path) == "analysis"
    if room(path) != "batch":
        assert not {"papermill", "nbclient"} & {name.split(".")[0] for name in imported(tree(path))}


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) == "analysis"], ids=by_name)
def test_analysis_reads_no_file_draws_nothing_prints_nothing(path):
    module = tree(path)
    assert not {"matplotlib", "seaborn", "pathlib", "os", "IPython"} & {name.split(".")[0] for name in imported(module)}
    assert not [name for name in called(module) if name in ("open", "print") or re.search(r"\.(read_(csv|parquet|excel)|to_csv|savefig)$", name)]


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_modules_and_functions_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    assert path.stem not in NAMELESS
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno + 1 <= LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_nothing_is_called_that_hides_runs_or_tells_the_time(path):
    module = tree(path)
    assert not {"pickle", "shelve", "joblib", "dill"} & {name.split(".")[0] for name in imported(module)}
    assert not called(module) & {"eval", "exec", "warnings.filterwarnings", "warnings.simplefilter", "yaml.load", "yaml.load_all", "yaml.safe_dump", "os.system"}
    for node in ast.walk(module):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None and not (len(node.body) == 1 and isinstance(node.body[0], ast.Pass)), f"line {node.lineno}"
        if isinstance(node, ast.keyword) and node.arg == "shell":
            assert ast.unparse(node.value) == "False"
    if room(path) != "batch":
        assert not [name for name in called(module) if re.search(r"(datetime|date|Timestamp)\.(now|today|utcnow)$", name)]


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(tree(path)) or not path.read_text(encoding="utf-8").strip()


def test_every_direct_dependency_has_a_bound_and_a_reason():
    text = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    for requirement in PROJECT["dependencies"]:
        assert re.search(r"[<>=]=?\d", requirement)
        assert re.search(rf'^ *"{re.escape(requirement)}", +# \S+', text, re.MULTILINE), requirement


def test_conda_users_get_the_same():
    listed = yaml.safe_load((REPOSITORY / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    conda = dict(line.split(" ", 1) for line in listed if " " in line)
    assert conda.pop("python") == PROJECT["requires-python"]
    pip = dict(re.match(r"([\w.-]+)(?:\[\w+\])?(.*)", requirement).groups() for requirement in PROJECT["dependencies"])
    assert {CONDA.get(name, name): bound for name, bound in conda.items()} == pip


def test_the_lock_holds_every_dependency_within_its_bounds_and_names_no_host():
    from icp_helpers.batch.doctor import within

    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", lock, re.MULTILINE))
    for requirement in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]:
        name = re.match(r"[\w.-]+", requirement)[0]
        assert within(requirement, pins[name]), requirement
    assert "://" not in lock and "--hash=sha256:" in lock


def test_no_path_of_a_machine_is_in_the_repository():
    places = [*MODULES, *REPOSITORY.glob("*.toml"), *REPOSITORY.glob("*.md"), *REPOSITORY.glob("notebooks/*.ipynb"), REPOSITORY / "Makefile"]
    for path in places:
        assert not re.search(r"(/home/|/Users/|/root/|/wo[r]k/|C:\\\\)", path.read_text(encoding="utf-8")), path.name
