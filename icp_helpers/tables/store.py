"""A unit's data: the clean tables of one market or segment, and what the steps hand to one another."""

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import ibis
import pandas as pd
import yaml

from icp_helpers.tables import clean, contracts, traits, versions
from icp_helpers.tables.engine import LIMIT
from icp_helpers.tables.errors import ParameterError, TableError
from icp_helpers.tables.last_days import dated
from icp_helpers.tables.market import Market, data_folder, list_markets, load_market
from icp_helpers.tables.yaml_text import yaml_text

WHOLE = "all"
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")


@dataclass(frozen=True)
class Unit:
    """One market, or one segment of it, with its folder `data/processed/<unit>/`."""

    market: Market
    segment: str = WHOLE

    @property
    def name(self) -> str:
        return self.market.slug if self.segment == WHOLE else f"{self.market.slug}--{self.segment}"

    @property
    def title(self) -> str:
        """What a reader calls the unit: the market's own name, and the segment's behind it."""
        return self.market.name if self.segment == WHOLE else f"{self.market.name}: {self.segment}"

    @property
    def folder(self) -> Path:
        """Where the unit's private data lie; a batch points ICP_STAGE at a folder of its own until all is verified."""
        stage = os.environ.get("ICP_STAGE")
        return Path(stage) if stage else self.published

    @property
    def published(self) -> Path:
        """Where the last run that was published lies; the folder itself, unless a batch is at work."""
        return data_folder() / "processed" / self.name

    @cached_property
    def _engine(self):
        engine = ibis.duckdb.connect(memory_limit=LIMIT, temp_directory=str(self.folder / ".spill"))
        engine.settings["TimeZone"] = self.market.timezone  # a time with a zone falls on the market's day, not on the machine's
        return engine

    def clean(self) -> clean.Quality:
        """Clean every table of the market into `<folder>/tables/`; step 01 does this, the others read."""
        members = _members(self.market, self.segment) if self.market.segments == "found" and self.segment != WHOLE else None
        return clean.clean_market(self.market, self.segment, self.folder / "tables", members=members)

    def has(self, table: str) -> bool:
        """Is the table supplied, with at least one row that may be used?"""
        return self._table_path(table).exists()

    def table(self, table: str) -> ibis.Table:
        """A clean table as Ibis sees it: nothing is read until it is asked for."""
        if not self.has(table):
            raise TableError(f"Table '{table}' is not at hand", where=f"unit '{self.name}'",
                             found=", ".join(sorted(p.stem for p in self._table_path(table).parent.glob("*.parquet"))) or "no clean table",
                             remedy="Run 01_collect_data for this market, or name the table under tables: in market.yml.")
        return self._engine.read_parquet(self._table_path(table), table_name=table)

    def frame(self, table: str) -> pd.DataFrame:
        """A small clean table as a frame; no rows, and the dictionary's columns, where it is not supplied."""
        if not self.has(table):
            return contracts.empty_frame(table)
        return contracts.tidy_frame(self.table(table).to_pyarrow().to_pandas(date_as_object=False))

    def read(self, name: str) -> pd.DataFrame | dict:
        """What an earlier step wrote: a frame held to its contract, or `icp` as a plain mapping."""
        path = self._contract_path(name)
        if not path.exists():
            raise TableError(f"'{name}' has not been made yet", where=f"unit '{self.name}'", found="no " + path.name,
                             remedy=f"Run {contracts.made_by(name)} for this market first.")
        if name == "icp":
            return yaml.safe_load(path.read_text(encoding="utf-8"))
        return contracts.check_frame(name, pd.read_parquet(path))

    def write(self, name: str, content: pd.DataFrame | dict) -> None:
        """Hand a frame, or `icp` as a mapping, to the next steps: whole or not at all. An icp.yml joins its history."""
        path = self._contract_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        if name == "icp":
            versions.keep(content, self.folder / versions.FOLDER, self.published / versions.FOLDER)
            part.write_text(yaml_text(content), encoding="utf-8")
        else:
            contracts.check_frame(name, content).to_parquet(part, index=False)
        part.replace(path)

    def read_previous(self, name: str) -> pd.DataFrame | dict | None:
        """The same of the last run that was published; None where there is none, or none that today's contract admits."""
        path = self.published / self._contract_path(name).name
        if not path.exists():
            return None
        if name == "icp":
            return versions.read_version(path)
        try:
            return contracts.check_frame(name, pd.read_parquet(path))
        except TableError:  # written before the contract was changed: it says nothing that could be compared
            return None

    def versions(self) -> list[dict]:
        """Every version of the unit's icp.yml as it was when it first came up, the oldest first; without its score."""
        return versions.read_versions(self.folder / versions.FOLDER)

    def traits(self, features: pd.DataFrame) -> traits.TraitChoice:
        """Which columns may describe a profile, and why the others may not."""
        prospects = self.frame("prospects") if self.has("prospects") else None
        return traits.choose_traits(features, self.market, prospects=prospects)

    def _table_path(self, table: str) -> Path:
        return self.folder / "tables" / f"{table}.parquet"

    def _contract_path(self, name: str) -> Path:
        return self.folder / ("icp.yml" if name == "icp" else f"{name}.parquet")


def open_unit(market: str, segment: str = WHOLE) -> Unit:
    """The unit of a market and a segment. ParameterError names those that there are."""
    if not isinstance(market, str) or not SLUG.fullmatch(market) or market not in list_markets():
        raise ParameterError("There is no such market", where="parameter 'market'", found=repr(market)[:80],
                             remedy=f"Use one of: {', '.join(list_markets()) or 'none yet; make one by icp new'}.")
    loaded = load_market(market)
    known = list(loaded.segments) if isinstance(loaded.segments, dict) else found_segments(loaded)
    if segment != WHOLE and segment not in known:
        raise ParameterError(f"Market '{market}' has no such segment", where="parameter 'segment'", found=repr(segment)[:80],
                             remedy=f"Use one of: {', '.join([WHOLE, *known])}.")
    return Unit(dated(loaded), segment)


def _members(market: Market, segment: str) -> pd.DataFrame:
    """The customers of a group that step 04 found in the market's own run."""
    found = pd.read_parquet(data_folder() / "processed" / market.slug / "segments.parquet", columns=["customer_id", "segment"])
    return found[found["segment"].dropna().map(slug).reindex(found.index) == segment]


def found_segments(market: Market) -> list[str]:
    """The slugs of the stable groups that step 04 found in the market's own run (`segments: found`)."""
    path = data_folder() / "processed" / market.slug / "segments.parquet"  # published: a segment's own stage has none
    if market.segments != "found" or not path.exists():
        return []
    return sorted(slug(name) for name in pd.read_parquet(path, columns=["segment"])["segment"].dropna().unique())


def slug(name: str) -> str:
    """A name as a folder may be called."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")).strip("-")[:60]
