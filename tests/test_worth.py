"""What a rule is worth: counted customer by customer, those who lack a trait included."""

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import peeling, worth
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.search import Settings

RULE = (Criterion("trade", "in", ("food",)), Criterion("rating", ">=", 4), Criterion("exports", "is", True))


def with_gaps(seed, n=1_500):
    """A profile of three criteria, a tenth of each trait missing whatever the outcome, and customers drawn 0 to 2 times."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"trade": rng.choice(["food", "care", "retail"], n), "rating": rng.integers(1, 6, n).astype(float),
                          "exports": rng.random(n) < 0.5})
    inside = frame["trade"].eq("food") & frame["rating"].ge(4) & frame["exports"]
    ideal = rng.random(n) < np.where(inside, 0.6, 0.1)
    frame = pd.DataFrame({name: column.astype(object).where(rng.random(n) > 0.1, None) for name, column in frame.items()}).infer_objects()
    return peeling.make_space(frame, Settings()), worth.Sample(ideal, rng.integers(0, 3, n))


def one_by_one(space, sample) -> float:
    """The same log-likelihood ratio, from each customer's own chance of being a member."""
    met = [space.met((one,)) for one in RULE]
    lacks = [space.possible((one,)) & ~own for one, own in zip(RULE, met, strict=True)]
    likely = []
    for place, own in enumerate(met):
        beside = np.logical_and.reduce([other for other in met if other is not own] + [~lacks[place]])
        likely.append(sample.weight[beside & own].sum() / sample.weight[beside].sum())
    chance = np.prod([np.where(lack, share, own) for own, lack, share in zip(met, lacks, likely, strict=True)], axis=0)
    several = (np.sum(lacks, axis=0) > 1) & (chance > 0)
    chance[several] = np.average(chance[several], weights=sample.weight[several])
    rate = np.average(sample.outcome, weights=sample.weight * (chance == 1))
    others = np.average(sample.outcome, weights=sample.weight * (chance == 0))

    def told(p):
        return (sample.weight * np.log(np.where(sample.outcome, p, 1 - p))).sum()

    return told(others + chance * (rate - others)) - told(np.average(sample.outcome, weights=sample.weight))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_lacks_a_trait_counts_as_a_member_as_likely_as_those_of_whom_it_is_known(seed, monkeypatch):
    space, sample = with_gaps(seed)
    cost = sum(space.settings.penalty for _one in RULE)
    assert space.refiner.value(RULE, sample) == pytest.approx(one_by_one(space, sample) - cost, abs=1e-9)
    monkeypatch.setattr(worth, "_failing", lambda criteria, place, sample: 0)  # all of them taken for members
    assert space.refiner.value(RULE, worth.Sample(sample.outcome, sample.weight)) < one_by_one(space, sample) - cost - 1


def test_a_criterion_is_placed_by_what_the_rule_is_worth_with_it():
    space, sample = with_gaps(4)
    candidates = space.candidates
    rest = space.refiner._rest(RULE[:1], sample)
    told = space.refiner._worth(rest) - space.settings.penalty * 2
    for place, one in enumerate(candidates.criteria):
        if one.column != "trade":
            value = space.refiner.value((RULE[0], one), sample)
            assert told[place] == pytest.approx(value, abs=1.0) or max(told[place], value) < 0
