"""The delivery loop: takes mail, holds a thread for each, renews the leases, stops in good order.

1. A thread is one task at a time, here and in other processes: its posts stay in order. Threads
   wait for nobody but themselves.
2. A thread that is refused rests, its reason kept, until the surface wakes it; its debate, if it
   is at home there, pauses for as long: nobody would see what is said. A thread over which
   processes fail rests for a while, or until one starts anew.
3. Stopping ends after the posts that are being made; what waits is left to another process.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import structlog

from bots.chat.delivery.landing import Landing, Lease
from bots.chat.delivery.ports import STORE_AWAY_WAIT_S, Ports, Stopped, Stopping
from bots.chat.delivery.thread import Remembered, Thread
from bots.chat.surface import Refused
from engine.debate.codec import UnknownEvent
from engine.debate.commands import ReportObstacle
from engine.debate.events import Problem
from engine.debate.explained import marked as _
from engine.ports.readers import Hold, LeaseLost, Mail
from engine.ports.store import StoreAway, UnknownDebate

RENEWALS_PER_LEASE = 4
TAKE_WAIT_MS = 1_000
MOST_DELIVERIES = 20
"""Mail that outlived so many processes is not the processes' fault."""

FAILED_RESTS_LEASES = 30
"""Failing often may have been the store's fault, and nobody has to mend that by a new start."""

_FAILED = Problem(_("Showing the debate here failed again and again; see the bot's log."))

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DeliveryLimits:
    """How much a process takes on, and how long it waits for what."""

    threads_at_once: int = 256
    drain_s: float = 30.0


class Delivery:
    """Shows debates in the threads of one platform, many at once."""

    def __init__(self, ports: Ports, limits: DeliveryLimits) -> None:
        self._ports = ports
        self._limits = limits
        self._stopping = Stopping(ports.clock)
        # By the hold's owner: a thread taken away may come back before its old task has ended.
        self._held: dict[str, Lease] = {}
        self._serving: set[asyncio.Task[None]] = set()
        self._room = asyncio.Event()
        self._remembered = Remembered()

    def stop(self) -> None:
        """Ends `run` once the posts now being made are recorded, or `drain_s` is over."""
        self._stopping.ask()

    async def run(self) -> None:
        """Delivers until `stop`; a store that is away is waited for."""
        async with asyncio.TaskGroup() as tasks:
            taking = tasks.create_task(self._take_all(tasks))
            renewing = tasks.create_task(self._renew_leases())
            retrying = tasks.create_task(self._retry_failed())
            await self._stopping.asked()
            taking.cancel()
            if self._serving:
                await asyncio.wait(self._serving, timeout=self._limits.drain_s)
            for task in self._serving:
                task.cancel()
            renewing.cancel()
            retrying.cancel()
        try:
            await self._ports.readers.leave()
        except StoreAway as error:
            log.warning("store.away", error=str(error))

    async def _take_all(self, tasks: asyncio.TaskGroup) -> None:
        while True:
            free = self._limits.threads_at_once - len(self._serving)
            if free <= 0:
                self._room.clear()
                await self._room.wait()
                continue
            try:
                taken = await self._ports.readers.take(free, TAKE_WAIT_MS)
            except StoreAway as error:
                log.warning("store.away", error=str(error))
                await self._ports.clock.sleep(STORE_AWAY_WAIT_S)
                continue
            for mail in taken:
                task = tasks.create_task(self._serve(mail))
                self._serving.add(task)
                task.add_done_callback(self._served)

    def _served(self, task: asyncio.Task[None]) -> None:
        self._serving.discard(task)
        self._room.set()

    async def _serve(self, mail: Mail) -> None:
        asked_at = self._ports.clock.monotonic()
        try:
            hold = await self._ports.readers.acquire(mail)
            if not isinstance(hold, Hold):
                return
            if mail.deliveries > MOST_DELIVERIES:
                log.error("delivery.given_up", debate=mail.debate, deliveries=mail.deliveries)
                await self._ports.readers.rest(hold, _FAILED, failed=True)
                return
            await self._hold(Lease(hold, asked_at + self._ports.readers.lease_ms / 1000))
        except StoreAway as error:
            # The mail stays pending, with this process or with none: it is taken over.
            log.warning("store.away", debate=mail.debate, error=str(error))
            with suppress(StoreAway):  # a store that is full still counts deliveries
                await self._ports.readers.excuse(mail)
        except Exception:
            # A bug over one debate must not end the others; its mail comes again, then it rests.
            log.exception("delivery.crashed", debate=mail.debate)

    async def _hold(self, lease: Lease) -> None:
        hold = lease.hold
        lease_s = self._ports.readers.lease_ms / 1000
        landing = Landing(self._ports, lease, self._stopping, lease_s)
        thread = Thread(self._ports, lease, landing, self._stopping, self._remembered)
        self._held[hold.owner] = lease
        try:
            while not await self._shown(thread, lease):
                pass
        except LeaseLost:
            log.warning("delivery.lease_lost", debate=hold.debate)
            await self._ports.surface.loses(hold.place)
        except UnknownDebate:
            log.info("delivery.debate_gone", debate=hold.debate)
        except UnknownEvent as error:
            # A newer version wrote it, and is likely to come for it.
            log.warning("delivery.too_new", debate=hold.debate, error=str(error))
            with suppress(Stopped):
                await self._stopping.sleep(lease_s)
            await self._ports.readers.drop(hold, clean=landing.clean)
        except Stopped:
            await self._ports.readers.drop(hold, clean=landing.clean)
        finally:
            del self._held[hold.owner]

    async def _shown(self, thread: Thread, lease: Lease) -> bool:
        """Whether the thread is given back: all is shown, or it rests."""
        try:
            await thread.show()
        except Refused as error:
            log.warning("delivery.refused", debate=lease.hold.debate, error=str(error))
            hold, why = lease.hold, error.problem()
            await self._ports.log.submit(hold.debate, ReportObstacle(hold.place, why))
            again = await self._ports.readers.rest(hold, why)
            if again is None:
                return True
            lease.hold = again
            return False
        return True

    async def _retry_failed(self) -> None:
        rests_s = FAILED_RESTS_LEASES * self._ports.readers.lease_ms / 1000
        while True:
            await self._ports.clock.sleep(rests_s)
            try:
                await self._ports.readers.open()
            except StoreAway as error:
                log.warning("store.away", error=str(error))

    async def _renew_leases(self) -> None:
        lease_s = self._ports.readers.lease_ms / 1000
        while True:
            await self._ports.clock.sleep(lease_s / RENEWALS_PER_LEASE)
            asked_at = self._ports.clock.monotonic()
            holds = [lease.hold for lease in self._held.values()]
            try:
                held = await self._ports.readers.renew(holds) if holds else []
            except StoreAway as error:
                log.warning("store.away", error=str(error))
                continue
            for hold in held:
                if lease := self._held.get(hold.owner):
                    lease.extend(asked_at + lease_s, self._ports.clock.monotonic())
