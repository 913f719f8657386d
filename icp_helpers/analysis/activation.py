"""Whom to call: the lists ranked by fit, those who may not be contacted left out, and a group held out by lot.

The score orders a list only where the profile was shown, or the score tells ideal customers from others on customers
it had not seen. Else nobody is ranked: a list in any order would look like knowledge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from icp_helpers.analysis.criteria import Criterion
from icp_helpers.analysis.icp_file import Icp
from icp_helpers.analysis.score_list import missing_columns, score_list

OPTED_OUT, PROTECTED, NO_CONSENT = "opted out", "protected from advertising", "no consent known"
CAMPAIGN, HELD_OUT, COMPARED = "campaign", "held out", "compared"
DRAWS = 2_000  # assignments by lot, of which the most balanced one is taken, or the first that is alike
BALANCED = 0.1  # absolute standardised difference below which two groups count as alike (Austin 2009)
FEWEST = 30  # contacts below which a campaign cannot be tested, and nobody is held out
SCORES = ["kind", "id", "rank", "fit_score", "tier", "profile", "reasons", "contact", "arm"]


@dataclass(frozen=True)
class Ranking:
    """`scores`: a row a prospect or open lead (SCORES), best first. `status`: found (profiles were shown), score (no
    profile, but a score that tells), hypothesis, or none (nobody is ranked). `missing`: columns asked for and absent."""

    scores: pd.DataFrame
    status: str
    missing: list[str]

    @property
    def campaign(self) -> pd.DataFrame:
        """Those who are contacted, held out or compared."""
        return self.scores[self.scores["arm"] != ""]


def may_rank(icp: Icp) -> str:
    """found, score, hypothesis or none: see Ranking."""
    if icp.status == "hypothesis":
        return "hypothesis" if icp.profiles else "none"
    if icp.status == "found" and icp.profiles:
        return "found"
    return "score" if icp.score and icp.score.get("signal") else "none"


def rank_lists(prospects: pd.DataFrame, leads: pd.DataFrame, icp: Icp, *, consumers: bool = False, held_out: float = 0.2,
               seed: int = 0) -> Ranking:
    """Score, order and divide prospects and open leads.

    prospects: prospect_id, traits, ad_protected?, consent?; leads: lead_id, won_on, lost_on, traits (the closed ones
    are left away). `consumers`: people, who may be approached only after they agreed; firms may until they refuse.
    Wanted are those in tier A, and those in tier B who meet a profile; `held_out` is the share (0-1) of them whom the campaign does
    not touch, drawn by lot within `seed`. A hypothesis is tested otherwise: all wanted ones are in the campaign, and as
    many others, drawn by lot, are worked in the same way to be compared with.
    """
    lists = [("lead", "lead_id", open_leads(leads)), ("prospect", "prospect_id", prospects)]
    scored = [_scored(kind, name, frame, icp, consumers) for kind, name, frame in lists if len(frame)]
    status = may_rank(icp)
    asked = sorted({name for _kind, _id, frame in lists if len(frame) for name in missing_columns(frame, icp)})
    if not scored:
        return Ranking(pd.DataFrame(columns=SCORES), status, asked)
    scores = pd.concat(scored, ignore_index=True)
    allowed = scores["contact"] == ""
    if status == "none":
        return Ranking(scores.assign(rank=np.nan, arm="")[SCORES], status, asked)
    scores["rank"] = scores["fit_score"].where(allowed).rank(method="min", ascending=False)
    unwanted = {profile.name for profile in icp.negative_profiles} - {profile.name for profile in icp.profiles}
    members = (scores["profile"] != "") & ~scores["profile"].isin(unwanted) & (scores["tier"] != "C")
    wanted = allowed & (members | (scores["tier"] == "A"))
    traits = pd.concat([frame.reset_index(drop=True) for _kind, _id, frame in lists if len(frame)], ignore_index=True)
    scores["arm"] = np.where(wanted, CAMPAIGN, "")
    if status == "hypothesis":
        scores.loc[_by_lot(scores[allowed & ~wanted], int(wanted.sum()), seed), "arm"] = COMPARED
    else:
        scores.loc[wanted, "arm"] = assign_arms(scores.loc[wanted, ["id", "fit_score"]], asked_traits(traits[wanted], icp),
                                                held_out=held_out, seed=seed)
    return Ranking(scores.sort_values(["rank", "kind", "id"], kind="stable", na_position="last", ignore_index=True)[SCORES], status, asked)


def open_leads(leads: pd.DataFrame) -> pd.DataFrame:
    """The leads that are neither won nor lost."""
    return leads[leads["won_on"].isna() & leads["lost_on"].isna()].reset_index(drop=True)


def contact_bar(frame: pd.DataFrame, consumers: bool) -> pd.Series:
    """Why each row may not be contacted: opted out, protected from advertising, no consent known; empty where it may."""
    consent = frame["consent"].astype("boolean") if "consent" in frame else pd.Series(pd.NA, frame.index, dtype="boolean")
    protected = frame["ad_protected"].astype("boolean").fillna(False) if "ad_protected" in frame else pd.Series(False, frame.index)
    bar = pd.Series("", frame.index, dtype=object)
    if consumers:
        bar[consent.isna()] = NO_CONSENT
    bar[protected.astype(bool)] = PROTECTED
    bar[consent.eq(False).fillna(False).astype(bool)] = OPTED_OUT
    return bar


def assign_arms(listed: pd.DataFrame, traits: pd.DataFrame, *, held_out: float, seed: int) -> np.ndarray:
    """campaign or held out for each row of `listed` (id, fit_score), whatever its order, by lot from `seed`.

    Rows are taken in blocks of like fit and one lot is drawn a block, so that the groups fit equally well; of DRAWS
    such assignments the first is kept whose groups are alike in all `traits`, else the one with the smallest largest
    difference (rerandomisation: Morgan and Rubin 2012). With fewer than FEWEST rows, or nobody to hold out, all are in
    the campaign.
    """
    n = len(listed)
    if n < FEWEST or not 0 < held_out < 1:
        return np.full(n, CAMPAIGN, dtype=object)
    order = listed.assign(place=np.arange(n)).sort_values(["fit_score", "id"], ascending=[False, True], kind="stable")["place"].to_numpy()
    design = _design(traits.iloc[order])
    rng = np.random.default_rng(seed)
    quota = np.floor(np.arange(1, n + 1) * held_out) - np.floor(np.arange(n) * held_out) > 0  # ends a block
    block = np.concatenate([[0], np.cumsum(quota)[:-1]])
    best, held = np.inf, None
    for _draw in range(DRAWS):
        lot = _one_a_block(block, int(quota.sum()), rng)
        worst = np.abs(_differences(design, lot)).max(initial=0.0)
        if worst < best:
            best, held = worst, lot
        if best < BALANCED:
            break
    arms = np.full(n, CAMPAIGN, dtype=object)
    arms[order[held]] = HELD_OUT
    return arms


def balance(arms: pd.Series, traits: pd.DataFrame) -> pd.DataFrame:
    """How alike the two groups are, a row a trait, the least alike first: trait, difference (the largest absolute
    standardised mean difference of its levels), alike (below BALANCED)."""
    held = arms.eq(HELD_OUT).to_numpy()
    rows = [(str(name), float(np.abs(_differences(_design(traits[[name]]), held)).max(initial=0.0))) for name in traits.columns]
    frame = pd.DataFrame(rows, columns=["trait", "difference"]).sort_values("difference", ascending=False, ignore_index=True)
    return frame.assign(alike=frame["difference"] < BALANCED)


def asked_traits(frame: pd.DataFrame, icp: Icp) -> pd.DataFrame:
    """The columns of a list that the profiles' criteria ask for; those of the score too where there is no profile."""
    asked = dict.fromkeys(one.column for profile in icp.profiles for one in profile.criteria)
    if not asked and icp.score:
        asked = dict.fromkeys(term["column"] for term in icp.score["terms"])
    return frame[[name for name in asked if name in frame.columns]]


