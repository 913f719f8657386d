"""Sentences that may be quoted: nobody can be recognised by them, for many use every single word in them."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd

from icp_helpers.analysis.text import STOP, WORD, stems

MOST_WORDS = 20
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
TELLING = re.compile(r"[\d@#/\\<>]|www|http", re.IGNORECASE)  # numbers, mails, links, mark-up
COLUMNS = ["word", "language", "quote", "members"]


def pick_quotes(answers: pd.DataFrame, words: pd.DataFrame, members, *, smallest: int = 5, most: int = 3) -> pd.DataFrame:
    """At most one sentence a word, written by a member: word, language, quote, members (who share the word).

    answers: as `text.read_answers` gives them; words: as `text.distinctive_words`. A sentence is quoted only where it
    holds no number, mail or link, no more than twenty words, and where each of its words is used by at least `smallest`
    customers, in small letters too: so a name never is, at whatever place it stands.
    """
    own = answers[answers["customer_id"].isin(set(members))]
    spoken = {language: _vocabulary(part, smallest) for language, part in answers.groupby("language")}
    found, used = [], set()
    for word in words.to_dict("records"):
        if len(found) == most or word["members"] < smallest:
            continue
        sentences = _sentences(own[own["language"] == word["language"]], word["stem"], word["language"])
        fit = sorted((len(one), one) for one in sentences - used if _speaks_for_many(one, spoken[word["language"]]))
        if fit:
            quote = fit[len(fit) // 2][1]
            used.add(quote)
            found.append((word["word"], word["language"], quote, word["members"]))
    return pd.DataFrame(found, columns=COLUMNS)


def _vocabulary(answers: pd.DataFrame, smallest: int) -> frozenset[str]:
    """The words that at least so many customers wrote in small letters, as a name is not written."""
    writers: dict[str, set] = {}
    for who, text in zip(answers["customer_id"], answers["text"], strict=True):
        for word in {word for word in WORD.findall(text) if word == word.lower()}:
            writers.setdefault(word, set()).add(who)
    counts = Counter({word: len(by) for word, by in writers.items()})
    return frozenset(word for word, by in counts.items() if by >= smallest)


def _sentences(answers: pd.DataFrame, stem: str, language: str) -> set[str]:
    said = (one.strip() for text in answers["text"] for one in SENTENCE.split(text))
    return {one for one in said if stem in stems(one, language)}


def _speaks_for_many(sentence: str, vocabulary: frozenset[str]) -> bool:
    words = WORD.findall(sentence)
    common = STOP["da"] | STOP["en"]
    if TELLING.search(sentence) or not 3 <= len(words) <= MOST_WORDS:
        return False
    inside = [word for word in words[1:] if word != word.lower() and word.lower() not in common]
    return not inside and all(word.lower() in vocabulary or word.lower() in common for word in words)
