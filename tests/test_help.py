"""What a person at a notebook asks for help: every helper's `?` answers, and a wrong market's name says which there are."""

import ast
import importlib
import inspect
import json
import re

import pytest

from icp_helpers.tables.errors import ParameterError
from icp_helpers.tables.market import REPOSITORY
from icp_helpers.tables.store import open_unit


def helpers() -> set[tuple[str, str]]:
    """(module, function or class) of every helper that a notebook imports, or calls by its module's name."""
    found = set()
    for notebook in sorted((REPOSITORY / "notebooks").glob("*.ipynb")):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        module = ast.parse("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))
        imported = {alias.name: node.module for node in ast.walk(module) if isinstance(node, ast.ImportFrom) and str(node.module).startswith("icp_helpers")
                    for alias in node.names}
        used = {(node.value.id, node.attr) for node in ast.walk(module) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)}
        for name, place in imported.items():
            if hasattr(package := importlib.import_module(place), "__path__") and not callable(getattr(package, name, None)):
                found |= {(f"{place}.{name}", attribute) for owner, attribute in used if owner == name}
            else:
                found.add((place, name))
    return found


def test_every_helper_of_a_notebook_says_what_it_does():
    asked = {(place, name): getattr(importlib.import_module(place), name, None) for place, name in helpers()}
    silent = [f"{place}.{name}" for (place, name), helper in asked.items() if callable(helper) and len(inspect.getdoc(helper) or "") < 25]
    assert len(asked) > 100 and not silent


FIXED = {  # the functions that checks call, and what a person has to know of each: shapes, units, errors
    "icp_helpers.tables.features.customer_features": ("a row", "days", "TableError"),
    "icp_helpers.analysis.profile.find_profiles": ("a row", "95 %", "ParameterError"),
    "icp_helpers.analysis.scoring.fit_score": ("a row", "0-1", "ParameterError"),
    "icp_helpers.analysis.segments.find_segments": ("a row", "0-1", "ParameterError"),
    "icp_helpers.analysis.drivers.estimate_drivers": ("a row", "percentage points", "ParameterError"),
    "icp_helpers.analysis.rules.association_rules": ("a row", "share", "ParameterError"),
    "icp_helpers.analysis.kpis.compute_kpis": ("a row", "0-1", "ParameterError"),
}
METHODS = {name for name in FIXED if name.split(".")[-1] not in ("customer_features", "compute_kpis")}  # sums and counts have no inventor


@pytest.mark.parametrize("name", FIXED)
def test_the_functions_that_checks_call_say_shapes_units_errors_and_source(name):
    place, _dot, function = name.rpartition(".")
    helper = getattr(importlib.import_module(place), function)
    said = " ".join(inspect.getdoc(helper).lower().replace("one row", "a row").split())
    assert [part for part in FIXED[name] if part.lower() not in said] == []
    assert [one for one in inspect.signature(helper).parameters if one not in said and one != "seed"] == []
    assert name not in METHODS or re.search(r"[A-Z][\w' ]+\(?.{0,12}(19|20)\d\d\)?", inspect.getdoc(helper))


def test_a_wrong_market_says_which_there_are(tmp_path, monkeypatch):
    monkeypatch.setenv("ICP_DATA", str(tmp_path))
    folder = tmp_path / "markets" / "byg"
    folder.mkdir(parents=True)
    (folder / "market.yml").write_text("name: Byg\nkind: b2b\ntables: {}\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="There is no such market.*'bygg'.*Use one of: byg"):
        open_unit("bygg", "all")
