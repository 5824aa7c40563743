"""Debates in Redis: a stream a log, one script an append.

An event's place in the log is its id in the stream: event 5 is entry `5-0`. So an append that would
leave a gap or write a number twice is refused by Redis itself, and a reader's cursor is a number.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import asdict
from typing import Any, cast

import orjson
from redis.asyncio import Redis

from engine.adapters.redis_append import SCOPES, asked, spent_today
from engine.adapters.redis_keys import LIVE_MS, WATCHED_MS, DebateKeys, ShardKeys, shard_of
from engine.adapters.redis_replica import Replica
from engine.adapters.redis_server import script, store_errors
from engine.debate.codec import decode
from engine.debate.events import Record
from engine.debate.folded import EVERY, from_fields, shape
from engine.debate.state import Debate
from engine.ports.live import LiveText
from engine.ports.store import (
    AllowanceFull,
    AlreadyTaken,
    Append,
    Appended,
    Conflict,
    Opened,
    ThreadTaken,
    UnknownDebate,
)
from engine.ports.work import Claim, StaleClaim

LOOK_MS = 2_000
"""How long a follower's read waits before it looks again."""
LIVE_PIECES = 1_000
SINCE = 64
"""So many more events than those that are to come after it are read with how a debate stood."""

_Entry = tuple[bytes, dict[bytes, bytes]]


