"""kill -9 of bot processes between a post and its record: none is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
import random
import time
from itertools import pairwise

import pytest
from aiohttp import web

from engine.debate.events import TurnSpoken
from engine.panels.loader import load_panel
from tests.discordbot.club import voices_in
from tests.discordbot.processes import speaking_as, started
from tests.discordbot.rig import House, house
from tests.discordbot.stage import MESSAGES, WEBHOOK
from tests.fakes.discord.faults import Answer
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.screen import Seen
from tests.redis_server import RedisServer

pytestmark = pytest.mark.timeout(1_800)

KILLS = 50
"""Between a post and its record; others come on top."""
MOST_KILLS = 80
ROUNDS = 14
WINDOW_S = 0.6
"""How long Discord takes to answer a post that it has already shown."""
WITHIN_S = 120.0


class SlowAnswers:
    """A fault that every post meets: it stands there at once, and its answer comes later."""

    def __init__(self) -> None:
        self.window_s = WINDOW_S
        self.unheard = 0
        """Posts whose poster was gone by the time of the answer."""

    async def __call__(self, request: web.Request, answering: Answer) -> web.StreamResponse:
        response = answering()
        await asyncio.sleep(self.window_s)
        if request.transport is None or request.transport.is_closing():
            self.unheard += 1
        return response


@pytest.mark.parametrize("identity", ["webhook", "bots"])
async def test_bots_killed_between_post_and_record_lose_double_and_swap_nothing(
    identity: str,
    server: RedisServer,
    shard: str,
    redis: object,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dice, slow = random.Random(), SlowAnswers()  # noqa: S311
    began = time.monotonic()
    async with house(server, shard) as home:
        place = home.club
        voices = voices_in(place, load_panel("ai-en")) if identity == "bots" else {}
        posting = MESSAGES if voices else WEBHOOK
        place.discord.faults.plan(posting, *[slow] * 1_000, where=is_personas)
        thread: Channel | None = None
        kills = shown = 0
        while slow.unheard < KILLS:
            assert kills < MOST_KILLS
            async with started(home, **speaking_as(voices)) as process:
                thread = thread or await asked(home)
                await home.until(lambda: len(home.posts(thread)) > shown, WITHIN_S)  # noqa: B023
                await asyncio.sleep(dice.uniform(0, 1.1 * WINDOW_S))
                process.kill()
                await process.wait()
            kills, shown = kills + 1, len(home.posts(thread))
        assert thread is not None
        slow.window_s = 0.0
        async with started(home, **speaking_as(voices)):
            await home.until(lambda: any(s.files for s in place.ana.sees(thread)), WITHIN_S)
        await in_order(home, thread)
    with capsys.disabled():
        print(  # noqa: T201 - the figures are what this run is for
            f"\n{identity}: {kills} kills, {slow.unheard} of them between post and record;"
            f" {1 + 7 * ROUNDS} turns, each once and in order; {time.monotonic() - began:.0f} s"
        )


async def asked(home: House) -> Channel:
    """The thread of a debate that Ana asks for as soon as somebody listens."""
    place = home.club
    await home.until(lambda: place.discord.gateway.of(place.app), WITHIN_S)
    place.ana.says(place.general, f"@Panel debate Meet less? {ROUNDS} rounds panel=ai-en pace=live")
    return await home.a_thread()


async def in_order(home: House, thread: Channel) -> None:
    """Every turn of the log stands in the thread once, in order, and calls the next; one close."""
    turns = [event for event in await home.log() if isinstance(event, TurnSpoken)]
    assert len(turns) == 1 + 7 * ROUNDS
    posts = [seen for seen in home.posts(thread) if seen.author != "Panel"]
    assert [answer_in(seen) for seen in posts[:-1]] == [turn.answer for turn in turns]
    for spoken, following in pairwise(posts[:-1]):
        called = spoken.text.partition("> → ")[2].partition("\n")[0].strip("@*")
        assert called
        assert following.author.endswith(called)
    assert posts[-1].author == posts[0].author
    assert len([seen for seen in home.club.ana.sees(thread) if seen.files]) == 1


def answer_in(seen: Seen) -> str:
    return seen.text.partition("\n")[0]


def is_personas(args: dict[str, object]) -> bool:
    return "webhook" in args or ("nonce" in args and "components" not in args)
