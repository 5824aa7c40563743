"""What people do, taken in lane by lane: within a thread one after the other, as it came."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from bots.chat.background import Background
from engine.ports.clock import Clock
from engine.ports.store import StoreAway

AGAIN_S = 1.0
MOST_WAITING = 1_000
"""In one lane; more than that is left, to be read back later."""

Work = Callable[[], Awaitable[None]]

log = structlog.get_logger()


class NotTaken(Exception):
    """It cannot be taken in now, and is to be brought again."""


class InOrder:
    """The lanes. Work that finds the store away is done again until it is there, and holds its lane
    up meanwhile; work that fails is logged, and the lane goes on."""

    def __init__(self, background: Background, clock: Clock) -> None:
        self._background, self._clock = background, clock
        self._lanes: dict[str, deque[tuple[Work, asyncio.Future[bool]]]] = {}

    def put(self, lane: str, work: Work) -> asyncio.Future[bool] | None:
        """Has it done after what waits in its lane; the future tells then whether it was.

        `None`: too much waits there, and this is not done.
        """
        waiting = self._lanes.get(lane)
        if waiting is not None and len(waiting) >= MOST_WAITING:
            return None
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if waiting is None:
            waiting = self._lanes[lane] = deque()
            self._background.start(self._run(lane))
        waiting.append((work, done))
        return done

    async def _run(self, lane: str) -> None:
        waiting = self._lanes[lane]
        try:
            while waiting:
                work, done = waiting[0]
                (error,) = await asyncio.gather(self._until_stored(work), return_exceptions=True)
                if isinstance(error, NotTaken):
                    log.warning("heard.not_taken", lane=lane, why=str(error))
                elif error is not None:
                    log.error("heard.failed", lane=lane, exc_info=error)
                waiting.popleft()
                if not done.cancelled():
                    done.set_result(error is None)
        finally:
            del self._lanes[lane]
            for _work, done in waiting:
                done.cancel()

    async def _until_stored(self, work: Work) -> None:
        while True:
            try:
                await work()
            except StoreAway as error:
                log.warning("store.away", error=str(error))
                await self._clock.sleep(AGAIN_S)
            else:
                return
