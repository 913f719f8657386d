"""Do new customers look like the older ones? Each trait of the newest held against that of those before them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import hypergeom
from statsmodels.stats.multitest import multipletests

from icp_helpers.analysis.plain import plain_frame

DRAWS = 999
BINS, MOST_LEVELS = 10, 12
FEWEST = 30  # known values on either side, below which a trait is not compared
NOT_KNOWN = "not known"
MOVED = 0.1  # the index from which a shift is worth a word, by the usage of credit scoring (Siddiqi 2006)


def trait_drift(traits: pd.DataFrame, newer: np.ndarray, *, seed: int = 0) -> pd.DataFrame:
    """A row a trait, the largest shift first: trait, index, p, p_adjusted (Benjamini and Hochberg), older, newer.

    `index` is the population stability index of the `newer` rows (boolean) against the others: over tenths of the older
    values for numbers, over levels for text. Its p-value is that of as large an index where rows are newer or older by
    chance, for the index of few rows is large by itself. `older` and `newer` count the rows whose value is known.
    """
    newer, rows = np.asarray(newer, bool), []
    rng = np.random.default_rng(seed)
    for name, values in plain_frame(traits).items():
        cells = _cells(values, newer)
        if cells is None:
            continue
        totals, late = np.bincount(cells), np.bincount(cells[newer[values.notna()]], minlength=cells.max() + 1)
        index = float(_index(late[None], totals)[0])
        drawn = _index(rng.multivariate_hypergeometric(totals, int(late.sum()), size=DRAWS), totals)
        p = (1 + np.count_nonzero(drawn >= index - 1e-12)) / (1 + DRAWS)
        rows.append({"trait": name, "index": index, "p": p, "older": int(totals.sum() - late.sum()), "newer": int(late.sum())})
    frame = pd.DataFrame(rows, columns=["trait", "index", "p", "older", "newer"])
    frame["p_adjusted"] = multipletests(frame["p"], method="fdr_bh")[1] if len(frame) else pd.Series(dtype=float)
    return frame.sort_values(["p_adjusted", "index"], ascending=[True, False], ignore_index=True)


def growing_levels(traits: pd.DataFrame, newer: np.ndarray) -> pd.DataFrame:
    """Levels that are more frequent among the `newer` rows than before, the surest first: trait, level, older_share,
    newer_share, n (newer rows at the level), p_adjusted (Fisher one-sided, Benjamini and Hochberg over all levels)."""
    newer, rows = np.asarray(newer, bool), []
    for name, values in plain_frame(traits).items():
        known = values.notna()
        if _kind(values) != "text" or min((known & newer).sum(), (known & ~newer).sum()) < FEWEST:
            continue
        late = pd.Series(newer, index=values.index)[known]
        for level, met in ((level, values[known].astype(str) == level) for level in sorted(values[known].astype(str).unique())):
            hits, total = int((met & late).sum()), int(met.sum())
            p = hypergeom.sf(hits - 1, len(late), total, int(late.sum()))
            rows.append({"trait": name, "level": level, "older_share": (total - hits) / (~late).sum(),
                         "newer_share": hits / late.sum(), "n": hits, "p": float(p)})
    frame = pd.DataFrame(rows, columns=["trait", "level", "older_share", "newer_share", "n", "p"])
    frame["p_adjusted"] = multipletests(frame["p"], method="fdr_bh")[1] if len(frame) else pd.Series(dtype=float)
    return frame.sort_values(["p_adjusted", "trait", "level"], ignore_index=True)


def _cells(values: pd.Series, newer: np.ndarray) -> np.ndarray | None:
    """A cell number for each known value; None where the two sides hold too few, or there is but one cell."""
    known = values.notna().to_numpy()
    kind = _kind(values)
    if kind is None or min((known & newer).sum(), (known & ~newer).sum()) < FEWEST:
        return None
    if kind == "number":
        numbers = values[known].to_numpy(float)
        edges = np.unique(np.quantile(numbers[~newer[known]], np.arange(1, BINS) / BINS))
        cells = np.searchsorted(edges, numbers, side="left")
    else:
        texts = values[known].astype(str)
        largest = texts.value_counts().sort_index().sort_values(ascending=False, kind="stable").index[:MOST_LEVELS]
        cells = pd.Categorical(texts.where(texts.isin(largest), ""), categories=[*sorted(largest), ""]).codes.astype(int)
    cells = np.unique(cells, return_inverse=True)[1]
    return cells if cells.max(initial=0) > 0 else None


def _kind(values: pd.Series) -> str | None:
    if pd.api.types.is_bool_dtype(values.dtype):
        return "text"
    if pd.api.types.is_numeric_dtype(values.dtype):
        return "number"
    known = values.dropna()
    if known.map(lambda value: isinstance(value, (list, tuple, np.ndarray))).any():
        return None  # a list is many traits in one, each of them seen through its items elsewhere
    return "text" if len(known) and known.astype(str).nunique() <= len(known) / 2 else None


def _index(late: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """The index of each row of counts `late` (draws x cells) out of `totals`; half a row is added to every cell."""
    early = totals - late
    share_late = (late + 0.5) / (late + 0.5).sum(axis=1, keepdims=True)
    share_early = (early + 0.5) / (early + 0.5).sum(axis=1, keepdims=True)
    return ((share_late - share_early) * np.log(share_late / share_early)).sum(axis=1)
