"""Lands one message in a thread: posted once, whatever becomes of the answer.

1. A post that was surely not made is made again. One that may have been made is looked for first,
   and not before a request on its way has had its time to land.
2. What a dead process may have posted is looked for in the same way: the last post, and where the
   cursor was taken back to a backup's, those before it.
3. Nothing is posted under a lease that may be over, nor on the strength of what may yet be lost.
   A post that is still being made when the lease ends is broken off.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bots.chat.delivery.ports import Ports, Stopping, wait_s
from bots.chat.surface import CannotTell, Found, Key, Missing, Part, RetryAfter, Unknown
from engine.debate.state import Debate
from engine.ports.readers import Hold, LeaseLost

log = structlog.get_logger()


class Lease:
    """A hold, and until when it surely is one."""

    def __init__(self, hold: Hold, good_until: float) -> None:
        self.hold = hold
        self.good_until = good_until
        """On the monotonic clock."""
        self._ending: asyncio.Timeout | None = None

    def extend(self, good_until: float, now: float) -> None:
        """It was renewed; both times are on the monotonic clock."""
        self.good_until = good_until
        if self._ending is not None and not self._ending.expired():
            self._ending.reschedule(asyncio.get_running_loop().time() + good_until - now)

    @asynccontextmanager
    async def held(self, now: float) -> AsyncIterator[None]:
        """Breaks off what is done under it where it ends: this process may stand still over it.

        Raises:
            TimeoutError
        """
        async with asyncio.timeout(self.good_until - now) as ending:
            self._ending = ending
            try:
                yield
            finally:
                self._ending = None


class Landing:
    """Where one thread's messages are posted, one at a time."""

    def __init__(self, ports: Ports, lease: Lease, stopping: Stopping, lease_s: float) -> None:
        self._ports = ports
        self._lease = lease
        self._stopping = stopping
        self._lease_s = lease_s
        self._failures = 0
        self._settled_at: float | None = None
        """When what may have been posted has landed, or never will; `None`: all is known."""
        self._unrecorded = False
        self._inherited = not lease.hold.clean
        """What is posted may stand there already, as long as what came before it did."""
        self._found = False
        if self._inherited:
            self._doubt()

    @property
    def clean(self) -> bool:
        """Whether all that was posted is known and recorded."""
        return self._settled_at is None and not self._unrecorded

    def recorded(self) -> None:
        """The message that landed last is recorded."""
        self._unrecorded = False

    async def land(self, part: Part, after: str | None) -> tuple[str, Key]:
        """Has the part stand in the thread; answers its message's id, and the key it has there.

        Raises:
            Refused: it will not be taken.
            LeaseLost: another process holds the thread.
            Stopped: this process is to end, and waits for nothing.
        """
        while True:
            if self._settled_at is not None:
                answer = await self._look(part, after)
            else:
                answer = await self._post(part)
            if answer is not None:
                self._failures = 0
                self._unrecorded = True
                return answer

    async def stand(self, state: Debate) -> bool:
        """See `Surface.stands`; what a dead process may have posted has had its time to land.

        Raises:
            LeaseLost, Stopped
        """
        hold = self._lease.hold
        while True:
            await self._until_settled()
            await self._assure()
            try:
                async with self._lease.held(self._ports.clock.monotonic()):
                    return await self._ports.surface.stands(hold.debate, hold.place, state)
            except TimeoutError:
                self._doubt()

    async def _post(self, part: Part) -> tuple[str, Key] | None:
        self._stopping.check()
        await self._stopping.until_stored(self._ports.readers.settle)
        await self._assure()
        try:
            async with self._lease.held(self._ports.clock.monotonic()):
                return await self._ports.surface.post(self._lease.hold.place, part), part.key
        except RetryAfter as error:
            await self._wait("post.later", error.seconds)
        except (Unknown, TimeoutError):
            log.warning("post.unknown", key=str(part.key))
            self._doubt()
        return None

    async def _look(self, part: Part, after: str | None) -> tuple[str, Key] | None:
        """Looks whether the part stands there already."""
        await self._until_settled()
        match await self._ports.surface.find(self._lease.hold.place, part.key, after):
            case Found(message, key) if not self._is_of_another_course(part, key):
                self._found = True
                self._settled_at = self._ports.clock.monotonic() if self._inherited else None
                log.info("post.found", key=str(key or part.key))
                return message, key or part.key
            case Found() | Missing():
                self._settled_at, self._inherited = None, False
            case CannotTell(seconds):
                await self._wait("post.unreadable", seconds)
        return None

    def _is_of_another_course(self, part: Part, key: Key | None) -> bool:
        """Whether it was posted of events that a backup did not have."""
        is_further = self._inherited and self._found
        return is_further and key is not None and key.digest != part.key.digest

    async def _wait(self, why: str, asked_for_s: float | None) -> None:
        self._failures += 1
        wait = wait_s(self._failures, asked_for_s)
        log.info(why, debate=self._lease.hold.debate, wait_s=wait)
        await self._stopping.sleep(wait)

    async def _until_settled(self) -> None:
        left_s = (self._settled_at or 0.0) - self._ports.clock.monotonic()
        if left_s > 0:
            await self._stopping.sleep(left_s)

    def _doubt(self) -> None:
        self._settled_at = self._ports.clock.monotonic() + self._ports.surface.lands_within_s

    async def _assure(self) -> None:
        """Has the lease reach beyond this moment: the process may have stood still meanwhile."""
        hold = self._lease.hold
        while (now := self._ports.clock.monotonic()) >= self._lease.good_until:
            if not await self._stopping.until_stored(lambda: self._ports.readers.renew([hold])):
                raise LeaseLost(hold.debate)
            self._lease.extend(now + self._lease_s, now)
