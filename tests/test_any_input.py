"""Whatever a table holds, each fixed function gives a result or one sentence in four parts: no traceback, no warning.

The columns below stand in customers' tables that somebody, somewhere, has handed over. Every call runs with warnings
as errors, and no frame may come out changed.
"""

from __future__ import annotations

import datetime as dt
import json
import warnings
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from icp_helpers.analysis import outcome, plain, profile
from icp_helpers.analysis.drivers import COLUMNS as DRIVER_COLUMNS
from icp_helpers.analysis.drivers import estimate_drivers
from icp_helpers.analysis.kpis import KPIS, compute_kpis
from icp_helpers.analysis.profile import find_profiles
from icp_helpers.analysis.rules import COLUMNS as RULE_COLUMNS
from icp_helpers.analysis.rules import association_rules
from icp_helpers.analysis.scoring import Score, fit_score
from icp_helpers.analysis.segments import find_segments
from icp_helpers.tables.errors import IcpError, ParameterError, TableError
from icp_helpers.tables.features import customer_features

N = 240
PLACES = np.arange(N)
DRAWN = np.random.default_rng(3).random(N)


class Unhashable:
    __hash__ = None

    def __eq__(self, other):
        raise RuntimeError("not to be compared")


class Unwritable:
    def __str__(self):
        raise RuntimeError("not to be written")

    __repr__ = __str__


def cells(make) -> pd.Series:
    column = pd.Series([None] * N, dtype=object)
    for place in range(N):
        column.iat[place] = make(place)
    return column


def arrow(make, kind) -> pd.Series:
    return pd.Series([make(place) for place in range(N)], dtype=pd.ArrowDtype(kind))


