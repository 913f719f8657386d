"""The margin of customers with contracts by months since they started, and what a new one brings to a horizon."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, digamma

from icp_helpers.analysis.kpis import clock
from icp_helpers.analysis.kpis.books import Books, once
from icp_helpers.analysis.kpis.orders import clean_orders, in_market_currency
from icp_helpers.analysis.kpis.retention import contract_spells
from icp_helpers.analysis.kpis.service_cost import case_cost, cases_of

DAYS_A_MONTH = 365.25 / 12
SOLID = 10  # customers still at risk, below which the observed curve is not read any further
GROUPS = 20


def tenures_of(books: Books) -> tuple[pd.DataFrame, int]:
    """One row a customer: started_on, months (from first start to last end, or to today), left, level, margin_to_date,
    `age` (months since the start) and `brought`, an array of the margin of each month of tenure, up to the horizon: of the
    monthly amounts running at its start and, where the market also sells by the order, of the orders within it, less what
    the cases opened in it cost."""
    lives, aside = _lives(books)
    return lives.assign(level=books.level(lives["customer_id"])), aside


@once
def _lives(books: Books) -> tuple[pd.DataFrame, int]:
    spells, aside = contract_spells(books)
    spells = spells.assign(open=spells["ended_on"].isna())
    lives = spells.groupby("customer_id").agg(started_on=("started_on", "min"), last_start=("started_on", "max"),
                                              ended_on=("ended_on", "max"), open=("open", "any"))
    lives["left"] = ~lives["open"]
    until = lives["ended_on"].where(lives["left"], books.as_of + pd.Timedelta(days=1))
    lives["months"] = (until - lives["started_on"]).dt.days / DAYS_A_MONTH
    lives["age"] = ((books.as_of + pd.Timedelta(days=1)) - lives["started_on"]).dt.days / DAYS_A_MONTH
    horizon = books.market.economics.horizon_months
    paid, to_date = _paid(books, lives, horizon), _to_date(books, lives.index)
    if books.has("orders", "order_id", "customer_id", "ordered_at", "amount"):
        ordered, sums = _ordered(books, lives, horizon)
        paid, to_date = paid + ordered, to_date + sums
    rate, cost = books.market.economics.margin_rate, case_cost(books)
    brought, to_date = rate * paid, rate * to_date
    if cost is not None:
        cases = cases_of(books)
        opened, sums = _by_month(cases["customer_id"], cases["day"], np.ones(len(cases)), lives, horizon)
        brought, to_date = brought - cost * opened, to_date - cost * sums
    lives = lives.reset_index()
    return lives.assign(brought=list(brought), margin_to_date=to_date), aside


def _contracts(books: Books) -> pd.DataFrame:
    rows = pd.DataFrame({"customer_id": books.texts("subscriptions", "customer_id"),
                         "start": clock.days(books.column("subscriptions", "started_on"), books.timezone),
                         "end": books.days("subscriptions", "ended_on")})
    amount = books.numbers("subscriptions", "monthly_amount")
    rows["amount"] = in_market_currency(books, "subscriptions", amount, rows["start"]).fillna(0.0)
    rows["end"] = rows["end"].fillna(books.as_of + pd.Timedelta(days=1))
    return rows[(rows["start"] <= books.as_of) & (rows["end"] >= rows["start"])]


def _paid(books: Books, lives: pd.DataFrame, horizon: int) -> np.ndarray:
    """Customers x months: the sum of the monthly amounts running at the start of each month of tenure."""
    rows = _contracts(books)
    place = lives.index.get_indexer(rows["customer_id"])
    rows, place = rows[place >= 0], place[place >= 0]
    first = lives["started_on"].to_numpy()[place]
    begin, end = (np.ceil((rows[c].to_numpy() - first) / np.timedelta64(1, "D") / DAYS_A_MONTH - 1e-9) for c in ("start", "end"))
    change = np.zeros((len(lives), horizon + 1))
    np.add.at(change, (place, np.clip(begin, 0, horizon).astype(int)), rows["amount"])
    np.add.at(change, (place, np.clip(end, 0, horizon).astype(int)), -rows["amount"])
    return np.round(change.cumsum(axis=1)[:, :horizon], 9)


def _ordered(books: Books, lives: pd.DataFrame, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """The net amount of the orders, as `_by_month` gives it."""
    orders, stray, _ = clean_orders(books)
    rows = pd.concat([orders[orders["kept"]], stray])
    return _by_month(rows["customer_id"], rows["ordered_on"], rows["net"].to_numpy(), lives, horizon)


def _by_month(customer_ids: pd.Series, days: pd.Series, amounts: np.ndarray, lives: pd.DataFrame, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Customers x months: the amounts in each month of tenure (before the start: in the first one). And each customer's sum."""
    place = lives.index.get_indexer(customer_ids)
    known = place >= 0
    place, amounts = place[known], np.asarray(amounts)[known]
    waited = (days.to_numpy()[known] - lives["started_on"].to_numpy()[place]) / np.timedelta64(1, "D") / DAYS_A_MONTH
    month = np.clip(np.floor(waited), 0, horizon).astype(int)
    by_month, sums = np.zeros((len(lives), horizon + 1)), np.zeros(len(lives))
    np.add.at(by_month, (place, month), amounts)
    np.add.at(sums, place, amounts)
    return by_month[:, :horizon], sums


