"""Limits in Redis: calls that are held off, and rates with their queues."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

from redis.asyncio import Redis

from engine.adapters.redis_keys import ShardKeys
from engine.adapters.redis_server import script, store_errors
from engine.ports.limits import Rate

LATE_MS = 2_000
"""Who comes later than so long after their time has lost their place."""


class RedisLimits:
    """`Limits` on Redis or Valkey, for one shard."""

    def __init__(self, client: Redis, *, shard: str) -> None:
        self._client = client
        self._keys = ShardKeys(shard)
        self._admit = script(client, "limits_admit")

    async def hold_off(self, call: str, for_s: float) -> None:
        """See `Limits.hold_off`."""
        key, for_ms = self._keys.held(call), max(1, math.ceil(for_s * 1000))
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.set(key, 1, px=for_ms, nx=True)
                pipe.pexpire(key, for_ms, gt=True)
                await pipe.execute()

    async def admit(self, call: str, rates: Sequence[Rate] = (), who: str = "") -> float:
        """See `Limits.admit`."""
        keys = [self._keys.held(call), *(self._keys.rate(rate.name) for rate in rates)]
        args: list[str | float] = [who, LATE_MS]
        for rate in rates:
            args += [rate.most, math.ceil(rate.within_s * 1000)]
        with store_errors():
            wait_ms = cast(int, await self._admit(keys=keys, args=args))
        return wait_ms / 1000
