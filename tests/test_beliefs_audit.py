"""Beliefs are held against the data, all together; the audit finds what it plants and not what it shuffles."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import audit as audit_module
from icp_helpers.analysis import beliefs as beliefs_module
from icp_helpers.analysis.audit import audit, audit_facts, data_mark
from icp_helpers.analysis.beliefs import duel
from icp_helpers.analysis.profile_frames import as_criteria
from icp_helpers.page.numbers import Words
from icp_helpers.tables.audits import FILE, read_audit, save_audit


def customers(seed, n=1500, lift=4.0):
    rng = np.random.default_rng(seed)
    traits = pd.DataFrame({"industry": rng.choice(["byg", "handel", "it"], n), "employees": np.exp(rng.normal(3, 1, n)).round(),
                           "exports": rng.random(n) < 0.4, "interests": [["golf"] if one else [] for one in rng.random(n) < 0.3],
                           "region": rng.choice(list("abcde"), n)})  # fmt: skip
    builder = (traits["industry"] == "byg").to_numpy()
    ideal = pd.Series(rng.random(n) < np.where(builder, 0.1 * lift, 0.1))
    return traits.mask(rng.random(traits.shape) < 0.05), ideal


def believe(*rows):
    return pd.DataFrame([("sales", *row) for row in rows], columns=["department", "column", "op", "value"])


def test_each_verdict_is_given_where_it_is_due():
    traits, ideal = customers(1, 6000)
    verdicts = duel(believe(("industry", "in", "byg"), ("industry", "in", "handel|it"), ("employees", "between", "10|50"),
                            ("charm", ">=", "3"), ("employees", ">=", "many"), ("employees", ">=", "900"), ("interests", "has", "golf")), traits, ideal)  # fmt: skip
    assert verdicts["verdict"].tolist()[:6] == ["supported", "refuted", "refuted", "unmeasurable", "unmeasurable", "too_few"]
    assert verdicts["verdict"][6] in ("unclear", "refuted") and verdicts["customers"][6] > 1000
    assert verdicts["lift"][0] == pytest.approx(4, abs=0.8) and verdicts["low"][0] > 1
    assert verdicts.loc[3:5, ["lift", "low", "high", "p_adjusted"]].isna().all().all()


def test_a_belief_is_told_in_the_readers_words_and_numbers():
    told = [Words("da").criteria(as_criteria(belief)) for _place, belief in believe(
        ("exports", "is", "true"), ("employees", ">=", "100000"), ("industry", "in", "byg|it"), ("employees", ">=", "many")).iterrows()]
    assert told[0].endswith(": ja") and told[1].endswith("mindst 100.000") and told[2].endswith("byg eller it") and "many" in told[3]


def test_a_mirrored_world_turns_the_verdicts_round():
    traits, ideal = customers(2)
    both = believe(("industry", "in", "byg"), ("industry", "in", "handel|it"))
    assert duel(both, traits, ideal)["verdict"].tolist() == ["supported", "refuted"]
    assert duel(both, traits, ~ideal)["verdict"].tolist() == ["refuted", "supported"]


def noise_verdicts(seed):
    traits, ideal = customers(seed, 300, lift=1.0)
    many = believe(*[("region", "in", level) for level in "abcde"], *[("employees", ">=", str(cut)) for cut in range(8, 40, 3)])
    return duel(many, traits, ideal)["verdict"]


def test_on_noise_beliefs_are_hardly_ever_supported_and_without_correction_they_are(monkeypatch):
    supported = [(noise_verdicts(seed) == "supported").any() for seed in range(25)]
    assert np.mean(supported) <= 0.1
    real = beliefs_module.intervals.ratio_of_shares  # mutation: each belief judged as if it were the only one
    monkeypatch.setattr(beliefs_module.intervals, "ratio_of_shares", lambda *a, confidence: real(*a, confidence=0.95))
    assert np.mean([(noise_verdicts(seed) == "supported").any() for seed in range(25)]) > 0.1


@pytest.mark.parametrize("n", [0, 1, 20])
def test_few_customers_or_none_give_no_verdict(n):
    traits, ideal = customers(3, 200)
    assert set(duel(believe(("industry", "in", "byg"), ("x", "is", "y")), traits[:n], ideal[:n])["verdict"]) <= {"too_few", "unmeasurable"}
    assert duel(believe(), traits, ideal).empty


def test_the_audit_finds_what_it_plants_and_not_what_it_shuffles():
    traits, ideal = customers(4, 1200)
    result = audit(traits, ideal, seed=1, rounds=5)
    assert result.planted == 5 and result.found >= 3 and result.claimed <= 1
    assert result.to_dict()["false_claims"] == {"shuffled_copies": 5, "claimed": result.claimed}
    assert f"of {result.shuffled} shuffled copies" in str(result)


def test_an_audit_of_a_search_that_always_claims_shows_it(monkeypatch):
    """Mutation: a search without its test claims on every shuffled copy."""
    from icp_helpers.analysis.criteria import Criterion
    from icp_helpers.analysis.profile import ProfileSearch

    class Anyone:
        def members(self, traits):
            return Criterion("employees", ">=", 0).mask(traits)

    monkeypatch.setattr(audit_module, "find_profiles", lambda *a, **k: ProfileSearch("found", (Anyone(),), 1, 1))
    traits, ideal = customers(5, 300)
    result = audit(traits, ideal, rounds=4)
    assert result.claimed == 4 and result.found == 0


def test_an_audit_of_too_few_says_so():
    traits, ideal = customers(6, 40)
    result = audit(traits, ideal)
    assert result.shuffled == 0 and "too few" in str(result)
    assert "No profile could be planted" in str(audit(pd.DataFrame({"x": [True, False] * 100}), pd.Series([True, False, False, False] * 50), rounds=1))


def test_an_audit_is_kept_for_its_unit_and_for_the_data_it_was_made_of(tmp_path):
    traits, ideal = customers(3, 300)
    unit = SimpleNamespace(name="acme", market=SimpleNamespace(folder=tmp_path))
    assert read_audit(unit) is None and audit_facts(None, traits, ideal) == {"status": "not_supplied"}
    kept = {"unit": "acme", "as_of": "2026-06-30", "seed": 1, "data": data_mark(traits, ideal), "customers": 300, "ideal": 60, "planted": 20,
            "found": 17, "shuffled": 20, "claimed": 1, "lift": 3.0, "note": ""}
    save_audit(unit, kept)
    facts = audit_facts(read_audit(unit), traits, ideal)
    assert facts["status"] == "found" and facts["found_low"] < 17 / 20 < facts["found_high"] < 1
    assert audit_facts(read_audit(unit), traits, ~ideal)["status"] == "unclear"  # of other data
    assert audit_facts(read_audit(unit), traits.sample(frac=1, random_state=0), ideal)["status"] == "found"  # the same, in another order
    assert read_audit(SimpleNamespace(name="acme--north", market=unit.market)) is None
    (tmp_path / FILE).write_text("{half", encoding="utf-8")
    assert read_audit(unit) is None and [path.name for path in tmp_path.iterdir()] == [FILE]
