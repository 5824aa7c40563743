"""Slack keeps what every surface promises to delivery."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_limits import RedisLimits
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.system_clock import SystemClock
from tests.chat.at_the_desk import AtTheDesk
from tests.chat.logs import SEATS
from tests.chat.surface_contract import SurfaceContract
from tests.slackbot.apps import installed
from tests.slackbot.office import Office
from tests.slackbot.stage import SlackStage


@pytest.fixture
def readers(redis: Redis, shard: str) -> RedisReaders:
    return RedisReaders(
        *(redis, SystemClock()), shard=shard, platform="slack", consumer="c", lease_ms=600
    )


class TestSlackSurface(SurfaceContract):
    """On the local Slack, all personas by one app."""

    @pytest.fixture
    async def stage(
        self, place: Office, redis: Redis, shard: str, readers: RedisReaders
    ) -> AsyncIterator[SlackStage]:
        debates, limits = AtTheDesk(redis, shard).door, RedisLimits(redis, shard=shard)
        async with SlackStage.open(place, debates, readers, limits) as stage:
            yield stage


class TestSlackSurfaceOfApps(SurfaceContract):
    """On the local Slack, each persona by an app of its own."""

    @pytest.fixture
    async def stage(
        self, place: Office, redis: Redis, shard: str, readers: RedisReaders
    ) -> AsyncIterator[SlackStage]:
        debates, limits = AtTheDesk(redis, shard).door, RedisLimits(redis, shard=shard)
        apps = installed(place.slack, place.team, {seat.id: seat.name for seat in SEATS})
        async with SlackStage.open(place, debates, readers, limits, apps) as stage:
            yield stage
