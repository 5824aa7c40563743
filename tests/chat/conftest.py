"""A desk before the real engine for each test."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from tests.chat.at_the_desk import AtTheDesk


@pytest.fixture
def here(redis: Redis, shard: str) -> AtTheDesk:
    return AtTheDesk(redis, shard)
