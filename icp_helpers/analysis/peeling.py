"""Several profiles from one sample: find one, set its members aside, search again among the rest; then fit each once more
among those whom all the others leave."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from icp_helpers.analysis.candidates import Candidates, make_candidates
from icp_helpers.analysis.criteria import Criterion, trait_of
from icp_helpers.analysis.refine import Refiner
from icp_helpers.analysis.search import Settings, search
from icp_helpers.analysis.trait_columns import Traits, read_traits
from icp_helpers.analysis.worth import Sample

Rule = tuple[Criterion, ...]
Scored = tuple[Rule, float]
BEAM = 6  # rules at a time in a search among those whom other rules leave: little is left there that could hide the best
STARTS = 2  # rules of that beam that are refined besides the best


@dataclass(frozen=True)
class Space:
    """What a search runs in: the traits as read, the criteria made from them, and the settings."""

    traits: Traits
    candidates: Candidates
    settings: Settings
    refiner: Refiner = field(init=False)

    def __post_init__(self):
        columns = {column.name: column for column in self.traits.columns}
        object.__setattr__(self, "refiner", Refiner(columns, self.candidates, self.settings))

    def met(self, rule: Rule) -> np.ndarray:
        """Who meets the rule."""
        return self.refiner.masks(rule)[0]

    def rule(self, places: list[int]) -> Rule:
        """The rule whose criteria stand at `places` in the candidates."""
        return tuple(self.candidates.criteria[place] for place in places)

    def possible(self, rule: Rule) -> np.ndarray:
        """Who meets the rule, or would if what is not known of her were as the rule asks."""
        return self.refiner.masks(rule)[1]


def make_space(frame, settings: Settings) -> Space:
    """Reads the traits of `frame` (names as text) and makes the criteria to choose from."""
    traits = read_traits(frame, rare=max(settings.fewest, int(np.ceil(settings.fewest_share * len(frame)))))
    return Space(traits, make_candidates(traits, len(frame), lowest=settings.fewest_share), settings)


def peel(space: Space, outcome: np.ndarray, weights: np.ndarray, most: int) -> list[list[Scored]]:
    """Up to `most` rules with their scores for each of B samples, given as rows of whole `weights` (B x customers).

    Members of a rule, and those who are possible members, are left out of the searches after it: they would only be
    found again, under what they have in common with the members.
    """
    found = peel_once(space, outcome, weights, most)
    return refit(space, outcome, weights, found)


def peel_once(space: Space, outcome: np.ndarray, weights: np.ndarray, most: int) -> list[list[Scored]]:
    """The rules of `peel` as they were first found."""
    left = weights.copy()
    found: list[list[Scored]] = [[] for _ in weights]
    going = np.arange(len(weights))
    for _ in range(most):
        if not len(going):
            break
        result = search(space.candidates, np.broadcast_to(outcome, (len(going), len(outcome))), left[going], space.settings)
        for row, which in enumerate(going):
            if result.score[row] > 0:
                sample = Sample(outcome, left[which])
                rule = part(space, space.refiner.refine(space.rule(result.places(row)), sample), sample)
                found[which].append((rule, float(result.score[row])))
                left[which] = left[which] * ~space.possible(rule)
        going = going[result.score > 0]
    return found


def refit(space: Space, outcome: np.ndarray, weights: np.ndarray, found: list[list[Scored]]) -> list[list[Scored]]:
    """Each rule sought once more among those whom all the others of its sample leave (backfitting); one alone, among all.

    When the first ones were found, the members of the later ones stood among the rest and blurred them. Now hardly
    anything is left that several profiles have in common, so the likelihood alone chooses, and what the others ask for
    is known. Where nothing is worth more, a rule stays; its score is that of the search that first found it.
    """
    found = [list(rules) for rules in found]
    plain = replace(space.settings, purity=0.0, beam=BEAM)
    for place in range(max(map(len, found), default=0)):
        samples = [which for which, rules in enumerate(found) if len(rules) > place]
        left = np.array([weights[which] * left_by(space, _without(found[which], place)) for which in samples])
        result = search(space.candidates, np.broadcast_to(outcome, left.shape), left, plain)
        for row, which in enumerate(samples):
            rule, score = found[which][place]
            named = frozenset(trait_of(one) for other in _without(found[which], place) for one in other)
            starts, sample = map(space.rule, result.starts(row, STARTS)), Sample(outcome, left[row], named)
            found[which][place] = part(space, _worth_most(space, rule, starts, sample), sample), score
    return found


def left_by(space: Space, rules: list[Rule]) -> np.ndarray:
    """Who is not even a possible member of one of the rules."""
    return ~np.logical_or.reduce([np.zeros(len(space.candidates.met), bool), *(space.possible(rule) for rule in rules)])


def _without(rules, place) -> list[Rule]:
    return [rule for number, (rule, _) in enumerate(rules) if number != place]


def _worth_most(space, rule, starts, sample) -> Rule:
    """The rule, or the one refined from it or from one of `starts` that is worth more and not wider than a rule may be."""
    widest = space.settings.widest_share * sample.totals[0]
    refined = [space.refiner.refine(start, sample) for start in (rule, *starts) if start]
    narrow = [other for other in refined if sample.counts(space.met(other))[0] <= widest]
    return max([rule, *narrow], key=lambda other: space.refiner.value(other, sample))


def part(space: Space, rule: Rule, sample: Sample) -> Rule:
    """The rule; or, where the levels of a set are worth more with a rule of its own each, the best one of these.

    Two profiles that share a trait or two are easily taken for one: "food or consulting, met by mail". The other
    levels' rules are left to the searches that follow.
    """
    for one in rule:
        if one.op == "in" and len(one.value) > 1:
            apart = [_best_with(space, replace(one, value=(level,)), rule, sample) for level in one.value]
            apart = sorted(filter(None, apart), key=lambda other: -space.refiner.value(other, sample))
            if apart and _together(space, apart, sample) > space.refiner.value(rule, sample):
                return apart[0]
    return rule


def _together(space, rules, sample) -> float:
    """What several rules are worth beside one another: each among those whom the ones before it leave."""
    worth, weight = 0.0, sample.weight
    for rule in rules:
        worth += max(space.refiner.value(rule, Sample(sample.outcome, weight, sample.named)), 0.0)
        weight = weight * ~space.possible(rule)
    return worth


def _best_with(space, criterion, joined, sample) -> Rule:
    """The best rule that asks for `criterion`, one level of a set in the rule `joined`. Members of its other levels are
    set aside, or the criterion would seem needless; the empty rule where it is dropped all the same."""
    level = space.met((criterion,))
    found = search(space.candidates, sample.outcome[None], (sample.weight * level)[None], replace(space.settings, purity=0.0))
    others = space.rule(found.places())[: space.settings.depth - 1]
    alone = Sample(sample.outcome, sample.weight * (level | ~space.met(joined)), sample.named)
    rule = space.refiner.refine([criterion, *others], alone, sets=False)
    return rule if criterion in rule else ()
