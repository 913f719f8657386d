"""A score predicts customers not seen, is calibrated, says nothing on noise, and survives icp.yml to the last digit."""

import numpy as np
import pandas as pd
import pytest
import yaml
from sklearn.metrics import roc_auc_score

from icp_helpers.analysis import scoring
from icp_helpers.analysis.score_list import missing_columns, score_list
from icp_helpers.analysis.scoring import Score, fit_score
from icp_helpers.batch.cli import main
from icp_helpers.tables.errors import ParameterError


def customers(seed, n, *, sign=1.0, nuisance=10):
    """Traits of every kind with gaps, and an outcome that size, industry, a yes/no and an interest shift."""
    rng = np.random.default_rng(seed)
    traits = pd.DataFrame({
        "employees": np.exp(rng.normal(3, 1, n)).round(), "industry": rng.choice(["byg", "handel", "it"], n, p=[0.2, 0.5, 0.3]),
        "exports": rng.random(n) < 0.4, "interests": [list(rng.choice(["golf", "art", "food"], rng.integers(0, 3), False)) for _ in range(n)],
        **{f"noise_{i}": rng.normal(size=n) for i in range(nuisance)},
    })  # fmt: skip
    golf = traits["interests"].map(lambda items: "golf" in items)
    logit = sign * (1.2 * (traits["industry"] == "byg") + 0.8 * (np.log(traits["employees"] + 1) - 3) + 0.9 * traits["exports"] + golf)
    ideal = pd.Series(rng.random(n) < 1 / (1 + np.exp(2.0 - logit)))
    gaps = rng.random((n, 3)) < 0.08
    for place, name in enumerate(["employees", "industry", "exports"]):
        traits[name] = traits[name].astype(object).where(~gaps[:, place], None)
    return traits, ideal


@pytest.fixture(scope="module")
def fitted():
    return fit_score(*customers(1, 1500))


def test_it_ranks_and_calibrates_on_customers_not_seen(fitted):
    traits, ideal = customers(2, 4000)
    predicted = fitted.predict(traits)
    assert roc_auc_score(ideal, predicted) > 0.70
    assert fitted.auc == pytest.approx(roc_auc_score(ideal, predicted), abs=0.05)
    for part in np.array_split(np.argsort(predicted), 5):
        assert predicted[part].mean() == pytest.approx(ideal.to_numpy()[part].mean(), abs=0.07)


def test_a_mirrored_world_turns_the_reasons_round(fitted):
    mirrored = fit_score(*customers(1, 1500, sign=-1.0))
    one = pd.DataFrame({"industry": ["byg"]})
    assert fitted.reasons(one)[0][0].points > 0 > mirrored.reasons(one)[0][0].points


def test_yaml_keeps_every_digit(fitted):
    again = Score.from_dict(yaml.safe_load(yaml.safe_dump(fitted.to_dict(), allow_unicode=True)))
    traits, _ = customers(3, 300)
    assert again == fitted
    np.testing.assert_array_equal(again.predict(traits), fitted.predict(traits))
    assert again.reasons(traits) == fitted.reasons(traits)


def test_missing_unseen_and_absent_score_as_the_average(fitted):
    odd = pd.DataFrame({"employees": [np.nan, None], "industry": ["never seen", None], "exports": [None, pd.NA]})
    average = fitted.predict(pd.DataFrame(index=[0]))[0]
    np.testing.assert_allclose(fitted.predict(odd), average)
    assert average == pytest.approx(fitted.base_rate, abs=0.08)
    assert fitted.reasons(odd) == [(), ()]


def test_the_type_a_list_came_in_with_does_not_matter(fitted):
    traits, _ = customers(4, 60)
    as_text = traits.assign(
        employees=traits["employees"].map(lambda cell: None if cell is None else f"{cell:.0f}"),
        exports=traits["exports"].map(lambda cell: None if cell is None else str(cell).upper()),
        interests=traits["interests"].map(lambda items: "|".join(items) if items else None),
    )
    with_list = traits["interests"].map(len) > 0  # an empty list and a missing text are not the same thing
    np.testing.assert_allclose(fitted.predict(as_text)[with_list], fitted.predict(traits)[with_list])


@pytest.mark.parametrize("seed", range(6))
def test_on_shuffled_outcomes_everyone_has_the_base_rate(seed):
    traits, ideal = customers(seed, 400)
    score = fit_score(traits, ideal.sample(frac=1, random_state=seed).reset_index(drop=True))
    assert not score.signal and score.note
    np.testing.assert_allclose(score.predict(traits), score.base_rate)
    assert score.reasons(traits) == [()] * len(traits)


