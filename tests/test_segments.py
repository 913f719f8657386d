"""Segments: planted groups are found and come back, structureless data give one group, and each guard is needed."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from icp_helpers.analysis import mixture, one_group, segments
from icp_helpers.analysis.segments import find_segments


def planted(seed, n=400, apart=2.0):
    """Four groups in three numbers, one of them skewed, two categories and a flag, among noise, with gaps."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 4, n)
    centres = rng.permuted(np.tile([-1.5, -0.5, 0.5, 1.5], (3, 1)), axis=1) * apart
    columns = {f"x{j}": centres[j][group] + rng.normal(size=n) for j in range(3)}
    columns["x0"] = np.exp(columns["x0"] / 2)
    for name in ("trade", "region"):
        columns[name] = np.where(rng.random(n) < 0.8, rng.permutation(list("abcd"))[group], rng.choice(list("abcd"), n))
    columns["flag"] = rng.random(n) < np.array([0.1, 0.9, 0.2, 0.8])[group]
    columns |= {f"noise{j}": rng.normal(size=n) for j in range(3)} | {"letter": rng.choice(list("vwxyz"), n)}
    frame = pd.DataFrame(columns, index=[f"C{i:04}" for i in range(n)])
    return frame.mask(rng.random(frame.shape) < 0.05), group


def structureless(kind, seed, n=600):
    rng = np.random.default_rng(seed)
    if kind == "size axis":
        size = rng.normal(size=n)
        return pd.DataFrame({f"x{j}": np.exp(size + 0.5 * rng.normal(size=n)) for j in range(5)} | {"band": pd.cut(size, 4).astype(str)})
    if kind == "correlated":
        return pd.DataFrame(rng.normal(size=(n, 6)) @ rng.normal(size=(6, 6)))
    if kind == "uniform":
        return pd.DataFrame(rng.random((n, 3)))
    if kind == "skewed":
        return pd.DataFrame(np.column_stack([rng.exponential(size=(n, 3)), rng.standard_t(2, size=(n, 2))]))
    return pd.DataFrame({f"c{m}": rng.choice([f"l{i}" for i in range(m)], n) for m in (2, 3, 6, 40)} | {"yes": rng.random(n) < 0.3})


KINDS = ["size axis", "correlated", "uniform", "skewed", "categories"]


@pytest.mark.parametrize("seed", [1, 2])
def test_planted_groups_are_found_and_named_by_their_own_traits(seed):
    frame, group = planted(seed)
    found = find_segments(frame, seed=seed)
    assert found.k == 4
    assert adjusted_rand_score(group, found.labels) > 0.85
    low, high = found.stability_interval
    assert 0.75 <= found.stability <= 1 and low <= found.stability <= high
    assert list(found.names) == list(found.labels.value_counts().index)
    telling = {trait for pairs in found.names.values() for trait, _level in pairs}
    assert telling <= {"x0", "x1", "x2", "trade", "region", "flag"}


@pytest.mark.parametrize("kind", KINDS)
def test_structureless_data_have_one_group(kind):
    found = find_segments(structureless(kind, seed=7), seed=7)
    assert found.k == 1 and set(found.labels) == {"all customers"}
    assert np.isnan(found.stability)


def test_labels_are_the_same_after_rows_and_columns_are_shuffled():
    frame, _group = planted(3, n=300)
    once = find_segments(frame, seed=3)
    rng = np.random.default_rng(0)
    again = find_segments(frame.sample(frac=1, random_state=1)[rng.permutation(frame.columns)], seed=3)
    assert once.k > 1
    pd.testing.assert_series_equal(once.labels, again.labels.loc[frame.index])


def test_a_sample_serves_a_large_market(monkeypatch):
    frame, group = planted(4, n=1_500)
    monkeypatch.setattr(segments, "FIT_ON", 500)
    monkeypatch.setattr(segments, "CHUNK", 700)
    found = find_segments(frame, seed=4)
    assert found.sampled == 500 and len(found.labels) == 1_500
    assert adjusted_rand_score(group, found.labels) > 0.85


def test_few_distinct_rows_keep_their_shares_in_the_sample():
    frame = pd.DataFrame({"a": ["x"] * 700 + ["y"] * 300})
    order = segments._canonical_order(segments.read_traits(frame), seed=0)
    sampled = frame.a.to_numpy()[order][segments._spread(1_000, 100)]
    assert 25 <= (sampled == "y").sum() <= 35


