"""What `ModelSlots` promises: so many at once, and a queue that is fair by workspace."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_keys import MODEL, SLOT_KEYS
from engine.adapters.redis_slots import RedisSlots
from engine.ports.slots import Turnstile


def turn(debate: str, workspace: str = "T1") -> Turnstile:
    return Turnstile(debate, workspace, owner=f"owner of {debate}")


@pytest.fixture
def shard() -> str:
    """No debate's: the slots are all shards'."""
    return MODEL


@pytest.fixture
async def slots(redis: Redis) -> AsyncIterator[RedisSlots]:
    await redis.delete(*SLOT_KEYS)
    yield RedisSlots(redis, most=2, lease_ms=10_000)
    await redis.delete(*SLOT_KEYS)


async def test_as_many_speak_at_once_as_there_are_slots_and_the_others_have_a_place(
    slots: RedisSlots,
) -> None:
    assert [await slots.ask(turn(d)) for d in "abcd"] == [0, 0, 1, 2]


async def test_whoever_comes_next_has_the_slot_that_is_freed(slots: RedisSlots) -> None:
    for debate in "abcd":
        await slots.ask(turn(debate))
    await slots.free("owner of a")
    assert [await slots.ask(turn(d)) for d in "dc"] == [1, 0], "c came before d"
    assert await slots.ask(turn("d")) == 1


async def test_a_workspace_with_many_debates_does_not_keep_another_waiting(
    slots: RedisSlots,
) -> None:
    for n in range(12):
        await slots.ask(turn(f"busy{n}", "T1"))
    assert await slots.ask(turn("quiet", "T2")) <= 2, "not behind the ten of T1"
    await slots.free("owner of busy0")
    await slots.free("owner of busy1")
    assert await slots.ask(turn("quiet", "T2")) == 0


async def test_two_workspaces_take_turns(slots: RedisSlots) -> None:
    await slots.ask(turn("x"))
    await slots.ask(turn("y"))
    waiting = [turn(f"{workspace}{n}", workspace) for workspace in ("A", "B") for n in range(3)]
    for one in waiting:
        await slots.ask(one)
    places = {one.debate: await slots.ask(one) for one in waiting}
    order = sorted(places, key=lambda debate: places[debate])
    assert [debate[0] for debate in order[::2]] != [debate[0] for debate in order[1::2]]
    assert {debate[0] for debate in order[:2]} == {"A", "B"}
    assert {debate[0] for debate in order[2:4]} == {"A", "B"}


async def test_an_ask_that_is_sent_again_takes_one_slot(slots: RedisSlots) -> None:
    assert [await slots.ask(turn("a")) for _ in range(3)] == [0, 0, 0]
    assert await slots.ask(turn("b")) == 0


async def test_a_slot_whose_owner_died_is_free_when_its_lease_has_run_out(redis: Redis) -> None:
    await redis.delete(*SLOT_KEYS)
    slots = RedisSlots(redis, most=1, lease_ms=60)
    assert await slots.ask(turn("a")) == 0
    assert await slots.ask(turn("b")) == 1
    async with asyncio.timeout(5):
        while await slots.ask(turn("b")):  # noqa: ASYNC110 - time is what is waited for
            await asyncio.sleep(0.01)


async def test_a_slot_that_is_renewed_is_kept(redis: Redis) -> None:
    await redis.delete(*SLOT_KEYS)
    short, slots = RedisSlots(redis, most=1, lease_ms=60), RedisSlots(redis, most=1, lease_ms=9_000)
    await short.ask(turn("a"))
    await slots.renew(["owner of a", "owner of nobody"])
    score = await redis.zscore(SLOT_KEYS[0], "owner of a")
    seconds, _ = await redis.time()
    assert score is not None
    assert score > seconds * 1000 + 5_000
    assert await redis.zcard(SLOT_KEYS[0]) == 1
    await redis.delete(*SLOT_KEYS)
