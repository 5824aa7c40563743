"""A debate on the terminal, live as it is spoken; where that is no screen, turn by turn."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.live import Live

from bots.chat.i18n import Translate
from bots.terminal import drawing
from bots.terminal.view import View
from bots.terminal.words import news, totals
from engine.debate.events import (
    DebateClosed,
    DebateStarted,
    MessageEdited,
    MessageHeard,
    Record,
    SummaryGiven,
    TurnSpoken,
)
from engine.debate.state import Debate
from engine.ports.live import LiveText

FRAMES_PER_S = 12


class Screen:
    """Shows one debate on a console; live where it is a terminal."""

    def __init__(self, console: Console, translate: Translate) -> None:
        self._console = console
        self._translate = translate
        self._view: View | None = None
        self._began_ms = 0
        self._noted = False
        """Whether the last thing printed was a note; notes in a row stand close together."""
        self._live: Live | None = None
        if console.is_terminal:
            self._live = Live(console=console, transient=True, refresh_per_second=FRAMES_PER_S)
            self._live.start()

    def show(self, item: Record | LiveText) -> None:
        """Takes in one more record or piece of live text."""
        if isinstance(item, LiveText):
            if self._view and self._view.speaking and self._view.speaking.hear(item):
                self._draw_speaking()
            return
        event = item.event
        if isinstance(event, DebateStarted):
            self._view, self._began_ms = View(event), item.at_ms
        assert self._view is not None  # noqa: S101 - a log begins with DebateStarted
        before = self._view.debate
        self._view.take(event)
        if self._live and self._view.interrupted:  # on paper nothing of it was read
            broken_off = self._view.interrupted
            self._put(drawing.interrupted(broken_off, self._view, self._translate))
        self._print(item, self._view, before)
        self._draw_speaking()

    def close(self) -> None:
        """Leaves the terminal as it was found, what was said on it."""
        if self._live:
            self._live.update("")
            self._live.stop()
        if self._noted:
            self._console.print()

    def _print(self, record: Record, view: View, before: Debate) -> None:
        event, translate = record.event, self._translate
        match event:
            case DebateStarted():
                self._put(drawing.opening(view, translate))
            case TurnSpoken():
                self._put(drawing.turn(event, view, translate))
            case MessageHeard() | MessageEdited():
                self._put(drawing.message(event, view, translate))
            case SummaryGiven():
                self._put(drawing.summary(event, view, translate))
            case DebateClosed():
                self._put(drawing.synthesis(event, view, translate))
                seconds = (record.at_ms - self._began_ms) / 1000
                self._note(totals(view, seconds, translate))
            case _:
                if line := news(event, before, view.debate, translate):
                    self._note(line)

    def _put(self, what: RenderableType) -> None:
        self._clear()
        if self._noted:
            self._console.print()
        self._noted = False
        self._console.print(what)

    def _note(self, line: str) -> None:
        self._clear()
        self._noted = True
        self._console.print(drawing.note(line))

    def _clear(self) -> None:
        if self._live:
            self._live.update("")  # else a frame of it would stay above what is printed

    def _draw_speaking(self) -> None:
        if self._live is None or self._view is None:
            return
        now = self._view.speaking
        shown = drawing.speaking(now, self._view, self._translate) if now else ""
        self._live.update(Group("", shown) if now and self._noted else shown)
