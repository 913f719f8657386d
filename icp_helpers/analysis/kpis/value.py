"""Lifetime value: the discounted margin of a new customer to the market's horizon.

With contracts the share still there comes from Kaplan-Meier, and beyond what was observed from a shifted
beta-geometric tail (Fader and Hardie 2007), in which the loyal ones remain; without contracts the repeat orders come
from BG/NBD and their size from Gamma-Gamma. Limits: the customers in 20 random groups, each left out once.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy.stats import t as student

from icp_helpers.analysis.intervals import bootstrap_t_mean
from icp_helpers.analysis.kpis.books import Books
from icp_helpers.analysis.kpis.orders import clean_orders
from icp_helpers.analysis.kpis.repeat import fit_repeat_buying, fit_spending
from icp_helpers.analysis.kpis.retention import dated_by
from icp_helpers.analysis.kpis.rows import ALL, MINIMUM, Reading
from icp_helpers.analysis.kpis.service_cost import case_cost, cases_per_customer, referred_by
from icp_helpers.analysis.kpis.tenure import DAYS_A_MONTH, GROUPS, contract_margin, tenures_of

HORIZON_SEEN = 3  # a horizon longer than this many times the observed span is a guess
MOST_FITTED = 5_000  # customers; a random part of more gives the same fit in a fraction of the time


def ltv(books: Books) -> dict[str, Reading]:
    value, customers, aside = _customers(books)
    if value is None:
        return {ALL: Reading(short="not_supplied", note="monthly_amount of subscriptions, or orders")}
    return {level: _reading(books, rows, value, aside if level == ALL else 0) for level, rows in books.split(customers)}


def _customers(books: Books) -> tuple[Callable | None, pd.DataFrame | None, int]:
    """The formula that the market's tables allow, the customers as it reads them, and rows set aside."""
    if dated_by(books) and books.has("subscriptions", "monthly_amount"):
        return contract_margin, *tenures_of(books)
    if books.has("orders", "order_id", "customer_id", "ordered_at", "amount"):
        return order_margin, *buyers_of(books)
    return None, None, 0


def _reading(books: Books, customers: pd.DataFrame, value: Callable, aside: int) -> Reading:
    """LTV of these customers, with the reason where it cannot be read yet."""
    n, economics = len(customers), books.market.economics
    if not n:
        return Reading(set_aside=aside)
    first = customers["started_on"].min()
    window, months = (first.date(), books.as_of.date()), economics.horizon_months
    span = (books.as_of - first).days / DAYS_A_MONTH
    cohorts = customers["started_on"].dt.to_period("M").nunique()
    known = Reading(n=n, numerator=customers["margin_to_date"].sum(), denominator=n, window=window,
                    set_aside=aside)
    if n < MINIMUM or cohorts < 2:
        note = "one cohort alone" if n >= MINIMUM else ""
        return _with(known, short="too_few", note=note)
    rng = np.random.default_rng(books.market.seed)
    if n > MOST_FITTED:
        customers = customers.iloc[np.sort(rng.choice(n, MOST_FITTED, replace=False))]
    group = rng.permutation(np.arange(len(customers)) % GROUPS)
    estimates, note = value(customers, group, economics)
    if estimates is None:
        return _with(known, short="immature", note=note)
    low, high = jackknife(estimates)
    short = "immature" if months > HORIZON_SEEN * span else None
    ready = (first + pd.Timedelta(days=int(months / HORIZON_SEEN * DAYS_A_MONTH) + 1)).date() if short else None
    return _with(known, value=estimates[0], low=low, high=high, short=short, readable_on=ready, note=note)


def _with(reading: Reading, **changes) -> Reading:
    return Reading(**(reading.__dict__ | changes))


def jackknife(estimates: np.ndarray) -> tuple[float, float]:
    """The limits from an estimate and those with one group of customers left out at a time.

    The delete-a-group jackknife (Kott 2001), Student's t, on the logarithm where all are above zero.
    """
    estimates = np.asarray(estimates, dtype=float)
    groups = len(estimates) - 1
    positive = (estimates > 0).all()
    on = np.log(estimates) if positive else estimates
    error = np.sqrt((groups - 1) / groups * ((on[1:] - on[1:].mean()) ** 2).sum())
    limits = on[0] + np.array([-1, 1]) * student.isf(0.025, groups - 1) * error
    low, high = np.exp(np.minimum(limits, 700)) if positive else limits
    return float(low), float(high)


def buyers_of(books: Books) -> tuple[pd.DataFrame, int]:
    """One row a customer who ordered: started_on, x, tx, seen (weeks), first_amount, repeat_amount, case_costs,
    margin_to_date, level.

    Orders of one day are one purchase; what refunds took back is taken off the order they belong to.
    """
    orders, _, aside = clean_orders(books)
    orders = orders[orders["kept"] & orders["customer_id"].notna()]
    visits = orders.groupby(["customer_id", "ordered_on"], as_index=False)["net"].sum().sort_values("ordered_on")
    buyers = visits.groupby("customer_id").agg(
        started_on=("ordered_on", "first"), last_on=("ordered_on", "last"), visits=("net", "size"),
        first_amount=("net", "first"), amount=("net", "sum")).reset_index()
    weeks, cost = pd.Timedelta(days=7), case_cost(books)
    costs = 0.0 if cost is None else cost * cases_per_customer(books, buyers["customer_id"])
    return buyers.assign(
        x=buyers["visits"] - 1, tx=(buyers["last_on"] - buyers["started_on"]) / weeks,
        seen=(books.as_of - buyers["started_on"]) / weeks, level=books.level(buyers["customer_id"]),
        repeat_amount=buyers["amount"] - buyers["first_amount"], case_costs=costs,
        margin_to_date=books.market.economics.margin_rate * buyers["amount"] - costs), aside


