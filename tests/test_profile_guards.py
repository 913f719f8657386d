"""Each guard of the profile search, broken on purpose: what it guards must then fail."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from test_profile import world

from icp_helpers.analysis import claims, peeling, profile, significance, task
from icp_helpers.analysis.evidence import false_claims, placebo, yardstick
from icp_helpers.analysis.profile import find_profiles
from icp_helpers.analysis.rates import Rates
from icp_helpers.analysis.validation import FOLDS

SEEDS = range(6)


def noise(seed, n=300):
    """Thirty columns more than the world has, for chance to work with, and an outcome that follows none."""
    frame, _ideal = world(seed, n=n)
    rng = np.random.default_rng([seed, 9])
    more = pd.DataFrame(rng.normal(size=(n, 30)), frame.index, [f"noise_{place}" for place in range(30)])
    return pd.concat([frame, more], axis=1), pd.Series(rng.random(n) < 0.25, frame.index)


def claims_on_noise(seeds=SEEDS) -> int:
    return sum(find_profiles(*noise(seed), most=1).status == "found" for seed in seeds)


def mean_lift_on_noise() -> float:
    """The lift shown for the best rule where there is nothing to find, test or no test."""
    shown = [placebo(find_profiles(*noise(seed), seed=seed), seed=seed).unseen.lift for seed in SEEDS]
    return float(np.mean(shown))


def test_noise_is_not_claimed():
    assert claims_on_noise() <= 1


def test_without_the_permutation_test_and_unseen_rates_noise_is_claimed(monkeypatch):
    monkeypatch.setattr(task, "permutation_p", lambda *_: 0.01)
    monkeypatch.setattr(task, "found_without", in_sample)
    assert claims_on_noise() > 3


def test_customers_not_seen_bear_a_profile_out_or_it_is_not_shown(monkeypatch):
    monkeypatch.setattr(task, "permutation_p", lambda *_: 0.01)  # the test sleeps: what is unseen must stop noise alone
    assert claims_on_noise(range(3)) <= 1
    monkeypatch.setattr(claims, "holds_unseen", lambda rates, later=False: True)
    assert claims_on_noise(range(3)) == 3


def test_a_first_profile_is_strong_on_unseen_customers_and_a_later_one_beyond_chance():
    weak, chance, strong = Rates(1_000, 240, 5_000, 1_000), Rates(40, 16, 5_000, 800), Rates(1_000, 400, 5_000, 1_000)
    assert weak.lift_interval[0] > 1 and not claims.holds_unseen(weak) and claims.holds_unseen(weak, later=True)
    assert claims.holds_unseen(strong) and claims.holds_unseen(chance)
    few = Rates(10, 4, 5_000, 1_000)
    assert few.lift == 2 and not claims.holds_unseen(few) and not claims.holds_unseen(few, later=True)


def test_a_later_rule_that_fails_goes_before_the_first_is_given_up():
    strong, weak, chance = Rates(100, 60, 1_000, 200), Rates(100, 28, 1_000, 200), Rates(100, 20, 1_000, 200)
    seen = {1: [strong], 2: [weak, chance], 3: [weak, strong, chance]}  # by how many are sought in every fold
    judged = SimpleNamespace(found_without=lambda rules, seed: [()] * len(rules), unseen_rates=lambda without, seed: seen[len(without)])
    for count in (1, 2, 3):
        assert claims.borne_out(judged, [(f"rule {place}", 0.01) for place in range(count)], 0)[0] == [("rule 0", 0.01)]
    seen[1] = [weak]
    assert claims.borne_out(judged, [("rule 0", 0.01), ("rule 1", 0.01)], 0)[0] == []


def test_permutations_searched_with_other_settings_are_too_easy_to_beat(monkeypatch):
    frame, ideal = noise(3)
    work = profile.make_task(frame, ideal.to_numpy(), profile.Settings(), 0)
    everyone = np.ones(len(ideal), bool)
    same = significance.shuffled_scores(work.space, work.own, everyone, 60, np.random.default_rng(0))
    honest = significance.search

    def shallow(candidates, outcomes, weights, settings):
        return honest(candidates, outcomes, weights, profile.Settings(depth=1, beam=1))

    monkeypatch.setattr(significance, "search", shallow)
    other = significance.shuffled_scores(work.space, work.own, everyone, 60, np.random.default_rng(0))
    real = honest(work.space.candidates, work.own[None], everyone[None], work.space.settings).score[0]
    assert (same >= real).mean() > 0.05  # judged by its like, noise is noise
    assert (other >= real).mean() < (same >= real).mean() / 2


def best_of_noise(seed):
    """A task on noise, everyone in it, and the places of the best rule that the search finds there."""
    frame, ideal = noise(seed)
    work = profile.make_task(frame, ideal.to_numpy(), profile.Settings(), 0)
    everyone = np.ones(len(ideal), bool)
    found = significance.search(work.space.candidates, work.own[None], everyone[None], work.plain)
    return work, everyone, found.places()


def test_counting_alone_never_rules_chance_out_on_noise_and_does_for_what_no_shuffle_reaches(monkeypatch):
    for seed in range(12):
        work, everyone, places = best_of_noise(seed)
        inside = work.space.candidates.basis.rows(np.array(places))[0].all(axis=0)
        assert significance.fisher_p(inside, work.own, everyone) < 0.001  # as good as any search of noise looks to itself
        assert significance.counted_p(work.space, work.own, everyone, places) > significance.BEYOND
    frame, ideal = world(11)
    work = profile.make_task(frame, ideal.to_numpy(), profile.Settings(), 0)
    everyone = np.ones(len(ideal), bool)
    by_count = significance.permutation_p(work.space, work.own, everyone, 0.05, np.random.default_rng(0), work.plain)
    assert significance.SMALLEST <= by_count <= significance.BEYOND
    monkeypatch.setattr(significance, "counted_p", lambda *_: 1.0)
    by_shuffles = significance.permutation_p(work.space, work.own, everyone, 0.05, np.random.default_rng(0), work.plain)
    assert by_shuffles == 1 / (1 + significance.SHUFFLES)


def test_without_the_number_of_rules_tried_counting_would_claim_noise():
    single = [significance.fisher_p(work.space.candidates.basis.rows(np.array(places))[0].all(axis=0), work.own, everyone)
              for work, everyone, places in map(best_of_noise, SEEDS)]
    assert sum(p <= significance.BEYOND for p in single) > 3


def in_sample(space, outcome, rules, fold):
    return [(rule,) * FOLDS for rule in rules]


def test_lift_on_noise_is_one_and_not_what_the_search_made_itself(monkeypatch):
    assert 0.6 < mean_lift_on_noise() < 1.4
    monkeypatch.setattr(task, "found_without", in_sample)
    assert mean_lift_on_noise() > 1.8


def test_a_leaked_outcome_is_found_at_once_and_so_must_be_kept_out_of_the_traits():
    frame, ideal = noise(4)
    leaking = frame.assign(last_invoice=np.where(ideal, 1_000.0, 10.0))
    first = find_profiles(leaking, ideal).profiles[0]
    assert {one.column for one in first.criteria} == {"last_invoice"} and first.ideal_share > 0.95


def test_members_are_set_aside_before_the_next_search(monkeypatch):
    frame, ideal = world(11)
    honest = find_profiles(frame, ideal)
    monkeypatch.setattr(peeling.Space, "possible", lambda self, rule: np.zeros(len(self.candidates.met), bool))
    peelless = find_profiles(frame, ideal)
    assert len(honest.profiles) == 1 < len(peelless.profiles)


def test_shuffled_copies_are_rarely_claimed_and_counted_honestly(monkeypatch):
    result = find_profiles(*noise(12, n=500))
    assert false_claims(result, copies=40)["claimed"] <= 4
    monkeypatch.setattr("icp_helpers.analysis.evidence.LEVEL", 1.0)
    monkeypatch.setattr(task, "found_without", in_sample)
    assert false_claims(result, copies=40)["claimed"] > 8


def test_rules_hold_most_of_what_boosting_finds_where_rules_made_the_world():
    frame, ideal = world(13, n=1_500)
    measured = yardstick(find_profiles(frame, ideal))
    assert measured.part > 0.75


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (0, 5), (5, 5)])
def test_rates_of_nobody_and_of_everybody_are_plain(hits, n):
    rates = Rates(n, hits, 100, 20)
    assert rates.to_dict()["customers"] == n
    assert rates.lift_interval[0] <= (rates.lift if n else np.inf) or np.isnan(rates.lift)
