"""A debate that was asked for begins, whoever dies over it, and people know why one does not."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from bots.discordbot.bot import open_bot
from tests.discordbot.rig import HASTY, House, house
from tests.discordbot.test_bot_journeys import QUESTION
from tests.discordbot.test_bot_opening import THREADS
from tests.fakes.discord.faults import answers_after
from tests.fakes.discord.permissions import Permission
from tests.redis_server import RedisServer


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


@contextlib.asynccontextmanager
async def doomed(home: House) -> AsyncIterator[None]:
    """A bot that does nothing more, and says nothing more, from the block's end on."""
    async with open_bot(home.settings, HASTY) as bot:
        running = asyncio.create_task(bot.run())
        await home.until(lambda: bot.ailing() is None)
        yield
        running.cancel()
        await asyncio.wait([running])
        await bot._parts.background.close(0)


async def test_a_debate_asked_for_by_mention_begins_though_its_bot_dies_over_the_thread(
    home: House,
) -> None:
    place, never = home.club, asyncio.Event()
    place.discord.faults.plan(THREADS, answers_after(never))
    async with doomed(home):
        place.luis.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
    assert await home.debates.recent(9) == []
    async with home.bot():
        assert len(await home.closed(thread)) == 9
    never.set()
    assert home.threads() == [thread]


async def test_where_the_bot_may_make_no_webhook_its_thread_says_so_once(home: House) -> None:
    place = home.club
    place.discord.overwrite(place.general, place.app.user, deny=Permission.MANAGE_WEBHOOKS)
    async with home.bot():
        place.luis.says(place.general, f"@Panel debate {QUESTION}")
        thread = await home.a_thread()
        await home.until(lambda: home.posts(thread))
        place.luis.says(thread, "@Panel status")
        await home.until(lambda: len(home.posts(thread)) == 2)
        place.discord.overwrite(place.general, place.app.user)
        posts = await home.closed(thread)
    assert [seen.author for seen in posts].count("🧭 Coordinator") == 2
    told = [seen.text for seen in posts if seen.text.startswith("-# The bot lacks")]
    assert len(told) == 1
