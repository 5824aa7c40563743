"""A stream and the group that takes its entries, looked at: what waits, and who holds what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from engine.ports.inspection import Waiting

MOST = 10_000
"""More entries than anybody reads through."""


@dataclass(frozen=True, slots=True)
class Member:
    """A consumer of the group."""

    name: str
    idle_ms: int
    held: int


@dataclass(frozen=True, slots=True)
class Held:
    """An entry that a consumer has."""

    holder: str
    deliveries: int


class Crowd:
    """One stream and its group; neither need be there."""

    def __init__(self, client: Redis, stream: str, group: str) -> None:
        self._client: Any = client
        self._stream = stream
        self._group = group

    async def count(self, now_ms: int) -> Waiting:
        """What waits and what is held. Entries are deleted as they are done."""
        length = int(await self._client.xlen(self._stream))
        group = await self._its_group()
        if group is None:
            return Waiting(length, 0, now_ms - at_ms(await self._first("-")) if length else 0)
        held = int(group["pending"])
        if length <= held:
            return Waiting(0, held, 0)
        first = await self._first(f"({group['last-delivered-id'].decode()}")
        return Waiting(length - held, held, max(0, now_ms - at_ms(first)) if first else 0)

    async def members(self) -> list[Member]:
        """The group's consumers, by name."""
        try:
            found = await self._client.xinfo_consumers(self._stream, self._group)
        except ResponseError as error:
            if _missing(error):
                return []
            raise
        members = [Member(f["name"].decode(), int(f["idle"]), int(f["pending"])) for f in found]
        return sorted(members, key=lambda member: member.name)

    async def held(self) -> dict[bytes, Held]:
        """Who holds which entry."""
        try:
            found = await self._client.xpending_range(
                self._stream, self._group, min="-", max="+", count=MOST
            )
        except ResponseError as error:
            if _missing(error):
                return {}
            raise
        return {
            entry["message_id"]: Held(entry["consumer"].decode(), int(entry["times_delivered"]))
            for entry in found
        }

    async def entries(self, most: int) -> list[tuple[bytes, dict[bytes, bytes]]]:
        """The entries, the oldest first."""
        found = await self._client.xrange(self._stream, count=most)
        return cast(list[tuple[bytes, dict[bytes, bytes]]], found)

    async def _its_group(self) -> dict[str, Any] | None:
        try:
            groups = await self._client.xinfo_groups(self._stream)
        except ResponseError as error:
            if _missing(error):
                return None
            raise
        return next((group for group in groups if group["name"].decode() == self._group), None)

    async def _first(self, start: str) -> bytes:
        found = await self._client.xrange(self._stream, min=start, count=1)
        return cast(bytes, found[0][0]) if found else b""


def at_ms(entry: bytes) -> int:
    """When an entry was added: Unix time, milliseconds."""
    return int(entry.partition(b"-")[0] or 0)


def _missing(error: ResponseError) -> bool:
    return "no such key" in str(error) or "NOGROUP" in str(error)
