"""The worker: takes wake-ups, claims debates, renews their leases, and stops without losing a turn.

1. A debate is held under one claim at a time. Its lease is renewed while its personas speak; what
   is said under an epoch that is no longer the debate's is refused by the store, and dropped.
2. A held debate goes on from turn to turn without going through the queue, unless the worker is
   full: then it goes to the queue's end after each turn, so that nobody waits for whole debates.
3. A worker that stops takes nothing new, lets running turns finish, and gives back what is left.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import structlog
from prometheus_client import CollectorRegistry

from engine.debate.closing import stand_in
from engine.debate.codec import UnknownEvent
from engine.debate.commands import GiveUpOnModel
from engine.debate.events import Problem, Reason
from engine.debate.explained import marked as _
from engine.ports.store import StoreAway, UnknownDebate
from engine.ports.work import Claim, StaleClaim, Wakeup
from engine.runtime.backlog import watch_backlog
from engine.runtime.holding import Holding, Parts
from engine.runtime.pulse import Presence, Pulse

RENEWALS_PER_LEASE = 4
TAKE_WAIT_MS = 1_000
STORE_AWAY_WAIT_S = 1.0
AILING_AFTER_S = 30.0
MOST_DELIVERIES = 20
"""A wake-up that outlived so many workers is not the workers' fault."""

NONE_WENT_ON = _("{n} workers took this debate up, and none could go on")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """How much a worker takes on, and how long it waits for what."""

    debates_at_once: int = 64
    lease_ms: int = 10_000
    model_patience_s: float = 600.0
    drain_s: float = 60.0


