"""The journey: stages in order, open stays not cut short, late touches out of the credit, and silence where there is none."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import attribution, journey
from icp_helpers.tables.contracts import empty_frame

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from quality_journey import AS_OF, journey_world, path_world


def touches_of(rows: list[tuple], leads: list[tuple] = ()) -> pd.DataFrame:
    """rows: lead, day of 2026, stage, channel; leads: lead, won, lost."""
    frame = pd.DataFrame(rows, columns=["lead_id", "at", "stage", "channel"]).assign(customer_id=None)
    frame["at"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(frame["at"], unit="D")
    known = pd.DataFrame(list(leads), columns=["lead_id", "won_on", "lost_on"])
    return journey.read_touches(frame, known)


def error(seed: int, staged: bool) -> float:
    touches, truth = journey_world(seed, staged=staged)
    credit = attribution.channel_credit(touches, as_of=AS_OF).set_index("channel").removal
    names = truth.index.union(credit.index)
    return float((credit.reindex(names).fillna(0) - truth.reindex(names).fillna(0)).abs().sum() / 2)


@pytest.mark.parametrize("staged", [False, True])
def test_the_removal_finds_the_planted_credit_and_late_touches_get_none(staged):
    touches, _truth = journey_world(3, staged=staged)
    credit = attribution.channel_credit(touches, as_of=AS_OF).set_index("channel")
    assert error(3, staged) <= 0.10
    assert credit.removal[["retargeting", "brand search"]].isna().all() and (credit.late[["retargeting", "brand search"]] == 1).all()
    assert credit[["first", "last", "removal"]].sum().round(9).eq(1).all() and credit.attrs["p_value"] < 0.001


def test_without_the_cut_the_credit_goes_to_what_follows_the_decision():
    touches, truth = journey_world(3, staged=False)
    uncut = attribution.channel_credit(touches.assign(late=False), as_of=AS_OF).set_index("channel").removal
    assert uncut[["retargeting", "brand search", "email"]].sum() > 0.4 > truth["email"] + 0.3


def test_channels_that_do_nothing_get_no_claim():
    proven = 0
    for seed in range(8):
        touches, _truth = journey_world(seed, staged=False, journeys=800)
        rng = np.random.default_rng(seed)
        names = touches.journey.unique()
        bought = set(names[rng.random(len(names)) < 0.2])
        won = touches.journey.isin(bought)
        neutral = touches[~touches.late].assign(won=won, won_on=pd.Timestamp(AS_OF), lost_on=pd.NaT)
        neutral["won_on"] = neutral.won_on.where(neutral.won)
        neutral["lost_on"] = pd.Series(pd.Timestamp(AS_OF), neutral.index).where(~neutral.won)
        proven += attribution.channel_credit(neutral, as_of=AS_OF).attrs["p_value"] <= 0.05
    assert proven <= 2


def test_the_planted_way_is_ranked_first_and_rare_ways_are_not_told():
    paths = journey.path_shares(path_world(5))
    assert paths.path[0] == "google → webinar → phone" and paths.leads.is_monotonic_decreasing
    assert paths.leads.min() >= 5 and paths.n[0] == 400


def test_repeats_in_a_row_are_one_step_of_a_way():
    rows = [(str(lead), day, "research", channel) for lead in range(6) for day, channel in enumerate(["a", "a", "b", "a"])]
    leads = [(str(lead), pd.Timestamp("2026-03-01"), pd.NaT) for lead in range(6)]
    assert list(journey.path_shares(touches_of(rows, leads)).path) == ["a → b → a"]


def test_no_stage_holds_more_journeys_than_the_one_before_even_where_touches_are_missing():
    rows = [("1", 0, "discovery", "x"), ("2", 0, "decision", "x"), ("3", 0, "køb", "x"), ("4", 0, "Awareness", "x"), ("5", 0, "?", "x")]
    touches = touches_of(rows)
    steps = journey.funnel(touches)
    assert list(steps.leads) == [4, 2, 2, 1] and list(steps.recorded) == [2, 0, 1, 1] and touches.attrs["unmapped"] == 1
    assert (steps.leads.diff().dropna() <= 0).all() and (steps.low <= steps.share).all() and (steps.share <= steps.high).all()


def test_stays_that_are_still_open_count():
    quick = [(str(lead), day, stage, "x") for lead in range(40) for day, stage in ((0, "discovery"), (5, "research"))]
    still = [(str(lead), 0, "discovery", "x") for lead in range(40, 70)]
    both = journey.stage_times(touches_of(quick + still), as_of="2026-03-01").iloc[0]
    more = journey.stage_times(touches_of(quick + [(str(lead), 0, "discovery", "x") for lead in range(40, 100)]), as_of="2026-03-01").iloc[0]
    assert both.n == 70 and both.ended == 40 and both.days == 5
    assert more.n == 100 and np.isnan(more.days), "less than half have left: no median, and not the five days of the quick ones"


def test_a_lost_lead_ends_its_stage():
    touches = touches_of([(str(lead), 0, "discovery", "x") for lead in range(30)], [(str(lead), pd.NaT, pd.Timestamp("2026-01-11")) for lead in range(30)])
    assert journey.stage_times(touches, as_of="2026-06-30").days[0] == pytest.approx(11)


def test_each_stage_is_divided_among_its_channels():
    shares = journey.stage_channels(journey_world(1, staged=True, journeys=300)[0])
    assert np.allclose(shares.sum(axis=1), 1) and set(shares.index) <= set(journey.STAGES)


def reach_world(seed: int, more: float) -> tuple[pd.DataFrame, set]:
    rng = np.random.default_rng(seed)
    rows = []
    for lead in range(600):
        rows += [(str(lead), 0, "discovery", "google")]
        rows += [(str(lead), 1, "research", "forum")] * (rng.random() < (0.25 + more * (lead < 100)))
    return touches_of(rows), {f"lead {lead}" for lead in range(100)}


def test_the_planted_channel_reaches_the_members_and_turns_round():
    for more, sign in ((0.4, 1), (-0.2, -1)):
        row = journey.channel_reach(*reach_world(1, more)).set_index("channel").loc["forum"]
        assert np.sign(row.difference) == sign and row.low * row.high > 0 and row.p_adjusted < 0.01
    assert sum((journey.channel_reach(*reach_world(seed, 0.0)).p_adjusted <= 0.05).any() for seed in range(20)) <= 3


def test_nothing_supplied_nothing_said():
    empty = journey.read_touches(empty_frame("touchpoints"), empty_frame("leads"))
    assert journey.funnel(empty).n.max() == 0 and journey.stage_times(empty, as_of=AS_OF).n.max() == 0
    assert journey.path_shares(empty).empty and journey.channel_reach(empty, set()).empty
    credit = attribution.channel_credit(empty, as_of=AS_OF)
    assert credit.empty and credit.attrs["journeys"] == credit.attrs["bought"] == 0 and np.isnan(credit.attrs["p_value"])
