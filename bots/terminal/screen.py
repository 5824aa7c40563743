"""A debate on the terminal, live as it is spoken; where that is no screen, turn by turn."""

from __future__ import annotations

from rich.console import Console, RenderableType
from rich.live import Live

from bots.chat.i18n import Translate
from bots.terminal import drawing
from bots.terminal.view import View
from bots.terminal.words import ModelNews, model_news, totals
from engine.debate.events import (
    DebateClosed,
    DebateStarted,
    MessageHeard,
    Record,
    TurnSpoken,
)
from engine.ports.live import LiveText

FRAMES_PER_S = 12


class Screen:
    """Shows one debate on a console; live where it is a terminal."""

    def __init__(self, console: Console, translate: Translate) -> None:
        self._console = console
        self._translate = translate
        self._view: View | None = None
        self._began_ms = 0
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
        self._view.take(event)
        self._print(item, self._view)
        self._draw_speaking()

    def close(self) -> None:
        """Leaves the terminal as it was found, what was said on it."""
        if self._live:
            self._live.update("")
            self._live.stop()

    def _print(self, record: Record, view: View) -> None:
        event, translate = record.event, self._translate
        match event:
            case DebateStarted():
                self._put(drawing.opening(view, translate))
            case TurnSpoken():
                self._put(drawing.turn(event, view))
            case MessageHeard():
                self._put(drawing.message(event))
            case DebateClosed():
                self._put(drawing.synthesis(event, view, translate))
                seconds = (record.at_ms - self._began_ms) / 1000
                self._put(drawing.note(totals(view, seconds, translate)))
            case _ if isinstance(event, ModelNews):
                if news := model_news(event, translate):
                    self._put(drawing.note(news))

    def _put(self, what: RenderableType) -> None:
        if self._live:
            self._live.update("")  # else a frame of it would stay above what is printed
        self._console.print(what)

    def _draw_speaking(self) -> None:
        if self._live and self._view:
            now = self._view.speaking
            self._live.update(drawing.speaking(now, self._view, self._translate) if now else "")
