"""The card of a persona: a drawn face that is nobody's, and small bars of what sets the members apart.

The face follows from the profile's id alone, in colours that no skin has: it tells neither sex, age nor origin.
"""

import hashlib
from collections.abc import Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Arc, Circle, Ellipse, Polygon, Rectangle, Wedge

from icp_helpers.page.show import COLOURS

SKINS = ("#b9d3ea", "#c9c3e6", "#bfe0d2", "#ead9ae", "#d6dbe1")
HAIRS = ("#22303c", "#0b5fa5", "#d55e00", "#5b6b7a", "#2f7f6d")
MOST_BARS = 6
LONGEST_LABEL = 52


def draw_face(axes: Axes, key: str) -> None:
    """Draw the face that belongs to `key` on empty axes; the same key, the same face."""
    dice = hashlib.sha256(key.encode()).digest()
    skin, hair = SKINS[dice[0] % len(SKINS)], HAIRS[dice[1] % len(HAIRS)]
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.axis("off")
    axes.add_patch(Rectangle((0.02, 0.02), 0.96, 0.96, facecolor="white", edgecolor=COLOURS.others, linestyle=":"))
    axes.add_patch(Ellipse((0.5, 0.06), 0.62, 0.36, color=hair, alpha=0.35, clip_on=True))
    axes.add_patch(Rectangle((0.44, 0.16), 0.12, 0.14, color=skin))
    _back_of_hair(axes, hair, dice[2] % 4)
    axes.add_patch(Ellipse((0.5, 0.5), 0.46, 0.54 + 0.02 * (dice[3] % 4), facecolor=skin, edgecolor=COLOURS.ink, linewidth=0.8))
    axes.add_patch(Wedge((0.5, 0.58), 0.24, 20 + dice[4] % 20, 160 - dice[5] % 20, width=0.1, color=hair))
    for side in (-1, 1):
        axes.add_patch(Circle((0.5 + side * 0.09, 0.52), 0.022, color=COLOURS.ink))
        axes.add_patch(Arc((0.5 + side * 0.09, 0.575), 0.1, 0.05, theta1=20, theta2=160, color=COLOURS.ink))
        if dice[6] % 2:
            axes.add_patch(Circle((0.5 + side * 0.09, 0.52), 0.062, fill=False, edgecolor=COLOURS.ink))
    axes.add_patch(Polygon([(0.5, 0.5), (0.47, 0.43), (0.51, 0.43)], closed=False, fill=False, edgecolor=COLOURS.ink))
    axes.add_patch(Arc((0.5, 0.4), 0.16, 0.07 + 0.02 * (dice[7] % 3), theta1=200, theta2=340, color=COLOURS.ink, linewidth=1.4))


def _back_of_hair(axes: Axes, colour: str, cut: int) -> None:
    shapes = (Ellipse((0.5, 0.56), 0.56, 0.62), Circle((0.5, 0.62), 0.27), Ellipse((0.5, 0.6), 0.6, 0.46), Circle((0.5, 0.86), 0.09))
    shapes[cut].set_color(colour)
    axes.add_patch(shapes[cut])
    if cut == 3:
        axes.add_patch(Circle((0.5, 0.6), 0.27, color=colour))


def draw_cards(cards: Sequence, words, labels: tuple[str, str]) -> Figure:
    """A card a persona, one below the other: face and invented name to the left, to the right the bars of its lines.

    cards: objects with key, name, customers and `lines` (criterion, share, rest, low_share, high_share: members and all
    others); words: the page's formatter; labels: how to call members and others.
    """
    drawing, grid = plt.subplots(len(cards), 2, figsize=(7.2, 2.35 * len(cards)), width_ratios=[1, 2.1], squeeze=False)
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
