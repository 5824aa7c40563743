"""`tertulia backup` and `restore`: one file, made while workers run; debates go on from it."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_archive import RedisArchive
from engine.adapters.redis_keys import ShardKeys
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.redis_server import connect
from engine.adapters.system_clock import SystemClock
from engine.debate.commands import Actor, Erase, Rejected, Say, SetPace
from engine.debate.events import Pace, Person, Place, Reason
from engine.ports.readers import Cursor, Hold, Shown
from engine.ports.store import UnknownDebate
from tests.debate.given import start
from tests.deploy.admin import LIMIT_S, Admin
from tests.fakes.model_behaviours import send
from tests.fakes.model_server import FakeModelServer
from tests.redis_server import RedisServer, redis_server
from tests.runtime.rig import Rig, client_of, close_of, turns

HOME = Place("slack:T1", "C1", "1690.1")
ANA = Actor(Person("slack:T1:U1", "Ana"), HOME)


@pytest.fixture
async def elsewhere(tmp_path: Path, shard: str) -> AsyncIterator[tuple[Admin, Rig]]:
    """An empty server, and whoever looks after it."""
    with redis_server() as server:
        client = connect(server.url)
        yield Admin(tmp_path, server, shard), Rig(client, shard)
        await client.aclose()


def readers_of(rig: Rig) -> RedisReaders:
    return RedisReaders(
        rig.redis,
        SystemClock(),
        shard=rig.shard,
        platform="slack",
        consumer="bot",
        lease_ms=60_000,
    )


async def held(readers: RedisReaders) -> Hold:
    (mail,) = await readers.take(1, 5_000)
    hold = await readers.acquire(mail)
    assert isinstance(hold, Hold)
    return hold


async def test_a_debate_goes_on_from_a_backup_where_it_stood(
    admin: Admin, rig: Rig, elsewhere: tuple[Admin, Rig]
) -> None:
    there, other = elsewhere
    async with FakeModelServer.open() as models, client_of(models.url) as model:
        over = await rig.start()
        async with rig.worker(model):
            await rig.log_until_closed(over)
            stepping = replace(start(), by=ANA, pace=Pace.STEP)
            debate = await rig.start(stepping)
            await rig.log_until_turn(debate, 1)
            await rig.door.submit(debate, Say(ANA, "And the cost?", message="m1"))
            made = await admin.json("backup", "all.backup")
        assert (made["debates"], made["file"]) == (2, "all.backup")
        back = await there.json("restore", "all.backup")
        assert (back["debates"], back["open"]) == (2, 1)
        assert await other.door.records(debate) == await rig.door.records(debate)
        assert await other.door.records(over) == await rig.door.records(over)
        assert await other.places.debate_at(HOME) == debate
        async with other.worker(model):
            await other.door.submit(debate, SetPace(Pace.LIVE, ANA))
            log = await other.log_until_closed(debate)
        assert close_of(log).reason is Reason.ROUNDS
        assert [turn.turn for turn in turns(log)] == [1, 2, 3, 4]
    await rig.finish(debate)


async def test_what_was_being_spoken_is_spoken_again(
    admin: Admin, rig: Rig, elsewhere: tuple[Admin, Rig]
) -> None:
    there, other = elsewhere
    async with FakeModelServer.open() as models, client_of(models.url) as model:
        models.will(send(then="hang"))
        async with rig.worker(model, lease_ms=60_000):
            debate = await rig.start()
            await models.until(running=1)
            await admin.json("backup", "all.backup")
            await rig.finish(debate)
        await there.json("restore", "all.backup")
        async with other.worker(model):
            assert len(turns(await other.log_until_closed(debate))) == 4


async def test_whenever_it_is_made_every_debate_goes_on_from_it_to_its_end(rig: Rig) -> None:
    with redis_server() as server:
        client = connect(server.url)
        other, archive = Rig(client, rig.shard), RedisArchive(client, shard=rig.shard)
        here = RedisArchive(rig.redis, shard=rig.shard)
        async with FakeModelServer.open() as models, client_of(models.url) as model:
            debates = [await rig.start() for _ in range(6)]
            backups = []
            async with rig.worker(model, debates_at_once=2):
                closing = asyncio.gather(*map(rig.log_until_closed, debates))
                while not closing.done():
                    backups.append([piece async for piece in here.read()])
                await closing
            went_on = 0
            for pieces in backups[:: max(1, len(backups) // 8)]:
                back = await archive.write(pieces, replace=True)
                assert back.debates == len(debates)
                went_on += back.open
                async with other.worker(model):
                    for debate in debates:
                        assert len(turns(await other.log_until_closed(debate))) == 4
            assert went_on, "no backup was made in mid-debate"
        await client.aclose()


async def test_a_thread_is_shown_the_rest_and_nothing_twice(
    admin: Admin, rig: Rig, elsewhere: tuple[Admin, Rig]
) -> None:
    there, other = elsewhere
    readers = readers_of(rig)
    await readers.open()
    debate = await rig.start(replace(start(), by=ANA))
    hold = await held(readers)
    await readers.record(hold, Cursor(1, message="100.1"), Shown(1, 0))
    await admin.json("backup", "all.backup")
    await there.json("restore", "all.backup")
    restored = readers_of(other)
    again = await held(restored)
    assert (again.debate, again.place, again.cursor) == (debate, HOME, Cursor(1, message="100.1"))
    assert not again.clean, "what was posted last may not be recorded: it is looked for"
    assert await restored.event_of(debate, HOME, "100.1") == Shown(1, 0)
    for one in (rig, other):
        await one.finish(debate)


async def test_a_thread_that_shows_another_debate_by_now_is_still_shown_the_first_ones_end(
    admin: Admin, rig: Rig, elsewhere: tuple[Admin, Rig]
) -> None:
    there, other = elsewhere
    readers = readers_of(rig)
    await readers.open()
    first = await rig.start(replace(start(), by=ANA))
    hold = await held(readers)
    await readers.record(hold, Cursor(1, message="100.1"), Shown(1, 0))
    await rig.finish(first)
    second = await rig.start(replace(start(), by=ANA))
    await admin.json("backup", "all.backup")
    await there.json("restore", "all.backup")
    letters = await readers_of(other).take(10, 5_000)
    assert {(letter.debate, letter.place) for letter in letters} == {(first, HOME), (second, HOME)}
    for one in (rig, other):
        await one.finish(second)


async def test_a_waiting_debate_waits_for_its_time_after_a_restore_too(
    admin: Admin, rig: Rig, redis: Redis, elsewhere: tuple[Admin, Rig]
) -> None:
    there, other = elsewhere
    async with FakeModelServer.open() as models, client_of(models.url) as model, rig.worker(model):
        debate = await rig.start(replace(start(), by=ANA, pace=Pace.READING))
        await rig.log_until_turn(debate, 1)
    await admin.json("backup", "all.backup")
    await there.json("restore", "all.backup")
    keys = ShardKeys(rig.shard)
    due = await redis.zscore(keys.timers, debate)
    assert due is not None
    assert await other.redis.zscore(keys.timers, debate) == due
    assert await other.redis.xlen(keys.work) == 0
    for one in (rig, other):
        await one.finish(debate)


async def test_open_debates_count_against_what_is_allowed_after_a_restore(
    admin: Admin, rig: Rig, elsewhere: tuple[Admin, Rig]
) -> None:
    there, other = elsewhere
    debate = await rig.start(replace(start(), by=ANA))
    await admin.json("budget", "set", "slack:T1/C1", "debates_at_once=1")
    await admin.json("backup", "all.backup")
    await there.json("restore", "all.backup")
    second = Actor(ANA.person, replace(HOME, thread="1690.2"))
    with pytest.raises(Rejected, match="at once"):
        await other.start(replace(start(), by=second))
    await other.finish(debate)
    await rig.finish(debate)


async def test_nothing_is_written_over_unless_that_is_asked_for_and_confirmed(
    admin: Admin, rig: Rig
) -> None:
    kept = await rig.start()
    await admin.json("backup", "all.backup")
    later = await rig.start()
    why = await admin.fails("restore", "all.backup")
    assert why.startswith(f"There is something in the shard {rig.shard} already; nothing was")
    assert await admin.fails("restore", "all.backup", "--replace") == (
        "This cannot be undone; to have it done without being asked: --yes"
    )
    assert (await rig.door.load(later)).n
    await admin.json("restore", "all.backup", "--replace", "--yes")
    with pytest.raises(UnknownDebate):
        await rig.door.load(later)
    await rig.finish(kept)


async def test_nothing_is_replaced_under_a_workers_hands(admin: Admin, rig: Rig) -> None:
    kept = await rig.start()
    await admin.json("backup", "all.backup")
    async with FakeModelServer.open() as models, client_of(models.url) as model, rig.worker(model):
        await rig.log_until_closed(kept)
        async with asyncio.timeout(LIMIT_S):
            while not await admin.json("workers", "list"):
                pass
        why = await admin.fails("restore", "all.backup", "--replace", "--yes")
    assert why.startswith("workers are at work here (worker1); have them end, and the bots, ")
    await admin.json("restore", "all.backup", "--replace", "--yes")
    await rig.finish(kept)


async def test_a_file_that_is_not_whole_restores_nothing(
    admin: Admin, rig: Rig, elsewhere: tuple[Admin, Rig]
) -> None:
    there, other = elsewhere
    debate = await rig.start()
    await admin.json("backup", "all.backup")
    whole = (admin.home / "all.backup").read_bytes()
    lines = gzip.decompress(whole).splitlines(keepends=True)
    damaged = {
        "cut.backup": whole[: len(whole) // 2],
        "short.backup": gzip.compress(b"".join(lines[:-2] + lines[-1:])),
        "open.backup": gzip.compress(b"".join(lines[:-1])),
        "empty.backup": b"",
    }
    for name, content in damaged.items():
        (admin.home / name).write_bytes(content)
        assert await there.fails("restore", name) == (
            f"{name} is damaged or cut off: its sum is not right"
        )
    (admin.home / "notes.txt").write_text("Not a backup.")
    assert await there.fails("restore", "notes.txt") == "notes.txt is no backup of Tertulia's"
    assert [key async for key in other.redis.scan_iter()] == []
    await rig.finish(debate)


async def test_a_backup_is_private_never_overwritten_and_of_one_shard(
    admin: Admin, rig: Rig, server: RedisServer
) -> None:
    await admin.json("backup", "all.backup")
    assert (admin.home / "all.backup").stat().st_mode & 0o777 == 0o600
    assert await admin.fails("backup", "all.backup") == (
        "all.backup is there already; choose another name"
    )
    assert (await admin.fails("backup", "no/all.backup")).startswith(
        "no/all.backup cannot be written: "
    )
    assert sorted(file.name for file in admin.home.iterdir()) == ["all.backup"]
    other = Admin(admin.home, server, "other")
    assert (await other.fails("restore", "all.backup")).startswith(
        f"all.backup is of the shard {rig.shard}, and the settings name other; "
    )


async def test_words_that_were_taken_back_are_in_no_later_backup(admin: Admin, rig: Rig) -> None:
    debate = await rig.start(replace(start(), by=ANA))
    await rig.door.submit(debate, Say(ANA, "My secret plan", message="m1"))
    await rig.door.submit(debate, Erase(ANA, "m1"))
    await admin.json("backup", "all.backup")
    content = gzip.decompress((admin.home / "all.backup").read_bytes())
    assert debate.encode() in content
    assert b"My secret plan" not in content
    await rig.finish(debate)


async def test_whatever_bytes_a_key_has_come_back(
    admin: Admin, rig: Rig, redis: Redis, elsewhere: tuple[Admin, Rig]
) -> None:
    there, other = elsewhere
    sealed = bytes(range(256))
    await redis.set(f"{ShardKeys(rig.shard).root}:vault:slack/T1", sealed, px=600_000)
    await admin.json("backup", "all.backup")
    await there.json("restore", "all.backup")
    key = f"{ShardKeys(rig.shard).root}:vault:slack/T1"
    assert await other.redis.get(key) == sealed
    assert await other.redis.pexpiretime(key) == await redis.pexpiretime(key)
