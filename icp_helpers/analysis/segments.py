"""Do customers fall into groups of their own accord? Clusters that beat a world of one group and come back, or none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.coding import Trait, read_traits
from icp_helpers.analysis.famd import Block, code, fit_blocks, level_columns, weights
from icp_helpers.analysis.mixture import Mixture, fit_mixture
from icp_helpers.analysis.one_group import coordinates, count_axes, gap
from icp_helpers.analysis.plain import plain_seed
from icp_helpers.analysis.segment_names import ONE_GROUP, name_segments, profile_segments

FEWEST = 60  # below this, groups of twenty cannot be told from chance
MOST_SEGMENTS = 8
FIT_ON, GAP_ON, STABLE_ON = 10_000, 1_500, 2_000
CLEAR_GAP, CLEAR_Z = 0.12, 5.0
APART_Z = 2.0  # that there are groups is shown by then: that one of them is two needs less
SURE_GAP, SURE_Z = 0.06, 15.0  # among many columns a smaller gap will do when it is far beyond chance
STABLE = 0.75  # Jaccard of a cluster with its best match in a bootstrap (Hennig 2007)
BOOTSTRAPS = 20
SMALLEST_SHARE = 0.03
CHUNK = 100_000


@dataclass(frozen=True)
class Segments:
    """What was found.

    k: how many segments; 1 means that no segments can be shown.
    labels: the segment of each customer, on the index given. Text made of the traits that set it apart, or "all customers".
    names: {label: the (trait, level) pairs that it is made of}, the largest segment first.
    stability: how well the least stable segment comes back in bootstraps, 0-1; NaN when k is 1.
    stability_interval: the middle 95 % of the bootstraps of that segment.
    tried: a row a number of segments: k, gap, gap_z, needed (of the gap), stability (NaN where the gap already said no), accepted.
    profile: a row a segment and trait, most distinctive first: segment, trait, kind (number, level, item), level
        (high, low, a level, an item), inside, outside (medians of a number, shares 0-1 else), distance (in standard
        deviations), customers (in the segment).
    left: the columns that could not be used: column, why.
    note: "", or why no search was made: "too_few" or "no_traits".
    sampled: how many customers the segments were fitted on; all the others were assigned to them.
    """

    k: int
    labels: pd.Series
    names: dict[str, list[tuple[str, str]]]
    stability: float
    stability_interval: tuple[float, float]
    tried: pd.DataFrame
    profile: pd.DataFrame
    left: pd.DataFrame
    note: str
    sampled: int


def find_segments(features: pd.DataFrame, *, seed: int = 0) -> Segments:
    """The segments of `features`, a row a customer, a column a trait (number, text, yes/no, list of text; gaps allowed).

    Are k clusters tighter than in a world of one group with the same columns and ties (`one_group`; the gap of Tibshirani,
    Walther and Hastie 2001), and does each come back in bootstraps? Of the k that pass both the smallest whose segments do
    not fall apart by the first question; where there is none, the clearest. The order of rows and columns does not matter.
    Gives `k` (1: no segments), `labels` (a name a row), `stability` (0-1: mean Jaccard, Hennig 2007). ParameterError where
    `features` is no frame or `seed` no whole number.
    """
    traits, seed = read_traits(features), plain_seed(seed)
    left = pd.DataFrame([(trait.name, trait.why) for trait in traits if trait.kind == "left"], columns=["column", "why"])
    traits = [trait for trait in traits if trait.kind != "left"]
    if len(features) < FEWEST or not traits:
        return _one_group(features.index, left, "too_few" if len(features) < FEWEST else "no_traits")
    order = _canonical_order(traits, seed)
    everyone = _take(traits, order)
    sample = everyone if len(order) <= FIT_ON else _take(everyone, _spread(len(order), FIT_ON))
    blocks = fit_blocks(list(sample.values()))
    if not blocks:
        return _one_group(features.index, left, "no_traits")
    codes = code(blocks, sample)
    tried, stability = _try_all(blocks, codes, seed)
    if not tried.accepted.any():
        return _one_group(features.index, left, "", tried, len(codes))
    mixture = _choose(blocks, codes, tried[tried.accepted], seed)
    k = len(mixture.shares)
    number = np.empty(len(order), dtype=int)
    number[order] = _largest_first(_assign(mixture, blocks, everyone), k)
    profile = profile_segments(_take(traits, np.arange(len(order))), number, k)
    names = name_segments(profile, k)
    texts = list(names)
    low, high = np.quantile(stability[k], [0.025, 0.975])
    return Segments(
        k=k,
        labels=pd.Series([texts[place] for place in number], index=features.index, name="segment"),
        names=names,
        stability=float(stability[k].mean()),
        stability_interval=(float(low), float(high)),
        tried=tried,
        profile=profile.assign(segment=profile.segment.map(dict(enumerate(texts)))),
        left=left,
        note="",
        sampled=len(codes),
    )


def _one_group(index, left, note, tried=None, sampled=0) -> Segments:
    tried = pd.DataFrame(columns=["k", "gap", "gap_z", "needed", "stability", "accepted"]) if tried is None else tried
    labels = pd.Series(ONE_GROUP, index=index, name="segment", dtype="str")
    return Segments(1, labels, {ONE_GROUP: []}, np.nan, (np.nan, np.nan), tried, profile_segments({}, np.zeros(0, int), 0), left, note, sampled)


def _canonical_order(traits: list[Trait], seed: int) -> np.ndarray:
    """An order of the rows that depends on their content alone; rows with equal content are interchangeable."""
    key = f"{seed % 10**16:016d}"
    readable = {
        trait.name: [None if cell is None else "|".join(cell) for cell in trait.values] if trait.kind == "list" else trait.values
        for trait in traits
    }
    content = pd.util.hash_pandas_object(pd.DataFrame(readable), index=False, hash_key=key)
    return np.argsort(content.to_numpy(), kind="stable")


def _spread(rows: int, wanted: int) -> np.ndarray:
    """Positions spread evenly over the rows: rows of equal content lie side by side and keep their share."""
    return np.linspace(0, rows - 1, wanted).astype(int)


def _take(traits: list[Trait] | dict[str, Trait], rows: np.ndarray) -> dict[str, Trait]:
    traits = traits.values() if isinstance(traits, dict) else traits
    return {trait.name: Trait(trait.name, trait.kind, trait.values[rows]) for trait in traits}


def _try_all(blocks: list[Block], codes: np.ndarray, seed: int) -> tuple[pd.DataFrame, dict[int, np.ndarray]]:
    """The gap of every k, and the bootstraps of those whose gap is clear: the Jaccards of the least stable segment."""
    part = codes[_spread(len(codes), min(len(codes), GAP_ON))]
    ks = list(range(2, min(MOST_SEGMENTS, len(codes) // 20, len(np.unique(part, axis=0)) - 1) + 1))
    gaps, z = gap(blocks, part, ks, seed) if ks else (np.zeros(0), np.zeros(0))
    needed = np.where(z >= SURE_Z, SURE_GAP, CLEAR_GAP)
    clear = (gaps >= needed) & (z >= CLEAR_Z)
    part = codes[_spread(len(codes), min(len(codes), STABLE_ON))]
    weakest = {k: _bootstrap(blocks, part, k, seed) for k, is_clear in zip(ks, clear, strict=True) if is_clear}
    means = [weakest[k].mean() if k in weakest else np.nan for k in ks]
    tried = pd.DataFrame({"k": ks, "gap": gaps, "gap_z": z, "needed": needed, "stability": np.array(means, dtype=float)})
    return tried.assign(accepted=tried.stability >= STABLE), weakest


def _choose(blocks: list[Block], codes: np.ndarray, accepted: pd.DataFrame, seed: int) -> Mixture:
    """The fewest segments that are one group each; where there is always one that is not, those with the largest gap."""
    fits = {k: _fit(blocks, codes, k, seed) for k in accepted.k}
    for mixture in fits.values():
        labels = mixture.predict(codes)
        if not any(_falls_apart(blocks, codes[labels == place], seed) for place in range(len(mixture.shares))):
            return mixture
    return fits[accepted.k[accepted.gap.idxmax()]]


def _falls_apart(blocks: list[Block], members: np.ndarray, seed: int) -> bool:
    """Whether the members of one segment are two or three groups, beside a world of one group made of them alone.

    With a trait that has nothing to do with the groups, six clusters may be as clear as two, each group once for each of
    its three levels: clear beside one group of everyone, and stable, but no more than two groups.
    """
    part = members[_spread(len(members), min(len(members), GAP_ON))]
    if len(part) < FEWEST or len(np.unique(part, axis=0)) < 4:
        return False
    gaps, z = gap(blocks, part, [2, 3], seed)
    return bool(((gaps >= CLEAR_GAP) & (z >= APART_Z)).any())


def _fit(blocks: list[Block], codes: np.ndarray, k: int, seed: int) -> Mixture:
    weight = weights(blocks, codes)
    axes = count_axes(codes, weight, seed)
    deepest = coordinates(codes, weight, max(axes, 8))
    spaces = [deepest[:, :depth] for depth in sorted({2, axes, deepest.shape[1]})]
    return fit_mixture(codes, level_columns(blocks), spaces, k, seed)


def _bootstrap(blocks: list[Block], codes: np.ndarray, k: int, seed: int) -> np.ndarray:
    """The whole fit repeated on customers drawn with replacement: Jaccards of the segment that returns worst."""
    labels = _fit(blocks, codes, k, seed).predict(codes)
    if np.bincount(labels, minlength=k).min() < SMALLEST_SHARE * len(codes):
        return np.zeros(BOOTSTRAPS)
    rng = np.random.default_rng(seed)
    jaccards = np.empty((BOOTSTRAPS, k))
    for draw in range(BOOTSTRAPS):
        again = _fit(blocks, codes[rng.integers(0, len(codes), len(codes))], k, seed).predict(codes)
        both = np.eye(k)[labels].T @ np.eye(k)[again]
        jaccards[draw] = (both / (both.sum(axis=1)[:, None] + both.sum(axis=0) - both)).max(axis=1)
    return jaccards[:, jaccards.mean(axis=0).argmin()]


def _assign(mixture: Mixture, blocks: list[Block], everyone: dict[str, Trait]) -> np.ndarray:
    rows = len(next(iter(everyone.values())).values)
    return np.concatenate([
        mixture.predict(code(blocks, _take(everyone, np.arange(start, min(start + CHUNK, rows)))))
        for start in range(0, rows, CHUNK)
    ])


def _largest_first(labels: np.ndarray, k: int) -> np.ndarray:
    """Numbers 0 to k - 1 by size; ties go to the segment that comes first in the canonical order."""
    sizes = np.bincount(labels, minlength=k)
    first = np.array([(labels == place).argmax() for place in range(k)])
    ranked = np.lexsort((first, -sizes))
    return np.argsort(ranked)[labels]
