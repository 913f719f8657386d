"""Markets side by side: what was planted in both travels, what was planted in one is local, and the batch compares last."""

import json

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import comparison
from icp_helpers.analysis.comparison import (
    Heterogeneity,
    Part,
    compare_kpis,
    comparison_rows,
    judge_criteria,
    try_criteria,
)
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.batch.job import Job, Settings
from icp_helpers.batch.plan import check_name
from icp_helpers.batch.resume import current_run
from icp_helpers.tables.contracts import check_frame
from icp_helpers.tables.errors import ParameterError
from icp_helpers.tables.market import load_market
from icp_helpers.tables.published import COMPARISON, comparison_market
from icp_helpers.tables.units import open_units

INDUSTRY, REGION, SIZE = Criterion("industry", "in", ["construction"]), Criterion("region", "in", ["north"]), Criterion("employees", "between", [10, 50])


def planted(name: str, seed: int, *criteria: Criterion, customers: int = 2000, learnt: bool = True) -> Part:
    """A market whose members of `criteria` are ideal six times as often as others; without criteria nobody differs."""
    rng = np.random.default_rng(seed)
    traits = pd.DataFrame({"industry": rng.choice(["construction", "retail", "food", "it"], customers),
                           "region": rng.choice(["north", "south", "east"], customers), "employees": np.exp(rng.normal(3, 1, customers)).round()})
    inside = np.logical_and.reduce([one.mask(traits) for one in criteria]) if criteria else np.zeros(customers, bool)
    ideal = rng.random(customers) < np.where(inside, 0.6, 0.1)
    return Part(name, traits, ideal, [criteria] if learnt and criteria else [])


def verdicts(*parts: Part) -> dict[str, str]:
    judged = judge_criteria(try_criteria(parts))
    return dict(zip(judged.criterion.map(lambda one: one.column), judged.verdict, strict=True))


def test_shared_and_local_criteria_are_told_apart():
    truth = {"industry": "travels", "region": "local", "employees": "local"}
    found = [verdicts(planted("a", seed, INDUSTRY, REGION), planted("b", 1000 + seed, INDUSTRY, SIZE)) for seed in range(40)]
    assert sum(one == truth for one in found) >= 34


def test_nothing_travels_to_a_market_where_nothing_is_planted():
    found = [verdict for seed in range(60) for verdict in
             verdicts(planted("a", seed, INDUSTRY, REGION), planted("none", 2000 + seed)).values()]
    assert sum(verdict == "travels" for verdict in found) <= 0.05 * len(found) + 2


def test_without_the_test_elsewhere_all_would_travel(monkeypatch):
    monkeypatch.setattr(comparison.norm, "isf", lambda share: -10.0)
    assert "travels" in verdicts(planted("a", 1, INDUSTRY, REGION), planted("none", 2)).values()


def test_a_criterion_may_hold_in_one_market_and_not_in_another():
    parts = [planted("a", 3, INDUSTRY, REGION), planted("b", 4, INDUSTRY, REGION, learnt=False), planted("none", 5)]
    assert set(verdicts(*parts).values()) == {"mixed"}


def test_what_cannot_be_tried_is_untested_and_small_markets_say_nothing():
    learnt = planted("a", 6, INDUSTRY, REGION)
    other = planted("b", 7)
    renamed = Part("b", other.traits.replace({"industry": {"construction": "byggeri"}}).drop(columns="region"), other.ideal)
    assert set(verdicts(learnt, renamed).values()) == {"untested"} == set(verdicts(learnt).values())
    few = planted("b", 8, customers=25)
    assert set(verdicts(learnt, few).values()) == {"untested"}
    assert judge_criteria(try_criteria([])).empty


