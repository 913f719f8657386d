"""Markets that are made up, with a truth that is known: the six sample markets, and worlds for tests and benchmarks."""

from __future__ import annotations

from pathlib import Path

from .making import SampleMarket, make_market
from .plans import DEFAULT_SEED, MARKETS, small_plan
from .worlds import example_world, several_world
from .writing import file_name, write_market

__all__ = ["DEFAULT_SEED", "example_world", "make_sample_markets", "plant", "plant_market", "several_world", "write_market"]


def make_sample_markets(to, *, seed: int = DEFAULT_SEED, customers: int | None = None, only_missing: bool = False) -> list[Path]:
    """Write the six sample markets under the data folder `to` (in `to`/markets/<market>); gives the folders written.

    `customers` overrides the size of every market that has customers. With `only_missing` a market whose files are
    all there is left alone, and a market.yml that is there is kept as it is. The same seed gives the same bytes.
    """
    written = []
    for plan in MARKETS:
        folder = Path(to) / "markets" / plan.slug
        if only_missing and all((folder / name).exists() for name in ("market.yml", *map(file_name, plan.tables))):
            continue
        written.append(write_market(make_market(plan, seed, customers), folder, keep_settings=only_missing))
    return written


def plant(kind: str, seed: int, customers: int = 300) -> SampleMarket:
    """A small market for tests: `signal` (builders do better), `mirror` (they do worse), `flat` (nothing planted)."""
    return make_market(small_plan(kind, customers), seed)


def plant_market(kind: str, to, *, seed: int, customers: int = 300, slug: str | None = None) -> Path:
    """The same, written into the data folder `to`; gives the market's folder `to`/markets/<slug, or the kind>."""
    return write_market(plant(kind, seed, customers), Path(to) / "markets" / (slug or kind))
