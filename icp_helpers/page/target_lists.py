"""The lists that leave the workbench for a CRM: who is called, who is left in peace, who must not be contacted."""

from collections.abc import Sequence

import pandas as pd

from icp_helpers.analysis.activation import CAMPAIGN, COMPARED, HELD_OUT
from icp_helpers.analysis.icp_file import Icp
from icp_helpers.page.lists import reasons_in_words

HEADERS = {"kind": "List", "id": "Id", "rank": "Rank", "fit_score": "Fit", "tier": "Tier", "profile": "Profile", "reasons": "Reasons",
           "contact": "Why not", "arm": "Group"}
CALLED = ["rank", "kind", "id", "fit_score", "tier", "profile", "reasons"]
FILES = {CAMPAIGN: "call_list", HELD_OUT: "held_out", COMPARED: "compared"}


def target_lists(page, scores: pd.DataFrame, icp: Icp, columns: Sequence[str]) -> dict[str, pd.DataFrame]:
    """File name -> list, in the reader's language: one for each group (`call_list`, `held_out`, `compared`), best first,
    and `left_out` with why. `columns` are those that reasons may name. Without a ranking the call list is empty."""
    criteria = {profile.name: page.words.criteria(profile.criteria) for profile in (*icp.profiles, *icp.negative_profiles)}
    told = scores.assign(kind=scores["kind"].map(page.label), profile=scores["profile"].map(lambda name: criteria.get(name, name)),
                         rank=scores["rank"].astype("Int64"),
                         reasons=reasons_in_words(scores["reasons"], columns, page.words, page.label("against")), contact=scores["contact"].map(page.label))
    made = {file: told.loc[scores["arm"] == arm, CALLED].reset_index(drop=True) for arm, file in FILES.items()}
    left = told.loc[scores["contact"] != "", ["kind", "id", "contact"]].reset_index(drop=True)
    return {name: frame for name, frame in made.items() if len(frame) or name == "call_list"} | {"left_out": left}


def headers(page) -> dict[str, str]:
    """Column -> the word above it, in the reader's language."""
    return {column: page.label(word) for column, word in HEADERS.items()}
