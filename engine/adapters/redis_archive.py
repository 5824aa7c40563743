"""All that a shard keeps in Redis, read out while debates go on, and written back.

What follows from the debates is not kept but made anew: wake-ups, timers, mail, the sets of open
debates, and who held what. So it fits them, whatever happened between two keys' reading.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import Any

from redis.asyncio import Redis

from engine.adapters.redis_keys import DebateKeys, ShardKeys
from engine.adapters.redis_pieces import content, read_key
from engine.adapters.redis_restore import Restoring
from engine.adapters.redis_server import store_errors
from engine.ports.archive import NotEmpty, Piece, Restored

AT_ONCE = 200
PARTS = {"log": "stream", "state": "hash", "words": "hash", "readers": "hash", "posts": "hash"}
"""What is kept of a debate, and its type."""

_MADE_ANEW = ("work", "timers", "open", "worker", "rate", "d")
"""What keys are called that are not copied as they are."""
_LAST = ("thread", "recent")
"""What names debates, so that those which are not there can be left out."""
_IN_ANY_CASE = ("work", "timers", "worker", "mail", "rate", "held")
"""What is there wherever a worker or a bot runs, debates or none."""


class RedisArchive:
    """`Archive` on Redis or Valkey."""

    def __init__(self, client: Redis, *, shard: str) -> None:
        self._client: Any = client
        self._keys = ShardKeys(shard)

    async def read(self) -> AsyncIterator[Piece]:
        """See `Archive.read`."""
        debates: list[str] = []
        shared: list[str] = []
        async for name in self._names():
            what, _, rest = name.partition(":")
            if what == "d" and rest.endswith(":log"):
                debates.append(rest.removesuffix(":log"))
            elif what not in _MADE_ANEW and not _is_open_set(name):
                shared.append(name)
        shared.sort(key=lambda name: (name.partition(":")[0] in _LAST, name))
        first = [name for name in shared if name.partition(":")[0] not in _LAST]
        async for piece in self._shared(first):
            yield piece
        for debate in sorted(debates):
            if taken := await self._debate(debate):
                yield taken
        async for piece in self._shared(shared[len(first) :]):
            yield piece

    async def write(self, pieces: Iterable[Piece], *, replace: bool) -> Restored:
        """See `Archive.write`."""
        there = [name async for name in self._names()]
        if replace:
            await self._delete(there)
        elif any(name.partition(":")[0] not in _IN_ANY_CASE for name in there):
            raise NotEmpty(
                "There is something in the shard {shard} already; nothing was written. To delete "
                "it and put the backup in its place: --replace",
                shard=self._keys.shard,
            )
        restoring = Restoring(self._client, self._keys)
        with store_errors():
            await restoring.begin()
            for piece in pieces:
                await restoring.put(piece)
            return await restoring.finish()

    async def _names(self) -> AsyncIterator[str]:
        root = f"{self._keys.root}:"
        seen: set[str] = set()
        with store_errors():
            async for key in self._client.scan_iter(match=f"{root}*", count=1_000):
                name = key.decode().removeprefix(root)
                if name not in seen:  # a scan may give a key twice
                    seen.add(name)
                    yield name

    async def _delete(self, names: Sequence[str]) -> None:
        for some in _some(names):
            with store_errors():
                await self._client.unlink(*(f"{self._keys.root}:{name}" for name in some))

    async def _debate(self, debate: str) -> Piece | None:
        """A debate at one moment; `None`: it is gone."""
        keys = DebateKeys(debate)
        with store_errors():
            async with self._client.pipeline(transaction=True) as pipe:
                for part, kind in PARTS.items():
                    read_key(pipe, kind, getattr(keys, part))
                pipe.pexpiretime(keys.log)
                *found, expires_ms = await pipe.execute()
        piece: Piece = {"debate": debate, "expires_ms": expires_ms}
        for (part, kind), value in zip(PARTS.items(), found, strict=True):
            piece[part] = content(kind, value)
        return piece if piece["log"] else None

    async def _shared(self, names: Sequence[str]) -> AsyncIterator[Piece]:
        for some in _some(names):
            keys = [f"{self._keys.root}:{name}" for name in some]
            with store_errors():
                async with self._client.pipeline(transaction=False) as pipe:
                    for key in keys:
                        pipe.type(key)
                    kinds = [kind.decode() for kind in await pipe.execute()]
                there = [at for at, kind in enumerate(kinds) if kind != "none"]
                async with self._client.pipeline(transaction=False) as pipe:
                    for at in there:
                        read_key(pipe, kinds[at], keys[at])
                        pipe.pexpiretime(keys[at])
                    found = await pipe.execute()
            for i, at in enumerate(there):
                piece = _piece(some[at], kinds[at], found[2 * i], found[2 * i + 1])
                if piece:
                    yield piece


def _piece(name: str, kind: str, found: Any, expires_ms: int) -> Piece | None:
    if name.startswith("mail:"):
        return {"mail": name.removeprefix("mail:")}  # its letters are written anew
    value = content(kind, found)
    if not value:
        return None
    return {"key": name, "type": kind, "value": value, "expires_ms": expires_ms}


def _is_open_set(name: str) -> bool:
    return name.startswith("panel:") and name.endswith(":open")


def _some(names: Sequence[str]) -> Iterator[Sequence[str]]:
    return (names[i : i + AT_ONCE] for i in range(0, len(names), AT_ONCE))
