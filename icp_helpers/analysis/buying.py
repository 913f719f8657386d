"""Who buys, when, how often and for how much: the book of customers in a few small frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from icp_helpers.analysis.dominance import is_dominated, sums_without
from icp_helpers.analysis.intervals import bootstrap_t_mean, wilson

MONTHS = 12
TOP = 0.2  # the share of the customers whose share of the money is told
DRAWS = 499


def shares_by_level(features: pd.DataFrame, trait: str, *, most: int = 6, smallest: int = 5) -> pd.DataFrame:
    """Each level's share of the customers (Wilson interval) and of the net money, by money; "other" is the last row.

    Folded into "other": what is beyond `most` levels, levels of fewer than `smallest` customers, and those whose money is
    mostly one customer's, with as many more as it takes for "other" to be neither. Columns: level (missing where it is not known),
    customers, customer_share, low, high, amount, amount_share. Both shares add up to 1 over all rows.
    """
    level = features[trait].astype(object).map(str, na_action="ignore")
    counted = features.assign(level=level).groupby("level", dropna=False).agg(
        customers=("customer_id", "size"), amount=("amount", "sum"), amounts=("amount", list))
    counted = counted.sort_values(["amount", "customers"], ascending=False).reset_index()
    folded = (counted.customers < smallest) | ((counted.index >= most) & (len(counted) > most + 1)) | counted.amounts.map(is_dominated)
    for row in counted.sort_values("customers").index:
        if not folded.any() or counted.customers[folded].sum() >= smallest and not is_dominated(counted.amounts[folded].sum()):
            break
        folded[row] = True
    if folded.any():
        rest = pd.DataFrame([{"level": "other", **counted.loc[folded, ["customers", "amount"]].sum()}])
        counted = pd.concat([counted[~folded], rest], ignore_index=True)
    total = counted.customers.sum()
    low, high = wilson(counted.customers, total)
    return counted.drop(columns="amounts").assign(customer_share=counted.customers / total, low=low, high=high, amount_share=counted.amount / counted.amount.sum())


def month_index(hours: pd.DataFrame, present: pd.DataFrame, as_of) -> pd.DataFrame:
    """Orders in each calendar month against what an average month of the same year would bring (1.0).

    `hours`: tables.rhythm.orders_by_hour as a frame; `present`: each customer's first and last day (first, last).
    The latest full years are used, up to two, and orders are held against the customers who were there, so that
    growth is not taken for a season. Columns: month (1-12), orders, index, low, high, years; the intervals are Poisson's
    and hold for all twelve together (Bonferroni). No rows with less than a year of orders.
    """
    last = pd.Period(as_of, "M") if pd.Timestamp(as_of).is_month_end else pd.Period(as_of, "M") - 1
    month = pd.PeriodIndex(pd.to_datetime(hours.ordered_on), freq="M")
    years = 0 if hours.empty else min(2, ((last - month.min()).n + 1) // MONTHS)
    window = pd.period_range(end=last, periods=years * MONTHS, freq="M")
    if years < 1:
        return pd.DataFrame(columns=["month", "orders", "index", "low", "high", "years"])
    orders = hours.groupby(month).orders.sum().reindex(window, fill_value=0)
    by_month = pd.DataFrame({"orders": orders, "days": _days_present(present, window)}).groupby(window.month).sum()
    expected = by_month.days * by_month.orders.sum() / by_month.days.sum()
    width = norm.isf(0.025 / MONTHS) * np.sqrt(by_month.orders) / expected
    index = by_month.orders / expected
    return pd.DataFrame({"month": by_month.index, "orders": by_month.orders, "index": index, "low": (index - width).clip(lower=0),
                         "high": index + width, "years": years}).reset_index(drop=True)


def _days_present(present, window):
    first = pd.to_datetime(present["first"]).to_numpy()
    last = pd.to_datetime(present["last"]).to_numpy()
    days = []
    for month in window:
        start, end = month.start_time.to_numpy(), month.end_time.to_numpy()
        days.append(np.clip((np.minimum(last, end) - np.maximum(first, start)) / np.timedelta64(1, "D"), 0, None).sum())
    return pd.Series(days, index=window)


def waiting_times(seen: pd.DataFrame | None, buyers: pd.DataFrame, as_of) -> pd.DataFrame:
    """How long each buyer took to order on a second day: `days`, and `again`, false for those who have not yet.

    `seen`: tables.rhythm.second_days as a frame (None: no orders). Who has left waited until the day she left.
    """
    if seen is None:
        return pd.DataFrame({"days": np.array([], dtype=float), "again": np.array([], dtype=bool)})
    known = seen.merge(buyers[["customer_id", "left_on"]], on="customer_id", validate="1:1")
    first, second, left = (pd.to_datetime(known[name]) for name in ("first_on", "second_on", "left_on"))
    until = second.fillna(left).fillna(pd.Timestamp(as_of))
    return pd.DataFrame({"days": (until - first).dt.days.clip(lower=0), "again": second.notna()})


def top_share(amounts, *, top: float = TOP, seed: int = 0) -> tuple[float, float, float]:
    """The share of the money that the best `top` of the customers bring, with a bootstrap interval of customers; missing
    where most of what they bring is one customer's."""
    amounts = np.clip(np.asarray(amounts, dtype=float), 0, None)
    best = max(1, round(top * len(amounts)))
    if is_dominated(np.sort(amounts)[-best:]):
        return np.nan, np.nan, np.nan

    def share(values):
        return np.sort(values)[-best:].sum() / values.sum() if values.sum() > 0 else np.nan

    rng = np.random.default_rng(seed)
    draws = [share(rng.choice(amounts, len(amounts))) for _ in range(DRAWS)]
    low, high = np.nanquantile(draws, [0.025, 0.975]) if not np.isnan(share(amounts)) else (np.nan, np.nan)
    return float(share(amounts)), float(low), float(high)


