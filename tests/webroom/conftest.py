"""A house to open rooms in, for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.redis_server import RedisServer
from tests.webroom.rig import House, Room


@pytest.fixture
async def house(server: RedisServer, shard: str, redis: Redis) -> AsyncIterator[House]:
    """On the test's own shard."""
    async with House.built(server, shard) as built:
        yield built


@pytest.fixture
async def room(house: House) -> AsyncIterator[Room]:
    """A room with a worker."""
    async with house.room() as opened:
        yield opened
