"""What `Vault` promises, on a real server: kept, taken once, unreadable, and keys that change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from cryptography.fernet import Fernet
from redis.asyncio import Redis

from engine.adapters.redis_keys import ShardKeys
from engine.adapters.redis_vault import RedisVault
from engine.ports.vault import VaultLocked

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
NAME, SECRET = "slack/installed/T1 {ñ}", b"xoxb-1-secret\0\xff"

Opened = Callable[..., RedisVault]


@pytest.fixture
async def opened(redis: Redis, shard: str) -> AsyncIterator[Opened]:
    """Opens the vault with these keys."""
    yield lambda *keys: RedisVault(redis, keys, shard=shard)
    await redis.delete(*await redis.keys(f"{ShardKeys(shard).root}:*"), f"{{{shard}}}")


@pytest.fixture
def vault(opened: Opened) -> RedisVault:
    return opened(OLD)


async def test_what_is_put_is_there_until_it_is_replaced_or_deleted(vault: RedisVault) -> None:
    assert await vault.get(NAME) is None
    await vault.put(NAME, SECRET)
    assert await vault.get(NAME) == SECRET
    await vault.put(NAME, b"")
    assert await vault.get(NAME) == b""
    await vault.delete(NAME)
    assert await vault.get(NAME) is None
    assert await vault.names() == []


async def test_what_is_added_stands_until_its_time_is_over(vault: RedisVault) -> None:
    assert await vault.add(NAME, b"one", 30)
    assert not await vault.add(NAME, b"two", 30)
    assert await vault.get(NAME) == b"one"
    await vault.delete(NAME)
    assert await vault.add(NAME, b"three", 0.05)
    async with asyncio.timeout(10):
        while not await vault.add(NAME, b"four", 30):  # noqa: ASYNC110 - time is waited for
            await asyncio.sleep(0.01)


async def test_of_many_who_take_it_one_gets_it(vault: RedisVault) -> None:
    await vault.put("state", b"", 60)
    taken = await asyncio.gather(*(vault.take("state") for _ in range(10)))
    assert (taken.count(b""), taken.count(None)) == (1, 9)
    assert await vault.names() == []


async def test_a_life_ends_by_itself(vault: RedisVault) -> None:
    await vault.put("state", b"x", 0.05)
    await vault.put(NAME, b"x")
    async with asyncio.timeout(10):
        while await vault.names() != [NAME]:  # noqa: ASYNC110 - time is what is waited for
            await asyncio.sleep(0.01)
    assert await vault.take("state") is None


async def test_names_are_listed_by_what_they_begin_with(vault: RedisVault) -> None:
    for name in ("b/2", "a/1", "b/1"):
        await vault.put(name, b"x")
    assert await vault.names("b/") == ["b/1", "b/2"]


async def test_nothing_of_a_document_can_be_read_in_redis(
    vault: RedisVault, redis: Redis, shard: str
) -> None:
    await vault.put(NAME, SECRET)
    kept = await redis.get(ShardKeys(shard).document(NAME))
    assert kept
    assert b"xoxb" not in kept
    await vault.put("other", SECRET)
    assert await redis.get(ShardKeys(shard).document("other")) != kept


async def test_a_document_that_is_moved_to_another_name_is_not_taken_for_that_one(
    vault: RedisVault, redis: Redis, shard: str
) -> None:
    await vault.put("slack/installed/T1", b"one")
    keys = ShardKeys(shard)
    await redis.copy(keys.document("slack/installed/T1"), keys.document("slack/installed/T2"))
    with pytest.raises(VaultLocked, match="another name"):
        await vault.get("slack/installed/T2")


async def test_whoever_has_other_keys_is_told_which_document_and_what_to_do(
    vault: RedisVault, opened: Opened
) -> None:
    await vault.put("doc", SECRET)
    for call in (opened(NEW).get("doc"), opened(NEW).rotate()):
        with pytest.raises(VaultLocked, match=r"none of secrets\.keys opens doc: add the key"):
            await call
    assert await vault.get("doc") == SECRET


async def test_with_a_new_key_first_everything_is_sealed_anew_and_the_old_one_can_go(
    vault: RedisVault, opened: Opened, redis: Redis, shard: str
) -> None:
    for n in range(3):
        await vault.put(f"doc{n}", SECRET)
    await vault.put("state", b"x", 60)
    both = opened(NEW, OLD)
    assert await both.get("doc1") == SECRET
    assert await both.rotate() == 4
    assert await opened(NEW).get("doc1") == SECRET
    assert 0 < await redis.ttl(ShardKeys(shard).document("state")) <= 60
    assert await opened(NEW).take("state") == b"x"
    with pytest.raises(VaultLocked):
        await vault.get("doc1")


@pytest.mark.parametrize("keys", [(), ("guessed",), (OLD, "c2hvcnQ=")])
def test_keys_that_are_none_are_refused_without_showing_them(
    opened: Opened, keys: tuple[str, ...]
) -> None:
    with pytest.raises(VaultLocked, match=r"secrets\.keys") as told:
        opened(*keys)
    assert not any(key in str(told.value) for key in keys)