COLUMNS = {
    "missing numbers": pd.Series(np.nan, range(N)),
    "missing text": pd.Series([pd.NA] * N, dtype="string"),
    "missing dates": pd.Series([pd.NaT] * N),
    "missing of Arrow": pd.Series([None] * N, dtype=pd.ArrowDtype(pa.null())),
    "one number": pd.Series(7, range(N)),
    "one text": pd.Series("x", range(N)),
    "one other": pd.Series([1.0] * (N - 1) + [2.0]),
    "two known": pd.Series([np.nan] * (N - 2) + [2.0, 3.0]),
    "infinite": pd.Series(np.where(DRAWN < 0.1, np.inf, np.where(DRAWN < 0.2, -np.inf, DRAWN))),
    "all infinite": pd.Series(np.inf, range(N)),
    "huge": pd.Series(np.where(PLACES % 2, 1.797e308, -1e300) * DRAWN),
    "tiny": pd.Series(DRAWN * 1e-310),
    "nearly one": pd.Series(1 + DRAWN * 1e-15),
    "whole and huge": cells(lambda i: 10**400 + i),
    "long doubles": pd.Series(DRAWN.astype(np.longdouble)),
    "complex": pd.Series(DRAWN + 1j),
    "complex cells": cells(lambda i: complex(i, 1)),
    "text among numbers": cells(lambda i: "n/a" if i % 5 == 0 else float(i)),
    "numbers as text": pd.Series(["nan" if i % 9 == 0 else f"{i / 7:.3f}" for i in PLACES]),
    "anything": cells(lambda i: [1, "a", None, True, 2.5, dt.date(2020, 1, 1), b"x", Decimal(1), Fraction(1, 3)][i % 9]),
    "lists": cells(lambda i: [None, [], ["a"], ["a", "b"]][i % 4]),
    "lists of anything": cells(lambda i: ["a", 1, None, ["z"], {"q": 1}][: i % 6]),
    "dicts": cells(lambda i: {"a": i % 3}),
    "sets": cells(lambda i: {"a", "b"} if i % 2 else {"c"}),
    "tuples": cells(lambda i: ("a", i % 3)),
    "arrays": cells(lambda i: np.eye(2) if i % 3 else np.array(i)),
    "tables": cells(lambda i: pd.DataFrame({"a": [i]}) if i % 2 else pd.Series([i])),
    "bytes": cells(lambda i: b"a" if i % 2 else b"b"),
    "functions": cells(lambda i: len if i % 2 else max),
    "unhashable": cells(lambda i: Unhashable()),
    "unwritable": cells(lambda i: Unwritable()),
    "dates": pd.Series(pd.date_range("2020-01-01", periods=N)),
    "times in a zone": pd.Series(pd.date_range("2020-01-01", periods=N, tz="Europe/Copenhagen")),
    "times in two zones": cells(lambda i: pd.Timestamp("2020-01-01", tz="UTC" if i % 2 else "Asia/Tokyo")),
    "days as cells": cells(lambda i: dt.date(2020, 1, 1 + i % 28)),
    "durations": pd.Series(pd.to_timedelta(PLACES, unit="h")),
    "periods": pd.Series(pd.period_range("2020-01", periods=N, freq="M")),
    "intervals": pd.Series(pd.cut(DRAWN, 5)),
    "decimals": cells(lambda i: Decimal(["NaN", "sNaN", "Infinity", "1.5", "2", "3"][i % 6])),
    "text of Arrow": arrow(lambda i: "a" if i % 3 else None, pa.string()),
    "decimals of Arrow": arrow(lambda i: Decimal(i), pa.decimal128(10, 2)),
    "yes/no of Arrow": arrow(lambda i: bool(i % 2) if i % 5 else None, pa.bool_()),
    "times of Arrow": arrow(lambda i: dt.datetime(2020, 1, 1 + i % 28), pa.timestamp("us", "UTC")),
    "lists of Arrow": arrow(lambda i: ["a", "b"][: i % 3], pa.list_(pa.string())),
    "records of Arrow": arrow(lambda i: {"a": i % 3}, pa.struct([("a", pa.int64())])),
    "levels of Arrow": arrow(lambda i: "ab"[i % 2], pa.dictionary(pa.int32(), pa.string())),
    "unused categories": pd.Series(pd.Categorical(["ab"[i % 2] for i in PLACES], categories=list("abcz"))),
    "ordered categories": pd.Series(pd.Categorical(["lo" if i % 2 else "hi" for i in PLACES], categories=["lo", "hi"], ordered=True)),
    "categories of anything": pd.Series(pd.Categorical([[1, "a", 2.5][i % 3] for i in PLACES])),
    "nullable numbers": pd.Series([int(i % 20) if i % 5 else None for i in PLACES], dtype="Int64"),
    "nullable yes/no": pd.Series([bool(i % 2) if i % 5 else None for i in PLACES], dtype="boolean"),
    "sparse": pd.Series(pd.arrays.SparseArray(np.where(DRAWN < 0.5, np.nan, DRAWN))),
    "names of customers": pd.Series([f"id{i}" for i in PLACES]),
    "codes": pd.Series([f"{i % 30:04d}" for i in PLACES]),
    "odd characters": cells(lambda i: ["a\0b", "\ud800a", "", "  ", "A\u030a", "%';--"][i % 6]),
    "bars": pd.Series(["a|b" if i % 2 else "|" for i in PLACES]),
}


def customers() -> tuple[pd.DataFrame, pd.Series]:
    """Among 240, who has plan pro and works remotely is ideal four times of five, others three in twenty."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"plan": rng.choice(["basic", "pro", "max"], N), "size": rng.lognormal(3, 1, N).round(), "remote": rng.random(N) < 0.4})
    return frame, pd.Series(rng.random(N) < np.where((frame.plan == "pro") & frame.remote, 0.8, 0.15))


def check_all(traits, ideal=None, functions=(find_profiles, fit_score, find_segments, estimate_drivers)) -> list:
    """Each function's result after its promises were held, or the IcpError that it refuses with."""
    given = traits.copy(deep=True) if isinstance(traits, pd.DataFrame) else None
    results = []
    for function in functions:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                result = function(traits) if function is find_segments else function(traits, ideal)
                HOLDS[function](result, traits)
            except IcpError as refused:
                assert all((refused.what, refused.where, refused.found, refused.remedy)) and "\n" not in str(refused)
                result = refused
        results.append(result)
    if given is not None:
        assert given.dtypes.equals(traits.dtypes) and given.index.equals(traits.index) and given.columns.equals(traits.columns)
        assert all(map(same_cell, given.to_numpy(dtype=object).ravel(), traits.to_numpy(dtype=object).ravel()))
    return results


def same_cell(one, other) -> bool:
    return one is other or type(one) is type(other)


