"""Rows for the guards and the score: strong leaks caught, honest columns flagged, and scores on customers not seen.

Leaks are planted into worlds with and without a profile; a false flag is any column caught that is no leak.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from quality import Row
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from worlds_profile import NULL_KINDS, null_world, planted_world

from icp_helpers.analysis.guards import leaks
from icp_helpers.analysis.scoring import fit_score
from icp_helpers.tables.planting.worlds import example_world

SIZES = (300, 2_000)


def rows(seed: int, runs: int) -> list[Row]:
    """`runs` worlds of each size, null and planted in turn, and as many of the guide's nine examples."""
    return [*_guards(1_000 * seed, runs), *_scores(1_000 * seed, runs)]


def _guards(start: int, runs: int) -> list[Row]:
    caught, honest, beside, examples = [], [], [], []
    for own, traits, ideal in _worlds(start, runs):
        rng = np.random.default_rng(own)
        months = pd.Series(rng.uniform(1, 60, len(traits)))
        honest.append(_caught(traits, ideal, months))
        leaking, names = plant_leaks(traits, ideal, months.to_numpy(), rng)
        found = _caught(leaking, ideal, months)
        caught += [name in found for name in names]
        beside.append(found - names)
    for number in range(runs):
        traits, ideal, _ = example_world(number % 9 + 1, start + number)
        months = pd.Series(np.random.default_rng(start + number).uniform(1, 60, len(traits)))
        examples.append(_caught(traits, ideal, months))
    flags = [("false leak flags a data set", honest), ("false leak flags a data set that has leaks", beside),
             ("false leak flags an example of the guide", examples)]
    return [
        Row("strong leaks caught", f"{np.mean(caught):.1%}", "all", "all", len(caught)),
        *(Row(what, f"{np.mean([len(one) for one in sets]):.3f}", "<= .5", "<= .1", len(sets)) for what, sets in flags),
    ]


def _scores(start: int, runs: int) -> list[Row]:
    claimed, kept, calibrated = [], [], []
    for number in range(runs):
        for size in SIZES:
            world = null_world(start + number, NULL_KINDS[number % len(NULL_KINDS)], n=size)
            claimed.append(fit_score(world.traits, world.ideal).signal)
        world = planted_world(start + number, n=5_000)
        fitted, unseen = np.arange(2_000), np.arange(2_000, 5_000)
        predicted = fit_score(world.traits.iloc[fitted], world.ideal.iloc[fitted]).predict(world.traits.iloc[unseen])
        boosted = _boosted(world.traits, world.ideal.to_numpy(), fitted, unseen)
        truth = world.ideal.to_numpy()[unseen]
        kept.append((roc_auc_score(truth, predicted) - 0.5) / (roc_auc_score(truth, boosted) - 0.5))
        calibrated.append(predicted.mean() / truth.mean())
    return [
        Row("a score claimed on null data", f"{np.mean(claimed):.1%}", "", "<= 5 %", len(claimed)),
        Row("the score's AUC above .5, as a part of boosting's", f"{np.mean(kept):.2f}", "", "1.0", runs),
        Row("mean score over the true rate, customers not seen", f"{np.mean(calibrated):.2f}", "", ".95-1.05", runs),
    ]


def plant_leaks(traits: pd.DataFrame, ideal: pd.Series, months: np.ndarray, rng: np.random.Generator) -> tuple[pd.DataFrame, set[str]]:
    """Strong leaks of five kinds beside the honest columns, and their names."""
    n, outcome = len(traits), ideal.to_numpy(bool)
    leaked = {
        "leak_flag": np.where(rng.random(n) < 0.07, ~outcome, outcome),
        "leak_amount": np.round(np.exp(rng.normal(8, 0.5, n) + 1.0 * outcome), 2),
        "leak_word": np.where(rng.random(n) < 0.85, np.where(outcome, "gold", "basic"), rng.choice(["gold", "basic", "silver"], n)),
        "leak_gap": pd.Series(rng.normal(50, 10, n)).where(rng.random(n) < np.where(outcome, 0.9, 0.35)).to_numpy(),
        "leak_calendar": np.round(months * 30 + rng.normal(0, 250, n)),
    }
    return traits.assign(**leaked), set(leaked)


def _worlds(start: int, runs: int) -> Iterator[tuple[int, pd.DataFrame, pd.Series]]:
    for number in range(runs):
        for size in SIZES:
            own, kind = start + number, number % (len(NULL_KINDS) + 3)
            if kind < len(NULL_KINDS):
                world = null_world(own, NULL_KINDS[kind], n=size)
            else:
                world = planted_world(own, n=size, base=0.2 if size < 1_000 else 0.1, lift=4.0 if size < 1_000 else 5.0)
            yield own, world.traits, world.ideal


def _caught(traits: pd.DataFrame, ideal: pd.Series, months: pd.Series) -> set[str]:
    return set(leaks(traits, ideal, months=months)["column"])


def _boosted(traits: pd.DataFrame, outcome: np.ndarray, fitted: np.ndarray, unseen: np.ndarray) -> np.ndarray:
    codes = traits.apply(lambda cells: cells.astype("category").cat.codes.replace(-1, np.nan) if cells.dtype == "str" else cells.astype(float))
    model = HistGradientBoostingClassifier(max_iter=80, learning_rate=0.06, min_samples_leaf=15, random_state=0)
    return model.fit(codes.iloc[fitted], outcome[fitted]).predict_proba(codes.iloc[unseen])[:, 1]
