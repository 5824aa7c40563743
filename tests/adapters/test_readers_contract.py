"""What `Readers` promises, on a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import DebateKeys, ShardKeys, place_name, place_named
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.system_clock import SystemClock
from engine.debate.events import Place, Problem
from engine.ports.readers import Busy, Cursor, Hold, LeaseLost, Mail, Shown, platform_of

LEASE_MS = 200
HOME = Place("chat:W1", "C1", "100.1")
OTHER = Place("chat:W1", "C2", "ñ/200 {x}")
SHOWN = Cursor(4, 0, 0, "m7")

Process = Callable[[str], RedisReaders]


@pytest.fixture
async def process(redis: Redis, shard: str, debate: str) -> AsyncIterator[Process]:
    """Makes readers for a process; a log stands there, that a test may let expire."""

    def named(name: str) -> RedisReaders:
        return RedisReaders(
            *(redis, SystemClock()),
            shard=shard,
            platform="chat",
            consumer=name,
            lease_ms=LEASE_MS,
        )

    await named("first").open()
    await redis.xadd(DebateKeys(debate).log, {"e": "debate.started"}, id="1-0")
    yield named
    await redis.delete(*await redis.keys(f"{ShardKeys(shard).root}:*"))


async def taken(readers: RedisReaders) -> Mail:
    async with asyncio.timeout(5):
        while True:
            if mail := await readers.take(1, 50):
                return mail[0]


async def held(readers: RedisReaders) -> Hold:
    hold = await readers.acquire(await taken(readers))
    assert isinstance(hold, Hold)
    return hold


async def mail_left(redis: Redis, shard: str) -> int:
    return int(await redis.xlen(ShardKeys(shard).mail("chat")))


def test_a_place_is_named_in_one_word_that_leads_back_to_it() -> None:
    for place in (HOME, OTHER, Place("web", "", "")):
        name = place_name(place)
        assert " " not in name
        assert "{" not in name
        assert place_named(name) == place
    assert [platform_of(place) for place in (HOME, Place("web", "", "t"))] == ["chat", "web"]


async def test_a_thread_begins_at_the_start_and_goes_on_where_it_was(
    process: Process, debate: str, redis: Redis, shard: str
) -> None:
    one, two = process("one"), process("two")
    await one.wake(debate, HOME)
    hold = await held(one)
    assert (hold.cursor, hold.clean, hold.place) == (Cursor(), True, HOME)
    await one.record(hold, SHOWN, Shown(5, 0))
    assert await one.release(hold, 4) is None
    assert await mail_left(redis, shard) == 0
    await two.wake(debate, HOME)
    again = await held(two)
    assert (again.cursor, again.clean) == (SHOWN, True)
    assert again.owner != hold.owner
    partly = Cursor(6, 2, 120, "m9")
    await two.record(again, partly, Shown(7, 1))
    assert (await one.standing(debate, HOME)).cursor == partly


async def test_threads_of_one_debate_have_cursors_of_their_own(
    process: Process, debate: str
) -> None:
    readers = process("one")
    await readers.wake(debate, HOME)
    hold = await held(readers)
    await readers.record(hold, SHOWN, Shown(5, 0))
    await readers.wake(debate, OTHER)
    other = await held(readers)
    assert other.cursor == Cursor()
    assert (await readers.standing(debate, OTHER)).cursor == Cursor()
    assert (await readers.standing(debate, HOME)).cursor == SHOWN


async def test_one_process_at_a_time_holds_a_thread(process: Process, debate: str) -> None:
    for _ in range(20):
        await process("one").wake(debate, HOME)
    names = [process(f"p{n}") for n in range(20)]
    mail = [await taken(readers) for readers in names]
    answers = await asyncio.gather(
        *(readers.acquire(one) for readers, one in zip(names, mail, strict=True))
    )
    assert sum(isinstance(answer, Hold) for answer in answers) == 1


async def test_news_that_comes_while_a_thread_is_held_is_looked_at_before_it_is_let_go(
    process: Process, debate: str, redis: Redis, shard: str
) -> None:
    one, two = process("one"), process("two")
    await one.wake(debate, HOME)
    hold = await held(one)
    await two.wake(debate, HOME)
    assert await two.acquire(await taken(two)) is None
    assert await mail_left(redis, shard) == 1, "the holder's own"
    for _ in range(2):  # the answer of the first may have been lost
        still = await one.release(hold, 4)
        assert still is not None
    assert still is not None
    assert await one.release(still, 4) is None
    assert await mail_left(redis, shard) == 0


async def test_a_dead_process_loses_its_thread_and_leaves_its_mail(
    process: Process, debate: str
) -> None:
    one, two = process("one"), process("two")
    await one.wake(debate, HOME)
    dead = await held(one)
    await one.record(dead, SHOWN, Shown(5, 0))
    mail = await taken(two)
    assert mail.deliveries > 1
    hold = await two.acquire(mail)
    assert isinstance(hold, Hold)
    assert (hold.cursor, hold.clean) == (SHOWN, False)
    with pytest.raises(LeaseLost):
        await one.record(dead, Cursor(9, 0, 0, "m9"), Shown(9, 0))
    assert (await two.standing(debate, HOME)).cursor == SHOWN
    assert await one.event_of(debate, HOME, "m9") is None
    assert await one.renew([dead]) == []
    assert await one.release(dead, 4) is None
    assert await two.renew([hold]) == [hold], "a release too late takes nothing from another"


async def test_a_renewed_thread_is_nobody_elses(process: Process, debate: str) -> None:
    one, two = process("one"), process("two")
    await one.wake(debate, HOME)
    hold = await held(one)
    for _ in range(4):
        await asyncio.sleep(LEASE_MS / 3_000)
        assert await one.renew([hold]) == [hold]
        assert await two.take(1, 1) == []


async def test_mail_of_a_thread_whose_holder_may_be_dead_waits(
    process: Process, debate: str, redis: Redis, shard: str
) -> None:
    """The holder's own mail went astray, so that nobody else would come for the thread."""
    one, two = process("one"), process("two")
    await one.wake(debate, HOME)
    mail = await taken(one)
    hold = await one.acquire(mail)
    assert isinstance(hold, Hold)
    await redis.xack(ShardKeys(shard).mail("chat"), "readers", mail.entry)
    await two.wake(debate, HOME)
    assert isinstance(await two.acquire(await taken(two)), Busy)
    assert await one.release(hold, 4) is not None


