"""Draws docs/thread.svg and docs/close.svg from a debate's JSON lines on standard input.

    tertulia try "…" --model script:docs/debate.jsonl --format jsonl | python docs/picture.py

What is drawn is what the terminal shows of these lines. The first picture ends while a persona
speaks, the second shows how the debate ended. Neither asks a server for a font.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from pathlib import Path

import orjson
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.segment import Segment
from rich.style import Style

from bots.chat.i18n import translator
from bots.terminal import drawing
from bots.terminal.view import View
from engine.debate.codec import decode
from engine.debate.events import DebateClosed, DebateStarted, Event, TurnSpoken

HERE = Path(__file__).parent
SPEAKS = 4
"""The turn that the first picture shows half spoken."""

COLUMNS = 94
CELL, LINE, FONT = 12.0, 25.0, 20.0
LEFT, TOP, BOTTOM = 18.0, 52.0, 22.0

GROUND, FRAME, INK = "#15181e", "#2b303a", "#dde1e7"
DIM = 0.7

# Drawn, because a font's own leave gaps between lines.
STROKES = {
    "▎": "M2 -.5 V{h}",
    "│": "M{x} -.5 V{h}",
    "╭": "M{w} {y} H{r} Q{x} {y} {x} {s} V{h}",
    "╮": "M0 {y} H1 Q{x} {y} {x} {s} V{h}",
    "╰": "M{w} {y} H{r} Q{x} {y} {x} {t} V0",
    "╯": "M0 {y} H1 Q{x} {y} {x} {t} V0",
    "─": "M0 {y} H{w}",
}
HALF = LINE / 2
CELL_POINTS = {
    "w": CELL,
    "h": LINE,
    "x": CELL / 2,
    "y": HALF,
    "r": CELL - 1,
    "s": HALF + 5,
    "t": HALF - 5,
}

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img" font-size="{font:g}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace">
<rect x="1" y="1" width="{inner_width:g}" height="{inner_height:g}" rx="12" fill="{ground}" stroke="{frame}" stroke-width="2"/>
<g fill="{frame}"><circle cx="26" cy="26" r="7"/><circle cx="48" cy="26" r="7"/><circle cx="70" cy="26" r="7"/></g>
<text x="{middle:g}" y="32" font-size="17" fill="#8b93a0" text-anchor="middle">tertulia try</text>
{body}
</svg>
"""  # noqa: E501 - a picture


def main() -> None:
    """Draws both pictures."""
    events = [_event(line) for line in sys.stdin.buffer]
    _write("thread.svg", _beginning(events))
    _write("close.svg", _end(events))


def _event(line: bytes) -> Event:
    fields = orjson.loads(line)
    return decode(fields["event"], fields)


def _beginning(events: Iterable[Event]) -> Iterator[RenderableType]:
    """The opening, the first turns whole, and one as far as it has come."""
    view: View | None = None
    for event in events:
        if isinstance(event, DebateStarted):
            view = View(event)
            yield drawing.opening(view, translator(event.language))
        assert view is not None  # noqa: S101 - a log begins with DebateStarted
        if isinstance(event, TurnSpoken):
            if event.turn == SPEAKS and view.speaking:
                words = event.answer.split()
                view.speaking.text["answer"] = " ".join(words[: len(words) * 2 // 3])
                yield drawing.speaking(view.speaking, view, translator(view.started.language))
                return
            yield drawing.turn(event, view, translator(view.started.language))
        view.take(event)


def _end(events: list[Event]) -> Iterator[RenderableType]:
    """The last turn and the synthesis."""
    started, closed = events[0], events[-1]
    assert isinstance(started, DebateStarted)  # noqa: S101 - so a log begins
    assert isinstance(closed, DebateClosed)  # noqa: S101 - and so a whole one ends
    view, translate = View(started), translator(started.language)
    last = [event for event in events if isinstance(event, TurnSpoken)][-1]
    yield ""
    yield drawing.turn(last, view, translate)
    yield drawing.synthesis(closed, view, translate)


def _write(name: str, parts: Iterable[RenderableType]) -> None:
    console = Console(width=COLUMNS, color_system="truecolor", force_terminal=True)
    lines = console.render_lines(Group(*parts), pad=False)
    width, height = 2 * LEFT + COLUMNS * CELL, TOP + len(lines) * LINE + BOTTOM
    svg = SVG.format(
        width=width,
        height=height,
        inner_width=width - 2,
        inner_height=height - 2,
        middle=width / 2,
        font=FONT,
        ground=GROUND,
        frame=FRAME,
        body="\n".join(mark for row, line in enumerate(lines) for mark in _line(row, line)),
    )
    (HERE / name).write_text(svg, encoding="utf-8")


def _line(row: int, segments: Iterable[Segment]) -> Iterator[str]:
    top, column = TOP + row * LINE, 0
    for segment in segments:
        for kind, run in groupby(segment.text, _kind):
            text = "".join(run)
            place = LEFT + column * CELL, top
            if text.strip():
                yield _mark(kind, text, place, segment.style or Style.null())
            column += cell_len(text)


def _kind(char: str) -> str:
    """What is drawn as one: a wide character, a stroke, or a run of text."""
    return char if char in STROKES or cell_len(char) == 2 else "text"


def _mark(kind: str, text: str, place: tuple[float, float], style: Style) -> str:
    x, top = place
    colour = style.color.get_truecolor().hex if style.color and not style.color.is_default else INK
    look = f' opacity="{DIM}"' if style.dim else ""
    if kind in STROKES:
        thick = 4 if kind == "▎" else 1.5
        points = CELL_POINTS | ({"w": len(text) * CELL} if kind == "─" else {})
        path = STROKES[kind].format(**points)
        return (
            f'<path d="{path}" transform="translate({x:g} {top:g})" fill="none" '
            f'stroke="{colour}" stroke-width="{thick}"{look}/>'
        )
    look += ' font-weight="700"' if style.bold else ""
    look += ' font-style="italic"' if style.italic else ""
    indent = len(text) - len(text.lstrip())
    cells = cell_len(text.strip()) * CELL
    words = escape(text.strip()).replace(" ", "\N{NO-BREAK SPACE}")
    return (
        f'<text x="{x + indent * CELL:g}" y="{top + 18:g}" textLength="{cells:g}" '
        f'fill="{colour}"{look}>{words}</text>'
    )


if __name__ == "__main__":
    main()
