"""Several profiles from one sample: find one, set its members aside, search again among the rest."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from icp_helpers.analysis.candidates import Candidates, make_candidates
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.refine import Refiner, Sample
from icp_helpers.analysis.search import Settings, search
from icp_helpers.analysis.trait_columns import Traits, read_traits

Rule = tuple[Criterion, ...]


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


def peel(space: Space, outcome: np.ndarray, weights: np.ndarray, most: int) -> list[list[tuple[Rule, float]]]:
    """Up to `most` rules with their scores for each of B samples, given as rows of whole `weights` (B x customers).

    Members of a rule, and those who are possible members, are left out of the searches after it: they would only be
    found again, under what they have in common with the members.
    """
    left = weights.copy()
    found: list[list[tuple[Rule, float]]] = [[] for _ in weights]
    going = np.arange(len(weights))
    for _ in range(most):
        if not len(going):
            break
        outcomes = np.broadcast_to(outcome, (len(going), len(outcome)))
        result = search(space.candidates, outcomes, left[going], space.settings)
        going_on = []
        for place, which in enumerate(going):
            rule = [space.candidates.criteria[one] for one in result.places(place)]
            if not rule:
                continue
            refined = space.refiner.refine(rule, Sample(outcome, left[which]))
            found[which].append((refined, float(result.score[place])))
            left[which] = left[which] * ~space.possible(refined)
            going_on.append(which)
        going = np.array(going_on, dtype=int)
    return found
