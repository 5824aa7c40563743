"""Bots and workers as the processes that they are in production, to be stopped or killed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping

from tests.discordbot.rig import House
from tests.fakes.discord.applications import Application

Process = asyncio.subprocess.Process


@contextlib.asynccontextmanager
async def started(home: House, **discord: str) -> AsyncIterator[Process]:
    """A bot; killed at the end, if it still runs."""
    ours = home.settings.discord
    given = {
        "token": home.club.app.token,
        "api_url": ours.api_url,
        "gateway_url": ours.gateway_url,
        "cdn_url": ours.cdn_url,
        "health_port": "0",
        "drain_s": "5",
        "timeout_s": "2",
    } | discord
    settings = {f"TERTULIA_DISCORD__{name.upper()}": value for name, value in given.items()}
    async with _running(home, "bots.discordbot", settings, asyncio.subprocess.PIPE) as process:
        yield process


@contextlib.asynccontextmanager
async def working(home: House, model: str) -> AsyncIterator[Process]:
    """A worker; `model`: its `TERTULIA_MODEL__URL`."""
    settings = {"TERTULIA_MODEL__URL": model, "TERTULIA_WORKER__PORT": "0"}
    async with _running(home, "engine", settings, asyncio.subprocess.DEVNULL) as process:
        yield process


def speaking_as(voices: Mapping[str, Application]) -> dict[str, str]:
    """What `started` needs for personas with bots of their own; by webhook, if there are none."""
    tokens = {persona: voice.token for persona, voice in voices.items()}
    return {"identity": "bots", "persona_tokens": json.dumps(tokens)} if tokens else {}


@contextlib.asynccontextmanager
async def _running(
    home: House, module: str, settings: dict[str, str], stderr: int
) -> AsyncIterator[Process]:
    redis = home.settings.redis
    where = {"TERTULIA_REDIS__URL": redis.url, "TERTULIA_REDIS__SHARD": redis.shard}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module), env={**os.environ, **where, **settings}, stderr=stderr
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
