"""Drivers: intervals that cover, also with separation, collinear columns and few customers; silence where nothing is."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from icp_helpers.analysis import drivers as module
from icp_helpers.analysis.drivers import COLUMNS, estimate_drivers, plain_shares
from icp_helpers.analysis.firth import Logit, fit_firth


def world(seed, n=400, flip=1):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "age": rng.normal(40, 10, n),
        "revenue": rng.lognormal(3, 1, n),
        "shop": rng.random(n) < 0.4,
        "trade": rng.choice(["building", "food", "transport"], n, p=[0.5, 0.3, 0.2]),
        "nothing": rng.normal(size=n),
    }, index=[f"C{i}" for i in range(n)])
    score = 1.5 * frame["shop"] + frame["trade"].map({"building": 0.0, "food": 1.2, "transport": -1.2}).to_numpy(float)
    return frame, pd.Series(rng.random(n) < expit(flip * (score + 0.05 * (frame["age"] - 40)) - 0.5 * flip), index=frame.index)


def row(found, trait, level=None):
    rows = found[(found.trait == trait) & ((found.level == level) if level else True)]
    return rows.iloc[0]


def test_effects_flip_with_the_world():
    one, other = (estimate_drivers(*world(1, flip=flip)) for flip in (1, -1))
    assert one.attrs["mode"] == "adjusted"
    assert row(one, "shop").low > 0 and row(other, "shop").high < 0
    assert row(one, "trade", "food").low > 0 and row(one, "trade", "transport").high < 0
    assert row(one, "age").low > 0 and row(other, "age").high < 0
    assert row(one, "nothing").p_adjusted > 0.05
    assert list(one.columns) == COLUMNS and one.effect.between(-1, 1).all()


@pytest.mark.parametrize(("n", "mode"), [(60, "shares"), (300, "adjusted")])
def test_intervals_cover_the_truth(n, mode):
    """The effect of a switch among others that matter; 80 worlds, so .87 is three standard errors below .95."""
    big, _ideal = world(99, n=100_000)
    rest = big["trade"].map({"building": 0.0, "food": 1.2, "transport": -1.2}).astype(float) + 0.05 * (big["age"] - 40) - 0.5
    truth = expit(rest + 1.5).mean() - expit(rest).mean()
    found = [estimate_drivers(*world(seed, n=n)) for seed in range(80)]
    assert {one.attrs["mode"] for one in found} == {mode}
    switches = [row(one, "shop") for one in found]
    assert np.mean([one.low <= truth <= one.high for one in switches]) > 0.87


def test_under_a_hundred_customers_there_is_no_p_value():
    found = estimate_drivers(*world(2, n=99))
    assert found.p_adjusted.isna().all() and found.attrs["mode"] == "shares"
    assert found.low.le(found.effect).all() and found.high.ge(found.effect).all()


def test_under_ten_ideal_customers_a_column_there_is_no_p_value():
    frame, _ideal = world(3, n=500)
    ideal = pd.Series(np.arange(500) < 25, index=frame.index)
    assert estimate_drivers(frame, ideal).p_adjusted.isna().all()


def test_separation_stays_finite_and_seen():
    frame, _ideal = world(4)
    ideal = frame["shop"].rename("ideal")
    found = estimate_drivers(frame, ideal)
    switch = row(found, "shop")
    assert np.isfinite(found[["effect", "low", "high"]]).all(axis=None)
    assert switch.effect > 0.8 and switch.low > 0.6 and switch.p_adjusted < 0.01
    assert row(found, "nothing").low < 0 < row(found, "nothing").high


def test_plain_maximum_likelihood_would_run_away():
    """And the mutation: with hardly any penalty the coefficient of a separating column has no end."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=80)
    design, hit = np.column_stack([np.ones(80), x]), (x > 0).astype(float)
    fitted = fit_firth(design, hit)
    assert fitted.converged and 2 < fitted.coefficients[1] < 30
    assert LogisticRegression(C=1e12, max_iter=1_000).fit(design[:, 1:], hit).coef_[0, 0] > 100


def test_one_of_two_collinear_columns_is_left_and_named():
    frame, ideal = world(5)
    frame["turnover"] = frame["revenue"] * 7.5 + 1
    frame["sector"] = frame["trade"].map({"building": "F", "food": "C", "transport": "H"})
    found = estimate_drivers(frame, ideal)
    assert found.attrs["dropped"] == {"turnover": "revenue", "trade": "sector"}  # the first by name stays
    assert not found.trait.isin(["turnover", "trade"]).any()


