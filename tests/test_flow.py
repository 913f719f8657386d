"""THE TABLE of steps is the same in its four places: flow.py, the notebooks' calls, their title cells, README.md."""

import json
import re

import pytest

from icp_helpers.batch.flow import STEPS, flow_table, reads_of
from icp_helpers.batch.job import Settings
from icp_helpers.tables.dictionary import dictionary
from icp_helpers.tables.market import REPOSITORY

NOTEBOOKS = Settings().notebooks
CALL = re.compile(r"""unit\.(read|table|frame|has|write)\(\s*(?:["'](\w+)["']|(\w+))""")
READING = {"read", "table", "frame", "has"}


def cells(step: str) -> list[dict]:
    return json.loads((NOTEBOOKS / f"{step}.ipynb").read_text(encoding="utf-8"))["cells"]


def title(step: str) -> str:
    return "".join(cells(step)[0]["source"])


def calls(step: str) -> set[tuple[str, str]]:
    """(verb, name) of every call. A variable must run over a tuple of literals; `has` alone may take any."""
    found = set()
    for cell in cells(step):
        code = "".join(cell["source"]) if cell["cell_type"] == "code" else ""
        for verb, literal, variable in CALL.findall(code):
            listed = re.search(rf"for {variable} in \(([^)]*)\)", code) if variable else None
            assert literal or listed or verb == "has", f"{step}, {cell['id']}: {variable} is no literal"
            found |= {(verb, name) for name in ([literal] if literal else re.findall(r"\"(\w+)\"", listed[1]) if listed else [])}
    return found


def names(text: str) -> set[str]:
    return {name.strip(" `") for name in text.split(",")} - {"", "–", "-"}


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_notebook_reads_and_writes_what_the_table_says(step):
    found, own = calls(step.name), set(step.writes)
    assert {name for verb, name in found if verb in READING} - own == set(step.reads)
    assert {name for verb, name in found if verb == "write"} == own
    assert ("unit.clean()" in str(cells(step.name))) == step.sources


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)
def test_a_title_cell_shows_the_same(step):
    first, *_rest = title(step.name).splitlines()
    assert first == f"# {step.name[:2]} {step.question}"
    row = [line for line in title(step.name).splitlines() if line.startswith("|")][2]
    reads, writes, decides = (part.strip() for part in row.strip("|").split("|"))
    assert names(reads) == names(reads_of(step))
    assert names(writes) - {"clean tables", "the clean tables"} == {("icp.yml" if name == "icp" else name) for name in step.writes}
    assert decides
    guide = re.search(r"^Guide: (.+?)\.?$", title(step.name), re.MULTILINE)
    assert guide and tuple(guide[1].split(", ")) == step.guide


def test_readme_shows_the_table():
    assert flow_table() in (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_every_notebook_is_a_step_and_every_step_a_notebook():
    files = {path.stem for path in NOTEBOOKS.glob("[0-9][0-9]_*.ipynb")}
    assert files == {step.name for step in STEPS}


def test_every_name_is_in_the_dictionary_and_made_before_it_is_read():
    made = set(dictionary().tables)
    for step in STEPS:
        assert set(step.reads) <= made, step.name
        made |= set(step.writes)
        for contract in step.writes:
            assert dictionary().contracts[contract].made_by == step.name
