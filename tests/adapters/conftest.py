"""A store, its queue, and a debate's id on a test's own shard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import new_debate_id
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_store import RedisStore
from engine.adapters.system_clock import SystemClock
from tests.adapters.store_given import KEEP_MS, LEASE_MS


@pytest.fixture
def store(redis: Redis, shard: str) -> RedisStore:
    return RedisStore(redis, shard=shard, lease_ms=LEASE_MS, keep_ms=KEEP_MS)


@pytest.fixture
def debate(shard: str) -> str:
    return new_debate_id(shard)


@pytest.fixture
def worker(redis: Redis, shard: str) -> Callable[[str], RedisQueue]:
    def named(name: str) -> RedisQueue:
        return RedisQueue(redis, SystemClock(), shard=shard, consumer=name, lease_ms=LEASE_MS)

    return named
