"""Competitors and the market: planted rates come back, nothing is told of what was not met, and wrong counts are errors."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from icp_helpers.analysis import competition, market_share
from icp_helpers.analysis.competition_rows import COLUMNS, competition_rows
from icp_helpers.tables.contracts import check_frame, empty_frame
from icp_helpers.tables.planting.worlds import INSIDE, example_world

DAY = pd.Timestamp("2026-01-01")


def deals(**parts) -> pd.DataFrame:
    """Leads from counts: `level=(won, {competitor: lost}, lost to nobody known)`."""
    rows = []
    for level, (won, lost, unknown) in parts.items():
        rows += [(level, DAY, None, None, None)] * won
        rows += [(level, None, DAY, "chose another", rival) for rival, count in lost.items() for _ in range(count)]
        rows += [(level, None, DAY, "price", None)] * unknown
    frame = pd.DataFrame(rows, columns=["industry", "won_on", "lost_on", "lost_reason", "lost_to"])
    return frame.assign(won_on=pd.to_datetime(frame.won_on), lost_on=pd.to_datetime(frame.lost_on))


def drawn(seed: int, gap: float) -> pd.DataFrame:
    """Four parts of a market with 300 deals each against one competitor; in `a` the rate of winning is `gap` higher."""
    rng = np.random.default_rng(seed)
    won = {level: int(rng.binomial(300, 0.5 + gap * (level == "a"))) for level in "abcd"}
    return deals(**{level: (hits, {"X": 300 - hits}, 20) for level, hits in won.items()})


def told(leads: pd.DataFrame) -> str | None:
    """The clearest part of the market and its direction, where one is clear."""
    first = competition.departures(competition.win_rates(leads, "industry")).iloc[0]
    return f"{first.level} {'more' if first.low > 0 else 'less'}" if first.low > 0 or first.high < 0 else None


def test_the_rate_against_a_competitor_counts_won_and_lost_to_it():
    rates = competition.win_rates(deals(a=(30, {"X": 10, "Y": 2}, 5), b=(6, {"X": 6}, 0)), "industry").set_index(["competitor", "level"])
    assert rates.loc[("X", "all"), ["won", "lost", "n"]].tolist() == [36, 16, 52]
    assert rates.rate["X", "a"] == pytest.approx(0.75) and rates.low["X", "a"] < 0.75 < rates.high["X", "a"]
    assert rates.status["X", "a"] == "ok" and rates.status["X", "b"] == "small"


def test_no_encounter_is_no_rate_and_a_rate_of_zero_is_one():
    rates = competition.win_rates(deals(a=(5, {"X": 3}, 0), b=(4, {"Y": 40}, 0), c=(0, {"X": 9}, 1), d=(0, {}, 7)), "industry")
    rates = rates.set_index(["competitor", "level"])
    for pair in [("X", "b"), ("Y", "a"), ("X", "d"), ("Y", "d")]:
        assert rates.status[pair] == "no_encounters" and rates.n[pair] == 0 and rates.loc[pair, ["rate", "low", "high", "pooled"]].isna().all()
    assert rates.rate["X", "c"] == 0 and rates.high["X", "c"] > 0.2
    assert competition.win_rates(empty_frame("leads"), "industry").empty


def test_small_levels_are_drawn_to_the_market_and_large_ones_are_not():
    alike = competition.shrunk(np.array([50, 49, 3]), np.array([100, 100, 3]))
    assert alike[2] == pytest.approx(102 / 203, abs=0.05)
    apart = competition.shrunk(np.array([700, 300, 2]), np.array([1000, 1000, 2]))
    assert apart[0] == pytest.approx(0.7, abs=0.01) and apart[1] == pytest.approx(0.3, abs=0.01) and 0.5 < apart[2] < 0.9
    assert np.isnan(competition.shrunk(np.array([0.0]), np.array([0.0]))).all()


def test_a_planted_part_of_the_market_is_told_and_flips_and_noise_is_silent():
    assert [told(drawn(seed, 0.2)) for seed in range(20)].count("a more") >= 19
    assert [told(drawn(seed, -0.2)) for seed in range(20)].count("a less") >= 19
    assert sum(told(drawn(seed, 0.0)) is not None for seed in range(200)) <= 18


def test_without_the_correction_noise_is_told(monkeypatch):
    monkeypatch.setattr(competition, "newcombe", lambda *counts, confidence: _plain_newcombe(*counts))
    assert sum(told(drawn(seed, 0.0)) is not None for seed in range(200)) > 18


def _plain_newcombe(*counts):
    from icp_helpers.analysis.intervals import newcombe

    return newcombe(*counts)


def test_reasons_sum_to_all_that_have_one_and_the_rest_is_counted():
    leads = deals(a=(3, {}, 12))
    leads["lost_reason"] = [None] * 3 + ["Price", "price ", " PRICE", "price", "Timing", "a", "b", "c", "d", "e", None, " "]
    reasons = competition.lost_reasons(leads)
    assert reasons.share.sum() == pytest.approx(1) and reasons.attrs == {"lost": 12, "coded": 10, "uncoded": 2}
    assert reasons.reason[0].casefold().strip() == "price" and reasons.lost[0] == 4
    assert len(reasons) == competition.MOST_REASONS and reasons.reason.iloc[-1] == competition.OTHER


def test_notes_without_source_or_date_are_left_out_and_counted():
    notes = pd.DataFrame({"competitor": list("XXYZ"), "segment": ["a", "b", "a", "a"], "why_chosen": ["price"] * 4,
                          "source": ["press", None, " ", "fair"], "as_of": pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01", None])})
    kept, dropped = competition.sourced(notes)
    assert kept.competitor.tolist() == ["X"] and dropped == 3
    beside = competition.theirs_and_ours(kept, pd.Series(["a", "b", "b", None])).set_index("level")
    assert beside.notes["a"] == 1 and beside.source["a"] == "press" and beside.our_share["b"] == pytest.approx(2 / 3)
    assert competition.why_chosen(kept).notes.sum() == 1


def test_more_customers_than_accounts_is_an_error_and_has_no_share():
    accounts = pd.DataFrame({"industry": ["a", "a", "b", "c"], "accounts": [60, 40, 3, 0], "revenue": [1e6, 1e6, 1e6, None], "as_of": DAY})
    customers = pd.DataFrame({"industry": ["a"] * 10 + ["b"] * 5 + ["d", None], "amount": 100.0})
    shares = market_share.penetration(customers, accounts, "industry").set_index("level")
    assert shares.share["a"] == pytest.approx(0.1) and shares.low["a"] < 0.1 < shares.high["a"]
    assert shares.status["b"] == "error" and np.isnan(shares.share["b"])
    assert shares.status["c"] == shares.status["d"] == "no_accounts" and np.isnan(shares.share["d"])
    assert shares.customers["all"] == 17 and shares.attrs["unplaced"] == 1
    rich = market_share.penetration(customers.assign(amount=1e6), accounts, "industry").set_index("level")
    assert rich.status["a"] == "error"


def test_the_column_that_splits_the_market_is_the_one_that_the_notes_name():
    accounts = pd.DataFrame({"region": ["north", "south"], "industry": ["it", "food"], "accounts": [1, 2], "as_of": DAY})
    notes = pd.DataFrame({"segment": ["food", "it", None]})
    assert competition.split_column(notes, accounts, empty_frame("leads")) == "industry"
    assert competition.split_column(empty_frame("competitors"), accounts, empty_frame("leads")) == "region"
    assert competition.split_column(empty_frame("competitors"), empty_frame("market"), empty_frame("leads")) is None


def test_ratings_are_compared_in_both_directions():
    rng = np.random.default_rng(5)
    own, theirs = rng.integers(3, 6, 120), rng.integers(1, 4, 120)
    reviews = pd.DataFrame({"about": ["own"] * 120 + ["competitor"] * 120, "rating": np.concatenate([own, theirs]).astype(float)})
    assert competition.ratings(reviews).set_index("about").low["difference"] > 0
    flipped = reviews.assign(about=reviews.about.map({"own": "competitor", "competitor": "own"}))
    assert competition.ratings(flipped).set_index("about").high["difference"] < 0
    assert competition.ratings(reviews[reviews.about == "own"]).empty


@pytest.mark.parametrize("number", [1, 3])
def test_planted_members_among_prospects_look_alike(number):
    traits, ideal, criteria = example_world(number, seed=number, customers=2400)
    known, prospects = traits.iloc[:1600], traits.iloc[1600:]
    found = market_share.look_alikes(known, ideal, prospects)
    from icp_helpers.analysis.criteria import Criterion, members

    member = members(prospects, [Criterion.from_dict(one) for one in criteria])
    assert found.signal and roc_auc_score(member, found.score) >= 0.85
    assert found.alike[member].mean() > INSIDE / 2 > found.alike[~member].mean() and not found.too_broad


def test_where_nothing_tells_them_apart_nobody_looks_alike():
    traits, ideal, _criteria = example_world(1, seed=8, customers=600)
    shuffled = pd.Series(np.random.default_rng(8).permutation(ideal.to_numpy()), ideal.index)
    found = market_share.look_alikes(traits, shuffled, traits)
    assert not found.signal and not found.alike.any() and found.note


def test_the_long_table_keeps_its_contract_with_and_without_anything():
    leads = deals(a=(30, {"X": 10}, 5), b=(6, {"X": 6}, 0))
    rows = competition_rows("industry", won_against=competition.win_rates(leads, "industry"), lost_to=competition.lost_deals(leads),
                            lost_reason=competition.lost_reasons(leads))
    assert len(check_frame("competition", rows)) == 3 + 1 + 2 and list(rows.columns) == COLUMNS
    nothing = competition_rows(None, won_against=competition.win_rates(empty_frame("leads")))
    assert check_frame("competition", nothing).empty
