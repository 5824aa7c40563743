"""Who asked whom, as SVG: the seats in a ring, an arrow for each pair, numbered by turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from unicodedata import combining, east_asian_width

from bots.chat.transcript.circle import DISC, WIDTH, Circle, Curve, Point, circle, curve, loop
from bots.chat.transcript.markup import Markup, element, join
from bots.chat.transcript.values import Transcript, Turn
from bots.chat.transcript.words import Words
from engine.debate.events import Seat

_LINE = 13.5
_LINES = 3
_COLUMNS = 10
"""A name is wrapped when it is wider."""
_MOST_COLUMNS = 14
"""So is a word."""
_OUTWARD = 18.0
"""How far names at the sides stand out, so that the inside is the arrows'."""
_CLEAR = 50.0
"""What the count in the middle needs round it."""
_NUMBERS = 3
"""How many turns an arrow names; the rest is counted."""

Row = tuple[str, str]
"""A line of a name, and its class."""

Asked = dict[tuple[str, str], list[Turn]]


def picture(transcript: Transcript, words: Words) -> Markup:
    """The picture; its colours are the classes `seat-0`, `seat-1` … of the page's style."""
    seats = transcript.seats
    names = [_rows(place, seat, words) for place, seat in enumerate(seats)]
    ring = circle(len(seats), edge=DISC + 20 + _LINE * max(map(len, names)))
    asked = _asked(transcript)
    where = {seat.id: place for place, seat in enumerate(seats)}
    curves = {pair: _curve(where[pair[0]], where[pair[1]], ring) for pair in asked}
    return element(
        "svg",
        element("title", words.who_asked_whom, id="picture-title"),
        element("desc", " ".join(_sentences(asked, words)), id="picture-text"),
        *_count(len(transcript.turns), ring, curves.values(), words),
        *(_arrow(curves[pair], where[pair[0]], turns, words) for pair, turns in asked.items()),
        *(_seat(place, seat, names[place], ring) for place, seat in enumerate(seats)),
        *(_numbers(curves[pair], where[pair[0]], turns) for pair, turns in asked.items()),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:.0f} {ring.height:.0f}",
        role="group",
        aria_labelledby="picture-title picture-text",
    )


def _asked(transcript: Transcript) -> Asked:
    """The turns of each pair of asker and asked.

    Every question to a seat counts, whoever put it: the moderator between two turns, a person in a
    seat, also one who took the words back. What people ask from the thread is not in the picture:
    they have no place in the ring.
    """
    seated = {seat.id for seat in transcript.seats}
    asked: Asked = {}
    for turn in transcript.turns:
        if turn.asked and {turn.seat.id, turn.asked.id} <= seated:
            asked.setdefault((turn.seat.id, turn.asked.id), []).append(turn)
    return asked


def _curve(asker: int, asked: int, ring: Circle) -> Curve:
    start, end = ring.places[asker], ring.places[asked]
    return loop(start, ring.centre) if asker == asked else curve(start, end)


def _sentences(asked: Asked, words: Words) -> Iterator[str]:
    return (f"{_sentence(turns, words)}." for turns in asked.values())


def _sentence(turns: Sequence[Turn], words: Words) -> str:
    asked = turns[0].asked
    return words.picture_text.format(
        asker=turns[0].seat.name,
        asked=asked.name if asked else "",
        turns=", ".join(str(turn.number) for turn in turns),
    )


def _arrow(curve: Curve, asker: int, turns: Sequence[Turn], words: Words) -> Markup:
    start, bend, end = map(_at, (curve.start, curve.bend, curve.end))
    head = " L ".join(map(_at, curve.head))
    return element(
        "g",
        element("title", _sentence(turns, words)),
        element("path", class_="line", d=f"M {start} Q {bend} {end}"),
        element("path", class_="head", d=f"M {head} Z"),
        class_=f"arrow seat-{asker}",
    )


