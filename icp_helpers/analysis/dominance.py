"""Sums that tell about one customer: one amount makes up more than half of them (the dominance rule with n = 1, k = 50 %:
Hundepool et al., Statistical Disclosure Control, 2012)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

LARGEST_SHARE = 0.5  # of a sum, in absolute terms


def is_dominated(amounts) -> bool:
    """Does one amount make up more than half of the sum of all, in absolute terms? Such a sum is held back."""
    sizes = np.abs(np.asarray(amounts, dtype=float))
    sizes = sizes[np.isfinite(sizes)]
    return bool(sizes.size and sizes.max() > LARGEST_SHARE * sizes.sum())


def safe_sum(amounts) -> float | None:
    """The sum of one amount a customer, missing ones left out; None where it is held back."""
    return None if is_dominated(amounts) else float(np.nansum(np.asarray(amounts, dtype=float)))


def held_sums(groups: Sequence) -> np.ndarray:
    """Which of the sums of `groups` (amounts, one a customer) to hold back, for a reader who knows the sum of them all.

    Those that one customer dominates, and the smallest of the others, until what is left by subtraction is the sum of
    two groups at least and dominated by nobody. All of them where one customer dominates everything.
    """
    groups = [np.asarray(amounts, dtype=float) for amounts in groups]
    held = np.array([is_dominated(amounts) for amounts in groups], dtype=bool)
    for place in np.argsort([np.nansum(np.abs(amounts)) for amounts in groups], kind="stable"):
        gap = [amounts for amounts, gone in zip(groups, held, strict=True) if gone]
        if not gap or len(gap) > 1 and not is_dominated(np.concatenate(gap)):
            break
        held[place] = True
    return held


def sums_without(groups: pd.Series, sums: pd.Series) -> pd.Series:
    """`sums` with those of `groups` (lists of amounts, on the same index) missing that are held back."""
    return sums.astype(float).mask(held_sums(groups.tolist()))
