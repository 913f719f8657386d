"""A score for any list: how likely each customer is to be ideal, and why, from a card of points.

The card is an additive logit with a ridge penalty: a number is cut at its eighths, each level, item and yes/no has
points of its own. The sum of points becomes a probability by Platt's (1999) logistic curve, fitted to sums for
customers whom the card had not seen. Where those sums do not tell ideal customers from others, there is no card, and
everyone has the base rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.outcome import settle
from icp_helpers.analysis.plain import plain_frame, plain_seed
from icp_helpers.analysis.score_card import KINDS, Term, empty_terms, make_design
from icp_helpers.analysis.trait_columns import read_traits
from icp_helpers.tables.errors import ParameterError

FOLDS = 5
FEWEST = 10  # ideal customers, and others, below which no card is tried
RARE = 0.01  # share of the customers below which a level has no points of its own
PENALTY = 0.05  # scikit-learn's C on 0/1 columns; .03 to .1 lay within .005 of the best AUC from 300 to 2,000 customers
LEVEL = 0.02  # of the rank test on unseen customers; their cards share data, so that 5 % of data without signal pass it
DIGITS = 6  # significant, so that a score read from icp.yml is the same to the last digit
TELLING = 0.1  # points (log-odds) that a trait must bring to be named as a reason
BLOCK = 10_000  # rows at a time, so that a long list takes no more memory for its reasons than a short one


@dataclass(frozen=True)
class Reason:
    """Why a customer scores as she does: the criterion she meets and its points (log-odds against the average)."""

    criterion: Criterion
    points: float

    def to_dict(self) -> dict:
        return {**self.criterion.to_dict(), "points": self.points}

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        low_high = self.criterion.value if isinstance(self.criterion.value, tuple) else (self.criterion.value,)
        words = {"in": "", "is": "", "has": "has ", "between": "", ">=": "at least ", "<=": "at most "}[self.criterion.op]
        value = ("–" if self.criterion.op == "between" else ", ").join(map(str, low_high))
        return f"{'+' if self.points > 0 else '-'} {self.criterion.column} {words}{value}"


@dataclass(frozen=True)
class Score:
    """A fitted score. `signal` is False where everyone has the base rate, and `note` then says why.

    `auc` is that of customers whom the card had not seen (missing where none was tried).
    """

    base_rate: float | None
    customers: int
    ideal: int
    signal: bool
    note: str
    auc: float | None
    slope: float
    intercept: float
    terms: tuple[Term, ...] = ()

    def predict(self, traits: pd.DataFrame) -> np.ndarray:
        """The probability of being ideal (0-1) of each row. Columns that are not there count as missing."""
        if not self.signal:
            return np.full(len(traits), np.nan if self.base_rate is None else self.base_rate)
        frame = plain_frame(traits)
        points = np.zeros(len(frame)) + sum(term.scores(frame) for term in self.terms)
        return 1 / (1 + np.exp(-(self.intercept + self.slope * points)))

    def reasons(self, traits: pd.DataFrame, most: int = 3) -> list[tuple[Reason, ...]]:
        """Up to `most` reasons of each row, the strongest first, for or against; customers in the same bins share them."""
        frame = plain_frame(traits)
        told = [self._told(term) for term in self.terms] if self.signal else []
        if not told:
            return [()] * len(frame)
        bins = np.column_stack([term.bins(frame).astype(np.int16) for term in self.terms])
        found = []
        for start in range(0, len(frame), BLOCK):
            block = bins[start : start + BLOCK]
            weight = np.column_stack([np.array([abs(reason.points) if reason else 0.0 for reason in reasons])[block[:, place]]
                                      for place, reasons in enumerate(told)])
            strongest = np.argsort(-weight, axis=1, kind="stable")[:, :most]
            rows = zip(strongest.tolist(), np.take_along_axis(block, strongest, axis=1).tolist(), strict=True)
            found += [tuple(reason for place, cell in zip(*row, strict=True) if (reason := told[place][cell])) for row in rows]
        return found

    def _told(self, term: Term) -> list[Reason | None]:
        """The reason that each bin of the term is, None where it brings too little; the last, of place -1, is that of no bin."""
        points = [self.slope * point for point in term.points]
        criteria = [term.criterion(place) for place in range(len(points))]
        return [Reason(one, worth) if one is not None and abs(worth) >= TELLING else None for one, worth in zip(criteria, points, strict=True)] + [None]

    def to_dict(self) -> dict:
        """Plain numbers and text, as they stand under `score` in icp.yml."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "terms"}
        return {"method": "points", **plain, "terms": [term.to_dict() for term in self.terms]}

    @classmethod
    def from_dict(cls, entry: dict) -> Score:
        """The score of an icp.yml. Raises ParameterError if it was not written by `to_dict`."""
        try:
            terms = tuple(_term(one) for one in entry["terms"])
            names = [name for name in cls.__dataclass_fields__ if name != "terms"]
            return cls(**{name: entry[name] for name in names}, terms=terms)
        except (KeyError, TypeError, ValueError) as error:
            raise ParameterError("The score of the profile cannot be read", where="score: in icp.yml", found=repr(error)[:120],
                                 remedy="Make the profile again with 08_define_profile.") from error


