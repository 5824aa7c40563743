"""One shard in Redis, looked after: dead letters, workers that are to stop, limits, deletion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from redis.asyncio import Redis

from engine.adapters.redis_append import NO_LIMIT, told_limit
from engine.adapters.redis_keys import ROLL_MS, DebateKeys, ShardKeys, place_name
from engine.adapters.redis_server import script, store_errors
from engine.debate.events import DebateStarted, MirrorOpened, Place
from engine.ports.readers import platform_of
from engine.ports.store import DebateStore, UnknownDebate
from engine.ports.upkeep import Retried, StillOpen, Woken


class RedisUpkeep:
    """`Upkeep` on Redis or Valkey."""

    def __init__(self, client: Redis, store: DebateStore, *, shard: str) -> None:
        self._client: Any = client
        self._store = store
        self._keys = ShardKeys(shard)
        self._retry = script(client, "retry")
        self._purge = script(client, "purge")
        self._wake = script(client, "wake")

    async def retry(self, letter: str) -> Retried:
        """See `Upkeep.retry`."""
        with store_errors():
            found = await self._client.xrange(self._keys.dead, letter, letter)
            if not found:
                return Retried.GONE
            debate = found[0][1][b"d"].decode()
            keys = [self._keys.dead, self._keys.work, DebateKeys(debate).state]
            answer = await self._retry(keys=keys, args=[letter, debate])
        return Retried(answer.decode())

    async def wake(self, debate: str) -> Woken:
        """See `Upkeep.wake`."""
        keys = [DebateKeys(debate).state, self._keys.work, self._keys.timers]
        with store_errors():
            answer = await self._wake(keys=keys, args=[debate])
        if answer == b"unknown":
            raise UnknownDebate(debate)
        places = await self._places(debate)
        with store_errors():
            for place in places:
                mail = self._keys.mail(platform_of(place))
                letter = {"d": debate, "p": place_name(place)}
                await self._client.xadd(mail, letter, nomkstream=True)
        return Woken(answer.decode())

    async def drop(self, letters: Sequence[str]) -> int:
        """See `Upkeep.drop`."""
        if not letters:
            return 0
        with store_errors():
            return int(await self._client.xdel(self._keys.dead, *letters))

    async def drain(self, worker: str) -> None:
        """See `Upkeep.drain`. A worker that is gone leaves nothing that stays."""
        key = self._keys.worker(worker)
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.hset(key, "drain", 1)
                pipe.pexpire(key, ROLL_MS)
                await pipe.execute()

    async def set_limits(
        self, workspace: str, channel: str | None, limits: Mapping[str, float | None]
    ) -> None:
        """See `Upkeep.set_limits`."""
        key = self._keys.allowance(workspace, *([channel] if channel else ()))
        told = dict(_told(name, limit) for name, limit in limits.items())
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                pipe.delete(key)
                if told:
                    pipe.hset(key, mapping=told)
                await pipe.execute()

    async def purge(self, debate: str) -> None:
        """See `Upkeep.purge`."""
        keys = DebateKeys(debate)
        own = [keys.state, keys.log, keys.words, keys.live, keys.readers, keys.posts, keys.watched]
        threads = [self._keys.thread(place) for place in await self._places(debate)]
        with store_errors():
            answer = await self._purge(
                keys=[*own, self._keys.recent, self._keys.timers, *threads], args=[debate]
            )
        if answer == 0:
            raise StillOpen(debate)
        if answer < 0:
            raise UnknownDebate(debate)

    async def _places(self, debate: str) -> list[Place]:
        """Every thread that ever showed it."""
        places: list[Place | None] = []
        for record in await self._store.load(debate):
            match record.event:
                case DebateStarted(home=place) | MirrorOpened(place=place):
                    places.append(place)
        return [place for place in dict.fromkeys(places) if place]


def _told(name: str, limit: float | None) -> tuple[str, int | str]:
    told, value = told_limit(name, limit or 0)
    return told, NO_LIMIT if limit is None else value