def test_the_silence_on_noise_comes_from_the_unseen_customers(monkeypatch):
    """Mutation: were the points of seen customers tested, noise would pass."""
    monkeypatch.setattr(scoring, "_unseen_points", lambda matrix, outcome, seed: matrix @ scoring._ridge(matrix, outcome).coef_[0])
    traits, ideal = customers(0, 400)
    assert fit_score(traits, ideal.sample(frac=1, random_state=0).reset_index(drop=True)).signal


@pytest.mark.parametrize(
    ("traits", "ideal"),
    [
        (pd.DataFrame({"x": []}), []), (pd.DataFrame({"x": [1]}), [True]), (pd.DataFrame({"x": range(50)}), [True] * 50),
        (pd.DataFrame({"x": range(50)}), [False] * 50), (pd.DataFrame(index=range(60)), [True, False] * 30),
        (pd.DataFrame({"x": [None] * 60, "y": [1] * 60, "z": [np.inf] * 60}), [True, False] * 30),
        (pd.DataFrame({"x": [f"id{i}" for i in range(60)]}), [True, False, None] * 20),
    ],
)  # fmt: skip
def test_odd_input_gives_the_base_rate_and_says_why(traits, ideal):
    score = fit_score(traits, pd.Series(ideal, dtype=object))
    assert not score.signal and score.note
    known = [one for one in ideal if one is not None]
    np.testing.assert_allclose(score.predict(traits), np.mean(known) if known else np.nan, rtol=1e-5)


def test_a_score_that_cannot_be_read_is_refused():
    with pytest.raises(ParameterError, match="08_define_profile"):
        Score.from_dict({"terms": [{"column": "x", "kind": "number", "keys": [1], "points": [1]}]})


def an_icp(**more):
    profile = {"id": "p1", "name": "Small builders", "ideal_share": 0.6,
               "criteria": [{"column": "industry", "op": "in", "value": ["byg"]}, {"column": "employees", "op": "<=", "value": 50}]}
    return {"format": 1, "unit": "u", "version": 1, "as_of": "2026-06-30", "status": "found", "outcome": {"base_rate": 0.2},
            "profiles": [profile],
            "negative_profiles": [{"id": "n1", "name": "Hagglers", "criteria": [{"column": "industry", "op": "is", "value": "it"}]}]} | more  # fmt: skip


def test_a_list_is_scored_with_tier_profile_and_reasons(fitted):
    listed = pd.DataFrame({"company": ["a", "b", "c"], "industry": ["byg", "it", None], "employees": ["40", "900", ""], "exports": [True, True, None]})
    scored = score_list(listed, an_icp(score=fitted.to_dict()))
    assert list(scored.columns) == [*listed.columns, "fit_score", "tier", "profile", "reasons"]
    assert scored["profile"].tolist() == ["Small builders", "Hagglers", ""]
    assert scored["tier"].tolist() == ["A", "C", "B"]
    assert scored["fit_score"].between(0, 1).all() and "+ industry byg" in scored.loc[0, "reasons"]


def test_without_a_score_the_profile_itself_scores():
    listed = pd.DataFrame({"industry": ["byg", "handel"], "employees": [10, 10]})
    assert score_list(listed, an_icp())["fit_score"].tolist() == [0.6, 0.2]
    hypothesis = an_icp(status="hypothesis", outcome={})
    del hypothesis["profiles"][0]["ideal_share"]
    assert score_list(listed, hypothesis)["fit_score"].tolist() == [1.0, 0.5]


def test_columns_that_a_list_lacks_are_named():
    listed = pd.DataFrame({"industry": ["byg"]})
    assert missing_columns(listed, an_icp()) == ["employees"]
    assert score_list(listed, an_icp())["profile"].tolist() == [""]
    assert score_list(listed.iloc[:0], an_icp()).empty


def test_the_command_names_the_columns_that_a_list_lacks(tmp_path, capsys):
    listed, written = tmp_path / "list.csv", tmp_path / "icp.yml"
    written.write_text(yaml.safe_dump(an_icp()), encoding="utf-8")
    for columns, missing in (({"industry": ["byg"]}, True), ({"industry": ["byg"], "employees": [12]}, False)):
        pd.DataFrame(columns).to_csv(listed, index=False)
        assert main(["score", str(listed), "--profile", str(written), "--out", str(tmp_path / "scored.csv")]) == 0
        said = capsys.readouterr().out
        assert ("asks for employees" in said) == missing and "1 rows scored" in said