def _to_date(books: Books, customers: pd.Index) -> np.ndarray:
    """The monthly amounts so far, by the month begun."""
    rows = _contracts(books)
    months = np.ceil((rows["end"] - rows["start"]).dt.days / DAYS_A_MONTH - 1e-9)
    return (rows["amount"] * months).groupby(rows["customer_id"]).sum().reindex(customers).fillna(0.0).to_numpy()


def contract_margin(lives: pd.DataFrame, group: np.ndarray, economics) -> tuple[np.ndarray | None, str]:
    """Discounted margin to the horizon, from all customers and with each group left out.

    Per month of tenure: mean margin of those still there x share still there / discount.
    """
    if not lives["left"].any():
        return None, "nobody has left yet: how long customers stay is not known"
    horizon = economics.horizon_months
    discount = (1 + economics.discount_rate) ** (np.arange(horizon) / 12)
    brought, months, left = np.stack(lives["brought"].to_numpy()), lives["months"].to_numpy(), lives["left"].to_numpy()
    age = lives["age"].to_numpy()
    seen = min(horizon, _solid_months(months))

    def one(keep: np.ndarray) -> float:
        stay = staying(months[keep], left[keep], seen, horizon)
        return float((_mean_brought(brought[keep], months[keep], age[keep], seen, horizon) * stay / discount).sum())

    note = "" if seen >= horizon else f"beyond month {seen} by the fitted tail"
    everyone = np.ones(len(lives), dtype=bool)
    return np.array([one(everyone), *(one(group != g) for g in range(GROUPS))]), note


def _solid_months(months: np.ndarray) -> int:
    """How many whole months enough customers have been followed for."""
    return max(1, int(np.sort(months)[-min(SOLID, len(months))]))


def _mean_brought(brought, months, age, seen, horizon) -> np.ndarray:
    """What those there at the start of a month brought in it, on average, where the whole month is known; beyond `seen`
    the mean of the last year known."""
    start = np.arange(horizon)[None, :]
    there = (months[:, None] > start) & (age[:, None] >= start + 1)
    counts, sums = there.sum(axis=0), (brought * there).sum(axis=0)
    last = slice(max(0, seen - 12), seen)
    beyond = sums[last].sum() / max(counts[last].sum(), 1)
    solid = (counts >= min(SOLID, counts[0])) & (counts > 0) & (np.arange(horizon) < seen)
    return np.where(solid, sums / np.maximum(counts, 1), beyond)


def staying(months: np.ndarray, left: np.ndarray, seen: int, horizon: int) -> np.ndarray:
    """The share still there at the start of each month: Kaplan-Meier as far as it was seen, then the fitted tail."""
    times, place = np.unique(months[left], return_inverse=True)
    losses = np.bincount(place, minlength=len(times))
    at_risk = len(months) - np.searchsorted(np.sort(months), times, side="left")
    curve = np.concatenate([[1.0], np.cumprod(1 - losses / at_risk)])
    observed = curve[np.searchsorted(times, np.arange(seen + 1), side="right")]
    if seen >= horizon:
        return observed[:horizon]
    tail = betaln(*_tail(months, left, seen)[:, None] + np.array([[0], [1]]) * np.arange(seen, horizon))
    return np.concatenate([observed[:seen], observed[seen] * np.exp(tail - tail[0])])  # in logs: far out both are zero


def _tail(months: np.ndarray, left: np.ndarray, seen: int) -> np.ndarray:
    """The shifted beta-geometric's two parameters, from how many left in each month and how many stayed."""
    month = np.minimum(np.ceil(months - 1e-9).astype(int).clip(1), seen)
    lost = np.bincount(month[left & (months <= seen)], minlength=seen + 1)[1:]
    stayed = np.bincount(np.floor(np.minimum(months, seen)[~left | (months > seen)]).astype(int), minlength=seen + 1)
    counts = np.concatenate([[len(months)], -lost, -stayed])  # how often each beta function enters, with its arguments
    more_a = np.concatenate([[0], np.ones(seen), np.zeros(seen + 1)])
    more_b = np.concatenate([[0], np.arange(seen), np.arange(seen + 1)])

    def loss(logs):
        a, b = np.exp(logs)
        own_a, own_b = a + more_a, b + more_b
        joint = digamma(own_a + own_b)
        slope = (counts * (digamma(own_a) - joint)).sum() * a, (counts * (digamma(own_b) - joint)).sum() * b
        return (counts * betaln(own_a, own_b)).sum(), np.array(slope)

    found = minimize(loss, [0.0, 2.0], method="L-BFGS-B", jac=True, bounds=[(-8, 12)] * 2)
    return np.exp(found.x)
