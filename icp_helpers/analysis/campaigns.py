"""What campaigns did: those who were contacted beside those who were held out by lot, messages and groups side by side."""

from __future__ import annotations

import pandas as pd
from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests

from icp_helpers.analysis.intervals import bootstrap_t_mean, newcombe

CONTACTED, HELD_OUT = "contacted", "held_out"
FEWEST = 30  # people on each side below which two shares are not compared
LEVEL = 0.05
FEWEST_LESSONS = 10
GAINS = ["campaign", "people", "won", "rate", "others", "others_won", "others_rate", "gain", "low", "high", "p_adjusted", "n", "status"]
OPTIONS = ["place", "option", *GAINS[1:]]


def campaign_results(campaigns: pd.DataFrame) -> pd.DataFrame:
    """Each campaign against its own group held out, a row a campaign (GAINS), the largest gain first.

    campaigns: campaign, arm (contacted, held_out), people, won, counted in any number of rows. `gain` is the share won
    of those contacted minus that of those held out, with its 95 % interval (Newcombe); p_adjusted is Fisher's p by Holm
    over the campaigns that can be judged. status: up, down, unclear, too_few, or no_hold_out, where nothing can be said.
    """
    arms = {arm: campaigns[campaigns["arm"] == arm].groupby("campaign")[["people", "won"]].sum() for arm in (CONTACTED, HELD_OUT)}
    others = arms[HELD_OUT].rename(columns={"people": "others", "won": "others_won"})
    return _judged(arms[CONTACTED].join(others).fillna({"others": 0, "others_won": 0}).reset_index())[GAINS]


def best_options(campaigns: pd.DataFrame, place: str, option: str) -> pd.DataFrame:
    """Which `option` (a message) does best in each `place` (a campaign), or which campaign in each segment (OPTIONS).

    Each option is held against all others of its place, among those contacted; the places must have two options or
    more. Holm over all of them. The surest first; status as in `campaign_results`.
    """
    known = campaigns[campaigns["arm"] == CONTACTED].dropna(subset=[place, option])
    counted = known.groupby([place, option])[["people", "won"]].sum().reset_index()
    whole = counted.groupby(place)[["people", "won"]].transform("sum")
    counted = counted.assign(others=whole["people"] - counted["people"], others_won=whole["won"] - counted["won"])
    counted = counted[counted.groupby(place)[option].transform("size") > 1].reset_index(drop=True)
    judged = _judged(counted).sort_values("p_adjusted", kind="stable", ignore_index=True)
    return judged.rename(columns={place: "place", option: "option"})[OPTIONS]


def forecasts(lessons: pd.DataFrame, seed: int = 0) -> dict:
    """Whether effects come out as expected: `ratio`, the mean of observed over expected, with low, high (bootstrap-t),
    baseline 1, n (actions with both), and `fell_short`, how many came out below what was expected.

    lessons: expected, observed, in the same unit. An expectation of nothing cannot be held against anything.
    """
    told = lessons.dropna(subset=["expected", "observed"])
    told = told[told["expected"] != 0]
    ratios = (told["observed"] / told["expected"]).astype(float)
    low, high = bootstrap_t_mean(ratios, seed)
    return {"ratio": ratios.mean(), "low": low, "high": high, "baseline": 1, "n": len(ratios), "needed": FEWEST_LESSONS,
            "fell_short": int((ratios < 1).sum())}


def _judged(counts: pd.DataFrame) -> pd.DataFrame:
    """Counts (people, won, others, others_won) with their shares, the gain, its interval, p by Holm, and a status."""
    if counts.empty:
        return counts.reindex(columns=list(dict.fromkeys([*counts.columns, *GAINS[1:]])))
    people, won, others, others_won = (counts[name].astype(float) for name in ("people", "won", "others", "others_won"))
    low, high = newcombe(won, people, others_won, others)
    frame = counts.assign(rate=won / people.where(people > 0), others_rate=others_won / others.where(others > 0), low=low, high=high,
                          n=pd.concat([people, others], axis=1).min(axis=1).astype(int))
    frame["gain"] = frame["rate"] - frame["others_rate"]
    fair = frame["n"] >= FEWEST
    p = [fisher_exact([[a, n - a], [b, m - b]]).pvalue for a, n, b, m in zip(won[fair], people[fair], others_won[fair], others[fair], strict=True)]
    frame["p_adjusted"] = pd.Series(multipletests(p, method="holm")[1] if p else [], index=frame.index[fair], dtype=float)
    clear = frame["p_adjusted"] < LEVEL
    frame["status"] = "unclear"
    frame.loc[clear, "status"] = frame["gain"].gt(0).map({True: "up", False: "down"})[clear]
    frame.loc[~fair, "status"] = "too_few"
    frame.loc[others == 0, "status"] = "no_hold_out"
    return frame.sort_values("gain", ascending=False, kind="stable", na_position="last", ignore_index=True)
