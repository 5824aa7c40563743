"""`python -m engine`: says how it is, counts what it does, stops when asked, and keeps secrets."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from redis.asyncio import Redis

from tests.fakes.model_server import FakeModelServer
from tests.redis_server import RedisServer
from tests.runtime.rig import Rig
from tests.system.program import ROOT, environment

KEY = "sk-very-secret-key"


class Process:
    """A worker, and what it has logged."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[str] = []

    async def until(self, event: str) -> dict[str, str]:
        """The first line logged from here on that has this event."""
        assert self.process.stderr is not None
        async with asyncio.timeout(20):
            while line := (await self.process.stderr.readline()).decode():
                self.lines.append(line)
                logged: dict[str, str] = json.loads(line)
                if logged["event"] == event:
                    return logged
        raise AssertionError(f"ended without {event}: {self.lines}")


@asynccontextmanager
async def worker(home: Path, **settings: str) -> AsyncIterator[Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "engine"),
        stderr=asyncio.subprocess.PIPE,
        cwd=home,
        env=environment(home, PYTHONPATH=str(ROOT), TERTULIA_WORKER__PORT="0", **settings),
    )
    try:
        yield Process(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def get(url: str) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.text()


async def test_a_worker_serves_its_health_and_its_counts_and_stops_when_asked(
    tmp_path: Path, server: RedisServer, redis: Redis, shard: str
) -> None:
    async with (
        FakeModelServer.open() as model,
        worker(
            tmp_path,
            TERTULIA_REDIS__URL=server.url,
            TERTULIA_REDIS__SHARD=shard,
            TERTULIA_MODEL__URL=model.url,
            TERTULIA_MODEL__API_KEY=KEY,
        ) as running,
    ):
        health = (await running.until("process.runs"))["health"]
        assert await get(health) == (200, "ok")
        rig = Rig(redis, shard)
        await rig.log_until_closed(await rig.start())
        _, counts = await get(health.replace("healthz", "metrics"))
        assert 'tertulia_turns_total{repaired="no"} 4.0' in counts
        assert re.search(r"tertulia_tokens_total\{kind=\"cached\"\} [1-9]", counts)
        running.process.send_signal(signal.SIGTERM)
        await running.until("process.stopped")
        assert await running.process.wait() == 0
        assert model.received[0].headers["Authorization"] == f"Bearer {KEY}"
        assert KEY not in "".join(running.lines)


async def test_a_worker_waits_for_a_redis_that_is_not_there_yet(
    tmp_path: Path, server: RedisServer
) -> None:
    nowhere = tmp_path / "no.sock"
    async with (
        FakeModelServer.open() as model,
        worker(
            tmp_path, TERTULIA_REDIS__URL=f"unix://{nowhere}", TERTULIA_MODEL__URL=model.url
        ) as running,
    ):
        await running.until("process.waits")
        nowhere.symlink_to(server.socket)
        await running.until("process.runs")


async def test_a_redis_that_does_not_let_it_in_is_one_line_and_a_status(
    tmp_path: Path, server: RedisServer
) -> None:
    url = f"{server.url.replace('//', '//nobody@')}?password=hush-hush"
    settings = {"TERTULIA_REDIS__URL": url}
    async with worker(tmp_path, **settings) as running:
        async with asyncio.timeout(60):
            _, err = await running.process.communicate()
    assert running.process.returncode == 2
    (line,) = err.decode().splitlines()
    assert "Redis refuses the user or password" in line
    assert "hush-hush" not in line


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("TERTULIA_REDIS__URI", "redis://x", "TERTULIA_REDIS__URL"),
        ("TERTULIA_MODEL__URL", "gopher://x", "gopher://x"),
        ("TERTULIA_WORKER__PORT", "eighty", "TERTULIA_WORKER__PORT"),
    ],
)
async def test_a_setting_that_will_not_do_is_one_line_and_a_status(
    tmp_path: Path, server: RedisServer, variable: str, value: str, says: str
) -> None:
    settings = {"TERTULIA_REDIS__URL": server.url, variable: value}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "engine"),
        stderr=asyncio.subprocess.PIPE,
        cwd=tmp_path,
        env=environment(tmp_path, PYTHONPATH=str(ROOT), **settings),
    )
    async with asyncio.timeout(20):
        _, err = await process.communicate()
    assert process.returncode == 2
    assert len(err.decode().splitlines()) == 1
    assert says in err.decode()
