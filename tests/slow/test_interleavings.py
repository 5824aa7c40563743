"""Whatever people, personas, timers and deaths come between each other, every debate ends.

Several debates at once on a real server, in all rules and paces; workers die at any moment without
giving anything back; one write in ten loses its answer or its way; people talk, steer, vote, take
seats and take words back, and send what was lost again. Then everybody rests, and every debate must
come to its end: no turn twice, no number left out, nobody waiting, nothing left in the queue.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
from redis.asyncio import Redis

from engine.adapters.redis_inspection import RedisInspection
from engine.adapters.redis_queue import RedisQueue
from engine.adapters.redis_roll import RedisRoll
from engine.adapters.redis_slots import UnlimitedSlots
from engine.debate.commands import (
    Actor,
    AddRound,
    CallNext,
    CastVote,
    Command,
    Correct,
    Erase,
    LeaveSeat,
    PauseDebate,
    Rejected,
    ResumeDebate,
    Say,
    SetPace,
    SkipTurn,
    SpeakSeat,
    StopDebate,
    SumUp,
    TakeSeat,
)
from engine.debate.events import MessageErased, MessageHeard, Pace, TurnSpoken
from engine.debate.evolve import fold
from engine.debate.pace import due_in_s
from engine.debate.panel import Handoff
from engine.debate.state import Debate, Phase
from engine.ports.model import ModelClient
from engine.ports.store import AlreadyTaken, Append, Appended, StoreAway
from engine.ports.work import Claim
from engine.runtime.door import Door
from engine.runtime.holding import Parts
from engine.runtime.metrics import Metrics
from engine.runtime.worker import Worker, WorkerLimits
from tests.debate.given import ANA, BEA, PANEL, someone, start
from tests.fakes.model_server import FakeModelServer
from tests.runtime.rig import Rig, client_of

LEASE_MS = 300
DEBATES = 4
STORM = 40
"""So many things people do in each debate."""
LONG = 300
"""A debate with more events than this is stopped by hand."""
PERSONAS = ("mod", "ada", "bel", "cri")


class LosingStore:
    """The real store, whose line breaks now and then: before a write has landed, or after it."""

    def __init__(self, rig: Rig, chance: random.Random) -> None:
        self._store = rig.store
        self._chance = chance
        self.load, self.latest = rig.store.load, rig.store.latest
        self.panel = rig.store.panel
        self.follow, self.recent = rig.store.follow, rig.store.recent

    async def append(self, append: Append) -> Appended:
        luck = self._chance.random()
        if luck < 0.04:
            raise StoreAway("lost on its way")
        appended = await self._store.append(append)
        if luck < 0.1:
            raise StoreAway("its answer was lost")
        return appended


class DeadMansQueue(RedisQueue):
    """A worker's queue that, once its worker is dead, is told nothing more."""

    dead = False

    async def release(self, claim: Claim, delay_ms: int = 0) -> None:
        if not self.dead:
            await super().release(claim, delay_ms)

    async def rest(self, claim: Claim, n: int) -> None:
        if not self.dead:
            await super().rest(claim, n)

    async def leave(self) -> None:
        if not self.dead:
            await super().leave()


@dataclass
class Workers:
    """Workers that are killed and replaced."""

    rig: Rig
    model: ModelClient
    chance: random.Random
    store: LosingStore
    living: list[tuple[Worker, DeadMansQueue, asyncio.Task[None]]] = field(default_factory=list)
    born: int = 0

    async def bear(self) -> None:
        self.born += 1
        rig = self.rig
        queue = DeadMansQueue(
            rig.redis, rig.clock, shard=rig.shard, consumer=f"w{self.born}", lease_ms=LEASE_MS
        )
        parts = Parts(
            store=self.store,
            door=Door(self.store, rig.clock, rig.places, store_patience_s=60.0),
            queue=queue,
            live=rig.store,
            model=self.model,
            info=await self.model.info(),
            clock=rig.clock,
            metrics=Metrics(),
            slots=UnlimitedSlots(),
            roll=RedisRoll(rig.redis, shard=rig.shard, worker=f"w{self.born}"),
            inspection=RedisInspection(rig.redis, shard=rig.shard),
            version="1.2.3",
        )
        worker = Worker(parts, WorkerLimits(self.chance.choice([1, 2, 16]), LEASE_MS))
        self.living.append((worker, queue, asyncio.create_task(worker.run())))

    async def kill(self) -> None:
        _, queue, running = self.living.pop(self.chance.randrange(len(self.living)))
        queue.dead = True
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    async def keep_dying(self) -> None:
        while True:
            await asyncio.sleep(self.chance.uniform(0.05, 0.4))
            await self.kill()
            await self.bear()

    async def stop(self) -> None:
        for worker, _, running in self.living:
            worker.stop()
            await running


