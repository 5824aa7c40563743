"""A Slack bot process that keeps to no pace: what it can do where nothing holds it up."""

from __future__ import annotations

import sys
from contextlib import AbstractAsyncContextManager

from bots.chat.metrics import Metrics
from bots.slackbot.bot import open_bot
from bots.slackbot.timing import Timing
from engine.process import Process, Program
from engine.settings import Settings

MINUTE_S = 0.01


def main() -> int:
    """As `python -m bots.slackbot`."""
    metrics = Metrics("slack")

    def opening(settings: Settings) -> AbstractAsyncContextManager[Program]:
        timing = Timing(lands_within=settings.slack.timeout_s, minute=MINUTE_S)
        return open_bot(settings, timing, metrics)

    def health_at(settings: Settings) -> tuple[str, int]:
        return settings.slack.host, settings.slack.health_port

    return Process("slack", opening, health_at, metrics.registry, ()).main()


if __name__ == "__main__":
    sys.exit(main())