async def test_a_thread_given_back_in_haste_is_seen_to_at_once(
    process: Process, debate: str
) -> None:
    one, two = process("one"), process("two")
    await one.wake(debate, HOME)
    hold = await held(one)
    for _ in range(2):
        await one.drop(hold, clean=False)
    again = await held(two)
    assert not again.clean
    assert await two.take(1, 1) == []
    await two.drop(again, clean=True)
    assert (await held(one)).clean


async def test_a_resting_thread_keeps_its_reason_until_it_is_woken(
    process: Process, debate: str, redis: Redis, shard: str
) -> None:
    readers = process("one")
    await readers.wake(debate, HOME)
    why = Problem("{name} is archived", {"name": "C1"})
    for _ in range(2):
        await readers.rest(await held(readers), why)
        assert (await readers.standing(debate, HOME)).resting == why
        assert await mail_left(redis, shard) == 0
        await readers.wake(debate, HOME)
        assert (await readers.standing(debate, HOME)).resting is None
    hold = await held(readers)
    await readers.rest(hold, why)
    await redis.xadd(ShardKeys(shard).mail("chat"), {"d": debate, "p": place_name(HOME)})
    assert await readers.acquire(await taken(readers)) is None
    assert await mail_left(redis, shard) == 0


async def test_mail_that_comes_while_a_thread_is_laid_to_rest_is_looked_at(
    process: Process, debate: str
) -> None:
    one, two = process("one"), process("two")
    await one.wake(debate, HOME)
    hold = await held(one)
    await two.wake(debate, HOME)
    assert await two.acquire(await taken(two)) is None
    still = await one.rest(hold, Problem("gone"))
    assert still is not None
    assert (await one.standing(debate, HOME)).resting is None
    assert await one.rest(still, Problem("gone")) is None


async def test_a_process_that_starts_wakes_the_threads_that_failed_and_no_others(
    process: Process, debate: str, redis: Redis, shard: str
) -> None:
    one = process("one")
    for place, failed in ((HOME, True), (OTHER, False)):
        await one.wake(debate, place)
        assert await one.rest(await held(one), Problem("no"), failed=failed) is None
    for _ in range(2):
        await process("two").open()
        assert await mail_left(redis, shard) == 1
    assert (await taken(one)).place == HOME
    assert (await one.standing(debate, HOME)).resting is None
    assert (await one.standing(debate, OTHER)).resting == Problem("no")


