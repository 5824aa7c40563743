"""A desk before the real engine, on a test's own shard, and the people who come to it."""

from __future__ import annotations

from dataclasses import replace

from redis.asyncio import Redis

from bots.chat.desk import Answer, Asker, Desk
from engine.adapters.redis_keys import ShardKeys, new_debate_id
from engine.adapters.redis_places import RedisPlaces
from engine.adapters.redis_readers import RedisReaders
from engine.adapters.redis_store import RedisStore
from engine.adapters.system_clock import SystemClock
from engine.debate.codec import UnknownEvent
from engine.debate.events import Budget, Event, Person, Place, Record
from engine.debate.state import Debate
from engine.panels.loader import bundled, load_panel
from engine.runtime.door import Door
from tests.debate.given import close, speak

HOME = Place("chat:T1", "general", "1.1")
THERE = Place("chat:T2", "random", "9.9")
LEASE_MS = 600
KEEP_MS = 600_000

ANA = Asker(Person("chat:T1:ana", "Ana"), HOME, "es")
BEA = Asker(Person("chat:T1:bea", "Bea"), HOME, "en")
BOSS = Asker(Person("chat:T1:boss", "Boss"), HOME, "en", manages=True)
GUEST = Asker(Person("chat:T2:gil", "Gil"), THERE, "en", manages=True)

QUESTION = "Tabs or spaces? panel=ai-en pace=live"


def at(asker: Asker, place: Place) -> Asker:
    """The same person elsewhere."""
    return replace(asker, place=place)


class OlderDoor(Door):
    """Knows no event that a newer version writes; `newer`: the debates with such events."""

    newer: frozenset[str] = frozenset()

    async def records(self, debate: str, after: int = 0) -> list[Record]:
        """See `Door.records`."""
        self._check(debate)
        return await super().records(debate, after)

    async def load(self, debate: str) -> Debate:
        """See `Door.load`."""
        self._check(debate)
        return await super().load(debate)

    def _check(self, debate: str) -> None:
        if debate in self.newer:
            raise UnknownEvent("no event is called 'vote.bought'")


class AtTheDesk:
    """The desk, and what a test wants to know of the engine behind it."""

    def __init__(self, redis: Redis, shard: str) -> None:
        self.shard = shard
        self.places = RedisPlaces(redis, shard=shard, keep_ms=KEEP_MS)
        store = RedisStore(redis, shard=shard, lease_ms=LEASE_MS, keep_ms=KEEP_MS)
        self.door = OlderDoor(store, SystemClock(), self.places)
        panels = {name: load_panel(name) for name in bundled()}
        self._panels, self._redis = panels, redis
        self.desk = Desk(self.door, panels, self.new_id, Budget(turns=40, tokens=500_000))

    def new_id(self) -> str:
        return new_debate_id(self.shard)

    def readers(self) -> RedisReaders:
        """Those of the chat's threads."""
        return RedisReaders(
            *(self._redis, SystemClock()),
            shard=self.shard,
            platform="chat",
            consumer="reader",
            lease_ms=LEASE_MS,
        )

    def reading(self, readers: RedisReaders) -> Desk:
        """The desk of a platform whose threads are shown debates."""
        return Desk(self.door, self._panels, self.new_id, readers=readers)

    async def started(self, text: str = QUESTION, asker: Asker = ANA) -> str:
        """A debate in the asker's thread; its id."""
        answer = await self.desk.ask(text, asker)
        assert answer.text == ""
        assert answer.debate is not None
        return answer.debate

    async def spoken(self, debate: str, turns: int) -> Debate:
        """The debate after so many more turns."""
        state = await self.door.load(debate)
        for _ in range(turns):
            state = await self.door.submit(debate, speak(state))
        return state

    async def closed(self, debate: str) -> Debate:
        """The debate, stopped and closed."""
        await self.desk.ask("stop", BOSS)
        return await self.door.submit(debate, close(await self.door.load(debate)))

    async def noted(self, workspace: str) -> list[str]:
        """The debates that are noted to begin there."""
        begun, _notes = ShardKeys(self.shard).begun(workspace)
        return [str(debate) for debate in await self._redis.zrange(begun, 0, -1)]

    async def events(self, debate: str) -> list[Event]:
        return [record.event for record in await self.door.records(debate)]

    async def last(self, debate: str) -> Event:
        return (await self.events(debate))[-1]


def refused(answer: Answer) -> str:
    """What the asker alone is told."""
    assert answer.text
    assert answer.private
    assert answer.debate is None
    return answer.text
