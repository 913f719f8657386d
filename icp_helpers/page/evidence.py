"""The evidence in one picture: how many are ideal inside each profile, with its interval, and among all customers."""

import math
from collections.abc import Mapping

from icp_helpers.page.catalogue import _
from icp_helpers.page.summary import PROFILE_FILE, UnitReport, say

ALT = _("{criteria:criteria}: {share:percent} ideal, between {low:percent} and {high:percent}; all customers {base_rate:percent}.")
NO_INTERVAL = _("{criteria:criteria}: {share:percent} ideal; all customers {base_rate:percent}.")


def evidence_rows(report: UnitReport, cards: Mapping[str, dict]) -> list[dict]:
    """A row a profile: label, alt text, and where dot, interval and baseline lie, in percent of the axis' length.

    cards: profile id -> its persona's card, as `personas` gives them; its name and face stand before the label.
    """
    outcome = (report.icp or {}).get("outcome") or {}
    base = outcome.get("base_rate")
    profiles = [profile for profile in report.profiles if profile.get("ideal_share") is not None]
    if not profiles or base is None:
        return []
    ranges = [[min(1.0, lift * base) for lift in profile.get("lift_interval") or ()] for profile in profiles]
    end = _axis_end(max([base, *(profile["ideal_share"] for profile in profiles), *(high for *_low, high in ranges if high)]))
    return [_row(report, profile, interval, base, end) | {"card": cards.get(profile.get("id"))}
            for profile, interval in zip(profiles, ranges, strict=True)]


def _row(report: UnitReport, profile: dict, interval: list[float], base: float, end: float) -> dict:
    low, high = interval or (profile["ideal_share"],) * 2
    facts = {"criteria": profile["criteria"], "share": profile["ideal_share"], "base_rate": base, "low": low, "high": high}
    place = {key: round(100 * value / end, 2) for key, value in
             {"base": base, "dot": profile["ideal_share"], "left": low, "width": high - low}.items()}
    return place | {"label": report.words.cell(profile["criteria"], "criteria"), "value": report.words.percent(profile["ideal_share"]),
                    "base_value": report.words.percent(base), "end": report.words.percent(end),
                    "source": PROFILE_FILE, "alt": say(report, ALT if interval else NO_INTERVAL, facts)}


def _axis_end(highest: float) -> float:
    """The next tenth above the highest value, so that the axis ends on a round number."""
    return min(1.0, math.ceil(10 * highest + 1e-9) / 10)