def _profiles_hold(result, traits):
    assert result.status in ("found", "none", "too_few")
    for found in result.profiles:
        inside = found.members(traits)
        assert inside.dtype == bool and inside.shape == (len(traits),)


def _score_holds(score, traits):
    read = Score.from_dict(json.loads(json.dumps(score.to_dict())))
    predicted = score.predict(traits)
    np.testing.assert_array_equal(predicted, read.predict(traits))
    assert predicted.shape == (len(traits),) and (np.isnan(predicted) | ((predicted >= 0) & (predicted <= 1))).all()
    assert score.reasons(traits) == read.reasons(traits)


def _segments_hold(segments, traits):
    assert segments.labels.index.equals(traits.index) and segments.labels.nunique() <= max(segments.k, 1) <= 8


def _drivers_hold(drivers, traits):
    assert list(drivers.columns) == DRIVER_COLUMNS
    assert ((drivers.low <= drivers.effect) & (drivers.effect <= drivers.high)).all() and drivers.effect.abs().le(1).all()


HOLDS = {find_profiles: _profiles_hold, fit_score: _score_holds, find_segments: _segments_hold, estimate_drivers: _drivers_hold}
FAST = (find_profiles, fit_score, estimate_drivers)


@pytest.mark.parametrize("name", COLUMNS)
def test_no_column_stops_a_search(name):
    frame, ideal = customers()
    frame["odd"] = COLUMNS[name]
    found, score, drivers = check_all(frame, ideal, FAST)
    assert found.status == "found" and {"plan", "remote"} <= {one.column for one in found.profiles[0].criteria}
    assert score.signal and {"plan", "remote"} <= set(drivers.trait)
    check_all(frame[["odd"]], ideal, FAST)


def test_all_odd_columns_at_once_and_no_segments_of_them_alone():
    frame, ideal = customers()
    assert not any(isinstance(one, IcpError) for one in check_all(frame.join(pd.DataFrame(COLUMNS)), ideal))
    for name in ("huge", "tiny", "complex", "anything", "arrays", "unwritable"):
        check_all(pd.DataFrame({"odd": COLUMNS[name]}), functions=(find_segments,))


def test_without_plain_cells_the_searches_stop(monkeypatch):
    """Mutation: with the front door open, what cannot be hashed reaches the search."""
    frame, ideal = customers()
    frame["odd"] = COLUMNS["arrays"]
    monkeypatch.setattr(outcome, "plain_frame", lambda traits: traits)
    with pytest.raises((TypeError, ValueError)):
        find_profiles(frame, ideal)


def outcomes() -> dict:
    ideal = customers()[1]
    gap = PLACES % 9 > 0
    return {
        "as whole numbers": (ideal.astype(int), None), "as a list": (ideal.tolist(), None), "as an array": (ideal.to_numpy(), None),
        "as a column": (ideal.to_numpy()[:, None], None), "as a frame": (ideal.to_frame(), None), "as an index": (pd.Index(ideal), None),
        "of Arrow": (ideal.astype(pd.ArrowDtype(pa.bool_())), None), "as an Arrow array": (pa.array(ideal.tolist()).to_pandas(), None),
        "as categories": (ideal.astype("category"), None), "sparse": (pd.Series(pd.arrays.SparseArray(ideal)), None),
        "as Decimals": (ideal.map(lambda one: Decimal(int(one))), None), "numbered otherwise": (ideal.set_axis(range(1000, 1000 + N)), None),
        "backwards": (ideal[::-1], None), "named otherwise": (ideal.set_axis([f"c{i}" for i in PLACES]), None),
        "floats with gaps": (ideal.astype(float).where(gap), "known"), "nullable with gaps": (ideal.astype("boolean").where(gap), "known"),
        "yes and no": (ideal.map({True: "yes", False: "no"}), "cannot be read"), "two and three": (ideal + 2, "cannot be read"),
        "shares": (ideal * 0.5 + 0.1, "cannot be read"), "infinite": (ideal.astype(float).replace({1.0: np.inf}), "cannot be read"),
        "lists": (cells(lambda i: [1]), "cannot be read"), "unhashable": (cells(lambda i: Unhashable()), "cannot be read"),
        "dates": (COLUMNS["dates"], "cannot be read"), "too short": (ideal[:-5], "unequal lengths"), "none": (None, "do not go together"),
        "one word": ("ideal", "do not go together"), "one yes": (True, "do not go together"), "a set": ({True, False}, "do not go together"),
        "two columns": (pd.DataFrame({"a": ideal, "b": ideal}), "do not go together"),
    }  # fmt: skip


