"""A population with profiles planted in it: criteria first, then marks and ordinary traits around them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .people import mark, nuisance, standardised
from .profiles import meets

INDUSTRIES = ("construction", "food", "manufacturing", "property management", "consulting", "retail", "transport", "it", "hotels")
INDUSTRY_SHARES = (.16, .09, .14, .08, .1, .16, .11, .08, .08)
INTERESTS = {"skin care": .2, "cycling": .2, "gadgets": .22, "cooking": .35, "garden": .3, "football": .28, "travel": .4, "reading": .3}
CHANNELS_B2B = ("google", "linkedin", "referral", "trade_fair", "phone", "email", "webinar")
CHANNELS_B2C = ("google", "trustpilot", "instagram", "tiktok", "facebook", "forum", "blog", "phone", "shop", "newspaper")
# A channel that a profile uses is used by so many of its members, and by so many of everybody else.
OWN_CHANNEL, OTHER_CHANNEL = 0.75, 0.25


def _firms(rng, n):
    return {
        "industry": rng.choice(np.array(INDUSTRIES, dtype=object), n, p=INDUSTRY_SHARES),
        "employees": np.maximum(1, np.round(np.exp(np.log(20) + 1.1 * rng.standard_normal(n)))),
        "project_value": np.round(np.exp(np.log(2.5e6) + 0.9 * rng.standard_normal(n)), -5),
        "own_production": rng.random(n) < 0.35,
        "sales_channel": rng.choice(np.array(["retail", "export", "wholesale", "direct"], dtype=object), n, p=[.22, .18, .32, .28]),
        "risk_index": np.clip(np.round(rng.normal(42, 16, n)), 0, 100),
        "buildings": 1.0 + rng.poisson(rng.gamma(1.2, 1.6, n)),
        "internal_staff": np.round(np.exp(np.log(7) + 0.8 * rng.standard_normal(n))),
        "new_lease_days": np.round(rng.exponential(600, n)),
    }


def _people(rng, n):
    age = np.round(np.clip(18 + 62 * rng.beta(1.5, 1.9, n), 18, 90))
    settled = 1 / (1 + np.exp(-(age - 32) / 6))
    return {
        "age": age,
        "has_children": rng.random(n) < np.where(age < 58, 0.62 * settled, 0.12),
        "housing": np.where(rng.random(n) < 0.1 + 0.25 * settled, "detached house",
                            rng.choice(np.array(["apartment", "terraced house", "farm"], dtype=object), n, p=[.68, .25, .07])),
        "urbanicity": rng.choice(np.array(["city", "town", "country"], dtype=object), n, p=[.42, .36, .22]),
        "income": np.round(np.exp(np.log(330e3) + 0.35 * settled + 0.4 * rng.standard_normal(n)), -4),
        "value_ease_of_use": 1.0 + np.searchsorted([-1.2, -.3, .8, 1.6], rng.standard_normal(n)),
        "interests": _lists(rng, n, {item: np.full(n, share) for item, share in INTERESTS.items()}),
    }


def _lists(rng, n, shares: dict):
    held = {item: rng.random(n) < share for item, share in shares.items()}
    lists = np.empty(n, dtype=object)
    for row in range(n):
        lists[row] = [item for item in held if held[item][row]]
    return lists


def draw_population(rng, n: int, kind: str, profiles, *, share: float, ordinary: int = 30, only=None) -> pd.DataFrame:
    """`n` firms or people, about `share` of them led into each profile on top of those who are in it by chance.

    As many are led to all of its criteria but one: a firm attracts those who nearly fit too, and without them
    no data could tell whether every criterion is needed.

    Columns: those that the criteria need (all of the kind's, or the list `only`), every mark, `channels`, and
    `ordinary` traits that nothing depends on. Nothing is missing yet; `hide` does that.
    """
    columns = _firms(rng, n) if kind == "b2b" else _people(rng, n)
    led = rng.choice(len(profiles) + 1, n, p=[*[2 * share] * len(profiles), 1 - 2 * share * len(profiles)])
    lacks = np.where(rng.random(n) < 0.5, rng.integers(0, 60, n), -1)  # the criterion that one who nearly fits does not meet
    _lead(rng, columns, profiles, led, lacks)
    factors = _factors(rng, n, kind, columns)
    for name, trait in list(nuisance(kind).items())[:ordinary]:
        columns[name] = trait.draw(rng, factors)
    _lead(rng, columns, profiles, led, lacks)
    membership = np.array([profile.members(columns) for profile in profiles]).reshape(len(profiles), n)
    for name in dict.fromkeys(name for profile in profiles for name in profile.marks):
        shift = sum(profile.marks.get(name, 0.0) * rows for profile, rows in zip(profiles, membership, strict=True))
        columns[name] = mark(name, kind).draw(rng, factors, shift)
    columns["channels"] = _used_channels(rng, n, kind, profiles, membership)
    frame = pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})
    needed = {column for profile in profiles for column, _, _ in profile.criteria}
    base = _firms(rng, 1) if kind == "b2b" else _people(rng, 1)
    return frame.drop(columns=[] if only is None else [name for name in base if name not in needed | set(only)])


def _lead(rng, columns, profiles, led, lacks):
    """Give those who are led what the criteria ask, drawn from others who have it; columns not drawn yet wait."""
    for number, profile in enumerate(profiles):
        for place, (column, op, value) in enumerate(profile.criteria):
            if column not in columns:
                continue
            meet = meets(columns[column], op, value)
            asked = np.where(lacks < 0, True, lacks % len(profile.criteria) != place)
            for rows, donors in ((asked & ~meet, meet), (~asked & meet, ~meet)):
                short, pool = np.flatnonzero((led == number) & rows), columns[column][donors]
                if len(pool):
                    columns[column][short] = pool[rng.integers(0, len(pool), len(short))]


def _factors(rng, n, kind, columns):
    factors = {name: rng.standard_normal(n) for name in ("digital", "growth", "place")}
    if kind == "b2b":
        return {**factors, "size": standardised(columns["employees"])}
    digital = 0.8 * factors["digital"] - 0.6 * standardised(columns["age"])
    return {**factors, "digital": digital, "age": standardised(columns["age"]), "wealth": standardised(columns["income"]),
            "children": np.where(columns["has_children"], 1.0, -0.7)}


def _used_channels(rng, n, kind, profiles, membership):
    names = CHANNELS_B2B if kind == "b2b" else CHANNELS_B2C
    shares = {name: np.full(n, OTHER_CHANNEL) for name in names}
    for profile, rows in zip(profiles, membership, strict=True):
        for name in profile.channels:
            shares[name][rows] = OWN_CHANNEL
    return _lists(rng, n, shares)


def hide(rng, frame: pd.DataFrame, share: float, keep=()) -> pd.DataFrame:
    """The same frame with about `share` of each column missing, and more of some columns than of others."""
    hidden = {}
    for name in frame.columns:
        gone = rng.random(len(frame)) < share * rng.uniform(0.7, 1.3)
        hidden[name] = frame[name] if name in keep else frame[name].astype(object).where(~gone, None)
    return pd.DataFrame(hidden, index=frame.index).infer_objects()
