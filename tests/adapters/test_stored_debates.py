"""A debate is kept as it stands, so that whoever takes it up need not fold its log."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import DebateKeys, new_debate_id
from engine.adapters.redis_places import RedisPlaces
from engine.adapters.redis_store import SINCE, RedisStore
from engine.adapters.system_clock import SystemClock
from engine.debate.commands import Erase, Say, StartDebate
from engine.debate.evolve import fold
from engine.debate.folded import EVERY
from engine.debate.state import Debate
from engine.ports.work import Work
from engine.runtime.door import Door
from tests.adapters.store_given import CLOSED, KEEP_MS, append
from tests.debate.given import ANA, HOME, PANEL


@pytest.fixture
def door(store: RedisStore, redis: Redis, shard: str) -> Door:
    return Door(store, SystemClock(), RedisPlaces(redis, shard=shard, keep_ms=KEEP_MS))


@pytest.fixture
async def debate(door: Door, shard: str) -> str:
    debate = new_debate_id(shard)
    await door.start(debate, StartDebate("Cats?", PANEL, by=ANA))
    return debate


async def talked(door: Door, debate: str, times: int) -> Debate:
    state = await door.load(debate)
    for n in range(times):
        handled = await door.handle(debate, state, Say(ANA, f"Word {n}.", message=f"m{n}"))
        state = handled.debate
    return state


async def whole(store: RedisStore, debate: str) -> Debate:
    return fold(None, (record.event for record in await store.load(debate)))


async def test_a_short_debate_is_not_kept_twice(door: Door, redis: Redis, debate: str) -> None:
    await talked(door, debate, 20)
    assert not await redis.exists(DebateKeys(debate).stands)


async def test_whoever_takes_a_long_debate_up_folds_its_end_only(
    door: Door, store: RedisStore, debate: str
) -> None:
    state = await talked(door, debate, 2 * EVERY + 10)
    stood, since = await store.latest(debate)
    assert stood is not None
    assert len(since) <= EVERY
    assert fold(stood, (record.event for record in since)) == state == await whole(store, debate)


async def test_what_another_version_kept_is_passed_over(
    door: Door, store: RedisStore, redis: Redis, debate: str
) -> None:
    state = await talked(door, debate, EVERY + 2 * SINCE)
    await redis.hset(DebateKeys(debate).stands, "shape", "another")
    stood, since = await store.latest(debate)
    assert stood is None
    assert len(since) == state.n
    assert await door.load(debate) == state


async def test_erased_words_are_in_nothing_that_is_kept(
    door: Door, redis: Redis, debate: str
) -> None:
    state = await talked(door, debate, EVERY + 1)
    stands = DebateKeys(debate).stands
    assert b"Word 7." in (await redis.hget(stands, "state") or b"")
    await door.handle(debate, state, Erase(ANA, "m7"))
    assert not await redis.exists(stands)
    assert (await door.load(debate)).n == state.n + 1


async def test_a_log_that_stood_still_since_is_not_read(
    door: Door, store: RedisStore, debate: str
) -> None:
    await talked(door, debate, EVERY - (await door.load(debate)).n)
    stood, since = await store.latest(debate)
    assert stood is not None
    assert stood.n == EVERY
    assert since == []


async def test_it_goes_when_the_debate_goes(
    door: Door, store: RedisStore, redis: Redis, debate: str
) -> None:
    state = await talked(door, debate, EVERY)
    close = replace(append(debate, state.n, CLOSED, work=Work.REST), closed=True, places=[HOME])
    await store.append(close)
    assert 0 < await redis.pttl(DebateKeys(debate).stands) <= KEEP_MS
