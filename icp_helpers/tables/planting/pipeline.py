"""From the first contact to the order: leads, the touches on their way, the people met, and what it costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

STAGES = ("discovery", "research", "decision", "purchase")
# Mean days between the steps of a sale, in the order lead -> marketing qualified -> sales qualified -> won.
LAGS = {"b2b": (35.0, 30.0, 40.0), "b2c": (10.0, 7.0, 9.0)}
# The log-odds of each step for an ordinary lead, and what a member of a profile adds.
STEPS, STEP_EFFECT = (0.5, 0.3, 0.0), 0.6
LOST_REASONS = ("price", "timing", "missing feature", "chose competitor", "no budget")
ROLES = (("buyer", .5), ("owner", .7), ("finance", .2), ("production", .1), ("marketing", .1))
LEAD_COST = {"google": 420, "linkedin": 650, "referral": 90, "trade_fair": 1100, "phone": 300, "email": 120, "webinar": 500,
             "trustpilot": 80, "instagram": 160, "tiktok": 110, "facebook": 150, "forum": 40, "blog": 70, "shop": 200, "newspaper": 260}


def run_pipeline(rng, fit, kind: str, start: pd.Timestamp, days: float, size: int, enough: int) -> pd.DataFrame:
    """Of `size` leads, as many as it takes for `enough` of them to be won inside the period, in order of creation.

    Firms decide on working days. `fit` is a function of (lead numbers, days) that gives 1, 0 or -1. A row a lead, days from the start: created, mql, sql, won, lost (days,
    missing where it has not come to that), fit.
    """
    created = np.floor(rng.random(size) ** 0.9 * days)
    good = fit(np.arange(size), created)
    steps = [rng.random(size) < expit(base + STEP_EFFECT * good) for base in STEPS]
    lags = [np.ceil(rng.exponential(mean, size)) for mean in LAGS[kind]]
    at, alive, frame = created, np.ones(size, dtype=bool), {"created": created}
    lost = np.full(size, np.nan)
    for name, passed, lag in zip(("mql", "sql", "won"), steps, lags, strict=True):
        at = _working_day(start, at + lag) if kind == "b2b" else at + lag
        lost = np.where(alive & ~passed & (at < days), at, lost)
        alive = alive & passed
        frame[name] = np.where(alive & (at < days), at, np.nan)
    leads = pd.DataFrame({**frame, "lost": lost, "fit": good})
    until = np.searchsorted(np.cumsum(leads.won.notna()), enough) + 1
    return leads.iloc[:until].sort_values("created", kind="stable")


def _working_day(start, days):
    weekday = (start.day_of_week + days) % 7
    return np.where(weekday > 4, days + 7 - weekday, days)


def lead_table(rng, leads: pd.DataFrame, life, channels, competitors) -> pd.DataFrame:
    """The CRM's table of leads, without their traits: a row a lead, dates where things have happened."""
    n = len(leads)
    lost = leads.lost.notna().to_numpy()
    reason = rng.choice(np.array(LOST_REASONS, dtype=object), n, p=[.3, .2, .15, .25, .1])
    rival = rng.choice(np.array(competitors, dtype=object), n, p=[.5, .3, .2])
    table = pd.DataFrame({
        "channel": [items[number % len(items)] if items else "google" for items, number in
                    zip(channels, rng.integers(0, 1_000, n), strict=True)],
        **{f"{name}_on": _dates(life, leads[column]) for name, column in
           (("created", "created"), ("mql", "mql"), ("sql", "sql"), ("won", "won"), ("lost", "lost"))},
        "lost_reason": np.where(lost, reason, None),
        "lost_to": np.where(lost & (reason == "chose competitor"), rival, None),
    })
    return table


def touch_table(rng, leads: pd.DataFrame, life, channels) -> pd.DataFrame:
    """Touches of each lead on its way: discovery, research, decision, purchase, no stage without the one before."""
    reached = [leads.created, leads.mql, leads.sql, leads.won]
    frames = []
    for number, (stage, at) in enumerate(zip(STAGES, reached, strict=True)):
        here = np.flatnonzero(at.notna())
        here = np.repeat(here, 1 + rng.binomial(2, 0.4 if number < 2 else 0.15, len(here)))
        before = reached[max(0, number - 1)].to_numpy()[here]
        day = np.where(number == 0, leads.created.to_numpy()[here],
                       before + rng.random(len(here)) * (at.to_numpy()[here] - before))
        used = [channels.iloc[row] or ["google"] for row in here]
        pick = rng.integers(0, 1_000, len(here))
        closing = rng.choice(np.array(["phone", "email", "shop"] if life.kind == "b2c" else ["phone", "email"], dtype=object), len(here))
        channel = [items[p % len(items)] if number < 2 else end for items, p, end in zip(used, pick, closing, strict=True)]
        frames.append(pd.DataFrame({"lead": here, "at": life.times(rng, day), "stage": stage, "channel": channel}))
    late = np.flatnonzero(leads.won.notna() & (rng.random(len(leads)) < 0.3))
    day = np.minimum(leads.won.to_numpy()[late] + rng.integers(0, 10, len(late)), life.end - 1)
    frames.append(pd.DataFrame({"lead": late, "at": life.times(rng, day), "stage": "purchase", "channel": "retargeting"}))
    return pd.concat(frames, ignore_index=True).sort_values(["lead", "at"], kind="stable", ignore_index=True)


def contact_table(rng, leads: pd.DataFrame) -> pd.DataFrame:
    """Whom the seller met at each firm that became a sales lead: the role, and whether it decides."""
    rows = []
    for lead in np.flatnonzero(leads.mql.notna()):
        for role, decides in (ROLES[number] for number in sorted(rng.choice(len(ROLES), rng.integers(1, 4), replace=False))):
            rows.append((lead, role, bool(rng.random() < decides)))
    return pd.DataFrame(rows, columns=["lead", "role", "decides"])


def spend_table(rng, leads: pd.DataFrame) -> pd.DataFrame:
    """What each channel cost, month by month: its usual price a lead, more or less."""
    counted = leads.assign(date=leads.created_on.dt.to_period("M").dt.to_timestamp()).groupby(["date", "channel"]).size()
    spend = counted.rename("leads").reset_index()
    price = spend.channel.map(LEAD_COST).fillna(100)
    spend["amount"] = np.round(spend.leads * price * np.exp(rng.normal(0, 0.2, len(spend))), 2)
    return spend[["date", "channel", "amount"]]


def _dates(life, days):
    return life.start + pd.to_timedelta(days.to_numpy(), unit="D")
