"""What `WorkQueue` promises, on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import DebateKeys, ShardKeys
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_store import RedisStore
from engine.adapters.system_clock import SystemClock
from engine.ports.work import Busy, Claim, StaleClaim, Wakeup, Work
from tests.adapters.store_given import CLOSED, LEASE_MS, NOTE, append, claimed, taken


async def test_work_wakes_one_worker(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    assert (claim.debate, claim.epoch, claim.n, claim.watched) == (debate, 2, 1, False)
    assert await two.take(1, 10) == []


async def test_a_claim_gives_way_to_nobody_while_its_lease_lasts(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    wakeup = await taken(one)
    claim = await one.claim(wakeup)
    assert isinstance(claim, Claim)
    for _ in range(6):
        assert await one.renew([claim]) == [claim]
        assert isinstance(await two.claim(wakeup), Busy)
        assert await two.take(1, LEASE_MS // 4) == []


async def test_what_a_dead_worker_held_is_taken_over_and_its_late_commit_refused(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    lost = await claimed(one)
    claim = await claimed(two)
    assert claim.epoch > lost.epoch
    assert await one.renew([lost]) == []
    with pytest.raises(StaleClaim):
        await store.append(replace(append(debate, 1, NOTE), claim=lost))
    await store.append(replace(append(debate, 1, NOTE, work=Work.HOLD), claim=claim))
    assert len(await store.load(debate)) == 2


async def test_a_lease_that_ran_out_commits_as_long_as_nobody_took_over(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(worker("one"))
    await asyncio.sleep(LEASE_MS * 1.5 / 1000)
    await store.append(replace(append(debate, 1, NOTE, work=Work.HOLD), claim=claim))


async def test_a_held_debate_goes_on_under_the_next_epoch_without_the_queue(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    write = replace(append(debate, 1, NOTE, work=Work.HOLD), claim=claim)
    after = (await store.append(write)).claim
    assert after is not None
    assert (after.epoch, after.n) == (claim.epoch + 1, 2)
    assert await two.take(1, 10) == []
    assert (await store.append(write)).claim == after


async def test_a_hold_sent_again_after_a_takeover_does_not_pass_for_the_new_claim(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(worker("one"))
    write = replace(append(debate, 1, NOTE, work=Work.HOLD), claim=claim)
    await store.append(write)
    await claimed(worker("two"))
    with pytest.raises(StaleClaim):
        await store.append(write)


async def test_a_claim_sent_twice_is_one_claim(
    store: RedisStore, redis: Redis, debate: str, shard: str
) -> None:
    await store.append(append(debate, 0, NOTE))
    queue = RedisQueue(redis, SystemClock(), shard=shard, consumer="one", lease_ms=LEASE_MS)
    wakeup = await taken(queue)
    keys = [DebateKeys(debate).state, ShardKeys(shard).work, DebateKeys(debate).watched]
    args: list[str | int] = ["one:x", wakeup.entry, LEASE_MS, "workers"]
    answers = [await queue._claim(keys=keys, args=args) for _ in range(2)]
    assert answers[0] == answers[1]


async def test_a_command_that_changes_the_work_breaks_the_claim(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    await store.append(append(debate, 1, NOTE))
    assert await one.renew([claim]) == []
    assert (await claimed(two)).epoch > claim.epoch
    with pytest.raises(StaleClaim):
        await store.append(replace(append(debate, 2, NOTE), op="late", claim=claim))


async def test_a_command_that_changes_nothing_of_the_work_leaves_the_claim(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one = worker("one")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    await store.append(append(debate, 1, NOTE, work=Work.KEEP))
    assert await one.renew([claim]) == [claim]


async def test_a_debate_without_work_leaves_nothing_in_the_queue(
    store: RedisStore,
    redis: Redis,
    debate: str,
    shard: str,
    worker: Callable[[str], RedisQueue],
) -> None:
    one = worker("one")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    write = replace(append(debate, 1, CLOSED, work=Work.REST), claim=claim, closed=True)
    assert (await store.append(write)).claim is None
    assert await redis.xlen(ShardKeys(shard).work) == 0
    assert await one.claim(Wakeup(debate, claim.entry, 1)) is None


async def test_a_second_wakeup_for_a_held_debate_is_done_at_once(
    store: RedisStore,
    redis: Redis,
    debate: str,
    shard: str,
    worker: Callable[[str], RedisQueue],
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    await claimed(one)
    await redis.xadd(ShardKeys(shard).work, {"d": debate})
    assert isinstance(await two.claim(await taken(two)), Busy)
    assert await redis.xlen(ShardKeys(shard).work) == 1


async def test_work_given_back_is_there_for_others_at_once(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    await one.release(await claimed(one))
    assert (await claimed(two)).debate == debate


async def test_work_given_back_for_later_comes_later_and_once(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one = worker("one")
    await store.append(append(debate, 0, NOTE))
    await one.release(await claimed(one), delay_ms=150)
    assert await one.take(1, 50) == []
    assert (await claimed(one)).debate == debate
    assert await one.take(1, 50) == []


async def test_a_claim_given_back_while_its_append_was_unanswered_gives_the_work_back(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    await store.append(replace(append(debate, 1, NOTE, work=Work.HOLD), claim=claim))
    await one.release(claim)  # under the old epoch: the worker was stopped before the answer came
    assert (await two.take(1, 1_000))[0].debate == debate


async def test_a_late_give_back_leaves_the_new_holders_wakeup_alone(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one, two, three = worker("one"), worker("two"), worker("three")
    await store.append(append(debate, 0, NOTE))
    lost = await claimed(one)
    await claimed(two)
    await one.release(lost)
    assert (await claimed(three)).debate == debate, "what the second leaves behind is found too"


async def test_new_work_overtakes_a_timer(
    store: RedisStore,
    redis: Redis,
    debate: str,
    shard: str,
    worker: Callable[[str], RedisQueue],
) -> None:
    one = worker("one")
    await store.append(append(debate, 0, NOTE))
    await one.release(await claimed(one), delay_ms=60_000)
    await store.append(append(debate, 1, NOTE))
    assert await redis.zcard(ShardKeys(shard).timers) == 0
    assert (await claimed(one)).n == 2


async def test_deliveries_are_counted_when_workers_die_one_after_another(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    await store.append(append(debate, 0, NOTE))
    counts = [(await taken(worker(name))).deliveries for name in ("one", "two", "three")]
    assert counts == [1, 2, 3]


async def test_a_buried_wakeup_is_kept_as_a_dead_letter(
    store: RedisStore,
    redis: Redis,
    debate: str,
    shard: str,
    worker: Callable[[str], RedisQueue],
) -> None:
    one = worker("one")
    await store.append(append(debate, 0, NOTE))
    wakeup = await taken(one)
    for _ in range(2):
        await one.bury(wakeup, "kept failing")
    letters = cast(Any, await redis.xrange(ShardKeys(shard).dead))
    assert [fields for _, fields in letters] == [{b"d": debate.encode(), b"why": b"kept failing"}]
    assert await redis.xlen(ShardKeys(shard).work) == 0


async def test_who_leaves_gives_back_what_was_taken_and_not_claimed(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    await taken(one)
    await one.leave()
    assert (await two.take(1, 1_000))[0].debate == debate


async def test_the_last_to_leave_an_empty_shard_leaves_no_queue_behind(
    store: RedisStore,
    redis: Redis,
    debate: str,
    shard: str,
    worker: Callable[[str], RedisQueue],
) -> None:
    one, two = worker("one"), worker("two")
    await store.append(append(debate, 0, NOTE))
    claim = await claimed(one)
    await two.take(1, 1)
    await store.append(replace(append(debate, 1, CLOSED, work=Work.REST), claim=claim, closed=True))
    await one.leave()
    assert await redis.exists(ShardKeys(shard).work)
    await two.leave()
    assert not await redis.exists(ShardKeys(shard).work)
