"""Which customers are ideal: by the market's weights of five marks, or by a column that already says it."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping

import numpy as np
import pandas as pd

from icp_helpers.analysis.marks import Spans, customer_spans, five_marks
from icp_helpers.tables.errors import TableError
from icp_helpers.tables.market import MARKS, Market

YES = frozenset({"true", "1", "1.0", "yes", "y", "ja", "j", "won", "vundet", "sand"})
NO = frozenset({"false", "0", "0.0", "no", "n", "nej", "lost", "tabt", "falsk"})
MARK_COLUMNS = [f"mark_{mark}" for mark in MARKS]


def mark_customers(features, surveys, referrals, tickets, market: Market) -> pd.DataFrame:
    """The contract `ideal`: customer_id, score (0-1), ideal, observed_until, months, and the five marks (0-1).

    `features` as 02_know_customers writes them; the other tables may be empty. With `ideal.outcome` in the market
    file the label is that column, and customers for whom it is empty are left out: not known is not "no". Otherwise
    it is the top `ideal.share` by weighted marks, and customers without any mark are left out, unless nobody has one:
    then everyone stands there without a score and nobody is ideal. Raises TableError if the outcome column is not
    there or does not say yes or no.
    """
    as_of = observed_until(features, market.as_of)
    spans = customer_spans(features, as_of)
    marks = five_marks(features, surveys, referrals, tickets, spans, as_of)
    if market.ideal.outcome:
        labels = outcome_labels(features, market.ideal.outcome).set_axis(marks.index)
        judged = pd.DataFrame({"score": labels.astype(float), "ideal": labels.eq(True)})
    else:
        judged = score_ideal(marks, market.ideal.weights or {}, market.ideal.share)
    frame = _contract(judged, marks, spans)
    known = frame["score"].notna()
    return frame[known].reset_index(drop=True) if known.any() else frame


def score_ideal(marks: pd.DataFrame, weights: Mapping[str, float], share: float) -> pd.DataFrame:
    """Score (0-1) and label of each customer: the weighted mean of the marks there are, the top `share` of it ideal.

    `marks` has the columns of `weights` (others do not count). Weights need not sum to one: each customer's are spread
    over the marks she has. Customers with equal scores are all in or all out, whichever comes closer to `share`.
    """
    names = [name for name in marks.columns if weights.get(name, 0) > 0]
    values = marks[names].to_numpy(float)
    spread = np.where(np.isnan(values), 0.0, np.array([weights[name] for name in names], float))
    total = spread.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.where(total > 0, (np.nan_to_num(values) * spread).sum(axis=1) / total, np.nan)
    return pd.DataFrame({"score": score, "ideal": _top(score, share)}, index=marks.index)


def weights_of(market: Market) -> dict[str, float] | None:
    """The market's weights of the marks; None where a column says who is ideal."""
    return None if market.ideal.outcome else dict(market.ideal.weights or {})


def weights_in_use(marks: pd.DataFrame, weights: Mapping[str, float]) -> dict[str, float]:
    """The weights, summing to one, of the marks that at least one customer has; empty if there is none."""
    there = {name: weight for name, weight in weights.items() if weight > 0 and name in marks.columns and marks[name].notna().any()}
    total = sum(there.values())
    return {name: weight / total for name, weight in there.items()}


def marks_of(ideal: pd.DataFrame) -> pd.DataFrame:
    """The five marks of the contract `ideal`, indexed by customer_id, under their own names."""
    return ideal.set_index("customer_id")[MARK_COLUMNS].rename(columns=lambda name: name.removeprefix("mark_"))


def outcome_labels(features: pd.DataFrame, column: str) -> pd.Series:
    """True, False or None a row, from a column of yes and no in the words of `YES` and `NO`, numbers 1 and 0, or booleans."""
    if column not in features.columns:
        raise TableError(f"The outcome column '{column}' is missing", where="ideal.outcome in market.yml",
                         found=", ".join(map(str, list(features.columns)[:12])), remedy="Name a column of the customers.")
    words = features[column].map(_word)
    strange = sorted(set(words.dropna()) - YES - NO)
    if strange:
        raise TableError(f"The outcome column '{column}' does not say yes or no", where="ideal.outcome in market.yml",
                         found=f"{len(strange)} other values, such as {', '.join(repr(word[:20]) for word in strange[:3])}",
                         remedy="Use true/false, 1/0, yes/no, ja/nej or won/lost; leave the cell empty where it is not known.")
    return words.map(lambda word: None if word is None or word is np.nan else word in YES).astype(object)


def observed_until(features: pd.DataFrame, as_of: dt.date | None) -> dt.date:
    """The last day that the data covers: the market's, or the latest day among the features."""
    if as_of is not None:
        return as_of
    named = [name for name in ("acquired_on", "left_on", "first_on", "last_on") if name in features.columns]
    latest = max((day for name in named if pd.notna(day := pd.to_datetime(features[name], errors="coerce").max())), default=None)
    if latest is None:
        raise TableError("The last day that the data covers is not known", where="as_of in market.yml", found="no date at all",
                         remedy="Write as_of: YYYY-MM-DD in market.yml.")
    return latest.date()


def _contract(judged: pd.DataFrame, marks: pd.DataFrame, spans: Spans) -> pd.DataFrame:
    frame = pd.concat([judged, marks.add_prefix("mark_")], axis=1)
    frame.insert(2, "observed_until", spans.frame["end"].dt.date)
    frame.insert(3, "months", spans.frame["months"])
    frame.insert(0, "customer_id", marks.index.astype(str))
    return frame.reset_index(drop=True)


def _top(score: np.ndarray, share: float) -> np.ndarray:
    """The top `share` of the scores that are there. All equal: nobody stands out, so nobody is ideal."""
    known = score[~np.isnan(score)]
    wanted = int(round(share * len(known)))
    if not wanted or known.max() == known.min():
        return np.zeros(len(score), bool)
    cut = np.sort(known)[-wanted]
    with_ties, without = (known >= cut).sum(), (known > cut).sum()
    near = with_ties - wanted <= wanted - without
    return np.nan_to_num(score, nan=-np.inf) >= cut if near else np.nan_to_num(score, nan=-np.inf) > cut


def _word(cell: object) -> str | None:
    if cell is None or cell is pd.NA or cell != cell:
        return None
    return unicodedata.normalize("NFC", str(cell)).strip().lower() or None
