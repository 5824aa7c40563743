"""What goes on after somebody was answered; a stop waits for it, for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from engine.ports.store import StoreAway

log = structlog.get_logger()


class Background:
    """Tasks that nobody waits for."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self.is_closing = False
        """What is begun now may be ended at any moment."""

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Has it done; what goes wrong is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    async def close(self, within_s: float) -> None:
        """Waits for what is being done, and ends what takes longer."""
        self.is_closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within_s)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, StoreAway):
            log.warning("store.away", error=str(error))
        elif error is not None:
            log.error("background.failed", exc_info=error)