def test_collinear_columns_kept_would_blur_the_effect(monkeypatch):
    """Mutation: without the guard the interval of one of two near copies is twice as wide."""
    frame, ideal = world(6, n=600)
    frame["age2"] = frame["age"] + np.random.default_rng(0).normal(0, 0.5, 600)
    guarded = row(estimate_drivers(frame, ideal), "age")
    assert guarded.low > 0
    monkeypatch.setattr(module, "drop_collinear", lambda terms: (terms, {}))
    blurred = row(estimate_drivers(frame, ideal), "age")
    assert blurred.high - blurred.low > 2 * (guarded.high - guarded.low)


def test_what_is_missing_is_a_level_when_it_is_frequent():
    frame, ideal = world(7, n=800)
    frame.loc[frame.index[ideal.to_numpy()][:100], "revenue"] = np.nan
    found = estimate_drivers(frame, ideal)
    assert row(found, "revenue", "(missing)").low > 0
    assert row(found, "revenue", "(missing)").customers == 100


def test_many_columns_are_screened_without_false_claims():
    rng = np.random.default_rng(8)
    noise = pd.DataFrame(rng.normal(size=(1_500, 150))).add_prefix("n")
    ideal = pd.Series(rng.random(1_500) < expit(0.8 * noise["n0"] - 1.2))
    found = estimate_drivers(noise, ideal)
    assert found.attrs["mode"] == "screened" and found.attrs["tried"] == 150
    assert found.trait[0] == "n0" and (found.p_adjusted < 0.05).sum() <= 2


def test_without_the_correction_noise_is_called_clear(monkeypatch):
    """Mutation: of 150 columns of noise, uncorrected p-values call several clear."""
    rng = np.random.default_rng(9)
    noise = pd.DataFrame(rng.normal(size=(1_500, 150))).add_prefix("n")
    ideal = pd.Series(rng.random(1_500) < 0.3)
    assert not (estimate_drivers(noise, ideal).p_adjusted < 0.05).any()
    monkeypatch.setattr(module, "multipletests", lambda p, method: (None, p))
    assert (estimate_drivers(noise, ideal).p_adjusted < 0.05).any()


def test_the_covariance_is_what_makes_the_interval(monkeypatch):
    """Mutation: half of the standard error, and the truth is often missed."""
    def halved(design, hit):
        fitted = fit_firth(design, hit)
        return Logit(fitted.coefficients, fitted.covariance / 4, fitted.converged)

    monkeypatch.setattr(module, "fit_firth", halved)
    nothing = [row(estimate_drivers(*world(seed, n=300)), "nothing") for seed in range(60)]
    assert np.mean([one.low <= 0 <= one.high for one in nothing]) < 0.9


@pytest.mark.parametrize(("frame", "ideal", "note"), [
    (pd.DataFrame(), pd.Series(dtype=bool), "empty"),
    (pd.DataFrame({"a": range(200)}), pd.Series([True] * 200), "one_class"),
    (pd.DataFrame({"a": [1] * 200, "b": np.nan, "id": [f"C{i}" for i in range(200)]}), pd.Series([True, False] * 100), "no_traits"),
    (pd.DataFrame({"a": range(200)}), pd.Series([None] * 200), "empty"),
    (pd.DataFrame({"many": [f"l{i % 90}" for i in range(200)], "inf": [np.inf, 1.0, 2.0, 3.0] * 50}), pd.Series([True, False] * 100), ""),
])
def test_odd_input_gives_the_columns_and_a_note(frame, ideal, note):
    found = estimate_drivers(frame, ideal)
    assert list(found.columns) == COLUMNS and found.attrs["note"] == note
    assert found.empty == bool(note)


def test_list_columns_count_by_their_items():
    frame, ideal = world(10, n=600)
    frame["interests"] = [["golf", "wine"] if is_ideal and i % 3 else ["wine"] if i % 2 else None for i, is_ideal in enumerate(ideal)]
    found = estimate_drivers(frame, ideal)
    assert row(found, "interests", "golf").low > 0


def test_plain_shares_are_the_counts():
    frame, ideal = world(11)
    shares = plain_shares(frame, ideal, "trade").set_index("level")
    assert shares.hits["food"] == int(ideal[frame["trade"] == "food"].sum()) and shares.n.sum() == len(frame)
    assert plain_shares(frame, ideal, "age").n.sum() == len(frame)
