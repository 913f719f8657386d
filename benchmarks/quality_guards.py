"""Rows of the quality table for the guards: strong leaks caught, honest columns flagged, and who is ideal.

Leaks are planted into worlds with and without a profile; a false flag is any column caught that is no leak.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.worlds_profile import NULL_KINDS, null_world, planted_world
from icp_helpers.analysis.guards import leaks

try:
    from benchmarks.quality import Row
except ImportError:  # run alone
    from collections import namedtuple

    Row = namedtuple("Row", "what value at_least aim n")


def plant_leaks(traits: pd.DataFrame, ideal: pd.Series, months: np.ndarray, rng: np.random.Generator) -> tuple[pd.DataFrame, set[str]]:
    """Strong leaks of five kinds beside the honest columns."""
    n, outcome = len(traits), ideal.to_numpy(bool)
    leaked = {
        "leak_flag": np.where(rng.random(n) < 0.07, ~outcome, outcome),
        "leak_amount": np.round(np.exp(rng.normal(8, 0.5, n) + 1.0 * outcome), 2),
        "leak_word": np.where(rng.random(n) < 0.85, np.where(outcome, "gold", "basic"), rng.choice(["gold", "basic", "silver"], n)),
        "leak_gap": pd.Series(rng.normal(50, 10, n)).where(rng.random(n) < np.where(outcome, 0.9, 0.35)).to_numpy(),
        "leak_calendar": np.round(months * 30 + rng.normal(0, 250, n)),
    }
    return traits.assign(**leaked), set(leaked)


def rows(seed: int = 0, runs: int = 20) -> list[Row]:
    """Over `runs` worlds of each size and kind; `value` is a share, or flags a data set."""
    caught, flagged = [], {"honest": [], "leaking": []}
    for run in range(runs):
        for n in (300, 2_000):
            kind = run % (len(NULL_KINDS) + 3)
            own = seed * 1_000_003 + run * 17 + n
            world = null_world(own, NULL_KINDS[kind], n=n) if kind < len(NULL_KINDS) else planted_world(own, n=n, base=0.2 if n < 1000 else 0.1, lift=4.0 if n < 1000 else 5.0)
            rng = np.random.default_rng(own + 1)
            months = rng.uniform(1, 60, n)
            flagged["honest"].append(len(set(leaks(world.traits, world.ideal, months=pd.Series(months))["column"])))
            with_leaks, names = plant_leaks(world.traits, world.ideal, months, rng)
            found = set(leaks(with_leaks, world.ideal, months=pd.Series(months))["column"])
            caught += [name in found for name in names]
            flagged["leaking"].append(len(found - names))
    return [
        Row("strong leaks caught", float(np.mean(caught)), 1.0, 1.0, len(caught)),
        Row("false leak flags a data set", float(np.mean(flagged["honest"])), 0.5, 0.1, len(flagged["honest"])),
        Row("false leak flags a data set that has leaks", float(np.mean(flagged["leaking"])), 0.5, 0.1, len(flagged["leaking"])),
    ]


if __name__ == "__main__":
    for row in rows():
        print(f"{row.what:<45} {row.value:.3f}  at least {row.at_least}  aim {row.aim}  n = {row.n}")
