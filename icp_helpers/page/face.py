"""The card of a persona: a drawn face that is nobody's, and small bars of what sets the members apart."""

from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from icp_helpers.page.face_shapes import face_lines
from icp_helpers.page.show import COLOURS

MOST_BARS = 6
LONGEST_LABEL = 52


def draw_face(axes: Axes, key: str) -> None:
    """Draw the face that belongs to `key` on empty axes; the same key, the same face."""
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.axis("off")
    for line in face_lines(key):
        axes.add_patch(Polygon(line.points, closed=line.closed, fill=line.fill is not None, facecolor=line.fill,
                               edgecolor=line.edge or "none", linewidth=line.width))


def draw_cards(cards: Sequence, words, labels: tuple[str, str]) -> Figure:
    """A card a persona, one below the other: face and invented name to the left, to the right the bars of its lines.

    cards: objects with key, name, customers and `lines` (criterion, share, rest, low_share, high_share: members and all
    others); words: the page's formatter; labels: how to call members and others.
    """
    drawing, grid = plt.subplots(len(cards), 2, figsize=(7.2, 2.35 * len(cards)), width_ratios=[1, 2.1], squeeze=False, sharex="col")
    for card, (left, right) in zip(cards, grid, strict=True):
        draw_face(left, card.key)
        left.set_title(f"{card.name} (n = {words.count(card.customers)})", fontsize=10)
        lines = card.lines.head(MOST_BARS)
        names = [_short(words.criteria([criterion])) for criterion in lines["criterion"]]
        places = list(range(len(lines)))[::-1]
        right.barh(places, lines["share"], height=0.55, color=COLOURS.ideal)
        right.scatter(lines["rest"], places, marker="|", s=130, linewidth=2.5, color=COLOURS.highlight, zorder=3)
        right.set(yticks=places, xlim=(0, 1), ylim=(-0.6, max(len(lines), 2) - 0.4))
        right.set_yticklabels(names, fontsize=7.5)
        right.xaxis.set_major_formatter(lambda share, _place: words.percent(share))
        right.tick_params(axis="x", labelsize=8)
    grid[-1][1].set_xlabel(f"{labels[0]} (▬), {labels[1]} (|)", fontsize=9)
    drawing.tight_layout()
    return drawing


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[:LONGEST_LABEL - 1] + "…"
