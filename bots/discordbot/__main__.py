"""A Discord bot process, `python -m bots.discordbot`. SIGTERM or Ctrl-C ends it in good order."""

from __future__ import annotations

import sys
from contextlib import AbstractAsyncContextManager

from bots.chat.metrics import Metrics
from bots.chat.surface import RetryAfter, Unknown
from bots.discordbot.bot import open_bot
from engine.ports.store import StoreAway
from engine.process import Process, Program
from engine.settings import Settings


def main() -> int:
    """Works until asked to stop; the exit status is 0 then, and 2 if the settings will not do."""
    metrics = Metrics("discord")

    def opening(settings: Settings) -> AbstractAsyncContextManager[Program]:
        return open_bot(settings, metrics=metrics)

    away = (StoreAway, RetryAfter, Unknown)
    return Process("discord", opening, _health_at, metrics.registry, away).main()


def _health_at(settings: Settings) -> tuple[str, int]:
    return settings.discord.host, settings.discord.health_port


if __name__ == "__main__":
    sys.exit(main())