@pytest.mark.parametrize(("frame", "note"), [
    (pd.DataFrame(), "too_few"),
    (pd.DataFrame({"a": [1.0, 2.0]}), "too_few"),
    (pd.DataFrame({"a": [1] * 80, "b": [None] * 80, "id": [f"C{i}" for i in range(80)]}), "no_traits"),
    (pd.DataFrame({"a": [np.inf, -np.inf] * 40}), "no_traits"),
    (pd.DataFrame({"flag": [True, False, None, True] * 20}), ""),
    (pd.DataFrame({"list": [["a", "b"], ["b"], None, []] * 20, "when": pd.Timestamp("2026-01-01")}), ""),
    (pd.DataFrame({"mixed": [1.0, "two", 3, None] * 20, "x": range(80)}), ""),
    (pd.DataFrame({"many": [f"l{i % 39}" for i in range(80)], "x": np.arange(80) % 7}), ""),
])
def test_odd_input_gives_one_group_and_the_reasons(frame, note):
    found = find_segments(frame)
    assert found.k == 1 and found.note == note
    assert found.labels.index.equals(frame.index)
    if "id" in frame:
        assert dict(found.left.itertuples(index=False)) == {"a": "constant", "b": "empty", "id": "identifier"}


def test_without_the_gap_a_size_axis_becomes_segments(monkeypatch):
    """Mutation: stability alone says yes to a continuous axis."""
    for name in ("CLEAR_GAP", "SURE_GAP"):
        monkeypatch.setattr(segments, name, -np.inf)
    monkeypatch.setattr(segments, "CLEAR_Z", -np.inf)
    assert any(find_segments(structureless("size axis", seed, n=300), seed=seed).k > 1 for seed in (7, 8))


def test_with_independent_columns_as_the_reference_ties_become_segments(monkeypatch):
    """Mutation: a reference without the ties between the columns takes any correlation for groups."""
    monkeypatch.setattr(one_group, "_scores_correlation", lambda ordinals: np.eye(ordinals.shape[1]))
    gaps = segments._try_all(*_coded(structureless("size axis", 7, n=300)), seed=7)[0]
    assert (gaps.gap >= segments.CLEAR_GAP).any()


def test_groups_that_do_not_come_back_are_not_claimed(monkeypatch):
    """And the mutation: without the demand they are."""
    monkeypatch.setattr(segments, "_bootstrap", lambda *_args: np.full(segments.BOOTSTRAPS, 0.5))
    frame, _group = planted(1, n=300)
    assert find_segments(frame).k == 1
    monkeypatch.setattr(segments, "STABLE", 0.0)
    assert find_segments(frame).k > 1


def beside_noise(seed, group):
    """The group in six measures, beside a category and a skewed number that have nothing to do with it."""
    rng, groups = np.random.default_rng(seed), group.max() + 1
    centres = rng.permuted(np.tile(np.linspace(-2, 2, groups), (6, 1)), axis=1).T
    frame = pd.DataFrame(centres[group] + rng.normal(size=(len(group), 6))).add_prefix("m")
    return frame.assign(letter=rng.choice(list("abc"), len(group)), wait=rng.exponential(size=len(group)))


def test_a_trait_of_its_own_does_not_part_the_groups(monkeypatch):
    """Six clusters, each group once for each level, are as clear as two, and may come back. And the mutation: without the
    question whether a segment itself falls apart, more than two are taken."""
    group = np.random.default_rng([56, 2]).choice(2, 1_500, p=[0.4, 0.6])
    frame = beside_noise(56, group)
    found = find_segments(frame, seed=56)
    assert found.k == 2 and adjusted_rand_score(group, found.labels) > 0.95
    monkeypatch.setattr(segments, "_falls_apart", lambda *_args: True)
    assert find_segments(frame, seed=56).k > 2


def test_uneven_groups_are_told_apart_by_the_likelihood_and_not_by_its_spread(monkeypatch):
    """The mutation: without the spread of each number the widest fit looks the likeliest, and noise parts a group."""
    group = np.repeat([0, 1, 2, 3], [109, 138, 70, 283])
    blocks, codes = _coded(beside_noise(9, group))
    assert adjusted_rand_score(group, segments._fit(blocks, codes, 4, 9).predict(codes)) > 0.9
    density = mixture.Mixture.log_density

    def without_the_spread(fit, codes):
        number = ~fit.is_level
        return density(fit, codes) + ((codes[:, number] != 0) @ np.log(fit.variances[number]))[:, None] / 2

    monkeypatch.setattr(mixture.Mixture, "log_density", without_the_spread)
    assert adjusted_rand_score(group, segments._fit(blocks, codes, 4, 9).predict(codes)) < 0.5


def _coded(frame):
    sample = segments._take(segments.read_traits(frame.rename(columns=str)), np.arange(len(frame)))
    blocks = segments.fit_blocks(list(sample.values()))
    return blocks, segments.code(blocks, sample)
