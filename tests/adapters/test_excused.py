"""A delivery that fails because the store does is not held against its debate."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import new_debate_id
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_server import connect
from engine.adapters.redis_store import RedisStore
from engine.adapters.system_clock import SystemClock
from engine.ports.store import StoreAway
from engine.ports.work import Claim, Wakeup
from tests.adapters.store_given import KEEP_MS, LEASE_MS, NOTE, append
from tests.redis_server import redis_server

SHARD = "excused"
TIMES = 5


@pytest.fixture
async def own() -> AsyncIterator[Redis]:
    """A server of this test's own: it is to be full."""
    with redis_server() as server:
        client = connect(server.url)
        yield client
        await client.aclose()


async def taken_over(queue: RedisQueue) -> Wakeup:
    """The only wake-up there is, as soon as nobody has renewed it for a lease's time."""
    async with asyncio.timeout(30):
        while True:
            if found := await queue.take(1, LEASE_MS):
                return found[0]


async def test_a_store_that_is_full_brings_no_debate_nearer_to_its_burial(own: Redis) -> None:
    store = RedisStore(own, shard=SHARD, lease_ms=LEASE_MS, keep_ms=KEEP_MS)
    queue = RedisQueue(own, SystemClock(), shard=SHARD, consumer="one", lease_ms=LEASE_MS)
    await store.append(append(new_debate_id(SHARD), 0, NOTE))
    await taken_over(queue)
    await own.config_set("maxmemory", 1)
    for _ in range(TIMES):
        wakeup = await taken_over(queue)
        with pytest.raises(StoreAway):
            await queue.claim(wakeup)
        await queue.excuse(wakeup)
    await own.config_set("maxmemory", 0)
    wakeup = await taken_over(queue)
    assert wakeup.deliveries == 2
    assert isinstance(await queue.claim(wakeup), Claim)


async def test_what_another_worker_has_taken_meanwhile_is_not_excused(own: Redis) -> None:
    store = RedisStore(own, shard=SHARD, lease_ms=LEASE_MS, keep_ms=KEEP_MS)
    one, two, three = (
        RedisQueue(own, SystemClock(), shard=SHARD, consumer=name, lease_ms=LEASE_MS)
        for name in ("one", "two", "three")
    )
    await store.append(append(new_debate_id(SHARD), 0, NOTE))
    mine = await taken_over(one)
    assert (await taken_over(two)).deliveries == 2
    await one.excuse(mine)
    assert (await taken_over(three)).deliveries == 3
