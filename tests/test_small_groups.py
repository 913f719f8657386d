"""Three customers in a level of their own, and one who brings most of the money, are looked for in everything shared."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from conftest import SMALL_LEVEL
from leaks import layers
from real_pages import Texts

from icp_helpers.analysis import buying, dominance
from icp_helpers.analysis.kpis import survival
from icp_helpers.analysis.kpis.survival import kaplan_meier
from icp_helpers.page import privacy
from icp_helpers.page.catalogue import load_catalogue
from icp_helpers.page.numbers import Words
from icp_helpers.page.privacy import guard_facts, rounded, safe_rows

UNIT = "flat"  # the market of the small runs that holds them
NEAR = 0.002  # of a sum, beyond which nobody would take it for that sum


def shared(small_runs):
    return [path for path in (small_runs.reports / UNIT).rglob("*") if path.is_file()]


def pictures(small_runs) -> list[tuple[str, str]]:
    """Each SVG of each page, as text: matplotlib writes what it draws into comments."""
    return [(page.stem, layer.decode("utf-8", "replace")) for page in shared(small_runs) if page.suffix == ".html"
            for place, layer in enumerate(layers(page.read_bytes())) if place and b"<svg" in layer[:2000]]


def numbers_of(facts) -> list[float]:
    if isinstance(facts, dict):
        return [number for value in facts.values() for number in numbers_of(value)]
    if isinstance(facts, list):
        return [number for value in facts for number in numbers_of(value)]
    return [float(facts)] if isinstance(facts, int | float) and not isinstance(facts, bool) else []


def test_no_picture_shows_the_level_of_three(small_runs):
    drawn = pictures(small_runs)
    levels = set(pd.read_csv(small_runs.data / "markets" / UNIT / "customers.csv").industry.dropna()) - {SMALL_LEVEL}
    told = {page for page, text in drawn for level in levels if level in text}
    assert len(drawn) > 15 and told >= {"02_know_customers", "07_study_competition"}, "levels are drawn, and would be seen"
    assert [page for page, text in drawn if SMALL_LEVEL in text] == []


def test_no_row_or_sentence_has_a_number_of_the_level_of_three(small_runs):
    for path in shared(small_runs):
        if path.suffix == ".html":
            rows = re.findall(r"<tr>.*?</tr>", path.read_text(encoding="utf-8"), re.DOTALL)
            for row in rows:
                if SMALL_LEVEL in row:
                    assert not re.search(r'class="number">[^<]*\d', row), (path.stem, row)
    for key, finding in small_runs.findings(UNIT).items():
        if SMALL_LEVEL in json.dumps(finding["facts"], ensure_ascii=False):
            assert not [count for count in numbers_of(finding["facts"]) if 0 < count < 5 and count == int(count)], key


def test_no_figure_sentence_or_fact_tells_the_money_of_the_customer_who_brings_most(small_runs):
    orders = pd.read_parquet(small_runs.data / "processed" / UNIT / "features.parquet")[["customer_id", "amount", "amount_last_year"]]
    secret = [orders.amount.max(), orders.amount.sum(), orders.amount_last_year.sum(), orders.amount_last_year.max()]
    assert dominance.is_dominated(orders.amount)
    told = [(key, number) for key, finding in small_runs.findings(UNIT).items() for number in numbers_of(finding["facts"])]
    assert len(told) > 300
    assert [(key, number) for key, number in told for sum_ in secret if abs(number / sum_ - 1) < NEAR] == []
    for page in shared(small_runs):
        if page.suffix == ".html":
            text = " ".join(text for text, _around in Texts(page.read_text(encoding="utf-8")).found)
            written = {float(number.replace(",", "")) for number in re.findall(r"\b\d{1,3}(?:,\d{3})+(?:\.\d+)?", text)}
            assert [number for number in written for sum_ in secret if abs(number / sum_ - 1) < NEAR] == [], page.stem


def test_no_slide_chart_or_note_tells_of_the_level_of_three_or_of_the_one_who_brings_most(small_runs):
    orders = pd.read_parquet(small_runs.data / "processed" / UNIT / "features.parquet")[["amount", "amount_last_year"]]
    secret = [orders.amount.max(), orders.amount.sum(), orders.amount_last_year.sum(), orders.amount_last_year.max()]
    decks = [path for path in shared(small_runs) if path.suffix == ".pptx"]
    packed = [layer.decode("utf-8", "replace") for path in decks for layer in layers(path.read_bytes())]
    parts = [re.sub(r"<[^>]+>", " ", text) for text in packed if text.lstrip().startswith("<?xml")]
    assert decks and len(parts) > 20 and any("%" in part for part in parts), "slides, notes and charts are read"
    assert [part for part in parts if SMALL_LEVEL in part] == []
    written = {float(number.replace(",", "")) for part in parts for number in re.findall(r"\b\d{4,}\.\d+\b|\b\d{1,3}(?:,\d{3})+(?:\.\d+)?", part)}
    assert [number for number in written for sum_ in secret if abs(number / sum_ - 1) < NEAR] == []


def rows_of_counts(page: str):
    """Of each row of each table the counts and the shares in it, as they are written."""
    for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL):
        cells = [cell.replace("\u00a0", "") for cell in re.findall(r'class="number">([^<]*)<', row)]
        counts = [int(re.sub("[.,]", "", cell)) for cell in cells if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})*", cell)]
        yield counts, [cell for cell in cells if cell.endswith("%")]


@pytest.mark.parametrize("unit", ["signal", "mirror", "flat"])
def test_no_sentence_or_row_tells_of_the_few_who_are_left(small_runs, unit):
    """46 of 48 tells of the other two: no part of people is shown beside a whole that is hardly larger, nor their share."""
    language, told = "da" if unit == "mirror" else "en", 0
    for key, finding in small_runs.findings(unit).items():
        sentence = load_catalogue(finding["step"], "en").sentences[finding["id"].partition(":")[0]]
        for pair in sentence.parts_told():
            part, whole = (finding["facts"].get(name) for name in pair)
            if pair[0] in privacy.PEOPLE | sentence.people_told() and numbers_of([part, whole]) == [part, whole]:
                assert not privacy.gives_away(part, whole), (key, finding["sentence"])
                told += 1
    assert told > 20
    for path in (path for path in (small_runs.reports / unit).glob("*.html")):
        for counts, shares in rows_of_counts(path.read_text(encoding="utf-8")):
            told = {Words(language).percent(part / whole).replace("\u00a0", "").replace(" ", "")
                    for part in counts for whole in counts if 0 < whole - part < 5}
            assert not told & set(shares), (path.stem, counts, shares)


def test_money_that_is_not_one_customers_is_told(small_runs):
    assert small_runs.findings("signal")["02_know_customers book"]["facts"]["amount"] > 0
    assert small_runs.findings(UNIT)["02_know_customers book"]["status"] == "unclear"


@pytest.mark.parametrize("seed", range(5))
def test_no_step_of_a_waiting_curve_is_fewer_than_the_smallest_cell(seed):
    rng = np.random.default_rng(seed)
    days, happened = rng.integers(1, 60, 40), rng.random(40) < 0.7
    whole, steps = kaplan_meier(days, happened), kaplan_meier(days, happened).steps(5)
    counts = [int(((days <= end) & (days > start) & happened).sum()) for start, end in zip([0, *steps.times], steps.times, strict=False)]
    assert len(steps.times) and min(counts) >= 5 and steps.at_risk.min() >= 5
    assert np.allclose(steps.survival, whole.at(steps.times)), "where it is drawn it is the curve"
    assert isinstance(steps, survival.Curve) and len(kaplan_meier([3, 4], [True, True]).steps(5).times) == 0


def test_a_month_of_few_buyers_or_of_one_large_one_is_a_gap_that_another_one_covers():
    months = pd.DataFrame({"month": pd.date_range("2025-01-01", periods=6, freq="MS"), "amount": [100.0, 90, 80, 95, 110, 70],
                           "buyers": [20, 20, 3, 20, 20, 20], "largest": [10.0, 10, 40, 10, 10, 10], "moved": [100.0, 90, 80, 95, 110, 70]})
    shown = buying.safe_months(months)
    assert shown.isna().tolist() == [False, False, True, False, False, True]
    assert buying.safe_months(months.assign(buyers=20, largest=[10.0, 10, 10, 10, 90, 10])).isna().tolist()[4]
    assert buying.safe_months(months.assign(buyers=20, largest=10.0)).notna().all()


@pytest.mark.parametrize("groups", [[[900, 1, 1], [50] * 20, [40] * 20], [[900, 1], [800, 1], [1] * 9], [[5] * 9, [4] * 9]])
def test_sums_that_are_left_tell_of_no_single_customer(groups):
    held = dominance.held_sums(groups)
    gap = [amount for amounts, gone in zip(groups, held, strict=True) if gone for amount in amounts]
    assert not any(dominance.is_dominated(amounts) for amounts, gone in zip(groups, held, strict=True) if not gone)
    assert not gap or held.all() or held.sum() > 1 and not dominance.is_dominated(gap)


def test_the_curve_of_the_money_has_no_point_a_customer():
    amounts = np.random.default_rng(3).lognormal(3, 1, 63)
    curve = buying.lorenz(amounts)
    assert np.diff(curve.customers * 63).min() >= 5 - 1e-9
    ends, known = np.rint(curve.customers * 63).astype(int), np.sort(amounts)
    assert not any(dominance.is_dominated(known[start:end]) for start, end in zip(ends, ends[1:], strict=False))


def test_a_figure_takes_a_second_row_with_a_small_one_and_bars_are_rounded():
    frame = pd.DataFrame({"level": list("abcd"), "lost": [3, 12, 40, 60]})
    assert safe_rows(frame, ["lost"]).level.tolist() == ["c", "d"]
    assert safe_rows(frame, ["lost"], parts=False).level.tolist() == ["b", "c", "d"]
    assert rounded([0, 1, 2, 3, 4, 6, 12]).tolist() == [0, 0, 0, 5, 5, 5, 10]


def test_a_count_beside_the_statement_goes_alone():
    facts = {"median": 40, "once": 3, "n": 90}
    assert guard_facts(facts, aside={"once"}) == {"median": 40, "once": "<5", "n": 90}
    assert guard_facts(facts) == facts


def test_without_the_guard_the_small_level_would_be_drawn(monkeypatch):
    monkeypatch.setattr(privacy, "is_small", lambda count, smallest: False)
    assert safe_rows(pd.DataFrame({"lost": [3, 12, 40]}), ["lost"]).lost.tolist() == [3, 12, 40]
