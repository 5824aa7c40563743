"""A store, its queue, and a debate's id on a test's own shard: of one server, and of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import new_debate_id
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_store import RedisStore
from engine.adapters.system_clock import SystemClock
from tests.adapters.store_given import KEEP_MS, LEASE_MS
from tests.redis_cluster import RedisCluster, redis_cluster
from tests.redis_server import RedisServer


@pytest.fixture(scope="package")
def lasting_cluster() -> Iterator[RedisCluster]:
    """One cluster for all these tests: none of them may harm it."""
    with redis_cluster() as formed:
        yield formed


@pytest.fixture(params=["server", "cluster"])
def redis_url(request: pytest.FixtureRequest, server: RedisServer) -> str:
    """What an adapter promises, it promises of both."""
    if request.param == "server":
        return server.url
    formed: RedisCluster = request.getfixturevalue("lasting_cluster")
    return formed.url


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
