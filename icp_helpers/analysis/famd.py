"""Factor analysis of mixed data: numbers and categories on one scale (Pages 2004, Revue de Statistique Appliquee 52)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.coding import MISSING, OTHER, Scale, Trait, frequent_items, frequent_levels, holds

RARE = 0.02  # a level, an item or a gap held by fewer customers than this joins "other"
MOST_LEVELS = 12


@dataclass(frozen=True)
class Block:
    """The columns that one trait becomes: a standardised number, or an indicator a level."""

    trait: str
    kind: str
    scale: Scale | None = None
    levels: tuple[str, ...] = ()

    def codes(self, values: np.ndarray) -> np.ndarray:
        """n x columns: standard units for a number (missing at the mean), 0/1 for the rest."""
        if self.kind == "number":
            return np.nan_to_num(self.scale.apply(values), nan=0.0)[:, None]
        if self.kind == "list":
            return np.column_stack([holds(values, item) for item in self.levels])
        return (fold(values, self.levels)[:, None] == np.array(self.levels, dtype=object)[None, :]).astype(float)


def fold(values: np.ndarray, levels: tuple[str, ...]) -> np.ndarray:
    """A category's values as one of `levels`; those that are not among them become "other" (or stay out when it is none)."""
    text = pd.Series(values, dtype=object)
    text = text.where(text.notna(), MISSING)
    return text.where(text.isin(levels), OTHER).to_numpy(dtype=object)


def fit_blocks(traits: list[Trait]) -> list[Block]:
    """One block a trait that says something; flags are categories of two levels."""
    blocks = [_fit_block(trait) for trait in traits if trait.kind != "left"]
    return [block for block in blocks if block.kind == "number" or block.levels]


def _fit_block(trait: Trait) -> Block:
    if trait.kind == "number":
        return Block(trait.name, "number", scale=Scale.fit(trait.values))
    rare = max(2, int(np.ceil(RARE * len(trait.values))))
    if trait.kind == "list":
        return Block(trait.name, "list", levels=tuple(frequent_items(trait.values, at_least=rare, at_most=MOST_LEVELS)))
    values = as_levels(trait)
    levels = frequent_levels(values, at_least=rare, at_most=MOST_LEVELS)
    known = pd.Series(values, dtype=object)
    if known.isna().sum() >= rare:
        levels.append(MISSING)
    if not known.dropna().isin(levels).all():
        levels.append(OTHER)
    return Block(trait.name, "category", levels=tuple(levels) if len(levels) > 1 else ())


def as_levels(trait: Trait) -> np.ndarray:
    """A category's or a flag's values as text, missing as None."""
    if trait.kind != "flag":
        return trait.values
    return np.array([None if np.isnan(value) else ("yes" if value else "no") for value in trait.values], dtype=object)


def code(blocks: list[Block], traits: dict[str, Trait]) -> np.ndarray:
    return np.hstack([
        block.codes(as_levels(traits[block.trait]) if block.kind == "category" else traits[block.trait].values)
        for block in blocks
    ])


def weights(blocks: list[Block], codes: np.ndarray) -> np.ndarray:
    """What makes each standard number and each dimension of a category weigh one: 1/sd, 1/sqrt(share)."""
    spread, share = codes.std(axis=0), codes.mean(axis=0)
    is_level = np.concatenate([np.full(len(block.levels) or 1, block.kind == "category") for block in blocks])
    with np.errstate(divide="ignore"):
        weight = np.where(is_level, 1 / np.sqrt(np.maximum(share, 1e-12)), 1 / spread)
    return np.where(spread > 0, weight, 0.0)


def level_columns(blocks: list[Block]) -> np.ndarray:
    """Which columns of the codes are levels or items (0/1), and not numbers."""
    return np.concatenate([np.full(len(block.levels) or 1, block.kind != "number") for block in blocks])


def principal_axes(weighted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Variances (largest first) and axes of centred data, each axis with its largest loading positive."""
    variances, axes = np.linalg.eigh(weighted.T @ weighted / len(weighted))
    axes = axes[:, ::-1]
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    return variances[::-1], axes * np.where(largest < 0, -1, 1)
