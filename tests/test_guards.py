"""Guards catch what they are for and leave honest columns alone; taking one away lets its fault through."""

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import copies as copies_module
from icp_helpers.analysis import guards
from icp_helpers.analysis.copies import copies, duplicated_rows
from icp_helpers.analysis.guards import contacts_before, coverage, leaks, lone_auc, risk_ratio, small_cells
from icp_helpers.analysis.search import Settings
from icp_helpers.analysis.task import make_task
from icp_helpers.analysis.trait_columns import read_traits
from icp_helpers.analysis.validation import stratified_folds


def honest(seed, n=800):
    """Twelve traits; three of them make a customer up to four times as often ideal."""
    rng = np.random.default_rng(seed)
    traits = pd.DataFrame({f"x{i}": rng.normal(size=n).round(2) for i in range(6)})
    traits = traits.assign(**{f"c{i}": rng.choice(list("abcd"), n) for i in range(4)}, b0=rng.random(n) < 0.3, b1=rng.random(n) < 0.5)
    inside = (traits["c0"].isin(["a", "b"]) & (traits["x0"] > -0.5) & traits["b1"]).to_numpy()
    ideal = pd.Series(rng.random(n) < np.where(inside, 0.5, 0.12))
    return traits.mask(rng.random(traits.shape) < 0.06), ideal, rng.uniform(1, 60, n), rng


def with_leak(kind, seed=0):
    n = 4000 if kind == "far_from_the_others" else 800  # one weaker than .80 stands out among steady figures only
    traits, ideal, months, rng = honest(seed, n)
    yes = ideal.to_numpy()
    leak = {
        "alone_too_good": lambda: np.where(rng.random(n) < 0.06, ~yes, yes),
        "far_from_the_others": lambda: rng.normal(size=n) + 1.0 * yes,
        "missing_by_outcome": lambda: pd.Series(rng.normal(size=n)).where(rng.random(n) < np.where(yes, 0.95, 0.5)),
        "follows_the_calendar": lambda: months + rng.normal(0, 20, n),
    }[kind]()
    if kind == "far_from_the_others":
        traits = traits.assign(**{f"more{i}": rng.normal(size=n) for i in range(12)})
    return traits.assign(leak=leak), ideal, pd.Series(months)


STATISTICAL = ["alone_too_good", "far_from_the_others", "missing_by_outcome", "follows_the_calendar"]


@pytest.mark.parametrize("kind", STATISTICAL)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_strong_leak_is_caught_and_nothing_else(kind, seed):
    traits, ideal, months = with_leak(kind, seed)
    found = leaks(traits, ideal, months=months)
    assert set(found["column"]) == {"leak"} and kind in set(found["guard"])
    assert (found["value"] > found["threshold"]).all() and (found["decision"] == "out").all()


@pytest.mark.parametrize(
    ("kind", "name", "off"),
    [("alone_too_good", "_too_good", lambda *a: []), ("far_from_the_others", "_too_good", lambda *a: []),
     ("missing_by_outcome", "_missing_by_outcome", lambda *a: []), ("follows_the_calendar", "_calendar", lambda *a: [])],
)  # fmt: skip
def test_each_guard_is_needed(kind, name, off, monkeypatch):
    """Mutation: without the guard its leak goes through."""
    monkeypatch.setattr(guards, name, off)
    traits, ideal, months = with_leak(kind)
    assert "leak" not in set(leaks(traits, ideal, months=months)["column"])


def test_a_leak_judged_on_its_own_rows_would_flag_noise(monkeypatch):
    """Mutation: without cross-fitting a column of many levels looks as if it knew the outcome."""
    traits, ideal, _, rng = honest(3, 300)
    column = read_traits(pd.DataFrame({"city": rng.choice([f"town {i}" for i in range(45)], 300)}), rare=1).columns[0]
    assert lone_auc(column, ideal.to_numpy()) < 0.6
    rate = ideal.groupby(column.values).transform("mean")
    seen = np.mean(rate[ideal].to_numpy()[:, None] > rate[~ideal].to_numpy()) + np.mean(rate[ideal].to_numpy()[:, None] == rate[~ideal].to_numpy()) / 2
    assert seen > 0.65


@pytest.mark.parametrize("kind", STATISTICAL)
def test_steps_and_the_time_machine_go_on_without_what_is_caught(kind):
    traits, ideal, months = with_leak(kind, seed=1)
    traits.index = ideal.index = [f"C{place}" for place in range(len(traits))]
    day = pd.Timestamp("2026-06-30")
    features = pd.DataFrame({"customer_id": traits.index, "acquired_on": (day - pd.to_timedelta(months * 30.4375, unit="D")).dt.date.to_numpy()})
    left, caught = guards.without_leaks(traits, ideal, features.sample(frac=1, random_state=1), day.date())
    assert caught == {"status": "found", "caught": ["leak"], "tried": 1 + left.shape[1]} and list(left.columns) == [name for name in traits if name != "leak"]


def test_what_is_declared_or_not_in_the_prospects_list_is_out():
    traits, ideal, *_ = honest(4)
    found = leaks(traits, ideal, known_after=["x1"], prospects=[name for name in traits.columns if name != "c2"])
    assert dict(zip(found["column"], found["guard"], strict=True)) == {"x1": "known_after", "c2": "absent_from_prospects"}


@pytest.mark.parametrize("n", [0, 1, 12, 40])
def test_few_customers_are_no_reason_to_flag(n):
    traits, ideal, months, _ = honest(5, 400)
    assert leaks(traits[:n], ideal[:n], months=pd.Series(months[:n])).empty


