"""The model's slots in Redis: expiring leases, and a queue that is fair by workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from redis.asyncio import Redis

from engine.adapters.redis_keys import SLOT_KEYS
from engine.adapters.redis_server import script, store_errors
from engine.ports.slots import Turnstile

FORGOTTEN_MS = 15_000
"""Who has not asked again for so long waits no more. Longer than anybody waits between two asks."""


class RedisSlots:
    """`ModelSlots` on Redis or Valkey."""

    def __init__(self, client: Redis, *, most: int, lease_ms: int) -> None:
        """`most`: how many turns are spoken at once."""
        self._client = client
        self._most = most
        self._lease_ms = lease_ms
        self._admit = script(client, "admit")
        self._keep = script(client, "keep_slots")

    async def ask(self, turn: Turnstile) -> int:
        """See `ModelSlots.ask`."""
        who = [turn.owner, turn.debate, turn.workspace]
        with store_errors():
            answer = await self._admit(
                keys=list(SLOT_KEYS), args=[*who, self._most, self._lease_ms, FORGOTTEN_MS]
            )
        return cast(int, answer)

    async def renew(self, owners: Sequence[str]) -> None:
        """See `ModelSlots.renew`."""
        if owners:
            with store_errors():
                await self._keep(keys=list(SLOT_KEYS[:1]), args=[self._lease_ms, *owners])

    async def free(self, owner: str) -> None:
        """See `ModelSlots.free`."""
        with store_errors():
            await self._client.zrem(SLOT_KEYS[0], owner)


class UnlimitedSlots:
    """`ModelSlots` where the model server itself is left to say when it is full."""

    async def ask(self, turn: Turnstile) -> int:  # noqa: ARG002 - everybody is let in
        """See `ModelSlots.ask`."""
        return 0

    async def renew(self, owners: Sequence[str]) -> None:
        """See `ModelSlots.renew`."""

    async def free(self, owner: str) -> None:
        """See `ModelSlots.free`."""
