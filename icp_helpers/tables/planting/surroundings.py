"""What stands around the customers: competitors, the market, prospects, goals, actions, beliefs, products."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .population import draw_population, hide

COMPETITORS = {"b2b": ("Vestkraft", "Bluepeak", "Hansa Partner"), "b2c": ("Hejmo", "Klarbo", "Sundgren")}
TECHNOLOGIES = ("Business Central", "e-conomic", "SAP", "HubSpot", "Salesforce", "Shopify", "WooCommerce", "Power BI")
# The product that is bought with another one more often than by chance, and how often it follows.
PAIR, PAIR_SHARE = ("P03", "P11"), 0.45
WHY_CHOSEN = ("lower price", "local service", "known brand", "shorter delivery")
MARKET_SPLIT = {"b2b": ("industry", "region"), "b2c": ("housing", "region")}


def order_lines(rng, orders: pd.DataFrame) -> pd.DataFrame:
    """One to four products an order, that add up to it to the oere; refunds have no lines."""
    placed = orders[orders.refund_of.isna()].reset_index(drop=True)
    skus = np.array([f"P{number:02d}" for number in range(1, 25)], dtype=object)
    popularity = 1 / np.arange(2, 26) ** 0.6
    row = np.repeat(np.arange(len(placed)), rng.choice([1, 2, 3, 4], len(placed), p=[.35, .35, .2, .1]))
    lines = pd.DataFrame({"row": row, "sku": rng.choice(skus, len(row), p=popularity / popularity.sum())})
    followed = lines.row[lines.sku == PAIR[0]].unique()
    followed = followed[rng.random(len(followed)) < PAIR_SHARE]
    lines = pd.concat([lines, pd.DataFrame({"row": followed, "sku": PAIR[1]})]).drop_duplicates()
    lines = lines.sort_values(["row", "sku"], kind="stable", ignore_index=True)
    weight = rng.gamma(2.0, 1.0, len(lines))
    share = weight / np.bincount(lines.row, weight)[lines.row]
    cents = np.floor(share * np.round(placed.amount.to_numpy()[lines.row] * 100))
    short = np.round(placed.amount * 100).to_numpy() - np.bincount(lines.row, cents, len(placed))
    cents[~lines.row.duplicated().to_numpy()] += short
    return pd.DataFrame({
        "order_id": placed.order_id.to_numpy()[lines.row], "sku": lines.sku,
        "category": lines.sku.str[1:].astype(int).floordiv(5).map(dict(enumerate("ABCDE"))),
        "quantity": 1 + rng.poisson(0.8, len(lines)), "amount": cents / 100,
    })


def technologies(rng, ids, as_of: pd.Timestamp) -> pd.DataFrame:
    """Up to three programs a customer; the last of the list came up in the latest months."""
    rows = [(customer, TECHNOLOGIES[number]) for customer in ids
            for number in sorted(rng.choice(len(TECHNOLOGIES), rng.integers(0, 4), replace=False))]
    frame = pd.DataFrame(rows, columns=["customer_id", "technology"])
    days = rng.integers(1, np.where(frame.technology == TECHNOLOGIES[-1], 90, 900))
    return frame.assign(first_seen=as_of - pd.to_timedelta(days, unit="D"))


def competitors(rng, kind: str, traits: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    segments = sorted(traits[MARKET_SPLIT[kind][0]].dropna().unique())
    rows = [(name, segments[rng.integers(len(segments))], WHY_CHOSEN[rng.integers(len(WHY_CHOSEN))], source,
             as_of - pd.Timedelta(days=int(rng.integers(30, 400))))
            for name in COMPETITORS[kind] for source in ("lost deals", "trade press")]
    return pd.DataFrame(rows, columns=["competitor", "segment", "why_chosen", "source", "as_of"])


def market(rng, kind: str, traits: pd.DataFrame, accounts: int, as_of: pd.Timestamp) -> pd.DataFrame:
    """How many firms or households there are in each part of the market, and what they spend a year."""
    split = list(MARKET_SPLIT[kind])
    counted = traits.groupby(split).size().rename("accounts").reset_index()
    counted["accounts"] = np.round(counted.accounts / counted.accounts.sum() * accounts).astype(int)
    mean = 40_000 if kind == "b2b" else 2_500
    counted["revenue"] = np.round(counted.accounts * mean * np.exp(rng.normal(0, 0.3, len(counted))), -3)
    return counted.assign(as_of=as_of - pd.Timedelta(days=90))


def prospects(rng, n: int, kind: str, profiles, share: float, missing: float) -> pd.DataFrame:
    """Firms or people who are no customers yet: every trait that is known before a purchase; of most nobody has asked
    whether they may be approached, and few have refused."""
    traits = hide(rng, draw_population(rng, n, kind, profiles, share=share), missing)
    traits.insert(0, "prospect_id", [f"P{number:05d}" for number in range(1, n + 1)])
    protected, asked = rng.random(n) < 0.12, rng.random(n)
    consent = np.select([asked < 0.35, asked > 0.92], [True, False], None)
    return traits.assign(ad_protected=protected, consent=consent)


def goals(as_of: pd.Timestamp) -> pd.DataFrame:
    due = as_of + pd.DateOffset(months=6)
    rows = [("conversion_rate", 0.17, 0.20), ("nps", 20, 30), ("churn", 0.025, 0.02), ("aov", 4200, 4600), ("cx", 0.65, 0.72),
            ("time_to_value", 35, 28), ("cost_per_lead", 450, 400), ("lead_to_mql", 0.6, 0.65), ("mql_to_sql", 0.55, 0.6)]
    owners = ("head of sales", "head of marketing", "head of service")
    frame = pd.DataFrame(rows, columns=["kpi", "baseline", "target"])
    return frame.assign(due=due, owner=[owners[number % 3] for number in range(len(frame))])


def actions(as_of: pd.Timestamp) -> pd.DataFrame:
    """The plan: some of its rows lack an owner, a budget or a date, as plans do."""
    rows = [
        ("Call the open leads that fit", "sales lead", "sales", 0, 60, 20_000, "conversion_rate", "doing"),
        ("Write to prospects about their first pain", "content lead", "marketing", 14, 90, 60_000, "lead_to_mql", "planned"),
        ("Move budget to the channels that reach the profile", "media lead", "marketing", 0, 45, None, "cost_per_lead", "planned"),
        ("Add a checklist for the first month", "product owner", "product", 30, 150, 90_000, "time_to_value", "planned"),
        ("Answer profile customers within four hours", None, "customer service", 0, 30, 15_000, "cx", "doing"),
        ("Ask happy customers for a recommendation", "account manager", "sales", -30, 30, 5_000, "nps", "done"),
        ("Agree who follows up lost deals", "sales lead", "sales", None, None, 0, "churn", "planned"),
    ]
    frame = pd.DataFrame(rows, columns=["action", "owner", "department", "start", "due", "budget", "kpi", "status"])
    frame["first_due"] = frame.due - np.array([0, 30, 0, 14, 0, 0, 0])  # two have been put off, one has become dearer
    frame["first_budget"] = frame.budget - np.array([0, 15_000, 0, 0, 0, 0, 0])
    for name in ("start", "due", "first_due"):
        frame[name] = as_of + pd.to_timedelta(frame[name], unit="D")
    return frame


def beliefs(kind: str, profiles, levels: dict) -> pd.DataFrame:
    """What each department believes about the ideal customer: one who is right, others who are not."""
    wrong = {"b2b": (("marketing", "region", "in", ["Hovedstaden"]), ("finance", "credit_rating", "in", ["A"]),
                     ("product", "it_maturity", ">=", 4)),
             "b2c": (("marketing", "newsletter", "is", True), ("finance", "savings", ">=", 100_000), ("product", "has_pet", "is", True))}
    believed = [*(("sales", *criterion) for criterion in profiles[0].criteria), *wrong[kind]]
    return pd.DataFrame([(department, column, op, _written(value, levels)) for department, column, op, value in believed],
                        columns=["department", "column", "op", "value"])


def _written(value, levels) -> str:
    if isinstance(value, list):
        return "|".join(str(levels.get(item, item)) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(levels.get(value, value))


def with_flaws(rng, tables: dict) -> dict:
    """A few faults as exports have them: orders booked twice, of nobody known, in the far future, with no amount."""
    orders = tables["orders"]
    placed = orders.index[orders.refund_of.isna() & ~orders.order_id.isin(orders.refund_of)]
    picked = rng.choice(placed, 12, replace=False)
    orders = orders.copy()
    orders.loc[picked[:3], "customer_id"] = "C99999"
    orders.loc[picked[3:5], "ordered_at"] += pd.DateOffset(years=9)
    orders.loc[picked[5:8], "amount"] = np.nan
    customers = tables["customers"].copy()
    customers.loc[rng.choice(customers.index, 2, replace=False), "employees"] = -1.0
    return {"orders": pd.concat([orders, orders.loc[picked[8:]]], ignore_index=True), "customers": customers}
