"""Does a profile still do what it did? Its customers beside the others month by month, and a test for a change.

A profile is watched from the day on which it was found: the months before went into finding it, and would look better
than what follows even if nothing changed (regression to the mean). The test takes all months at which the change may
have come, and takes customers, not months, as what is independent: who buys much in May buys much in June.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from icp_helpers.analysis.kpis.books import Books
from icp_helpers.analysis.kpis.orders import NoRateError, clean_orders

FEWEST = 20  # customers on either side, below which a month says nothing
MONTHS_EACH_SIDE = 2
DRAWS = 1999
ALARM = 0.02  # the level of a change: it is asked for anew each month, and nine such looks at a stable profile come to 5 % together
HIGHEST = 0.99  # quantile of a customer's month, above which a month counts as that much: one order is no trend


@dataclass(frozen=True)
class Change:
    """A test for one change of the gap in `gaps` (month, gap, low, high, inside): before and after are means of the gap,
    `since` the first month after; `low` and `high` the 95 % limits of the change's `size`, by t. `status`: down | up |
    unclear | too_few."""

    gaps: pd.DataFrame
    status: str
    p_value: float | None = None
    since: pd.Period | None = None
    before: float | None = None
    after: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def size(self) -> float | None:
        """After less before."""
        return None if self.before is None else self.after - self.before


def monthly_sales(tables, market) -> pd.DataFrame | None:
    """Customers x whole months (columns: monthly Periods): net sales, missing where she was not a customer all along
    from the month's first day. Months are those up to `market.as_of`; the month in which she came is not counted, for
    everybody orders then. None without orders in one
    currency, or without customers' dates."""
    books = Books(tables, market)
    if not (books.has("orders", "order_id", "customer_id", "ordered_at", "amount") and books.has("customers", "customer_id", "acquired_on")):
        return None
    try:
        orders, stray, _aside = clean_orders(books)
    except NoRateError:  # amounts that cannot be added up are as good as none
        return None
    kept = pd.concat([orders[orders["kept"]], stray])
    came = books.days("customers", "acquired_on").set_axis(books.texts("customers", "customer_id"))
    left = books.days("customers", "left_on").set_axis(came.index)
    came, left = came[came.notna() & ~came.index.duplicated()], left[~left.index.duplicated()].reindex(came[came.notna()].index.unique())
    if came.empty:
        return None
    end = (books.as_of + pd.Timedelta(days=1)).to_period("M")
    months = pd.period_range(came.min().to_period("M") + 1, end - 1, freq="M")
    sales = kept.groupby(["customer_id", kept["ordered_on"].dt.to_period("M")])["net"].sum().unstack()
    sales = sales.reindex(index=came.index, columns=months).fillna(0.0)
    start = months.to_timestamp().to_numpy()[None, :]
    there = (came.to_numpy()[:, None] < start) & ~(left.to_numpy()[:, None] < start)
    return sales.where(there)


def watch(sales: pd.DataFrame, inside: np.ndarray, *, since=None, seed: int = 0) -> Change:
    """The gap between the customers `inside` (one boolean a row of `sales`) and the others in the months after `since`,
    as a part of the others' mean, and whether it changed at some month.

    What moves all customers alike (season, growth of the market) is no change. The p-value is of the largest of all
    possible changes, by a multiplier bootstrap over customers (Chernozhukov, Chetverikov and Kato 2013), with a t for
    the normal: where a few large customers make the error, the error is itself known badly.
    """
    months = [month for month in sales.columns if since is None or month.start_time > pd.Timestamp(since)]
    values, inside = sales[months].to_numpy(float), np.asarray(inside, dtype=bool)
    there = ~np.isnan(values)
    counts = np.stack([(there & inside[:, None]).sum(axis=0), (there & ~inside[:, None]).sum(axis=0)])
    enough = (counts >= FEWEST).all(axis=0)
    months, values, counts = [m for m, use in zip(months, enough, strict=True) if use], values[:, enough], counts[:, enough]
    gap, parts = _gaps(values, inside, counts)
    error = np.sqrt((parts**2).sum(axis=0))
    gaps = pd.DataFrame({"month": months, "gap": gap, "low": gap - 1.96 * error, "high": gap + 1.96 * error, "inside": counts[0]})
    if len(months) < 2 * MONTHS_EACH_SIDE or not np.isfinite(gap).all():
        return Change(gaps, "too_few")
    return _largest_change(gaps, parts, seed)


