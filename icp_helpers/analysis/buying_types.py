"""How customers buy: planned, on impulse, at a reduced price, or again and again; and what a reduced price does."""

from __future__ import annotations

import pandas as pd

from icp_helpers.analysis.intervals import newcombe, wilson

IMPULSE_DAYS, PLANNED_DAYS = 1, 14  # from the first recorded touch to the first order
LOYAL_QUARTERS = 3  # of the latest four in which she ordered
BARGAINS = 0.5  # share of the orders that were at a reduced price
RETURN_DAYS = 180  # within which a customer who comes back is counted as one
TYPES = ("bargain", "loyal", "impulse", "planned", "other")
QUARTERS, DAYS_A_QUARTER = 4, 91


def placed_orders(orders: pd.DataFrame, as_of) -> pd.DataFrame:
    """The orders that are no refunds, up to and with as_of, by day: customer_id, ordered_at, discount (missing: not known)."""
    bought = orders[orders["refund_of"].isna() & (orders["amount"] >= 0)]
    bought = bought[pd.to_datetime(bought["ordered_at"]) < pd.Timestamp(as_of) + pd.Timedelta(days=1)]
    return bought[["customer_id", "ordered_at", "discount"]].dropna(subset=["customer_id", "ordered_at"]).sort_values("ordered_at", kind="stable")


def buying_types(orders: pd.DataFrame, touches: pd.DataFrame, as_of) -> pd.Series:
    """The type of each customer who has ordered, by customer_id: one of TYPES, the first whose rule she meets.

    bargain: two orders or more, at least half of them at a reduced price. loyal: ordered in at least three of the
    latest four quarters. impulse: her first order came within a day of the first recorded touch. planned: fourteen days
    after it, or more. other: none of these, or the touches are not known. orders: as `placed_orders` gives them;
    touches: customer_id, at.
    """
    reduced = orders["discount"].gt(0).where(orders["discount"].notna()).astype("Float64").groupby(orders["customer_id"]).agg(["mean", "count"])
    age = (pd.Timestamp(as_of) - pd.to_datetime(orders["ordered_at"])).dt.days // DAYS_A_QUARTER
    quarters = age[age < QUARTERS].groupby(orders["customer_id"]).nunique()
    first = pd.to_datetime(orders.groupby("customer_id")["ordered_at"].min())
    met = pd.to_datetime(touches.dropna(subset=["customer_id"]).groupby("customer_id")["at"].min())
    days = (first.dt.normalize() - met.reindex(first.index).dt.normalize()).dt.days
    types = pd.Series("other", index=first.index, dtype=object)
    types[days >= PLANNED_DAYS] = "planned"
    types[days.between(0, IMPULSE_DAYS)] = "impulse"
    types[quarters.reindex(first.index).fillna(0) >= LOYAL_QUARTERS] = "loyal"
    own = reduced.reindex(first.index)
    types[(own["count"] >= 2) & (own["mean"].fillna(0) >= BARGAINS)] = "bargain"
    return types


def type_shares(types: pd.Series, amount: pd.Series, *, smallest: int = 5) -> pd.DataFrame:
    """A row a type that occurs: type, customers, share with low, high (Wilson), amount_share of the net money.

    types and amount by customer_id. Types of fewer than `smallest` customers are folded into other, together with the
    smallest of the rest where other would stay below that.
    """
    counts = types.value_counts()
    rare = set(counts[counts < smallest].index) - {"other"}
    while 0 < counts.reindex([*rare, "other"]).sum() < smallest and len(rare) < len(counts) - 1:
        rare.add(counts.drop([*rare, "other"], errors="ignore").idxmin())
    types = types.where(~types.isin(rare), "other")
    table = pd.DataFrame({"customers": types.value_counts(), "amount": amount.reindex(types.index).groupby(types).sum()})
    table = table.reindex([one for one in TYPES if one in table.index])
    low, high = wilson(table["customers"], len(types))
    return table.assign(share=table["customers"] / max(len(types), 1), low=low, high=high,
                        amount_share=table["amount"] / table["amount"].sum()).rename_axis("type").reset_index()


def reduced_prices(orders: pd.DataFrame, as_of) -> dict:
    """What a reduced price does: share of the orders that had one; `reduced` and `full`, the shares of customers who
    came back within half a year after a first order at either price, their gap with low, high (Newcombe), and n.

    Only customers whose first order is at least half a year old and of a known price are counted.
    """
    known = orders.dropna(subset=["discount"])
    days = pd.to_datetime(orders["ordered_at"])
    first = orders.assign(day=days)[~orders["customer_id"].duplicated()].set_index("customer_id")
    again = days.groupby(orders["customer_id"]).nth(1)
    second = pd.Series(again.to_numpy(), index=orders.loc[again.index, "customer_id"].to_numpy())
    old = first[(first["day"] <= pd.Timestamp(as_of) - pd.Timedelta(days=RETURN_DAYS)) & first["discount"].notna()]
    back = (second.reindex(old.index) - old["day"]).dt.days <= RETURN_DAYS
    sides = [(int(back[side].sum()), int(side.sum())) for side in (old["discount"] > 0, old["discount"] == 0)]
    low, high = newcombe(*sides[0], *sides[1])
    shares = [hits / n if n else float("nan") for hits, n in sides]
    return {"orders": len(known), "share": known["discount"].gt(0).mean(), "reduced": shares[0], "full": shares[1],
            "gap": shares[0] - shares[1], "low": low, "high": high, "n": min(n for _hits, n in sides)}


def complex_buyers(lines: pd.DataFrame, orders: pd.DataFrame, products: pd.DataFrame, least: float = 4) -> set:
    """The customers who have bought a product of complexity `least` or more. lines: order_id, sku; orders: order_id, customer_id."""
    hard = set(products.loc[products["complexity"] >= least, "sku"])
    return set(orders.loc[orders["order_id"].isin(lines.loc[lines["sku"].isin(hard), "order_id"]), "customer_id"].dropna())
