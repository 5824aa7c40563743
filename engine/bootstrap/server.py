"""From the settings to the Redis server that they name."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from redis.asyncio import Redis

from engine.adapters.embedded_redis import embedded_redis
from engine.adapters.redis_server import check, connect
from engine.settings import RedisSettings

log = structlog.get_logger()


@asynccontextmanager
async def connected(settings: RedisSettings, *, shard: str | None = None) -> AsyncIterator[Redis]:
    """A client of a server that was found fit; started first, where it is one that comes along.

    `shard`: whose keys it is for, if not those of the settings' own.

    Raises:
        RedisUnsuitable, EmbeddedPartFailed, StoreAway
    """
    if settings.url == "embedded":
        async with (
            embedded_redis() as url,
            connected(settings.model_copy(update={"url": url}), shard=shard) as client,
        ):
            yield client
        return
    client = connect(settings.url, shard=shard or settings.shard)
    try:
        report = await check(client)
        for warning in report.warnings:
            log.warning("redis.unsafe", version=report.version, warning=warning)
        yield client
    finally:
        await client.aclose()
