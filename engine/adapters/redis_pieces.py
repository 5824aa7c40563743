"""Keys of Redis as pieces of a backup: read by their type and written by it, never as a dump.

A dump names the version of the server that made it, and another one, or Redis in Valkey's place,
refuses it. Bytes stand in a piece as text, each byte a character, since JSON has no bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Command = Callable[[Any], Any]
"""Adds one command to a pipeline."""


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
            return [[text(member), score] for member, score in found]
    return [
        [text(entry), [text(w) for pair in fields.items() for w in pair]] for entry, fields in found
    ]


def written(pipe: Any, kind: str, key: str, value: Any, expires_ms: int) -> None:
    """Writes a key anew; sent twice, it is the same."""
    pipe.delete(key)
    for command in _commands(kind, key, value):
        command(pipe)
    if expires_ms > 0:
        pipe.pexpireat(key, expires_ms)


def _commands(kind: str, key: str, value: Any) -> Iterator[Command]:
    match kind:
        case "string":
            yield lambda pipe: pipe.set(key, raw(value))
        case "hash":
            fields = {raw(field): raw(content) for field, content in value.items()}
            yield lambda pipe: pipe.hset(key, mapping=fields)
        case "set":
            yield lambda pipe: pipe.sadd(key, *map(raw, value))
        case "zset":
            scores = {raw(member): score for member, score in value}
            yield lambda pipe: pipe.zadd(key, scores)
        case "stream":
            for entry, words in value:
                yield _entry(key, entry, [raw(word) for word in words])
        case _:
            raise ValueError(f"{key}: a backup has no {kind}")


def _entry(key: str, entry: str, words: list[bytes]) -> Command:
    fields = dict(zip(words[::2], words[1::2], strict=True))
    return lambda pipe: pipe.xadd(key, fields, id=entry)
