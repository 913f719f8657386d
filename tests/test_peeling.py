"""Several profiles in one sample: parted where they share a trait, and each fitted once more beside the others."""

import numpy as np
import pandas as pd
import pytest
from test_profile import traits

from icp_helpers.analysis import peeling
from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.analysis.search import Settings
from icp_helpers.analysis.worth import Sample

FOOD = (Criterion("trade", "in", ("food",)), Criterion("rating", ">=", 4))
CARE = (Criterion("trade", "in", ("care",)), Criterion("exports", "is", True))
MAIL = Criterion("channels", "has", "mail")


def met_by_mail(seed, profiles=(FOOD, CARE), n=2_500):
    """Profiles whose members are mostly met by mail, as others seldom are. Who is ideal follows the profiles alone."""
    frame, rng = traits(seed, n), np.random.default_rng([seed, 5])
    inside = np.logical_or.reduce([members(frame, one) for one in profiles])
    mail = rng.random(n) < np.where(inside, 0.9, 0.1)
    frame["channels"] = [["fair", "mail"] if one else ["fair"] for one in mail]
    return peeling.make_space(frame, Settings()), rng.random(n) < np.where(inside, 0.6, 0.05)


def everybody(ideal):
    return Sample(ideal, np.ones(len(ideal), dtype=int))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_set_that_joins_two_profiles_is_parted(seed):
    space, ideal = met_by_mail(seed)
    one = peeling.part(space, (Criterion("trade", "in", ("care", "food")), MAIL), everybody(ideal))
    assert {criterion.column for criterion in one} in ({"trade", "rating"}, {"trade", "exports"})


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_set_that_is_one_profile_stays_one(seed):
    whole = (Criterion("trade", "in", ("care", "food")), Criterion("rating", ">=", 4))
    space, ideal = met_by_mail(seed, (whole,))
    assert peeling.part(space, whole, everybody(ideal)) == whole


@pytest.mark.parametrize("seed", [2, 4, 7])
def test_four_profiles_taken_for_one_are_parted_unless_each_is_valued_while_the_others_stand_among_the_rest(seed, monkeypatch):
    profiles = (FOOD, CARE, (Criterion("trade", "in", ("retail",)), Criterion("region", "in", ("north",))),
                (Criterion("trade", "in", ("building",)), Criterion("size", ">=", 60)))
    space, ideal = met_by_mail(seed, profiles)
    joined = (Criterion("trade", "in", ("building", "care", "food", "retail")), MAIL)
    assert len(peeling.part(space, joined, everybody(ideal))[0].value) == 1
    monkeypatch.setattr(peeling, "_together", lambda space, rules, sample: sum(space.refiner.value(rule, sample) for rule in rules))
    assert peeling.part(space, joined, everybody(ideal)) == joined


def test_a_set_that_is_worth_nothing_has_no_parts():
    space, _ideal = met_by_mail(1)
    chance = np.random.default_rng(1).random(2_500) < 0.1
    weak = (Criterion("trade", "in", ("care", "food")), Criterion("rating", ">=", 2))
    assert space.refiner.value(weak, everybody(chance)) < 0 and peeling.part(space, weak, everybody(chance)) == weak


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_rule_that_the_others_blurred_is_mended_beside_them(seed):
    space, ideal = met_by_mail(seed)
    rough = [((Criterion("trade", "in", ("care", "food")), MAIL), 1.0), (CARE, 2.0)]
    everyone = np.ones((1, len(ideal)), dtype=int)
    fitted = peeling.refit(space, ideal, everyone, [rough])[0]
    assert set(fitted[0][0]) == set(FOOD) and set(fitted[1][0]) == set(CARE)
    assert [score for _rule, score in fitted] == [1.0, 2.0]


