"""Where seats and arrows stand in the picture: a ring of seats, and curves from seat to seat."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import atan2, cos, hypot, pi, sin, sqrt

WIDTH = 360.0
"""A phone's, so that there the text has its own size."""
DISC = 21.0

_ACROSS = 114.0
_ROOM = 98.0
"""What a seat with its name takes of the ring."""
_GAP = 5.0
_BEND = 0.42
_MOST_BEND = 44.0
_HEAD = 9.0
_STEPS = 720


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the picture; `y` goes down."""

    x: float
    y: float

    def distance(self, other: Point) -> float:
        """How far the other place is."""
        return hypot(other.x - self.x, other.y - self.y)

    def towards(self, other: Point, distance: float) -> Point:
        """The place so far from here in the other's direction."""
        angle = atan2(other.y - self.y, other.x - self.x)
        return Point(self.x + distance * cos(angle), self.y + distance * sin(angle))


@dataclass(frozen=True, slots=True)
class Curve:
    """An arrow from one disc's edge to another's."""

    start: Point
    bend: Point
    """The control point of the quadratic curve."""
    end: Point
    """Where the arrow's head begins."""
    tip: Point

    @property
    def middle(self) -> Point:
        """Half-way along."""
        return Point(
            (self.start.x + 2 * self.bend.x + self.end.x) / 4,
            (self.start.y + 2 * self.bend.y + self.end.y) / 4,
        )

    @property
    def flat(self) -> bool:
        """Whether it runs across rather than up or down."""
        return abs(self.tip.x - self.start.x) > 3 * abs(self.tip.y - self.start.y)

    @property
    def head(self) -> tuple[Point, Point, Point]:
        """The corners of the arrow's head."""
        dx, dy = (self.tip.x - self.end.x) / 2, (self.tip.y - self.end.y) / 2
        left = Point(self.end.x - dy, self.end.y + dx)
        right = Point(self.end.x + dy, self.end.y - dx)
        return self.tip, left, right


@dataclass(frozen=True, slots=True)
class Circle:
    """Places for so many seats, clockwise from the top, evenly spaced."""

    places: tuple[Point, ...]
    centre: Point
    across: float
    """Half its width."""
    height: float


def circle(seats: int, edge: float) -> Circle:
    """A ring as wide as the picture, and as high as its seats need.

    `edge` is what the names need above the first seat and below the last.
    """
    down = _down_for(seats * _ROOM)
    centre = Point(WIDTH / 2, down + edge)
    return Circle(_even(seats, down, centre), centre, _ACROSS, 2 * centre.y)


def curve(start: Point, end: Point) -> Curve:
    """An arrow that keeps to its right: in the order of the seats it bends inwards, and arrows
    there and back do not cover each other."""
    dx, dy = end.x - start.x, end.y - start.y
    share = min(_BEND, _MOST_BEND / hypot(dx, dy))
    bend = Point((start.x + end.x) / 2 - dy * share, (start.y + end.y) / 2 + dx * share)
    edge = DISC + _GAP
    return Curve(
        start.towards(bend, edge), bend, end.towards(bend, edge + _HEAD), end.towards(bend, edge)
    )


def loop(place: Point, centre: Point) -> Curve:
    """An arrow from a seat to itself, on the inner side."""
    inner = place.towards(centre, 3.4 * DISC)
    angle = atan2(centre.y - place.y, centre.x - place.x)

    def edge(turned: float, distance: float) -> Point:
        return Point(
            place.x + distance * cos(angle + turned), place.y + distance * sin(angle + turned)
        )

    return Curve(
        edge(-0.8, DISC + _GAP), inner, edge(0.8, DISC + _GAP + _HEAD), edge(0.8, DISC + _GAP)
    )


def _down_for(perimeter: float) -> float:
    """The other half-axis of an ellipse of this length; steps of 2 are fine enough."""
    down = _ACROSS
    while _perimeter(down) < perimeter:
        down += 2
    return down


def _perimeter(down: float) -> float:
    a, b = _ACROSS, down
    return pi * (3 * (a + b) - sqrt((3 * a + b) * (a + 3 * b)))


def _even(seats: int, down: float, centre: Point) -> tuple[Point, ...]:
    outline = [
        Point(centre.x + _ACROSS * sin(turn), centre.y - down * cos(turn))
        for turn in (2 * pi * step / _STEPS for step in range(_STEPS + 1))
    ]
    lengths = [0.0]
    for one, other in pairwise(outline):
        lengths.append(lengths[-1] + one.distance(other))
    wanted = [lengths[-1] * seat / seats for seat in range(seats)]
    return tuple(
        outline[next(i for i, length in enumerate(lengths) if length >= at)] for at in wanted
    )
