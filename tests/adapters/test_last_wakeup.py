"""A debate with work is never without a wake-up, whoever dies, leaves or comes late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_store import RedisStore
from engine.ports.store import StoreAway
from engine.ports.work import Busy, Claim, StaleClaim, Work
from tests.adapters.store_given import NOTE, append, claimed, taken

Workers = Callable[[str], RedisQueue]


async def comes_again(queue: RedisQueue) -> bool:
    """Whether, leases being over, somebody is woken and gets the claim."""
    for _ in range(12):
        for wakeup in await queue.take(5, 100):
            if isinstance(await queue.claim(wakeup), Claim):
                return True
    return False


async def test_a_worker_leaves_without_giving_back_what_it_claimed(
    store: RedisStore, debate: str, worker: Workers
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    await claimed(one)
    await one.leave()
    assert isinstance(await two.claim(await taken(two)), Busy)
    assert await comes_again(two)


async def test_an_append_that_was_on_its_way_lands_after_the_give_back(
    store: RedisStore, debate: str, worker: Workers
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    await one.release(claim)
    with pytest.raises(StaleClaim):
        await store.append(replace(append(debate, 1, NOTE, work=Work.HOLD), claim=claim))
    assert await comes_again(two)


async def test_a_worker_thaws_with_a_wakeup_that_others_have_done(
    store: RedisStore, debate: str, worker: Workers
) -> None:
    one, two, three = worker("one"), worker("two"), worker("three")
    await store.append(append(debate, 0, NOTE))
    old = await taken(one)
    claim = await claimed(two)
    await store.append(replace(append(debate, 1, NOTE), claim=claim))
    assert await one.claim(old) is None
    await taken(two)
    assert await comes_again(three)


async def test_a_write_sent_again_after_a_takeover_is_not_the_new_claims(
    store: RedisStore, debate: str, worker: Workers
) -> None:
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(worker("one"))
    write = replace(append(debate, 1, NOTE, work=Work.KEEP), claim=claim)
    await store.append(write)
    await claimed(worker("two"))
    with pytest.raises(StaleClaim):
        await store.append(write)


async def test_a_server_that_may_not_write_now_is_a_store_away(
    store: RedisStore, redis: Redis, debate: str
) -> None:
    await store.append(append(debate, 0, NOTE))
    await redis.config_set("min-replicas-to-write", 9)
    try:
        async with asyncio.timeout(10):
            with pytest.raises(StoreAway):
                await store.append(append(debate, 1, NOTE))
    finally:
        await redis.config_set("min-replicas-to-write", 0)