@pytest.mark.parametrize("name", outcomes())
def test_the_outcome_is_read_in_any_form_or_refused_in_a_sentence(name):
    ideal, says = outcomes()[name]
    frame, truth = customers()
    results = check_all(frame, ideal, FAST)
    if says not in (None, "known"):
        assert all(isinstance(one, ParameterError) and says in str(one) for one in results)
        return
    found, score, drivers = results
    known = N if says is None else int((PLACES % 9 > 0).sum())
    assert found.customers == score.customers == drivers.attrs["customers"] == known
    assert says == "known" or found.ideal == score.ideal == drivers.attrs["ideal"] == int(truth.sum())


def test_labels_that_do_not_match_are_refused_and_shuffled_ones_put_in_order():
    frame, ideal = customers()
    named = frame.set_axis([f"c{i}" for i in PLACES])
    for result in check_all(named, ideal.set_axis([f"c{i + 9}" for i in PLACES]), FAST):
        assert isinstance(result, ParameterError) and "231 of 240" in str(result)
    shuffled = ideal.set_axis(named.index).sample(frac=1, random_state=1)
    assert find_profiles(named, shuffled).profiles[0].criteria == find_profiles(frame, ideal).profiles[0].criteria


def shapes() -> dict:
    frame, ideal = customers()
    pairs = pd.MultiIndex.from_arrays([PLACES // 2, PLACES % 2])
    return {
        "names twice": (pd.concat([frame, frame], axis=1), ideal), "numbered columns": (frame.set_axis([0, 1, 2], axis=1), ideal),
        "nameless columns": (frame.set_axis([None, np.nan, pd.NaT], axis=1), ideal), "blank names": (frame.set_axis(["", " ", "x"], axis=1), ideal),
        "names in two rows": (frame.set_axis(pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)]), axis=1), ideal),
        "one name as number and text": (frame.set_axis(["1", 1, 1.0], axis=1), ideal), "a column ideal": (frame.assign(ideal=ideal), ideal),
        "our own names": (frame.set_axis(["level", "trait", "segment"], axis=1), ideal), "labels in pairs": (frame.set_index(pairs), ideal.set_axis(pairs)),
        "one label": (frame.set_axis([0] * N), ideal.set_axis([0] * N)), "labels twice": (frame.set_axis(PLACES // 2), ideal),
        "labels missing": (frame.set_axis([np.nan] * N), ideal), "no rows": (frame[:0], ideal[:0]), "nothing": (pd.DataFrame(), pd.Series(dtype=bool)),
        "no columns": (frame[[]], ideal), "one row": (frame[:1], ideal[:1]), "two rows": (frame[:2], pd.Series([True, False])),
        "twenty rows": (frame[:20], ideal[:20]), "all ideal": (frame, ideal | True), "none ideal": (frame, ideal & False),
        "one ideal": (frame, pd.Series(PLACES == 5)), "nobody known": (frame, pd.Series(np.nan, range(N))),
    }  # fmt: skip


@pytest.mark.parametrize("name", shapes())
def test_frames_of_any_shape(name):
    assert not any(isinstance(one, IcpError) for one in check_all(*shapes()[name]))


@pytest.mark.parametrize("traits", [None, [], {"a": [1]}, np.eye(3), pd.Series([1, 2]), pa.table({"a": [1, 2]})], ids=lambda one: type(one).__name__)
def test_what_is_no_table_is_refused(traits):
    assert all(isinstance(one, ParameterError) and "no table" in str(one) for one in check_all(traits, [True, False]))


@pytest.mark.parametrize("seed", [-1, 2**70, np.int64(-5), None, "a", 1.5, True], ids=repr)
def test_any_whole_number_is_a_seed(seed):
    frame, ideal = customers()
    if isinstance(seed, (int, np.integer)) and not isinstance(seed, bool):
        assert find_profiles(frame, ideal, seed=seed).status == "found" and fit_score(frame, ideal, seed=seed).signal
        assert find_segments(frame[["size"]], seed=seed).k >= 1
        return
    for function in (find_profiles, fit_score):
        with pytest.raises(ParameterError, match="whole number"):
            function(frame, ideal, seed=seed)


def digest(result, traits):
    """Everything that a reader sees of a result, for frames in any order."""
    if isinstance(result, Score):
        return json.dumps(result.to_dict()), np.sort(result.predict(traits)).tolist()
    if hasattr(result, "profiles"):
        return [(one.criteria, one.customers, one.p_value, one.unseen, one.stability, one.marks) for one in result.profiles], result.p_value
    return result.drop(columns=["effect", "low", "high", "p_adjusted"]).to_csv(), result.effect.round(9).tolist(), result.attrs


@settings(max_examples=4, deadline=None)
@given(st.randoms(use_true_random=False))
def test_no_result_depends_on_the_order_of_rows_columns_or_labels(random):
    frame, ideal = customers()
    frame["likes"], frame["score"] = COLUMNS["lists"], DRAWN
    rows, names = random.sample(range(N), N), random.sample(list(frame), frame.shape[1])
    other = frame.iloc[rows][names].set_axis([f"x{i}" for i in PLACES])
    for function in FAST:
        assert digest(function(frame, ideal), frame) == digest(function(other, ideal.iloc[rows].tolist()), other)


def test_an_order_of_their_own_would_move_the_rates(monkeypatch):
    """Mutation: without the order by content, folds and shuffles follow the rows as they came."""
    frame, ideal = customers()
    monkeypatch.setattr(outcome, "content_order", lambda known, _outcome: np.arange(len(known)))
    rows = np.random.default_rng(0).permutation(N)
    assert digest(find_profiles(frame, ideal), frame) != digest(find_profiles(frame.iloc[rows], ideal.iloc[rows]), frame)


def test_a_profile_and_a_score_meet_lists_that_look_otherwise():
    frame, ideal = customers()
    found, score = find_profiles(frame, ideal).profiles[0], fit_score(frame, ideal)
    inside, points = found.members(frame), score.predict(frame)
    as_text = frame.assign(remote=frame.remote.map({True: "true", False: "false"}), size=frame["size"].map(lambda one: f"{one:.0f}"))
    for other in (frame.assign(extra=1)[["extra", "size", "remote", "plan"]], frame.astype(object), as_text, frame.assign(plan=frame.plan.astype("category"))):
        np.testing.assert_array_equal(found.members(other), inside)
        np.testing.assert_allclose(score.predict(other), points)
    with pytest.raises(TableError, match="'plan' is missing"):
        found.members(frame[["remote", "size"]])
    assert np.isfinite(score.predict(frame[["size"]])).all() and np.isfinite(score.predict(frame[[]])).all()


CELL = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.binary(max_size=2), st.decimals(), st.dates(), st.timedeltas(),
    st.complex_numbers(), st.lists(st.one_of(st.text(max_size=2), st.none(), st.integers()), max_size=3), st.dictionaries(st.text(max_size=1), st.integers()),
)