class Worker:
    """Lets the debates of one shard speak, many at once."""

    def __init__(self, parts: Parts, limits: WorkerLimits) -> None:
        self._parts = parts
        self._limits = limits
        # By the claim's owner: a debate taken away may come back before its old task has ended.
        self._held: dict[str, tuple[Holding, asyncio.Task[None]]] = {}
        # Those claimed and those about to be: a claim takes a moment, in which no more are taken.
        self._serving: set[asyncio.Task[None]] = set()
        self._store_answered_at = parts.clock.monotonic()
        self._stopping = asyncio.Event()
        self._room = asyncio.Event()
        presence = Presence(parts.version, parts.info, parts.clock.now_ms(), limits.debates_at_once)
        self._pulse = Pulse(parts.roll, parts.clock, parts.metrics, presence)

    def stop(self) -> None:
        """Ends `run` once the turns now spoken are recorded, or `drain_s` is over."""
        self._stopping.set()

    @property
    def registry(self) -> CollectorRegistry:
        """What this worker counts."""
        return self._parts.metrics.registry

    def ailing(self) -> str | None:
        """What keeps this worker from its work, in a word; `None`: nothing."""
        silent_s = self._parts.clock.monotonic() - self._store_answered_at
        return "the store does not answer" if silent_s > AILING_AFTER_S else None

    async def run(self) -> None:
        """Works until `stop`; a store or a model that is away is waited for."""
        async with asyncio.TaskGroup() as tasks:
            renewing = tasks.create_task(self._renew_leases())
            listening = tasks.create_task(self._hear_of_losses())
            beating = tasks.create_task(self._pulse.beat(self.stop))
            looking = tasks.create_task(self._watch_backlog())
            taking = tasks.create_task(self._take_all(tasks))
            await self._stopping.wait()
            taking.cancel()
            await self._drain()
            renewing.cancel()
            listening.cancel()
            beating.cancel()
            looking.cancel()
        try:
            await self._pulse.leave()
            await self._parts.queue.leave()
        except StoreAway as error:
            log.warning("store.away", error=str(error))

    async def _watch_backlog(self) -> None:
        parts = self._parts
        await watch_backlog(parts.inspection, parts.clock, parts.metrics)

    async def _take_all(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            await self._take(tasks)

    async def _take(self, tasks: asyncio.TaskGroup) -> None:
        free = self._limits.debates_at_once - len(self._serving)
        if free <= 0:
            self._room.clear()
            await self._room.wait()
            return
        try:
            wakeups = await self._parts.queue.take(free, TAKE_WAIT_MS)
        except StoreAway as error:
            log.warning("store.away", error=str(error))
            await self._parts.clock.sleep(STORE_AWAY_WAIT_S)
            return
        self._store_answered_at = self._parts.clock.monotonic()
        for wakeup in wakeups:
            task = tasks.create_task(self._serve(wakeup, tasks))
            self._serving.add(task)
            task.add_done_callback(self._served)

    def _served(self, task: asyncio.Task[None]) -> None:
        self._serving.discard(task)
        self._room.set()

    async def _serve(self, wakeup: Wakeup, tasks: asyncio.TaskGroup) -> None:
        try:
            claim = await self._claim(wakeup)
            if claim is not None:
                await self._hold(claim, tasks)
        except StoreAway as error:
            # The wake-up stays pending, with this worker or with none: it is taken over.
            log.warning("store.away", debate=wakeup.debate, error=str(error))
            await self._excuse(wakeup)
        except Exception:
            # A bug in one debate must not end the others; its wake-up comes again, then is buried.
            self._parts.metrics.crashes.inc()
            log.exception("turn.crashed", debate=wakeup.debate)

    async def _excuse(self, wakeup: Wakeup) -> None:
        """A store that is full still counts deliveries: its debates must not be buried for that."""
        with suppress(StoreAway):
            await self._parts.queue.excuse(wakeup)

    async def _claim(self, wakeup: Wakeup) -> Claim | None:
        if wakeup.deliveries > MOST_DELIVERIES:
            await self._abandon(wakeup)
            return None
        claim = await self._parts.queue.claim(wakeup)
        if not isinstance(claim, Claim):
            return None
        if self._stopping.is_set():  # nobody would renew it any more
            await self._parts.queue.release(claim)
            return None
        return claim

    async def _abandon(self, wakeup: Wakeup) -> None:
        """Closes a debate that no worker can go on with, and keeps its wake-up as a dead letter."""
        log.error("wakeup.buried", debate=wakeup.debate, deliveries=wakeup.deliveries)
        try:
            debate = await self._parts.door.load(wakeup.debate)
            if debate.pending is not None:
                why = Problem(NONE_WENT_ON, {"n": wakeup.deliveries})
                written = stand_in(debate, debate.reason or Reason.ABANDONED)
                end = GiveUpOnModel(debate.pending.turn, Reason.ABANDONED, why, written)
                await self._parts.door.handle(wakeup.debate, debate, end)
                self._parts.metrics.count(end, debate)
        except UnknownDebate:
            pass  # it expired meanwhile
        except StoreAway:
            raise
        except Exception:
            # A log that nothing can be added to: its wake-up must not go round for ever.
            log.exception("close.crashed", debate=wakeup.debate)
        await self._parts.queue.bury(wakeup, f"delivered {wakeup.deliveries} times")

    async def _hold(self, claim: Claim, tasks: asyncio.TaskGroup) -> None:
        holding = Holding(
            self._parts,
            claim,
            tasks,
            go_on=self._goes_on,
            model_patience_s=self._limits.model_patience_s,
        )
        serving = asyncio.current_task()
        assert serving is not None  # noqa: S101 - a coroutine runs in a task
        self._held[claim.owner] = (holding, serving)
        self._parts.metrics.held.set(len(self._held))
        try:
            await holding.run()
        except StaleClaim:
            self._parts.metrics.claims_lost.inc()
            await self._give_back(holding)
        except UnknownEvent as error:
            # A newer version wrote it, and one of its workers is likely to come.
            log.warning("worker.too_old", debate=claim.debate, error=str(error))
            await self._parts.queue.release(claim, delay_ms=self._limits.lease_ms)
        except asyncio.CancelledError:
            await self._give_back(holding)
            raise
        finally:
            del self._held[claim.owner]
            self._parts.metrics.held.set(len(self._held))

    def _goes_on(self) -> bool:
        full = len(self._held) >= self._limits.debates_at_once
        return not full and not self._stopping.is_set()

    async def _give_back(self, holding: Holding) -> None:
        try:
            await self._parts.queue.release(holding.claim)
        except StoreAway as error:
            log.warning("store.away", debate=holding.claim.debate, error=str(error))

    async def _hear_of_losses(self) -> None:
        """Stops a speaker at once whose turn was taken away; what is missed, renewing finds."""
        while True:
            try:
                async for owner in self._parts.queue.lost():
                    if owner in self._held:
                        self._lose(*self._held[owner])
            except StoreAway:
                await self._parts.clock.sleep(STORE_AWAY_WAIT_S)

    def _lose(self, holding: Holding, serving: asyncio.Task[None]) -> None:
        self._parts.metrics.claims_lost.inc()
        log.info("claim.lost", debate=holding.claim.debate, epoch=holding.claim.epoch)
        serving.cancel()

    async def _renew_leases(self) -> None:
        while True:
            await self._parts.clock.sleep(self._limits.lease_ms / RENEWALS_PER_LEASE / 1000)
            asked = {held.claim: (held, serving) for held, serving in self._held.values()}
            if not asked:
                continue
            try:
                renewed = await self._parts.queue.renew(list(asked))
                await self._parts.slots.renew([claim.owner for claim in renewed])
            except StoreAway as error:
                log.warning("store.away", error=str(error))
                continue
            self._store_answered_at = self._parts.clock.monotonic()
            self._sort_out(asked, {claim.owner: claim for claim in renewed})

    def _sort_out(
        self,
        asked: dict[Claim, tuple[Holding, asyncio.Task[None]]],
        renewed: dict[str, Claim],
    ) -> None:
        for claim, (holding, serving) in asked.items():
            if holding.claim is not claim or holding.committing:
                continue  # it goes on to the next turn meanwhile, under a lease as fresh
            if claim.owner in renewed:
                holding.claim = renewed[claim.owner]
            else:
                self._lose(holding, serving)

    async def _drain(self) -> None:
        for holding, serving in list(self._held.values()):
            if holding.waiting:
                serving.cancel()
        running = [serving for _, serving in self._held.values()]
        if running:
            _, late = await asyncio.wait(running, timeout=self._limits.drain_s)
            for serving in late:
                serving.cancel()
