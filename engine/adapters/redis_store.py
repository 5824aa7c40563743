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

from engine.adapters.redis_keys import GROUP, LIVE_MS, WATCHED_MS, DebateKeys, ShardKeys, shard_of
from engine.adapters.redis_server import script, store_errors
from engine.debate.codec import NAMES, decode
from engine.debate.events import Record
from engine.ports.live import LiveText
from engine.ports.store import Append, Conflict, UnknownDebate
from engine.ports.work import Claim, StaleClaim

LOOK_MS = 2_000
"""How long a follower's read waits before it looks again."""
LIVE_PIECES = 1_000

_Entry = tuple[bytes, dict[bytes, bytes]]


class RedisStore:
    """`DebateStore` and `LiveTextWriter` on Redis or Valkey."""

    def __init__(self, client: Redis, *, lease_ms: int, keep_ms: int) -> None:
        """`keep_ms`: how long a debate is kept after its close."""
        self._client = client
        self._lease_ms = lease_ms
        self._keep_ms = keep_ms
        self._append = script(client, "append")

    async def load(self, debate: str, after: int = 0) -> list[Record]:
        """See `DebateStore.load`."""
        with store_errors():
            log = DebateKeys(debate).log
            entries = cast(list[_Entry], await self._client.xrange(log, f"({after}-0"))
            if not entries and (after == 0 or not await self._client.exists(log)):
                raise UnknownDebate(debate)
        return [_record(entry) for entry in entries]

    async def panel(self, debate: str, panel_hash: str) -> bytes:
        """See `DebateStore.panel`."""
        with store_errors():
            key = ShardKeys(shard_of(debate)).panel(panel_hash)
            content = cast(bytes | None, await self._client.get(key))
        if content is None:
            raise KeyError(panel_hash)
        return content

    async def append(self, append: Append) -> Claim | None:
        """See `DebateStore.append`."""
        with store_errors():
            answer = await self._append(keys=_keys(append), args=self._arguments(append))
        match answer:
            case [b"conflict", n]:
                raise Conflict(f"{append.debate} is at event {n}, not {append.after}")
            case [b"stale"]:
                raise StaleClaim(append.debate)
            case [b"ok", epoch, watched]:
                return _claim_after(append, int(epoch), bool(watched))
        raise ValueError(f"append.lua answered {answer!r}")

    def _arguments(self, append: Append) -> list[Any]:
        claim = append.claim
        return [
            append.debate,
            append.after,
            append.op,
            append.work.value,
            claim.epoch if claim else "",
            claim.owner if claim else "",
            self._lease_ms,
            self._keep_ms if append.closed else "",
            append.panel or "",
            GROUP,
            *(field for record in append.records for field in _fields(record)),
        ]

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
                    yield _record(entry) if stream == keys.log else _live(entry)

    async def write(self, debate: str, pieces: Sequence[LiveText]) -> None:
        """See `LiveTextWriter.write`."""
        live = DebateKeys(debate).live
        with store_errors():
            pipe = self._client.pipeline(transaction=False)
            for piece in pieces:
                body = orjson.dumps(asdict(piece))
                pipe.xadd(live, {"b": body}, maxlen=LIVE_PIECES, approximate=True)
            pipe.pexpire(live, LIVE_MS)
            await pipe.execute()


def _keys(append: Append) -> list[str]:
    keys = DebateKeys(append.debate)
    shard = keys.shard
    return [
        keys.log,
        keys.state,
        shard.work,
        shard.timers,
        shard.panel(append.panel_hash),
        shard.panel_open(append.panel_hash),
        keys.watched,
    ]


def _fields(record: Record) -> tuple[str, int, bytes]:
    return NAMES[type(record.event)], record.at_ms, orjson.dumps(record.event)


def _record(entry: _Entry) -> Record:
    entry_id, fields = entry
    event = decode(fields[b"e"].decode(), orjson.loads(fields[b"b"]))
    return Record(int(entry_id.partition(b"-")[0]), int(fields[b"at"]), event)


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
