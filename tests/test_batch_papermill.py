"""Every notebook also runs under plain papermill: an ordinary kernel, no batch around it, and the same data come out."""

import hashlib
import shutil

import papermill
import pytest

from icp_helpers.batch.flow import STEPS
from icp_helpers.tables.market import REPOSITORY

FIRST = [step for step in STEPS if not step.across][:3]


def test_the_first_steps_by_hand_write_what_the_batch_wrote_with_warm_kernels(small_runs, tmp_path, monkeypatch):
    hand_made(small_runs.data, "flat", tmp_path, monkeypatch)


def hand_made(data, market: str, tmp_path, monkeypatch) -> None:
    shutil.copytree(data / "markets" / market, tmp_path / "data" / "markets" / market)
    monkeypatch.setenv("ICP_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ICP_REPORTS", str(tmp_path / "reports"))
    monkeypatch.delenv("ICP_STAGE", raising=False)
    for step in FIRST:
        papermill.execute_notebook(REPOSITORY / "notebooks" / f"{step.name}.ipynb", tmp_path / "out.ipynb", {"market": market},
                                   progress_bar=False, log_output=False)
        for name in step.writes:
            ours, batch = (folder / "processed" / market / f"{name}.parquet" for folder in (tmp_path / "data", data))
            assert digest(ours) == digest(batch), name


def digest(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_notebook_by_hand_with_a_market_that_does_not_exist_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("ICP_DATA", str(tmp_path / "data"))
    with pytest.raises(papermill.PapermillExecutionError, match="There is no such market"):
        papermill.execute_notebook(REPOSITORY / "notebooks" / f"{FIRST[0].name}.ipynb", tmp_path / "out.ipynb", {"market": "atlantis"},
                                   progress_bar=False)
