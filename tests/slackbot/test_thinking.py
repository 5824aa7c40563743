"""The thinking status: where Slack refuses it, it is left for a while, and then tried again."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bots.chat.surface import Refused
from bots.slackbot.parts import Parts
from bots.slackbot.thinking import REFUSED_S, Thinking
from bots.slackbot.workspaces import Origin
from engine.adapters.system_clock import SystemClock
from engine.debate.events import Place
from tests.debate.given import after, start

HERE = Place("slack:T1", "C1", "1.1")


class Later(SystemClock):
    """Jumps."""

    passed_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.passed_s


class Refusing:
    """Workspaces of which none shows anything."""

    def __init__(self) -> None:
        self.asked: list[Place] = []
        self.news = asyncio.Event()

    async def at(self, place: Place) -> Parts:
        self.asked.append(place)
        self.news.set()
        raise Refused("not here")

    async def of(self, origin: Origin) -> Parts | None:
        raise AssertionError(origin)

    async def removed(self, origin: Origin) -> None:
        raise AssertionError(origin)

    async def ids(self) -> frozenset[str]:
        return frozenset()


async def test_a_refusal_is_remembered_for_a_while_and_not_for_ever() -> None:
    workspaces, clock = Refusing(), Later()
    shown, elsewhere = Thinking(workspaces, clock), Place("slack:T1", "C2", "1.1")
    running = asyncio.create_task(shown.run())

    async def asked(place: Place) -> list[Place]:
        shown.stands(place, after(start()))
        async with asyncio.timeout(30):
            await workspaces.news.wait()
        workspaces.news.clear()
        return workspaces.asked

    try:
        assert await asked(HERE) == [HERE]
        shown.stands(HERE, after(start()))
        assert await asked(elsewhere) == [HERE, elsewhere], "here, it is not asked for again"
        clock.passed_s += REFUSED_S + 1
        assert await asked(HERE) == [HERE, elsewhere, HERE]
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
