"""Figures and tables on a page: the one look, and the one way to publish."""

import base64
import html
import io
import re
from collections.abc import Mapping
from types import SimpleNamespace

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure as Drawing

from icp_helpers.page.axes import write_scales
from icp_helpers.page.catalogue import COMMON, Figure, Table, _, translate
from icp_helpers.page.numbers import Words, is_missing
from icp_helpers.page.privacy import guard_table

COLOURS = SimpleNamespace(ideal="#0b5fa5", others="#8d99a6", highlight="#d55e00", grey="#d5dae0", ink="#22303c")
LARGEST_PICTURE = 150_000  # bytes: six of them, the most that a step draws, written in base64 leave a fifth of report.LARGEST_PAGE
RESOLUTIONS = (160, 110, 80, 50)  # dots an inch, the finest first: above some thousand marks a raster is smaller than an SVG
PLACES, TOO_FINE = re.compile(rb'( d="| x="| y="|translate\()([^"()]*)'), re.compile(rb"(\.\d\d)\d+")  # a hundredth of a point is enough
INDENT = re.compile(rb"\s*\n\s*")
LONG_NAMES = {b"DejaVuSans-": b"g", b"xlink:href=": b"href="}  # every letter that is drawn says them
TALL = 4.5  # inches: of a higher figure two do not fit on a sheet of A4, so that it may take more of it
MOST_ROWS = 10
MOST_FOLDED = 250
RIGHT = {"count", "number", "percent", "points", "money", "times", "days"}


def set_look() -> None:
    """One look for every figure, and files that are the same byte for byte from one run to the next."""
    sns.set_theme(style="whitegrid", rc={
        "figure.figsize": (7.2, 3.8), "figure.dpi": 110, "savefig.bbox": "tight", "svg.hashsalt": "icp",
        "font.family": "DejaVu Sans", "font.size": 10, "axes.titlesize": 11, "axes.labelsize": 10,
        "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": COLOURS.others,
        "axes.labelcolor": COLOURS.ink, "text.color": COLOURS.ink, "xtick.color": COLOURS.ink, "ytick.color": COLOURS.ink,
        "grid.color": COLOURS.grey, "grid.linewidth": 0.6,
        "axes.prop_cycle": plt.cycler(color=[COLOURS.ideal, COLOURS.others, COLOURS.highlight])})


def figure_html(drawing: Drawing, id: str, entry: Figure, facts: Mapping, words: Words, step: str) -> tuple[str, dict]:
    """A drawing as an HTML figure with alt text and caption, and what is recorded of it. Closes the drawing."""
    caption, alt = (words.say(translate(text, words.language, step), facts) for text in (entry.caption, entry.alt))
    write_scales(drawing, words)
    tall = ' class="tall"' if drawing.get_figheight() > TALL else ""
    mime, data = _picture(drawing)
    plt.close(drawing)
    source = f"data:{mime};base64,{base64.b64encode(data).decode()}"
    text = (f'<figure id="{html.escape(id)}"{tall}><img src="{source}" alt="{html.escape(alt)}">'
            f"<figcaption>{html.escape(caption)}</figcaption></figure>")
    return text, {"id": id, "caption": caption, "alt": alt, "facts": dict(facts)}


def _picture(drawing: Drawing) -> tuple[str, bytes]:
    """The drawing as SVG, or, where that is too large, as the finest raster that is not."""
    buffer = io.BytesIO()
    drawing.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    svg = INDENT.sub(b"\n", PLACES.sub(lambda found: found[1] + TOO_FINE.sub(rb"\1", found[2]), buffer.getvalue()))
    for long, short in LONG_NAMES.items():
        svg = svg.replace(long, short)
    if len(svg) <= LARGEST_PICTURE:
        return "image/svg+xml", svg
    for resolution in RESOLUTIONS:
        buffer = io.BytesIO()
        drawing.savefig(buffer, format="png", dpi=resolution, metadata={"Software": None})
        if buffer.tell() <= LARGEST_PICTURE:
            break
    return "image/png", buffer.getvalue()


def table_html(frame: pd.DataFrame, id: str, entry: Table, facts: Mapping, words: Words, step: str,
               smallest: int, folded: bool = False) -> tuple[str, dict]:
    """The first ten rows as an HTML table with its caption, and what is recorded of it.

    Rows that rest on fewer than `smallest` people keep their names and lose their numbers. `folded`: further rows stand
    below, to be opened by whoever wants them.
    """
    guarded = guard_table(frame, {column: spec for column, (_label, spec) in entry.columns.items()}, smallest)
    caption = words.say(translate(entry.caption, words.language, step), facts)
    if guarded.isna().sum().sum() > frame.isna().sum().sum():
        caption = caption.rstrip(".") + ". " + words.say(translate(_("Numbers of groups smaller than {smallest:count}, or that would give them away, "
                                               "are held back (–)."), words.language, COMMON), {"smallest": smallest})
    if frame.attrs.get("held"):
        caption = caption.rstrip(".") + ". " + words.say(translate(_("Shares of the money that are mostly one customer's, or that would give them away, are held back (–)."), words.language, COMMON), {})
    if len(frame) > MOST_ROWS:
        caption = caption.rstrip(".") + ". " + words.say(translate(_("The first {shown:count} of {rows:count} rows."), words.language, COMMON),
                                   {"shown": MOST_ROWS, "rows": len(frame)})
    header = "".join(f'<th scope="col"{_side(spec)}>{html.escape(_header(translate(label, words.language, step), spec, words))}</th>'
                     for label, spec in entry.columns.values())
    rows = ["<tr>" + "".join(
        f"<td{_side(spec)}>{html.escape(_cell(row[column], spec, words))}</td>"
        for column, (_label, spec) in entry.columns.items()) + "</tr>"
        for row in guarded.head(MOST_FOLDED if folded else MOST_ROWS).to_dict("records")]
    text = _table(id, caption, header, rows[:MOST_ROWS])
    if rows[MOST_ROWS:]:
        more = words.say(translate(_("Further rows: {rows:count}"), words.language, COMMON), {"rows": len(rows) - MOST_ROWS})
        text += f"<details><summary>{html.escape(more)}</summary>{_table(f'{id}-more', more, header, rows[MOST_ROWS:])}</details>"
    return text, {"id": id, "caption": caption, "facts": {**facts, "smallest": smallest, "rows": len(frame)}}


def _table(id: str, caption: str, header: str, rows: list[str]) -> str:
    return (f'<table id="{html.escape(id)}"><caption>{html.escape(caption)}</caption>'
            f"<thead><tr>{header}</tr></thead><tbody>{''.join(rows)}</tbody></table>")


def _header(label: str, spec: str, words: Words) -> str:
    """The header with its unit: in a cell the words would take the room of the number."""
    unit = words.translate(_("percentage points"))
    return f"{label}, {unit}" if spec == "points" and "point" not in label.lower() else label


def _cell(value, spec: str, words: Words) -> str:
    return words.point_number(value) if spec == "points" and not is_missing(value) else words.cell(value, spec)


def _side(spec: str) -> str:
    return ' class="number"' if spec in RIGHT else ""
