"""Words that customers of the profile share, for messages: verbatim from what they wrote, never made up."""

from __future__ import annotations

import re
from collections import defaultdict

import numpy as np
import pandas as pd
from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests

from icp_helpers.analysis import intervals
from icp_helpers.analysis.text import STOP

SHORTEST, LONGEST = 3, 8  # words of a phrase
LEVEL = 0.05  # false discovery rate of Benjamini and Hochberg (1995)
FEWEST = 5  # members who use a phrase, below which it could point at one of them
SAME = 0.8  # a phrase is left out where so many of its users use a longer one that shares two words with it
SENTENCE = re.compile(r"[^.!?;:\n\r]+")
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
SMALL_WORDS = STOP["da"] | STOP["en"]  # a phrase of nothing else says nothing
COLUMNS = ["phrase", "members", "others", "share", "other_share", "low", "high", "p_adjusted"]


def shared_phrases(texts: pd.DataFrame, members: set[str], *, fewest: int = FEWEST, most: int = 10) -> pd.DataFrame:
    """Phrases that members use more than others, the most frequent first (COLUMNS): how many of each use them.

    texts: customer_id, text. A phrase is three to eight words that stand side by side in one sentence; it is counted once a
    customer and shown as the first one wrote it; one of small words alone is none.
    Kept are those of at least `fewest` members that are more frequent
    among them after a correction for all phrases counted (Fisher's exact test); `low`, `high` are the 95 % interval
    of the difference of shares (Newcombe). Customers who wrote nothing are in neither group.
    """
    told = texts.dropna(subset=["customer_id", "text"])
    users, shown = _phrases(told)
    everybody = set(told["customer_id"])
    inside = len(everybody & members)
    outside = len(everybody) - inside
    rows = []
    for key, who in users.items():
        if len(who) >= max(fewest, FEWEST) and set(key.split()) - SMALL_WORDS:  # by all users: choosing by members' use would bias the test
            rows.append((key, len(who & members), len(who - members)))
    if not rows or not outside or inside < fewest:
        return pd.DataFrame(columns=COLUMNS)
    keys, hits, others = (list(part) for part in zip(*rows, strict=True))
    p = [fisher_exact([[a, inside - a], [b, outside - b]], alternative="greater").pvalue for a, b in zip(hits, others, strict=True)]
    frame = pd.DataFrame({"phrase": [shown[key] for key in keys], "key": keys, "members": hits, "others": others,
                          "share": np.array(hits) / inside, "other_share": np.array(others) / outside})
    frame["low"], frame["high"] = intervals.newcombe(hits, inside, others, outside)
    frame["p_adjusted"] = multipletests(p, method="fdr_bh")[1]
    told_apart = frame[(frame["p_adjusted"] < LEVEL) & (frame["members"] >= max(fewest, FEWEST))]
    kept = _longest(told_apart, users).sort_values(["members", "phrase"], ascending=[False, True], kind="stable")
    return kept.head(most)[COLUMNS].reset_index(drop=True)


def _phrases(told: pd.DataFrame) -> tuple[dict[str, set], dict[str, str]]:
    """Who uses each phrase, by its words in small letters, and how the first of them wrote it."""
    users, shown = defaultdict(set), {}
    for customer, text in zip(told["customer_id"], told["text"].astype(str), strict=True):
        for sentence in SENTENCE.findall(text):
            words = list(WORD.finditer(sentence))
            for start in range(len(words)):
                for end in range(start + SHORTEST - 1, min(start + LONGEST, len(words))):
                    phrase = sentence[words[start].start():words[end].end()]
                    if "@" in phrase or any(letter.isdigit() for letter in phrase):
                        break
                    key = " ".join(word.group().casefold() for word in words[start:end + 1])
                    users[key].add(customer)
                    shown.setdefault(key, phrase)
    return users, shown


def _longest(frame: pd.DataFrame, users: dict[str, set]) -> pd.DataFrame:
    """The phrases that are not, for most of their users, a piece of a longer one that is kept."""
    order = frame.assign(words=frame["key"].str.count(" ")).sort_values(["words", "members", "key"], ascending=[False, False, True])["key"]
    kept: list[str] = []
    for key in order:
        alike = [other for other in kept if len(set(key.split()) & set(other.split())) >= 2]
        if not any(len(users[key] & users[other]) >= SAME * len(users[key]) for other in alike):
            kept.append(key)
    return frame[frame["key"].isin(kept)]
