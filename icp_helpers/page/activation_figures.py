"""The three drawings of the activation: the lists by tier, what a won lead costs by channel, and the plan over time."""

from collections.abc import Mapping

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullLocator


def draw_tiers(tiers: pd.DataFrame, page) -> Figure:
    """A bar a tier (index), those who may be contacted (column False) and, in grey beside them, those who may not (True)."""
    drawing, axes = plt.subplots(figsize=(7.2, 2.4))
    axes.barh(tiers.index, tiers[False], color=page.colours.ideal, height=0.6)
    axes.barh(tiers.index, tiers[True], left=tiers[False], color=page.colours.grey, height=0.6)
    axes.annotate(page.label("may be contacted"), (0, 2.4), color=page.colours.ideal)
    axes.annotate(page.label("may not be contacted"), (1, 2.4), xycoords=("axes fraction", "data"), ha="right", color=page.colours.others)
    axes.set(xlabel=page.label("Open leads and prospects"), ylabel=page.label("Tier"), ylim=(-0.5, 2.8))
    return drawing


def draw_costs(sides: Mapping[str, pd.DataFrame], channels: pd.Series, page) -> Figure:
    """Dots with intervals on a scale of powers of ten: cost, low, high of each channel, a colour a side (name -> frame)."""
    drawing, axes = plt.subplots(figsize=(7.2, 1.2 + 0.4 * len(channels)))
    for (label, side), colour in zip(sides.items(), (page.colours.others, page.colours.ideal), strict=False):
        rows = side.set_index("channel").reindex(channels[::-1])
        axes.errorbar(rows["cost"], rows.index, xerr=[rows["cost"] - rows["low"], rows["high"] - rows["cost"]], fmt="o", color=colour, capsize=3)
        axes.annotate(page.label(label), (rows["cost"].iloc[-1], len(rows) - 0.75), color=colour, ha="center")
    axes.set(xscale="log", xlabel=page.label("Cost of a won lead, on a scale of powers of ten"), ylim=(-0.5, len(channels) - 0.2))
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _place: page.words.money(value))
    return drawing


def draw_plan(dated: pd.DataFrame, as_of, page) -> Figure:
    """A bar an action from start to due, the first row on top; those with `gaps` in the colour that warns. A line is today."""
    rows = dated[::-1]
    drawing, axes = plt.subplots(figsize=(7.2, 1 + 0.4 * len(rows)))
    colours = rows["gaps"].ne("").map({True: page.colours.highlight, False: page.colours.ideal})
    axes.barh(rows["action"], rows["due"] - rows["start"], left=rows["start"], color=colours, height=0.5)
    axes.axvline(pd.Timestamp(as_of), color=page.colours.ink, linestyle="--", linewidth=1)
    axes.set(xlabel=page.label("Start to due date"))
    return drawing
