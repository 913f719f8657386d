"""The page of the KPIs: what is early is hollow and dated, every level can be read, and nothing tells of a few."""

import datetime as dt
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from icp_helpers.analysis.kpis import KPIS, by_measuring_point, compute_kpis, icp_against_others
from icp_helpers.page import kpi_strips, kpi_words, show
from icp_helpers.page.catalogue import Table
from icp_helpers.page.numbers import Words
from icp_helpers.page.page import Page

MARKET = SimpleNamespace(kind="b2b", as_of=dt.date(2026, 6, 30), currency="DKK", timezone="Europe/Copenhagen", value_event=None, seed=1, language="en",
                         traits={}, privacy=SimpleNamespace(smallest_cell=5), economics=SimpleNamespace(margin_rate=0.4, discount_rate=0.08, horizon_months=36))


@pytest.fixture(params=["en", "da"])
def page(request):
    return Page(SimpleNamespace(market=SimpleNamespace(**vars(MARKET) | {"language": request.param})), "11_evaluate_kpis")


def leads(n=400, **columns):
    """Leads of the last fortnight, half of them MQL on their third day: too young to be read."""
    created = pd.Timestamp("2026-06-16") + pd.to_timedelta(np.arange(n) % 14, "D")
    mql = pd.Series(created + pd.Timedelta(days=3)).where((np.arange(n) % 2 == 0) & (created <= pd.Timestamp("2026-06-27")))
    return pd.DataFrame({"lead_id": [str(place) for place in range(n)], "created_on": created, "mql_on": mql, "won_on": pd.NaT} | columns)


def test_what_is_early_is_hollow_and_says_from_when_it_can_be_read(page):
    values = compute_kpis({"leads": leads()}, MARKET)
    early = values.set_index("kpi").loc["conversion_rate"]
    assert early.status == "immature" and pd.notna(early.readable_on)
    named, day = kpi_strips.with_words(page, values).set_index("kpi"), page.words.date(early.readable_on)
    assert day in named.status_text["conversion_rate"] and day in kpi_words.waiting(page, named.loc[["conversion_rate"]])
    figure = kpi_strips.draw_strips(page, {"all": values})
    strip = figure.axes[list(KPIS).index("conversion_rate")]
    assert strip.lines[-1].get_markerfacecolor() == "white" and any(day in text.get_text() for text in strip.texts)
    plt.close(figure)


def test_a_side_that_can_be_read_is_filled_beside_one_that_cannot(page):
    old = leads(300).assign(created_on=pd.Timestamp("2025-09-01"), mql_on=pd.NaT, won_on=pd.Timestamp("2025-09-20"), lead_id=lambda f: "old " + f.lead_id)
    old.loc[::3, "won_on"] = pd.NaT
    both = pd.concat([old, leads(100)], ignore_index=True)
    pairs = icp_against_others({"leads": both}, MARKET, np.zeros(0, bool), both.lead_id.str.startswith("old"))
    row = pairs.set_index("kpi").loc["conversion_rate"]
    assert (row.inside_status, row.outside_status) == ("ok", "immature") and row.status == "immature" and pd.notna(row.outside_readable_on)
    sides = {side: frame.set_index("kpi").status["conversion_rate"] for side, frame in kpi_strips.sides_of(pairs).items()}
    assert sides == {"inside": "ok", "outside": "immature"}


def test_a_goal_makes_a_bullet_chart_from_where_it_began(page):
    values = compute_kpis({"leads": leads()}, MARKET)
    goals = pd.DataFrame({"kpi": ["conversion_rate", None], "baseline": [0.1, 1], "target": [0.2, 2]})
    strip = kpi_strips.draw_strips(page, {"all": values}, goals).axes[list(KPIS).index("conversion_rate")]
    band = next(line for line in strip.lines if line.get_color() == page.colours.grey)
    assert list(band.get_xdata()) == [0.1, 0.2] and any(line.get_color() == page.colours.highlight for line in strip.lines)
    plt.close("all")


def test_each_kpi_is_explained_in_the_readers_language(page):
    told = kpi_words.formulas(page)
    assert len(told) == len(KPIS) and told.map(lambda cell: bool(str(cell).strip())).all(axis=None)
    word = {"en": "leads that became MQL", "da": "leads, der blev MQL"}[page.words.language]
    assert told.formula.str.contains(word).sum() == 1


@pytest.mark.parametrize(("level", "danish"), [("under 78000", "under 78.000"), ("2 to 3.5", "2 til 3,5"), ("4e+06 and over", "4.000.000 og derover"),
                                               ("road to nowhere", "road to nowhere"), ("4+", "4+")])
def test_bands_are_written_as_the_reader_writes_numbers(level, danish):
    danish_page = Page(SimpleNamespace(market=SimpleNamespace(**vars(MARKET) | {"language": "da"})), "11_evaluate_kpis")
    assert kpi_words.level_name(danish_page, level) == danish


def test_every_level_can_be_read_but_those_of_a_few_and_what_would_tell_of_them(page):
    rng = np.random.default_rng(5)
    old = leads(603).assign(created_on=pd.Timestamp("2025-10-01"), mql_on=pd.Timestamp("2025-10-09"), won_on=pd.Timestamp("2025-10-20"),
                            industry=["few"] * 3 + list(rng.choice(["a", "b", "c"], 600)))
    old.loc[rng.random(603) < 0.5, "won_on"] = pd.NaT
    levels = kpi_words.safe_levels(page, by_measuring_point({"leads": old}, MARKET), ())
    shown = kpi_words.level_rows(page, levels)
    own = levels[levels.kpi == "conversion_rate"]
    assert "few" not in set(own.level) and len(own) == 2  # the smallest of the others goes too: its size would tell that of the few
    assert len(shown) == len(levels) and {"value_text", "pooled_text", "market_text"} <= set(shown.columns)
    assert kpi_words.safe_levels(page, levels, KPIS).empty


def test_further_rows_are_folded_and_none_is_lost():
    entry, words = Table("All of them.", {"name": ("Name", "text")}), Words("en")
    frame = pd.DataFrame({"name": [f"row {place}" for place in range(23)]})
    cut, folded = (show.table_html(frame, "t", entry, {}, words, "11_evaluate_kpis", 5, fold)[0] for fold in (False, True))
    assert cut.count("row ") == 10 and "<details>" not in cut
    assert all(f"row {place}<" in folded for place in range(23)) and "Further rows: 13" in folded
