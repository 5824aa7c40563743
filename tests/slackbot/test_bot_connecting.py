"""A bot that cannot open its socket says why, and ends when it is told to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bots.chat.surface import Refused
from bots.slackbot.bot import open_bot
from tests.fakes.slack.faults import fails, refuses
from tests.redis_server import RedisServer
from tests.slackbot.rig import HASTY, House, house
from tests.slackbot.test_bot_faults import slow


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard, speaks=False) as opened:
        yield opened


async def test_an_app_token_that_slack_does_not_take_is_told_of(home: House) -> None:
    home.slack.faults.plan("apps.connections.open", refuses("invalid_auth"))
    async with open_bot(home.settings, HASTY) as bot, asyncio.timeout(30):
        with pytest.raises(ExceptionGroup) as raised:
            await bot.run()
    assert raised.group_contains(Refused, match="does not accept the app's token")


async def test_a_bot_that_cannot_connect_ends_when_it_is_told_to(home: House) -> None:
    home.slack.faults.plan("apps.connections.open", *[fails()] * 1_000)
    async with open_bot(home.settings, HASTY) as bot:
        running = asyncio.create_task(bot.run())
        await home.until(lambda: len(home.slack.trace.calls("apps.connections.open")) >= 2)
        bot.stop()
        async with asyncio.timeout(30):
            await running


async def test_a_command_that_is_being_done_at_the_stop_is_answered(home: House) -> None:
    home.slack.faults.plan("users.info", slow(1.0))
    async with open_bot(home.settings, HASTY) as bot:
        running = asyncio.create_task(bot.run())
        await home.until(lambda: bot.ailing() is None)
        asking = asyncio.create_task(home.luis.runs("/debate", "help", home.general))
        await home.until(lambda: home.slack.trace.calls("users.info"))
        bot.stop()
        outcome = await asking
        await running
    assert outcome.is_acknowledged
    assert "Write a topic" in home.luis.sees(home.general)[0].text
