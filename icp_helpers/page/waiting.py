"""How long it takes, drawn: the step curve of those to whom it has happened, or not yet, with its band."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from icp_helpers.analysis.kpis.survival import Curve


def draw_waiting(steps: Curve, page, *, rising: bool, xlabel: str, ylabel: str) -> Figure:
    """The curve as it may be drawn (`Curve.steps`), falling from one, or `rising` from none; a dotted line at one half."""
    drawing, axis = plt.subplots()
    bands = np.array([steps.limits(time) for time in steps.times])
    shares, (low, high) = steps.survival, bands.T
    if rising:
        shares, low, high = 1 - shares, 1 - high, 1 - low
    axis.fill_between(steps.times, low, high, step="post", color=page.colours.grey)
    axis.step(steps.times, shares, where="post", color=page.colours.ideal)
    axis.axhline(0.5, color=page.colours.ink, linewidth=1, linestyle=":")
    axis.yaxis.set_major_formatter(lambda share, _place: page.words.percent(share))
    axis.set(ylim=(0, 1), xlabel=xlabel, ylabel=ylabel)
    return drawing
