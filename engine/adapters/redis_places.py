"""Places in Redis: the debate that a thread shows, what is usual there, codes for mirrors."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any, cast

from redis.asyncio import Redis

from engine.adapters.redis_keys import DebateKeys, ShardKeys, place_name
from engine.adapters.redis_replica import Replica
from engine.adapters.redis_server import script, store_errors
from engine.debate.events import Place
from engine.ports.places import CODE_ALPHABET, CODE_LETTERS, CODE_S

LEFT_OVER_MOST = 20


class RedisPlaces:
    """`PlaceBook` on Redis or Valkey, for one shard."""

    def __init__(
        self, client: Redis, *, shard: str, keep_ms: int, replica: Replica | None = None
    ) -> None:
        """`keep_ms`: how long a mirror's thread, and how far one was heard, is kept.

        `replica`: has to have what is begun before a card is posted for it.
        """
        self._client = client
        self._keys = ShardKeys(shard)
        self._keep_ms = keep_ms
        self._replica = replica
        self._bind = script(client, "bind")
        self._unbind = script(client, "unbind")
        self._redeem = script(client, "redeem")
        self._begin = script(client, "begin")
        self._left_over = script(client, "left_over")
        self._heard = script(client, "heard")
        self._set_card = script(client, "set_card")

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

    async def begin(self, workspace: str, debate: str, note: str, within_ms: int) -> None:
        """See `PlaceBook.begin`."""
        with store_errors():
            await self._begin(keys=self._keys.begun(workspace), args=[debate, note, within_ms])
        if self._replica is not None:
            await self._replica.has_all()

    async def left_over(self, workspace: str, within_ms: int) -> dict[str, str]:
        """See `PlaceBook.left_over`."""
        keys = self._keys.begun(workspace)
        with store_errors():
            found = await self._left_over(keys=keys, args=[within_ms, LEFT_OVER_MOST])
        words = [word.decode() for word in found]
        return dict(zip(words[::2], words[1::2], strict=True))

    async def end(self, workspace: str, debate: str) -> None:
        """See `PlaceBook.end`."""
        begun, notes = self._keys.begun(workspace)
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.zrem(begun, debate)
                pipe.hdel(notes, debate)
                await pipe.execute()

    async def defaults(self, workspace: str, channel: str) -> dict[str, str]:
        """See `PlaceBook.defaults`."""
        return await self._words(self._keys.defaults(workspace, channel))

    async def set_defaults(self, workspace: str, channel: str, options: Mapping[str, str]) -> None:
        """See `PlaceBook.set_defaults`."""
        key = self._keys.defaults(workspace, channel)
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.delete(key)
                if options:
                    pipe.hset(key, items=[word for option in options.items() for word in option])
                await pipe.execute()

    async def preferences(self, person: str) -> dict[str, str]:
        """See `PlaceBook.preferences`."""
        return await self._words(self._keys.likes(person))

    async def set_preference(self, person: str, name: str, value: str | None) -> None:
        """See `PlaceBook.set_preference`."""
        key = self._keys.likes(person)
        with store_errors():
            if value is None:
                await cast(Any, self._client.hdel(key, name))
            else:
                await cast(Any, self._client.hset(key, name, value))

    async def heard_to(self, place: Place) -> str | None:
        """See `PlaceBook.heard_to`."""
        with store_errors():
            message = cast(bytes | None, await self._client.get(self._keys.heard(place)))
        return message.decode() if message is not None else None

    async def set_heard_to(self, place: Place, message: str) -> None:
        """See `PlaceBook.set_heard_to`."""
        with store_errors():
            await self._heard(keys=[self._keys.heard(place)], args=[message, self._keep_ms])

    async def card(self, debate: str) -> str | None:
        """See `PlaceBook.card`."""
        with store_errors():
            message = await cast(Any, self._client.hget(DebateKeys(debate).readers, "card"))
        return message.decode() if message is not None else None

    async def set_card(self, debate: str, message: str) -> None:
        """See `PlaceBook.set_card`."""
        keys = DebateKeys(debate)
        with store_errors():
            await self._set_card(keys=[keys.readers, keys.log], args=[message])

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

    async def _words(self, key: str) -> dict[str, str]:
        with store_errors():
            found = await cast(Any, self._client.hgetall(key))
        return {name.decode(): value.decode() for name, value in found.items()}
