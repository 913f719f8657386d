"""Which channels deserve how much credit for the purchases: first touch, last touch, and the removal of a channel.

First and last touch see one touch of a journey and err by .6 to .75 of all credit in worlds where the truth is known. The
removal asks a logit how many purchases would be missing without the channel, in each stage among those who reached it, so
that a channel gains nothing by being used late on journeys that are nearly won. Share of credit, not cause.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, log_expit
from scipy.stats import chi2

from icp_helpers.analysis.journey import STAGES

COPIES = 100  # resamples of journeys for the intervals
FEWEST = 30  # journeys that went on, and that did not, below which no stage is modelled
SCALE = 2.5  # of the coefficients beforehand, in log-odds: keeps them finite where a channel is on all purchases or none
ROUNDS = 50
MATURE = 0.9  # of those who went on did so within this time; who had longer and did not, did not go on
CREDIT = ["channel", "journeys", "first", "last", "removal", "low", "high", "late"]


def channel_credit(touches: pd.DataFrame, *, as_of, seed: int = 0, smallest: int = 5) -> pd.DataFrame:
    """A row a channel, most credit first: channel, journeys (that hold it), first, last, removal with low, high, late.

    `touches`: as `journey.read_touches` gives them. first and last are shares of the journeys that ended in a purchase,
    counted over all touches, as is usual; removal is the share of the purchases that would be missing without the
    channel, over the touches that do not follow the decision, with a 95 % interval from resampled journeys. late is the
    share of the channel's touches that were cut for following it. removal is missing where too few journeys ended, and
    for a channel whose every touch was cut. `attrs`: journeys, bought, and p_value: whether channels go with the purchases
    at all (likelihood ratio over all stages); above .05 no credit may be told. It is missing where no stage can be modelled.
    """
    usable = touches[touches["channel"].notna()]
    bought = usable[usable["won"]]
    ends = [bought.groupby("journey")["channel"].agg(which).value_counts(normalize=True) for which in ("first", "last")]
    held = usable.groupby("channel")["journey"].nunique()
    table = pd.DataFrame({"journeys": held, "first": ends[0], "last": ends[1], "late": usable.groupby("channel")["late"].mean()})
    table = table[table["journeys"] >= smallest].rename_axis("channel").reset_index()
    table[["first", "last"]] = table[["first", "last"]].fillna(0.0)
    early, channels = usable[~usable["late"]], list(table["channel"])
    steps = _steps(early, channels, as_of)
    removal = _removal(steps, channels, seed)
    table = table.join(removal[removal.index.isin(early["channel"].unique())], on="channel")[CREDIT]
    table = table.sort_values(["removal", "first", "channel"], ascending=[False, False, True], ignore_index=True)
    table.attrs = {"journeys": int(usable["journey"].nunique()), "bought": int(bought["journey"].nunique()), "p_value": _any_effect(steps)}
    return table


def _removal(steps: list, channels: list, seed: int) -> pd.DataFrame:
    """Index channel; removal, low, high. Empty where no stage can be modelled."""
    if not steps:
        return pd.DataFrame(columns=["removal", "low", "high"], index=pd.Index([], dtype=object), dtype=float)
    rng = np.random.default_rng(seed)
    credit = _shares(steps)
    copies = np.array([_shares([step.drawn_again(rng) for step in steps]) for _copy in range(COPIES)])
    low, high = np.nanquantile(copies, [0.025, 0.975], axis=0) if np.isfinite(copies).any() else (credit, credit)
    return pd.DataFrame({"removal": credit, "low": np.minimum(low, credit), "high": np.maximum(high, credit)}, index=channels)


def _any_effect(steps: list) -> float:
    """The chance of channels telling so much about who goes on, if they told nothing."""
    gained = freedom = 0.0
    for step in steps:
        n, told = step.went + step.stopped, np.column_stack([np.ones(len(step.went)), step.held])
        gained += 2 * (_likelihood(told, step.went, n) - _likelihood(told[:, :1], step.went, n))
        freedom += np.linalg.matrix_rank(told[n > 0]) - 1
    return float(chi2.sf(gained, freedom)) if freedom else np.nan


@dataclass(frozen=True)
class Step:
    """A stage, over the journeys that came so far and whose going on is decided: each pattern of channels used by then
    (`held`, patterns x channels, 0/1), and how many journeys of that pattern went on or `stopped`."""

    held: np.ndarray
    went: np.ndarray
    stopped: np.ndarray

    def drawn_again(self, rng: np.random.Generator) -> Step:
        counts = np.concatenate([self.went, self.stopped])
        drawn = rng.multinomial(int(counts.sum()), counts / counts.sum())
        return Step(self.held, *np.split(drawn, 2))


def _steps(early: pd.DataFrame, channels: list, as_of) -> list[Step]:
    """The stages before the purchase that have touches, in order; those too small to model are left out."""
    early = early.assign(place=early["place"].fillna(0))
    journeys = early.groupby("journey").agg(won=("won", "any"), lost=("lost_on", "count"), furthest=("place", "max"))
    first = early.groupby(["journey", "place"])["at"].min().unstack()
    furthest = journeys["furthest"].where(~journeys["won"], len(STAGES) - 1)
    ended = early.groupby("journey")["won_on"].min()
    used = [stage for stage in range(len(STAGES) - 1) if stage in first]
    steps = []
    for order, stage in enumerate(used):
        after = used[order + 1] if order + 1 < len(used) else len(STAGES) - 1
        came, went = first[stage].notna(), furthest >= after  # a purchase alone does not show that a stage was gone through
        entered, moved = first[used[:order + 1]].max(axis=1), first[after] if after in first else ended
        decided = came & (went | (journeys["lost"] > 0) | _had_time(entered, (moved - entered)[went], as_of))
        so_far = early[early["place"] <= stage]
        held = pd.crosstab(so_far["journey"], so_far["channel"]).reindex(index=journeys.index, columns=channels, fill_value=0) > 0
        if min((went & decided).sum(), (~went & decided).sum()) >= FEWEST:
            steps.append(_counted(held[decided].to_numpy(), went[decided].to_numpy()))
    return steps


def _had_time(entered: pd.Series, took: pd.Series, as_of) -> pd.Series:
    """Which journeys have had as long as nearly all who went on needed; all of them where no time can be told."""
    longest = took.dropna().quantile(MATURE) if took.notna().any() else pd.Timedelta(0)
    return (pd.Timestamp(as_of) + pd.Timedelta(days=1) - entered) >= longest


def _counted(held: np.ndarray, went: np.ndarray) -> Step:
    patterns, place = np.unique(held, axis=0, return_inverse=True)
    counts = [np.bincount(place.ravel()[rows], minlength=len(patterns)) for rows in (went, ~went)]
    return Step(patterns.astype(float), *counts)


def _shares(steps: list[Step]) -> np.ndarray:
    """Each channel's share of the purchases that would be missing without it; a channel that would not be missed gets 0.

    What a stage loses is worth what a journey has left to go: the share of those past the stage who bought.
    """
    missing, rest = np.zeros(steps[0].held.shape[1]), 1.0
    for step in reversed(steps):
        missing += rest * _missing(step)
        rest *= step.went.sum() / (step.went.sum() + step.stopped.sum())
    kept = np.maximum(missing, 0)
    return kept / kept.sum() if kept.sum() > 0 else np.full(len(kept), np.nan)


def _missing(step: Step) -> np.ndarray:
    """How many journeys fewer would go on without each channel."""
    n = step.went + step.stopped
    coefficients = _fit(np.column_stack([np.ones(len(n)), step.held]), step.went, n)
    linear = coefficients[0] + step.held @ coefficients[1:]
    without = linear[:, None] - step.held * coefficients[1:]
    return (n[:, None] * (expit(linear)[:, None] - expit(without))).sum(axis=0)


def _fit(design: np.ndarray, went: np.ndarray, n: np.ndarray) -> np.ndarray:
    """The logit of `went` of `n` on the design, its first column ones; a weak normal prior on all other coefficients.

    Gelman, Jakulin, Pittau and Su (2008) argue for the scale; Newton's steps, halved until they climb.
    """
    weight = np.r_[1e-6, np.full(design.shape[1] - 1, SCALE**-2)]

    def value(at):
        return _log_chance(design @ at, went, n) - (weight * at**2).sum() / 2

    at = np.zeros(design.shape[1])
    for _round in range(ROUNDS):
        share = expit(design @ at)
        slope = design.T @ (went - n * share) - weight * at
        step = np.linalg.solve((design.T * (n * share * (1 - share))) @ design + np.diag(weight), slope)
        while value(at + step) < value(at) - 1e-9 and np.abs(step).max() > 1e-9:
            step = step / 2
        at = at + step
        if np.abs(step).max() < 1e-8:
            break
    return at


def _likelihood(design: np.ndarray, went: np.ndarray, n: np.ndarray) -> float:
    return _log_chance(design @ _fit(design, went, n), went, n)


def _log_chance(linear: np.ndarray, went: np.ndarray, n: np.ndarray) -> float:
    return float(went @ log_expit(linear) + (n - went) @ log_expit(-linear))
