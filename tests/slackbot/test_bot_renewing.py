"""A token that was renewed is kept, whatever happens between Slack's answer and the store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from engine.bootstrap import open_vault
from engine.settings import SecretsSettings
from tests.fakes.slack.faults import answers_after
from tests.redis_server import RedisServer
from tests.slackbot.test_bot_install import expire, renewals, stored
from tests.slackbot.test_bot_journeys import QUESTION
from tests.slackbot.town import KEY, Town, town


@pytest.fixture
async def rotating(
    server: RedisServer, shard: str, redis: object, unused_tcp_port: int
) -> AsyncIterator[Town]:
    async with town(server, shard, unused_tcp_port, rotates=True) as opened:
        yield opened


async def test_keys_that_change_during_a_renewal_lose_no_token(rotating: Town) -> None:
    """Its refresh token is used up by then, and there is no other."""
    place, answered = rotating.team("north"), asyncio.Event()
    async with rotating.bot():
        await place.installs()
        first = await expire(rotating, place, 3_600)
    rotating.home.slack.faults.plan("oauth.v2.access", answers_after(answered))
    async with rotating.bot():
        await place.admin.runs("/debate", QUESTION, place.general)
        await rotating.home.until(lambda: renewals(rotating))
        newer = SecretStr(Fernet.generate_key().decode())
        keys = SecretsSettings(keys=(newer, SecretStr(KEY)))
        settings = rotating.home.settings.model_copy(update={"secrets": keys})
        async with open_vault(settings) as vault:
            await vault.rotate()
        answered.set()
        rotating.home.settings = settings

        async def is_renewed() -> bool:
            found = await stored(rotating, place)
            return found is not None and found.token == place.installed.bot_token

        await rotating.home.until_async(is_renewed, True)
    assert renewals(rotating) == [first.refresh_token]
