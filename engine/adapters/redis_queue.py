"""One shard's wake-ups in Redis, and the claims that come of them.

A wake-up stays pending with its worker while that worker holds the debate, and is renewed with the
lease. So a worker that dies leaves just one thing behind, its pending wake-up, and another worker
takes that over when the lease has run out.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from typing import cast

from redis.asyncio import Redis

from engine.adapters.redis_group import Consumer
from engine.adapters.redis_keys import DEAD_KEPT, GROUP, DebateKeys, ShardKeys
from engine.adapters.redis_server import script, store_errors
from engine.ports.clock import Clock
from engine.ports.work import Busy, Claim, Wakeup

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
        self._keys = ShardKeys(shard)
        self._consumer = consumer
        self._lease_ms = lease_ms
        self._wakeups = Consumer(
            client, clock, stream=self._keys.work, group=GROUP, name=consumer, lease_ms=lease_ms
        )
        self._claim = script(client, "claim")
        self._renew = script(client, "renew")
        self._release = script(client, "release")
        self._timers = script(client, "timers")
        self._bury = script(client, "bury")
        self._leave = script(client, "leave")

    async def take(self, most: int, wait_ms: int) -> list[Wakeup]:
        """See `WorkQueue.take`."""
        taken = await self._wakeups.take(most, wait_ms, self._fire_timers)
        return [Wakeup(entry.fields["d"], entry.id, entry.deliveries) for entry in taken]

    async def excuse(self, wakeup: Wakeup) -> None:
        """See `WorkQueue.excuse`."""
        await self._wakeups.excuse(wakeup.entry)

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

    async def _fire_timers(self, wait_ms: int) -> int:
        """Queues the wake-ups whose time has come; the next one's bounds the wait."""
        keys = [self._keys.timers, self._keys.work]
        _, due_in_ms = cast(list[int], await self._timers(keys=keys, args=[TIMERS_AT_ONCE]))
        return min(wait_ms, due_in_ms) if due_in_ms >= 0 else wait_ms
