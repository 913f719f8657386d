"""How customers buy: planned, on impulse, at a reduced price, or again and again; and what a reduced price does."""

from __future__ import annotations

import pandas as pd

from icp_helpers.analysis.dominance import sums_without
from icp_helpers.analysis.intervals import newcombe, wilson
from icp_helpers.analysis.service import service_needs

IMPULSE_DAYS, PLANNED_DAYS = 1, 14  # from the first recorded touch to the first order
LOYAL_QUARTERS = 3  # of the latest four in which she ordered
BARGAINS = 0.5  # share of the orders that were at a reduced price
RETURN_DAYS = 180  # within which a customer who comes back is counted as one
ROWS = ["customer_id", "first_on", "second_on", "priced", "reduced", "first_reduced", "quarters"]
TYPES = ("bargain", "loyal", "impulse", "planned", "other")


def buying_types(rows: pd.DataFrame, met_on: pd.Series | None) -> pd.Series:
    """The type of each customer who has ordered, by customer_id: the first of TYPES whose rule she meets.

    bargain: two orders or more, at least half of them at a reduced price. loyal: an order in at least three of the
    latest four quarters. impulse: the first order came within a day of the first recorded touch. planned: fourteen
    days after it, or more. other: none of these, or the touches are not known.
    rows: as tables.prices.price_rows gives them; met_on: the day of the first touch by customer_id (None: no touches).
    """
    own = rows.set_index("customer_id")
    met = pd.Series(pd.NaT, own.index) if met_on is None else met_on.reindex(own.index)
    days = (pd.to_datetime(own["first_on"]) - pd.to_datetime(met)).dt.days
    types = pd.Series("other", index=own.index, dtype=object)
    types[days >= PLANNED_DAYS] = "planned"
    types[days.between(0, IMPULSE_DAYS)] = "impulse"
    types[own["quarters"] >= LOYAL_QUARTERS] = "loyal"
    types[(own["priced"] >= 2) & (own["reduced"] >= BARGAINS * own["priced"])] = "bargain"
    return types


def type_shares(types: pd.Series, amount: pd.Series, *, smallest: int = 5) -> pd.DataFrame:
    """A row a type that occurs: type, customers, share with low, high (Wilson), amount_share of the net money.

    types and amount by customer_id. Types of fewer than `smallest` customers are folded into other, together with the
    smallest of the rest where other would stay below that. amount_share is missing where it would tell of one customer
    (`attrs["held"]`: there is such a one).
    """
    counts = types.value_counts()
    rare = set(counts[counts < smallest].index) - {"other"}
    while 0 < counts.reindex([*rare, "other"]).sum() < smallest and len(rare) < len(counts) - 1:
        rare.add(counts.drop([*rare, "other"], errors="ignore").idxmin())
    types = types.where(~types.isin(rare), "other")
    by_type = amount.reindex(types.index).groupby(types)
    safe = sums_without(by_type.agg(list), by_type.sum())
    table = pd.DataFrame({"customers": types.value_counts(), "amount": safe})
    table.attrs["held"] = bool(safe.isna().any())
    table = table.reindex([one for one in TYPES if one in table.index])
    low, high = wilson(table["customers"], len(types))
    return table.assign(share=table["customers"] / max(len(types), 1), low=low, high=high,
                        amount_share=table["amount"] / by_type.sum().sum()).rename_axis("type").reset_index()


def reduced_prices(rows: pd.DataFrame, as_of) -> dict:
    """What a reduced price does: share, of the orders whose price is known; `reduced` and `full`, the shares of customers
    who came back within half a year of a first order at either price, their gap with low, high (Newcombe), and n.

    Only customers whose first order is at least half a year old and of a known price are counted.
    rows: as tables.prices.price_rows gives them.
    """
    first, second = pd.to_datetime(rows["first_on"]), pd.to_datetime(rows["second_on"])
    old = (first <= pd.Timestamp(as_of) - pd.Timedelta(days=RETURN_DAYS)) & rows["first_reduced"].notna()
    back = (second - first).dt.days <= RETURN_DAYS
    sides = [(int((back & side).sum()), int(side.sum())) for side in (old & (rows["first_reduced"] == way) for way in (1, 0))]
    low, high = newcombe(*sides[0], *sides[1])
    shares = [hits / n if n else float("nan") for hits, n in sides]
    priced = rows["priced"].sum()
    return {"orders": int(priced), "share": rows["reduced"].sum() / priced if priced else float("nan"), "reduced": shares[0],
            "full": shares[1], "gap": shares[0] - shares[1], "low": low, "high": high, "n": min(n for _hits, n in sides)}


def complexity_effect(tickets: pd.DataFrame, buyers: pd.DataFrame, hard: pd.Series, as_of, seed: int = 0) -> dict:
    """Whether customers who bought what is hard to use (`hard`: customer_id) need service more often: inside and outside
    (cases a customer and year), ratio with low, high, baseline 1, n. As `service.service_needs` counts them.

    buyers: customer_id, first_on, left_on.
    """
    dated = buyers.assign(first_on=pd.to_datetime(buyers["first_on"]), left_on=pd.to_datetime(buyers["left_on"]))
    cases = service_needs(tickets, dated, set(hard), as_of, seed=seed).set_index("measure").loc["cases"]
    return {**cases, "baseline": 1, "n": min(cases["customers"], cases["others"])}
