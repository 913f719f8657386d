"""Worlds whose truth is known, for measuring the profile: planted rules among decoys, and five kinds with nothing in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.criteria import Criterion, members

NULL_KINDS = ("flat", "structure without value", "correlated", "heavy-tailed", "imbalanced")


@dataclass(frozen=True)
class World:
    """Traits with gaps, the outcome, the planted rules, the traits before the gaps were made, and each one's chance."""

    traits: pd.DataFrame
    ideal: pd.Series
    rules: tuple[tuple[Criterion, ...], ...]
    complete: pd.DataFrame
    chance: np.ndarray

    def planted(self, which: int = 0) -> np.ndarray:
        return members(self.complete, self.rules[which])


def planted_world(seed, *, n=2_000, base=0.10, lift=5.0, criteria=None, profiles=1, cover=(0.05, 0.12)) -> World:
    """`profiles` rules of 2-3 criteria, each covering a share within `cover`, with the rate base x lift inside."""
    rng = np.random.default_rng(seed)
    complete = _attributes(rng, n)
    rules = _draw_rules(rng, complete, criteria, profiles, cover)
    inside = np.logical_or.reduce([members(complete, rule) for rule in rules])
    rate = np.where(inside, min(base * lift, 0.95), 0.0)
    rate[~inside] = max(0.005, (base - rate.mean()) / (~inside).mean())
    return World(_with_gaps(rng, complete), pd.Series(rng.random(n) < rate), tuple(rules), complete, rate)


def null_world(seed, kind, *, n) -> World:
    """Traits of all sorts, and an outcome that has nothing to do with them."""
    rng = np.random.default_rng(seed)
    complete = _attributes(rng, n)
    base = 0.2
    if kind == "structure without value":
        group = rng.integers(0, 4, n)
        for place, column in enumerate(complete.columns[:8]):
            complete[column] = complete[column].to_numpy()[np.argsort(np.argsort(group + rng.normal(0, 0.4, n) * (1 + place % 2)))]
    elif kind == "correlated":
        factor = rng.normal(size=n)
        for place in range(12):
            complete[f"like_{place}"] = factor + rng.normal(0, 0.3, n)
    elif kind == "heavy-tailed":
        for place in range(8):
            complete[f"tail_{place}"] = np.round(np.exp(rng.normal(3, 2.5, n)), 2)
    elif kind == "imbalanced":
        base = max(0.04, 35 / n)
    return World(_with_gaps(rng, complete), pd.Series(rng.random(n) < base), (), complete, np.full(n, base))


def _attributes(rng, n) -> pd.DataFrame:
    """22 attributes: numbers of four shapes, levels, ratings, yes/no; six of them decoys that follow another one."""
    size = rng.lognormal(3.3, 1.0, n)
    age, spend = rng.normal(46, 14, n), rng.lognormal(8, 0.8, n)
    industry, region = rng.choice(8, n, p=np.array([5, 4, 4, 3, 3, 2, 2, 1]) / 24), rng.choice(5, n, p=[0.3, 0.25, 0.2, 0.15, 0.1])
    word = np.array(["construction", "food", "manufacturing", "property", "consulting", "retail", "transport", "care"])
    place = np.array(["Hovedstaden", "Midtjylland", "Syddanmark", "Sjælland", "Nordjylland"])
    quality = rng.integers(1, 6, n)
    frame = pd.DataFrame({
        "employees": np.round(size).clip(1), "age": np.round(age).clip(18, 90), "spend": np.round(spend, 2),
        "distance": np.round(rng.uniform(0, 120, n), 1), "visits": rng.poisson(6, n), "share_online": np.round(rng.beta(2, 3, n), 3),
        "industry": word[industry], "region": place[region], "form": rng.choice(["ApS", "A/S", "IVS"], n, p=[0.5, 0.3, 0.2]),
        "channel": rng.choice(["search", "fair", "partner", "mail", "social", "other"], n),
        "quality": quality, "price": rng.integers(1, 6, n), "speed": rng.choice(5, n, p=[0.1, 0.2, 0.3, 0.25, 0.15]) + 1,
        "exports": rng.random(n) < 0.35, "own_fleet": rng.random(n) < 0.5, "certified": rng.random(n) < 0.25,
    })
    frame["revenue"] = np.round(size * rng.lognormal(0, 0.6, n), 1)
    frame["years"] = np.round(age - 25 + rng.normal(0, 8, n)).clip(0)
    frame["budget"] = np.round(spend * rng.lognormal(0, 0.5, n) / 10)
    frame["sector"] = np.where(rng.random(n) < 0.75, word[industry // 2 * 2], rng.choice(word[::2], n))
    frame["area"] = np.where(rng.random(n) < 0.7, np.array(["east", "west"])[(region % 2)], rng.choice(["east", "west"], n))
    frame["care"] = (quality + rng.integers(-1, 2, n)).clip(1, 5)
    return frame


def _draw_rules(rng, frame, criteria, profiles, cover):
    """Rules on attributes that are no decoys, of a coverage that suits; several rules do not overlap much."""
    rules, taken = [], np.zeros(len(frame), bool)
    while len(rules) < profiles:
        columns = rng.choice(frame.columns[:16], criteria or int(rng.integers(2, 4)), replace=False)
        rule = tuple(_draw_criterion(rng, frame[column]) for column in columns)
        inside = members(frame, rule)
        shares = [one.mask(frame).mean() for one in rule]
        if cover[0] <= inside.mean() <= cover[1] and max(shares) < 0.7 and (inside & taken).sum() <= 0.1 * inside.sum():
            rules.append(rule)
            taken |= inside
    return rules


def _draw_criterion(rng, cells) -> Criterion:
    name = str(cells.name)
    if cells.dtype == bool:
        return Criterion(name, "is", bool(rng.random() < 0.7))
    if not pd.api.types.is_numeric_dtype(cells):
        levels = cells.unique()
        return Criterion(name, "in", tuple(rng.choice(levels, 2 if len(levels) > 4 and rng.random() < 0.4 else 1, replace=False)))
    if cells.nunique() <= 5:
        return Criterion(name, ">=", 4)
    width, shape = rng.uniform(0.25, 0.5), rng.random()
    start = 0.0 if shape < 0.25 else 1 - width if shape < 0.6 else rng.uniform(0.1, 0.9 - width)
    low, high = (float(f"{edge:.2g}") for edge in np.quantile(cells, [start, start + width]))
    if start == 0.0:
        return Criterion(name, "<=", high)
    return Criterion(name, ">=", low) if shape < 0.6 else Criterion(name, "between", (low, max(low, high)))


def _with_gaps(rng, complete) -> pd.DataFrame:
    """5-10 % of the cells of each column missing, whatever the outcome."""
    frame = complete.copy()
    for column in frame:
        gaps = rng.random(len(frame)) < rng.uniform(0.05, 0.10)
        frame[column] = frame[column].astype("boolean" if frame[column].dtype == bool else frame[column].dtype).mask(gaps)
    return frame
