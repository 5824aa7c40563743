"""Discord keeps what every surface promises to delivery, in both identities."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.chat.surface_contract import SurfaceContract
from tests.discordbot.club import Club
from tests.discordbot.stage import DiscordStage, Identity, stage_in
from tests.fakes.discord.applications import PRIVILEGED, Intent


class TestDiscordSurface(SurfaceContract):
    """On the local Discord, with and without the message-content intent."""

    @pytest.fixture(params=[PRIVILEGED, Intent(0)], ids=["content", "no-content"])
    def intents(self, request: pytest.FixtureRequest) -> Intent:
        intents: Intent = request.param
        return intents

    @pytest.fixture(params=["webhook", "bots"])
    async def stage(
        self,
        request: pytest.FixtureRequest,
        place: Club,
        intents: Intent,
        redis: Redis,
        shard: str,
    ) -> AsyncIterator[DiscordStage]:
        identity: Identity = request.param
        place.app.allowed = intents
        async with stage_in(place, redis, shard, identity) as stage:
            yield stage
