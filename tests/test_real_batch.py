"""The whole batch over real files, where they lie beside the repository: five countries of a wholesaler, and won deals."""

import json
from dataclasses import replace

import pytest
import yaml
from test_real_data import RETAIL, RETAIL_YML, SALVIRT

from icp_helpers.batch.flow import select_steps
from icp_helpers.batch.job import Settings
from icp_helpers.batch.run import run_batch

FIRST = tuple(step.name for step in select_steps("01-06,08,11"))
COUNTRIES = ("Germany", "France", "EIRE", "Spain", "Netherlands")


def run(root, markets: dict[str, str], *, whole: tuple[str, ...]) -> tuple[int, dict[str, dict]]:
    """The markets from their export to profile and KPIs; then those of `whole` through the steps that are left."""
    for slug, content in markets.items():
        (root / "data" / "markets" / slug).mkdir(parents=True)
        (root / "data" / "markets" / slug / "market.yml").write_text(content, encoding="utf-8")
    settings = Settings(data=root / "data", reports=root / "reports")
    code = max(run_batch(replace(settings, chosen=FIRST)), run_batch(settings, whole))
    return code, {slug: json.loads((root / "reports" / slug / "run.json").read_text(encoding="utf-8")) for slug in markets}


def findings(root, unit: str) -> dict[str, dict]:
    content = json.loads((root / "reports" / unit / "findings.json").read_text(encoding="utf-8"))
    return {finding["id"]: finding for finding in content["findings"]}


@pytest.mark.skipif(not RETAIL.exists(), reason="online_retail.parquet does not lie in ../shared/data")
def test_five_countries_of_a_wholesaler_get_their_reports(tmp_path):
    markets = {country.lower(): RETAIL_YML.format(name=country, file=RETAIL, where=f"Country = '{country}'") for country in COUNTRIES}
    code, records = run(tmp_path, markets, whole=("germany", "eire"))
    assert code == 0
    assert {record["status"] for record in records.values()} <= {"ok", "insufficient"}
    assert (tmp_path / "reports" / "index.html").exists()
    for unit in markets:
        icp = yaml.safe_load((tmp_path / "reports" / unit / "icp.yml").read_text(encoding="utf-8"))
        assert icp["status"] in ("none", "too_few"), "one country tells no customer from another"
        assert "Traceback" not in (tmp_path / "reports" / unit / "index.html").read_text(encoding="utf-8")
    assert findings(tmp_path, "germany")["loaded"]["facts"]["rows"] == 95
    assert findings(tmp_path, "eire")["definition"]["status"] in ("too_few", "none")


@pytest.mark.skipif(not SALVIRT.exists(), reason="salvirt_b2b.csv does not lie in ../shared/data")
def test_won_deals_have_a_profile(tmp_path):
    deals = (f"name: Deals\nkind: b2b\nas_of: 2017-01-01\ntables: {{customers: {SALVIRT}}}\ncolumns: {{customers: {{Status: won}}}}\n"
             "ideal: {outcome: won}\n")
    code, records = run(tmp_path, {"deals": deals}, whole=("deals",))
    assert (code, records["deals"]["status"]) == (0, "ok") and all(step["status"] == "ok" for step in records["deals"]["steps"])
    icp = yaml.safe_load((tmp_path / "reports" / "deals" / "icp.yml").read_text(encoding="utf-8"))
    assert icp["status"] == "found" and icp["outcome"] == {"name": "won", "customers": 448, "base_rate": pytest.approx(227 / 448, abs=1e-3)}
    for profile in icp["profiles"]:
        assert profile["lift_interval"][0] > 1 and all(criterion["column"] != "won" for criterion in profile["criteria"])
