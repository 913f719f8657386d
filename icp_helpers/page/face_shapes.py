"""A face that is nobody's, as closed and open lines in a unit square: the same key, the same face.

The face follows from the key alone, in colours that no skin has: it tells neither sex, age nor origin.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from math import cos, pi, sin

INK, FRAME = "#22303c", "#8d99a6"
SKINS = ("#b9d3ea", "#c9c3e6", "#bfe0d2", "#ead9ae", "#d6dbe1")
HAIRS = ("#22303c", "#0b5fa5", "#d55e00", "#5b6b7a", "#2f7f6d")
WHOLE_TURN = (0, 360)
SIDE = 120  # of the drawing in pixels


@dataclass(frozen=True)
class Line:
    """Corners (x to the right, y upwards) with the colour inside, the colour of the line, and its width in points."""

    points: tuple[tuple[float, float], ...]
    fill: str | None = None
    edge: str | None = None
    width: float = 0.8

    @property
    def closed(self) -> bool:
        return self.fill is not None or self.points[0] == self.points[-1]


def face_lines(key: str) -> list[Line]:
    """The lines of the face that belongs to `key`, in the order in which they are drawn."""
    dice = hashlib.sha256(key.encode()).digest()
    skin, hair = SKINS[dice[0] % len(SKINS)], HAIRS[dice[1] % len(HAIRS)]
    head = _oval(0.5, 0.5, 0.46, 0.54 + 0.02 * (dice[3] % 4))
    fringe = (*_oval(0.5, 0.58, 0.48, 0.48, (20 + dice[4] % 20, 160 - dice[5] % 20)),
              *_oval(0.5, 0.58, 0.28, 0.28, (160 - dice[5] % 20, 20 + dice[4] % 20)))
    mouth = _oval(0.5, 0.4, 0.16, 0.07 + 0.02 * (dice[7] % 3), (200, 340))
    return [Line(_corners(0.02, 0.02, 0.98, 0.98), "#ffffff", FRAME), Line(_oval(0.5, 0.02, 0.62, 0.44, (0, 180)), _pale(hair)),
            Line(_corners(0.44, 0.16, 0.56, 0.3), skin), *_hair(hair, dice[2] % 4), Line(head, skin, INK), Line(fringe, hair),
            *(line for side in (-1, 1) for line in _eye(0.5 + 0.09 * side, glasses=bool(dice[6] % 2))),
            Line(((0.5, 0.5), (0.47, 0.43), (0.51, 0.43)), edge=INK), Line(mouth, edge=INK, width=1.4)]


def face_picture(key: str) -> str:
    """The face as an SVG picture in a data URI."""
    lines = "".join(_path(line) for line in face_lines(key))
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIDE}" height="{SIDE}" viewBox="0 0 {SIDE} {SIDE}">{lines}</svg>'
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"


def _hair(colour: str, cut: int) -> list[Line]:
    cuts: tuple[Callable[[], list], ...] = (
        lambda: [_oval(0.5, 0.56, 0.56, 0.62)], lambda: [_oval(0.5, 0.62, 0.54, 0.54)], lambda: [_oval(0.5, 0.6, 0.6, 0.46)],
        lambda: [_oval(0.5, 0.86, 0.18, 0.18), _oval(0.5, 0.6, 0.54, 0.54)])
    return [Line(points, colour) for points in cuts[cut]()]


def _eye(middle: float, *, glasses: bool) -> list[Line]:
    lines = [Line(_oval(middle, 0.52, 0.044, 0.044), INK), Line(_oval(middle, 0.575, 0.1, 0.05, (20, 160)), edge=INK)]
    return [*lines, Line(_oval(middle, 0.52, 0.124, 0.124), edge=INK)] if glasses else lines


def _oval(x: float, y: float, width: float, height: float, turn: tuple[float, float] = WHOLE_TURN) -> tuple:
    """Points along an ellipse from one angle to another, in degrees; a whole turn ends where it began."""
    steps = max(8, round(abs(turn[1] - turn[0]) / 9))
    angles = [pi / 180 * (turn[0] + (turn[1] - turn[0]) * step / steps) for step in range(steps)]
    points = [(round(x + width / 2 * cos(angle), 3), round(y + height / 2 * sin(angle), 3)) for angle in angles]
    last = pi / 180 * turn[1]
    return (*points, points[0] if turn == WHOLE_TURN else (round(x + width / 2 * cos(last), 3), round(y + height / 2 * sin(last), 3)))


def _corners(left: float, bottom: float, right: float, top: float) -> tuple:
    return (left, bottom), (right, bottom), (right, top), (left, top), (left, bottom)


def _pale(colour: str) -> str:
    """The colour on white at a third of its strength."""
    return "#" + "".join(f"{round(255 - 0.35 * (255 - int(colour[place:place + 2], 16))):02x}" for place in (1, 3, 5))


def _path(line: Line) -> str:
    way = " ".join(f"{SIDE * x:.1f},{SIDE * (1 - y):.1f}" for x, y in line.points)
    return f'<path d="M{way}{"Z" if line.closed else ""}" fill="{line.fill or "none"}" stroke="{line.edge or "none"}" stroke-width="{line.width}"/>'
