"""Channels by what a won lead is expected to cost, with intervals, drawn towards one another where leads are few."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln

from icp_helpers.analysis.kpis.funnel import lag_between

DRAWS = 4_000
LEVEL = 0.05  # of all comparisons with the cheapest channel together
FEWEST_WON = 30  # leads that fit and were won below which the channels are not compared for them alone
FEWEST = 10  # leads of a channel below which its cost is not judged
KINDS = {  # the kinds of channels that the guide names, and a firm's own site, and by which words a channel is known to be of one
    "social media": ("linkedin", "instagram", "tiktok", "facebook", "twitter", "youtube", "social", "sociale"),
    "e-mail": ("email", "e-mail", "mail", "newsletter", "nyhedsbrev"),
    "content": ("blog", "content", "webinar", "podcast", "seo", "organic", "article", "artikel", "indhold"),
    "search and ads": ("google", "bing", "search", "søgning", "ads", "annonce", "retargeting", "paid", "display"),
    "own website": ("website", "web", "site", "webshop", "hjemmeside", "direct", "direkte"),
    "reviews and forums": ("trustpilot", "forum", "reviews", "anmeldelser"),
    "people": ("referral", "referrals", "anbefaling", "anbefalinger", "phone", "telefon", "call", "opkald", "partner", "sales"),
    "events and places": ("offline", "fair", "trade_fair", "messe", "event", "shop", "butik", "store", "newspaper", "avis", "radio", "tv", "print"),
}
OTHER = "other"
FEW, UNPAID = "too few leads", "no spending known"
COLUMNS = ["channel", "kind", "leads", "won", "share", "pooled", "spend", "cost_per_lead", "cost", "low", "high", "verdict"]


@dataclass(frozen=True)
class ChannelCosts:
    """`channels`: a row a channel, cheapest first (COLUMNS). `days`: the days a lead was given to be won.
    `heterogeneous`: whether the channels differ in what they win by more than chance."""

    channels: pd.DataFrame
    days: float
    heterogeneous: bool


def channel_costs(leads: pd.DataFrame, spend: pd.DataFrame, as_of: dt.date, *, fits: np.ndarray | None = None,
                  seed: int = 0) -> ChannelCosts:
    """What a won lead costs by channel; of the leads that `fits` marks alone where it is given (all spend is theirs).

    leads: channel, created_on, won_on; spend: channel, date, amount (money). Counted are leads old enough to have been
    won (the days in which 90 % of wins come) and the spend of the same days. `share` is won / leads, `pooled` the
    posterior mean under a beta prior fitted to all channels (empirical Bayes; Efron and Morris 1975), and `cost` the
    posterior median of spend / (leads x share) with its 95 % interval: the number of leads is Poisson, the wins
    binomial. `verdict`: cheapest, tied (not surely dearer than the cheapest), dearer, too few leads, or no spending known.
    """
    created = pd.to_datetime(leads["created_on"])
    today = pd.Timestamp(as_of)
    named = leads["channel"].notna().to_numpy()
    days = lag_between(created, pd.to_datetime(leads["won_on"]), today).days if len(leads) else 0.0
    until = today - pd.Timedelta(days=days)
    since = pd.to_datetime(spend["date"]).min() if len(spend) else created.min()
    counted = named & ((created >= since) & (created <= until)).to_numpy()
    used = leads[counted & (np.ones(len(leads), bool) if fits is None else np.asarray(fits, bool))]
    table = used.groupby("channel").agg(leads=("channel", "size"), won=("won_on", "count"))
    paid = spend[pd.to_datetime(spend["date"]) <= until].groupby("channel")["amount"].sum()
    table = table.join(paid.rename("spend"), how="outer").fillna({"leads": 0, "won": 0}).astype({"leads": int, "won": int})
    prior, heterogeneous = _prior(table["won"].to_numpy(), table["leads"].to_numpy())
    table = _with_costs(table, prior, np.random.default_rng(seed)).reset_index(names="channel")
    table["kind"] = table["channel"].map(kind_of)
    return ChannelCosts(table.sort_values(["cost", "channel"], na_position="last", ignore_index=True)[COLUMNS], days, heterogeneous)


def costs_by_fit(leads: pd.DataFrame, spend: pd.DataFrame, as_of: dt.date, fits: np.ndarray, *, seed: int = 0) -> dict[str, ChannelCosts]:
    """The costs for `all leads`, and for the `leads that fit` where at least FEWEST_WON of them were won and spending is
    known (`fits` is empty where the leads lack what the profile asks for)."""
    sides = {"all leads": channel_costs(leads, spend, as_of, seed=seed)}
    if len(fits) and leads["won_on"][fits].count() >= FEWEST_WON:
        theirs = channel_costs(leads, spend, as_of, fits=fits, seed=seed)
        if cheapest_facts(theirs)["status"] != "not_supplied":  # no spending is known: the first sentence says so already
            sides["leads that fit"] = theirs
    return sides


def cheapest_facts(costs: ChannelCosts) -> dict:
    """The facts of the sentence on the cheapest channel: status (found; unclear where others are tied with it; too_few;
    not_supplied), best, tied (names), dearer (how many), cost, low, high."""
    table = costs.channels
    judged = table[table["verdict"].isin(["cheapest", "tied", "dearer"])]
    if judged.empty:
        return {"status": "too_few" if (table["spend"].notna() & (table["leads"] > 0)).any() else "not_supplied"}
    best, tied = judged[judged["verdict"] == "cheapest"].iloc[0], judged.loc[judged["verdict"] == "tied", "channel"]
    status = "too_few" if len(judged) < 2 else "unclear" if len(tied) else "found"
    return {"status": status, "best": best["channel"], "tied": ", ".join(tied), "dearer": int((judged["verdict"] == "dearer").sum()),
            "cost": best["cost"], "low": best["low"], "high": best["high"]}


def kind_of(channel) -> str:
    """The kind of a channel by the words of its name; `other` for one that is not known."""
    words = str(channel).strip().casefold()
    parts = {words, *words.replace("-", " ").replace("_", " ").split()}
    return next((kind for kind, marks in KINDS.items() if parts & set(marks)), OTHER)


def unknown_channels(*columns: pd.Series) -> list[str]:
    """The channels that no kind is known for, in alphabetical order: listed, never dropped."""
    names = pd.concat([column.dropna() for column in columns]).unique() if columns else []
    return sorted(str(name) for name in names if kind_of(name) == OTHER)


def effort(leads: pd.DataFrame, spend: pd.DataFrame, fits: np.ndarray, *, unwanted: np.ndarray | None = None, seed: int = 0) -> dict:
    """Whom the money reaches: `effort` is the share of the leads' cost that went to leads that fit, `wins` their share
    of the wins, `waste` the money spent on leads that meet a negative profile, `waste_share` its part.

    Each lead is given its channel's spend per lead; `low` and `high` are the 95 % interval of wins minus effort, from
    a bootstrap of leads (percentile), `n` the leads with a cost. All but `n` are None where there is nothing to share out;
    empty `fits` or `unwanted` mark nobody.
    """
    paid = spend.groupby("channel")["amount"].sum() / leads.groupby("channel").size()
    cost = leads["channel"].map(paid).to_numpy(dtype=float)
    known = np.isfinite(cost)
    won = leads["won_on"].notna().to_numpy()
    nobody = np.zeros(len(leads), bool)
    fits, unwanted = (np.asarray(part, bool) if part is not None and len(part) else nobody for part in (fits, unwanted))
    if not known.any() or not won.any():
        return {"effort": None, "wins": None, "low": None, "high": None, "n": int(known.sum()), "waste": None, "waste_share": None}
    rng, n = np.random.default_rng(seed), len(leads)
    weight = rng.multinomial(n, np.full(n, 1 / n), size=1_000).astype(float)
    cost = np.where(known, cost, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = (weight @ (won & fits)) / (weight @ won) - (weight @ (cost * fits)) / (weight @ cost)
    low, high = np.nanquantile(gaps, [0.025, 0.975])
    return {"effort": float(cost[fits].sum() / cost.sum()), "wins": float(fits[won].mean()), "low": float(low), "high": float(high),
            "n": int(known.sum()), "waste": float(cost[unwanted].sum()), "waste_share": float(cost[unwanted].sum() / cost.sum())}


def _prior(won: np.ndarray, leads: np.ndarray) -> tuple[tuple[float, float], bool]:
    """The beta prior (a, b) of the channels' win rates by maximum marginal likelihood, and whether it explains the
    wins better than one rate for all (likelihood ratio above 2.71: 5 % at the edge of the range)."""
    seen = leads > 0
    won, leads = won[seen].astype(float), leads[seen].astype(float)
    if not leads.sum():
        return (0.5, 0.5), False
    rate = (won.sum() + 0.5) / (leads.sum() + 1)

    def loss(theta: np.ndarray) -> float:
        middle, size = 1 / (1 + np.exp(-theta[0])), np.exp(np.clip(theta[1], -2, 12))
        a, b = middle * size, (1 - middle) * size
        return -float((betaln(won + a, leads - won + b) - betaln(a, b)).sum())

    start = np.array([np.log(rate / (1 - rate)), 4.0])
    best = minimize(loss, start, method="Nelder-Mead", options={"maxiter": 400})
    middle, size = 1 / (1 + np.exp(-best.x[0])), float(np.exp(np.clip(best.x[1], -2, 12)))
    one_rate = loss(np.array([start[0], 12.0]))
    return (middle * size, (1 - middle) * size), bool(2 * (one_rate - best.fun) > 2.71)


def _with_costs(table: pd.DataFrame, prior: tuple[float, float], rng) -> pd.DataFrame:
    won, leads = table["won"].to_numpy(), table["leads"].to_numpy()
    spend = table["spend"].to_numpy(dtype=float)
    rates = rng.beta(prior[0] + won, prior[1] + leads - won, size=(DRAWS, len(table)))
    counts = rng.gamma(leads + 0.5, size=(DRAWS, len(table)))
    judged = np.isfinite(spend) & (spend > 0) & (leads >= FEWEST)
    costs = np.where(judged, spend / (counts * rates), np.nan)
    low, middle, high = np.quantile(costs, [0.025, 0.5, 0.975], axis=0)
    made = table.assign(share=np.where(leads > 0, won / np.maximum(leads, 1), np.nan), pooled=rates.mean(axis=0),
                        cost_per_lead=np.where(leads > 0, spend / np.maximum(leads, 1), np.nan), cost=middle, low=low, high=high)
    return made.assign(verdict=_verdicts(costs, judged, spend))


def _verdicts(costs: np.ndarray, judged: np.ndarray, spend: np.ndarray) -> list[str]:
    """Each channel against the cheapest one: dearer only where that is sure, all comparisons considered."""
    said = np.where(np.isfinite(spend) & (spend > 0), FEW, UNPAID).astype(object)
    if not judged.any():
        return said.tolist()
    best = int(np.nanargmin(np.where(judged, np.median(np.where(judged, costs, np.inf), axis=0), np.inf)))
    level = LEVEL / max(int(judged.sum()) - 1, 1)
    for place in np.flatnonzero(judged):
        surely = (costs[:, place] > costs[:, best]).mean() >= 1 - level
        said[place] = "cheapest" if place == best else "dearer" if surely else "tied"
    return said.tolist()
