"""What the archive reads out can stand in a file, and comes back as it was."""

from __future__ import annotations

import orjson
from cryptography.fernet import Fernet
from redis.asyncio import Redis

from engine.adapters.redis_archive import RedisArchive
from engine.adapters.redis_keys import ShardKeys
from engine.adapters.redis_vault import RedisVault


async def test_sealed_documents_come_back_those_that_stay_and_those_that_go(
    redis: Redis, shard: str
) -> None:
    vault = RedisVault(redis, [Fernet.generate_key().decode()], shard=shard)
    await vault.put("slack/T1", b"installed")
    await vault.put("slack/T2", b"for a while", ttl_s=600.0)
    archive = RedisArchive(redis, shard=shard)
    lines = [orjson.dumps(piece) async for piece in archive.read()]
    await archive.write(map(orjson.loads, lines), replace=True)
    assert await vault.names() == ["slack/T1", "slack/T2"]
    assert await vault.get("slack/T1") == b"installed"
    assert await redis.pttl(ShardKeys(shard).document("slack/T1")) == -1
    assert 0 < await redis.pttl(ShardKeys(shard).document("slack/T2")) <= 600_000
