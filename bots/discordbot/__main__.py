"""A Discord bot process, `python -m bots.discordbot`. SIGTERM or Ctrl-C ends it in good order."""

from __future__ import annotations

import sys

from bots.chat.process import Process
from bots.discordbot.bot import open_bot
from engine.settings import Settings


def main() -> int:
    """Works until asked to stop; the exit status is 0 then, and 2 if the settings will not do."""
    return Process("discord", open_bot, _health_at).main()


def _health_at(settings: Settings) -> tuple[str, int]:
    return settings.discord.host, settings.discord.health_port


if __name__ == "__main__":
    sys.exit(main())
