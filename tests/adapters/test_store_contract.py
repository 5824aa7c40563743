"""What `DebateStore` promises, on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import DebateKeys, ShardKeys, new_debate_id
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_store import RedisStore
from engine.debate.events import (
    Event,
    MaterialAdded,
    MessageEdited,
    MessageErased,
    MessageHeard,
    Person,
    Record,
)
from engine.ports.live import LiveText
from engine.ports.store import AlreadyTaken, Conflict, UnknownDebate
from engine.ports.work import Work
from tests.adapters.store_given import CLOSED, KEEP_MS, NOTE, append, claimed


async def test_what_is_appended_is_loaded_in_order(store: RedisStore, debate: str) -> None:
    await store.append(append(debate, 0, NOTE, NOTE))
    await store.append(append(debate, 2, NOTE, work=Work.KEEP))
    records = await store.load(debate)
    assert [record.n for record in records] == [1, 2, 3]
    assert records[0] == Record(1, 1_001, NOTE)
    assert await store.load(debate, after=2) == records[2:]
    assert await store.load(debate, after=3) == []


async def test_an_unknown_debate_is_an_error_not_an_empty_log(
    store: RedisStore, debate: str
) -> None:
    for after in (0, 5):
        with pytest.raises(UnknownDebate):
            await store.load(debate, after)


async def test_whoever_appends_behind_the_log_is_told_so(store: RedisStore, debate: str) -> None:
    await store.append(append(debate, 0, NOTE, NOTE))
    with pytest.raises(Conflict):
        await store.append(replace(append(debate, 1, NOTE), op="other"))
    assert len(await store.load(debate)) == 2


async def test_of_many_appends_at_once_one_wins(store: RedisStore, debate: str) -> None:
    await store.append(append(debate, 0, NOTE))
    writes = [replace(append(debate, 1, NOTE), op=f"w{n}") for n in range(20)]
    results = await asyncio.gather(*map(store.append, writes), return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in results) == 19
    assert len(await store.load(debate)) == 2


async def test_an_append_sent_twice_lands_once(store: RedisStore, debate: str) -> None:
    for _ in range(2):
        await store.append(append(debate, 0, NOTE, NOTE))
    await store.append(append(debate, 2, NOTE, work=Work.KEEP))
    await store.append(append(debate, 0, NOTE, NOTE))
    assert len(await store.load(debate)) == 3


async def test_the_panel_is_kept_beside_the_debates_that_use_it(
    store: RedisStore, debate: str, shard: str
) -> None:
    await store.append(append(debate, 0, NOTE))
    assert await store.panel(debate, "h") == b"cast"
    with pytest.raises(KeyError):
        await store.panel(debate, "other")


async def test_a_closed_debate_expires_and_its_panel_with_the_last_that_used_it(
    store: RedisStore, redis: Redis, shard: str
) -> None:
    one, two = new_debate_id(shard), new_debate_id(shard)
    panel = ShardKeys(shard).panel("h")
    for debate in (one, two):
        await store.append(append(debate, 0, NOTE))
    await store.append(replace(append(one, 1, CLOSED, work=Work.REST), closed=True))
    assert 0 < await redis.pttl(DebateKeys(one).log) <= KEEP_MS
    assert 0 < await redis.pttl(DebateKeys(one).state) <= KEEP_MS
    assert await redis.pttl(DebateKeys(two).log) == -1
    assert await redis.pttl(panel) == -1
    await store.append(replace(append(two, 1, CLOSED, work=Work.REST), closed=True))
    assert 0 < await redis.pttl(panel) <= KEEP_MS


async def test_a_follower_gets_what_was_and_what_comes_and_is_noticed(
    store: RedisStore, debate: str, worker: Callable[[str], RedisQueue]
) -> None:
    await store.append(append(debate, 0, NOTE))
    follower = store.follow(debate)
    async with asyncio.timeout(5):
        assert await anext(follower) == Record(1, 1_001, NOTE)
        assert (await claimed(worker("one"))).watched
        coming = asyncio.ensure_future(anext(follower))  # noqa: TID251 - one read ahead
        piece = LiveText(1, "ada", 2, 1, "answer", 0, "Wor")
        await asyncio.sleep(0.05)
        await store.write(debate, [piece])
        assert await coming == piece
        await store.append(append(debate, 1, NOTE))
        assert await anext(follower) == Record(2, 1_002, NOTE)


async def test_a_follower_begins_after_the_number_it_names(store: RedisStore, debate: str) -> None:
    await store.append(append(debate, 0, NOTE, NOTE, NOTE))
    async with asyncio.timeout(5):
        third = await anext(store.follow(debate, after=2))
    assert isinstance(third, Record)
    assert third.n == 3


HALF = "half \ud83d a pair"


@pytest.mark.parametrize(
    "event",
    [
        MessageHeard(Person("web:a", HALF), HALF),
        MaterialAdded(HALF, HALF),
        MessageEdited(Person("web:a", "Ana"), 1, HALF),
    ],
    ids=lambda event: type(event).__name__,
)
async def test_half_a_surrogate_pair_is_replaced_and_nothing_else_is_lost(
    store: RedisStore, debate: str, event: Event
) -> None:
    await store.append(append(debate, 0, event))
    (record,) = await store.load(debate)
    assert "half ? a pair" in str(record.event)


async def test_a_persons_words_come_back_with_the_log_and_to_followers(
    store: RedisStore, debate: str
) -> None:
    said = MessageHeard(Person("web:a", "Ana"), "Costs?", message="m1")
    await store.append(append(debate, 0, NOTE, said))
    assert (await store.load(debate))[1].event == said
    follower = store.follow(debate, 1)
    async with asyncio.timeout(5):
        record = await anext(follower)
    assert isinstance(record, Record)
    assert record.event == said


async def test_erased_words_are_gone_and_the_rest_of_the_record_stays(
    store: RedisStore, redis: Redis, debate: str
) -> None:
    said = MessageHeard(Person("web:a", "Ana"), "Costs?", message="m1")
    await store.append(append(debate, 0, said))
    erased = replace(append(debate, 1, MessageErased(1), work=Work.KEEP), erase=(1,))
    await store.append(erased)
    first = (await store.load(debate))[0].event
    assert first == replace(said, text="")
    for key in (DebateKeys(debate).log, DebateKeys(debate).words):
        assert b"Costs?" not in (await redis.dump(key) or b"")


async def test_a_payload_is_taken_in_once_and_refused_with_nothing_written(
    store: RedisStore, debate: str
) -> None:
    await store.append(replace(append(debate, 0, NOTE), payloads=("Ev1",)))
    again = replace(append(debate, 1, NOTE), op="other", payloads=("Ev2", "Ev1"))
    with pytest.raises(AlreadyTaken):
        await store.append(again)
    assert len(await store.load(debate)) == 1
    await store.append(replace(again, payloads=("Ev2",)))


async def test_a_write_with_payloads_that_is_sent_again_lands_once(
    store: RedisStore, debate: str
) -> None:
    write = replace(append(debate, 0, NOTE), payloads=("Ev1",))
    await store.append(write)
    await store.append(write)
    assert len(await store.load(debate)) == 1
