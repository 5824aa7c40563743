"""One consumer of a stream's group: takes entries, new ones and those that a dead one left.

An entry stays pending with its consumer until it is acknowledged, and is claimed again with every
renewal of a lease; who has not renewed for a lease's time is taken for dead.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from engine.adapters.redis_server import script, store_errors
from engine.ports.clock import Clock

SWEEPS_PER_LEASE = 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the stream."""

    id: str
    fields: dict[str, str]
    deliveries: int


class Consumer:
    """Takes entries of one stream in the name of one process."""

    def __init__(
        self, client: Redis, clock: Clock, *, stream: str, group: str, name: str, lease_ms: int
    ) -> None:
        """`name`: unique among the group's consumers."""
        self._client = client
        self._clock = clock
        self._stream = stream
        self._group = group
        self._name = name
        self._lease_ms = lease_ms
        self._sweep_at = 0.0
        self._swept_to: Any = "0-0"
        self._excuse = script(client, "excuse")

    async def open(self) -> None:
        """Makes the group, and the stream, if they are not there.

        Raises:
            StoreAway
        """
        with store_errors():
            try:
                await self._client.xgroup_create(self._stream, self._group, id="0", mkstream=True)
            except ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise

    async def take(
        self, most: int, wait_ms: int, before: Callable[[int], Awaitable[int]] | None = None
    ) -> list[Entry]:
        """Waits up to `wait_ms` for entries, or less: until others may have to be taken over.

        `before` is called before it waits, with how long it would, and says how long it may.

        Raises:
            StoreAway
        """
        try:
            with store_errors():
                return await self._take(most, wait_ms, before)
        except ResponseError as error:
            # Redis 7.0 says UNBLOCKED to those who wait while the last to leave takes it away.
            if not str(error).startswith(("NOGROUP", "UNBLOCKED")):
                raise
        await self.open()
        return []

    async def excuse(self, entry: str) -> None:
        """Has this delivery of an entry not count: the store failed, and not who took it.

        Raises:
            StoreAway
        """
        with store_errors():
            await self._excuse(keys=[self._stream], args=[self._group, self._name, entry])

    async def _take(
        self, most: int, wait_ms: int, before: Callable[[int], Awaitable[int]] | None
    ) -> list[Entry]:
        now = self._clock.monotonic()
        if now >= self._sweep_at:
            self._sweep_at = now + self._lease_ms / SWEEPS_PER_LEASE / 1000
            if left := await self._take_over(most):
                return left
        wait_ms = min(wait_ms, int((self._sweep_at - now) * 1000))
        if before is not None:
            wait_ms = await before(wait_ms)
        found = await self._client.xreadgroup(
            self._group, self._name, {self._stream: ">"}, count=most, block=max(1, wait_ms)
        )
        return [_entry(entry, fields, 1) for entry, fields in _found(found)]

    async def _take_over(self, most: int) -> list[Entry]:
        """What its consumer has not renewed for a lease's time."""
        answer = await self._client.xautoclaim(
            self._stream,
            self._group,
            self._name,
            min_idle_time=self._lease_ms,
            start_id=self._swept_to,
            count=most,
        )
        self._swept_to = answer[0]
        return [
            _entry(entry, fields, await self._deliveries(entry))
            for entry, fields in answer[1]
            if fields
        ]

    async def _deliveries(self, entry: bytes) -> int:
        pending = await self._client.xpending_range(
            self._stream, self._group, min=entry, max=entry, count=1
        )
        return int(pending[0]["times_delivered"]) if pending else 1


def _entry(entry: bytes, fields: dict[bytes, bytes], deliveries: int) -> Entry:
    content = {name.decode(): value.decode() for name, value in fields.items()}
    return Entry(entry.decode(), content, deliveries)


def _found(found: Any) -> Iterable[tuple[bytes, dict[bytes, bytes]]]:
    """What XREADGROUP found, whichever protocol version its answer has."""
    if isinstance(found, dict):
        batches = [entries for batches in found.values() for entries in batches]
    else:
        batches = [entries for _, entries in found or ()]
    return ((entry, fields) for entries in batches for entry, fields in entries if fields)
