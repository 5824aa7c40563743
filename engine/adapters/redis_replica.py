"""The wait for a replica: where one server's word is not enough, two have to have it."""

from __future__ import annotations

from redis.asyncio import Redis

from engine.adapters.redis_keys import ShardKeys
from engine.adapters.redis_server import store_errors
from engine.ports.store import StoreAway

WAIT_MS = 1_000
"""How long a replica may take; shorter than anybody waits for an answer."""
KEPT_MS = 60_000


class Replica:
    """A replica that takes the server's place when that dies, and has to know what it knew."""

    def __init__(self, client: Redis, *, shard: str) -> None:
        self._client = client
        self._key = ShardKeys(shard).replicated

    async def has_all(self) -> None:
        """Returns once a replica has everything that the server was told before this call.

        WAIT speaks of what its own connection wrote. Writes reach a replica in their order, so one
        write more, over this connection, stands for everybody's.

        Raises:
            StoreAway: none has, or nobody answers.
        """
        with store_errors():
            async with self._client.pipeline(transaction=False) as pipe:
                pipe.set(self._key, 1, px=KEPT_MS)
                pipe.execute_command("WAIT", 1, WAIT_MS)
                _, replicas = await pipe.execute()
        if not replicas:
            raise StoreAway("No replica of Redis has it yet: see that one is there and follows")