@settings(max_examples=12, deadline=None)
@example([None], [["\x00"]]).via("found by the fuzzer: an item that no criterion can ask for")
@example([None], [None, "\x00"]).via("found by the fuzzer: a level that an array of texts loses")
@given(st.lists(CELL, min_size=1, max_size=6), st.lists(CELL, min_size=1, max_size=6))
def test_any_cells_are_made_plain_once_and_never_fail(first, second):
    frame = pd.DataFrame({"a": cells(lambda i: first[i % len(first)]), "b": cells(lambda i: second[i % len(second)])})[:60]
    ideal = pd.Series(DRAWN[:60] < 0.45)
    assert not any(isinstance(one, IcpError) for one in check_all(frame, ideal, FAST))
    once = plain.plain_frame(frame)
    assert plain.plain_frame(once).equals(once)


SHARES = {"min_support": 0.01, "min_confidence": 0.1}


@pytest.mark.parametrize("name", COLUMNS)
def test_baskets_and_items_of_any_kind(name):
    odd = COLUMNS[name][:60].reset_index(drop=True)
    for table in ({"basket_id": np.arange(60) // 3, "item": odd}, {"basket_id": odd, "item": np.resize(list("abcd"), 60)}):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert list(association_rules(pd.DataFrame(table), **SHARES, max_length=3).columns) == RULE_COLUMNS


BASKETS = pd.DataFrame({"basket_id": np.arange(60) // 3, "item": np.resize(list("abcd"), 60)})


@pytest.mark.parametrize(("baskets", "change"), [
    (None, {}), ([], {}), (BASKETS.item, {}), (BASKETS[["item"]], {}), (pd.concat([BASKETS, BASKETS], axis=1), {}), (BASKETS, {"min_support": 0}),
    (BASKETS, {"min_support": "a"}), (BASKETS, {"min_support": np.nan}), (BASKETS, {"min_confidence": np.inf}), (BASKETS, {"min_confidence": True}),
    (BASKETS, {"max_length": 0}), (BASKETS, {"max_length": 2.5}),
])  # fmt: skip
def test_baskets_that_are_none_are_refused(baskets, change):
    with pytest.raises(IcpError) as refused:
        association_rules(baskets, **SHARES | change)
    assert refused.value.where and refused.value.remedy.endswith(".")


def orders(**changes) -> pd.DataFrame:
    table = {"order_id": range(20), "customer_id": [f"c{i % 5}" for i in range(20)], "ordered_at": pd.date_range("2026-01-01", periods=20),
             "amount": np.arange(20) * 10.0}
    return pd.DataFrame({name: column for name, column in (table | changes).items() if column is not None})


@pytest.mark.parametrize(("changes", "refused"), [
    ({}, None), ({"amount": np.nan}, None), ({"amount": np.inf}, None), ({"amount": 1e300}, None), ({"order_id": None}, None),
    ({"amount": [Decimal(i) for i in range(20)]}, None), ({"refund_of": [None] * 19 + ["x"]}, None), ({"refund_of": [None] * 19 + [3]}, None),
    ({"amount": "abc"}, "'amount'"), ({"amount": None}, "'amount'"), ({"ordered_at": "yesterday"}, "'ordered_at'"), ({"customer_id": None}, "'customer_id'"),
])  # fmt: skip
def test_orders_of_any_kind(changes, refused):
    table = ibis.memtable(orders(**changes))
    if refused:
        with pytest.raises(TableError, match=refused):
            customer_features(table, as_of="2026-06-30")
        return
    found = customer_features(table, as_of=dt.date(2026, 6, 30)).to_pyarrow().to_pandas()
    assert len(found) == 5 and found.orders.sum() >= 18 and (found.recency_days >= 161).all()


@pytest.mark.parametrize("as_of", [None, "x", "2026-13-01", pd.NaT, 5], ids=repr)
def test_a_last_day_that_is_no_date_is_refused(as_of):
    with pytest.raises(ParameterError, match="no date"):
        customer_features(ibis.memtable(orders()), as_of=as_of)
    with pytest.raises(TableError, match="no Ibis table"):
        customer_features(orders(), as_of="2026-06-30")


MARKET = SimpleNamespace(kind="b2b", as_of=dt.date(2026, 6, 30), currency="DKK", timezone="UTC", value_event=None, seed=1, rollout=None,
                         economics=SimpleNamespace(margin_rate=0.4, discount_rate=0.08, horizon_months=36))


@pytest.mark.parametrize("name", COLUMNS)
def test_kpis_of_any_column(name):
    ids = [f"c{i}" for i in PLACES]
    day = pd.Series(pd.date_range("2025-01-01", periods=N))
    odd = COLUMNS[name].rename("odd")
    tables = {"customers": pd.DataFrame({"customer_id": ids, "acquired_on": day, "left_on": odd, "odd": odd}),
              "orders": pd.DataFrame({"order_id": ids, "customer_id": ids, "ordered_at": day, "amount": odd}),
              "surveys": pd.DataFrame({"customer_id": ids, "asked_on": odd, "kind": "nps", "score": odd, "scale_max": 10})}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = compute_kpis(tables, MARKET, by="odd")
    assert set(found.kpi) == set(KPIS) and np.isfinite(found.value.dropna()).all()


def test_the_profile_says_what_it_left_out():
    frame, ideal = customers()
    frame["gone"], frame["when"], frame["odd"] = np.nan, COLUMNS["dates"], COLUMNS["dicts"]
    notes = " ".join(find_profiles(frame, ideal).notes)
    assert all(f"'{name}' was left out" in notes for name in ("gone", "when", "odd"))
    assert profile.find_profiles(frame, ideal & (PLACES < 40)).status == "too_few"
