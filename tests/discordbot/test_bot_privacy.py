"""What is for one person's eyes is shown to nobody else, and says whose it is where it must."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.discordbot.rig import House, house
from tests.discordbot.test_bot_journeys import QUESTION, count, ephemeral
from tests.fakes.discord.faults import refuses
from tests.redis_server import RedisServer

DIRECT = "POST /users/@me/channels"


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        await opened.publish()
        yield opened


@pytest.mark.parametrize("command", ["debate status", "debate export"])
async def test_that_there_is_nothing_to_show_is_said_to_who_asked_alone(
    home: House, command: str
) -> None:
    place = home.club
    async with home.bot():
        await place.luis.runs(place.app, command, place.general)
        await home.until(lambda: ephemeral(place.luis, place.general))
    assert ephemeral(place.luis, place.general) != []
    assert place.ana.sees(place.general) == []


async def test_what_is_for_all_to_see_is_and_nothing_is_left_that_waits(home: House) -> None:
    place = home.club
    home.speaker.hold(1)
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until(lambda: home.posts(thread))
        await place.luis.runs(place.app, "debate status", thread)
        await home.until(lambda: [s for s in place.ana.sees(thread) if "Turn 2 of 8" in s.text])
        await home.until(lambda: not [s for s in place.luis.sees(thread) if s.is_ephemeral])
        await place.luis.runs(place.app, "debate export", thread)
        await home.until(lambda: [s for s in place.ana.sees(thread) if s.files])
        home.speaker.go_on()


async def test_who_takes_no_messages_is_named_below_what_they_asked_about(home: House) -> None:
    place = home.club
    async with home.bot():
        place.ana.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        posts = await home.closed(thread)
        place.discord.faults.plan(DIRECT, refuses(50_007))
        place.luis.reacts(posts[1].message, "❓")

        def told() -> list[str]:
            seen = place.ana.sees(thread)
            return [s.text for s in seen if s.message.replied_to is posts[1].message]

        await home.until(told)
    assert told()[0].startswith("Luis, I could not write to you")
    assert place.luis.pings == []
    assert await count(home, "MessageHeard") == 0
