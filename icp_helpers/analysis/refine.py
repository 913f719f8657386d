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
from icp_helpers.analysis.criteria import Criterion, trait_of
from icp_helpers.analysis.place import Grid, Levels, Placed, best_interval, best_levels, cost_of
from icp_helpers.analysis.search import Settings
from icp_helpers.analysis.trait_columns import TraitColumn
from icp_helpers.analysis.worth import Rest, Sample

ROUNDS, SWAPS = 4, 6
CONTENDERS = 3  # traits among which the next criterion is chosen
BETTER_BY = 1.0  # log-likelihood by which another trait must beat the one that it replaces
MORE_BY = 4.0  # and by which one more must pay: among all edges of all traits something always seems to


@dataclass(frozen=True)
class Refiner:
    """Refines rules over the same traits; `candidates` are those of the search."""

    columns: dict[str, TraitColumn]
    candidates: Candidates
    settings: Settings
    _known: dict = field(default_factory=dict, repr=False)  # masks of criteria seen before: the folds ask for the same
    _grids: dict = field(default_factory=dict, repr=False)  # of the columns whose edges were placed before

    @cached_property
    def _levels(self) -> Levels:
        return Levels.of(list(self.columns.values()), len(self.candidates.met))

    @cached_property
    def _traits(self) -> list[tuple]:
        """The trait of each candidate."""
        return [trait_of(one) for one in self.candidates.criteria]

    @cached_property
    def _places(self) -> dict[tuple, list[int]]:
        """Where the candidates of each trait stand."""
        places: dict[tuple, list[int]] = {}
        for place, trait in enumerate(self._traits):
            places.setdefault(trait, []).append(place)
        return places

    @cached_property
    def _costs(self) -> np.ndarray:
        return np.array([cost_of(one) for one in self.candidates.criteria])

    def refine(self, rule: list[Criterion], sample: Sample, *, sets: bool = True) -> tuple[Criterion, ...]:
        """The rule where no criterion is needless and none could be placed better, given the others; () for ().

        Criteria are swapped before any is dropped, again and again (SWAPS: what a criterion gains beside others is only
        nearly what the rule is worth with it, so two could give way to one another for ever). With `sets` a set takes
        whatever levels are worth their cost.
        """
        rule = list(rule)
        for _ in range(ROUNDS):
            before = list(rule)
            for _swap in range(SWAPS):
                last, rule = rule, self._swap(rule, sample, sets)
                if rule == last:
                    break
            rule = self._place_all(self._prune(rule, sample), sample, sets)
            if rule == before:
                break
        return tuple(self._prune(rule, sample))

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
        return self._rest(rule, sample).worth - self._cost(rule, sample)

    def _cost(self, rule, sample) -> float:
        return sum(map(cost_of, rule)) + float(self._prices(map(trait_of, rule), sample).sum())

    def _prices(self, traits, sample: Sample) -> np.ndarray:
        """What being one costs a criterion on each of the traits: it was picked out among all of them, unless another rule
        has named it already (the profiles of a market tend to differ in the same few traits)."""
        return np.array([0.0 if trait in sample.named else self.settings.penalty for trait in traits])

    def _prune(self, rule, sample) -> list[Criterion]:
        """Drops, again and again, the criterion whose excluded customers are least clearly worse than the members."""
        rule = list(rule)
        while len(rule) > 1:
            worst, p = sample.once(("worst", *rule), lambda rule=rule: self._least_needed(rule, sample))
            if p <= self.settings.prune:
                break
            rule = rule[:worst] + rule[worst + 1 :]
        return rule

    def _least_needed(self, rule, sample) -> tuple[int, float]:
        """The place of the criterion that excludes the least clearly worse customers, and their p-value."""
        n, hits = sample.counts(self.masks(rule)[0])
        others = [self.masks(rule[:place] + rule[place + 1 :])[0] for place in range(len(rule))]
        counts = [sample.counts(met & ~self.columns[one.column].missing) for met, one in zip(others, rule, strict=True)]
        p_values = hypergeom.sf(hits - 1, *np.array(counts).T, n)  # Fisher, one-sided
        return int(np.argmax(p_values)), float(p_values.max())

    def _place_all(self, rule, sample, sets):
        rule = list(rule)
        for place, criterion in enumerate(rule):
            placed = self._placed(criterion.column, rule[:place] + rule[place + 1 :], sample, sets)
            rule[place] = placed[0] if placed else criterion
        return rule

    def _rest(self, rule, sample) -> Rest:
        fewest = float(self.settings.floor(np.array(sample.totals[0])))
        return sample.once(("rest", frozenset(rule)), lambda: Rest.of([self.masks((one,)) for one in rule], sample, fewest))

    def _placed(self, name: str, others, sample, sets: bool) -> Placed | None:
        """The best criterion on a number, or on a trait with levels, beside `others`."""
        return sample.once(("placed", name, frozenset(others), sets), lambda: self._made_placed(name, self._rest(others, sample), sets))

    def _made_placed(self, name, rest, sets) -> Placed | None:
        if self.columns[name].kind == "number":
            if name not in self._grids:
                self._grids[name] = Grid.of(self.columns[name])
            return best_interval(self._grids[name], rest)
        return best_levels(self._levels, [self._levels.place[name]], rest, sets) if name in self._levels.place else None

    def _swap(self, rule, sample, sets):
        """Replaces a criterion by one on another trait, or adds one, where that is clearly better: decoys give way."""
        rule = list(rule)
        current = self.value(rule, sample)
        for place in range(min(len(rule) + 1, self.settings.depth)):
            others = rule[:place] + rule[place + 1 :]
            best = sample.once(("beside", frozenset(others), sets), lambda others=others: self._best_beside(others, sample, sets))
            value = best[1] - self._cost(others, sample) if best else -np.inf
            if value > current + (BETTER_BY if place < len(rule) else MORE_BY):
                rule, current = others[:place] + [best[0]] + others[place:], value
        return rule

    def _best_beside(self, others, sample, sets) -> Placed | None:
        """What goes best with `others`, and what it gains less its price: the best candidate, placed, of each of the
        CONTENDERS best traits, for cuts at the eighths do not tell them apart, or the best level set of any trait that
        has levels."""
        rest, prices = self._rest(others, sample), self._prices(self._traits, sample)
        value = self._worth(rest) - prices
        value[[place for one in others for place in self._places.get(trait_of(one), ())]] = 0.0
        best: dict[str, int] = {}
        for place in np.argsort(-value, kind="stable"):
            if value[place] <= 0 or len(best) == CONTENDERS:
                break
            best.setdefault(self.candidates.criteria[place].column, place)
        found: list[Placed | None] = []
        for name, place in best.items():
            placed = self._placed(name, others, sample, False)
            found.append((placed[0], placed[1] - prices[place]) if placed else (self.candidates.criteria[place], value[place]))
        used = {one.column for one in others}
        free = [name for name in self._levels.place if sets and name not in used]
        own = self._prices([(name, None) for name in free], sample)
        found.append(best_levels(self._levels, [self._levels.place[name] for name in free], rest, sets, own))
        return max(filter(None, found), key=lambda one: one[1], default=None)

    def _worth(self, rest: Rest) -> np.ndarray:
        """What each candidate gains beside the rest of a rule."""
        basis = self.candidates.basis
        counts = basis.among(rest.rows, rest.apart).reshape(2, len(rest.shares), -1)
        return rest.gain(basis.met(counts), basis.lacking(counts), self._costs)
