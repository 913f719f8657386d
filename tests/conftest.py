"""Shared by the tests: three small markets, run once through every notebook as a night run would."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from icp_helpers.batch.job import Settings
from icp_helpers.batch.run import run_batch
from icp_helpers.tables.planting import plant_market

SEED = 4711


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