def test_heterogeneity_agrees_with_the_textbook():
    """BCG vaccine trials (Colditz 1994): log risk ratios and variances as published; Q 152.23, I2 92.1 %, tau2 .309, mean -.714."""
    log_ratio = [-.8893, -1.5854, -1.3481, -1.4416, -.2175, -.7861, -1.6209, .0120, -.4694, -1.3713, -.3394, .4459, -.0173]
    variance = [.3256, .1946, .4154, .0200, .0512, .0069, .2230, .0040, .0564, .0730, .0124, .5325, .0714]
    spread = Heterogeneity.of(log_ratio, np.sqrt(variance))
    assert spread.i2 == pytest.approx(0.921, abs=0.002) and spread.between == pytest.approx(0.309, abs=0.003)
    assert spread.common == pytest.approx(-0.714, abs=0.003) and spread.error == pytest.approx(0.179, abs=0.002) and spread.p < 1e-20
    drawn = spread.drawn(log_ratio, np.sqrt(variance))
    assert (np.abs(drawn - spread.common) <= np.abs(np.array(log_ratio) - spread.common)).all()


def kpis(value: float, unit: str = "share", status: str = "ok") -> pd.DataFrame:
    return pd.DataFrame({"kpi": ["conversion_rate"], "level": ["all"], "value": [value], "unit": [unit], "low": [value - 0.02],
                         "high": [value + 0.02], "n": [500], "status": [status]})


def test_kpis_differ_only_where_chance_would_hardly_do_it():
    apart = compare_kpis({"a": kpis(0.2), "b": kpis(0.3)}).iloc[0]
    assert apart.differs and (apart.lowest_in, apart.highest_in) == ("a", "b")
    assert not compare_kpis({"a": kpis(0.2), "b": kpis(0.21)}).iloc[0].differs
    assert pd.isna(compare_kpis({"a": kpis(0.2, "DKK"), "b": kpis(0.9, "EUR")}).iloc[0].p_adjusted)
    assert compare_kpis({"a": kpis(0.2, status="too_few")}).empty and compare_kpis({}).empty


def test_the_long_table_keeps_its_contract():
    tests = try_criteria([planted("a", 9, INDUSTRY, REGION), planted("b", 10)])
    rows = comparison_rows(tests, judge_criteria(tests), compare_kpis({"a": kpis(0.2), "b": kpis(0.3)}))
    assert len(check_frame("comparison", rows)) == 4 + 2 + 2
    assert json.loads(rows.subject[0]) == INDUSTRY.to_dict()
    assert check_frame("comparison", comparison_rows(try_criteria([]), judge_criteria(try_criteria([])), compare_kpis({}))).empty


def test_the_batch_compares_all_markets_once_after_them(small_runs):
    record = json.loads((small_runs.reports / COMPARISON / "run.json").read_text(encoding="utf-8"))
    assert record["status"] == "ok" and [step["step"] for step in record["steps"]] == ["13_compare_markets"]
    assert {name.split("/")[0] for name in record["sha256"]["inputs"]} == {"signal", "mirror", "flat"}
    page, front = ((small_runs.reports / place).read_text(encoding="utf-8") for place in (f"{COMPARISON}/index.html", "index.html"))
    assert "What holds everywhere" in page and f"{COMPARISON}/index.html" in front
    findings = small_runs.findings(COMPARISON)
    assert findings["13_compare_markets markets"]["facts"]["markets"] == 3
    assert not [key for unit in ("signal", "mirror", "flat") for key in small_runs.findings(unit) if key.startswith("13")]


def test_the_comparison_is_current_until_a_market_changes(small_runs):
    settings = Settings(data=small_runs.data, reports=small_runs.reports)
    job, market = Job.of(settings, COMPARISON, "all", None), comparison_market(data=small_runs.data)
    assert current_run(job, market).unchanged
    path = small_runs.data / "processed" / "flat" / "kpis.parquet"
    before = path.read_bytes()
    path.write_bytes(before + b" ")
    try:
        assert current_run(job, market) is None
    finally:
        path.write_bytes(before)


def test_units_are_named_or_all(small_runs, monkeypatch):
    monkeypatch.setenv("ICP_DATA", str(small_runs.data))
    assert open_units("signal, flat").titles == {name: load_market(name).name for name in ("signal", "flat")}  # never by their slugs
    assert [part.name for part in open_units("signal, flat").parts] == ["signal", "flat"] and open_units().name == COMPARISON
    for wrong in ("", "nobody", ","):
        with pytest.raises(ParameterError):
            open_units(wrong)
    with pytest.raises(ParameterError):
        check_name(COMPARISON, "market")