class RedisStore:
    """`DebateStore` and `LiveTextWriter` on Redis or Valkey."""

    def __init__(
        self,
        client: Redis,
        *,
        shard: str,
        lease_ms: int,
        keep_ms: int,
        replica: Replica | None = None,
    ) -> None:
        """`shard`: whose recent debates are listed; `keep_ms`: how long a closed one is kept.

        `replica`: has to have what is appended before that counts.
        """
        self._client = client
        self._shard = ShardKeys(shard)
        self._lease_ms = lease_ms
        self._keep_ms = keep_ms
        self._append = script(client, "append")
        self._replica = replica

    async def load(self, debate: str, after: int = 0) -> list[Record]:
        """See `DebateStore.load`."""
        keys = DebateKeys(debate)
        with store_errors():
            entries = cast(list[_Entry], await self._client.xrange(keys.log, f"({after}-0"))
            if not entries and (after == 0 or not await self._client.exists(keys.log)):
                raise UnknownDebate(debate)
            return await self._records(keys, entries)

    async def latest(self, debate: str) -> tuple[Debate | None, list[Record]]:
        """See `DebateStore.latest`."""
        keys = DebateKeys(debate)
        with store_errors():
            async with self._client.pipeline(transaction=False) as pipe:
                pipe.hmget(keys.stands, ["n", "shape", "state"])
                pipe.xrevrange(keys.log, count=EVERY + SINCE)
                (n, made_by, state), entries = await pipe.execute()
            if n is None or made_by != shape().encode():
                n = 0
            since = [entry for entry in reversed(entries) if int(_n(entry)) > int(n)]
            if since and int(_n(since[0])) == int(n) + 1:
                records = await self._records(keys, since)
            elif since or not entries:
                records = await self.load(debate, int(n))
            else:
                records = []
        return (from_fields(orjson.loads(state)) if n else None), records

    async def _records(self, keys: DebateKeys, entries: Sequence[_Entry]) -> list[Record]:
        """With the words that are kept apart."""
        numbers = [_n(entry).decode() for entry in entries if b"w" in entry[1]]
        words: dict[str, bytes | None] = {}
        if numbers:
            found = await cast(Any, self._client.hmget(keys.words, numbers))
            words = dict(zip(numbers, found, strict=True))
        return [_record(entry, words.get(_n(entry).decode())) for entry in entries]

    async def recent(self, most: int) -> list[Opened]:
        """See `DebateStore.recent`."""
        with store_errors():
            found = await self._client.zrevrange(self._shard.recent, 0, most - 1)
            debates = [debate.decode() for debate in cast(list[bytes], found)]
            async with self._client.pipeline(transaction=False) as pipe:
                for debate in debates:
                    keys = DebateKeys(debate)
                    pipe.xrange(keys.log, "1-0", "1-0")
                    pipe.hexists(keys.state, "closed")
                answers = await pipe.execute()
        kept = zip(debates, answers[::2], answers[1::2], strict=True)
        return [
            Opened(d, _record(first[0], None), bool(closed)) for d, first, closed in kept if first
        ]

    async def panel(self, debate: str, panel_hash: str) -> bytes:
        """See `DebateStore.panel`."""
        with store_errors():
            key = ShardKeys(shard_of(debate)).panel(panel_hash)
            content = cast(bytes | None, await self._client.get(key))
        if content is None:
            raise KeyError(panel_hash)
        return content

    async def append(self, append: Append) -> Appended:
        """See `DebateStore.append`."""
        with store_errors():
            keys, args = asked(append, lease_ms=self._lease_ms, keep_ms=self._keep_ms)
            answer = await self._append(keys=keys, args=args)
        if self._replica is not None:
            await self._replica.has_all()  # also of what was appended before, when this was lost
        match answer:
            case [b"ok", epoch, watched, *accounts]:
                claim = _claim_after(append, int(epoch), bool(watched))
                return Appended(claim, spent_today(accounts))
            case [b"conflict", n]:
                raise Conflict(f"{append.debate} is at event {n}, not {append.after}")
            case [b"stale"]:
                raise StaleClaim(append.debate)
            case [b"taken"]:
                raise AlreadyTaken(append.debate)
            case [b"full", which, what]:
                raise AllowanceFull(SCOPES[int(which) - 1], today=what == b"a_day")
            case [b"thread", other]:
                raise ThreadTaken(other.decode())
        raise ValueError(f"append.lua answered {answer!r}")

    async def follow(self, debate: str, after: int = 0) -> AsyncIterator[Record | LiveText]:
        """See `DebateStore.follow`."""
        keys = DebateKeys(debate)
        # Live text from its beginning: whoever comes in mid-turn gets the turn so far.
        places: dict[Any, Any] = {keys.log: f"{after}-0", keys.live: "0-0"}
        while True:
            with store_errors():
                await self._client.set(keys.watched, 1, px=WATCHED_MS)
                found = await self._client.xread(places, block=LOOK_MS)
            for stream, entries in _streams(found):
                for entry in entries:
                    places[stream] = entry[0]
                    if stream == keys.live:
                        yield _live(entry)
                    else:
                        yield _record(entry, await self._words(keys, entry))

    async def _words(self, keys: DebateKeys, entry: _Entry) -> bytes | None:
        """What is kept apart from a record; erased words are as if they had never been said."""
        if b"w" not in entry[1]:
            return None
        with store_errors():
            return cast(bytes | None, await self._client.hget(keys.words, _n(entry).decode()))

    async def write(self, debate: str, pieces: Sequence[LiveText]) -> None:
        """See `LiveTextWriter.write`."""
        live = DebateKeys(debate).live
        with store_errors():
            async with self._client.pipeline(transaction=False) as pipe:
                for piece in pieces:
                    body = orjson.dumps(asdict(piece))
                    pipe.xadd(live, {"b": body}, maxlen=LIVE_PIECES, approximate=True)
                pipe.pexpire(live, LIVE_MS)
                await pipe.execute()


def _record(entry: _Entry, words: bytes | None) -> Record:
    fields = entry[1]
    content = orjson.loads(fields[b"b"])
    if words is not None:
        content |= orjson.loads(words)
    return Record(int(_n(entry)), int(fields[b"at"]), decode(fields[b"e"].decode(), content))


def _n(entry: _Entry) -> bytes:
    return entry[0].partition(b"-")[0]


def _live(entry: _Entry) -> LiveText:
    return LiveText(**orjson.loads(entry[1][b"b"]))


def _streams(found: Any) -> Iterable[tuple[str, list[_Entry]]]:
    """What XREAD found, whichever protocol version its answer has."""
    if isinstance(found, dict):
        for stream, batches in found.items():
            yield stream.decode(), [entry for batch in batches for entry in batch]
    else:
        for stream, entries in found or ():
            yield stream.decode(), entries


def _claim_after(append: Append, epoch: int, watched: bool) -> Claim | None:
    claim = append.claim
    if claim is None or append.work.ends_claim:
        return None
    n = append.records[-1].n
    return Claim(claim.debate, epoch, claim.owner, claim.entry, n, watched)
