"""The slides open again with what was put on them, hold nothing but that, and are the same bytes each time."""

import datetime as dt
import io
import shutil
import subprocess
import zipfile

import pandas as pd
import pytest
from leaks import leaks
from pptx import Presentation

from icp_helpers.page import archive, slides

DAY = dt.date(2026, 6, 30)
DECK = [
    slides.Slide("Hvem er de?", ["Byggeri: 61 % er ideelle."], bars=slides.Bars(["Byggeri", "gennemsnit"], [0.61, 0.2], "Andel")),
    slides.Slide("Hvem gør hvad?", ["En mangler ejer."], table=pd.DataFrame({"Afdeling": ["salg"], "Ansvarlig": [""]}), notes="Spørg salg."),
    slides.Slide("Intet at vise", ["Ingen kanal kan vises."], bars=slides.Bars([], [], "Pris")),
]


@pytest.fixture
def deck(tmp_path):
    path = tmp_path / "profile.pptx"
    slides.write_deck(path, "Profilen", "30. juni 2026", DECK, as_of=DAY, language="da")
    return path


def test_charts_and_tables_are_native_and_hold_the_values(deck):
    shown = Presentation(deck).slides
    assert [slide.shapes.title.text for slide in shown] == ["Profilen", *(slide.title for slide in DECK)]
    chart = next(shape.chart for shape in shown[1].shapes if shape.has_chart)
    assert list(chart.plots[0].categories) == ["Byggeri", "gennemsnit"] and list(chart.plots[0].series[0].values) == [0.61, 0.2]
    table = next(shape.table for shape in shown[2].shapes if shape.has_table)
    assert [cell.text for cell in table.rows[0].cells] == ["Afdeling", "Ansvarlig"] and table.cell(1, 0).text == "salg"
    assert not any(shape.has_chart for shape in shown[3].shapes)


def test_every_slide_has_notes_for_the_speaker(deck):
    notes = [slide.notes_slide.notes_text_frame.text for slide in list(Presentation(deck).slides)[1:]]
    assert notes == ["Byggeri: 61 % er ideelle.", "Spørg salg.", "Ingen kanal kan vises."]


def test_nothing_runs_off_the_slide(deck):
    opened = Presentation(deck)
    for slide in opened.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= opened.slide_width
            assert shape.top >= 0 and shape.top + shape.height <= opened.slide_height


def test_long_sentences_and_many_rows_stay_on_the_slide_and_each_bar_keeps_its_name(tmp_path):
    long, names = ["En sætning, der fylder en hel linje eller mere, når den sættes med store bogstaver på en bred slide. " * 2] * 5, [f"navn {place} " * 12 for place in range(6)]
    full = [slides.Slide("Tabel", long, table=pd.DataFrame({"Vending": [f"vending {place}" for place in range(20)]})),
            slides.Slide("Søjler", long, bars=slides.Bars(names, [0.5] * 6, "Andel")), slides.Slide("Få ord", ["Kort."])]
    slides.write_deck(tmp_path / "full.pptx", "Profilen", "", full, as_of=DAY)
    opened = Presentation(tmp_path / "full.pptx")
    for slide in opened.slides:
        for shape in slide.shapes:
            assert shape.top + shape.height <= slides.LOWEST + slides.Inches(0.01), (slide.shapes.title.text, shape.name)
    sizes = [[shape.text_frame.paragraphs[0].font.size.pt for shape in slide.shapes if not shape.is_placeholder and shape.has_text_frame]
             for slide in list(opened.slides)[1:]]
    assert sizes == [[14], [14], [20]]
    chart = next(shape.chart for shape in opened.slides[2].shapes if shape.has_chart)
    assert 'tickLblSkip val="1"' in chart._chartSpace.xml and len(set(chart.plots[0].categories)) == 6
    assert all(len(name) <= slides.LONG and name.endswith(" …") for name in chart.plots[0].categories)
    assert slides._short(["a " * 40 + "b", "a " * 40 + "c"]) == ["a " * 40 + "b", "a " * 40 + "c"]


def test_the_same_content_is_the_same_bytes_and_knows_no_clock(tmp_path, deck, monkeypatch):
    def written(name):
        slides.write_deck(tmp_path / name, "Profilen", "30. juni 2026", DECK, as_of=DAY, language="da")
        return (tmp_path / name).read_bytes()

    assert written("again.pptx") == deck.read_bytes()
    with zipfile.ZipFile(deck) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {archive.EARLIEST}
        workbook = next(name for name in packed.namelist() if name.endswith(".xlsx"))
        with zipfile.ZipFile(io.BytesIO(packed.read(workbook))) as inner:
            about = inner.read("docProps/core.xml").decode()
    assert about.count("2026-06-30T00:00:00Z") == 2
    monkeypatch.setattr(slides, "undated", lambda content, as_of: content)
    with zipfile.ZipFile(io.BytesIO(written("dated.pptx"))) as packed:
        assert {entry.date_time for entry in packed.infolist()} != {archive.EARLIEST}


def test_only_what_was_given_is_inside(deck):
    assert leaks([deck], ["P00041", "steve"]) == []
    assert leaks([deck], ["Byggeri"]) == [("profile.pptx", "Byggeri")]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(deck, tmp_path):
    subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/office", "--convert-to", "pdf", "--outdir", str(tmp_path), str(deck)],
                   check=True, capture_output=True, timeout=120)
    assert (tmp_path / "profile.pdf").read_bytes().startswith(b"%PDF")