def listed_traits(scores: pd.DataFrame, prospects: pd.DataFrame, leads: pd.DataFrame, icp: Icp) -> pd.DataFrame:
    """What the profile asks for, of each row of `scores` and in its order."""
    lists = pd.concat([prospects.assign(kind="prospect", id=prospects["prospect_id"].astype("str")),
                       leads.assign(kind="lead", id=leads["lead_id"].astype("str"))], ignore_index=True)
    return asked_traits(scores[["kind", "id"]].merge(lists, on=["kind", "id"], how="left", validate="1:1"), icp)


def reason_counts(scores: pd.DataFrame, most: int = 10) -> pd.DataFrame:
    """Why those in the campaign fit, the most frequent first: reason, people. Only reasons that speak for them (+)."""
    reasons = scores["reasons"].str.split("; ").explode()
    counted = reasons[reasons.fillna("").str.startswith("+")].value_counts().head(most)
    return counted.rename_axis("reason").rename("people").reset_index()


def criteria_named(icp: Icp) -> tuple[Criterion, ...]:
    """Every criterion of the profiles once, in order."""
    return tuple(dict.fromkeys(one for profile in icp.profiles for one in profile.criteria))


def _by_lot(rows: pd.DataFrame, size: int, seed: int) -> pd.Index:
    """`size` of the rows (all where there are fewer), whatever their order."""
    ordered = rows.sort_values(["kind", "id"], kind="stable").index.to_numpy()
    return pd.Index(np.random.default_rng(seed).permutation(ordered)[:size])


