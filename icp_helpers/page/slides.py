"""The profile as slides: native charts and tables that a colleague can edit, and notes for the one who speaks.

Every text is a finding, a label or a table of the page itself, so that slides and report cannot disagree; only
aggregates are on them.
"""

import datetime as dt
import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from icp_helpers.page.archive import undated
from icp_helpers.page.show import COLOURS

WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, TOP, ROOM = Inches(0.6), Inches(1.5), Inches(12.1)
LOWEST = Inches(7.0)
MOST_ROWS, MOST_TEXTS = 8, 5
SIZES = {20: (100, 0.36), 18: (112, 0.33), 16: (126, 0.29), 14: (145, 0.26)}  # points: signs on a line, inches from line to line
SMALL = Pt(14)
BESIDE = 0.45  # of the room below the heading, the most that sentences take where a chart or a table stands below them
ROW = Inches(0.4)
LONG = 44  # signs of a name that stand on one line beside a bar; the sentences above say longer ones in full


@dataclass(frozen=True)
class Bars:
    """A bar chart: one value a name, with the number format of Excel (`0%`, `#,##0`) and the words of its axis."""

    names: Sequence[str]
    values: Sequence[float]
    axis: str
    number: str = "0%"


@dataclass(frozen=True)
class Slide:
    """A title, sentences, at most one chart or table (a frame of texts with its headers), and the speaker's notes."""

    title: str
    texts: Sequence[str] = ()
    bars: Bars | None = None
    table: pd.DataFrame | None = None
    notes: str = ""


def write_deck(path: Path, title: str, subtitle: str, slides: Sequence[Slide], *, as_of: dt.date, language: str = "en") -> None:
    """Write a title slide and the slides as a pptx of sixteen to nine. The same content gives the same bytes."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    deck.core_properties.title, deck.core_properties.language = title, language
    deck.core_properties.author = deck.core_properties.last_modified_by = ""
    _title_slide(deck, title, subtitle)
    for slide in slides:
        _add(deck, slide)
    buffer = io.BytesIO()
    deck.save(buffer)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(undated(buffer.getvalue(), as_of))


def sentences(page, *ids: str) -> list[str]:
    """The sentences that the page has said under these ids, those that serve several subjects (`id:key`) included."""
    return [finding.sentence for id in ids for key, finding in page.findings.items() if key.partition(":")[0] == id]


def _title_slide(deck, title: str, subtitle: str) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    _heading(slide, title, Inches(2.4), Pt(40))
    _paragraphs(slide, [subtitle], Inches(4.0), Inches(2.2), max(SIZES))


def _add(deck, content: Slide) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    _heading(slide, content.title, Inches(0.5), Pt(28))
    texts = list(content.texts)[:MOST_TEXTS]
    shown = content.bars is not None and len(content.bars.names) > 0 or content.table is not None and len(content.table) > 0
    size = _size(texts, (LOWEST - TOP) * (BESIDE if shown else 1))
    room = _height(texts, size)
    if texts:
        _paragraphs(slide, texts, TOP, room if shown else LOWEST - TOP, size)
    top = TOP + room + (Inches(0.15) if texts else 0)
    if content.bars is not None and len(content.bars.names):
        _chart(slide, content.bars, top)
    elif content.table is not None and len(content.table):
        _table(slide, content.table, top)
    slide.notes_slide.notes_text_frame.text = content.notes or "\n".join(content.texts)


def _size(texts: Sequence[str], room: float) -> int:
    """The largest size in points in which the sentences fit the room; the smallest where they fit in none."""
    return next((size for size in SIZES if _height(texts, size) <= room), min(SIZES))


def _height(texts: Sequence[str], size: int):
    """The room that the sentences take: their lines at the size they are set in, and the space between them."""
    across, line = SIZES[size]
    return Inches(sum(line * (1 + len(text) // across) + 0.12 for text in texts))


def _heading(slide, text: str, top, size) -> None:
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = LEFT, top, ROOM, Inches(0.9)
    shape.text_frame.word_wrap = True
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    shape.text_frame.text = text
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.font.size, paragraph.font.bold, paragraph.font.color.rgb = size, True, _colour(COLOURS.ideal)


def _paragraphs(slide, texts: Sequence[str], top, height, size: int) -> None:
    frame = slide.shapes.add_textbox(LEFT, top, ROOM, height).text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    for place, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text, paragraph.font.size, paragraph.space_after = text, Pt(size), Pt(8)
        paragraph.font.color.rgb = _colour(COLOURS.ink)


def _chart(slide, bars: Bars, top) -> None:
    data = CategoryChartData(number_format=bars.number)
    data.categories = _short([str(name) for name in bars.names])
    data.add_series(bars.axis, [None if pd.isna(value) else float(value) for value in bars.values])
    chart = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, LEFT, top, ROOM, max(LOWEST - top, Inches(1.5)), data).chart
    chart.has_legend, chart.has_title = False, True
    chart.chart_title.text_frame.text = bars.axis
    chart.chart_title.text_frame.paragraphs[0].font.size = SMALL
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 60, True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = bars.number, False
    plot.data_labels.position, plot.data_labels.font.size = XL_LABEL_POSITION.OUTSIDE_END, SMALL
    plot.series[0].format.fill.solid()
    plot.series[0].format.fill.fore_color.rgb = _colour(COLOURS.ideal)
    chart.category_axis.reverse_order = True  # the first name on top, as it was given
    chart.category_axis.tick_labels.font.size = SMALL
    _every_name(chart.category_axis)
    chart.value_axis.visible = False  # each bar says its value
    chart.value_axis.has_major_gridlines, chart.value_axis.minimum_scale = False, 0


def _short(names: list[str]) -> list[str]:
    """Names that fit on one line, those that are longer cut at a word; in full where two would be cut to the same."""
    cut = [textwrap.shorten(name, LONG, placeholder=" …") for name in names]
    return cut if len(set(cut)) == len(set(names)) else names


def _every_name(axis) -> None:
    """Have no program leave out names that it finds close: each bar keeps its own (c:tickLblSkip, of which python-pptx knows
    nothing, in its place among the axis's elements)."""
    skip = axis._element.makeelement(qn("c:tickLblSkip"), {"val": "1"})
    axis._element.insert_element_before(skip, "c:tickMarkSkip", "c:noMultiLvlLbl", "c:extLst")


def _table(slide, frame: pd.DataFrame, top) -> None:
    """As many rows as there is room for, below their header."""
    shown = frame.head(max(1, min(MOST_ROWS, int((LOWEST - top) / ROW) - 1)))
    grid = slide.shapes.add_table(len(shown) + 1, len(frame.columns), LEFT, top, ROOM, ROW * (len(shown) + 1)).table
    rows = [list(frame.columns), *shown.astype(str).to_numpy().tolist()]
    for row, texts in enumerate(rows):
        for place, text in enumerate(texts):
            cell = grid.cell(row, place)
            cell.text = str(text)
            cell.text_frame.paragraphs[0].font.size = SMALL
            if row == 0:
                cell.fill.solid()
                cell.fill.fore_color.rgb = _colour(COLOURS.ideal)


def _colour(code: str) -> RGBColor:
    return RGBColor.from_string(code.removeprefix("#").upper())
