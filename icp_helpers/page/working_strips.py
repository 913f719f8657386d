"""What changed for the profile beyond the others, measure by measure: in names, in words and as a drawing."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from icp_helpers.analysis.kpis import KPIS
from icp_helpers.page.catalogue import _
from icp_helpers.page.kpi_strips import kpi_name
from icp_helpers.page.numbers import NO_BREAK, is_missing

MADE = {"sales": _("Sales a customer and month")}
QUESTIONS = {"sales": _("Sales"), "loyalty": _("Loyalty"), "service": _("Service")}
TICKS = (0.25, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 4.0)
SCORE = _("{number} NPS points")  # of a score no percent: its scale goes from -100 to 100
STATUS = {"better": "up", "worse": "down", "unchanged": "unclear"}  # of a sentence


def measure_name(page, measure: str) -> str:
    """The name of a measure in the reader's language."""
    return kpi_name(measure, page.words.language) if measure in KPIS else page.label(MADE[measure])


def question_name(page, question: str) -> str:
    """One of the three questions in the reader's language."""
    return page.label(QUESTIONS[question])


def with_names(page, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of `is_it_working` with `name`, `sentence` (the status of its sentence) and each limit in words."""
    words = {f"{column}_text": [_change(page, *row) for row in zip(frame["measure"], frame[column], frame["scale"], strict=True)]
             for column in ("change", "low", "high")}
    return frame.assign(name=[measure_name(page, measure) for measure in frame["measure"]],
                        sentence=frame["status"].replace(STATUS), **words)


def _change(page, measure: str, value: float, scale: str) -> str:
    if measure in KPIS and KPIS[measure].scale == "points" and scale == "points" and not is_missing(value):
        return page.label(SCORE).format(number=page.words.point_number(value)).replace(" ", NO_BREAK)
    return page.words.format_field(value, scale)


def draw_changes(page, frame: pd.DataFrame):
    """The changes with their limits, ratios above and differences of shares below, each with the line of no change."""
    tested = with_names(page, frame[frame["p"].notna()])
    kinds = [(scale, part) for scale, part in tested.groupby("scale", sort=False)]
    figure, axes = plt.subplots(len(kinds), 1, figsize=(7.2, 0.9 * len(kinds) + 0.4 * len(tested)), squeeze=False,
                                height_ratios=[len(part) + 1 for _scale, part in kinds])
    for axis, (scale, part) in zip(axes[:, 0], kinds, strict=True):
        _draw(axis, page, scale, part)
    figure.tight_layout()
    return figure


def _draw(axis, page, scale: str, part: pd.DataFrame) -> None:
    colours = {"better": page.colours.ideal, "worse": page.colours.highlight, "unchanged": page.colours.others}
    axis.axvline(1 if scale == "times" else 0, color=page.colours.ink, linewidth=0.8)
    for place, row in enumerate(reversed(part.to_dict("records"))):
        axis.plot([row["low"], row["high"]], [place, place], color=colours[row["status"]], linewidth=2)
        axis.plot(row["change"], place, "o", color=colours[row["status"]], markersize=7)
    axis.set(yticks=range(len(part)), yticklabels=list(reversed(list(part["name"]))), ylim=(-0.6, len(part) - 0.4))
    if scale == "times":
        axis.set_xscale("log")
        low, high = min(0.75, part["low"].min()), max(1.35, part["high"].max())
        axis.set(xlim=(low, high), xlabel=page.label("Change inside the profile, times the change outside"))
        axis.xaxis.set_major_locator(FixedLocator([tick for tick in TICKS if low <= tick <= high]))
        axis.xaxis.set_minor_locator(NullLocator())
        axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: page.words.number(value)))
    else:
        axis.set(xlabel=page.label("Change inside the profile beyond the change outside, points"))
        axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _place: page.words.point_number(value)))
