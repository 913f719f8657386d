"""From the rule that a search found to the rule that is shown: needless criteria dropped, better ones put in their
place, edges and level sets made right.

Only the shown rule is refined. The permutation test compares what the searches found before this step, and
cross-validation repeats this step in every fold, so nothing gained here is counted as evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.stats import hypergeom

from icp_helpers.analysis.candidates import Candidates, column_mask
from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.place import UNLIKE, Grid, best_interval, best_levels, cost_of
from icp_helpers.analysis.search import Settings, gain, likelihood
from icp_helpers.analysis.trait_columns import TraitColumn

ROUNDS = 4
CONTENDERS = 3  # traits among which the next criterion is chosen
BETTER_BY = 1.0  # log-likelihood by which another trait must beat the one that it replaces


@dataclass(frozen=True)
class Sample:
    """What a rule is judged on: one boolean and one whole weight a customer (0: not in the sample)."""

    outcome: np.ndarray
    weight: np.ndarray

    def counts(self, inside: np.ndarray) -> tuple[int, int]:
        """Customers and hits among those `inside`."""
        weight = self.weight[inside]
        return int(weight.sum()), int(weight[self.outcome[inside]].sum())

    def running(self, order: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Customers and hits among `rows`, summed up along `order`, from 0."""
        weight = self.weight[order] * rows[order]
        return np.append(0, np.cumsum(weight)), np.append(0, np.cumsum(weight * self.outcome[order]))

    def by_level(self, column: TraitColumn, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Customers and hits among `rows` at each level of the column."""
        known = rows & (column.values >= 0)
        codes, weight, count = column.values[known], self.weight[known], len(column.levels)
        hits = np.bincount(codes, weights=weight * self.outcome[known], minlength=count)
        return np.bincount(codes, weights=weight, minlength=count), hits

    @cached_property
    def totals(self) -> tuple[int, int]:
        return int(self.weight.sum()), int(self.weight[self.outcome].sum())


@dataclass(frozen=True)
class Refiner:
    """Refines rules over the same traits; `candidates` are those of the search."""

    columns: dict[str, TraitColumn]
    candidates: Candidates
    settings: Settings
    _known: dict = field(default_factory=dict, repr=False)  # masks of criteria seen before: the folds ask for the same
    _grids: dict = field(default_factory=dict, repr=False)  # of the columns whose edges were placed before

    def refine(self, rule: list[Criterion], sample: Sample) -> tuple[Criterion, ...]:
        """The rule where no criterion is needless and none could be placed better, given the others.

        Sets of levels come last, and only where those whom they let in are as often ideal as those who were in: in a
        rule that is still broad they would join two profiles to one.
        """
        if not rule:
            return ()
        single = self.settled(list(rule), sample, sets=False)
        for wider in (self.settled(single, sample, sets=True), self._prune(self._place_all(single, sample, True), sample)):
            if self._alike(single, wider, sample):
                return tuple(wider)
        return tuple(single)

    def settled(self, rule, sample, *, sets) -> list[Criterion]:
        """Pruned, swapped and placed until nothing changes."""
        tried: dict[frozenset, list[Criterion]] = {}
        for _ in range(ROUNDS):
            before = list(rule)
            rule = self._place_all(self._swap(self._prune(rule, sample), sample, tried, sets), sample, sets)
            if rule == before:
                break
        return self._prune(rule, sample)

    def _alike(self, rule, wider, sample) -> bool:
        """Whether those whom the wider rule lets in beside the members have no clearly lower rate than these."""
        inside = self.masks(rule)[0]
        more, more_hits = sample.counts(self.masks(wider)[0] & ~inside)
        n, hits = sample.counts(inside)
        apart = likelihood(n, hits) + likelihood(more, more_hits) - likelihood(n + more, hits + more_hits)
        return not (apart > UNLIKE and more_hits * n < hits * more)

    def masks(self, rule) -> tuple[np.ndarray, np.ndarray]:
        """Who meets all criteria of the rule, and who possibly does: those who lack a trait that it asks for."""
        met = possible = np.ones(len(self.candidates.met), bool)
        for one in rule:
            if one not in self._known:
                column = self.columns[one.column]
                mask = column_mask(column, one)
                self._known[one] = mask, mask | column.missing
            mask, maybe = self._known[one]
            met, possible = met & mask, possible & maybe
        return met, possible

    def value(self, rule, sample: Sample) -> float:
        """Log-likelihood gained less what the criteria cost; minus infinity below the floor of members."""
        met, possible = self.masks(rule)
        n, hits = sample.counts(met)
        if n < self._fewest(sample):
            return -np.inf
        gained = gain(n, hits, *sample.counts(possible), *sample.totals)
        return float(gained) - sum(self.settings.penalty + cost_of(one) for one in rule)

    def _fewest(self, sample) -> float:
        return float(self.settings.floor(np.array(sample.totals[0])))

    def _prune(self, rule, sample) -> list[Criterion]:
        """Drops, again and again, the criterion whose excluded customers are least clearly worse than the members."""
        rule = list(rule)
        while len(rule) > 1:
            n, hits = sample.counts(self.masks(rule)[0])
            others = [self.masks(rule[:place] + rule[place + 1 :])[0] for place in range(len(rule))]
            counts = [sample.counts(met & ~self.columns[one.column].missing) for met, one in zip(others, rule, strict=True)]
            p_values = hypergeom.sf(hits - 1, *np.array(counts).T, n)  # Fisher, one-sided
            worst = int(np.argmax(p_values))
            if p_values[worst] <= self.settings.prune:
                break
            del rule[worst]
        return rule

    def _place_all(self, rule, sample, sets):
        rule = list(rule)
        for place, criterion in enumerate(rule):
            rest = self.masks(rule[:place] + rule[place + 1 :])
            rule[place] = self._placed(self.columns[criterion.column], rest, sample, sets) or criterion
        return rule

    def _placed(self, column, rest, sample, sets) -> Criterion | None:
        if column.kind == "number":
            if column.name not in self._grids:
                self._grids[column.name] = Grid.of(column)
            return best_interval(column, self._grids[column.name], *rest, sample, self._fewest(sample))
        return best_levels(column, *rest, sample, self._fewest(sample), sets) if column.kind == "levels" else None

    def _swap(self, rule, sample, tried, sets):
        """Replaces a criterion by one on another trait, or adds one, where that is clearly better: decoys give way."""
        rule = list(rule)
        current = self.value(rule, sample)
        for place in range(min(len(rule) + 1, self.settings.depth)):
            others = rule[:place] + rule[place + 1 :]
            key = frozenset(others)
            if key not in tried:
                tried[key] = self._alternatives(others, sample, sets)
            for other in tried[key]:
                changed = others[:place] + [other] + others[place:]
                value = self.value(changed, sample)
                if value > current + BETTER_BY:
                    rule, current = changed, value
        return rule

    def _alternatives(self, others, sample, sets) -> list[Criterion]:
        """What goes best with `others`, placed: the best candidate of each of the CONTENDERS best traits, for cuts at the
        eighths do not tell them apart, and the best level set of each trait that has levels."""
        rest = self.masks(others)
        counts = self._counts(*rest, sample)
        value = gain(*counts, *sample.totals)
        used = {one.column for one in others}
        free = np.array([one.column not in used or one.op == "has" for one in self.candidates.criteria])
        value[~free | (counts[0] < self._fewest(sample))] = 0.0
        best: dict[str, Criterion] = {}
        for place in np.argsort(-value, kind="stable"):
            if value[place] <= 0 or len(best) == CONTENDERS:
                break
            best.setdefault(self.candidates.criteria[place].column, self.candidates.criteria[place])
        found = [self._placed(self.columns[one.column], rest, sample, False) or one for one in best.values() if one not in others]
        levels = [column for column in self.columns.values() if sets and column.kind == "levels" and column.name not in used]
        return found + [best for column in levels if (best := self._placed(column, rest, sample, sets)) is not None]

    def _counts(self, met, possible, sample) -> tuple[np.ndarray, ...]:
        """Customers and hits of every candidate among those who meet the rest of a rule, and among those who possibly do."""
        weight = sample.weight * np.stack([np.ones(len(met), int), sample.outcome])
        counts = self.candidates.basis.counts(np.concatenate([met * weight, possible * weight]).astype(np.float32))
        return *self.candidates.basis.met(counts[:2]), *self.candidates.basis.possible(counts[2:])
