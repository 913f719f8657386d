"""Sums that tell about one customer: one amount makes up more than half of them (the dominance rule with n = 1, k = 50 %:
Hundepool et al., Statistical Disclosure Control, 2012)."""

import numpy as np

LARGEST_SHARE = 0.5  # of a sum, in absolute terms


def is_dominated(amounts) -> bool:
    """Does one amount make up more than half of the sum of all, in absolute terms? Such a sum is held back."""
    sizes = np.abs(np.asarray(amounts, dtype=float))
    sizes = sizes[np.isfinite(sizes)]
    return bool(sizes.size and sizes.max() > LARGEST_SHARE * sizes.sum())
