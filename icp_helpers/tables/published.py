"""Which markets have been published, and what stands for a market where all of them are compared: light, for the runner."""

from pathlib import Path

from icp_helpers.tables.errors import IcpError
from icp_helpers.tables.market import Market, Privacy, data_folder, list_markets, load_market

COMPARISON = "comparison"
NAMES = {"en": "All markets", "da": "Alle markeder"}
FILES = ("icp.yml", "features.parquet", "ideal.parquet", "kpis.parquet")  # of each unit, that the comparison is made of


def published_markets(*, data: Path | None = None) -> list[str]:
    """The markets whose own run has been published with a profile, or the word that there is none."""
    folder = Path(data or data_folder()) / "processed"
    return [name for name in list_markets(data=data) if (folder / name / "icp.yml").exists()]


def comparison_market(*, data: Path | None = None) -> Market:
    """What stands for a market on the page of the comparison; a market whose file cannot be read has no part in it."""
    markets = []
    for name in published_markets(data=data):
        try:
            markets.append(load_market(name, data=data))
        except IcpError:  # told where that market itself is run
            continue
    return stand_in(markets, data)


def stand_in(markets: list[Market], data: Path | None = None) -> Market:
    """Danish only where all are; the strictest privacy; the labels that the markets gave to their columns; their currency
    where they have one in common (values in several are not compared)."""
    language = "da" if markets and all(market.language == "da" for market in markets) else "en"
    days = [market.as_of for market in markets if market.as_of is not None]
    traits = {column: trait for market in markets if market.language == language for column, trait in (market.traits or {}).items()}
    currencies = {market.currency for market in markets}
    return Market(slug=COMPARISON, name=NAMES[language], kind="b2b", currency=currencies.pop() if len(currencies) == 1 else "EUR", folder=Path(data or data_folder()) / "processed" / COMPARISON,
                  language=language, as_of=max(days, default=None), traits=traits or None,
                  privacy=Privacy(max((market.privacy.smallest_cell for market in markets), default=Privacy().smallest_cell)))
