"""A program of this project as a process: settings, /healthz, tries to begin, an orderly end."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

import structlog
from prometheus_client import CollectorRegistry

from engine import logs
from engine.bootstrap import open_health
from engine.debate.explained import Explained
from engine.settings import Settings, read_settings

START_AGAIN_S = 2.0

log = structlog.get_logger()


class Program(Protocol):
    """What runs: a worker, a bot."""

    def ailing(self) -> str | None:
        """What is wrong with it, if anything is."""
        ...

    async def run(self) -> None:
        """Works until `stop`."""
        ...

    def stop(self) -> None:
        """Ends `run` once what is being done is done."""
        ...


@dataclass
class Process:
    """A process that can be asked how it is from its first moment on."""

    name: str
    """`worker`, `slack`, `discord`."""
    opening: Callable[[Settings], AbstractAsyncContextManager[Program]]
    health_at: Callable[[Settings], tuple[str, int]]
    """Host and port of /healthz and /metrics, by the settings."""
    registry: CollectorRegistry
    """What /metrics shows."""
    away: tuple[type[Exception], ...]
    """With these, `opening` says that something it needs is not there yet."""
    _program: Program | None = field(default=None, init=False)
    _waits_for: str = field(default="not started yet", init=False)

    def main(self) -> int:
        """Works until SIGTERM or Ctrl-C; the exit status is 0 then, and 2 if it cannot begin."""
        status = 0
        try:
            settings = read_settings()
            logs.configure(settings.log.format, settings.log.level)
            asyncio.run(self._work(settings))
        except* (Explained, OSError) as group:
            status = 2
            for error in _leaves(group):
                sys.stderr.write(f"tertulia: {error}\n")
        return status

    async def _work(self, settings: Settings) -> None:
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        host, port = self.health_at(settings)
        async with open_health(host, port, self.registry, self._ailing) as address:
            while not stopping.is_set():
                try:
                    await self._run(settings, address, stopping)
                    break  # it may have been asked elsewhere to end
                except* self.away as group:
                    # At the start only: what runs waits for them by itself.
                    self._waits_for = str(_leaves(group)[0])
                    self._log("process.waits", error=self._waits_for, again_in_s=START_AGAIN_S)
                    await _either(stopping, START_AGAIN_S)
        self._log("process.stopped")

    def _ailing(self) -> str | None:
        return self._waits_for if self._program is None else self._program.ailing()

    async def _run(self, settings: Settings, address: str, stopping: asyncio.Event) -> None:
        async with self.opening(settings) as program:
            self._log("process.runs", shard=settings.redis.shard, health=f"{address}/healthz")
            self._program = program
            try:
                async with asyncio.TaskGroup() as tasks:
                    stop = tasks.create_task(self._stop_when(stopping, program))
                    await program.run()
                    stop.cancel()
            finally:
                self._program = None

    def _log(self, event: str, **values: object) -> None:
        log.info(event, name=self.name, **values)

    async def _stop_when(self, stopping: asyncio.Event, program: Program) -> None:
        await stopping.wait()
        self._log("process.drains")
        program.stop()


async def _either(stopping: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await stopping.wait()
    except TimeoutError:
        return


def _leaves(group: BaseExceptionGroup[Exception]) -> list[Exception]:
    found: list[Exception] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
