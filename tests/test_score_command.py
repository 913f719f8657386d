"""`icp score` on lists as people have them: any of three kinds in and out, none, many, and profiles that cannot be read."""

import datetime as dt
from functools import partial
from types import SimpleNamespace

import pandas as pd
import pytest

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.icp_file import to_icp
from icp_helpers.batch.cli import main
from icp_helpers.tables.yaml_text import yaml_text

RULE = (Criterion("industry", "in", ["construction"]), Criterion("employees", "between", [10, 50]))
LIST = pd.DataFrame({"prospect_id": ["P1", "P2", "P3", "P4"], "industry": ["construction", "construction", "retail", None],
                     "employees": [20, 200, 20, None]})
WRITE = {"csv": lambda frame, path: frame.to_csv(path, index=False), "xlsx": lambda frame, path: frame.to_excel(path, index=False),
         "parquet": lambda frame, path: frame.to_parquet(path)}
READ = {"csv": pd.read_csv, "xlsx": partial(pd.read_excel, engine="calamine"), "parquet": pd.read_parquet}


@pytest.fixture
def profile(tmp_path):
    found = SimpleNamespace(status="found", profiles=[SimpleNamespace(criteria=RULE, name="Builders", customers=100, ideal_share=0.6, lift=3.0)])
    path = tmp_path / "icp.yml"
    path.write_text(yaml_text(to_icp(found, unit="u", as_of=dt.date(2026, 6, 30), outcome={"name": "ideal", "base_rate": 0.2})), encoding="utf-8")
    return path


def score(profile, listed, out) -> int:
    return main(["score", str(listed), "--profile", str(profile), "--out", str(out)])


@pytest.mark.parametrize("kind_in", READ)
@pytest.mark.parametrize("kind_out", READ)
def test_the_same_rows_are_scored_alike_whatever_the_files_are(kind_in, kind_out, profile, tmp_path):
    listed, out = tmp_path / f"list.{kind_in}", tmp_path / f"scored.{kind_out}"
    WRITE[kind_in](LIST, listed)
    assert score(profile, listed, out) == 0
    scored = READ[kind_out](out)
    assert scored.prospect_id.tolist() == ["P1", "P2", "P3", "P4"] and scored.tier.tolist() == ["A", "B", "B", "B"]
    assert scored.profile.fillna("").tolist() == ["Builders", "", "", ""] and scored.fit_score.tolist() == [0.6, 0.2, 0.2, 0.2]


@pytest.mark.parametrize("kind", READ)
def test_an_empty_list_is_an_empty_list_and_a_long_one_is_long(kind, profile, tmp_path, capsys):
    for rows, size in ((LIST.head(0), 0), (pd.concat([LIST] * 5_000), 20_000)):
        listed, out = tmp_path / f"list.{kind}", tmp_path / f"scored.{kind}"
        WRITE[kind](rows, listed)
        assert score(profile, listed, out) == 0 and len(READ[kind](out)) == size
        assert f"{size} rows scored" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "said"), [
    ("format: 1\n  unit: [", "The file is not valid YAML"), ("- 1\n", "icp.yml"), ("format: 9\nunit: u\n", "icp.yml"), ("\ufeff", "icp.yml"),
])
def test_a_profile_that_cannot_be_read_is_not_called_a_market_file(text, said, profile, tmp_path, capsys):
    LIST.to_csv(tmp_path / "list.csv", index=False)
    profile.write_text(text, encoding="utf-8")
    assert score(profile, tmp_path / "list.csv", tmp_path / "out.csv") == 2
    told = capsys.readouterr().err
    assert said in told and "market file" not in told and "Traceback" not in told and not (tmp_path / "out.csv").exists()


def test_nothing_in_a_scored_csv_is_a_formula_headers_included(profile, tmp_path):
    LIST.assign(**{"=1+1": ["=2+2", "\n=3", "-4", "x"]}).to_csv(tmp_path / "list.csv", index=False)
    assert score(profile, tmp_path / "list.csv", tmp_path / "out.csv") == 0
    read = pd.read_csv(tmp_path / "out.csv")
    assert "'=1+1" in read and not any(str(cell).lstrip().startswith(("=", "-")) for cell in read["'=1+1"])
