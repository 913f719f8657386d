"""Rows for step 09: credit of channels against a known truth, the planted path, and a persona's numbers against queries."""

from __future__ import annotations

import numpy as np
import pandas as pd
from quality import Row
from scipy.special import expit

from icp_helpers.analysis.attribution import channel_credit
from icp_helpers.analysis.journey import path_shares, read_touches
from icp_helpers.analysis.persona import criteria_of, portrait, sets_apart
from icp_helpers.tables.planting.worlds import several_world

AS_OF = "2026-06-30"
CHANNELS = ("google", "linkedin", "webinar", "trade_fair", "referral", "email", "phone", "blog")
EFFECTS = (0.9, 0.0, 0.6, 1.2, 1.0, 0.2, 0.0, 0.4)  # of a channel on the log-odds of a purchase
JOURNEYS = 5_000


def rows(seed: int, runs: int) -> list[Row]:
    """Worlds of 5,000 journeys with and without stages; personas of several profiles at once."""
    seeds = [1_000 * seed + run for run in range(runs)]
    errors = {staged: [_errors(own, staged) for own in seeds] for staged in (False, True)}
    made = [
        Row(f"credit of channels{', stages recorded' if staged else ''}: error of {name} (total variation)",
            f"{np.mean([one[name] for one in found]):.3f}", "<= .10" if name == "removal" else "", "<= .07" if name == "removal" else "", runs)
        for staged, found in errors.items() for name in ("removal", "first", "last")
    ]
    first = [path_shares(path_world(own)).path.iloc[0] == "google → webinar → phone" for own in seeds]
    equal, numbers = zip(*[_persona_agrees(own) for own in (1_000 * seed + run for run in range(2 * runs))], strict=True)
    return [*made, Row("planted dominant path ranked first", f"{np.mean(first):.0%}", "100 %", "100 %", runs),
            Row(f"numbers of a persona equal to a query on its members, {2 * runs} worlds", f"{sum(equal) / sum(numbers):.0%}", "100 %", "100 %", sum(numbers))]


def journey_world(seed: int, *, staged: bool, journeys: int = JOURNEYS) -> tuple[pd.DataFrame, pd.Series]:
    """Touches whose channels move the purchase by EFFECTS, then touches that follow it; and each channel's true credit.

    Buyers are met again by retargeting and their search for our name before they pay, and by mail after they have paid:
    none of it brought about anything. `staged`: the first half of a journey is discovery; only those who go on are seen
    in research, so that late channels go with success whatever they do.
    """
    rng = np.random.default_rng(seed)
    used = rng.random((journeys, len(CHANNELS))) < rng.uniform(0.12, 0.4, len(CHANNELS))
    used[~used.any(axis=1), rng.integers(len(CHANNELS))] = True
    effects, base = np.array(EFFECTS), -2.6
    groups = [range(4), range(4, 8)] if staged else [range(8)]
    going, touches = np.ones(journeys, bool), []
    created = pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(60, 300, journeys), unit="D")
    known = np.zeros_like(used)
    chance, without = np.ones(journeys), np.ones((journeys, len(CHANNELS)))
    for stage, group in enumerate(groups):
        known[:, group] = used[:, group]
        pull = base / len(groups) + known @ effects
        chance, without = chance * expit(pull), without * expit(pull[:, None] - known * effects)
        for column in group:
            rows = np.flatnonzero(used[:, column] & going)
            days = pd.to_timedelta(20 * stage + 18 * rng.random(len(rows)), unit="D")
            touches.append(_rows(rows, created[rows] + days, ("discovery", "research")[stage], CHANNELS[column]))
        going = going & (rng.random(journeys) < expit(pull))
    bought = created + pd.to_timedelta(50, unit="D")
    for channel, shift, share in (("retargeting", -3, 0.7), ("brand search", -1, 0.6), ("email", 4, 0.8)):
        rows = np.flatnonzero(going & (rng.random(journeys) < share))
        stage = "discovery" if not staged else "research" if shift < 0 else "purchase"  # without stages all stand under one
        touches.append(_rows(rows, bought[rows] + pd.to_timedelta(shift, unit="D"), stage, channel))
    leads = pd.DataFrame({"lead_id": np.arange(journeys).astype(str), "won_on": bought.where(going), "lost_on": bought.where(~going)})
    credit = (chance[:, None] - without).sum(axis=0)
    return read_touches(pd.concat(touches, ignore_index=True), leads), pd.Series(credit / credit.sum(), CHANNELS)


def path_world(seed: int, journeys: int = 400) -> pd.DataFrame:
    """One way that 12 % go, among ways drawn at random."""
    rng = np.random.default_rng(seed)
    planted = rng.random(journeys) < 0.12
    touches = []
    for journey in range(journeys):
        way = ["google", "webinar", "phone"] if planted[journey] else list(rng.choice(CHANNELS, rng.integers(1, 5)))
        at = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.sort(rng.random(len(way))) * 40, unit="D")
        touches += [(str(journey), None, when, "research", channel) for when, channel in zip(at, way, strict=True)]
    frame = pd.DataFrame(touches, columns=["lead_id", "customer_id", "at", "stage", "channel"])
    won = pd.Timestamp("2026-03-01")
    return read_touches(frame, pd.DataFrame({"lead_id": [str(one) for one in range(journeys)], "won_on": won, "lost_on": pd.NaT}))


def _rows(journeys, at, stage, channel) -> pd.DataFrame:
    return pd.DataFrame({"lead_id": journeys.astype(str), "customer_id": None, "at": at, "stage": stage, "channel": channel})


def _errors(seed: int, staged: bool) -> dict[str, float]:
    touches, truth = journey_world(seed, staged=staged)
    credit = channel_credit(touches, as_of=AS_OF, seed=seed).set_index("channel")
    names = truth.index.union(credit.index)
    true = truth.reindex(names).fillna(0)
    return {name: float((credit[name].reindex(names).fillna(0) - true).abs().sum() / 2) for name in ("removal", "first", "last")}


def _persona_agrees(seed: int) -> tuple[int, int]:
    """How many of a persona's numbers are what a plain query on the members gives, and how many there are."""
    traits, _ideal, truths = several_world("b2b", seed)
    equal = numbers = 0
    for truth in truths:
        members = pd.concat([_meets(traits[one["column"]], one["op"], one["value"]) for one in truth], axis=1).all(axis=1).to_numpy()
        apart = sets_apart(criteria_of(traits), members, skip=[one["column"] for one in truth])
        lines = pd.concat([apart, portrait(traits, members, [one["column"] for one in truth])], ignore_index=True)
        for line in lines.itertuples():
            cells = traits.loc[members, line.column]
            met = int(_meets(cells, line.criterion.op, line.criterion.value).sum())
            told, asked = (line.hits, line.n, line.share), (met, cells.notna().sum(), met / cells.notna().sum())
            equal += sum(bool(abs(one - other) < 1e-12) for one, other in zip(told, asked, strict=True))
            numbers += len(told)
    return equal, numbers


def _meets(cells: pd.Series, op: str, value) -> pd.Series:
    if op == "has":
        return cells.map(lambda items: isinstance(items, list) and value in items).astype(bool)
    if op in ("in", "is"):
        wanted = list(value) if op == "in" else [value]
        return cells.map(lambda cell: cell in wanted if pd.notna(cell) else False).astype(bool)
    low, high = value if op == "between" else (value, np.inf) if op == ">=" else (-np.inf, value)
    return pd.to_numeric(cells).between(low, high).fillna(False)
