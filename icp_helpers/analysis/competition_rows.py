"""All that is known of competitors and the market as one long table: the contract `competition`."""

from __future__ import annotations

import pandas as pd

COLUMNS = ["kind", "subject", "trait", "level", "value", "low", "high", "n", "hits", "status", "source", "as_of"]
# kind -> which column of its frame gives which column of the table; `trait` is the column that splits the market
FROM = {
    "won_against": {"subject": "competitor", "level": "level", "value": "rate", "low": "low", "high": "high", "n": "n", "hits": "won", "status": "status"},
    "lost_to": {"subject": "competitor", "value": "share", "low": "low", "high": "high", "n": "decided", "hits": "lost"},
    "lost_reason": {"subject": "reason", "value": "share", "low": "low", "high": "high", "hits": "lost"},
    "their_notes": {"level": "level", "value": "their_share", "hits": "notes", "source": "source", "as_of": "as_of"},
    "our_customers": {"level": "level", "value": "our_share", "low": "low", "high": "high", "hits": "customers"},
    "why_chosen": {"subject": "competitor", "level": "why_chosen", "hits": "notes", "source": "source", "as_of": "as_of"},
    "rating": {"subject": "about", "value": "rating", "low": "low", "high": "high", "n": "n"},
    "penetration": {"level": "level", "value": "share", "low": "low", "high": "high", "n": "accounts", "hits": "customers", "status": "status",
                    "as_of": "counted_on"},
    "money_share": {"level": "level", "value": "money_share", "n": "revenue", "hits": "amount", "status": "status", "as_of": "counted_on"},
}
TEXT = ("kind", "subject", "trait", "level", "status", "source")


def competition_rows(column: str | None, **frames: pd.DataFrame) -> pd.DataFrame:
    """A row a fact, in the contract's columns. frames: by kind, as competition.py and market_share.py give them."""
    parts = []
    for kind, frame in frames.items():
        part = pd.DataFrame({name: frame[theirs] for name, theirs in FROM[kind].items()})
        parts.append(part.assign(kind=kind, trait=column if "level" in FROM[kind] and kind != "why_chosen" else None))
    made = pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else pd.DataFrame()
    made = made.reindex(columns=COLUMNS)
    kinds = {name: "str" if name in TEXT else "datetime64[us]" if name == "as_of" else "float64" for name in COLUMNS}
    return made.astype(kinds)
