"""The journey from discovery to purchase: who gets how far, how long each stage takes, and by which way they come.

A journey is one lead's touches in order of time, or one customer's where no lead is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, fisher_exact

from icp_helpers.analysis.intervals import newcombe, wilson
from icp_helpers.analysis.kpis.survival import kaplan_meier

STAGES = ("discovery", "research", "decision", "purchase")
NAMES = {  # what CRMs call them, in small letters
    "discovery": ("discovery", "opdagelse", "awareness", "kendskab", "attention", "opmærksomhed"),
    "research": ("research", "undersøgelse", "consideration", "overvejelse", "interest", "interesse", "evaluation"),
    "decision": ("decision", "beslutning", "intent", "preference", "proposal", "tilbud", "negotiation", "forhandling"),
    "purchase": ("purchase", "køb", "conversion", "konvertering", "won", "order", "ordre"),
}
STAGE_OF = {name: stage for stage, names in NAMES.items() for name in names}
FOLLOWS = frozenset({"retargeting", "remarketing", "brand search", "branded search", "own brand search", "brand_search", "branded_search",
                     "own_brand_search", "brandsøgning", "egen brandsøgning"})  # channels that follow a decision that is made
FUNNEL = ["stage", "leads", "n", "share", "low", "high", "recorded"]
TIMES = ["stage", "n", "ended", "days", "low", "high"]
PATHS = ["path", "leads", "n", "share", "low", "high"]
CHANNELS = ["channel", "hits", "n", "rest_hits", "rest_n", "share", "rest", "difference", "low", "high", "p_adjusted"]


def read_touches(touchpoints: pd.DataFrame, leads: pd.DataFrame, *, stages: Mapping[str, str] = STAGE_OF,
                 follows: Iterable[str] = FOLLOWS) -> pd.DataFrame:
    """The touches of each journey in order: journey, at, stage, channel, place (0-3), late; and won, lost_on a journey.

    A stage that `stages` does not know is no part of any stage; `attrs["unmapped"]` counts such touches. `late` marks
    what follows the decision: a touch of the purchase, one on a day after the lead was won or lost, or a channel of
    `follows`. `won`: the journey has a purchase, or its lead was won.
    """
    touches = touchpoints[["at", "channel"]].assign(at=pd.to_datetime(touchpoints["at"]))
    lead, customer = (touchpoints[name].astype(object).where(touchpoints[name].notna(), None) for name in ("lead_id", "customer_id"))
    touches["journey"] = [f"lead {one}" if one is not None else f"customer {other}" for one, other in zip(lead, customer, strict=True)]
    touches["journey"] = touches["journey"].astype("str")
    touches["stage"] = touchpoints["stage"].map(lambda name: stages.get(str(name).strip().lower()))
    touches["place"] = touches["stage"].map({stage: place for place, stage in enumerate(STAGES)}).astype(float)
    known = leads[["won_on", "lost_on"]].apply(pd.to_datetime).set_axis("lead " + leads["lead_id"].astype("str"))
    touches = touches.join(known, on="journey")
    bought = (touches["place"] == 3).groupby(touches["journey"]).transform("any")
    touches["won"] = bought | touches["won_on"].notna()
    ended = touches["won_on"].fillna(touches["lost_on"])
    after = touches["at"].dt.normalize() > ended
    marked = touches["channel"].astype(str).str.strip().str.lower().isin({name.lower() for name in follows})
    touches["late"] = after | marked | (touches["place"] == 3)
    unmapped = int(touches["stage"].isna().sum())
    touches = touches.sort_values(["journey", "at", "place"], kind="stable", ignore_index=True)
    touches.attrs = {"unmapped": unmapped}
    return touches


def funnel(touches: pd.DataFrame) -> pd.DataFrame:
    """How many journeys reached each stage, a row a stage: stage, leads, n, share with its Wilson interval, recorded.

    Who is seen at a stage has been through those before it, so no count exceeds the one before; `recorded` counts the
    journeys with a touch at that stage, and where it exceeds the one before, touches are missing from the records.
    """
    staged = touches[touches["place"].notna()]
    furthest = staged.groupby("journey")["place"].max()
    won = touches.groupby("journey")["won"].any().reindex(furthest.index)
    furthest = furthest.where(~won.astype(bool), len(STAGES) - 1)
    leads = [int((furthest >= place).sum()) for place in range(len(STAGES))]
    recorded = [int(staged.loc[staged["place"] == place, "journey"].nunique()) for place in range(len(STAGES))]
    n = len(furthest)
    low, high = wilson(leads, n) if n else (np.nan, np.nan)
    return pd.DataFrame({"stage": STAGES, "leads": leads, "n": n, "share": np.array(leads) / n if n else np.nan, "low": low,
                         "high": high, "recorded": recorded})[FUNNEL]


def stage_times(touches: pd.DataFrame, *, as_of) -> pd.DataFrame:
    """How long journeys stay in each stage but the last: stage, n, ended, the median days with its interval low, high.

    A stay begins with the first touch of the stage and ends with the first of a later one, with the purchase, or when the
    lead is lost. One that has not ended is counted as lasting until `as_of` at least (Kaplan and Meier), for the mean of
    those that ended knows only the quick ones. The median is missing where less than half have ended.
    """
    first = touches[touches["place"].notna()].groupby(["journey", "place"])["at"].min().unstack()
    first = first.reindex(columns=range(len(STAGES))).astype("datetime64[us]")
    ends = touches.groupby("journey")[["won_on", "lost_on"]].min().reindex(first.index).min(axis=1).astype("datetime64[us]")
    rows = []
    for place, stage in enumerate(STAGES[:-1]):
        entered = first[place].dropna()
        later = first.loc[entered.index, list(range(place + 1, len(STAGES)))].min(axis=1)
        end = pd.concat([later, ends[entered.index] + pd.Timedelta(days=1)], axis=1).min(axis=1)
        until = pd.Timestamp(as_of) + pd.Timedelta(days=1)
        happened = (end.notna() & (end <= until)).to_numpy()
        days = (end.where(happened, until) - entered).dt.total_seconds().clip(lower=0) / 86_400
        curve = kaplan_meier(days, happened)
        some = bool(happened.any())
        rows.append((stage, len(entered), int(happened.sum()), curve.quantile(0.5) if some else np.nan,
                     *(curve.quantile_limits(0.5) if some else (np.nan, np.nan))))
    return pd.DataFrame(rows, columns=TIMES)


def path_shares(touches: pd.DataFrame, *, smallest: int = 5) -> pd.DataFrame:
    """The ways that ended in a purchase, the most frequent first: path, leads, n, share with its Wilson interval.

    A path is the channels in order, repeats in a row told once, without the touches that follow the decision. Ways that
    fewer than `smallest` went are left out of the rows, not of n.
    """
    own = touches[touches["won"] & ~touches["late"]]
    again = (own["channel"] == own["channel"].shift()) & (own["journey"] == own["journey"].shift())
    paths = own[~again].groupby("journey", sort=False)["channel"].agg(lambda names: " → ".join(map(str, names)))
    counts = paths.value_counts()
    order = sorted(counts.index, key=lambda path: (-counts[path], path))
    leads = counts.reindex(order)[lambda many: many >= smallest]
    low, high = wilson(leads.to_numpy(), len(paths)) if len(leads) else (np.zeros(0), np.zeros(0))
    return pd.DataFrame({"path": leads.index.astype(object), "leads": leads.to_numpy(dtype=int), "n": len(paths),
                         "share": leads.to_numpy() / max(len(paths), 1), "low": low, "high": high})[PATHS]


def channel_reach(touches: pd.DataFrame, members, *, smallest: int = 5) -> pd.DataFrame:
    """Which channels reach `members` (journeys) more or less often than others, the widest gap first.

    hits of n members' journeys hold the channel, rest_hits of rest_n others; difference of the two shares with its
    Newcombe interval; two-sided Fisher, Benjamini-Hochberg over channels. What follows a decision is left out. Channels
    that fewer than `smallest` journeys hold are not compared.
    """
    early = touches.loc[~touches["late"], ["journey", "channel"]].drop_duplicates()
    inside = pd.Series(early["journey"].isin(set(members)).to_numpy(), early.index)
    n = int(early.loc[inside, "journey"].nunique())
    rest_n = int(early["journey"].nunique()) - n
    rows = []
    for channel, own in early.groupby("channel"):
        hits = int(inside[own.index].sum())
        rest = len(own) - hits
        if len(own) >= smallest and n and rest_n:
            p = fisher_exact([[hits, n - hits], [rest, rest_n - rest]]).pvalue
            rows.append((channel, hits, n, rest, rest_n, hits / n, rest / rest_n, hits / n - rest / rest_n, *newcombe(hits, n, rest, rest_n), p))
    table = pd.DataFrame(rows, columns=CHANNELS)
    if len(table):
        table["p_adjusted"] = false_discovery_control(table["p_adjusted"])
    return table.sort_values("difference", ascending=False, ignore_index=True)


def stage_channels(touches: pd.DataFrame) -> pd.DataFrame:
    """What each stage is made of: stages x channels, shares of the stage's touches (each row sums to 1)."""
    staged = touches[touches["stage"].notna()]
    counts = pd.crosstab(staged["stage"], staged["channel"]).reindex([stage for stage in STAGES if (staged["stage"] == stage).any()])
    counts = counts[sorted(counts, key=lambda channel: (-counts[channel].sum(), channel))]
    return counts.div(counts.sum(axis=1), axis=0)
