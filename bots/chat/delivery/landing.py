"""Lands one message in a thread: posted once, whatever becomes of the answer.

1. A post that was surely not made is made again. One that may have been made is looked for first,
   and not before a request on its way has had its time to land.
2. What a dead process may have posted last is looked for in the same way.
3. Nothing is posted under a lease that may be over, nor on the strength of what may yet be lost.
"""

from __future__ import annotations

import structlog

from bots.chat.delivery.ports import Ports, Stopping, wait_s
from bots.chat.surface import CannotTell, Found, Key, Missing, Part, RetryAfter, Unknown
from engine.ports.readers import Hold, LeaseLost

log = structlog.get_logger()


class Lease:
    """A hold, and until when it surely is one."""

    def __init__(self, hold: Hold, good_until: float) -> None:
        self.hold = hold
        self.good_until = good_until
        """On the monotonic clock."""


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
        if not lease.hold.clean:
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

    async def _post(self, part: Part) -> tuple[str, Key] | None:
        self._stopping.check()
        await self._stopping.until_stored(self._ports.readers.settle)
        await self._assure()
        try:
            return await self._ports.surface.post(self._lease.hold.place, part), part.key
        except RetryAfter as error:
            await self._wait("post.later", error.seconds)
        except Unknown:
            log.warning("post.unknown", key=str(part.key))
            self._doubt()
        return None

    async def _look(self, part: Part, after: str | None) -> tuple[str, Key] | None:
        """Looks whether the part stands there already."""
        left_s = (self._settled_at or 0.0) - self._ports.clock.monotonic()
        if left_s > 0:
            await self._stopping.sleep(left_s)
        match await self._ports.surface.find(self._lease.hold.place, part.key, after):
            case Found(message, key):
                self._settled_at = None
                log.info("post.found", key=str(key or part.key))
                return message, key or part.key
            case Missing():
                self._settled_at = None
            case CannotTell():
                await self._wait("post.unreadable", None)
        return None

    async def _wait(self, why: str, asked_for_s: float | None) -> None:
        self._failures += 1
        wait = wait_s(self._failures, asked_for_s)
        log.info(why, debate=self._lease.hold.debate, wait_s=wait)
        await self._stopping.sleep(wait)

    def _doubt(self) -> None:
        self._settled_at = self._ports.clock.monotonic() + self._ports.surface.lands_within_s

    async def _assure(self) -> None:
        """Has the lease reach beyond this moment: the process may have stood still meanwhile."""
        hold = self._lease.hold
        while (now := self._ports.clock.monotonic()) >= self._lease.good_until:
            if not await self._stopping.until_stored(lambda: self._ports.readers.renew([hold])):
                raise LeaseLost(hold.debate)
            self._lease.good_until = now + self._lease_s
