"""docs/coverage.yml is true: every row of the guide is answered by a cell that speaks and a file that a run makes."""

import json
import re

import pytest
import yaml

from icp_helpers.batch.flow import STEPS
from icp_helpers.batch.job import Settings
from icp_helpers.tables.market import REPOSITORY
from icp_helpers.tables.published import COMPARISON

COVERAGE = yaml.safe_load((REPOSITORY / "docs" / "coverage.yml").read_text(encoding="utf-8"))
ANSWERED = COVERAGE["served"] | COVERAGE["answered"]
ROWS = 251  # of the two articles
BY_NAME = {step.name: step for step in STEPS}


def cells(path) -> dict[str, dict]:
    return {cell["id"]: cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]}


def speaks(cell: dict) -> bool:
    """Did the cell, when it ran, say a computed sentence, or show a figure or table with its caption?"""
    return any({"finding", "figure", "table"} & output.get("metadata", {}).get("icp", {}).keys() for output in cell.get("outputs", []))


def test_every_row_of_the_guide_is_there_once():
    assert set(COVERAGE) == {"served", "answered"}, "a row that nothing answers has no place here: answer it, or say not supplied"
    groups = [set(COVERAGE[name]) for name in COVERAGE]
    assert len(set.union(*groups)) == sum(map(len, groups)) == ROWS
    text = (REPOSITORY / "docs" / "coverage.yml").read_text(encoding="utf-8")
    named = re.findall(r"^  (\S+):", text, re.MULTILINE)
    assert len(named) == len(set(named)) == ROWS  # YAML keeps the last of two keys without a word
    assert all(re.fullmatch(r"[AB]-[A-Z]+\d*(-\d\d)?", name) for name in named)


def test_the_titles_and_the_table_of_steps_name_what_is_served():
    titled = {row for step in STEPS for row in step.guide}
    assert titled == set(COVERAGE["served"])
    assert all(row in BY_NAME[notebook].guide for row, (notebook, _cell, _artefact) in COVERAGE["served"].items())


@pytest.mark.parametrize("notebook", sorted({place[0] for place in ANSWERED.values()}))
def test_every_cell_named_is_in_its_notebook(notebook):
    known = cells(Settings().notebooks / f"{notebook}.ipynb")
    unknown = {row: cell for row, (where, cell, _artefact) in ANSWERED.items() if where == notebook and cell not in known}
    assert not unknown


@pytest.mark.parametrize("notebook", sorted({place[0] for place in ANSWERED.values()}))
def test_a_run_makes_each_artefact_and_each_cell_speaks(small_runs, notebook):
    unit = COMPARISON if BY_NAME[notebook].across else "signal"
    processed, report = small_runs.data / "processed" / unit, small_runs.reports / unit
    ran = cells(processed / "notebooks" / f"{notebook}.ipynb")
    for row, (where, cell, artefact) in ANSWERED.items():
        if where == notebook:
            assert (processed / artefact).is_file() or (report / artefact).is_file(), row
            assert speaks(ran[cell]), f"{row}: cell {cell} says nothing"


def test_a_cell_that_says_nothing_is_seen():
    assert not speaks({"outputs": [{"output_type": "stream", "text": "x"}]}) and not speaks({})
    assert speaks({"outputs": [{"metadata": {"icp": {"finding": {}}}}]})
