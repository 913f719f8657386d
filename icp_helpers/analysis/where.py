"""Where the ideal customers are: the place that holds most of them, and whether it holds more of them than of others."""

from __future__ import annotations

import pandas as pd

from icp_helpers.analysis.intervals import newcombe

PLACES = ("region", "country", "municipality", "city", "postcode", "urbanicity")  # the widest first


def where_ideal(traits: pd.DataFrame, ideal: pd.Series) -> dict:
    """The place that holds most ideal customers. traits: a row a customer; ideal: yes/no on the same index.

    Gives `trait, level, hits` of `n` ideal customers whose place is known, `share`, `rest` (the share of all others who
    are there), and `difference` of the two with Newcombe's 95 % interval `low, high`. An empty dict where no column of
    PLACES is among the traits, or no ideal customer's place is known.
    """
    column = next((name for name in PLACES if name in traits), None)
    if column is None:
        return {}
    known = pd.DataFrame({"place": traits[column].astype(object), "ideal": ideal.reindex(traits.index)}).dropna()
    inside = known["ideal"].astype(bool)
    counts = known.loc[inside, "place"].value_counts()
    if counts.empty:
        return {}
    level = min(counts.index[counts == counts.iloc[0]], key=str)
    hits, n = int(counts.iloc[0]), int(inside.sum())
    others, other_hits = int((~inside).sum()), int((known["place"][~inside] == level).sum())
    low, high = newcombe(hits, n, other_hits, others) if others else (None, None)
    rest = other_hits / others if others else None
    return {"trait": column, "level": level, "hits": hits, "n": n, "share": hits / n, "rest": rest,
            "difference": hits / n - rest if others else None, "low": low, "high": high}
