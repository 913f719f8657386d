"""Sentences are made of facts: words follow numbers, and both languages say the same."""

import datetime
import json
import math
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from icp_helpers.page import kpi_strips, say
from icp_helpers.page.axes import write_scales
from icp_helpers.page.catalogue import Catalogue, Sentence
from icp_helpers.page.numbers import FORMATS, MISSING, Words
from icp_helpers.page.working_strips import with_names

DA, EN = Words("da"), Words("en")


@pytest.mark.parametrize(("spec", "value", "danish", "english"), [
    ("count", 1234567, "1.234.567", "1,234,567"),
    ("percent", 0.12, "12 %", "12%"),
    ("percent", 0.0734, "7,3 %", "7.3%"),
    ("percent", 0.0996, "10 %", "10%"),
    ("percent", 0, "0 %", "0%"),
    ("points", -0.123, "-12 procentpoint", "-12 points"),
    ("money", 1234567.5, "1.234.568 kr.", "DKK 1,234,568"),
    ("money", 12.5, "12,50 kr.", "DKK 12.50"),
    ("times", 2.94, "2,9 gange", "2.9 times"),
    ("days", 1, "1 dag", "1 day"),
    ("date", "2026-06-30", "30. juni 2026", "30 June 2026"),
    ("month", datetime.date(2026, 3, 1), "marts 2026", "March 2026"),
    ("number", 0.012345, "0,012", "0.012"),
    ("number", 45.84, "45,8", "45.8"),
    ("number", 1234.5, "1.234", "1,234"),
    ("level", True, "ja", "yes"),
])
def test_numbers_are_written_as_their_readers_write_them(spec, value, danish, english):
    assert DA.format_field(value, spec).replace("\xa0", " ") == danish
    assert EN.format_field(value, spec).replace("\xa0", " ") == english


@pytest.mark.parametrize(("value", "said"), [(1, "1 profile differs"), (0, "0 profiles differ"), (2, "2 profiles differ"), ("<5", "<5 profiles differ")])
def test_one_is_told_as_one_and_all_else_as_many(value, said):
    assert EN.say("{n:count} {n:profile differs|profiles differ}", {"n": value}) == said


@pytest.mark.parametrize("spec", FORMATS)
@pytest.mark.parametrize("missing", [None, math.nan, pd.NA, pd.NaT])
def test_what_is_missing_is_never_written_as_nan(spec, missing):
    assert DA.format_field(missing, spec) == MISSING


@pytest.mark.parametrize(("low", "high", "n", "status"), [
    (0.02, 0.10, 200, "up"), (-0.10, -0.02, 200, "down"), (-0.02, 0.10, 200, "unclear"),
    (0.02, 0.10, 29, "too_few"), (math.nan, 0.1, 200, "unclear"), (0.0, 0.1, 200, "unclear"), (0.02, 0.1, None, "too_few"),
])
def test_a_direction_is_claimed_only_where_the_whole_interval_lies_on_one_side(low, high, n, status):
    assert say.verdict(low, high, n) == status


def test_a_held_back_size_of_a_sample_and_no_money_are_written_plainly():
    assert Words("en").say("Too few (n = {n:count}).", {"n": "<5"}) == "Too few (n\u00a0<\u00a05)."
    assert Words("da").cell(0, "money") == "0\u00a0kr."


def test_strength_grows_with_the_distance_from_the_baseline():
    assert say.strength(0.5, 0.7) == "clearly"
    assert say.strength(0.01, 0.7) == "somewhat"
    assert say.strength(-0.1, 0.7) == "no evidence"
    assert say.strength(0.5, 0.7, baseline=0.6) == "no evidence"
    assert say.strength(-0.7, -0.5) == "clearly"


@pytest.fixture
def catalogue():
    sentences = {"gap": Sentence(up="{n:count} more", down="{n:count} fewer", unclear="cannot tell", too_few="{n:count} of {needed:count}")}
    return Catalogue("05_explain_drivers", "en", sentences, {}, {}, [])