def lorenz(amounts, *, smallest: int = 5) -> pd.DataFrame:
    """The Lorenz curve: `customers` and `amount`, both cumulative shares from the smallest customer on.

    Its points lie a hundredth of the customers apart, at least `smallest`, and further where a step would be mostly one
    customer's: a curve with a point a customer would tell what each of them brings.
    """
    amounts = np.sort(np.clip(np.asarray(amounts, dtype=float), 0, None))
    total, ends = amounts.sum() or 1.0, [len(amounts)] if len(amounts) else []
    step = max(smallest, len(amounts) // 100)
    while ends and ends[0] > 0:
        start = ends[0] - step
        while start > 0 and is_dominated(amounts[start:ends[0]]):
            start -= 1
        ends.insert(0, start if start >= step else 0)
    while len(ends) > 2 and is_dominated(amounts[:ends[1]]):
        del ends[1]
    at = np.array(ends or [0])
    return pd.DataFrame({"customers": at / max(len(amounts), 1), "amount": np.append(0.0, np.cumsum(amounts))[at] / total})


def fifths(features: pd.DataFrame) -> pd.DataFrame:
    """Customers in fifths by money, the best first: group (1-5), customers, orders (mean), recency_days (median),
    amount_share (missing where it would tell of one customer; `attrs["held"]`: there is such a one)."""
    ranked = features.sort_values(["amount", "customer_id"], ascending=[False, True])
    group = pd.Series(1 + np.arange(len(ranked)) * 5 // max(1, len(ranked)), ranked.index)
    made = ranked.groupby(group).agg(customers=("customer_id", "size"), orders=("orders", "mean"), recency_days=("recency_days", "median"),
                                     amount=("amount", "sum"), amounts=("amount", list))
    safe = sums_without(made.pop("amounts"), made.amount)
    made = made.assign(amount_share=safe / made.amount.sum()).drop(columns="amount").rename_axis("group").reset_index()
    made.attrs["held"] = bool(safe.isna().any())
    return made


def safe_months(months: pd.DataFrame, *, smallest: int = 5) -> pd.Series:
    """Net money by month, missing where it would tell of one customer: fewer than `smallest` buyers, or mostly one's money.

    months: tables.rhythm.money_by_month as a frame. Of a single gap subtraction from the whole would tell, so the months
    with the least money go too until no customer can make up most of the gaps together.
    """
    held = (months.buyers < smallest) | (2 * months.largest > months.moved)
    for month in months.moved.sort_values(kind="stable").index:
        gap = months[held]
        if gap.empty or len(gap) > 1 and 2 * gap.largest.sum() <= gap.moved.sum():
            break
        held[month] = True
    return months.amount.mask(held).set_axis(pd.PeriodIndex(pd.to_datetime(months.month), freq="M"))


def year_on_year(now: pd.DataFrame, year_ago: pd.DataFrame, as_of, *, seed: int = 0) -> dict:
    """Net money a customer in the latest year minus the year before, among customers who were there through both.

    `now` and `year_ago` are features as of the day and as of a year earlier. Customers who came in these two years,
    or left in them, are left out: a growing book is not a growing customer. Gives change, low, high, before, n; n and
    status `info` alone where one customer dominates the change, or what was brought before.
    """
    start = pd.Timestamp(as_of) - pd.Timedelta(days=730)
    came = pd.to_datetime(now.acquired_on).fillna(pd.to_datetime(now.first_on)) if "acquired_on" in now else pd.to_datetime(now.first_on)
    there = (came <= start) & (now.left_on.isna() if "left_on" in now else True)
    both = now[there].merge(year_ago[["customer_id", "amount_last_year"]], on="customer_id", validate="1:1", suffixes=("", "_before"))
    change = (both.amount_last_year - both.amount_last_year_before).to_numpy(dtype=float)
    if is_dominated(change) or is_dominated(both.amount_last_year_before):
        return {"status": "info", "n": len(change)}
    low, high = bootstrap_t_mean(change, seed)
    return {"change": float(change.mean()) if len(change) else None, "low": low, "high": high,
            "before": float(both.amount_last_year_before.mean()) if len(change) else None, "n": len(change)}
