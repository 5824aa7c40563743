"""A worker process, `python -m engine`. SIGTERM or Ctrl-C ends it after the turns now spoken."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable

import structlog

from engine import logs
from engine.adapters.health_server import health_server
from engine.bootstrap import open_worker
from engine.debate.explained import Explained
from engine.ports.model import ModelAway
from engine.ports.store import StoreAway
from engine.settings import Settings, read_settings

START_AGAIN_S = 2.0

log = structlog.get_logger()


def main() -> int:
    """Works until asked to stop; the exit status is 0 then, and 2 if the settings will not do."""
    try:
        settings = read_settings()
        logs.configure(settings.log.format, settings.log.level)
        asyncio.run(_work(settings))
    except (Explained, OSError) as error:
        sys.stderr.write(f"tertulia: {error}\n")
        return 2
    return 0


async def _work(settings: Settings) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    while not stopping.is_set():
        try:
            await _run(settings, stopping)
            return
        except (StoreAway, ModelAway) as error:
            # At the start only: a running worker waits for both by itself.
            log.warning("worker.waits", error=str(error), again_in_s=START_AGAIN_S)
            await _either(stopping, START_AGAIN_S)


async def _run(settings: Settings, stopping: asyncio.Event) -> None:
    async with open_worker(settings) as worker:
        where = settings.worker
        registry, ailing = worker.registry, worker.ailing
        async with health_server(where.host, where.port, registry, ailing) as address:
            log.info("worker.ready", shard=settings.redis.shard, health=f"{address}/healthz")
            async with asyncio.TaskGroup() as tasks:
                stop = tasks.create_task(_stop_when(stopping, worker.stop))
                await worker.run()
                stop.cancel()
    log.info("worker.stopped")


async def _stop_when(stopping: asyncio.Event, stop: Callable[[], None]) -> None:
    await stopping.wait()
    log.info("worker.drains")
    stop()


async def _either(stopping: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await stopping.wait()
    except TimeoutError:
        return


if __name__ == "__main__":
    sys.exit(main())
