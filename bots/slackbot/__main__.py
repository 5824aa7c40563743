"""A Slack bot process, `python -m bots.slackbot`. SIGTERM or Ctrl-C ends it in good order."""

from __future__ import annotations

import asyncio
import signal
import sys

import structlog

from bots.chat.surface import RetryAfter, Unknown
from bots.slackbot.bot import Bot, open_bot
from engine import logs
from engine.bootstrap import open_health
from engine.debate.explained import Explained
from engine.ports.store import StoreAway
from engine.settings import Settings, read_settings

START_AGAIN_S = 2.0

log = structlog.get_logger()


def main() -> int:
    """Works until asked to stop; the exit status is 0 then, and 2 if the settings will not do."""
    status = 0
    try:
        settings = read_settings()
        logs.configure(settings.log.format, settings.log.level)
        asyncio.run(_work(settings))
    except* (Explained, OSError) as group:
        status = 2
        for error in _leaves(group):
            sys.stderr.write(f"tertulia: {error}\n")
    return status


async def _work(settings: Settings) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    while not stopping.is_set():
        try:
            async with open_bot(settings) as bot:
                await _run(bot, settings, stopping)
        except* (StoreAway, RetryAfter, Unknown) as group:
            # At the start only: a running bot waits for both by itself.
            error = str(_leaves(group)[0])
            log.warning("slack.waits", error=error, again_in_s=START_AGAIN_S)
            await _either(stopping, START_AGAIN_S)


def _leaves(group: BaseExceptionGroup[Exception]) -> list[Exception]:
    found: list[Exception] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found


async def _run(bot: Bot, settings: Settings, stopping: asyncio.Event) -> None:
    slack = settings.slack
    async with open_health(slack.host, slack.health_port, bot.registry, bot.ailing) as address:
        log.info("slack.health", health=f"{address}/healthz")
        async with asyncio.TaskGroup() as tasks:
            stop = tasks.create_task(_stop_when(stopping, bot))
            await bot.run()
            stop.cancel()
    log.info("slack.stopped")


async def _stop_when(stopping: asyncio.Event, bot: Bot) -> None:
    await stopping.wait()
    log.info("slack.drains")
    bot.stop()


async def _either(stopping: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await stopping.wait()
    except TimeoutError:
        return


if __name__ == "__main__":
    sys.exit(main())