def _numbers(curve: Curve, asker: int, turns: Sequence[Turn]) -> Markup:
    """The turns' numbers on the arrow's middle, each a link to its turn."""
    numbers = [str(turn.number) for turn in turns[:_NUMBERS]]
    links: list[str] = [element("a", number, href=f"#turn-{number}") for number in numbers]
    if len(turns) > _NUMBERS:
        numbers.append(f"+{len(turns) - _NUMBERS}")
        links.append(numbers[-1])
    step = _LINE if not curve.flat else 0.0
    across = max(map(len, numbers)) if step else len(", ".join(numbers))
    width, height = 10 + 6.4 * across, 18 + step * (len(numbers) - 1)
    at = curve.middle
    box = element(
        "rect", x=at.x - width / 2, y=at.y - height / 2, width=width, height=height, rx=9.0
    )
    top = at.y - height / 2 + 12.7
    texts = (
        [element("text", link, x=at.x, y=top + step * row) for row, link in enumerate(links)]
        if step
        else [element("text", _listed(links), x=at.x, y=top)]
    )
    return element("g", box, *texts, class_=f"numbers seat-{asker}")


def _listed(links: Sequence[str]) -> Markup:
    return join(links[0], *(join(", ", link) for link in links[1:]))


def _seat(place: int, seat: Seat, rows: Sequence[Row], ring: Circle) -> Markup:
    at = ring.places[place]
    ring_of_moderator = element("circle", class_="halo", cx=at.x, cy=at.y, r=DISC + 4)
    return element(
        "g",
        element("title", seat.name),
        *([ring_of_moderator] if place == 0 else []),
        element("circle", class_="disc", cx=at.x, cy=at.y, r=DISC),
        element("text", seat.emoji, class_="emoji", x=at.x, y=at.y + 7),
        *_label(rows, at, ring),
        class_=f"seat seat-{place}",
    )


def _rows(place: int, seat: Seat, words: Words) -> list[Row]:
    names = [(line, "name") for line in _wrapped(seat.name)]
    return [*names, (words.moderates, "note")] if place == 0 else names


def _label(rows: Sequence[Row], at: Point, ring: Circle) -> Iterator[Markup]:
    """The name on the disc's outer side."""
    above = at.y < ring.centre.y - DISC
    first = at.y - DISC - 10 - _LINE * (len(rows) - 1) if above else at.y + DISC + 16
    x = at.x + _OUTWARD * (at.x - ring.centre.x) / ring.across
    for row, (text, kind) in enumerate(rows):
        yield element("text", text, class_=kind, x=x, y=first + _LINE * row)


def _count(turns: int, ring: Circle, curves: Iterable[Curve], words: Words) -> Iterator[Markup]:
    """How many turns, in the middle, if no arrow passes there."""
    at = ring.centre
    if all(curve.middle.distance(at) > _CLEAR for curve in curves):
        yield element(
            "g",
            element("text", str(turns), class_="count", x=at.x, y=at.y + 8),
            element("text", words.turns.lower(), class_="note", x=at.x, y=at.y + 26),
            aria_hidden="true",
        )


def _wrapped(name: str) -> list[str]:
    """A name in a few short lines; what does not fit ends in an ellipsis."""
    lines = [""]
    for word in name.split():
        for piece in _pieces(word):
            if lines[-1] and _columns(f"{lines[-1]} {piece}") > _COLUMNS:
                lines.append("")
            lines[-1] = f"{lines[-1]} {piece}".strip()
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], f"{lines[_LINES - 1]}…"]
    return lines


def _pieces(word: str) -> Iterator[str]:
    piece = ""
    for char in word:
        if piece and _columns(piece + char) > _MOST_COLUMNS:
            yield piece
            piece = ""
        piece += char
    yield piece


def _columns(text: str) -> int:
    """How wide a text is, in ordinary letters."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text if not combining(char))


def _at(point: Point) -> str:
    return f"{point.x:.1f} {point.y:.1f}"
