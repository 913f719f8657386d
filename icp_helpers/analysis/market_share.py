"""How much of the market is ours, part by part, and which prospects look like the ideal customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.competition import ALL
from icp_helpers.analysis.intervals import wilson
from icp_helpers.analysis.scoring import fit_score

BROADEST = 0.6  # share of a market beyond which a profile is a broad target group and guides no choice
COLUMNS = ["level", "customers", "accounts", "share", "low", "high", "amount", "revenue", "money_share", "counted_on", "status"]


def penetration(customers: pd.DataFrame, market: pd.DataFrame, column: str) -> pd.DataFrame:
    """A row a level of `column`, `all` first: `level, customers, accounts, share, low, high, amount, revenue, money_share, counted_on, status`.

    customers: one row a customer of today, with the column and `amount` (money in the latest year, may be missing);
    market: the column, `accounts`, `revenue`, `as_of`. status: `ok`; `no_accounts` where the market counts none, or
    does not know the level; `error` where we have more customers, or more money, than the market is said to hold. A
    wrong count has no share. Customers without a level are in `all` only; `attrs["unplaced"]` counts them.
    """
    sums = market.assign(level=market[column].astype(object)).groupby("level").agg(
        accounts=("accounts", "sum"), revenue=("revenue", lambda money: money.sum(min_count=1)), counted_on=("as_of", "max"))
    ours = customers.assign(level=customers[column].astype(object)).groupby("level").agg(
        customers=("amount", "size"), amount=("amount", lambda money: money.sum(min_count=1)))
    levels = sums.join(ours, how="outer")
    everyone = pd.DataFrame({"accounts": [sums["accounts"].sum()], "revenue": [sums["revenue"].sum(min_count=1)], "customers": [len(customers)],
                             "amount": [customers["amount"].sum(min_count=1)], "counted_on": [market["as_of"].max()]}, index=[ALL])
    made = pd.concat([everyone, levels.sort_values("accounts", ascending=False, kind="stable")]).rename_axis("level").reset_index()
    made["customers"] = made["customers"].fillna(0).astype(int)
    made["accounts"] = made["accounts"].fillna(0).astype(float)
    error = made["customers"].gt(made["accounts"]) & made["accounts"].gt(0) | made["amount"].gt(made["revenue"])
    made["status"] = np.where(made["accounts"] == 0, "no_accounts", np.where(error, "error", "ok"))
    good = made["status"] == "ok"
    low, high = wilson(made["customers"].where(good, 0), made["accounts"].where(good, 0))
    made["share"] = (made["customers"] / made["accounts"].where(good)).astype(float)
    made["low"], made["high"] = low, high
    made["money_share"] = (made["amount"] / made["revenue"].where(good & made["revenue"].gt(0))).astype(float)
    made = made[COLUMNS]
    made.attrs["unplaced"] = int(customers[column].isna().sum())
    return made


@dataclass(frozen=True)
class LookAlikes:
    """How much each prospect looks like the ideal customers: `score` (0-1, a value a row of prospects) and `alike`, whether
    it scores at least as high as the ideal customer in the middle. Where `signal` is False nobody is alike, and `note`
    says why. `auc`: on customers whom the score had not seen; missing where none was fitted."""

    score: np.ndarray
    alike: np.ndarray
    threshold: float
    base_rate: float | None
    auc: float | None
    signal: bool
    note: str

    @property
    def share(self) -> float:
        return float(self.alike.mean()) if len(self.alike) else float("nan")

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(int(self.alike.sum()), len(self.alike))

    @property
    def too_broad(self) -> bool:
        """So many prospects are alike that being so chooses nobody."""
        return self.share >= BROADEST


def look_alikes(traits: pd.DataFrame, ideal: pd.Series, prospects: pd.DataFrame, *, seed: int = 0) -> LookAlikes:
    """Score `prospects` by what sets ideal customers apart.

    traits: a row a customer, by customer_id, of traits that prospects have too; ideal: yes or no by customer_id.
    """
    marked = ideal.reindex(traits.index).fillna(False).astype(bool)
    score = fit_score(traits, marked, seed=seed)
    predicted = score.predict(prospects.reindex(columns=traits.columns))
    threshold = float(np.median(score.predict(traits[marked.to_numpy()]))) if score.signal else float("nan")
    alike = predicted >= threshold if score.signal else np.zeros(len(prospects), bool)
    return LookAlikes(predicted, alike, threshold, score.base_rate, score.auc, score.signal, score.note)
