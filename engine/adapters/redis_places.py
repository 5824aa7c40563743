"""Places in Redis: the debate that a thread shows, a channel's defaults, codes for mirrors."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, cast

from redis.asyncio import Redis

from engine.adapters.redis_keys import ShardKeys, place_name
from engine.adapters.redis_server import script, store_errors
from engine.debate.events import Place
from engine.ports.places import CODE_ALPHABET, CODE_LETTERS, CODE_S


class RedisPlaces:
    """`PlaceBook` on Redis or Valkey, for one shard."""

    def __init__(self, client: Redis, *, shard: str, keep_ms: int) -> None:
        """`keep_ms`: how long a mirror's thread is known by its debate."""
        self._client = client
        self._keys = ShardKeys(shard)
        self._keep_ms = keep_ms
        self._bind = script(client, "bind")
        self._unbind = script(client, "unbind")
        self._redeem = script(client, "redeem")

    async def debate_at(self, place: Place) -> str | None:
        """See `PlaceBook.debate_at`."""
        with store_errors():
            shown = cast(bytes | None, await self._client.get(self._keys.thread(place)))
        return shown.decode().removesuffix(":closed") if shown is not None else None

    async def bind(self, place: Place, debate: str) -> bool:
        """See `PlaceBook.bind`."""
        with store_errors():
            shown = await self._bind(keys=[self._keys.thread(place)], args=[debate, self._keep_ms])
        return bool(shown)

    async def unbind(self, place: Place, debate: str) -> None:
        """See `PlaceBook.unbind`."""
        with store_errors():
            await self._unbind(keys=[self._keys.thread(place)], args=[debate])

    async def defaults(self, workspace: str, channel: str) -> dict[str, str]:
        """See `PlaceBook.defaults`."""
        with store_errors():
            found = await cast(Any, self._client.hgetall(self._keys.defaults(workspace, channel)))
        return {name.decode(): value.decode() for name, value in found.items()}

    async def set_defaults(self, workspace: str, channel: str, options: Mapping[str, str]) -> None:
        """See `PlaceBook.set_defaults`."""
        key = self._keys.defaults(workspace, channel)
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.delete(key)
                if options:
                    pipe.hset(key, items=[word for option in options.items() for word in option])
                await pipe.execute()

    async def create_code(self, debate: str) -> str:
        """See `PlaceBook.create_code`."""
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LETTERS))
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.hset(self._keys.code(code), "debate", debate)
                pipe.expire(self._keys.code(code), CODE_S)
                await pipe.execute()
        return code

    async def redeem(self, code: str, place: Place) -> str | None:
        """See `PlaceBook.redeem`."""
        key = self._keys.code(code.strip().casefold())
        with store_errors():
            found = await self._redeem(keys=[key], args=[place_name(place)])
        return found.decode() if found is not None else None
