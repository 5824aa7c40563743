"""What `Limits` promises, on a real server: told waits hold for all, and rates are kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from engine.adapters import redis_limits
from engine.adapters.redis_keys import ShardKeys
from engine.adapters.redis_limits import RedisLimits
from engine.ports.limits import Rate

POST = "slack/T1/chat.postMessage"
SLOW = Rate("slack/T1/C1", most=3, within_s=60)


@pytest.fixture
async def limits(redis: Redis, shard: str) -> AsyncIterator[RedisLimits]:
    yield RedisLimits(redis, shard=shard)
    await redis.delete(*await redis.keys(f"{ShardKeys(shard).root}:*"), f"{{{shard}}}")


async def until_admitted(limits: RedisLimits, *rates: Rate, who: str = "") -> None:
    """Asks as callers do, for as long as they are told to."""
    async with asyncio.timeout(30):
        while wait_s := await limits.admit(POST, rates, who):  # noqa: ASYNC110 - as callers do
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


async def test_so_many_pass_at_once_and_as_many_more_when_these_do_not_count_any_more(
    limits: RedisLimits,
) -> None:
    told = [await limits.admit(POST, [SLOW], f"thread {n}") for n in range(8)]
    assert told == [0, 0, 0, *(pytest.approx(at, abs=5) for at in (60, 60, 60, 120, 120))]


async def test_whoever_waits_keeps_their_place(limits: RedisLimits) -> None:
    for n in range(5):
        await limits.admit(POST, [SLOW], f"thread {n}")
    first = [await limits.admit(POST, [SLOW], "first") for _ in range(3)]
    assert first == sorted(first, reverse=True), "asking again does not put one back"
    assert await limits.admit(POST, [SLOW], "second") > first[0] + 50
    assert await limits.admit(POST, [SLOW], "first") < 61


async def test_whoever_has_waited_passes_and_has_a_new_place_the_next_time(
    limits: RedisLimits,
) -> None:
    quick = Rate("slack/T1/C2", most=1, within_s=0.2)
    assert await limits.admit(POST, [quick], "a") == 0
    assert await limits.admit(POST, [quick], "b") > 0
    await until_admitted(limits, quick, who="b")
    assert await limits.admit(POST, [quick], "b") > 0


async def test_whoever_comes_much_too_late_has_a_new_place_and_leaves_no_gap(
    limits: RedisLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_limits, "LATE_MS", 0)
    pair = Rate("slack/T1/C2", most=2, within_s=0.5)
    for n in range(2):
        assert await limits.admit(POST, [pair], f"thread {n}") == 0
    late_s = await limits.admit(POST, [pair], "late")
    await asyncio.sleep(late_s + 0.05)
    await until_admitted(limits, pair, who="in between")
    assert await limits.admit(POST, [pair], "late") == 0, "there is room for two"


async def test_channels_do_not_wait_for_each_other(limits: RedisLimits) -> None:
    for n in range(4):
        await limits.admit(POST, [SLOW], f"thread {n}")
    other = replace(SLOW, name="slack/T1/C2")
    assert await limits.admit(POST, [other], "thread 3") == 0


async def test_a_call_by_two_rates_waits_for_the_one_that_has_room_last(
    limits: RedisLimits,
) -> None:
    workspace = Rate("slack/T1/chat.postMessage", most=4, within_s=300)
    for n in range(3):
        assert await limits.admit(POST, [SLOW, workspace], f"thread {n}") == 0
    assert await limits.admit(POST, [SLOW, workspace], "channel") == pytest.approx(60, abs=5)
    other = replace(SLOW, name="slack/T1/C2")
    assert await limits.admit(POST, [other, workspace], "other") == pytest.approx(300, abs=5)
    assert await limits.admit(POST, [SLOW, workspace], "channel") == pytest.approx(60, abs=5)
    assert await limits.admit(POST, [other], "card") == 0, "the other channel itself has room"


async def test_a_call_that_is_held_off_costs_nothing_of_its_rate(limits: RedisLimits) -> None:
    await limits.hold_off(POST, 0.05)
    for _ in range(9):
        await limits.admit(POST, [SLOW], "thread")
    await until_admitted(limits, SLOW, who="thread")
    assert [await limits.admit(POST, [SLOW], f"thread {n}") for n in range(2)] == [0, 0]


async def test_ten_processes_at_once_let_no_more_through_than_the_rate(
    redis: Redis, shard: str, limits: RedisLimits
) -> None:
    processes = [RedisLimits(redis, shard=shard) for _ in range(10)]
    told = await asyncio.gather(
        *(process.admit(POST, [SLOW], f"thread {n}") for n, process in enumerate(processes))
    )
    assert sorted(told)[:4] == [0, 0, 0, pytest.approx(60, abs=5)]


async def test_twenty_who_come_when_they_are_told_to_pass_no_faster_than_the_rates(
    limits: RedisLimits,
) -> None:
    within_s, passed_s = 0.3, []
    pair, both = Rate("C1", most=3, within_s=within_s), Rate("T1", most=5, within_s=within_s * 2)

    async def come(who: str) -> None:
        await until_admitted(limits, pair, both, who=who)
        passed_s.append(asyncio.get_running_loop().time())

    began_s = asyncio.get_running_loop().time()
    await asyncio.gather(*(come(f"thread {n}") for n in range(20)))
    assert passed_s[-1] - began_s >= 3 * 2 * within_s, "five, and five more each stretch"


async def test_without_a_length_nobody_waits(limits: RedisLimits) -> None:
    free = Rate("slack/T1/C1", most=1, within_s=0)
    assert [await limits.admit(POST, [free], "a") for _ in range(5)] == [0] * 5
