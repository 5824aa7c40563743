"""The thinking status: of a turn that the thread awaits, wherever Slack takes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from redis.asyncio import Redis

from bots.chat.surface import Refused, RetryAfter
from bots.slackbot.parts import Parts
from bots.slackbot.thinking import AGAIN_S, REFUSED_S, Thinking, thinks
from bots.slackbot.workspaces import Origin
from engine.adapters.system_clock import SystemClock
from engine.debate.events import Place
from engine.debate.state import Debate
from tests.chat.at_the_desk import ANA, HOME, AtTheDesk, at

OTHER = Place("chat:T1", "general", "2.0")


class Later(SystemClock):
    """Jumps."""

    passed_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.passed_s


class Refusing:
    """Workspaces of which none shows anything."""

    def __init__(self, why: Exception) -> None:
        self.asked: list[Place] = []
        self.news = asyncio.Event()
        self._why = why

    async def at(self, place: Place) -> Parts:
        self.asked.append(place)
        self.news.set()
        raise self._why

    async def of(self, origin: Origin) -> Parts | None:
        raise AssertionError(origin)

    async def removed(self, origin: Origin) -> None:
        raise AssertionError(origin)

    async def ids(self) -> frozenset[str]:
        return frozenset()


@pytest.fixture
def here(redis: Redis, shard: str) -> AtTheDesk:
    return AtTheDesk(redis, shard)


@asynccontextmanager
async def running(shown: Thinking) -> AsyncIterator[None]:
    task = asyncio.create_task(shown.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def asked(shown: Thinking, workspaces: Refusing, debate: str, state: Debate) -> list[Place]:
    """Whose threads it was to be shown in, once this one's was."""
    assert state.started.home is not None
    workspaces.news.clear()
    shown.stands(debate, state.started.home, state)
    async with asyncio.timeout(30):
        await workspaces.news.wait()
    return workspaces.asked


async def test_a_refusal_is_remembered_for_a_while_and_not_for_ever(here: AtTheDesk) -> None:
    workspaces, clock = Refusing(Refused("not here")), Later()
    elsewhere = at(ANA, Place("chat:T1", "another", "2.0"))
    first, second = await here.started(), await here.started(asker=elsewhere)
    states = [await here.door.load(debate) for debate in (first, second)]
    shown = Thinking(workspaces, here.door, clock)
    async with running(shown):
        assert await asked(shown, workspaces, first, states[0]) == [HOME]
        shown.stands(first, HOME, states[0])
        told = await asked(shown, workspaces, second, states[1])
        assert told == [HOME, elsewhere.place], "here, it is not asked for again"
        clock.passed_s += REFUSED_S + 1
        assert await asked(shown, workspaces, first, states[0]) == [HOME, elsewhere.place, HOME]


async def test_it_is_not_shown_again_once_another_process_showed_more(here: AtTheDesk) -> None:
    workspaces, clock = Refusing(RetryAfter()), Later()
    first, second = await here.started(), await here.started(asker=at(ANA, OTHER))
    states = [await here.door.load(debate) for debate in (first, second)]
    shown = Thinking(workspaces, here.door, clock)
    async with running(shown):
        await asked(shown, workspaces, first, states[0])
        await asked(shown, workspaces, second, states[1])
        await here.desk.ask("pause", ANA)
        clock.passed_s += AGAIN_S + 1
        told = await asked(shown, workspaces, second, states[1])
        async with asyncio.timeout(30):
            while len(told) < 4:
                clock.passed_s += AGAIN_S + 1
                shown.stands(second, OTHER, states[1])
                await asyncio.sleep(0.01)
    assert told == [HOME, *[OTHER] * (len(told) - 1)]


async def test_nobody_thinks_in_a_thread_that_does_not_show_the_debate(here: AtTheDesk) -> None:
    state = await here.door.load(await here.started())
    assert thinks(state, HOME) == state.moderator
    assert thinks(state, OTHER) is None
