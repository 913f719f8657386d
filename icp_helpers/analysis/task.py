"""One search under way: what is searched, and which customers it is judged on without having seen them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from icp_helpers.analysis.copies import copies
from icp_helpers.analysis.criteria import members
from icp_helpers.analysis.peeling import Rule, Scored, Space, left_by, make_space, peel_once, refit
from icp_helpers.analysis.rates import Rates
from icp_helpers.analysis.search import Settings
from icp_helpers.analysis.significance import fisher_p, permutation_p
from icp_helpers.analysis.validation import found_without, stratified_folds

PERMUTED_UP_TO = 5_000  # customers; above, a part that the search never sees confirms
SEARCHED_AT_MOST = 20_000
HELD_OUT = 0.4


@dataclass(frozen=True)
class Task:
    """`part` are the rows that are searched. `held` are the rows kept away from it, or None where there are too few
    customers for that and cross-validation takes their place. `copies` says which rows are copies of one another: a
    rule is never judged on a copy of a row that it was made from."""

    frame: pd.DataFrame
    outcome: np.ndarray
    part: np.ndarray
    held: np.ndarray | None
    space: Space
    copies: np.ndarray
    rng: np.random.Generator = field(repr=False)

    @property
    def own(self) -> np.ndarray:
        """The outcome of the rows that are searched."""
        return self.outcome[self.part]

    @property
    def judged(self) -> np.ndarray:
        """The rows that a rule is judged on: all of them by cross-validation, else those held out."""
        return _rows(self.part if self.held is None else self.held, len(self.outcome))

    @property
    def plain(self) -> Settings:
        """The settings of the test whether there is anything to find."""
        return replace(self.space.settings, purity=0.0)

    def with_outcome(self, outcome: np.ndarray, rng: np.random.Generator) -> Task:
        """The same search for another outcome of the same customers."""
        return replace(self, outcome=outcome, rng=rng)

    def left_by(self, rules: list[Rule]) -> np.ndarray:
        """1 for the rows of the part that are not even possible members of one of the rules, else 0."""
        return left_by(self.space, rules).astype(int)

    def next_rule(self, left: np.ndarray) -> Scored | None:
        """The best rule among the rows of the part that are `left` (1 or 0 a row), and its score."""
        found = peel_once(self.space, self.own, left[None], 1)[0]
        return found[0] if found else None

    def refitted(self, rules: list[Scored]) -> list[Scored]:
        """Each of the rules sought once more among those whom all the others leave; what stands beside it is kept."""
        return refit(self.space, self.own, np.ones((1, len(self.part)), dtype=int), [rules])[0]

    def folds(self, seed: int) -> np.ndarray:
        """A fold for each row of the part."""
        return stratified_folds(self.own, seed, self.copies[self.part])

    def p_value(self, rule: Rule, left: np.ndarray, taken: list[Rule], level: float) -> float:
        """Of the whole search, among the customers that the rules `taken` leave.

        Whether there is anything at all is asked of the plain likelihood, which sees more than one that prefers pure
        rules; each rule after the first is judged by the score that chose it.
        """
        if self.held is None:
            return permutation_p(self.space, self.own, left > 0, level, self.rng, self.space.settings if taken else self.plain)
        held = self.frame.iloc[self.held]
        among = ~np.logical_or.reduce([np.zeros(len(held), bool), *(members(held, one) for one in taken)])
        return fisher_p(members(held, rule), self.outcome[self.held], among)

    def found_without(self, rules: list[Rule], seed: int) -> list[tuple[Rule, ...]]:
        """For each rule, what was found in its place without each fold; where a part is held out, the rule itself."""
        return found_without(self.space, self.outcome, rules, self.folds(seed)) if self.held is None else [(rule,) for rule in rules]

    def unseen_members(self, without: tuple[Rule, ...], seed: int) -> np.ndarray:
        """Which of the judged rows are members by a rule that was found `without` them."""
        if self.held is not None:
            return _rows(self.held[members(self.frame.iloc[self.held], without[0])], len(self.outcome))
        fold, inside = self.folds(seed), np.zeros(len(self.outcome), bool)
        for number, rule in enumerate(without):
            inside |= self.space.met(rule) & (fold == number) if rule else False
        return inside

    def unseen_rates(self, without: list[tuple[Rule, ...]], seed: int) -> list[Rates]:
        """What each rule is worth on the judged rows."""
        return [Rates.of(self.unseen_members(found, seed), self.outcome, self.judged) for found in without]


def make_task(frame: pd.DataFrame, outcome: np.ndarray, settings: Settings, seed: int) -> Task:
    """Decides what is searched and what is kept away: nothing up to 5,000 customers, 40 % above."""
    rng = np.random.default_rng(seed)
    same = copies(frame)
    part, held = np.arange(len(outcome)), None
    if len(outcome) > PERMUTED_UP_TO:
        order = rng.permutation(len(outcome))
        cut = int(len(order) * (1 - HELD_OUT))
        part, held = np.sort(order[: min(cut, SEARCHED_AT_MOST)]), np.sort(order[cut:])
        held = held[~np.isin(same[held], same[part])]
    return Task(frame, outcome, part, held, make_space(frame.iloc[part], settings), same, rng)


def _rows(places: np.ndarray, customers: int) -> np.ndarray:
    mask = np.zeros(customers, bool)
    mask[places] = True
    return mask