def _scored(kind: str, name: str, frame: pd.DataFrame, icp: Icp, consumers: bool) -> pd.DataFrame:
    scored = score_list(frame.reset_index(drop=True), icp)
    return pd.DataFrame({
        "kind": kind, "id": scored[name].astype("str"), "rank": np.nan, "fit_score": scored["fit_score"].astype(float),
        "tier": scored["tier"].astype(str), "profile": scored["profile"].astype(str), "reasons": scored["reasons"].astype(str),
        "contact": contact_bar(scored, consumers).to_numpy(), "arm": "",
    })


def _design(traits: pd.DataFrame) -> np.ndarray:
    """The traits as standardised columns: a number by itself (missing at the mean), a level or item as yes or no."""
    columns = [np.zeros((len(traits), 0))]
    for name in traits.columns:
        cells = traits[name]
        if pd.api.types.is_numeric_dtype(cells) and not pd.api.types.is_bool_dtype(cells):
            columns.append(cells.astype(float).fillna(cells.astype(float).mean()).fillna(0.0).to_numpy()[:, None])
        else:
            texts = cells.map(lambda cell: "|".join(map(str, cell)) if isinstance(cell, list) else str(cell))
            columns.append(texts.str.get_dummies().to_numpy(dtype=float))
    made = np.hstack(columns)
    spread = made.std(axis=0)
    return (made - made.mean(axis=0))[:, spread > 0] / spread[spread > 0]


def _differences(design: np.ndarray, held: np.ndarray) -> np.ndarray:
    if not held.any() or held.all():
        return np.zeros(design.shape[1])
    inside = design[held].sum(axis=0)  # the columns are centred: the rest's sum is its opposite
    return -inside / (~held).sum() - inside / held.sum()


def _one_a_block(block: np.ndarray, whole: int, rng) -> np.ndarray:
    """One row at random of each whole block; the rest at the end holds nobody out."""
    keys = rng.random(len(block))
    order = np.lexsort((keys, block))
    first = np.concatenate([[True], np.diff(block[order]) > 0])
    held = np.zeros(len(block), bool)
    held[order[first]] = True
    return held & (block < whole)