@dataclass
class Thread:
    """The people of one debate."""

    debate: str
    starter: Actor
    door: Door
    chance: random.Random
    sent: list[str] = field(default_factory=list)

    async def submit(self, command: Command, *payloads: str) -> None:
        """Sends it until it has an answer, as a platform does."""
        while True:
            try:
                await self.door.submit(self.debate, command, payloads)
            except StoreAway:
                continue
            except (Rejected, AlreadyTaken):
                pass
            return

    async def storm(self) -> None:
        for _ in range(STORM):
            await self.chance.choice([self.talk, self.steer, self.sit])()
            await asyncio.sleep(self.chance.uniform(0, 0.06))

    async def talk(self) -> None:
        chance, who = self.chance, self._somebody()
        manager = replace(self.starter, manages=True)
        said = f"m{chance.random()}"
        known = chance.choice([*self.sent, said])
        commands: list[Command] = [
            Say(who, "Hello there?", chance.choice([None, *PERSONAS]), said),
            Say(who, "And you?", None, said),
            CastVote(who, 1, 1),
            Correct(who, known, "Better so."),
            Erase(manager, known),
        ]
        command = chance.choice(commands)
        if isinstance(command, Say):
            self.sent.append(said)
            await self.submit(command, said)
        else:
            await self.submit(command)

    async def steer(self) -> None:
        by = self.starter
        commands: list[Command] = [
            PauseDebate(by),
            ResumeDebate(by),
            ResumeDebate(by),
            CallNext(by),
            CallNext(by),
            SkipTurn(by),
            SumUp(by),
            AddRound(by),
            StopDebate(by),
            SetPace(self.chance.choice(list(Pace)), by),
        ]
        await self.submit(self.chance.choice(commands))

    async def sit(self) -> None:
        who = self._somebody()
        seat = TakeSeat(who, self.chance.choice(PERSONAS))
        commands: list[Command] = [seat, SpeakSeat(who, "Mine. Yours?"), LeaveSeat(who)]
        await self.submit(self.chance.choice(commands))

    async def come_to_an_end(self) -> Debate:
        """Says what a person has to, and nothing else; the rest is the engine's."""
        while True:
            debate = await self.door.load(self.debate)
            if debate.phase is Phase.CLOSED and debate.pending is None:
                return debate
            if debate.phase is Phase.DEBATING and debate.n > LONG:
                await self.submit(StopDebate(self.starter))
            elif due_in_s(debate) is None:
                by = self.starter
                await self.submit(ResumeDebate(by) if debate.paused else CallNext(by))
            await asyncio.sleep(0.03)

    def _somebody(self) -> Actor:
        person = self.chance.choice([ANA, BEA, someone("Cid")]).person
        return replace(self.starter, person=person)


@pytest.fixture
async def model() -> AsyncIterator[ModelClient]:
    async with FakeModelServer.open() as fake, client_of(fake.url) as client:
        yield client


@pytest.mark.parametrize("seed", range(12))
async def test_every_debate_comes_to_its_end(
    redis: Redis,
    shard: str,
    model: ModelClient,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.debate.pace.READ_WORDS_PER_S", 200.0)
    monkeypatch.setattr("engine.debate.pace.LOOK_UP_S", 0.05)
    monkeypatch.setattr("engine.runtime.door.AGAIN_AFTER_S", 0.01)
    chance, rig = random.Random(seed), Rig(redis, shard)  # noqa: S311 - a seeded plan
    store = LosingStore(rig, chance)
    workers = Workers(rig, model, chance, store)
    threads = [await _begun(rig, store, chance, number) for number in range(DEBATES)]
    for _ in range(2):
        await workers.bear()
    dying = asyncio.create_task(workers.keep_dying())
    await asyncio.gather(*(thread.storm() for thread in threads))
    dying.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await dying
    await workers.bear()
    async with asyncio.timeout(60):
        ended = await asyncio.gather(*(thread.come_to_an_end() for thread in threads))
    await rig.idle()
    await workers.stop()
    for thread, debate in zip(threads, ended, strict=True):
        await _check(rig, thread, debate)


async def _begun(rig: Rig, store: LosingStore, chance: random.Random, number: int) -> Thread:
    by = replace(ANA, place=replace(ANA.place, thread=str(number)) if ANA.place else None)
    panel = replace(PANEL, handoff=chance.choice(list(Handoff)))
    command = start(panel=panel, rounds=chance.choice([1, 2]))
    command = replace(command, by=by, pace=chance.choice(list(Pace)), seat_wait_s=0.3)
    door = Door(store, rig.clock, rig.places)
    return Thread(await rig.start(command), by, door, chance)


async def _check(rig: Rig, thread: Thread, debate: Debate) -> None:
    records = await rig.door.records(thread.debate)
    assert [record.n for record in records] == list(range(1, len(records) + 1))
    events = [record.event for record in records]
    assert fold(None, events) == debate
    assert debate.asides == ()
    turns = [event.turn for event in events if isinstance(event, TurnSpoken)]
    assert turns == list(range(1, len(turns) + 1)), "no turn twice, none left out"
    heard = [event.message for event in events if isinstance(event, MessageHeard)]
    assert len(set(heard)) == len(heard), "what was sent again was heard once"
    gone = {event.message for event in events if isinstance(event, MessageErased)}
    kept = {event.message for event in events if isinstance(event, MessageHeard) and event.text}
    assert not gone & kept, "what was taken back is not kept"
