"""The two drawings of the journey: how many reach each stage, and how credit falls on channels by three rules."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure


def draw_funnel(sides: Mapping[str, pd.DataFrame], page) -> Figure:
    """A line a side (its name -> the frame of `journey.funnel`), two at most, with Wilson intervals."""
    drawing, axes = plt.subplots(figsize=(6.4, 3.8))
    for (name, steps), colour in zip(sides.items(), (page.colours.ideal, page.colours.others), strict=False):
        errors = [steps["share"] - steps["low"], steps["high"] - steps["share"]]
        axes.errorbar(steps["stage"].map(page.label), steps["share"], yerr=errors, fmt="o-", color=colour, capsize=3, label=page.label(name))
    axes.set(xlabel=page.label("Stage"), ylabel=page.label("Share of journeys that reach it"), ylim=(0, 1.05))
    axes.yaxis.set_major_formatter(lambda share, _place: page.words.percent(share))
    axes.legend(frameon=False)
    return drawing


def draw_credit(told: pd.DataFrame, page, *, proven: bool) -> Figure:
    """First and last touch of each channel of `attribution.channel_credit`; removal beside them only where it is `proven`
    that channels go with the purchases at all."""
    drawing, axes = plt.subplots(figsize=(7.2, 1.6 + 0.42 * len(told)))
    if proven:
        errors = [told["removal"] - told["low"], told["high"] - told["removal"]]
        axes.errorbar(told["removal"], told["channel"], xerr=errors, fmt="o", color=page.colours.ideal, capsize=3, label=page.label("removal"))
    axes.scatter(told["first"], told["channel"], marker="^", color=page.colours.others, label=page.label("first touch"))
    axes.scatter(told["last"], told["channel"], marker="s", color=page.colours.highlight, label=page.label("last touch"))
    axes.set(xlabel=page.label("Share of credit, not cause"), ylabel=page.label("Channel"), ylim=(len(told) - 0.5, -0.5))
    axes.xaxis.set_major_formatter(lambda share, _place: page.words.percent(share))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False)
    return drawing
