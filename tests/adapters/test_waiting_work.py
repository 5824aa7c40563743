"""Work that waits, rests, is nudged, and is taken away from whoever has it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from redis.asyncio import Redis

from engine.adapters.redis_keys import ShardKeys
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_store import RedisStore
from engine.ports.work import Work
from tests.adapters.store_given import NOTE, append, claimed


async def test_work_that_waits_is_not_claimed_before_its_time(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one = worker("one")
    await store.append(replace(append(debate, 0, NOTE), delay_ms=150))
    assert await one.take(1, 1) == []
    claim = await claimed(one)
    assert claim.debate == debate


async def test_a_nudge_lets_whoever_holds_the_debate_go_on(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one = worker("one")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    await store.append(append(debate, 1, NOTE, work=Work.NUDGE))
    assert await one.take(1, 1) == []
    held = await store.append(replace(append(debate, 2, NOTE, work=Work.HOLD), claim=claim))
    assert held.claim is not None


async def test_a_nudge_wakes_what_rests_and_what_waits(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one = worker("one")
    await store.append(append(debate, 0, NOTE, work=Work.REST))
    await store.append(append(debate, 1, NOTE, work=Work.NUDGE))
    await one.rest(await claimed(one), 2)
    await store.append(replace(append(debate, 2, NOTE), delay_ms=600_000))
    await store.append(append(debate, 3, NOTE, work=Work.NUDGE))
    await claimed(one)


async def test_a_rest_that_missed_an_event_is_a_wake_up(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one = worker("one")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    await store.append(append(debate, 1, NOTE, work=Work.NUDGE))
    await one.rest(claim, 1)
    await claimed(one)


async def test_whoever_loses_a_claim_is_told_at_once(
    store: RedisStore,
    redis: Redis,
    shard: str,
    debate: str,
    worker: Callable[[str], RedisQueue],
) -> None:
    one = worker("one")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        hearing = tasks.create_task(_first_loss(one))
        while not (await redis.pubsub_numsub(ShardKeys(shard).lost))[0][1]:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        await store.append(append(debate, 1, NOTE))
    assert hearing.result() == claim.owner


async def _first_loss(queue: RedisQueue) -> str:
    async for owner in queue.lost():
        return owner
    raise AssertionError("nothing more was heard")


async def test_a_rest_that_missed_a_nudge_keeps_the_nudges_time(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one = worker("one")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    await store.append(replace(append(debate, 1, NOTE, work=Work.NUDGE), delay_ms=600_000))
    await one.rest(claim, 1)
    assert await one.take(1, 1) == [], "a seat's reminder must not come at once"
