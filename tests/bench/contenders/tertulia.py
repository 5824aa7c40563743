"""Tertulia: one worker, as `python -m engine` runs it. Who started it also starts the debates.

SIGTERM ends it, as it ends a worker.
"""

from __future__ import annotations

import asyncio
import signal

from engine import logs
from engine.bootstrap import open_health, open_worker
from engine.settings import read_settings
from tests.bench.contender import plan, say


async def main() -> None:
    """A worker with its health server; its settings are the plan's."""
    settings = read_settings(**plan().settings)
    logs.configure(settings.log.format, settings.log.level)
    async with open_worker(settings) as worker:
        where = settings.worker
        async with open_health(where.host, where.port, worker.registry, worker.ailing):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, worker.stop)
            say("ready")
            await worker.run()


if __name__ == "__main__":
    asyncio.run(main())
