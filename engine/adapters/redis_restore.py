"""A backup's pieces written back to Redis, and all that follows from them made anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from redis.asyncio import Redis

from engine.adapters.redis_group import Consumer
from engine.adapters.redis_keys import (
    READERS,
    DebateKeys,
    ShardKeys,
    place_named,
)
from engine.adapters.redis_pieces import fields_of, write_key
from engine.adapters.system_clock import SystemClock
from engine.debate.codec import decode
from engine.debate.events import DebateStarted
from engine.ports.archive import Piece, Restored
from engine.ports.readers import platform_of

_HOLDERS = ("owner", "lease", "entry")
"""What a debate's state and a thread's cursor have of whoever held them."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered of a debate once it is written."""

    n: int
    open: bool
    cursors: Mapping[str, int]
    """By the thread's name."""


class Restoring:
    """One restore, from its beginning to its end."""

    def __init__(self, client: Redis, keys: ShardKeys) -> None:
        self._client: Any = client
        self._keys = keys
        self._now_ms = 0
        self._known: dict[str, _Known] = {}
        self._behind: set[tuple[str, str]] = set()
        """Debates, and threads that have not been shown all of them."""
        self._others = 0

    async def begin(self) -> None:
        """To be called first."""
        seconds, micros = await self._client.time()
        self._now_ms = int(seconds) * 1000 + int(micros) // 1000

    async def put(self, piece: Piece) -> None:
        """Writes one piece."""
        if "mail" in piece:
            await self._open_mail(piece["mail"])
        elif not 0 < piece["expires_ms"] <= self._now_ms:
            await (self._debate(piece) if "debate" in piece else self._shared(piece))

    async def finish(self) -> Restored:
        """Wakes what is to go on: threads first, then debates.

        What a thread has not been shown here, it may have been shown since the backup.
        """
        for debate, place in sorted(self._behind):
            await self._client.hset(DebateKeys(debate).readers, f"{place} open", "1")
            mail = self._keys.mail(platform_of(place_named(place)))
            await self._client.xadd(mail, {"d": debate, "p": place}, nomkstream=True)
        for debate, known in self._known.items():
            if known.open:
                await self._wake(debate)
        count = sum(known.open for known in self._known.values())
        return Restored(len(self._known), count, self._others)

    async def _open_mail(self, platform: str) -> None:
        """A platform's mail is kept from now on, whether its bot runs yet or not."""
        group = Consumer(
            self._client,
            SystemClock(),
            stream=self._keys.mail(platform),
            group=READERS,
            name="restore",
            lease_ms=1,
        )
        await group.open()

    async def _debate(self, piece: Piece) -> None:
        debate, keys = piece["debate"], DebateKeys(piece["debate"])
        state = {f: value for f, value in piece["state"].items() if f not in _HOLDERS}
        readers = {
            field: value
            for field, value in piece["readers"].items()
            if field.rpartition(" ")[2] not in _HOLDERS
        }
        parts = {
            keys.log: ("stream", piece["log"]),
            keys.state: ("hash", state),
            keys.words: ("hash", piece["words"]),
            keys.readers: ("hash", readers),
            keys.posts: ("hash", piece["posts"]),
        }
        started = _started(piece)
        is_open = "closed" not in state
        async with self._client.pipeline(transaction=True) as pipe:
            for key, (kind, value) in parts.items():
                if value:
                    write_key(pipe, kind, key, value, piece["expires_ms"])
            if is_open:
                self._count_open(pipe, debate, started)
            await pipe.execute()
        cursors = {
            field.removesuffix(" n"): int(value)
            for field, value in readers.items()
            if field.endswith(" n")
        }
        known = _Known(int(state["n"]), is_open, cursors)
        self._known[debate] = known
        self._behind |= {(debate, place) for place, n in cursors.items() if n < known.n}

    def _count_open(self, pipe: Any, debate: str, started: DebateStarted) -> None:
        pipe.sadd(self._keys.panel_open(started.panel_hash), debate)
        pipe.persist(self._keys.panel(started.panel_hash))
        if home := started.home:
            for whose in ((home.workspace,), (home.workspace, home.channel)):
                pipe.sadd(self._keys.open(*whose), debate)

    async def _shared(self, piece: Piece) -> None:
        name, value = piece["key"], piece["value"]
        what, _, rest = name.partition(":")
        if what == "thread":
            debate = value.removesuffix(":closed")
            if debate not in self._known:
                return
            if self._known[debate].cursors.get(rest, 0) < self._known[debate].n:
                self._behind.add((debate, rest))
        elif what == "recent":
            value = [[debate, at] for debate, at in value if debate in self._known]
        if not value:
            return
        async with self._client.pipeline(transaction=True) as pipe:
            key = f"{self._keys.root}:{name}"
            write_key(pipe, piece["type"], key, value, piece["expires_ms"])
            await pipe.execute()
        self._others += 1

    async def _wake(self, debate: str) -> None:
        """A wake-up or a timer, where there is work; one too many does no harm."""
        work, due = await self._client.hmget(DebateKeys(debate).state, "work", "due")
        if work != b"1":
            return
        if int(due or 0) > self._now_ms:
            await self._client.zadd(self._keys.timers, {debate: int(due)})
        else:
            await self._client.xadd(self._keys.work, {"d": debate})


def _started(piece: Piece) -> DebateStarted:
    fields = fields_of(piece["log"][0][1])
    event = decode(fields[b"e"].decode(), orjson.loads(fields[b"b"]))
    if not isinstance(event, DebateStarted):
        raise ValueError(f"{piece['debate']}: the log does not begin with its start")
    return event
