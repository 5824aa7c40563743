"""A Slack bot process, `python -m bots.slackbot`. SIGTERM or Ctrl-C ends it in good order."""

from __future__ import annotations

import sys
from contextlib import AbstractAsyncContextManager

from bots.chat.metrics import Metrics
from bots.chat.process import Process
from bots.slackbot.bot import Bot, open_bot
from engine.settings import Settings


def main() -> int:
    """Works until asked to stop; the exit status is 0 then, and 2 if the settings will not do."""
    return Process("slack", _opened, _health_at).main()


def _opened(settings: Settings, metrics: Metrics) -> AbstractAsyncContextManager[Bot]:
    return open_bot(settings, metrics=metrics)


def _health_at(settings: Settings) -> tuple[str, int]:
    return settings.slack.host, settings.slack.health_port


if __name__ == "__main__":
    sys.exit(main())