def order_margin(buyers: pd.DataFrame, group: np.ndarray, economics) -> tuple[np.ndarray | None, str]:
    """Margin of a new customer: the first order, and the repeat orders of each month at their expected size, less what the
    cases cost that come with an order."""
    if (buyers["x"] > 0).sum() < MINIMUM // 3:
        return None, "too few have ordered twice"
    months = np.arange(1, economics.horizon_months + 1)
    discount = (1 + economics.discount_rate) ** ((months - 0.5) / 12)
    x, tx, seen, first_amount, repeat_amount = buyers[["x", "tx", "seen", "first_amount", "repeat_amount"]].to_numpy(float).T
    times = np.concatenate([[0], months]) * DAYS_A_MONTH / 7
    fits = fit_repeat_buying(x, tx, seen, group)
    orders = _repeat_orders(x, repeat_amount, group, len(fits))
    kept = [group != place for place in range(-1, len(fits) - 1)]  # all of them, then those without each group
    costs = buyers["case_costs"].to_numpy(float)
    again = [(np.diff(fit.expected(times)) / discount).sum() for fit in fits]
    return np.array([
        economics.margin_rate * (first_amount[rows].mean() + repeats * order) - (1 + repeats) * costs[rows].sum() / (1 + x[rows]).sum()
        for rows, repeats, order in zip(kept, again, orders, strict=True)
    ]), ""  # fmt: skip


def _repeat_orders(x: np.ndarray, amount: np.ndarray, group: np.ndarray, fits: int) -> list[float]:
    """What a repeat order is worth: each customer's expected order, weighted by how often she comes back.

    The weights keep what the model assumes away, that those who buy more often may buy larger or smaller. Customers
    whose repeat orders sum to nothing or less are outside the model, and stay in with what they brought.
    """
    x, amount, group = x[x > 0], amount[x > 0], group[x > 0]
    mean = amount / x
    inside = mean > 0
    modelled = inside.sum() >= 10 and len(np.unique(mean[inside])) > 1
    spending = fit_spending(x[inside], mean[inside], group[inside]) if modelled else []
    spending += spending[:1] * (fits - len(spending))  # the last groups may hold no one who came back
    worth = []
    for place in range(fits):
        expected, rows = mean.copy(), group != place - 1
        if modelled and spending[place].q > 1:
            expected[inside] = spending[place].mean_given(x[inside], mean[inside])
        worth.append(float(np.average(expected[rows], weights=x[rows])))
    return worth


def ltv_to_date(books: Books) -> dict[str, Reading]:
    """The margin earned so far per customer: observed, not expected, and lower the younger the customers are."""
    value, customers, _ = _customers(books)
    if value is None:
        return {ALL: Reading(short="not_supplied", note="monthly_amount of subscriptions, or orders")}
    return {level: _per_customer(books, rows["margin_to_date"], len(rows)) for level, rows in books.split(customers)}


def cost_to_serve(books: Books) -> dict[str, Reading]:
    """What a customer's cases have cost so far, on average."""
    cost, (value, customers, _) = case_cost(books), _customers(books)
    if cost is None or value is None:
        return {ALL: Reading(short="not_supplied", note="tickets, and ticket_cost under economics in market.yml")}
    costs = cost * cases_per_customer(books, customers["customer_id"])
    return {ALL: _per_customer(books, costs, len(customers))}


def referred_margin(books: Books) -> dict[str, Reading]:
    """The margin so far of those whom a customer has recommended, per customer: beside the lifetime value and no part of
    it, for they are customers with a lifetime value of their own. n counts those recommended."""
    value, customers, _ = _customers(books)
    if value is None or not books.has("referrals", "referrer_id", "referred_id"):
        return {ALL: Reading(short="not_supplied", note="referrals")}
    known = customers.set_index("customer_id")["margin_to_date"]
    pairs = referred_by(books)
    pairs = pairs[pairs["referrer_id"].isin(known.index) & pairs["referred_id"].isin(known.index)]
    brought = known[pairs["referred_id"]].groupby(pairs["referrer_id"].to_numpy()).sum()
    return {ALL: _per_customer(books, brought.reindex(known.index).fillna(0.0), len(pairs))}


def _per_customer(books: Books, amounts: pd.Series, n: int) -> Reading:
    """The mean of the customers' amounts, resting on `n` independent ones."""
    if not len(amounts):
        return Reading()
    low, high = bootstrap_t_mean(amounts, books.market.seed)
    started = _customers(books)[1]["started_on"].min()
    return Reading(amounts.mean(), low, high, n, amounts.sum(), len(amounts), (started, books.as_of))
