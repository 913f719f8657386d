"""What customers cost at customer service, and what those whom they recommended have brought: both stand beside the margin."""

from __future__ import annotations

import pandas as pd

from icp_helpers.analysis.kpis.books import Books, once


def case_cost(books: Books) -> float | None:
    """What one case costs, in the market's currency; None where the market does not say, or no cases are supplied."""
    cost = getattr(books.market.economics, "ticket_cost", None)  # an assumption that a market need not make
    return float(cost) if cost is not None and books.has("tickets", "customer_id", "opened_at") else None


@once
def cases_of(books: Books) -> pd.DataFrame:
    """A row a case known on `as_of`: customer_id, day."""
    cases = pd.DataFrame({"customer_id": books.texts("tickets", "customer_id"), "day": books.days("tickets", "opened_at")})
    return cases.dropna(ignore_index=True)


def cases_per_customer(books: Books, customer_ids: pd.Series) -> pd.Series:
    """How many cases each of these customers has had."""
    return customer_ids.map(cases_of(books)["customer_id"].value_counts()).fillna(0).astype(float)


def referred_by(books: Books) -> pd.DataFrame:
    """A row a recommendation known on `as_of`, each customer recommended once: referrer_id, referred_id."""
    known = pd.DataFrame({name: books.texts("referrals", name) for name in ("referrer_id", "referred_id")})
    if books.has("referrals", "referred_on"):
        known = known[books.days("referrals", "referred_on").notna()]
    known = known.dropna()
    return known[known["referrer_id"] != known["referred_id"]].drop_duplicates("referred_id", ignore_index=True)
