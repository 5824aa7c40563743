"""The bot and the worker as processes of their own, with the settings of a house."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import IO, Any

from pydantic import SecretStr

from engine.settings import Settings
from tests.fakes.slack.workspace import Channel
from tests.slackbot.rig import House

READY_S = 60.0
_PARTS = ("redis", "model", "worker", "slack")


@contextlib.asynccontextmanager
async def bot(
    home: House, log: Path | None = None, **slack: object
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot process that Slack reaches; killed at the end, if it still runs.

    `log` takes what it says; `slack`: settings other than the house's.
    """
    over = home.settings.slack.model_copy(update=slack)
    settings = home.settings.model_copy(update={"slack": over})
    async with process(settings, "bots.slackbot", log) as started:
        await listens(home, started, over.mode, over.port)
        yield started


@contextlib.asynccontextmanager
async def worker(home: House, log: Path | None = None) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker process; killed at the end, if it still runs."""
    async with process(home.settings, "engine", log) as started:
        yield started


async def begin(home: House, channel: Channel, question: str) -> int:
    """Ana starts a debate, as often as it takes: an app that died or is busy says so.

    Answers how often she asked.
    """
    tries = 0
    while True:
        tries += 1
        outcome = await home.ana.runs("/debate", question, channel)
        if outcome.is_acknowledged and not outcome.body.get("text"):
            return tries
        await asyncio.sleep(0.5)


async def ends_well(process: asyncio.subprocess.Process) -> None:
    """SIGTERM; it ends by itself."""
    process.terminate()
    async with asyncio.timeout(READY_S):
        assert await process.wait() == 0


async def listens(home: House, process: asyncio.subprocess.Process, mode: str, port: int) -> None:
    """Waits until Slack reaches one process more."""
    connections, app = home.slack.sockets.connections, home.installed.app
    before = connections(app)
    async with asyncio.timeout(READY_S):
        while True:
            assert process.returncode is None, "the bot ended at its start"
            opened = [one for one in connections(app) if one not in before]
            if mode == "socket" and len(opened) >= 2:
                return
            if mode == "http" and await _takes_connections(port):
                return
            await asyncio.sleep(0.05)


async def _takes_connections(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


@contextlib.asynccontextmanager
async def process(
    settings: Settings, module: str, log: Path | None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A module that runs with these settings; killed at the end, if it still does."""
    with contextlib.ExitStack() as files:
        said: IO[bytes] | None = files.enter_context(log.open("ab")) if log is not None else None
        started = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module), env=environment(settings), stdout=said, stderr=said
        )
    try:
        yield started
    finally:
        with contextlib.suppress(ProcessLookupError):
            started.kill()
        await started.wait()


def environment(settings: Settings) -> dict[str, str]:
    """What a process is started with that is to have these settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TERTULIA_")}
    for part in _PARTS:
        values = getattr(settings, part)
        for name in values.model_fields_set:
            value = _bare(getattr(values, name))
            if value is not None:
                said = value if isinstance(value, str) else json.dumps(value)
                kept[f"TERTULIA_{part}__{name}".upper()] = said
    return kept | {"TERTULIA_WORKER__PORT": "0"}


def _bare(value: Any) -> Any:
    """The value as JSON has it, its secrets opened."""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Mapping):
        return {name: _bare(one) for name, one in value.items()}
    return value
