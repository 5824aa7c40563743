"""The processes of a deployment, built as `engine.bootstrap` builds them: workers, and bots."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass

from redis.asyncio import Redis

from bots.chat.delivery import Delivery, DeliveryLimits, Ports
from engine.adapters.redis_inspection import RedisInspection
from engine.adapters.redis_places import RedisPlaces
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.redis_roll import RedisRoll
from engine.adapters.redis_slots import RedisSlots, UnlimitedSlots
from engine.adapters.redis_store import RedisStore
from engine.ports.store import StoreAway
from engine.runtime.door import Door
from engine.runtime.holding import Parts
from engine.runtime.metrics import Metrics
from engine.runtime.worker import Worker, WorkerLimits
from tests.simulation.cast import PLATFORM, SHARD
from tests.simulation.chat_platform import Platform, SimulatedSurface
from tests.simulation.loop import Host, SimulatedLoop
from tests.simulation.model import SimulatedModel
from tests.simulation.redis_client import simulated_client
from tests.simulation.redis_host import RedisHost
from tests.simulation.seeded import EPOCH_S

LEASE_MS = 10_000
KEEP_MS = 86_400_000
MODEL_PATIENCE_S = 60.0
DRAIN_S = 20.0


class SimulatedClock:
    """`Clock` of the simulation."""

    def __init__(self, loop: SimulatedLoop) -> None:
        self._loop = loop

    def now_ms(self) -> int:
        return int((EPOCH_S + self._loop.time()) * 1000)

    def monotonic(self) -> float:
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Outside:
    """What processes share: the servers around them."""

    loop: SimulatedLoop
    chance: random.Random
    redis: RedisHost
    model: SimulatedModel
    platform: Platform
    clock: SimulatedClock
    slots: int | None
    """How many turns the model speaks at once."""


def store_of(client: Redis) -> RedisStore:
    return RedisStore(client, shard=SHARD, lease_ms=LEASE_MS, keep_ms=KEEP_MS)


def door_of(client: Redis, outside: Outside, patience_s: float = 0.0) -> Door:
    places = RedisPlaces(client, shard=SHARD, keep_ms=KEEP_MS)
    return Door(store_of(client), outside.clock, places, store_patience_s=patience_s)


class Process:
    """One place in a deployment: a process runs in it, and another one after it."""

    kind = "process"

    def __init__(self, name: str, outside: Outside, ended: Callable[[str, str], None]) -> None:
        """`ended` is told the name and the error of a process that ends by itself, or by a bug."""
        self.name = name
        self.outside = outside
        self.host = Host(outside.loop, name)
        self.host.alive = False
        self._ended = ended
        self._before = (0, 0, 0)
        self._lives = 0
        self._stop: Callable[[], None] | None = None

    @property
    def counts(self) -> tuple[int, int, int]:
        """Its steps, commands and posts, of all its lives."""
        steps, sent, posted = self._before
        return steps + self.host.steps, sent + self.host.sent, posted + self.host.posted

    @property
    def listens(self) -> bool:
        """Whether somebody who calls is heard, now or when it is thawed."""
        return self.host.alive and self._stop is not None

    def start(self) -> None:
        """A new process begins."""
        self._before = self.counts
        self._lives += 1
        self._stop = None
        self.host = Host(self.outside.loop, self.name)
        self.do(self._live(f"{self.name}-{self._lives}"))

    def do(self, work: object) -> None:
        """Has the process that runs do this."""
        task = self.host.run(work)  # type: ignore[arg-type]  # a coroutine of whatever sort
        task.add_done_callback(self._done, context=self.host.context)

    def kill(self) -> None:
        """As with kill -9."""
        self.host.kill()
        self._stop = None
        self.outside.redis.hang_up(self.host)

    def ask_to_stop(self) -> None:
        """As with SIGTERM."""
        stop, self._stop = self._stop, None
        if stop is not None and self.host.alive:
            self.host.context.run(self.outside.loop.call_soon, stop)

    async def _live(self, name: str) -> None:
        self._stop = await self.open(name)
        await self.serve()
        self.kill()

    async def open(self, name: str) -> Callable[[], None]:
        """Gets ready; answers what asks it to stop."""
        raise NotImplementedError

    async def serve(self) -> None:
        """Works until it is asked to stop."""
        raise NotImplementedError

    def _done(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._ended(self.name, repr(error))


class WorkerProcess(Process):
    """Lets debates speak."""

    async def open(self, name: str) -> Callable[[], None]:
        outside = self.outside
        client = simulated_client(outside.redis)
        store = store_of(client)
        parts = Parts(
            store=store,
            door=door_of(client, outside, float("inf")),
            queue=RedisQueue(client, outside.clock, shard=SHARD, consumer=name, lease_ms=LEASE_MS),
            live=store,
            model=outside.model,
            info=await outside.model.info(),
            clock=outside.clock,
            metrics=Metrics(),
            slots=(
                UnlimitedSlots()
                if outside.slots is None
                else RedisSlots(client, most=outside.slots, lease_ms=LEASE_MS)
            ),
            roll=RedisRoll(client, shard=SHARD, worker=name),
            inspection=RedisInspection(client, shard=SHARD),
            version="0",
        )
        most = outside.chance.choice([3, 64, 64])
        self._worker = Worker(parts, WorkerLimits(most, LEASE_MS, MODEL_PATIENCE_S, DRAIN_S))
        return self._worker.stop

    async def serve(self) -> None:
        await self._worker.run()


class BotProcess(Process):
    """Shows debates in threads, and hears people there."""

    door: Door
    readers: RedisReaders

    async def open(self, name: str) -> Callable[[], None]:
        outside = self.outside
        client = simulated_client(outside.redis)
        self.door = door_of(client, outside)
        self.readers = RedisReaders(
            *(client, outside.clock),
            shard=SHARD,
            platform=PLATFORM,
            consumer=name,
            lease_ms=LEASE_MS,
        )
        while True:
            try:
                await self.readers.open()
                break
            except StoreAway:
                await asyncio.sleep(1.0)
        surface = SimulatedSurface(outside.platform)
        ports = Ports(
            *(self.readers, self.door, surface, outside.clock), visible=lambda _seconds: None
        )
        self._delivery = Delivery(ports, DeliveryLimits(drain_s=DRAIN_S))
        return self._delivery.stop

    async def serve(self) -> None:
        await self._delivery.run()
