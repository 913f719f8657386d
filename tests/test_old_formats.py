"""Files of format 1, as they were published on 22 November 2026, are still read, and say what they said then."""

import json
import shutil

import pandas as pd
import pytest
import yaml
from batch_world import World

from icp_helpers.analysis.icp_file import read_icp
from icp_helpers.analysis.score_list import score_list
from icp_helpers.batch.resume import _last_run
from icp_helpers.tables.errors import ParameterError
from icp_helpers.tables.market import REPOSITORY
from icp_helpers.tables.versions import read_version

OLD = REPOSITORY / "tests" / "format_1"
LEADS = pd.DataFrame({"industry": ["construction", "retail", None], "employees": [40, 40, None], "project_value": [2e6, 9e5, None]})


def test_an_old_profile_selects_and_scores_as_it_did():
    content = read_version(OLD / "icp.yml")
    icp = read_icp(content)
    assert (icp.status, icp.version, len(icp.profiles)) == ("found", 1, 1)
    assert [one.column for one in icp.profiles[0].criteria] == ["industry", "employees"]
    assert icp.profiles[0].members(LEADS).tolist() == [True, False, False]
    scored = score_list(LEADS, icp)
    assert scored.fit_score.tolist() == [0.3805, 0.1252, 0.1713] and scored.tier.tolist() == ["A", "B", "B"]
    assert scored.reasons[0].startswith("+ industry construction")


def test_an_old_run_is_known_step_by_step():
    run = _last_run(OLD)
    assert (run.unit, run.status, run.ran()) == ("signal", "ok", 12)
    assert [step.step[:2] for step in run.steps] == [f"{number:02}" for number in range(1, 13)]


def test_the_front_page_shows_an_old_report_beside_a_new_one(tmp_path):
    """A unit that nobody has run again since: its market is still there, and so are its three files."""
    world = World(tmp_path, ("new",), steps=1)
    world.add_market("signal")
    shutil.copytree(OLD, world.settings.reports / "signal")
    assert world.run("new")[0] == 0
    sentence = next(f for f in json.loads((OLD / "findings.json").read_text())["findings"] if f["id"] == "profile:p1")["sentence"]
    assert 'href="signal/index.html"' in world.index() and 'href="new/index.html"' in world.index()
    assert "construction" in world.index() and "construction" in sentence


def test_a_run_on_top_of_an_old_one_takes_nothing_of_it_for_its_own(tmp_path):
    world = World(tmp_path, ("signal",), steps=1)
    shutil.copytree(OLD, world.settings.reports / "signal")
    code, shown = world.run()
    assert code == 0 and "1 of 1 steps run" in shown and world.record("signal")["steps"][0]["step"] == "01_collect_data"
    assert not (world.settings.reports / "signal" / "icp.yml").exists()


def test_a_format_of_the_future_is_refused_with_a_word():
    content = yaml.safe_load((OLD / "icp.yml").read_text(encoding="utf-8")) | {"format": 2}
    with pytest.raises(ParameterError, match="format"):
        read_icp(content)
