"""Which units a run has: each market, and each segment of it, checked by name before anything is written."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from icp_helpers.batch.job import WHOLE, Job, Settings
from icp_helpers.tables.errors import IcpError, MarketFileError, ParameterError
from icp_helpers.tables.market import Market, list_markets, load_market
from icp_helpers.tables.published import COMPARISON

NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
SPELT_OUT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ß": "ss"})
LONGEST = 60  # letters: market, segment and step must fit into one file name everywhere
RESERVED = {COMPARISON, "con", "prn", "aux", "nul", "template", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@dataclass
class Plan:
    """`first`: jobs that may start at once. `last`: the comparison, which starts when all others have ended. `broken`: market files that cannot be read, with their sentence.

    `markets`: each readable market by its slug. `found`: markets whose segments are known only after their own run.
    """

    first: list[Job] = field(default_factory=list)
    last: list[Job] = field(default_factory=list)
    broken: dict[str, IcpError] = field(default_factory=dict)
    markets: dict[str, Market] = field(default_factory=dict)
    found: set[str] = field(default_factory=set)


def check_name(name: str, what: str) -> str:
    """The name, if it can be the name of a folder on every system and lead nowhere else. ParameterError if not."""
    if isinstance(name, str) and NAME.fullmatch(name) and len(name) <= LONGEST and name not in RESERVED:
        return name
    shown = "".join(sign if sign.isprintable() else "?" for sign in str(name))
    nearest = _nearest(shown)
    remedy = f"Use small letters, digits and single hyphens, at most {LONGEST}, and no name that a system keeps for itself."
    if nearest:
        remedy = f"Use small letters, digits and single hyphens, such as {nearest}."
    raise ParameterError(f"This cannot be the name of a {what}", where=f"{what} name", found=f"'{shown[:LONGEST]}'", remedy=remedy)


def _nearest(name: str) -> str | None:
    """A name near to one that cannot be: Æble Firma becomes aeble-firma. None where nothing is left of it."""
    made = NAME.findall(unicodedata.normalize("NFKD", name.lower().translate(SPELT_OUT)).encode("ascii", "ignore").decode().replace(" ", "-"))
    made = "-".join(made)[:LONGEST].strip("-_")
    return made if NAME.fullmatch(made) and made not in RESERVED else None


def make_plan(settings: Settings, names: Sequence[str] = (), segment: str | None = None, commit: str | None = None) -> Plan:
    """The units of the named markets, of all for none. ParameterError for a name or segment that does not exist."""
    known = list_markets(data=settings.data)
    for name in names:
        check_name(name, "market")
        if name not in known:
            raise ParameterError(f"There is no market '{name}'", where=str(settings.data.name) + "/markets",
                                 found=", ".join(known) or "no market",
                                 remedy="Name one of those, or make one with `icp new`.")
    if not known:
        raise ParameterError("There is no market to run", where=f"{settings.data.name}/markets", found="no market.yml",
                             remedy="Make the sample markets with `icp sample`, or your own with `icp new`.")
    if segment is not None and segment != WHOLE:
        check_name(segment, "segment")
    plan = Plan()
    for name in dict.fromkeys(names) or known:
        _add_market(plan, settings, name, segment, commit)
    if segment not in (None, WHOLE) and not plan.first and not plan.broken:
        raise _no_segment(segment, plan)
    comparison = Job.of(settings, COMPARISON, WHOLE, commit)
    if comparison.chosen and segment in (None, WHOLE) and len(known) > 1:
        plan.last.append(comparison)
    plan.first = [job for job in plan.first if job.chosen]
    plan.first.sort(key=lambda job: job.segment != WHOLE)  # a market's own run first: most is known from it
    return plan


def _add_market(plan: Plan, settings: Settings, name: str, segment: str | None, commit: str | None) -> None:
    try:
        market = load_market(check_name(name, "market"), data=settings.data)
    except (MarketFileError, ParameterError) as error:
        plan.broken[name] = error
        return
    plan.markets[name] = market
    if market.segments == "found":
        plan.found.add(name)
        segments = found_segments(settings, name) if segment not in (None, WHOLE) else []
    else:
        segments = [check_name(slug, "segment") for slug in market.segments]
    for slug in [WHOLE, *segments]:
        if segment in (None, slug):
            plan.first.append(Job.of(settings, name, slug, commit))


def found_segments(settings: Settings, market: str) -> list[str]:
    """The slugs of the stable groups that step 04 found in the market's own run; none where all are one group."""
    path = settings.data / "processed" / market / "segments.parquet"
    if not path.exists():
        return []
    import pyarrow.parquet as pq

    from icp_helpers.tables.store import slug

    names = {row for row in pq.read_table(path, columns=["segment"]).column("segment").to_pylist() if row}
    return sorted(check_name(slug(name), "segment") for name in names) if len(names) > 1 else []


def _no_segment(segment: str, plan: Plan) -> ParameterError:
    known = sorted({slug for market in plan.markets.values() if isinstance(market.segments, dict) for slug in market.segments})
    return ParameterError(f"No market of this run has a segment '{segment}'", where="option --segment",
                          found=", ".join([WHOLE, *known]), remedy="Name one of those.")