def test_a_sentence_flips_with_its_facts(catalogue):
    def text(low, high, n=100):
        return say.make_finding(catalogue, EN, "gap", None, {"low": low, "high": high, "n": n}, None).sentence

    assert [text(1, 2), text(-2, -1), text(-1, 1), text(1, 2, 7)] == ["100 more", "100 fewer", "Cannot tell", "7 of 30"]


def test_a_rate_of_a_few_hits_is_told_without_its_numbers_only_where_it_is_claimed_to_be_low(catalogue):
    rate = Sentence(up="{share:percent} up", down="{share:percent} down", unclear="{hits:count} cannot tell", too_few="few", few="{hits:count}, fewer")
    catalogue.sentences["rate"] = rate

    def told(hits, low, high, n=100):
        finding = say.make_finding(catalogue, EN, "rate", None, {"share": hits / n, "hits": hits, "n": n, "low": low, "high": high, "baseline": 1}, None)
        return finding.status, finding.sentence

    assert told(3, 0.1, 0.6) == ("down", "<5, fewer") and told(0, 0, 0.4) == ("down", "0% down")
    assert told(7, 0.1, 0.6)[1] == "7% down" and told(3, 0.1, 1.6) == ("unclear", "<5 cannot tell") and told(3, 0.1, 0.6, 20)[0] == "too_few"


def test_a_branch_that_the_catalogue_lacks_is_named(catalogue):
    with pytest.raises(KeyError, match="has no branch 'found'"):
        say.make_finding(catalogue, EN, "gap", "found", {}, None)


def test_facts_are_recorded_as_json_without_nan(catalogue):
    facts = {"low": np.float64("nan"), "high": pd.NA, "n": np.int64(50), "on": pd.Timestamp("2026-06-30"), "levels": {"b", "a"}}
    finding = say.make_finding(catalogue, EN, "gap", None, facts, None)
    assert json.loads(json.dumps(finding.to_dict(), allow_nan=False))["facts"] == {
        "low": None, "high": None, "n": 50, "on": "2026-06-30", "levels": ["a", "b"],
        "baseline": 0, "strength": "no evidence", "needed": 30}
    assert finding.status == "unclear"


def test_a_customers_name_cannot_become_markup(catalogue):
    finding = say.Finding("x", "s", "info", "<script>alert(1)</script>", "", {})
    assert "<script" not in say.finding_html(finding)


def test_names_for_a_computer_reach_the_reader_as_words():
    words = Words("en")
    assert words.name("own_it_staff") == "Own IT staff" and words.names(["it_maturity", "fleet_size"]) == "IT maturity and fleet size"
    assert words.say("{way:text}; {channel:level}", {"way": "trade_fair → e-mail, data_room", "channel": "trade_fair"}) == "Trade fair → e-mail, data room; trade fair"
    assert words.say("{said:text}", {"said": "see icp_new.yml or a_b c"}) == "See icp_new.yml or a_b c", "what is no name stays"
    drawing, axes = plt.subplots(1, 2)
    axes[0].barh(["trade_fair", "email"], [1, 2])
    axes[1].set(yticks=[0, 1], yticklabels=["trade_fair", "email"], title="trade_fair")
    write_scales(drawing, words)
    drawing.canvas.draw()
    assert [[label.get_text() for label in axis.get_yticklabels()] for axis in axes] == [["trade fair", "email"]] * 2
    assert axes[1].get_title() == "trade fair"
    plt.close(drawing)


@pytest.mark.parametrize(("language", "told"), [("en", "0.1, -7.8, 29 NPS points"), ("da", "0,1, -7,8, 29 NPS-point")])
def test_an_nps_is_told_in_points_of_its_own_scale(language, told):
    words = Words(language)
    page = SimpleNamespace(words=words, label=words.translate)
    frame = pd.DataFrame({"measure": ["nps", "cx"], "scale": "points", "status": "better", "change": [0.29, 0.29], "low": [0.1, 0.1], "high": [0.4, 0.4]})
    named = with_names(page, frame)
    scores = ", ".join(kpi_strips.written(page, "nps", value) for value in (0.0894, -7.81))
    assert f"{scores}, {named.change_text[0]}".replace("\u00a0", " ") == told
    assert named.change_text[1] == words.points(0.29).replace(" ", "\u00a0")
