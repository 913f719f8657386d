"""What was known of the customers on a day in the past."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from icp_helpers.tables.features import MEASURES, as_date, customer_features, join_features


def features_on(features: pd.DataFrame, orders, day) -> pd.DataFrame:
    """The rows of `features` (as 02_know_customers writes them) as they would have stood on `day`.

    Customers who came later are not there, who left later had not left, and what each bought is counted anew up to that
    day from `orders` (an Ibis table, or None). Traits stand as they do today: a customer table keeps no history of them.
    """
    day = as_date(day)
    bought = None if orders is None else customer_features(orders, as_of=day).to_pyarrow().to_pandas(date_as_object=False)
    then = join_features(features.drop(columns=list(MEASURES)), bought)
    # Where no day of arrival is recorded it is the first order as known then: one given back since was still an order.
    there = then[_days(then["acquired_on"]).fillna(_days(then["first_on"])) <= pd.Timestamp(day)]
    return there.assign(left_on=there["left_on"].where(_days(there["left_on"]) <= pd.Timestamp(day))).reset_index(drop=True)


def quarter_ends(first: dt.date, as_of: dt.date, most: int) -> list[dt.date]:
    """The last days of the quarters of the calendar between two days, the latest `most` of them, oldest first."""
    days = pd.date_range(first, as_of - dt.timedelta(days=1), freq="QE")
    return [day.date() for day in days[-most:]]


def _days(values: pd.Series) -> pd.Series:
    days = pd.to_datetime(values)
    return (days.dt.tz_localize(None) if days.dt.tz is not None else days).dt.normalize()
