"""When Slack is told that a payload arrived: once it is taken in, and never later than it waits.

Events that are not taken in by then stay without an answer, so that Slack sends them again; the
same event, sent again while it is still being taken in, waits for that. Commands and presses are
sent once only: whoever made them is told to try again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from bots.chat.background import Background
from bots.chat.desk import Answer
from bots.chat.i18n import translator
from engine.debate.panel import Language
from engine.ports.store import StoreAway

ANSWER_S = 2.5
"""Slack waits three seconds."""


class NotTaken(Exception):
    """The event is to be sent again."""


class Acking:
    """Takes payloads in, each in time."""

    def __init__(self, background: Background, answer_s: float = ANSWER_S) -> None:
        self._background, self.answer_s = background, answer_s
        self._taking: dict[str, asyncio.Task[None]] = {}

    async def event(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Returns once the event of this name is taken in.

        Raises:
            NotTaken
        """
        task = self._taking.get(name)
        if task is None:
            task = self._taking[name] = self._background.start(work())
            task.add_done_callback(lambda _: self._taking.pop(name, None))
        done, _ = await asyncio.wait({task}, timeout=self.answer_s)
        if not done or task.cancelled() or task.exception() is not None:
            raise NotTaken

    async def wish(
        self, work: Coroutine[Any, Any, Answer], language: Language, within_s: float | None = None
    ) -> Answer:
        """What a command or a press came to, or that it is to be made again."""
        try:
            async with asyncio.timeout(self.answer_s if within_s is None else within_s):
                return await work
        except (StoreAway, TimeoutError):
            translate = translator(language)
            return Answer(translate("That could not be done just now; try again in a moment."))
