"""A list of customers, leads or prospects scored by an icp.yml: how well each fits, which profile she meets, and why."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from icp_helpers.analysis.icp_file import Icp, IcpProfile, read_icp
from icp_helpers.analysis.plain import plain_frame
from icp_helpers.analysis.scoring import Reason, Score

TIERS = ("A", "B", "C")
TIER_ODDS = 2.0  # A: at least twice the average customer's odds of being ideal; C: at most half of them


def score_list(frame: pd.DataFrame, icp: Icp | Mapping) -> pd.DataFrame:
    """The list with four columns more: `fit_score` (0-1), `tier` (A, B, C), `profile` (its name; empty if none), `reasons`.

    `fit_score` is the calibrated probability of the profile's score; without a score, the ideal share of the profile
    met, or for a hypothesis the share of its criteria that are met. Whoever meets a negative profile and no other is
    in tier C under that profile's name. Columns that the list lacks count as missing: see `missing_columns`.
    Raises ParameterError if the profile cannot be read.
    """
    icp = icp if isinstance(icp, Icp) else read_icp(icp)
    named = plain_frame(frame)
    score = Score.from_dict(icp.score) if icp.score else None
    base = score.base_rate if score else icp.outcome.get("base_rate")
    fit = score.predict(named) if score and score.base_rate is not None else _fit_by_criteria(named, icp, base)
    wanted, unwanted = _first_met(named, icp.profiles), _first_met(named, icp.negative_profiles)
    tiers = _tiers(fit, base)
    tiers[(unwanted >= 0) & (wanted < 0)] = "C"
    names = np.where(wanted >= 0, _names(icp.profiles)[wanted], _names(icp.negative_profiles)[unwanted])
    reasons = score.reasons(named) if score and score.signal else _criteria_met(named, icp.profiles, wanted)
    return frame.assign(fit_score=np.round(fit, 4), tier=tiers, profile=names,
                        reasons=["; ".join(map(str, row)) for row in reasons])


def missing_columns(frame: pd.DataFrame, icp: Icp | Mapping) -> list[str]:
    """The columns that the profile or its score looks at and the list lacks, in the profile's order."""
    icp = icp if isinstance(icp, Icp) else read_icp(icp)
    asked = [one.column for profile in (*icp.profiles, *icp.negative_profiles) for one in profile.criteria]
    asked += [term.column for term in Score.from_dict(icp.score).terms] if icp.score else []
    return [name for name in dict.fromkeys(asked) if name not in set(map(str, frame.columns))]


def _met(frame: pd.DataFrame, profile: IcpProfile) -> np.ndarray:
    """Which criteria each row meets: rows x criteria. A column that is not there meets nothing."""
    absent = np.zeros(len(frame), bool)
    return np.column_stack([one.mask(frame) if one.column in frame.columns else absent for one in profile.criteria])


def _first_met(frame: pd.DataFrame, profiles: tuple[IcpProfile, ...]) -> np.ndarray:
    """The place of the first profile that each row meets; -1 for none."""
    place = np.full(len(frame), -1)
    for number, profile in reversed(list(enumerate(profiles))):
        place[_met(frame, profile).all(axis=1)] = number
    return place


def _fit_by_criteria(frame: pd.DataFrame, icp: Icp, base: float | None) -> np.ndarray:
    if not icp.profiles:
        return np.full(len(frame), np.nan if base is None else base)
    met = [_met(frame, profile).mean(axis=1) for profile in icp.profiles]
    if any(profile.ideal_share is None for profile in icp.profiles):
        return np.max(met, axis=0)
    return np.max([np.where(share == 1, profile.ideal_share, base or 0.0)
                   for share, profile in zip(met, icp.profiles, strict=True)], axis=0)


def _tiers(fit: np.ndarray, base: float | None) -> np.ndarray:
    """The odds against the average customer's; where the base rate is not known, against even odds."""
    base = 0.5 if base is None else min(max(base, 1e-6), 1 - 1e-6)
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = (fit / (1 - fit)) / (base / (1 - base))
    return np.select([odds >= TIER_ODDS, odds <= 1 / TIER_ODDS], ["A", "C"], "B").astype(object)


def _names(profiles: tuple[IcpProfile, ...]) -> np.ndarray:
    """The names by place, and an empty one for place -1."""
    return np.array([*(profile.name for profile in profiles), ""], dtype=object)


def _criteria_met(frame: pd.DataFrame, profiles: tuple[IcpProfile, ...], first: np.ndarray) -> list[list[str]]:
    """Without a card, the criteria of the profile that a row meets are its reasons."""
    texts = [[str(Reason(one, 1.0)) for one in profile.criteria] for profile in profiles] + [[]]
    return [texts[place] for place in first]
