"""A backup is written back: what the threads were shown since is not shown again."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_archive import RedisArchive
from engine.adapters.redis_places import RedisPlaces
from tests.chat.delivery.given import HOME, TURNS, Bench, texts_of


@pytest.mark.parametrize("is_new", [False, True], ids=["known", "never shown before"])
async def test_what_was_posted_after_the_backup_is_found(
    bench: Bench, redis: Redis, shard: str, is_new: bool
) -> None:
    archive, debate = RedisArchive(redis, shard=shard), await bench.debate(HOME)
    await RedisPlaces(redis, shard=shard, keep_ms=60_000).bind(HOME, debate.id)
    if not is_new:
        await debate.grow(*TURNS[:2])
        async with bench.process():
            await bench.recorded(debate, HOME, 3)
        await debate.grow(*TURNS[2:5])
    else:
        await debate.grow(*TURNS[:5])
    backup = [piece async for piece in archive.read()]
    async with bench.process():
        await bench.recorded(debate, HOME, 6)
    await archive.write(backup, replace=True)
    async with bench.process():
        await debate.grow(TURNS[5])
        await bench.recorded(debate, HOME, 7)
    assert bench.server.texts("100") == texts_of(TURNS)


async def test_what_goes_otherwise_after_the_backup_is_shown_beside_what_went_before(
    bench: Bench, redis: Redis, shard: str
) -> None:
    """A thread may show what the restored debate never said; nothing that it says is left out."""
    archive, debate = RedisArchive(redis, shard=shard), await bench.debate(HOME)
    await RedisPlaces(redis, shard=shard, keep_ms=60_000).bind(HOME, debate.id)
    await debate.grow(*TURNS[:2])
    backup = [piece async for piece in archive.read()]
    await debate.grow(TURNS[2])
    async with bench.process():
        await bench.recorded(debate, HOME, 4)
    await archive.write(backup, replace=True)
    async with bench.process():
        await debate.grow(TURNS[3])
        await bench.recorded(debate, HOME, 4)
    assert bench.server.texts("100") == texts_of(TURNS[:4])
