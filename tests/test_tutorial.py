"""The tutorial, line by line: every command in it runs, in its order, and does what the text beside it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from icp_helpers.batch.cli import make_parser
from icp_helpers.tables.market import REPOSITORY, load_market
from icp_helpers.tables.planting import make_sample_markets

TEXT = (REPOSITORY / "docs" / "tutorial.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (\S.*)$", TEXT, re.MULTILINE)


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """Each command with its output, after all of them were run by a shell in one folder."""
    home = tmp_path_factory.mktemp("tutorial")
    make_sample_markets(home / "data", only_missing=True, customers=40)
    for folder in (home / "data" / "markets").iterdir():
        if folder.name != "nordlys-fi":
            (folder / "market.yml").unlink()
    environment = os.environ | {"ICP_DATA": str(home / "data"), "ICP_REPORTS": str(home / "reports"),
                                "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    said = []
    for command in COMMANDS:
        done = subprocess.run(["bash", "-c", command], cwd=home, env=environment, capture_output=True, text=True, timeout=600)
        said.append((command, done.returncode, done.stdout + done.stderr))
    return home, said


def test_every_command_ends_well_and_without_a_traceback(followed):
    _home, said = followed
    assert not [(command, code, text[-600:]) for command, code, text in said if code or "Traceback" in text]


def test_they_do_what_the_text_says(followed):
    home, said = followed
    texts = dict(said_of(said))
    assert "What the steps can say" in texts["icp check nordlys-fi"] and "rows used 40" in texts["icp check nordlys-fi"]
    assert (home / "reports" / "nordlys-fi" / "index.html").exists()
    assert load_market("acme", data=home / "data").tables == {"customers": "kunder.csv"}
    assert "LOOK" in next(text for command, text in texts.items() if command.startswith("cat "))
    assert {"fit_score", "tier", "reasons"} <= set(pd.read_csv(home / "scored.csv").columns)
    runs = [text for command, _code, text in said if command == "icp run nordlys-fi --steps 01-08"]
    assert len(runs) == 2 and runs[0] != runs[1]


def said_of(said):
    return [(command, text) for command, _code, text in said]


def test_the_tutorial_names_every_command_that_a_user_needs():
    named = {command.split()[1] for command in COMMANDS if command.startswith("icp ")}
    known = set(make_parser()._subparsers._group_actions[0].choices)
    assert named <= known and {"doctor", "check", "run", "new", "score"} <= named
