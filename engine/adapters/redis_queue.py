"""One shard's wake-ups in Redis, and the claims that come of them.

A wake-up stays pending with its worker while that worker holds the debate, and is renewed with the
lease. So a worker that dies leaves just one thing behind, its pending wake-up, and another worker
takes that over when the lease has run out.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, cast

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from engine.adapters.redis_keys import DEAD_KEPT, GROUP, DebateKeys, ShardKeys
from engine.adapters.redis_server import script, store_errors
from engine.ports.clock import Clock
from engine.ports.work import Busy, Claim, Wakeup

SWEEPS_PER_LEASE = 4
TIMERS_AT_ONCE = 100
LISTEN_S = 5.0
"""How long a look for lost claims waits; shorter than the client's patience for an answer."""
FORGOTTEN_AFTER_MS = 86_400_000


class RedisQueue:
    """`WorkQueue` on Redis or Valkey, for the debates of one shard."""

    def __init__(
        self, client: Redis, clock: Clock, *, shard: str, consumer: str, lease_ms: int
    ) -> None:
        """`consumer`: this worker's name, unique among all that serve the shard."""
        self._client = client
        self._clock = clock
        self._keys = ShardKeys(shard)
        self._consumer = consumer
        self._lease_ms = lease_ms
        self._sweep_at = 0.0
        self._cursor: Any = "0-0"
        self._claim = script(client, "claim")
        self._renew = script(client, "renew")
        self._release = script(client, "release")
        self._timers = script(client, "timers")
        self._bury = script(client, "bury")
        self._leave = script(client, "leave")

    async def take(self, most: int, wait_ms: int) -> list[Wakeup]:
        """See `WorkQueue.take`."""
        with store_errors():
            try:
                return await self._take(most, wait_ms)
            except ResponseError as error:
                if "NOGROUP" not in str(error):
                    raise
                await self._create_group()
                return []

    async def claim(self, wakeup: Wakeup) -> Claim | Busy | None:
        """See `WorkQueue.claim`."""
        keys = DebateKeys(wakeup.debate)
        owner = f"{self._consumer}:{secrets.token_hex(8)}"
        with store_errors():
            answer = await self._claim(
                keys=[keys.state, self._keys.work, keys.watched, self._keys.timers],
                args=[owner, wakeup.entry, self._lease_ms, GROUP, wakeup.debate],
            )
        match answer:
            case [b"claimed", epoch, n, watched]:
                debate, entry = wakeup.debate, wakeup.entry
                return Claim(debate, int(epoch), owner, entry, int(n), bool(watched))
            case [b"busy", for_ms]:
                return Busy(int(for_ms))
        return None

    async def renew(self, claims: Sequence[Claim]) -> list[Claim]:
        """See `WorkQueue.renew`."""
        with store_errors():
            async with self._client.pipeline(transaction=False) as pipe:
                for claim in claims:
                    keys = DebateKeys(claim.debate)
                    await self._renew(
                        keys=[keys.state, self._keys.work, keys.watched],
                        args=[claim.owner, self._lease_ms, claim.entry, GROUP, self._consumer],
                        client=pipe,
                    )
                answers = await pipe.execute()
        return [
            Claim(c.debate, c.epoch, c.owner, c.entry, c.n, bool(answer[1]))
            for c, answer in zip(claims, answers, strict=True)
            if answer[0] == b"held"
        ]

    async def release(self, claim: Claim, delay_ms: int = 0) -> None:
        """See `WorkQueue.release`."""
        await self._give_back(claim, delay_ms, "")

    async def rest(self, claim: Claim, n: int) -> None:
        """See `WorkQueue.rest`."""
        await self._give_back(claim, 0, n)

    async def _give_back(self, claim: Claim, delay_ms: int, rest_at: int | str) -> None:
        keys = DebateKeys(claim.debate)
        with store_errors():
            await self._release(
                keys=[keys.state, self._keys.work, self._keys.timers],
                args=[claim.debate, claim.owner, claim.entry, delay_ms, GROUP, rest_at],
            )

    async def lost(self) -> AsyncIterator[str]:
        """See `WorkQueue.lost`."""
        async with self._client.pubsub() as channel:
            with store_errors():
                await channel.subscribe(self._keys.lost)
            while True:
                with store_errors():
                    message = await channel.get_message(
                        ignore_subscribe_messages=True, timeout=LISTEN_S
                    )
                if message is not None:
                    yield message["data"].decode()

    async def bury(self, wakeup: Wakeup, why: str) -> None:
        """See `WorkQueue.bury`."""
        with store_errors():
            await self._bury(
                keys=[self._keys.work, self._keys.dead],
                args=[wakeup.debate, wakeup.entry, why, GROUP, DEAD_KEPT],
            )

    async def leave(self) -> None:
        """See `WorkQueue.leave`. The last to leave an empty shard takes its queue away."""
        with store_errors():
            await self._leave(
                keys=[self._keys.work], args=[GROUP, self._consumer, FORGOTTEN_AFTER_MS]
            )

    async def _create_group(self) -> None:
        try:
            await self._client.xgroup_create(self._keys.work, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    async def _take(self, most: int, wait_ms: int) -> list[Wakeup]:
        now = self._clock.monotonic()
        if now >= self._sweep_at:
            self._sweep_at = now + self._lease_ms / SWEEPS_PER_LEASE / 1000
            left = await self._take_over(most)
            if left:
                return left
        due_in_ms = await self._fire_timers()
        block = max(1, min(wait_ms, due_in_ms)) if due_in_ms >= 0 else wait_ms
        found = await self._client.xreadgroup(
            GROUP, self._consumer, {self._keys.work: ">"}, count=most, block=block
        )
        return [Wakeup(debate, entry, deliveries=1) for entry, debate in _entries(found)]

    async def _fire_timers(self) -> int:
        keys = [self._keys.timers, self._keys.work]
        answer = cast(list[int], await self._timers(keys=keys, args=[TIMERS_AT_ONCE]))
        return answer[1]

    async def _take_over(self, most: int) -> list[Wakeup]:
        """Wake-ups whose worker has not renewed them for a lease's time."""
        answer = await self._client.xautoclaim(
            self._keys.work,
            GROUP,
            self._consumer,
            min_idle_time=self._lease_ms,
            start_id=self._cursor,
            count=most,
        )
        self._cursor = answer[0]
        taken = [(entry, fields) for entry, fields in answer[1] if fields]
        return [
            Wakeup(fields[b"d"].decode(), entry.decode(), await self._deliveries(entry))
            for entry, fields in taken
        ]

    async def _deliveries(self, entry: bytes) -> int:
        pending = await self._client.xpending_range(
            self._keys.work, GROUP, min=entry, max=entry, count=1
        )
        return int(pending[0]["times_delivered"]) if pending else 1


def _entries(found: Any) -> Iterable[tuple[str, str]]:
    """Entry and debate of what XREADGROUP found, whichever protocol its answer has."""
    streams = found.values() if isinstance(found, dict) else [e for _, e in found or ()]
    for batches in streams:
        entries = batches[0] if isinstance(found, dict) else batches
        for entry, fields in entries:
            if fields:
                yield entry.decode(), fields[b"d"].decode()
