"""When Slack is told that a payload arrived: once it is taken in, and never later than it waits.

Events of one thread are taken in one after the other, as they came. What is not taken in by then
stays without an answer, so that Slack sends it again; the same event, sent again while it is still
being taken in, waits for that. Commands, presses and forms are sent once only: what takes longer is
done all the same, and whoever made them is told then what came of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from bots.chat.background import Background
from bots.chat.desk import Answer
from bots.chat.i18n import translator
from bots.chat.in_order import InOrder, NotTaken, Work
from engine.debate.explained import marked as _
from engine.debate.panel import Language
from engine.ports.clock import Clock
from engine.ports.store import StoreAway

ANSWER_S = 2.5
"""Slack waits three seconds."""
LATER = _("That could not be done just now; try again in a moment.")
STILL = _("That takes longer than usual; if nothing has come of it in a minute, try again.")

log = structlog.get_logger()


class Overflow(NotTaken):
    """Too much waits in its lane: nobody here sees to it."""


class Acking:
    """Takes payloads in, each in time."""

    def __init__(self, background: Background, clock: Clock, answer_s: float = ANSWER_S) -> None:
        self._background, self.answer_s = background, answer_s
        self._lanes = InOrder(background, clock)
        self._taking: dict[str, asyncio.Future[bool]] = {}

    async def event(self, name: str, lane: str, work: Work) -> None:
        """Returns once the event of this name is taken in, after those before it in its lane.

        Raises:
            NotTaken: not by now; unless it is `Overflow`, or its work said so, it will be.
        """
        taking = self._taking.get(name) or self.put(lane, work)
        if taking is None:
            raise Overflow
        if name not in self._taking:
            self._taking[name] = taking
            taking.add_done_callback(lambda _: self._taking.pop(name, None))
        done, _waiting = await asyncio.wait({taking}, timeout=self.answer_s)
        if not done or taking.cancelled() or not taking.result():
            raise NotTaken

    def put(self, lane: str, work: Work) -> asyncio.Future[bool] | None:
        """See `InOrder.put`."""
        return self._lanes.put(lane, work)

    async def wish(
        self,
        work: Coroutine[Any, Any, Answer],
        language: Language,
        late: Callable[[Answer], None],
        within_s: float | None = None,
    ) -> Answer | None:
        """What a command, a press or a form came to; `None`: it is still being done.

        `late` is called then, once that has come to something.
        """
        answers: list[Answer] = []
        is_late = False

        async def do() -> None:
            answer = await _done(work, language)
            if is_late:
                late(answer)
            else:
                answers.append(answer)

        doing = self._background.start(do())
        await asyncio.wait({doing}, timeout=self.answer_s if within_s is None else within_s)
        if not doing.done() or doing.cancelled():
            is_late = True
            return None
        doing.result()
        return answers[0]


async def _done(work: Coroutine[Any, Any, Answer], language: Language) -> Answer:
    try:
        return await work
    except StoreAway as error:
        log.warning("store.away", error=str(error))
        return Answer(translator(language)(LATER))


def still(language: Language) -> Answer:
    """What whoever waits for something is told meanwhile."""
    return Answer(translator(language)(STILL))
