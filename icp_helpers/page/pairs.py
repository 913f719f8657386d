"""Members against all others as dots with intervals: two shares side by side, or the gap between two means."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from icp_helpers.page.show import COLOURS

MOST_ROWS = 8


def draw_pairs(rows: pd.DataFrame, words, labels: tuple[str, str, str]) -> Figure:
    """A row of `rows` (label, share, low, high, rest) a line, the first on top; eight at most.

    labels: how to call members, others, and the axis.
    """
    rows = rows.head(MOST_ROWS)
    drawing, axes = plt.subplots(figsize=(7.2, 1.5 + 0.42 * len(rows)))
    places = list(range(len(rows)))[::-1]
    axes.errorbar(rows["share"], places, xerr=[rows["share"] - rows["low"], rows["high"] - rows["share"]], fmt="o", capsize=3,
                  color=COLOURS.ideal, label=labels[0])
    axes.scatter(rows["rest"], places, color=COLOURS.others, zorder=3, label=labels[1])
    axes.set(yticks=places, yticklabels=rows["label"], xlabel=labels[2], xlim=(-0.02, 1.02), ylim=(-0.6, len(rows) - 0.4))
    axes.xaxis.set_major_formatter(lambda share, _place: words.percent(share))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False)
    return drawing


def draw_gaps(rows: pd.DataFrame, names: pd.Series, label: str) -> Figure:
    """A row of `rows` (difference, low, high) a line under its name, the first on top; the line at zero is all others."""
    drawing, axes = plt.subplots(figsize=(7.2, 1.2 + 0.42 * len(rows)))
    errors = [rows["difference"] - rows["low"], rows["high"] - rows["difference"]]
    axes.errorbar(rows["difference"], names, xerr=errors, fmt="o", color=COLOURS.ideal, capsize=3)
    axes.axvline(0, color=COLOURS.others, linestyle="--")
    axes.set(xlabel=label, ylim=(len(rows) - 0.5, -0.5))
    return drawing
