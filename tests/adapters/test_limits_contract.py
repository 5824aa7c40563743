"""What `Limits` promises, on a real server: told waits hold for all, and rates are kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import ShardKeys
from engine.adapters.redis_limits import RedisLimits
from engine.ports.limits import Rate

POST = "slack/T1/chat.postMessage"
SLOW = Rate("slack/T1/C1", interval_s=60, burst=3)


@pytest.fixture
async def limits(redis: Redis, shard: str) -> AsyncIterator[RedisLimits]:
    yield RedisLimits(redis, shard=shard)
    await redis.delete(*await redis.keys(f"{ShardKeys(shard).root}:*"), "-")


async def until_admitted(limits: RedisLimits, rate: Rate | None = None, who: str = "") -> None:
    """Asks as callers do, for as long as they are told to."""
    async with asyncio.timeout(30):
        while wait_s := await limits.admit(POST, rate, who):  # noqa: ASYNC110 - as callers do
            await asyncio.sleep(wait_s)


async def test_a_call_that_is_held_off_is_so_for_every_process_and_no_other_call(
    limits: RedisLimits, redis: Redis, shard: str
) -> None:
    await limits.hold_off(POST, 30)
    other_process = RedisLimits(redis, shard=shard)
    assert 29 < await other_process.admit(POST) <= 30
    assert await other_process.admit("slack/T1/users.info") == 0
    assert await other_process.admit("slack/T2/chat.postMessage") == 0


async def test_a_shorter_wait_does_not_cut_a_longer_one_and_a_longer_one_extends_it(
    limits: RedisLimits,
) -> None:
    await limits.hold_off(POST, 30)
    await limits.hold_off(POST, 1)
    assert await limits.admit(POST) > 29
    await limits.hold_off(POST, 60)
    assert await limits.admit(POST) > 59


async def test_a_wait_is_over_when_it_was_said_to_be(limits: RedisLimits) -> None:
    await limits.hold_off(POST, 0.05)
    await until_admitted(limits)


async def test_a_burst_passes_at_once_and_then_one_each_interval(limits: RedisLimits) -> None:
    told = [await limits.admit(POST, SLOW, f"thread {n}") for n in range(6)]
    assert told[:3] == [0, 0, 0]
    assert told[3:] == [pytest.approx(60 * n, abs=5) for n in (1, 2, 3)]


async def test_whoever_waits_keeps_their_place(limits: RedisLimits) -> None:
    for n in range(3):
        await limits.admit(POST, SLOW, f"thread {n}")
    first = [await limits.admit(POST, SLOW, "first") for _ in range(3)]
    assert first == sorted(first, reverse=True), "asking again does not put one back"
    assert await limits.admit(POST, SLOW, "second") > first[0] + 50
    assert await limits.admit(POST, SLOW, "first") < 61


async def test_whoever_has_waited_passes_and_has_a_new_place_the_next_time(
    limits: RedisLimits,
) -> None:
    quick = Rate("slack/T1/C2", interval_s=0.2, burst=1)
    assert await limits.admit(POST, quick, "a") == 0
    assert await limits.admit(POST, quick, "b") > 0
    await until_admitted(limits, quick, "b")
    assert await limits.admit(POST, quick, "b") > 0


async def test_channels_do_not_wait_for_each_other(limits: RedisLimits) -> None:
    for n in range(4):
        await limits.admit(POST, SLOW, f"thread {n}")
    other = Rate("slack/T1/C2", SLOW.interval_s, SLOW.burst)
    assert await limits.admit(POST, other, "thread 3") == 0


async def test_a_call_that_is_held_off_costs_nothing_of_its_rate(limits: RedisLimits) -> None:
    await limits.hold_off(POST, 0.05)
    for _ in range(9):
        await limits.admit(POST, SLOW, "thread")
    await until_admitted(limits, SLOW, "thread")
    assert [await limits.admit(POST, SLOW, f"thread {n}") for n in range(2)] == [0, 0]


async def test_ten_processes_at_once_let_no_more_through_than_the_rate(
    redis: Redis, shard: str, limits: RedisLimits
) -> None:
    processes = [RedisLimits(redis, shard=shard) for _ in range(10)]
    told = await asyncio.gather(
        *(process.admit(POST, SLOW, f"thread {n}") for n, process in enumerate(processes))
    )
    assert sorted(told)[:4] == [0, 0, 0, pytest.approx(60, abs=5)]


async def test_without_an_interval_nobody_waits(limits: RedisLimits) -> None:
    free = Rate("slack/T1/C1", interval_s=0, burst=1)
    assert [await limits.admit(POST, free, "a") for _ in range(5)] == [0] * 5
