"""A debate in Redis, threads on a server, and bot processes that can be killed and frozen."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis

from bots.chat.delivery import Delivery, DeliveryLimits, Ports
from bots.chat.delivery.loop import RENEWALS_PER_LEASE
from engine.adapters.redis_keys import READERS, ShardKeys, new_debate_id
from engine.adapters.redis_places import RedisPlaces
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.redis_store import RedisStore
from engine.adapters.system_clock import SystemClock
from engine.debate.codec import UnknownEvent
from engine.debate.commands import Showing
from engine.debate.events import Event, Person, Place, Problem, Record, TurnSpoken
from engine.debate.evolve import fold
from engine.debate.state import Debate as State
from engine.ports.readers import Busy, Cursor, Hold, Mail, Shown
from engine.ports.store import Append
from engine.ports.work import Work
from engine.runtime.door import Door
from tests.chat.http_surface import HttpSurface
from tests.chat.logs import START_MS, STARTED, turn
from tests.fakes.thread_server import ThreadServer

LEASE_MS = 200
ANA = Person("chat:W1:ana", "Ana")
HOME = Place("chat:W1", "C1", "100")
TURNS = [turn(number) for number in range(1, 7)]
LONG = replace(turn(1), answer=" ".join(f"palabra{n:04}" for n in range(200)))

Step = Callable[[], Awaitable[None]]


class Debate:
    """A debate whose log grows as the engine lets it grow."""

    def __init__(self, store: RedisStore, shard: str, *threads: Place) -> None:
        self.id = new_debate_id(shard)
        self._store = store
        self._threads = threads
        self._n = 0

    async def begin(self) -> None:
        """Starts it; the first of its threads is its home."""
        await self.grow(replace(STARTED, home=self._threads[0], started_by=ANA))

    async def state(self) -> State:
        """How it stands."""
        return fold(None, (record.event for record in await self._store.load(self.id)))

    async def grow(self, *events: Event, erase: tuple[int, ...] = ()) -> None:
        """Appends the events in one write, with mail for all its threads.

        `erase`: the numbers of those whose words go.
        """
        n = len(await self._store.load(self.id)) if self._n else 0
        records = tuple(Record(n, START_MS + n, e) for n, e in enumerate(events, n + 1))
        await self._store.append(
            Append(
                self.id,
                n,
                records,
                op=secrets.token_hex(4),
                work=Work.KEEP,
                panel_hash="h",
                panel=b"cast",
                places=self._threads,
                erase=erase,
            )
        )
        self._n = n + len(events)


class Log:
    """The door, which remembers from where logs were read."""

    too_old = False
    """It knows no event that a newer version writes."""

    def __init__(self, store: RedisStore, door: Door) -> None:
        self._store = store
        self._door = door
        self.read_after: list[int] = []

    async def records(self, debate: str, after: int = 0) -> list[Record]:
        self.read_after.append(after)
        if self.too_old:
            raise UnknownEvent("no event is called 'vote.bought'")
        return await self._store.load(debate, after)

    async def submit(self, debate: str, command: Showing) -> None:
        await self._door.submit(debate, command)

    async def is_read(self) -> bool:
        """Whether anybody looked."""
        return bool(self.read_after)


class Readers(RedisReaders):
    """Readers at whose worst moments a test can step in: posted, and not yet recorded; refused."""

    before_record: Step | None = None
    before_rest: Step | None = None

    def __init__(self, client: Redis, clock: SystemClock, **named: Any) -> None:
        super().__init__(client, clock, **named)
        self.deliveries: list[int] = []
        """Of the mail that it acted on."""

    async def acquire(self, mail: Mail) -> Hold | Busy | None:
        self.deliveries.append(mail.deliveries)
        return await super().acquire(mail)

    async def rest(self, hold: Hold, why: Problem, *, failed: bool = False) -> Hold | None:
        if self.before_rest is not None:
            await self.before_rest()
        return await super().rest(hold, why, failed=failed)

    async def record(self, hold: Hold, cursor: Cursor, shown: Shown | None = None) -> None:
        if self.before_record is not None:
            await self.before_record()
        await super().record(hold, cursor, shown)


class Frozen(SystemClock):
    """The clock of a process that never comes to renew its leases, and else goes on."""

    async def sleep(self, seconds: float) -> None:
        if seconds == LEASE_MS / 1000 / RENEWALS_PER_LEASE:
            await asyncio.Event().wait()
        await super().sleep(seconds)


class Process:
    """A bot process: its delivery, in a task."""

    def __init__(
        self, delivery: Delivery, readers: Readers, log: Log, surface: HttpSurface
    ) -> None:
        self.readers = readers
        self.log = log
        self.surface = surface
        self._delivery = delivery
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Has it run."""
        self._task = asyncio.create_task(self._delivery.run())

    async def kill(self) -> None:
        """Ends it where it stands; nothing is given back."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def ask_to_stop(self) -> None:
        """As SIGTERM does."""
        self._delivery.stop()

    async def ended(self) -> None:
        """Waits until it has ended in good order."""
        if self._task is not None:
            async with asyncio.timeout(10):
                await self._task


class Bench:
    """All of it."""

    def __init__(self, redis: Redis, shard: str, server: ThreadServer) -> None:
        self.server = server
        self.store = RedisStore(redis, shard=shard, lease_ms=LEASE_MS, keep_ms=60_000)
        self.visible_s: list[float] = []
        """How long each turn took into its home thread, as processes told it."""
        self._redis = redis
        self._shard = shard

    def readers(self, clock: SystemClock | None = None) -> Readers:
        return Readers(
            *(self._redis, clock or SystemClock()),
            shard=self._shard,
            platform="chat",
            consumer=secrets.token_hex(4),
            lease_ms=LEASE_MS,
        )

    async def debate(self, *threads: Place) -> Debate:
        """A debate that has just begun."""
        await self.readers().open()
        debate = Debate(self.store, self._shard, *threads)
        await debate.begin()
        return debate

    @asynccontextmanager
    async def process(
        self, *, frozen: bool = False, lands_within_s: float = 0.0, limit: int | None = None
    ) -> AsyncIterator[Process]:
        """A process that runs; killed at the end, if it still does."""
        clock = Frozen() if frozen else SystemClock()
        readers, log = self.readers(clock), Log(self.store, self._door())
        async with HttpSurface.open(self.server.url, lands_within_s) as surface:
            if limit is not None:
                surface.limit = limit
            ports = Ports(readers, log, surface, clock, self.visible_s.append)
            limits = DeliveryLimits(drain_s=5.0)
            process = Process(Delivery(ports, limits), readers, log, surface)
            process.start()
            try:
                yield process
            finally:
                await process.kill()

    def _door(self) -> Door:
        places = RedisPlaces(self._redis, shard=self._shard, keep_ms=60_000)
        return Door(self.store, SystemClock(), places)

    async def delivered(self, mail: Mail, times: int) -> None:
        """Has it been taken so often, by processes that died."""
        stream = ShardKeys(self._shard).mail("chat")
        for _ in range(times):
            await self._redis.xclaim(stream, READERS, "dead", 0, [mail.entry])

    async def mail_left(self) -> int:
        """So much is not done."""
        return int(await self._redis.xlen(ShardKeys(self._shard).mail("chat")))

    async def shown(self, place: Place, count: int) -> list[str]:
        """What stands in the thread, once there are so many messages."""
        await self.server.until(lambda: len(self.server.threads[place.thread]) >= count)
        return self.server.texts(place.thread)

    async def recorded(self, debate: Debate, place: Place, n: int) -> None:
        """Waits until the thread's cursor stands at this event, or past it."""
        readers = self.readers()

        async def is_there() -> bool:
            return (await readers.standing(debate.id, place)).cursor.n >= n

        await until(is_there)


async def until(met: Callable[[], Awaitable[bool]], within_s: float = 10.0) -> None:
    """Waits until this is so.

    Raises:
        TimeoutError
    """
    async with asyncio.timeout(within_s):
        while True:
            if await met():
                return
            await asyncio.sleep(0.005)


def thread(name: str) -> Place:
    return Place("chat:W1", "C1", name)


def texts_of(turns: Sequence[TurnSpoken]) -> list[str]:
    """How turns of the ring read on the thread server."""
    return [f"{turn.answer}\n\n→ {turn.next}: {turn.question}" for turn in turns]


def words_of(shown: list[str]) -> list[str]:
    """The words of the long answer, as they stand in the thread."""
    return [word for text in shown for word in text.split() if word.startswith("palabra")]


def stalls(process: Process, *, at: int) -> asyncio.Event:
    """Has the process stop short of recording its nth post; the event says that it is there."""
    reached, count = asyncio.Event(), 0

    async def stall() -> None:
        nonlocal count
        count += 1
        if count == at:
            reached.set()
            await asyncio.Event().wait()

    process.readers.before_record = stall
    return reached
