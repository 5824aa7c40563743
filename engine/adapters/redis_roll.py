"""A worker's line in the roll, in Redis: a hash that expires when it is not written anew."""

from __future__ import annotations

from dataclasses import asdict

import orjson
from redis.asyncio import Redis

from engine.adapters.redis_keys import ROLL_MS, ShardKeys
from engine.adapters.redis_server import store_errors
from engine.ports.roll import Report


class RedisRoll:
    """`Roll` on Redis or Valkey."""

    def __init__(self, client: Redis, *, shard: str, worker: str) -> None:
        """`worker`: the name that it takes wake-ups under."""
        self._client = client
        self._key = ShardKeys(shard).worker(worker)

    async def answer(self, report: Report) -> bool:
        """See `Roll.answer`."""
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.hset(self._key, "report", orjson.dumps(asdict(report)))
                pipe.pexpire(self._key, ROLL_MS)
                pipe.hexists(self._key, "drain")
                *_, drain = await pipe.execute()
        return bool(drain)

    async def leave(self) -> None:
        """See `Roll.leave`."""
        with store_errors():
            await self._client.delete(self._key)