async def test_a_thread_that_is_given_back_has_no_part_left_to_show(
    process: Process, debate: str
) -> None:
    readers = process("one")
    await readers.wake(debate, HOME)
    hold = await held(readers)
    await readers.record(hold, Cursor(4, 2, 120, "m"), Shown(5, 1))
    assert await readers.release(hold, 6) is None
    assert (await readers.standing(debate, HOME)).cursor == Cursor(6, 0, 0, "m")


async def test_a_message_leads_to_its_event_and_back(process: Process, debate: str) -> None:
    readers = process("one")
    await readers.wake(debate, HOME)
    hold = await held(readers)
    for part, message in enumerate(("z", "b", "a c")):
        await readers.record(hold, Cursor(4, part + 1, 10, message), Shown(5, part))
    await readers.record(hold, Cursor(6, 0, 0, "d"), Shown(6, 0))
    await readers.record(hold, Cursor(8, 0, 0, None))
    assert await readers.event_of(debate, HOME, "a c") == Shown(5, 2)
    assert await readers.event_of(debate, OTHER, "a c") is None
    assert await readers.messages(debate, HOME) == {5: ["z", "b", "a c"], 6: ["d"]}
    assert (await readers.standing(debate, HOME)).cursor == Cursor(8, 0, 0, "d")


async def test_cursors_live_as_long_as_the_log(process: Process, debate: str, redis: Redis) -> None:
    readers, keys = process("one"), DebateKeys(debate)
    await readers.wake(debate, HOME)
    hold = await held(readers)
    assert await redis.pttl(keys.readers) == -1
    await redis.pexpire(keys.log, 50_000)
    await readers.record(hold, SHOWN, Shown(5, 0))
    await readers.release(hold, 4)
    await readers.wake(debate, HOME)
    await readers.release(await held(readers), 4)
    for key in (keys.readers, keys.posts):
        assert 0 < await redis.pttl(key) <= 50_000
    await redis.persist(keys.log)
    await readers.wake(debate, HOME)
    await held(readers)
    for key in (keys.readers, keys.posts):
        assert await redis.pttl(key) == -1


async def test_mail_of_a_debate_that_is_gone_is_done(
    process: Process, debate: str, redis: Redis, shard: str
) -> None:
    readers = process("one")
    await redis.delete(DebateKeys(debate).log)
    await redis.xadd(ShardKeys(shard).mail("chat"), {"d": debate, "p": place_name(HOME)})
    assert await readers.acquire(await taken(readers)) is None
    assert await mail_left(redis, shard) == 0
    assert await redis.exists(DebateKeys(debate).readers) == 0


async def test_who_leaves_gives_back_what_was_not_done(
    process: Process, debate: str, redis: Redis, shard: str
) -> None:
    one, two = process("one"), process("two")
    await one.wake(debate, HOME)
    await taken(one)
    await one.leave()
    assert (await taken(two)).debate == debate
    groups: Any = await redis.xinfo_consumers(ShardKeys(shard).mail("chat"), "readers")
    assert [group["name"] for group in groups] == [b"two"]
    await two.leave()
    await redis.delete(ShardKeys(shard).mail("chat"))
    await two.leave()


async def test_mail_is_kept_from_when_a_platform_is_served_and_not_before(
    process: Process, debate: str, redis: Redis, shard: str
) -> None:
    unserved = ShardKeys(shard).mail("telex")
    await redis.xadd(unserved, {"d": debate, "p": "x"}, nomkstream=True)
    assert not await redis.exists(unserved)
    await redis.delete(ShardKeys(shard).mail("chat"))
    assert await process("one").take(1, 1) == [], "a server that lost its data is no obstacle"
    await process("one").wake(debate, HOME)
    assert (await taken(process("one"))).debate == debate


async def test_processes_that_die_one_after_the_other_but_post_are_not_held_against_a_thread(
    debate: str, process: Process
) -> None:
    await process("first").wake(debate, HOME)
    for n in range(1, 6):
        readers = process(f"p{n}")
        mail = await taken(readers)
        assert mail.deliveries <= 2
        hold = await readers.acquire(mail)
        assert isinstance(hold, Hold)
        await readers.record(hold, Cursor(n, message=f"m{n}"))


async def test_processes_that_die_and_post_nothing_are(debate: str, process: Process) -> None:
    await process("first").wake(debate, HOME)
    for n in range(1, 5):
        readers = process(f"p{n}")
        mail = await taken(readers)
        assert mail.deliveries == n
        async with asyncio.timeout(5):
            while not isinstance(await readers.acquire(mail), Hold):  # noqa: ASYNC110
                await asyncio.sleep(0.02)  # its lease began after its mail was taken
