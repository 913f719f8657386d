"""Drivers: how often an interval holds the true average effect, and how often nothing is called clear."""

from __future__ import annotations

import numpy as np
import pandas as pd
from quality import Row
from scipy.special import expit

from icp_helpers.analysis.coding import OTHER
from icp_helpers.analysis.drivers import estimate_drivers

TRADES = {"p": 0.0, "q": 0.7, "s": -0.7}
WORLDS = {  # n, tie between two numbers, strength of all effects, intercept
    "n = 60": (60, 0.5, 1.0, -1.0),
    "n = 100": (100, 0.5, 1.0, -1.0),
    "n = 150, half of them ideal": (150, 0.5, 1.0, 0.0),
    "n = 300": (300, 0.5, 1.0, -1.0),
    "n = 300, nearly separated": (300, 0.5, 3.0, -1.0),
    "n = 300, two numbers tied at .75": (300, 0.75, 1.0, -0.5),
    "n = 1,000": (1_000, 0.5, 1.0, -1.0),
    "n = 1,000, 8 % ideal": (1_000, 0.5, 1.0, -3.0),
}


def rows(seed: int, runs: int) -> list[Row]:
    found, all_hits = [], []
    for place, (name, (n, tie, strength, base)) in enumerate(WORLDS.items()):
        truth = Truth(tie, strength, base)
        hits = [hit for run in range(4 * runs) for hit in covered(truth, np.random.default_rng([seed, place, run]), n)]
        all_hits += hits
        found.append(Row(f"drivers: interval coverage, {name}", f"{np.mean(hits):.3f}", ".92", ".94", len(hits)))
    found.append(Row("drivers: interval coverage, all of these", f"{np.mean(all_hits):.3f}", ".92", ".94", len(all_hits)))
    claims = [called_clear(np.random.default_rng([seed, 99, run])) for run in range(4 * runs)]
    found.append(Row("drivers: anything called clear among 40 columns of noise", f"{100 * np.mean(claims):.1f} %", "7.5 %", "5 %", len(claims)))
    return found


def covered(truth: Truth, rng: np.random.Generator, n: int) -> list[bool]:
    frame, share = truth.draw(rng, n)
    found = estimate_drivers(frame, pd.Series(rng.random(n) < share))
    named = set(found.level[found.trait == "trade"])
    folded = " + ".join(trade for trade in TRADES if trade not in named)  # the rare ones, which the result calls by one name
    true = [truth.effect(row.trait, folded if row.level == OTHER else row.level) for row in found.itertuples()]
    return [row.low <= effect <= row.high for row, effect in zip(found.itertuples(), true, strict=True) if effect is not None]


def called_clear(rng: np.random.Generator) -> bool:
    frame = pd.DataFrame(rng.normal(size=(600, 40))).add_prefix("x")
    return bool((estimate_drivers(frame, pd.Series(rng.random(600) < 0.3)).p_adjusted < 0.05).any())


class Truth:
    """Two tied numbers of which one matters, a skewed one, a switch and a category; true effects by a large sample."""

    def __init__(self, tie: float, strength: float, base: float):
        self.tie, self.strength, self.base, self.known = tie, strength, base, {}
        self.large = self.draw(np.random.default_rng(0), 60_000)[0]

    def draw(self, rng: np.random.Generator, n: int) -> tuple[pd.DataFrame, np.ndarray]:
        a, other, size = rng.normal(size=(3, n))
        b = self.tie * a + np.sqrt(1 - self.tie**2) * other
        trade = rng.choice(list(TRADES), n, p=[0.5, 0.3, 0.2])
        frame = pd.DataFrame({"a": a, "b": b, "size": np.exp(size), "switch": rng.random(n) < 0.4, "trade": trade})
        return frame, self.share(frame)

    def share(self, frame: pd.DataFrame) -> np.ndarray:
        score = 0.8 * frame["a"] + 0.5 * np.log(frame["size"]) + 1.0 * frame["switch"] + frame["trade"].map(TRADES).astype(float)
        return expit(self.base + self.strength * score).to_numpy()

    def effect(self, trait: str, level: str) -> float | None:
        """The true effect of a row of the result; a number cut in two: above against below, as it is."""
        if (trait, level) not in self.known:
            self.known[trait, level] = self._effect(trait, level)
        return self.known[trait, level]

    def _effect(self, trait: str, level: str) -> float | None:
        if trait == "trade":
            own = level.split(" + ")
            return self._mixed(own) - self._mixed([trade for trade in TRADES if trade not in own])
        if trait == "switch":
            return self._mean(switch=True) - self._mean(switch=False)
        if " → " not in level:
            cut = float(level.removeprefix("≥ "))
            above = self.large[trait] >= cut
            share = self.share(self.large)
            return share[above].mean() - share[~above].mean()
        low, high = map(float, level.split(" → "))
        return self._mean(**{trait: high}) - self._mean(**{trait: low})

    def _mixed(self, trades: list[str]) -> float:
        """The mean share if all had one of these trades, each as often as it is among all."""
        weights = [(self.large["trade"] == trade).mean() for trade in trades]
        return float(np.average([self._mean(trade=trade) for trade in trades], weights=weights))

    def _mean(self, **settled) -> float:
        return self.share(self.large.assign(**settled)).mean()
