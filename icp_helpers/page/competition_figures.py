"""The drawings of the competition: bars with intervals, and the rates against each competitor by part of the market."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure

from icp_helpers.analysis.competition import ALL


def draw_shares(rows: pd.DataFrame, names: pd.Series, page, *, xlabel: str, ylabel: str) -> Figure:
    """A bar a row of `share, low, high`, the first on top."""
    drawing, axis = plt.subplots(figsize=(7.2, 0.8 + 0.42 * len(rows)))
    errors = [rows["share"] - rows["low"], rows["high"] - rows["share"]]  # no frame: barh would take its labels for lengths
    axis.barh(names, rows["share"], xerr=errors, color=page.colours.others)
    axis.invert_yaxis()
    axis.xaxis.set_major_formatter(lambda share, _place: page.words.percent(share))
    axis.set(xlabel=xlabel, ylabel=ylabel)
    return drawing


def draw_won(rates: pd.DataFrame, rivals: Sequence[str], levels: Sequence[str], page, *, xlabel: str, ylabel: str) -> Figure:
    """A panel a rival with dots and intervals of `competition.win_rates`; hollow marks are drawn towards the whole market."""
    drawing, axes = plt.subplots(1, len(rivals), figsize=(7.6, 1.2 + 0.36 * len(levels)), sharey=True, sharex=True, squeeze=False,
                                 layout="constrained")
    for axis, rival in zip(axes[0], rivals, strict=True):
        rows = rates[rates["competitor"] == rival].set_index("level")
        own, places = rows.reindex(levels), range(len(levels))
        axis.errorbar(own["rate"], places, xerr=abs(own[["low", "high"]].T - own["rate"]), fmt="o", color=page.colours.ideal)
        axis.plot(own["pooled"], places, "o", markerfacecolor="white", color=page.colours.highlight, zorder=3)
        axis.axvline(rows["rate"][ALL], color=page.colours.others, linestyle="--")
        axis.set(title=rival, yticks=places, yticklabels=levels, ylim=(len(levels) - 0.5, -0.5))
        axis.xaxis.set_major_formatter(lambda share, _place: page.words.percent(share))
    drawing.supxlabel(xlabel)
    axes[0][0].set_ylabel(ylabel)
    return drawing
