"""A shard's keys as they stand in Redis, taken down and put back: a version's sample in a file.

By their types, not as dumps, which name the server that made them. Lifetimes are kept as what is
left of them, and consumer groups with what is pending in them: whoever held it is dead.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
from redis.asyncio import Redis

from engine.adapters.redis_keys import PREFIX
from engine.adapters.redis_pieces import content, read_key, text, write_key

FOLDER = Path(__file__).with_name("samples")


@dataclass(frozen=True, slots=True)
class Sample:
    """What a version left in Redis, what stood in the threads, and what it said of both."""

    version: str
    shard: str
    keys: list[dict[str, Any]]
    threads: dict[str, list[dict[str, Any]]]
    """The thread server's messages."""
    told: dict[str, Any]

    @classmethod
    def read(cls, file: Path) -> Sample:
        """The one in this file."""
        return cls(**orjson.loads(file.read_bytes()))

    def write(self, file: Path) -> None:
        """A line for each key, so that two samples can be compared."""
        told = {name: value for name, value in asdict(self).items() if name != "keys"}
        head = orjson.dumps(told, option=orjson.OPT_SORT_KEYS)[:-1]
        keys = b",\n".join(orjson.dumps(key) for key in self.keys)
        file.write_bytes(head + b',"keys":[\n' + keys + b"\n]}\n")


async def taken_down(redis: Redis, shard: str) -> list[dict[str, Any]]:
    """Every key of the shard."""
    names = [name async for name in redis.scan_iter(match=f"{PREFIX}:{{{shard}}}:*")]
    return [await _taken_down(redis, name.decode()) for name in sorted(set(names))]


async def put_back(redis: Redis, keys: list[dict[str, Any]]) -> None:
    """All of it, as if it had stood there all the time."""
    for key in keys:
        async with redis.pipeline(transaction=True) as pipe:
            if key["value"]:
                write_key(pipe, key["type"], key["key"], key["value"], -1)
            if key["left_ms"] > 0:
                pipe.pexpire(key["key"], key["left_ms"])
            for group in key["groups"]:
                pipe.xgroup_create(key["key"], group["name"], id=group["last"], mkstream=True)
                for entry, holder, times in group["pending"]:
                    whose = (key["key"], group["name"], holder)
                    pipe.xclaim(*whose, 0, [entry], retrycount=times, force=True, justid=True)
            await pipe.execute()


async def _taken_down(redis: Any, name: str) -> dict[str, Any]:
    kind = text(await redis.type(name))
    async with redis.pipeline(transaction=True) as pipe:
        read_key(pipe, kind, name)
        pipe.pttl(name)
        found, left_ms = await pipe.execute()
    groups = await _groups(redis, name) if kind == "stream" else []
    value = content(kind, found)
    return {"key": name, "type": kind, "value": value, "left_ms": left_ms, "groups": groups}


async def _groups(redis: Any, stream: str) -> list[dict[str, Any]]:
    groups = []
    for group in await redis.xinfo_groups(stream):
        name = text(group["name"])
        held = await redis.xpending_range(stream, name, min="-", max="+", count=1_000)
        pending = [
            [text(one["message_id"]), text(one["consumer"]), one["times_delivered"]] for one in held
        ]
        last = text(group["last-delivered-id"])
        groups.append({"name": name, "last": last, "pending": pending})
    return groups
