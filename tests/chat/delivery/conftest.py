"""The bench that delivery is tried on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.chat.delivery.given import Bench
from tests.fakes.thread_server import ThreadServer


@pytest.fixture
async def bench(redis: Redis, shard: str) -> AsyncIterator[Bench]:
    async with ThreadServer.open() as server:
        yield Bench(redis, shard, server)
