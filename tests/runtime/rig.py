"""A worker and the door to it, on a test's own shard, with whatever model a test brings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis

from engine.adapters.openai_client import OpenAIClient, OpenAISettings
from engine.adapters.redis_inspection import RedisInspection
from engine.adapters.redis_keys import ShardKeys, new_debate_id
from engine.adapters.redis_places import RedisPlaces
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_roll import RedisRoll
from engine.adapters.redis_slots import UnlimitedSlots
from engine.adapters.redis_store import RedisStore
from engine.adapters.system_clock import SystemClock
from engine.debate.allowance import Allowance
from engine.debate.commands import GiveUpOnModel, StartDebate
from engine.debate.events import (
    DebateClosed,
    Event,
    Problem,
    Reason,
    Record,
    Scope,
    Synthesis,
    TurnRequested,
    TurnSpoken,
)
from engine.ports.clock import Clock
from engine.ports.model import ModelClient
from engine.ports.slots import ModelSlots
from engine.runtime.door import Door
from engine.runtime.holding import Parts
from engine.runtime.metrics import Metrics
from engine.runtime.worker import Worker, WorkerLimits
from tests.debate.given import start

LEASE_MS = 600
KEEP_MS = 600_000


class HastyClock(SystemClock):
    """A clock that runs a hundred times as fast."""

    FACTOR = 100

    def now_ms(self) -> int:
        return super().now_ms() * self.FACTOR

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / self.FACTOR)


class Rig:
    """What a test drives."""

    def __init__(self, redis: Redis, shard: str) -> None:
        self.redis = redis
        self.shard = shard
        self.clock: Clock = SystemClock()
        self.store = RedisStore(redis, shard=shard, lease_ms=LEASE_MS, keep_ms=KEEP_MS)
        self.places = RedisPlaces(redis, shard=shard, keep_ms=KEEP_MS)
        self.slots: ModelSlots | None = None
        self.allowances: dict[Scope, Allowance] = {}
        self.door = Door(self.store, self.clock, self.places, allowances=self.allowances)
        self._workers = 0

    async def start(self, command: StartDebate | None = None) -> str:
        """A debate, started; answers its id."""
        debate = new_debate_id(self.shard)
        await self.door.start(debate, command or start())
        return debate

    @asynccontextmanager
    async def worker(
        self,
        model: ModelClient,
        *,
        debates_at_once: int = 16,
        model_patience_s: float = 600.0,
        drain_s: float = 5.0,
        lease_ms: int = LEASE_MS,
    ) -> AsyncIterator[Worker]:
        """A worker that works for as long as the `async with` lasts."""
        self._workers += 1
        consumer = f"worker{self._workers}"
        queue = RedisQueue(
            self.redis, self.clock, shard=self.shard, consumer=consumer, lease_ms=lease_ms
        )
        parts = Parts(
            store=self.store,
            door=Door(
                self.store,
                self.clock,
                self.places,
                allowances=self.allowances,
                store_patience_s=60.0,
            ),
            queue=queue,
            live=self.store,
            model=model,
            info=await model.info(),
            clock=self.clock,
            metrics=Metrics(),
            slots=self.slots or UnlimitedSlots(),
            roll=RedisRoll(self.redis, shard=self.shard, worker=consumer),
            inspection=RedisInspection(self.redis, shard=self.shard),
            version="1.2.3",
        )
        limits = WorkerLimits(debates_at_once, lease_ms, model_patience_s, drain_s)
        worker = Worker(parts, limits)
        running = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            worker.stop()
            await running

    async def idle(self) -> None:
        """Waits until no worker has anything to do: no wake-up is left, none is held."""
        async with asyncio.timeout(5):
            while await self.redis.xlen(ShardKeys(self.shard).work):  # noqa: ASYNC110
                await asyncio.sleep(0.005)

    async def finish(self, debate: str) -> None:
        """Closes a debate by hand, so that it leaves nothing behind."""
        standing = await self.door.load(debate)
        turn = standing.pending.turn if standing.pending else 0
        end = GiveUpOnModel(turn, Reason.STOPPED, Problem("over"), Synthesis("Over."))
        await self.door.submit(debate, end)

    async def kept_anywhere(self, words: bytes) -> bool:
        """Whether any key of the shard holds these words."""
        async for key in self.redis.scan_iter(match=f"{ShardKeys(self.shard).root}:*"):
            if words in repr(await self._content(key)).encode():
                return True
        return False

    async def _content(self, key: bytes) -> object:
        """What a key holds, as its type has it; a dump may be compressed."""
        redis: Any = self.redis
        match await redis.type(key):
            case b"stream":
                return await redis.xrange(key)
            case b"hash":
                return await redis.hgetall(key)
            case b"zset":
                return await redis.zrange(key, 0, -1)
            case b"set":
                return await redis.smembers(key)
        return await redis.get(key)

    async def log_until_closed(self, debate: str, within_s: float = 30.0) -> list[Event]:
        """The whole log of a debate that closes within the bound."""
        return await self.log_until(debate, lambda event: isinstance(event, DebateClosed), within_s)

    async def log_until_turn(self, debate: str, turn: int) -> list[Event]:
        """The log up to this turn, spoken within a bound."""
        return await self.log_until(
            debate, lambda event: isinstance(event, TurnSpoken) and event.turn == turn
        )

    async def log_until(
        self, debate: str, comes: Callable[[Event], bool], within_s: float = 10.0
    ) -> list[Event]:
        """The log up to the first event that is looked for, within the bound."""
        records: list[Record] = []
        async with asyncio.timeout(within_s):
            async for item in self.door.follow(debate):
                if isinstance(item, Record):
                    records.append(item)
                    if comes(item.event):
                        break
        assert [record.n for record in records] == list(range(1, len(records) + 1))
        return [record.event for record in records]


@asynccontextmanager
async def client_of(url: str, idle_timeout_s: float = 30.0) -> AsyncIterator[OpenAIClient]:
    """A client of the server at this address, as impatient as a test wants it."""
    settings = OpenAISettings(url, tries=1, backoff_s=0.01, idle_timeout_s=idle_timeout_s)
    async with OpenAIClient.open(settings) as client:
        yield client


async def wait_until(holds: Callable[[], object], within_s: float = 20.0) -> None:
    """Waits until it holds.

    Raises:
        TimeoutError
    """
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - what holds is not this process's to announce
            await asyncio.sleep(0.005)


def turns(log: list[Event]) -> list[TurnSpoken]:
    """The turns of a log, checked to keep the handoff: each asks one whom it may ask."""
    spoken: list[TurnSpoken] = []
    requested: TurnRequested | None = None
    for event in log:
        if isinstance(event, TurnRequested):
            requested = event
        elif isinstance(event, TurnSpoken):
            assert requested is not None
            assert (event.turn, event.persona) == (requested.turn, requested.persona)
            assert event.answer.strip()
            if requested.ask:
                assert event.next in requested.ask
                assert (event.question or "").strip()
            else:
                assert (event.next, event.question) == (None, None)
            spoken.append(event)
    assert [turn.turn for turn in spoken] == list(range(1, len(spoken) + 1))
    return spoken


def close_of(log: list[Event]) -> DebateClosed:
    """The end of a log."""
    closed = log[-1]
    assert isinstance(closed, DebateClosed)
    assert closed.synthesis.summary.strip()
    return closed
