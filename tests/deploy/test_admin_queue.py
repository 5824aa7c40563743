"""`tertulia queue …`: what waits is shown, and dead letters are seen to."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from engine.adapters.redis_keys import ShardKeys
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.system_clock import SystemClock
from engine.debate.commands import Actor
from engine.debate.events import Person, Place
from engine.ports.work import Claim, Wakeup
from tests.debate.given import start
from tests.deploy.admin import LIMIT_S, Admin
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import Rig, client_of

LEASE_MS = 60_000


def queue_of(rig: Rig, name: str) -> RedisQueue:
    return RedisQueue(rig.redis, SystemClock(), shard=rig.shard, consumer=name, lease_ms=LEASE_MS)


async def took(queue: RedisQueue) -> Wakeup:
    """The next wake-up; the first look at a shard only makes its queue."""
    async with asyncio.timeout(LIMIT_S):
        while not (wakeups := await queue.take(1, 1_000)):
            pass
    return wakeups[0]


async def buried(rig: Rig, debate: str) -> None:
    """The debate's wake-up, taken and given up."""
    queue = queue_of(rig, "undertaker")
    wakeup = await took(queue)
    assert wakeup.debate == debate
    await queue.bury(wakeup, "delivered 21 times")


async def test_what_waits_and_who_holds_what_is_shown(admin: Admin, rig: Rig) -> None:
    held, waiting = await rig.start(), await rig.start()
    queue = queue_of(rig, "here:1:abc")
    claim = await queue.claim(await took(queue))
    assert isinstance(claim, Claim)
    shown = await admin.json("queue", "show")
    assert (shown["waiting"], shown["held"], shown["dead"]) == (1, 1, 0)
    assert shown["oldest_s"] > 0
    assert {entry["debate"]: entry["holder"] for entry in shown["wakeups"]} == {
        held: "here:1:abc",
        waiting: None,
    }
    assert waiting in await admin.does("queue", "show")
    await rig.finish(held)
    await rig.finish(waiting)


async def test_a_dead_letter_is_put_back_where_its_debate_has_work(admin: Admin, rig: Rig) -> None:
    debate = await rig.start()
    await buried(rig, debate)
    (letter,) = await admin.json("queue", "dead")
    assert (letter["debate"], letter["why"]) == (debate, "delivered 21 times")
    assert (await admin.json("queue", "show"))["waiting"] == 0
    assert await admin.json("queue", "retry", letter["letter"]) == {letter["letter"]: "queued"}
    assert (await admin.json("queue", "show"))["wakeups"][0]["debate"] == debate
    assert await admin.json("queue", "dead") == []
    again = await admin.json("queue", "retry", letter["letter"], status=1)
    assert again == {letter["letter"]: "gone"}
    await rig.finish(debate)


async def test_a_dead_letter_whose_debate_is_closed_is_kept_until_it_is_thrown_away(
    admin: Admin, rig: Rig
) -> None:
    debate = await rig.start()
    await buried(rig, debate)
    await rig.finish(debate)
    (letter,) = await admin.json("queue", "dead")
    assert await admin.json("queue", "retry", "--all", status=1) == {letter["letter"]: "idle"}
    assert await admin.fails("queue", "drop", "--all") == (
        "This cannot be undone; to have it done without being asked: --yes"
    )
    assert await admin.json("queue", "drop", "--all", "--yes") == {"dropped": 1}
    assert await admin.json("queue", "dead") == []


async def test_nobody_throws_everything_away_by_leaving_something_out(admin: Admin) -> None:
    for command in (["queue", "retry"], ["queue", "drop", "--yes"]):
        assert await admin.fails(*command) == (
            "say which dead letters, as `tertulia queue dead` names them, or --all"
        )


async def test_an_empty_queue_says_so(admin: Admin) -> None:
    assert "The queue is empty." in await admin.does("queue", "show")
    assert await admin.does("queue", "dead") == "There are no dead letters.\n"


async def test_a_debate_whose_wake_up_is_lost_goes_on_once_it_is_woken(
    admin: Admin, rig: Rig
) -> None:
    debate = await rig.start()
    await buried(rig, debate)
    assert await admin.json("queue", "drop", "--all", "--yes") == {"dropped": 1}
    assert (await admin.json("queue", "show"))["waiting"] == 0
    assert await admin.json("debates", "wake", debate) == {"debate": debate, "woken": "queued"}
    async with FakeModelServer.open() as models, client_of(models.url) as model, rig.worker(model):
        await rig.log_until_closed(debate)
    told = await admin.json("debates", "wake", debate, status=1)
    assert told == {"debate": debate, "woken": "idle"}
    assert "no-such" in await admin.fails("debates", "wake", f"{rig.shard}-no-such")


async def test_a_thread_that_was_told_nothing_is_told_when_its_debate_is_woken(
    admin: Admin, rig: Rig
) -> None:
    readers = RedisReaders(
        *(rig.redis, SystemClock()),
        shard=rig.shard,
        platform="slack",
        consumer="bot",
        lease_ms=LEASE_MS,
    )
    await readers.open()
    home = Place("slack:T1", "C1", "1690.1")
    debate = await rig.start(replace(start(), by=Actor(Person("slack:T1:U1", "Ana"), home)))
    await rig.redis.xtrim(ShardKeys(rig.shard).mail("slack"), 0)
    await admin.does("debates", "wake", debate)
    async with asyncio.timeout(LIMIT_S):
        while not (mail := await readers.take(9, 1_000)):
            pass
    assert [(letter.debate, letter.place) for letter in mail] == [(debate, home)]
    await rig.finish(debate)
