"""Segments: groups planted are found, and structureless data are one group."""

from __future__ import annotations

import numpy as np
import pandas as pd
from quality import Row
from sklearn.metrics import adjusted_rand_score

from icp_helpers.analysis.segments import find_segments


def rows(seed: int, runs: int) -> list[Row]:
    found, right_k = [], []
    for run in range(runs):
        frame, group = four_groups(np.random.default_rng([seed, run]))
        segments = find_segments(frame, seed=run)
        found.append(adjusted_rand_score(group, segments.labels))
        right_k.append(segments.k == 4)
    claimed = [
        find_segments(make(np.random.default_rng([seed, run, place]), n), seed=run).k > 1
        for run in range(runs)
        for place, make in enumerate(STRUCTURELESS)
        for n in (300, 1_000)
    ]
    return [
        Row("segments: mean ARI at four planted groups, n = 1,000", f"{np.mean(found):.3f}", ".85", ".95", len(found)),
        Row("segments: lowest ARI of these", f"{min(found):.3f}", "", "", len(found)),
        Row("segments: four groups said to be four", f"{np.mean(right_k):.2f}", "", "", len(right_k)),
        Row("segments: a false yes on structureless data", f"{100 * np.mean(claimed):.1f} %", "5 %", "0", len(claimed)),
    ]


def four_groups(rng: np.random.Generator, n: int = 1_000, apart: float = 1.6) -> tuple[pd.DataFrame, np.ndarray]:
    """Four numbers (one log-normal), two categories right in three of four, a flag; six columns of noise, 5 % missing."""
    group = rng.integers(0, 4, n)
    columns = {f"x{j}": (rng.permutation(4) - 1.5)[group] * apart + rng.normal(size=n) for j in range(4)}
    columns["x0"] = np.exp(columns["x0"] / 1.5)
    for name in ("trade", "region"):
        columns[name] = np.where(rng.random(n) < 0.75, rng.permutation(list("abcd"))[group], rng.choice(list("abcd"), n))
    columns["flag"] = rng.random(n) < np.array([0.1, 0.9, 0.2, 0.8])[group]
    columns |= {f"n{j}": rng.normal(size=n) for j in range(3)} | {f"m{j}": rng.choice(list("vwxyz"), n) for j in range(3)}
    frame = pd.DataFrame(columns)
    return frame.mask(rng.random(frame.shape) < 0.05), group


def size_axis(rng, n):
    size = rng.normal(size=n)
    frame = pd.DataFrame({f"x{j}": np.exp(size * rng.uniform(0.5, 1.5) + 0.4 * rng.normal(size=n)) for j in range(6)})
    return frame.assign(band=pd.qcut(frame["x0"], 4).astype(str), region=rng.choice(list("abcde"), n))


def correlated(rng, n):
    return pd.DataFrame(rng.normal(size=(n, 8)) @ rng.normal(size=(8, 8)))


def uniform(rng, n):
    return pd.DataFrame(rng.random((n, 5)))


def skewed(rng, n):
    return pd.DataFrame(np.column_stack([rng.exponential(size=(n, 3)), rng.gamma(0.5, size=(n, 3)), rng.standard_t(2, size=(n, 2))]))


def categories(rng, n):
    return pd.DataFrame({f"c{m}": rng.choice([f"l{i}" for i in range(m)], n) for m in (2, 3, 5, 8, 30, 300)})


def mixed(rng, n):
    frame = pd.DataFrame({f"x{j}": rng.normal(size=n) for j in range(4)} | {"count": rng.poisson(2, n)})
    frame["amount"] = np.where(rng.random(n) < 0.4, 0, rng.lognormal(3, 1, n))
    frame = frame.assign(trade=rng.choice(list("abcdef"), n), flag=rng.random(n) < 0.3)
    return frame.mask(rng.random(frame.shape) < 0.1)


def ratings(rng, n):
    mood = rng.normal(size=n)
    return pd.DataFrame({f"q{j}": np.clip(np.round(3 + mood + rng.normal(size=n)), 1, 5) for j in range(7)})


def buying(rng, n):
    """Orders as one continuous process: busy and quiet customers, old and new ones, and no kinds of customers."""
    pace, days, mean = rng.gamma(1, 1, n), rng.integers(30, 1_000, n), rng.lognormal(5, 0.7, n)
    orders = rng.poisson(pace * days / 60) + 1
    frame = pd.DataFrame({"orders": orders, "amount": orders * mean, "mean_amount": mean, "tenure_days": days})
    return frame.assign(mean_gap_days=np.where(orders > 1, days / np.maximum(orders - 1, 1), np.nan))


STRUCTURELESS = (size_axis, correlated, uniform, skewed, categories, mixed, ratings, buying)
