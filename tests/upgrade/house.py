"""One shard, as whichever version runs here has it: its adapters, and a panel to debate with."""

from __future__ import annotations

from dataclasses import replace

from redis.asyncio import Redis

from engine.adapters.redis_inspection import RedisInspection
from engine.adapters.redis_limits import RedisLimits
from engine.adapters.redis_places import RedisPlaces
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.redis_store import RedisStore
from engine.adapters.redis_upkeep import RedisUpkeep
from engine.adapters.redis_vault import RedisVault
from engine.adapters.system_clock import SystemClock
from engine.debate.commands import Actor
from engine.debate.events import Person, Place
from engine.runtime.door import Door
from tests.debate.given import PANEL

PLATFORM = "chat"
WORKSPACE, CHANNEL = "chat:W1", "C1"
ANA, BEA = Person("chat:W1:ana", "Ana"), Person("chat:W1:bea", "Bea Ñ")
CAST = replace(PANEL, rounds=2)
LEASE_MS = 500
KEEP_MS = 600_000
KEY = "YSBzYW1wbGUga2V5IG9mIHRoaXJ0eS10d28gYnl0ZXM="
"""Seals nothing but a sample's document."""


class House:
    """What stands on a shard."""

    def __init__(self, redis: Redis, shard: str) -> None:
        self.redis, self.shard = redis, shard
        self.store = RedisStore(redis, shard=shard, lease_ms=LEASE_MS, keep_ms=KEEP_MS)
        self.places = RedisPlaces(redis, shard=shard, keep_ms=KEEP_MS)
        self.door = Door(self.store, SystemClock(), self.places)
        self.upkeep = RedisUpkeep(redis, self.store, shard=shard)
        self.inspection = RedisInspection(redis, shard=shard)
        self.limits = RedisLimits(redis, shard=shard)
        self.vault = RedisVault(redis, [KEY], shard=shard)

    def queue(self, worker: str) -> RedisQueue:
        """The wake-ups, as this worker takes them."""
        clock = SystemClock()
        return RedisQueue(self.redis, clock, shard=self.shard, consumer=worker, lease_ms=LEASE_MS)

    def readers(self, process: str) -> RedisReaders:
        """The mail, as this process takes it."""
        return RedisReaders(
            *(self.redis, SystemClock()),
            shard=self.shard,
            platform=PLATFORM,
            consumer=process,
            lease_ms=LEASE_MS,
        )


def thread(name: str) -> Place:
    """A thread of the channel."""
    return Place(WORKSPACE, CHANNEL, name)


def ana(name: str) -> Actor:
    """Ana in this thread; the channel is hers."""
    return Actor(ANA, thread(name), manages=True)


def bea(name: str) -> Actor:
    """Bea in this thread."""
    return Actor(BEA, thread(name))
