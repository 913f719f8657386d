"""Several profiles from one sample: find one, set its members aside, search again among the rest."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from icp_helpers.analysis.candidates import Candidates, make_candidates
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.refine import Refiner, Sample
from icp_helpers.analysis.search import Settings, search
from icp_helpers.analysis.trait_columns import Traits, read_traits

STARTS = 4  # rules of each search that are refined; the best of them is kept

Rule = tuple[Criterion, ...]
Scored = tuple[Rule, float]


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
    found: list[list[Scored]] = [[] for _ in weights]
    going = np.arange(len(weights))
    for _ in range(most):
        left = np.array([weights[which] * _beyond(space, found[which]) for which in going])
        made = _best_rules(space, outcome, left, [[] for _ in going], STARTS)
        going = np.array([which for which, one in zip(going, made, strict=True) if one], dtype=int)
        for which, one in zip(going, filter(None, made), strict=True):
            found[which].append(one)
        if not len(going):
            break
    settle(space, outcome, weights, found)
    return found


def settle(space: Space, outcome: np.ndarray, weights: np.ndarray, found: list[list[Scored]]) -> None:
    """Seeks each of several rules once more, among those whom all the others of its sample leave: when the first ones
    were found, the later ones' members still stood among the rest and blurred them (backfitting)."""
    for place in range(max(map(len, found), default=0)):
        samples = [which for which, rules in enumerate(found) if len(rules) > max(place, 1)]
        left = np.array([weights[which] * _beyond(space, found[which][:place] + found[which][place + 1 :]) for which in samples])
        made = _best_rules(space, outcome, left, [[list(found[which][place][0])] for which in samples], 1)
        for which, one in zip(samples, made, strict=True):
            found[which][place] = (one[0], found[which][place][1])


def _beyond(space: Space, rules: list[Scored]) -> np.ndarray:
    """Who is not even a possible member of one of the rules."""
    return ~np.logical_or.reduce([np.zeros(len(space.candidates.met), bool), *(space.possible(rule) for rule, _ in rules)])


def _best_rules(space, outcome, weights, known, starts) -> list[Scored | None]:
    """The best rule of each sample, from as many `starts` of a new search and from the rules `known`; its score is that
    of the search."""
    if not len(weights):
        return []
    result = search(space.candidates, np.broadcast_to(outcome, weights.shape), weights, space.settings, starts)
    made = []
    for which, weight in enumerate(weights):
        rules = known[which] + [[space.candidates.criteria[one] for one in rule] for rule in result.places(which)]
        best = space.refiner.best(rules, Sample(outcome, weight)) if rules else None
        made.append((best, float(result.score[which])) if best else None)
    return made
