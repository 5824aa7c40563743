"""The keeper of all processes of a folder: starts them in order, ends them in the reverse."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path

from deploy.cli.local import left_over
from deploy.cli.local.keeping import Keeping
from deploy.cli.local.log import Log, Show
from deploy.cli.local.plan import Spec
from deploy.cli.local.state import FOLDER, State, held, read, write
from engine.adapters.embedded_redis import embedded_redis
from engine.bootstrap import system_clock
from engine.settings import Settings

READY_S = 60.0
"""What the next one is kept waiting for at most."""
OWN = "tertulia"


class Keeper:
    """Keeps what the plan says."""

    def __init__(self, specs: list[Spec], log: Log, folder: Path = FOLDER) -> None:
        clock = system_clock()
        self._folder, self._log = folder, log
        self._kept = [Keeping(spec, log, clock, self._tell) for spec in specs]
        self._stopping = asyncio.Event()
        self._all_started = False

    @property
    def has_failed(self) -> bool:
        """One of them will not do."""
        return any(one.seen.state == "failed" for one in self._kept)

    def stop(self) -> None:
        """Ends all of them, in good order."""
        self._stopping.set()

    async def run(self) -> None:
        """Until `stop`, or until none is left to keep."""
        async with asyncio.TaskGroup() as tasks:
            running: list[asyncio.Task[None]] = []
            for one in self._kept:
                if self._stopping.is_set():
                    break
                running.append(tasks.create_task(one.run()))
                await self._either(one.settled(READY_S))
            self._all_started = True
            self._tell()
            await self._either(_all(running))
            for one in reversed(self._kept):
                await one.stop()
        self._tell()

    async def _either(self, waiting: Coroutine[None, None, None]) -> None:
        """Waits for this, or for `stop`."""
        first = asyncio.create_task(waiting)
        second = asyncio.create_task(self._stopping.wait())
        await asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED)
        first.cancel()
        second.cancel()

    def _tell(self) -> None:
        is_up = self._all_started and all(one.is_settled for one in self._kept)
        write(self._folder, State(os.getpid(), is_up, tuple(one.seen for one in self._kept)))


async def _all(running: list[asyncio.Task[None]]) -> None:
    if running:
        await asyncio.wait(running)


async def keep(specs: list[Spec], settings: Settings, show: Show | None = None) -> bool:
    """Holds the folder, and Redis where it comes along, and keeps them; whether all did well.

    Raises:
        RunsAlready, EmbeddedPartFailed, Explained
    """
    with held(FOLDER):
        async with AsyncExitStack() as stack:
            log = Log(FOLDER, show)
            stack.callback(log.close)
            if names := await left_over.end(read(FOLDER)):
                log.write(OWN, f"ended what was left over: {', '.join(names)}")
            if settings.redis.url == "embedded":
                # It is up before the first of them, and until the last has ended.
                await stack.enter_async_context(embedded_redis())
            keeper = Keeper(specs, log)
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                asyncio.get_running_loop().add_signal_handler(number, keeper.stop)
            await keeper.run()
            return not keeper.has_failed
