"""Marks: traits that describe the members of a profile but were not needed to find them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import fisher_exact

from icp_helpers.analysis.criteria import Criterion

LEVEL = 0.01  # divided by the number of traits looked at
CLEARLY_MORE = 0.15  # share of the members beyond that of the others
MOST = 6


@dataclass(frozen=True)
class Mark:
    """A criterion that `inside` of the members meet and `outside` of the others, both among those where it is known."""

    criterion: Criterion
    inside: float
    outside: float

    def to_dict(self) -> dict:
        return {**self.criterion.to_dict(), "inside": round(self.inside, 3), "outside": round(self.outside, 3)}


def find_marks(space, members: np.ndarray, rule) -> tuple[Mark, ...]:
    """The criteria on other traits that set the members apart most, one a trait; Fisher with Bonferroni's correction.

    They say who the members are, not what makes customers ideal: the outcome has no part in them.
    """
    candidates = space.candidates
    if not len(candidates.criteria) or not 0 < members.sum() < len(members):
        return ()
    met, known = candidates.met, candidates.met + 1 - candidates.possible
    n_in, n_out = members.astype(np.float32) @ known, (~members).astype(np.float32) @ known
    in_met, out_met = members.astype(np.float32) @ met, (~members).astype(np.float32) @ met
    more = in_met / np.maximum(n_in, 1) - out_met / np.maximum(n_out, 1)
    used = {one.column for one in rule}
    free = np.array([one.column not in used for one in candidates.criteria])
    marks = []
    for group in np.unique(candidates.group):
        own = np.flatnonzero((candidates.group == group) & free)
        if not len(own):
            continue
        best = own[np.argmax(more[own])]
        table = np.rint([[in_met[best], n_in[best] - in_met[best]], [out_met[best], n_out[best] - out_met[best]]])
        if more[best] >= CLEARLY_MORE and fisher_exact(table, alternative="greater").pvalue <= LEVEL / (candidates.group.max() + 1):
            shares = float(in_met[best] / n_in[best]), float(out_met[best] / max(n_out[best], 1))
            marks.append((more[best], Mark(candidates.criteria[best], *shares)))
    return tuple(mark for _, mark in sorted(marks, key=lambda pair: -pair[0])[:MOST])
