"""The form of the notebooks: the frame that every reader finds again, and nothing in git that a run made."""

import ast
import json
import re
import statistics

import pytest

from icp_helpers.batch.flow import STEPS
from icp_helpers.batch.job import Settings
from icp_helpers.tables.market import list_markets

FOLDER = Settings().notebooks
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
FRAMED = [FOLDER / f"{step.name}.ipynb" for step in STEPS]
FRAME = ["title", "parameters", "setup", "load"]
ENDS = ["answer", "write", "next"]
FORBIDDEN = ("filterwarnings", "sys.path", "simplefilter", "datetime.now", "date.today", "inplace=True", "os.environ", "print(",
             "to_csv", "read_csv", "eval(", "exec(")
TYPED_RESULT = re.compile(r"\b(?!95 ?%)\d+([.,]\d+)?\s?(%|percent|kr\b|DKK|EUR|customers|kunder)", re.IGNORECASE)


def load(path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell: dict) -> str:
    return "".join(cell["source"])


def code_lines(cell: dict) -> int:
    return len([line for line in source(cell).splitlines() if line.strip() and not line.strip().startswith("#")])


def of_kind(notebook: dict, kind: str) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def words(cell: dict) -> int:
    prose = "\n".join(line for line in source(cell).splitlines() if not line.startswith(("|", "Guide:")))
    return len(prose.split())


def says(cell: dict) -> bool:
    """A sentence cell: what it shows is computed prose."""
    return cell["cell_type"] == "code" and ("page.say(" in source(cell) or "page.answer(" in source(cell))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_nothing_that_a_run_made_is_in_git(path):
    notebook = load(path)
    assert notebook["nbformat"] == 4 and notebook["nbformat_minor"] == 5
    assert set(notebook["metadata"]) <= {"kernelspec", "language_info"} and notebook["metadata"]["kernelspec"]["name"] == "python3"
    for cell in notebook["cells"]:
        assert set(cell["metadata"]) <= {"tags"}
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
    assert path.stat().st_size < 20_000


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_ids_can_be_read_and_are_used_once(path):
    ids = [cell["id"] for cell in load(path)["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", id) and not re.fullmatch(r"[0-9a-f]{6,}", id) for id in ids)


@pytest.mark.parametrize("path", FRAMED, ids=lambda path: path.stem)
def test_the_frame_is_the_same_in_each(path):
    notebook = load(path)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert ids[:len(FRAME)] == FRAME and [id for id in ids if id in ENDS] == ENDS and ids[-1] == "next"
    tags = {cell["id"]: cell["metadata"].get("tags", []) for cell in notebook["cells"] if cell["metadata"].get("tags")}
    assert tags == {"parameters": ["parameters"], "setup": ["setup"]}
    assert 18 <= len(ids) <= 40


@pytest.mark.parametrize("path", FRAMED, ids=lambda path: path.stem)
def test_parameters_are_typed_literals_with_their_help_and_each_is_read(path):
    notebook = load(path)
    cell = source(notebook["cells"][1])
    assert 1 <= len(cell.splitlines()) <= 4 and all("#" in line for line in cell.splitlines())
    names = []
    for line in ast.parse(cell).body:
        ast.literal_eval(line.value)
        names.append(line.targets[0].id)
    across = next(step.across for step in STEPS if step.name == path.stem)
    assert names == ["units"] if across else names[:2] == ["market", "segment"]
    rest = "\n".join(source(c) for c in of_kind(notebook, "code")[1:])
    assert all(re.search(rf"\b{name}\b", rest) for name in names)


@pytest.mark.parametrize("path", FRAMED, ids=lambda path: path.stem)
def test_cells_fit_the_eye(path):
    notebook = load(path)
    sizes = sorted(code_lines(cell) for cell in of_kind(notebook, "code"))
    assert statistics.median(sizes) <= 5 and sizes[int(0.9 * (len(sizes) - 1))] <= 12 and sizes[-1] <= 20
    assert all(words(cell) <= 120 for cell in of_kind(notebook, "markdown"))
    assert statistics.median(words(cell) for cell in of_kind(notebook, "markdown")) <= 60


@pytest.mark.parametrize("path", FRAMED, ids=lambda path: path.stem)
def test_prose_and_code_keep_step(path):
    cells = load(path)["cells"]
    prose = [cell for cell in cells if cell["cell_type"] == "markdown" or says(cell)]
    assert len(prose) / (len(cells) - len(prose)) >= 0.7
    figures = [cell for cell in cells if "page.figure(" in source(cell)]
    assert len(figures) <= 8
    for index, cell in enumerate(cells[:-1]):
        if cell["cell_type"] == "code" and ("page.figure(" in source(cell) or "page.table(" in source(cell)):
            after = "".join(source(c) for c in cells[index:index + 2])
            assert "page.say(" in after or "page.answer(" in after, f"{cell['id']} is shown without its sentence"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_markdown_says_only_what_is_true_in_every_market(path):
    for cell in of_kind(load(path), "markdown"):
        text = source(cell)
        assert not any(market in text for market in list_markets()) or path.stem == "start", cell["id"]
        assert not TYPED_RESULT.search(text), cell["id"]
        for line in text.splitlines():
            if not re.match(r"\s*(\||#|-|\d+\.)", line):
                assert len(re.findall(r"[.!?](?=\s+[A-ZÆØÅ])", line)) <= 0, f"{cell['id']}: one sentence a line"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_hold_nothing_that_hides_or_misleads(path):
    code = "\n".join(source(cell) for cell in of_kind(load(path), "code"))
    assert not [word for word in FORBIDDEN if word in code]
    assert not re.search(r"^\s*[!%]", code, re.MULTILINE)
    assert not re.search(r"\bdf\d?\b|\btmp\b|\bdata_final\b", code)
    assert not re.search(r"(market|segment|unit\.name)\s*==", code)
    tree = ast.parse(code)
    made = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert len(made) <= 2 and all(node.end_lineno - node.lineno < 8 for node in made)
    handlers = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    assert not handlers
