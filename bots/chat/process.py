"""A bot as a process: its settings, its /healthz, its tries to begin, and an end in good order."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import structlog

from bots.chat.metrics import Metrics
from bots.chat.surface import RetryAfter, Unknown
from engine import logs
from engine.bootstrap import open_health
from engine.debate.explained import Explained
from engine.ports.store import StoreAway
from engine.settings import Settings, read_settings

START_AGAIN_S = 2.0

log = structlog.get_logger()


class Bot(Protocol):
    """One platform's bot, ready to run."""

    def ailing(self) -> str | None:
        """What is wrong with it, if anything is."""
        ...

    async def run(self) -> None:
        """Listens and posts until `stop`."""
        ...

    def stop(self) -> None:
        """Ends `run` once what is being done is done."""
        ...


Opening = Callable[[Settings, Metrics], AbstractAsyncContextManager[Bot]]
"""May raise `StoreAway`, `RetryAfter` or `Unknown`: it is called again then."""


class Process:
    """One platform's process; `health_at` says where its /healthz is, by the settings."""

    def __init__(
        self, platform: str, opening: Opening, health_at: Callable[[Settings], tuple[str, int]]
    ) -> None:
        self._opening, self._health_at = opening, health_at
        self._metrics = Metrics(platform)
        self._bot: Bot | None = None
        self._waits_for = "not started yet"

    def main(self) -> int:
        """Works until asked to stop; the exit status is 0 then, and 2 if the settings won't do."""
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
        host, port = self._health_at(settings)
        async with open_health(host, port, self._metrics.registry, self._ailing) as address:
            while not stopping.is_set():
                try:
                    await self._run(settings, address, stopping)
                except* (StoreAway, RetryAfter, Unknown) as group:
                    # At the start only: a running bot waits for both by itself.
                    self._waits_for = str(_leaves(group)[0])
                    log.warning("bot.waits", error=self._waits_for, again_in_s=START_AGAIN_S)
                    await _either(stopping, START_AGAIN_S)
        log.info("bot.stopped")

    def _ailing(self) -> str | None:
        return self._waits_for if self._bot is None else self._bot.ailing()

    async def _run(self, settings: Settings, address: str, stopping: asyncio.Event) -> None:
        async with self._opening(settings, self._metrics) as bot:
            log.info("bot.runs", health=f"{address}/healthz")
            self._bot = bot
            try:
                async with asyncio.TaskGroup() as tasks:
                    stop = tasks.create_task(_stop_when(stopping, bot))
                    await bot.run()
                    stop.cancel()
            finally:
                self._bot = None


async def _stop_when(stopping: asyncio.Event, bot: Bot) -> None:
    await stopping.wait()
    log.info("bot.drains")
    bot.stop()


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