def fit_score(traits: pd.DataFrame, ideal: pd.Series, *, seed: int = 0) -> Score:
    """Fits the score.

    `traits` has a row a customer (numbers, text, booleans, lists, missing), `ideal` whether each is ideal; customers
    for whom it is missing are left out. With too few customers, one class or no signal everyone scores the base rate,
    and `note` says why. ParameterError if traits and outcome do not go together.

    Gives a Score: `predict(traits)` (a probability, 0-1, a row), `reasons(traits)` (up to three a row), `to_dict()`.
    A ridge logit on binned traits (Hoerl and Kennard 1970), its sums made probabilities by Platt's (1999) curve.
    """
    frame, outcome, _notes, _rows = settle(traits, ideal)
    frame, outcome = frame.reset_index(drop=True), outcome.astype(float)
    total, hits = len(outcome), int(outcome.sum())
    rate = round(hits / total, DIGITS) if total else None
    if min(hits, total - hits) < FEWEST:
        return _flat(rate, total, hits, f"{hits} ideal customers of {total} are too few for a score", None)
    columns = read_traits(frame, rare=max(FEWEST, int(RARE * total))).columns
    design = make_design(empty_terms(columns), frame)
    if not design.matrix.shape[1]:
        return _flat(rate, total, hits, "no trait can be scored", None)
    unseen = _unseen_points(design.matrix, outcome, plain_seed(seed))
    test = mannwhitneyu(unseen[outcome == 1], unseen[outcome == 0], alternative="greater")
    auc = float(test.statistic / (hits * (total - hits)))
    curve = LogisticRegression(C=np.inf).fit(unseen[:, None], outcome)
    slope = _round(curve.coef_[0, 0])
    if test.pvalue > LEVEL or slope <= 0:
        return _flat(rate, total, hits, "no trait tells ideal customers from others on customers not seen before", _round(auc))
    coefficients = _ridge(design.matrix, outcome).coef_[0]
    terms = tuple(design.with_points(coefficients, DIGITS))
    return Score(rate, total, hits, True, "", _round(auc), slope, _round(curve.intercept_[0]), terms)


def _unseen_points(matrix: np.ndarray, outcome: np.ndarray, seed: int) -> np.ndarray:
    """The points of each customer from a card that was fitted without her fold."""
    points = np.empty(len(outcome))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    for train, held in folds.split(matrix, outcome):
        points[held] = matrix[held] @ _ridge(matrix[train], outcome[train]).coef_[0]
    return points


def _ridge(matrix: np.ndarray, outcome: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=PENALTY, max_iter=1000).fit(matrix, outcome)


def _flat(rate, total, hits, note, auc) -> Score:
    return Score(rate, total, hits, False, note, auc, 0.0, 0.0)


def _term(entry: dict) -> Term:
    term = Term(entry["column"], entry["kind"], tuple(entry["keys"]), tuple(float(point) for point in entry["points"]))
    expected = {"number": len(term.keys) + 1, "levels": len(term.keys), "item": 2}
    if term.kind not in KINDS or len(term.points) != expected[term.kind]:
        raise ValueError(f"term of column {term.column}")
    return term


def _round(number: float) -> float:
    return float(f"{number:.{DIGITS}g}")
