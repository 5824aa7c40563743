"""A debate's parts as things that rich can draw; the same on a live screen and on plain paper.

What personas and people write is put into `Text` as it is: brackets in it are no markup, and
control characters were taken out of it before it came here.
"""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from bots.chat.i18n import Translate
from bots.terminal.view import Speaking, View
from bots.terminal.words import LISTS, TITLES, ended, progress
from engine.debate.events import DebateClosed, MessageHeard, Seat, TurnSpoken
from engine.debate.text import clean

MOST_COLUMNS = 92
"""Longer lines are hard to read."""

MARKS = {"agreements": "✓", "disagreements": "≠", "open_questions": "?"}


class Barred:
    """Something with a coloured bar along its left."""

    def __init__(self, inner: RenderableType, colour: str) -> None:
        self._inner = inner
        self._style = Style(color=colour)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        inner = options.update(width=min(options.max_width, MOST_COLUMNS) - 4)
        for segments in console.render_lines(self._inner, inner, pad=False):
            yield Segment("  ")
            yield Segment("▎ ", self._style)
            yield from segments
            yield Segment.line()


def opening(view: View, translate: Translate) -> RenderableType:
    """Topic, cast and order."""
    arrow = Text.assemble((" → ", "dim"))
    order = arrow.join(_name(seat) for seat in view.started.seats)
    return Group(
        Text(),
        Padding(Text(clean(view.started.topic), style="bold"), (0, 2)),
        Padding(Text(progress(view, translate), style="dim"), (0, 2)),
        Padding(order, (0, 2), expand=False),
        Text(),
    )


def turn(spoken: TurnSpoken, view: View) -> RenderableType:
    """A turn, whole."""
    seat = view.seat(spoken.persona)
    asked = view.seat(spoken.next) if spoken.next else None
    body = _body(spoken.answer, spoken.question or "", asked)
    return Group(_heading(seat, spoken.turn, view), Barred(body, seat.colour), Text())


def speaking(now: Speaking, view: View, translate: Translate) -> RenderableType:
    """A turn as far as it has come."""
    text = {part: clean(words) for part, words in now.text.items()}
    heading = _heading(now.seat, now.turn, view)
    if not any(text.values()):
        waits = translate("is summing up …") if now.turn == 0 else translate("is thinking …")
        return Group(heading, Barred(Text(waits, style="dim italic"), now.seat.colour))
    answer = text.get("answer") or text.get("summary", "")
    asked = now.asked if text.get("question") else None
    return Group(heading, Barred(_body(answer, text.get("question", ""), asked), now.seat.colour))


def message(heard: MessageHeard) -> RenderableType:
    """What a person said."""
    author = Text(f"  💬 {clean(heard.author)}", style="bold")
    return Group(author, Barred(Text(clean(heard.text)), "default"), Text())


def synthesis(closed: DebateClosed, view: View, translate: Translate) -> RenderableType:
    """The close."""
    close = closed.synthesis
    parts: list[RenderableType] = [Text(close.summary)]
    for name in LISTS:
        items = getattr(close, name)
        if items:
            parts.append(Text(f"\n{translate(TITLES[name])}", style="bold"))
            parts += [_item(MARKS[name], item) for item in items]
    return Panel(
        Group(*parts),
        title=Text(f" {view.moderator.emoji} {translate('Synthesis')} ", style="bold"),
        subtitle=Text(f" {ended(closed, translate)} ", style="dim"),
        title_align="left",
        subtitle_align="left",
        border_style=Style(color=view.moderator.colour),
        padding=(1, 2),
        width=MOST_COLUMNS,
    )


def note(words: str) -> RenderableType:
    """Something said about the debate, not in it."""
    return Padding(Text(words, style="dim"), (0, 2, 1, 2))


def _heading(seat: Seat, number: int, view: View) -> Text:
    heading = Text("  ").append(_name(seat))
    if number:
        heading.append(f"  {number}/{max(view.turns_planned, number)}", style="dim")
    return heading


def _name(seat: Seat) -> Text:
    return Text(f"{seat.emoji} ").append(seat.name, style=Style(color=seat.colour, bold=True))


def _body(answer: str, question: str, asked: Seat | None) -> RenderableType:
    words = Text(answer)
    if not question:
        return words
    tag = Text.assemble(("→ ", "bold"))
    if asked:
        tag.append(_name(asked)).append("  ")
    return Group(words, Text(), tag.append(question, style="italic"))


def _item(mark: str, words: str) -> RenderableType:
    return Padding(Text(f"{mark} {words}"), (0, 0, 0, 1))
