"""Slack keeps what every surface promises to delivery."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_readers import RedisReaders
from engine.adapters.system_clock import SystemClock
from tests.chat.at_the_desk import AtTheDesk
from tests.chat.surface_contract import SurfaceContract
from tests.slackbot.office import Office
from tests.slackbot.stage import SlackStage


class TestSlackSurface(SurfaceContract):
    """On the local Slack."""

    @pytest.fixture
    async def stage(self, place: Office, redis: Redis, shard: str) -> AsyncIterator[SlackStage]:
        readers = RedisReaders(
            *(redis, SystemClock()), shard=shard, platform="slack", consumer="c", lease_ms=600
        )
        async with SlackStage.open(place, AtTheDesk(redis, shard).door, readers) as stage:
            yield stage
