"""A rig, a desk and a fake model server for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from tests.chat.at_the_desk import AtTheDesk
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import Rig


@pytest.fixture
def rig(redis: Redis, shard: str) -> Rig:
    return Rig(redis, shard)


@pytest.fixture
def here(redis: Redis, shard: str) -> AtTheDesk:
    return AtTheDesk(redis, shard)


@pytest.fixture
async def fake() -> AsyncIterator[FakeModelServer]:
    async with FakeModelServer.open() as server:
        yield server
