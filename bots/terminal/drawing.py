"""A debate's parts as things that rich can draw; the same on a live screen and on plain paper.

What personas and people write is put into `Text` as it is: brackets in it are no markup, and
control characters are taken out of it, before it comes here or here.
"""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from bots.chat.i18n import Translate
from bots.chat.transcript.cleaning import named
from bots.terminal.view import Speaking, View
from bots.terminal.words import LISTS, TITLES, ended, marks, progress, waits
from engine.debate.events import (
    DebateClosed,
    MessageEdited,
    MessageHeard,
    Seat,
    SummaryGiven,
    Synthesis,
    TurnSpoken,
)
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


def turn(spoken: TurnSpoken, view: View, translate: Translate) -> RenderableType:
    """A turn, whole."""
    seat = view.seat(spoken.persona)
    asked = view.seat(spoken.next) if spoken.next else None
    heading = _heading(seat, spoken.turn, view)
    for mark in marks(spoken, view, translate):
        heading.append(f"  {mark}", style="dim italic")
    body = _body(spoken.answer, spoken.question or "", asked)
    body = body if spoken.answer else _taken_back(translate)
    return Group(heading, Barred(body, seat.colour), Text())


def speaking(now: Speaking, view: View, translate: Translate) -> RenderableType:
    """A turn as far as it has come."""
    heading = _heading(now.seat, now.turn, view)
    if view.debate.paused:
        heading.append(f"  {translate('paused')}", style="dim italic")
    body = _so_far(now)
    if body is None:
        body = Text(waits(now, view, translate), style="dim italic")
    return Group(heading, Barred(body, now.seat.colour))


def interrupted(broken_off: Speaking, view: View, translate: Translate) -> RenderableType:
    """What was heard of a turn that is not recorded."""
    heading = _heading(broken_off.seat, broken_off.turn, view)
    heading.append(f"  {translate('interrupted')}", style="dim italic")
    body = _so_far(broken_off) or Text()
    body.stylize("dim")
    return Group(heading, Barred(body, broken_off.seat.colour), Text())


def message(said: MessageHeard | MessageEdited, view: View, translate: Translate) -> RenderableType:
    """What a person said, or corrected."""
    name = named(said.author)
    if isinstance(said, MessageEdited):
        name = translate("{name} (edited)").format(name=name)
    heading = Text(f"  💬 {name}", style="bold")
    if isinstance(said, MessageHeard) and said.to:
        heading.append(" → ", style="dim").append(_name(view.seat(said.to)))
    words = Text(clean(said.text)) if said.text else _taken_back(translate)
    return Group(heading, Barred(words, "default"), Text())


def summary(given: SummaryGiven, view: View, translate: Translate) -> RenderableType:
    """The synthesis so far."""
    asker = view.call.answers if view.call else None
    asked = translate("asked for by {name}").format(name=named(asker)) if asker else ""
    title = translate("The synthesis so far")
    return Group(_synthesis(given.synthesis, view, title, asked, translate), Text())


def synthesis(closed: DebateClosed, view: View, translate: Translate) -> RenderableType:
    """The close."""
    why = ended(closed, view, translate)
    return _synthesis(closed.synthesis, view, translate("Synthesis"), why, translate)


def note(words: str) -> RenderableType:
    """Something said about the debate, not in it."""
    return Padding(Text(words, style="dim"), (0, 2))


def _synthesis(
    said: Synthesis, view: View, title: str, below: str, translate: Translate
) -> RenderableType:
    parts: list[RenderableType] = [Text(said.summary)]
    for name in LISTS:
        items = getattr(said, name)
        if items:
            parts.append(Text(f"\n{translate(TITLES[name])}", style="bold"))
            parts += [_item(MARKS[name], item) for item in items]
    return Panel(
        Group(*parts),
        title=Text(f" {view.moderator.emoji} {title} ", style="bold"),
        subtitle=Text(f" {below} ", style="dim") if below else None,
        title_align="left",
        subtitle_align="left",
        border_style=Style(color=view.moderator.colour),
        padding=(1, 2),
        width=MOST_COLUMNS,
    )


def _heading(seat: Seat, number: int, view: View) -> Text:
    heading = Text("  ").append(_name(seat))
    if number:
        heading.append(f"  {number}/{max(view.turns_planned, number)}", style="dim")
    return heading


def _name(seat: Seat) -> Text:
    return Text(f"{seat.emoji} ").append(seat.name, style=Style(color=seat.colour, bold=True))


def _so_far(now: Speaking) -> Text | None:
    """What was heard; `None`: nothing yet."""
    text = {part: clean(words) for part, words in now.text.items()}
    if not any(text.values()):
        return None
    answer = text.get("answer") or text.get("summary", "")
    asked = now.asked if text.get("question") else None
    return _body(answer, text.get("question", ""), asked)


def _taken_back(translate: Translate) -> Text:
    return Text(translate("These words were taken back."), style="dim italic")


def _body(answer: str, question: str, asked: Seat | None) -> Text:
    words = Text(answer)
    if not question:
        return words
    words.append("\n\n").append("→ ", style="bold")
    if asked:
        words.append(_name(asked)).append("  ")
    return words.append(question, style="italic")


def _item(mark: str, words: str) -> RenderableType:
    return Padding(Text(f"{mark} {words}"), (0, 0, 0, 1))