def test_fitted_among_all_instead_of_among_those_left_the_rule_stays_blurred(monkeypatch):
    space, ideal = met_by_mail(1)
    rough = [((Criterion("trade", "in", ("care", "food")), MAIL), 1.0), (CARE, 2.0)]
    monkeypatch.setattr(peeling, "part", lambda space, rule, sample: rule)  # which would mend it by itself
    everyone = np.ones((1, len(ideal)), dtype=int)
    assert set(peeling.refit(space, ideal, everyone, [rough])[0][0][0]) == set(FOOD)
    monkeypatch.setattr(peeling, "left_by", lambda space, rules: np.ones(len(ideal), dtype=int))
    assert set(peeling.refit(space, ideal, everyone, [rough])[0][0][0]) != set(FOOD)


def test_no_rule_is_fitted_wider_than_a_rule_may_be(monkeypatch):
    """One wide group where a narrow rule stands: what is worth more would hold two fifths of the customers."""
    wide = (Criterion("exports", "is", True),)
    space, ideal = met_by_mail(4, (wide,))
    narrow = [((*wide, Criterion("rating", ">=", 4)), 1.0), (FOOD, 1.0)]
    everyone = np.ones((1, len(ideal)), dtype=int)
    widest = Settings().widest_share * len(ideal)
    assert space.met(peeling.refit(space, ideal, everyone, [narrow])[0][0][0]).sum() <= widest
    monkeypatch.setattr(peeling, "_worth_most", lambda space, rule, starts, sample: space.refiner.refine(rule, sample))
    assert space.met(peeling.refit(space, ideal, everyone, [narrow])[0][0][0]).sum() > widest


def test_one_rule_alone_that_joins_two_profiles_becomes_one_of_them():
    space, ideal = met_by_mail(1)
    rough = [((Criterion("trade", "in", ("care", "food")), MAIL), 1.0)]
    [[(rule, score)]] = peeling.refit(space, ideal, np.ones((1, len(ideal)), dtype=int), [rough])
    assert set(rule) in (set(FOOD), set(CARE)) and score == 1.0


def test_levels_whose_rates_differ_by_chance_are_one_set_once_the_others_are_set_aside():
    counts = {"care": (60, 47), "food": (80, 46), "retail": (400, 24), "transport": (460, 23)}  # customers, and of them ideal
    frame = pd.DataFrame({"trade": np.repeat(list(counts), [n for n, _ in counts.values()])})
    ideal = np.concatenate([np.arange(n) < hits for n, hits in counts.values()])
    space, start = peeling.make_space(frame, Settings()), [Criterion("trade", "in", ("care",))]
    assert space.refiner.refine(start, everybody(ideal), sets=False) == tuple(start)
    assert space.refiner.refine(start, everybody(ideal)) == (Criterion("trade", "in", ("care", "food")),)


@pytest.mark.parametrize(("apart", "beside_size", "chosen"), [(1, True, "size"), (1, False, "staff"), (12, True, "staff")])
def test_a_trait_that_another_profile_names_is_taken_where_it_is_about_as_good(apart, beside_size, chosen):
    """`staff` is `size`, but for some firms who are not ideal and who are large by `size` alone."""
    frame, rng = traits(3, 2_500), np.random.default_rng([3, 6])
    large, other = Criterion("size", ">=", 60), Criterion("size", ">=", 60) if beside_size else CARE[1]
    food, care = (FOOD[0], large), (CARE[0], other)
    ideal = rng.random(2_500) < np.where(members(frame, food) | members(frame, care), 0.6, 0.05)
    unlike = np.flatnonzero(members(frame, food) & ~ideal)[:apart]
    frame["staff"] = frame["size"].where(~np.isin(np.arange(2_500), unlike), 1.0)
    space = peeling.make_space(frame, Settings())
    begun = [((FOOD[0], Criterion("staff", ">=", 50)), 1.0), (care, 1.0)]
    fitted = peeling.refit(space, ideal, np.ones((1, 2_500), dtype=int), [begun])[0]
    assert {one.column for one in fitted[0][0]} == {"trade", chosen}
