"""Keys of Redis as pieces of a backup: read by their type and written by it, never as a dump.

A dump names the version of the server that made it, and another one, or Redis in Valkey's place,
refuses it. Bytes stand in a piece as text, each byte a character, since JSON has no bytes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any


def text(value: bytes) -> str:
    """Bytes, as a piece has them."""
    return value.decode("latin-1")


def raw(value: str) -> bytes:
    """The bytes that stand in a piece."""
    return value.encode("latin-1")


def read_key(pipe: Any, kind: str, key: str) -> None:
    """Asks for a key's content."""
    match kind:
        case "string":
            pipe.get(key)
        case "hash":
            pipe.hgetall(key)
        case "set":
            pipe.smembers(key)
        case "zset":
            pipe.zrange(key, 0, -1, withscores=True)
        case "stream":
            pipe.xrange(key)
        case _:
            raise ValueError(f"{key}: no key of this program's is a {kind}")


def content(kind: str, found: Any) -> Any:
    """A key's content as a piece has it; falsy: the key is gone."""
    match kind:
        case "string":
            return None if found is None else text(found)
        case "hash":
            return {text(field): text(value) for field, value in found.items()}
        case "set":
            return sorted(map(text, found))
        case "zset":
            return [[text(member), _score(score)] for member, score in found]
    return [
        [text(entry), [text(w) for pair in fields.items() for w in pair]] for entry, fields in found
    ]


def _score(value: float) -> float | str:
    """A score, for JSON, which has no infinity."""
    return value if math.isfinite(value) else str(value)


def write_key(pipe: Any, kind: str, key: str, value: Any, expires_ms: int) -> None:
    """Writes a key anew; sent twice, it is the same."""
    pipe.delete(key)
    match kind:
        case "string":
            pipe.set(key, raw(value))
        case "hash":
            pipe.hset(key, mapping={raw(field): raw(inner) for field, inner in value.items()})
        case "set":
            pipe.sadd(key, *map(raw, value))
        case "zset":
            pipe.zadd(key, {raw(member): score for member, score in value})
        case "stream":
            for entry, words in value:
                pipe.xadd(key, fields_of(words), id=entry)
        case _:
            raise ValueError(f"{key}: a backup has no {kind}")
    if expires_ms > 0:
        pipe.pexpireat(key, expires_ms)


def fields_of(words: Sequence[str]) -> dict[bytes, bytes]:
    """An entry's fields, which stand in a piece as names and values in turn."""
    return dict(zip(map(raw, words[::2]), map(raw, words[1::2]), strict=True))
