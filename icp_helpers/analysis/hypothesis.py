"""Too few ideal customers to show a profile: which single criteria are possible, which unclear, and what it would take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.rates import Rates
from icp_helpers.analysis.search import gain

SHUFFLES = 199
POSSIBLE = 0.10  # how often chance gives as much, all criteria considered, for one to be called possible
MOST = 5


@dataclass(frozen=True)
class Possible:
    """One criterion with its counts in the data at hand (no evidence: the criterion was chosen on them). `word` is
    possible | unclear; `needed` is how many customers would show it, if it is as it looks (None: very many)."""

    criterion: Criterion
    word: str
    rates: Rates
    p_value: float
    needed: int | None

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        return (self.criterion,)


def possible_criteria(space, outcome: np.ndarray, seed: int) -> tuple[Possible, ...]:
    """The best single criterion of each trait, strongest first, each held against the best one of shuffled outcomes."""
    candidates = space.candidates
    if not len(candidates.criteria):
        return ()
    rng = np.random.default_rng(seed)
    own = _gains(candidates, outcome[None], space.settings)[0]
    chance = _gains(candidates, np.array([rng.permutation(outcome) for _ in range(SHUFFLES)]), space.settings).max(axis=1)
    clear = np.quantile(chance, 0.95)
    found = []
    for group in np.unique(candidates.group):
        places = np.flatnonzero(candidates.group == group)
        best = places[np.argmax(own[places])]
        if own[best] > 0:
            found.append((own[best], candidates.criteria[best], candidates.met[:, best] > 0))
    found.sort(key=lambda one: -one[0])
    return tuple(_possible(one, outcome, chance, clear) for one in found[:MOST])


def _possible(found, outcome, chance, clear) -> Possible:
    gained, criterion, inside = found
    p = float((1 + (chance >= gained).sum()) / (1 + len(chance)))
    # What a criterion gains grows with the customers; what chance gains hardly does.
    needed = int(np.ceil(len(outcome) * max(1.0, clear / gained) / 10) * 10)
    word = "possible" if p <= POSSIBLE else "unclear"
    return Possible(criterion, word, Rates.of(inside, outcome), p, needed if needed <= 100 * len(outcome) else None)


def single_gains(candidates, outcomes: np.ndarray, rows: np.ndarray | None = None) -> np.ndarray:
    """The gain of every single criterion for each row of `outcomes`, on all customers or those in `rows`."""
    met, maybe = (matrix if rows is None else matrix[rows] for matrix in (candidates.met, candidates.possible))
    outcomes = outcomes.astype(np.float32)
    hits, maybe_hits = outcomes @ met, outcomes @ maybe
    n, possible = (np.broadcast_to(matrix.sum(axis=0), hits.shape) for matrix in (met, maybe))
    total_hits = np.rint(outcomes.sum(axis=1))[:, None]
    return gain(*(np.rint(part) for part in (n, hits, possible, maybe_hits)), np.array(outcomes.shape[1]), total_hits)


def _gains(candidates, outcomes, settings) -> np.ndarray:
    value = single_gains(candidates, outcomes)
    value[:, candidates.met.sum(axis=0) < min(settings.fewest, max(3, outcomes.shape[1] // 10))] = 0.0
    return value
