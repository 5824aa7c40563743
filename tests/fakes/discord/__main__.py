"""Runs a local Discord by itself: `python -m tests.fakes.discord`; prints what a bot needs."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal

from tests.fakes.discord.permissions import ALL
from tests.fakes.discord.server import LocalDiscord


async def _serve(name: str, port: int) -> None:
    """Runs until it is told to stop."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with LocalDiscord.open(port=port) as discord:
        ana = discord.person("ana")
        guild = discord.guild("acme", ana)
        general = discord.channel(guild, "general")
        app = discord.app(name, ana)
        discord.install(app, guild, ALL)
        about = {
            "api_url": discord.api_url,
            "gateway_url": discord.gateway_url,
            "token": app.token,
            "application": app.id,
            "guild": guild.id,
            "channel": general.id,
        }
        print(json.dumps(about), flush=True)  # noqa: T201 - whoever started it reads this
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.discord")
    parser.add_argument("--name", default="Panel", help="the bot's")
    parser.add_argument("--port", type=int, default=0, help="0: a free one")
    given = parser.parse_args()
    asyncio.run(_serve(given.name, given.port))
