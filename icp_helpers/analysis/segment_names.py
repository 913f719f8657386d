"""What sets each segment apart, and a name made of it: machine facts, put into words by the page."""

from __future__ import annotations

import numpy as np
import pandas as pd

from icp_helpers.analysis.coding import Scale, Trait, frequent_items, frequent_levels, holds
from icp_helpers.analysis.famd import as_levels

ONE_GROUP = "all customers"
COLUMNS = ["segment", "trait", "kind", "level", "inside", "outside", "distance", "customers"]
MOST_LEVELS = 12
NAMED_BY = 2
TELLING = 0.4  # standard deviations between the segment and everyone else


def profile_segments(traits: dict[str, Trait], number: np.ndarray, k: int) -> pd.DataFrame:
    """A row a segment and trait (its most telling level), the most distinctive first within each segment."""
    rows = []
    for place in range(k):
        inside = number == place
        for trait in traits.values():
            if found := _differences(trait, inside):
                rows.append((place, trait.name, *max(found, key=lambda row: abs(row[-1])), int(inside.sum())))
    profile = pd.DataFrame(rows, columns=COLUMNS)
    strongest = profile.assign(strength=-profile.distance.abs().astype(float))
    return strongest.sort_values(["segment", "strength", "trait"], ignore_index=True)[COLUMNS]


def _differences(trait: Trait, inside: np.ndarray) -> list[tuple]:
    """(kind, level, inside, outside, distance) of a trait: one row for a number, one for each frequent level or item."""
    if trait.kind == "number":
        return _number_difference(trait.values, inside)
    at_least = max(2, len(inside) // 50)
    if trait.kind == "list":
        shares = {item: holds(trait.values, item) for item in frequent_items(trait.values, at_least=at_least, at_most=MOST_LEVELS)}
        return [_share_difference("item", item, held, inside) for item, held in shares.items()]
    values = as_levels(trait)
    levels = frequent_levels(values, at_least=at_least, at_most=MOST_LEVELS)
    return [_share_difference("level", level, (values == level).astype(float), inside) for level in levels]


def _number_difference(values: np.ndarray, inside: np.ndarray) -> list[tuple]:
    known_in, known_out = inside & np.isfinite(values), ~inside & np.isfinite(values)
    if known_in.sum() < 2 or known_out.sum() < 2:
        return []
    straight = Scale.fit(values).apply(values)
    spread = np.sqrt((straight[known_in].var() + straight[known_out].var()) / 2)
    distance = (straight[known_in].mean() - straight[known_out].mean()) / max(spread, 1e-9)
    level = "high" if distance > 0 else "low"
    return [("number", level, float(np.median(values[known_in])), float(np.median(values[known_out])), float(distance))]


def _share_difference(kind: str, level: str, held: np.ndarray, inside: np.ndarray) -> tuple:
    share_in, share_out = float(held[inside].mean()), float(held[~inside].mean())
    spread = np.sqrt((share_in * (1 - share_in) + share_out * (1 - share_out)) / 2)
    return kind, level, share_in, share_out, float((share_in - share_out) / max(spread, 0.05))


def name_segments(profile: pd.DataFrame, k: int) -> dict[str, list[tuple[str, str]]]:
    """A name a segment, in their order, and the (trait, level) pairs it is made of: the two most telling ones.

    Where two segments would share a name, both get a third pair, and so on; a number only when all pairs agree.
    """
    used = [NAMED_BY] * k
    for _more in range(3):
        named = [_text(_pairs(profile, place, used[place])) for place in range(k)]
        used = [count + (named.count(name) > 1) for count, name in zip(used, named, strict=True)]
    pairs = [_pairs(profile, place, used[place]) for place in range(k)]
    texts = [_text(part) for part in pairs]
    return {
        f"{text} ({place + 1})" if texts.count(text) > 1 else text: part
        for place, (text, part) in enumerate(zip(texts, pairs, strict=True))
    }


def _pairs(profile: pd.DataFrame, place: int, used: int) -> list[tuple[str, str]]:
    """Levels more frequent here than elsewhere, and numbers that are high or low."""
    rows = profile[profile.segment == place]
    telling = rows[(rows.distance >= TELLING) | ((rows.kind == "number") & (rows.distance <= -TELLING))]
    return [(row.trait, row.level) for row in (telling if len(telling) else rows).head(used).itertuples()]


def _text(pairs: list[tuple[str, str]]) -> str:
    return " & ".join(f"{trait}={level}" for trait, level in pairs) or "segment"
