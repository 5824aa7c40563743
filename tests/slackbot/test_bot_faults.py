"""Each fault in the middle of a debate: all turns stand there once, all that is said is heard once.

More of them stand in `test_bot_going_wrong`: one kind of lost answer after the other, and kills.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
from aiohttp import web

from engine.debate.events import MessageHeard
from tests.fakes.slack.faults import (
    Answer,
    Fault,
    breaks_off,
    fails,
    fails_after,
    loses_answer,
    rate_limits,
)
from tests.fakes.slack.timing import Timing as SlackTiming
from tests.redis_server import RedisServer
from tests.slackbot.rig import HASTY, House, house
from tests.slackbot.test_bot_going_wrong import in_order, silent
from tests.slackbot.test_bot_journeys import QUESTION

SILENCE_S = 3.0
"""Longer than a listener waits before it leaves an event unacknowledged."""
SOON = SlackTiming(retries_s=(0.0, 0.3, 1.0, 3.0))


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard, waits=SOON) as opened:
        yield opened


def slow(seconds: float) -> Fault:
    """The call takes effect, and is answered, after so long."""

    async def fault(_request: web.Request, answer: Answer) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return answer()

    return fault


def late(home: House, seconds: float) -> Fault:
    """The connection breaks; the call takes effect all the same, after so long."""

    async def fault(request: web.Request, answer: Answer) -> web.StreamResponse:
        landing = asyncio.Event()
        asyncio.get_running_loop().call_later(seconds, landing.set)
        return await home.slack.faults.lands_later(landing)(request, answer)

    return fault


async def heard(home: House) -> list[str]:
    """What people said, as the debate's log has it."""
    (listed,) = await home.debates.recent(1)
    events = [record.event for record in await home.debates.records(listed.debate)]
    return [event.text for event in events if isinstance(event, MessageHeard)]


async def begins(home: House, turns: int) -> str:
    """A debate that is held up after so many turns; its thread."""
    home.speaker.hold(turns)
    await home.ana.runs("/debate", QUESTION, home.general)
    await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == turns)
    return home.card().ts


def by_the_app(home: House) -> None:
    """The debate is whole, whatever people said in between."""
    in_order([seen for seen in home.thread() if seen.is_app])


async def test_slow_answers_and_posts_that_land_late_double_nothing(home: House) -> None:
    bad = (slow(0.5), late(home, 0.5), slow(0.5), late(home, 0.5))
    home.slack.faults.plan("chat.postMessage", *bad, where=lambda a: a.get("thread_ts"))
    async with home.bot(replace(HASTY, lands_within=2.0)):
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.closed()
    by_the_app(home)
    assert home.slack.faults.pending == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_storm_of_faults_doubles_and_loses_nothing(home: House, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same storm at every run
    kinds: list[Callable[[], Fault]] = [
        breaks_off,
        fails,
        fails_after,
        loses_answer,
        rate_limits,
        lambda: slow(0.2),
    ]
    storm = [dice.choice(kinds)() for _ in range(14)]
    in_thread = home.slack.faults
    in_thread.plan("chat.postMessage", *storm, where=lambda a: a.get("thread_ts"))
    in_thread.plan("conversations.replies", fails(), breaks_off())
    in_thread.plan("chat.update", *[dice.choice(kinds)() for _ in range(3)])
    async with home.bot():
        home.slack.deliveries.double(9)
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.closed()
    by_the_app(home)
    assert home.slack.faults.pending <= 10, "most of them were met"


async def test_events_that_come_twice_and_the_wrong_way_round_are_each_heard_once(
    home: House,
) -> None:
    async with home.bot():
        root = await begins(home, 2)
        home.slack.deliveries.turn_round(3)
        for words in ("One.", "Two.", "Three."):
            home.luis.says(home.general, words, thread=root)
        home.slack.deliveries.double(2)
        for words in ("Four.", "Five."):
            home.luis.says(home.general, words, thread=root)
        await home.slack.deliveries.settle()
        assert sorted(await heard(home)) == sorted(["One.", "Two.", "Three.", "Four.", "Five."])
        home.speaker.go_on()
        await home.closed()
    by_the_app(home)


async def test_dropped_sockets_lose_nothing_that_is_said(home: House) -> None:
    async with home.bot():
        root = await begins(home, 2)
        sockets, app = home.slack.sockets, home.installed.app
        for words in ("Said while no socket was open.", "And again."):
            for connection in list(sockets.connections(app)):
                await sockets.drop(connection)
            home.luis.says(home.general, words, thread=root)
            await home.until(lambda: len(sockets.connections(app)) == 2)
        await sockets.refresh(app)
        home.luis.says(home.general, "Said during a refresh.", thread=root)
        said = ["Said while no socket was open.", "And again.", "Said during a refresh."]

        async def is_all_heard() -> bool:
            return sorted(await heard(home)) == sorted(said)

        await home.until_async(is_all_heard, True)
        home.speaker.go_on()
        await home.closed()
        assert sorted(await heard(home)) == sorted(said), "once each"
    by_the_app(home)


async def test_a_silent_redis_holds_a_debate_up_and_loses_nothing(
    home: House, server: RedisServer
) -> None:
    async with home.bot():
        root = await begins(home, 2)
        with silent(server):
            home.speaker.go_on(1)
            home.luis.says(home.general, "Is this thing on?", thread=root)
            event = home.slack.deliveries.all[-1]
            await asyncio.sleep(SILENCE_S)
            assert not event.is_heard, "Slack is not told that it was taken"
        await home.until(lambda: event.is_heard)
        assert await heard(home) == ["Is this thing on?"]
        home.speaker.go_on()
        await home.closed()
        assert await heard(home) == ["Is this thing on?"]
    by_the_app(home)