def p_of_change(values: np.ndarray, inside: np.ndarray, after: np.ndarray) -> float | None:
    """The p-value of a change of the gap between given months, with customers as what is independent. `values` are
    customers x months as of `monthly_sales`; `after` marks months. None where a month has nobody on one side."""
    there = ~np.isnan(values)
    counts = np.stack([(there & inside[:, None]).sum(axis=0), (there & ~inside[:, None]).sum(axis=0)])
    if not counts.all() or after.all() or not after.any():
        return None
    gap, parts = _gaps(values, inside, counts)
    contrast = np.where(after, 1 / after.sum(), -1 / (~after).sum())
    parts = parts @ contrast
    error = np.sqrt((parts**2).sum())
    return float(2 * student.sf(abs(gap @ contrast) / error, _freedom(parts))) if error > 0 else None


def _gaps(values, inside, counts) -> tuple[np.ndarray, np.ndarray]:
    """Mean inside over mean outside minus one, by month, and each customer's part in its error (linearised)."""
    positive = values[values > 0]
    values = np.minimum(values, np.quantile(positive, HIGHEST)) if len(positive) else values
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_in, mean_out = (np.nansum(values[side], axis=0) / n for side, n in zip((inside, ~inside), counts, strict=True))
        parts = np.where(inside[:, None], (values - mean_in) / (counts[0] * mean_out),
                         -(values - mean_out) * mean_in / (counts[1] * mean_out**2))
        return mean_in / mean_out - 1, np.nan_to_num(parts)


def _largest_change(gaps: pd.DataFrame, parts: np.ndarray, seed: int) -> Change:
    count, weight = len(gaps), gaps["inside"].to_numpy(float)
    splits = np.arange(MONTHS_EACH_SIDE, count - MONTHS_EACH_SIDE + 1)
    contrasts = np.zeros((count, len(splits)))
    for place, split in enumerate(splits):
        contrasts[:split, place] = -weight[:split] / weight[:split].sum()
        contrasts[split:, place] = weight[split:] / weight[split:].sum()
    change, parts = gaps["gap"].to_numpy() @ contrasts, parts @ contrasts
    error = np.sqrt((parts**2).sum(axis=0))
    if not (error > 0).all():
        return Change(gaps, "too_few")
    best = int(np.argmax(np.abs(change) / error))
    freedom = _freedom(parts[:, best])
    drawn = _largest_of_chance(parts / error, freedom, np.random.default_rng(seed))
    p = (1 + np.count_nonzero(drawn >= abs(change[best]) / error[best])) / (1 + DRAWS)
    before, after = (float(np.average(part["gap"], weights=part["inside"])) for part in (gaps[:splits[best]], gaps[splits[best]:]))
    half = student.ppf(0.975, freedom) * error[best]
    return Change(gaps, status_of(p, before, after), float(p), gaps["month"].iloc[splits[best]], before, after,
                  float(change[best] - half), float(change[best] + half))


def status_of(p: float, before: float, after: float) -> str:
    """What a change with this p-value is called."""
    return "unclear" if p >= ALARM else "down" if after < before else "up"


def _largest_of_chance(parts: np.ndarray, freedom: float, rng) -> np.ndarray:
    """The largest of the studentised changes in each of DRAWS bootstrap samples: what normal multipliers of the customers'
    `parts` (customers x changes, each of length one) give is normal, with the changes' own correlations."""
    normal = rng.multivariate_normal(np.zeros(parts.shape[1]), parts.T @ parts, size=DRAWS, method="eigh")
    return np.abs(normal).max(axis=1) / np.sqrt(rng.chisquare(freedom, DRAWS) / freedom)


def _freedom(parts: np.ndarray) -> float:
    """Degrees of freedom of an error made of these parts, by their fourth moment: that of a chi-square with as large a
    variance (Satterthwaite 1946)."""
    return float(2 * (parts**2).sum() ** 2 / (parts**4).sum())
