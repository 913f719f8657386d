"""Shared by the tests: three small markets, run once through every notebook as a night run would."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from icp_helpers.batch.job import Settings
from icp_helpers.batch.run import run_batch
from icp_helpers.tables.planting import plant_market

SEED = 4711
LONG = ("small_runs", "test_tutorial", "test_real_batch", "test_batch_run", "test_batch_faults", "test_new_market")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """With several workers (-n 2 --dist loadgroup) a file stays with one of them, as its fixtures do, and so do the tests of
    `small_runs`, which is made once; the long ones go first, so that no worker is left with one at the end."""
    def group(item) -> str:
        return "small_runs" if "small_runs" in item.fixturenames else item.path.stem

    for item in items:
        item.add_marker(pytest.mark.xdist_group(group(item)))
    items.sort(key=lambda item: LONG.index(group(item)) if group(item) in LONG else len(LONG))


@dataclass(frozen=True)
class Runs:
    """The folders of a finished run, and its exit code."""

    data: Path
    reports: Path
    code: int

    def findings(self, unit: str) -> dict[str, dict]:
        """Each finding of the unit by `step id`."""
        content = json.loads((self.reports / unit / "findings.json").read_text(encoding="utf-8"))
        return {f"{finding['step']} {finding['id']}": finding for finding in content["findings"]}


@pytest.fixture(scope="session")
def small_runs(tmp_path_factory) -> Runs:
    """`signal` (builders do better), `mirror` (builders do worse) and `flat` (nothing planted), through the batch."""
    root = tmp_path_factory.mktemp("small")
    for kind in ("signal", "mirror", "flat"):
        plant_market(kind, root / "data", seed=SEED, customers=400)
    settings = Settings(data=root / "data", reports=root / "reports")
    return Runs(settings.data, settings.reports, run_batch(settings))
