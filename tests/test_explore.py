"""Criteria by hand: judged on customers that the search did not see, quick enough for a slider, honest about trying."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis import exploring
from icp_helpers.analysis.criteria import Criterion, members
from icp_helpers.analysis.exploring import Explorer, hypothesis_icp, judge_hypotheses
from icp_helpers.analysis.icp_file import read_icp
from icp_helpers.analysis.search import Settings
from icp_helpers.analysis.task import make_task
from icp_helpers.page import open_page
from icp_helpers.page.explore import Board
from icp_helpers.tables.errors import ParameterError
from icp_helpers.tables.hypotheses import next_version, read_hypotheses, save_hypothesis
from icp_helpers.tables.market import Market

FOUND = (Criterion("employees", "between", (10, 50)), Criterion("industry", "in", ["construction"]))
AS_OF = dt.date(2026, 6, 30)


def world(customers: int, seed: int, *, planted: bool = True):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"industry": rng.choice(["construction", "retail", "food", "other"], customers), "employees": rng.integers(1, 200, customers),
                          "exports": rng.random(customers) < 0.4, "needs": rng.choice(["speed|price", "price", "care"], customers),
                          "region": rng.choice(list("ABCDE"), customers)})
    frame.loc[rng.random(customers) < 0.05, "employees"] = np.nan
    chance = np.where(members(frame, FOUND) & planted, 0.6, 0.15)
    return frame, rng.random(customers) < chance, rng.gamma(2, 500, customers)


def explorer(customers=6_000, seed=1, *, found=FOUND, prospects=None, planted=True) -> Explorer:
    return Explorer(*world(customers, seed, planted=planted), prospects=prospects, found=found, seed=7)


def page(tmp_path, language="en"):
    market = Market("x", "X", "b2b", tmp_path, language=language, as_of=AS_OF)
    return open_page(SimpleNamespace(market=market, name="x"), "explore_profile")


def board(tmp_path, made: Explorer, language="en") -> Board:
    files = []
    return Board(page(tmp_path, language), made, lambda setting, name: files.append((setting, name)) or f"{name}.yml")


def test_the_numbers_are_those_of_the_plain_filter():
    made = explorer(prospects=world(500, 2)[0])
    criteria = (Criterion("employees", ">=", 20), Criterion("needs", "has", "price"), Criterion("exports", "is", True))
    now, inside = made.assess(criteria), members(made.traits, criteria)
    assert now.customers == inside.sum() and now.rates.customers == (inside & made.unseen).sum()
    assert now.rates.hits == (inside & made.unseen & made.ideal).sum()
    assert now.revenue == pytest.approx(made.revenue[inside].sum()) and now.prospects == members(made.prospects, criteria).sum()
    was = members(made.traits, FOUND)
    assert (now.lost, now.lost_ideal, now.gained) == ((was & ~inside).sum(), (was & ~inside & made.ideal).sum(), (inside & ~was).sum())


def test_it_judges_on_the_very_customers_that_the_search_kept_away():
    made = explorer()
    task = make_task(made.traits, made.ideal, Settings(), 7)
    assert not made.seen and np.array_equal(np.flatnonzero(made.unseen), task.held)
    assert explorer(customers=800).seen


def test_a_long_tail_does_not_squeeze_everybody_into_a_corner(tmp_path):
    frame, ideal, revenue = world(6_000, 1)
    frame["employees"] = np.round(np.exp(frame.employees / 20))  # up to 20,000, half of them below 150
    made = board(tmp_path, Explorer(frame, ideal, revenue, found=(Criterion("employees", "between", (12, 54)),)))
    slider = made.controls["employees"].setting
    stops = [stop for _label, stop in slider.options]
    inside = pd.cut(frame.employees.dropna(), stops, include_lowest=True).value_counts(normalize=True)
    assert slider.value == (12, 54) and {12, 54, frame.employees.min(), frame.employees.max()} <= set(stops) and inside.max() < 0.1
    slider.value = (stops[1], stops[-2])
    assert made.criteria()[0].value == (stops[1], stops[-2])


@pytest.mark.parametrize(("planted", "word"), [(True, "times as often as all"), (False, "no difference can be told")])
def test_words_follow_the_numbers(tmp_path, planted, word):
    said = " ".join(board(tmp_path, explorer(planted=planted, seed=4)).said)
    assert word in said and "These are the found profile's customers." in said


def test_a_slider_a_box_and_a_flag_change_what_is_said(tmp_path):
    made = board(tmp_path, explorer())
    before = list(made.said)
    made.controls["exports"].use.value = True
    assert made.said != before and Criterion("exports", "is", True) in made.criteria()
    made.controls["industry"].setting.children[1].value = True
    assert len(next(one for one in made.criteria() if one.column == "industry").value) == 2
    for control in made.controls.values():
        control.use.value = False
    assert made.criteria() == () and "100" in made.said[0]
    danish = " ".join(board(tmp_path, explorer(), "da").said)
    assert "kunder" in danish and "customers" not in danish


def tuned(made: Explorer, tries: int):
    """The best lift that `tries` random settings show on noise, and whether the board would have warned of it."""
    rng, found = np.random.default_rng(5), []
    for _ in range(tries):
        low = float(rng.integers(1, 150))
        criteria = (Criterion("employees", "between", (low, low + float(rng.integers(10, 50)))), Criterion("region", "in", list(rng.choice(list("ABCDE"), 2))))
        found.append(made.assess(criteria))
    return [now for now in found if now.rates.lift_interval[0] > 1 and not now.too_few]


def noise_worlds():
    return [now for seed in range(6) for now in tuned(explorer(2_000, seed, planted=False, found=()), 60) if now.tries > 20]


def test_whoever_tunes_to_noise_is_told(tmp_path):
    clear = noise_worlds()  # clear by themselves, though there is nothing
    assert clear and np.mean([now.noise for now in clear]) >= 0.8
    said = " ".join(board(tmp_path, explorer(found=()))._sentences(next(now for now in clear if now.noise)))
    assert "tuning to noise" in said


def test_without_the_widening_nobody_would_be_told(monkeypatch):
    plain = exploring.intervals.lift
    monkeypatch.setattr(exploring.intervals, "lift", lambda *counts, confidence=0.95: plain(*counts))
    assert not any(now.noise for now in noise_worlds())


def test_looking_at_the_same_setting_twice_is_one_try():
    made = explorer()
    for _ in range(3):
        made.assess((Criterion("exports", "is", True),))
    made.assess(FOUND)
    assert made.assess(()).tries == 1


def test_a_hypothesis_is_saved_beside_the_market_file_and_judged_on_later_customers(tmp_path):
    made, unit = explorer(), SimpleNamespace(market=Market("x", "X", "b2b", tmp_path, as_of=AS_OF), name="x")
    base = {"name": "ideal", "customers": 6_000, "base_rate": 0.2}
    with pytest.raises(ParameterError):
        hypothesis_icp(made.assess(()), unit="x", as_of=AS_OF, name="", version=1, base=base)
    for _ in range(2):
        version = next_version(unit)
        save_hypothesis(unit, hypothesis_icp(made.assess(FOUND), unit="x", as_of=AS_OF, name="Byggeri", version=version, base=base))
    saved = read_hypotheses(unit)
    assert [path.name for path in sorted((tmp_path / "hypotheses").iterdir())] == ["x-h001.yml", "x-h002.yml"]
    assert read_icp(saved[0]).status == "hypothesis" and set(read_icp(saved[0]).profiles[0].criteria) == set(FOUND)
    came = pd.Series(pd.Timestamp("2026-01-01"), index=range(6_000))
    assert judge_hypotheses(saved, made.traits, made.ideal, came).customers.eq(0).all()
    came[3_000:] = pd.Timestamp("2026-08-01")
    judged = judge_hypotheses(saved[:1], made.traits, made.ideal, came).iloc[0]
    assert judged.n == 3_000 and judged.low > 1 and judged.customers == members(made.traits, FOUND)[3_000:].sum()


def test_the_button_saves_or_says_that_nothing_is_set(tmp_path):
    made = board(tmp_path, explorer(found=()))
    made.button.click()
    assert "nothing to save" in made.note.value
    made.controls["exports"].use.value = True
    made.title.value = "<b>x"
    made.button.click()
    assert "&lt;b&gt;x.yml" in made.note.value


@pytest.mark.parametrize("customers", [0, 1, 40])
def test_few_customers_are_said_and_nothing_breaks(tmp_path, customers):
    frame, ideal, revenue = world(customers, 3)
    said = board(tmp_path, Explorer(frame, ideal, revenue)).said
    assert said and ("Too few" in " ".join(said) or customers == 40)
