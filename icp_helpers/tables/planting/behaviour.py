"""What customers do month by month: buy, give back, leave, ask for help, use the product, recommend it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

# How much better members of a planted profile do, in standard deviations of customers' own quality.
EFFECT = 1.5
# What the roll-out adds for members, in the same unit.
ROLLOUT = 0.4
SEASON = np.array([.92, .94, 1.0, .98, 1.02, .95, .72, .98, 1.05, 1.08, 1.18, 1.35])
HOURS = {"b2b": np.array([0] * 7 + [2, 6, 9, 10, 9, 6, 8, 9, 8, 5, 2, 1, 1, 1, 0, 0, 0], dtype=float),
         "b2c": np.array([0] * 6 + [1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 6, 7, 8, 10, 11, 9, 5, 2], dtype=float)}
DAYS_A_MONTH = 30.4


@dataclass(frozen=True)
class Life:
    """The frame of a market's events. Days are counted from `start`; a month is a column of the arrays.

    acquired, left: days, one a customer (`left` is infinite for those who stay); fit: customers x months, 1 for a
    member of the profile that carries the effect in that month, -1 in a reversed world, 0 for everybody else.
    """

    start: pd.Timestamp
    as_of: pd.Timestamp
    kind: str
    acquired: np.ndarray
    fit: np.ndarray
    own: np.ndarray
    size: np.ndarray
    left: np.ndarray
    trend: float = 0.0

    @property
    def end(self) -> float:
        return float((self.as_of - self.start).days + 1)

    @property
    def month_starts(self) -> np.ndarray:
        months = pd.date_range(self.start, periods=self.fit.shape[1] + 1, freq="MS")
        return ((months - self.start).days).to_numpy(dtype=float)

    def quality(self, rng) -> np.ndarray:
        """Customers x months: own quality seen through noise, plus the effect of the profile."""
        seen = 0.6 * self.own + 0.8 * rng.standard_normal(len(self.own))
        return seen[:, None] + EFFECT * self.fit

    def season(self, strength: float = 1.0) -> np.ndarray:
        months = (self.start.month - 1 + np.arange(self.fit.shape[1])) % 12
        return SEASON[months] ** strength

    def dates(self, days) -> pd.Series:
        return pd.Series(self.start + pd.to_timedelta(np.floor(days), unit="D"))

    def times(self, rng, days) -> pd.Series:
        """Times of day as people keep them, to the minute; firms hardly write at weekends."""
        at = self.start + pd.to_timedelta(np.floor(days), unit="D")
        if self.kind == "b2b":
            early = np.where(rng.random(len(days)) < 0.92, np.clip(np.asarray(at.day_of_week) - 4, 0, None), 0)
            at = at - pd.to_timedelta(np.minimum(early, np.floor(days)), unit="D")
        weights = HOURS[self.kind]
        hour = rng.choice(24, len(days), p=weights / weights.sum())
        return pd.Series(at + pd.to_timedelta(hour * 60 + rng.integers(0, 60, len(days)), unit="m"))


def leaving_days(rng, life: Life) -> np.ndarray:
    """The day each customer leaves; infinite for those who are still there."""
    hazard = 0.035 * np.exp(-0.9 * life.quality(rng)) * _exposure(life, np.full(len(life.acquired), np.inf)) / DAYS_A_MONTH
    spent = np.cumsum(hazard, axis=1)
    limit = rng.exponential(1.0, len(life.acquired))[:, None]
    gone = spent >= limit
    month = gone.argmax(axis=1)
    first = np.maximum(life.month_starts[month], life.acquired + 20)
    day = first + rng.random(len(first)) * np.maximum(0, life.month_starts[month + 1] - first)
    return np.where(gone.any(axis=1) & (day < life.end), np.floor(day), np.inf)


def events(rng, life: Life, rate) -> tuple[np.ndarray, np.ndarray]:
    """Poisson events at `rate` a month while a customer is there: (customer numbers, days), in order of customer."""
    first, last = _windows(life, life.left)
    counts = rng.poisson(rate * np.maximum(0, last - first) / DAYS_A_MONTH)
    who, month = np.nonzero(counts)
    repeat = counts[who, month]
    who, month = np.repeat(who, repeat), np.repeat(month, repeat)
    start, length = first[who, month], (last - first)[who, month]
    day = start + rng.random(len(who)) * length
    for _try in range(4 if life.kind == "b2b" else 0):  # firms act on working days, now and then at a weekend
        weekend = ((life.start.day_of_week + np.floor(day)) % 7 > 4) & (rng.random(len(day)) < 0.95)
        day = np.where(weekend, start + rng.random(len(who)) * length, day)
    return who, day


def _windows(life, left):
    starts = life.month_starts
    first = np.maximum(starts[:-1][None, :], life.acquired[:, None])
    return first, np.minimum(np.minimum(starts[1:], life.end)[None, :], left[:, None])


def _exposure(life, left):
    first, last = _windows(life, left)
    return np.maximum(0, last - first)


def orders(rng, life: Life, middle: float, rate: float = 0.5):
    """Orders and refunds (negative, `refund_of` the order): a row each, with the number of the customer."""
    good = life.quality(rng)
    months = np.arange(life.fit.shape[1])
    pace = rate * np.exp(0.3 * good + life.trend * (months - months.mean())) * life.season()
    who, day = events(rng, life, pace)
    first = np.arange(len(life.acquired))
    who, day = np.append(first, who), np.append(life.acquired, day)
    month = np.minimum(np.searchsorted(life.month_starts, day, side="right") - 1, len(months) - 1)
    money = rng.normal(0.25 * good[who, month] + 0.15 * life.size[who], 0.5)
    placed = pd.DataFrame({
        "customer": who, "ordered_at": life.times(rng, day), "amount": np.round(middle * np.exp(money), 2),
        "back": rng.random(len(who)) < expit(-3.0 - 0.5 * good[who, month]), "day": day,
    }).sort_values(["ordered_at", "customer"], kind="stable", ignore_index=True)
    placed.insert(0, "order_id", [f"O{row:07d}" for row in range(1, len(placed) + 1)])
    return pd.concat([placed.drop(columns=["back", "day"]), _refunds(rng, life, placed[placed.back])], ignore_index=True)


def _refunds(rng, life, returned):
    share = np.where(rng.random(len(returned)) < 0.6, 1.0, rng.uniform(0.1, 0.7, len(returned)))
    day = returned.day.to_numpy() + rng.integers(4, 30, len(returned))
    back = pd.DataFrame({
        "order_id": returned.order_id + "R", "customer": returned.customer, "ordered_at": life.times(rng, day).to_numpy(),
        "amount": -np.round(returned.amount * share, 2), "refund_of": returned.order_id,
    })
    return back[day < life.end]


def tickets(rng, life: Life) -> pd.DataFrame:
    """Requests to the service desk: fewer and sooner closed from members. The latest may still be open."""
    good = life.quality(rng)
    who, day = events(rng, life, 0.12 * np.exp(-0.45 * good))
    opened = life.times(rng, day)
    answer = pd.to_timedelta(np.round(np.exp(rng.normal(5.0, 1.0, len(who)))), unit="m")
    solved = answer + pd.to_timedelta(np.round(60 * np.exp(rng.normal(3.2 - 0.15 * good[who, -1], 0.9))), unit="m")
    limit = life.as_of + pd.Timedelta(days=1)
    frame = pd.DataFrame({"customer": who, "opened_at": opened, "first_response_at": opened + answer, "closed_at": opened + solved})
    for name in ("first_response_at", "closed_at"):
        frame[name] = frame[name].where(frame[name] < limit)
    return frame.sort_values(["opened_at", "customer"], kind="stable", ignore_index=True)


def usage(rng, life: Life, value_event: str) -> pd.DataFrame:
    """When the product is used: the first value (`value_event`) comes sooner to members, a report keeps them."""
    good = life.quality(rng)
    first = life.acquired + rng.exponential(45 * np.exp(-0.35 * good[:, -1]))
    reached = first < np.minimum(life.left, life.end)
    frames = [pd.DataFrame({"customer": np.flatnonzero(reached), "day": first[reached], "event": value_event})]
    for event, pace in (("signed_in", 0.8), ("report_opened", 0.3), ("template_saved", 0.15)):
        who, day = events(rng, life, pace * np.exp(0.3 * good))
        frames.append(pd.DataFrame({"customer": who, "day": day, "event": event}))
    frame = pd.concat(frames, ignore_index=True)
    frame["at"] = life.times(rng, frame.day.to_numpy())
    return frame[["customer", "at", "event"]].sort_values(["at", "customer", "event"], kind="stable", ignore_index=True)


def referrals(rng, life: Life, share: float = 0.5) -> pd.DataFrame:
    """Who recommended whom: about `share` of the customers were sent by one who was there before them."""
    good = life.quality(rng)[:, -1]
    rows = []
    for referred in np.flatnonzero(rng.random(len(good)) < share):
        day = life.acquired[referred] - rng.integers(1, 30)
        there = (life.acquired <= day) & (life.left > day)
        weight = np.where(there, np.exp(1.1 * good), 0.0)
        if weight.sum() > 0:
            rows.append((rng.choice(len(good), p=weight / weight.sum()), referred, day))
    frame = pd.DataFrame(rows, columns=["referrer", "referred", "day"]).astype({"referrer": int, "referred": int, "day": float})
    return frame.sort_values(["day", "referred"], kind="stable", ignore_index=True)


def subscriptions(rng, life: Life, middle: float, share: float = 0.6) -> pd.DataFrame:
    """Contracts that run until the customer leaves; the monthly amount is higher for members."""
    good = life.quality(rng)[:, -1]
    who = np.flatnonzero(rng.random(len(good)) < share)
    amount = np.round(middle * np.exp(rng.normal(0.2 * good[who] + 0.1 * life.size[who], 0.3)), 2)
    return pd.DataFrame({"customer": who, "start": life.acquired[who], "end": life.left[who], "monthly_amount": amount})