@pytest.mark.parametrize(
    "traits",
    [pd.DataFrame(index=range(60)), pd.DataFrame({"a": [None] * 60, "b": [1] * 60, "c": [np.inf, np.nan] * 30}),
     pd.DataFrame({"id": [f"k{i}" for i in range(60)], "list": [["a"], []] * 30, "day": pd.Timestamp("2026-01-01")})],
)  # fmt: skip
def test_odd_columns_pass_without_a_word(traits):
    ideal = pd.Series(np.random.default_rng(0).random(60) < 0.3)
    assert leaks(traits, ideal, months=pd.Series(range(60))).empty
    assert leaks(traits, ideal * False).empty


def test_copies_are_found_among_many_columns_and_not_among_few():
    traits, *_ = honest(6, 300)
    twice = pd.concat([traits, traits.iloc[:40]], ignore_index=True)
    group = copies(twice)
    np.testing.assert_array_equal(group[300:], group[:40])
    assert len(np.unique(group)) == 300 and duplicated_rows(twice)["value"].item() == pytest.approx(80 / 340)
    assert duplicated_rows(twice[["b0", "b1"]]).empty and duplicated_rows(traits).empty
    assert len(copies(traits.iloc[:0])) == 0


def test_folds_are_even_and_never_split_copies(monkeypatch):
    traits, *_ = honest(7, 200)
    twice = pd.concat([traits, traits], ignore_index=True)
    outcome = np.arange(400) % 200 < 60
    fold = stratified_folds(outcome, 1, copies(twice))
    np.testing.assert_array_equal(fold[:200], fold[200:])
    assert np.bincount(fold).tolist() == [80] * 5 and np.bincount(fold[outcome]).tolist() == [24] * 5
    monkeypatch.setattr(copies_module, "MOST_ALIKE", 0.0)  # mutation: nothing counts as a copy
    fold = stratified_folds(outcome, 1, copies(twice))
    assert (fold[:200] != fold[200:]).any()


@pytest.mark.parametrize("n", [400, 6_000])
def test_a_profile_is_never_judged_on_copies_of_what_it_was_made_from(n, monkeypatch):
    traits, *_ = honest(7, n // 2)
    twice, outcome = pd.concat([traits, traits], ignore_index=True), np.random.default_rng(3).random(n) < 0.3

    def shared() -> int:
        work = make_task(twice, outcome, Settings(), 0)
        row = np.arange(n) % (n // 2)
        if work.held is None:
            fold = work.folds(0)
            return sum(len(np.intersect1d(row[fold == number], row[fold != number])) for number in range(5))
        return len(np.intersect1d(row[work.part], row[work.held]))

    assert shared() == 0
    monkeypatch.setattr(copies_module, "MOST_ALIKE", 0.0)
    assert shared() > n / 10


def covered_world(seed, *, explained):
    """Builders are visited more. Either visits make customers ideal, or builders are ideal whoever visits them."""
    rng = np.random.default_rng(seed)
    n = 3000
    visits = rng.poisson(3, n)
    builder = rng.random(n) < 1 / (1 + np.exp(3 - 0.8 * visits))
    rate = 0.05 + 0.07 * visits if explained else np.where(builder, 0.4, 0.1)
    return builder, pd.Series(rng.random(n) < np.clip(rate, 0, 1)), pd.Series(visits)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_coverage_explains_what_it_made_and_nothing_else(seed):
    builder, ideal, visits = covered_world(seed, explained=True)
    found = coverage({"builder": builder}, ideal, visits)
    assert found["decision"].tolist() == ["explained"] and found["threshold"].item() > 1.5
    builder, ideal, visits = covered_world(seed, explained=False)
    assert coverage({"builder": builder}, ideal, visits).empty


def test_without_strata_coverage_explains_nothing(monkeypatch):
    """Mutation: one stratum for all."""
    monkeypatch.setattr(guards, "_strata", lambda covered: np.zeros(len(covered), int))
    builder, ideal, visits = covered_world(0, explained=True)
    assert coverage({"builder": builder}, ideal, visits).empty


def test_contacts_are_counted_up_to_the_first_purchase_and_found_through_leads():
    features = pd.DataFrame({"customer_id": ["a", "b", "c"], "acquired_on": pd.to_datetime(["2026-01-10", None, None]),
                             "first_on": pd.to_datetime(["2026-02-01", "2026-01-20", None])})
    leads = pd.DataFrame({"lead_id": ["l1", "l2"], "customer_id": ["b", None]})
    touched = pd.DataFrame({"customer_id": ["a", "a", None, None, "c"], "lead_id": [None, None, "l1", "l2", None],
                            "at": pd.to_datetime(["2026-01-10 15:00", "2026-01-11 00:00", "2026-01-19 09:00", "2026-01-01 09:00", "2026-01-01 09:00"])})
    assert contacts_before(touched, leads, features).to_dict() == {"a": 1, "b": 1, "c": 0}
    assert contacts_before(touched.iloc[3:4], leads, features) is None


def test_mantel_haenszel_by_hand():
    mask = np.array([1, 1, 0, 0, 1, 1, 1, 0, 0, 0], bool)
    outcome = np.array([1, 0, 1, 0, 1, 1, 0, 1, 0, 0], bool)
    strata = np.array([0] * 4 + [1] * 6)
    ratio, low, high = risk_ratio(mask, outcome, strata)
    assert ratio == pytest.approx((1 * 2 / 4 + 2 * 3 / 6) / (1 * 2 / 4 + 1 * 3 / 6)) and low < ratio < high
    assert all(np.isnan(risk_ratio(mask, outcome & mask, strata)))


def test_a_trait_that_names_customers_is_out():
    traits = pd.DataFrame({"cvr": [f"{i}" * 3 + "x" for i in range(50)], "region": ["a", "b"] * 25, "size": range(50)})
    assert small_cells(traits, smallest=5)["column"].tolist() == ["cvr"]
