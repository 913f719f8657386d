"""Surveys, reviews and posts: how satisfied customers say that they are, and in which words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .behaviour import events
from .texts import scores, write_texts

# kind, driver, middle answer, answer a standard deviation of quality is worth, lowest, highest of the scale
QUESTIONS = (
    ("nps", None, 7.2, 1.3, 0, 10), ("csat", "support", 3.6, 0.6, 1, 5), ("csat", "communication", 3.5, 0.6, 1, 5),
    ("csat", "usability", 3.7, 0.5, 1, 5), ("ces", None, 4.8, 0.8, 1, 7),
)
SOURCES = {"b2b": ("Google", "Trustpilot"), "b2c": ("Trustpilot", "Google", "Instagram")}
POSTED = {"b2b": ("linkedin", "facebook"), "b2c": ("instagram", "tiktok", "facebook")}


def surveys(rng, life, pains, language: str) -> pd.DataFrame:
    """Answers to short surveys, asked of everybody about three times a year; half of the asked answer."""
    good = life.quality(rng)
    who, day = events(rng, life, np.full(life.fit.shape, 0.13))
    month = np.minimum(np.searchsorted(life.month_starts, day, side="right") - 1, life.fit.shape[1] - 1)
    question = rng.choice(len(QUESTIONS), len(who), p=[.4, .15, .15, .1, .2])
    frame = pd.DataFrame({"customer": who, "asked_on": life.dates(day), "kind": "", "driver": None, "score": 0, "scale_max": 0})
    for number, (kind, driver, middle, slope, lowest, highest) in enumerate(QUESTIONS):
        rows = question == number
        frame.loc[rows, ["kind", "driver", "scale_max"]] = [kind, driver, highest]
        frame.loc[rows, "score"] = scores(rng, good[who[rows], month[rows]], middle, slope, lowest, highest)
    frame["text"] = write_texts(rng, [pains[customer] for customer in who], language)
    return frame.sort_values(["asked_on", "customer"], kind="stable", ignore_index=True)


def reviews(rng, life, pains, language: str) -> pd.DataFrame:
    """Public reviews: ours, some of them by customers we know, and our competitors'."""
    good = life.quality(rng)[:, -1]
    who, day = events(rng, life, np.full(life.fit.shape, 0.012))
    ours = pd.DataFrame({"at": life.times(rng, day), "rating": scores(rng, good[who], 3.8, 0.5, 1, 5), "about": "own",
                         "customer": np.where(rng.random(len(who)) < 0.6, who, -1),
                         "text": write_texts(rng, [pains[customer] for customer in who], language, 1.0)})
    count = len(who) // 2
    theirs = pd.DataFrame({"at": life.times(rng, rng.random(count) * life.end), "about": "competitor", "customer": -1,
                           "rating": scores(rng, rng.standard_normal(count), 3.5, 0.6, 1, 5),
                           "text": write_texts(rng, [[]] * count, language, 1.0)})
    frame = pd.concat([ours, theirs], ignore_index=True)
    frame["source"] = rng.choice(np.array(SOURCES[life.kind], dtype=object), len(frame))
    return frame.sort_values(["at", "rating"], kind="stable", ignore_index=True)


def social(rng, life, language: str) -> pd.DataFrame:
    """What is posted about us, and how many see it."""
    count = max(5, int(life.end / 6))
    frame = pd.DataFrame({
        "at": life.times(rng, rng.random(count) * life.end),
        "channel": rng.choice(np.array(POSTED[life.kind], dtype=object), count),
        "text": write_texts(rng, [[]] * count, language, 1.0),
        "reach": np.round(np.exp(rng.normal(6, 1, count))).astype(int),
    })
    return frame.sort_values(["at", "reach"], kind="stable", ignore_index=True)
