"""kill -9 of workers and of Redis, at random moments: each turn once, in order, to the end."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from engine.adapters.redis_server import connect
from engine.debate.events import Event, Reason
from tests.debate.given import start
from tests.fakes.model_behaviours import Behaviour, Received, say
from tests.fakes.model_server import FakeModelServer
from tests.redis_server import RedisServer, redis_server
from tests.runtime.rig import Rig, close_of, turns
from tests.system.program import ROOT, environment

pytestmark = pytest.mark.timeout(300)

KILLS = 10
ROUNDS = 20
TURNS = 1 + 3 * ROUNDS
REPLY_S = 0.25
LEASE_S = 1.0


def slow(most_s: float) -> Behaviour:
    """Replies well, after a while that is never the same."""
    reply = say()

    async def behave(request: web.Request, received: Received) -> web.StreamResponse:
        await asyncio.sleep(random.uniform(0, most_s))  # noqa: S311
        return await reply(request, received)

    return behave


class Workers:
    """Worker processes on one shard, to be killed and started again."""

    def __init__(self, home: Path, redis_url: str, model_url: str, shard: str) -> None:
        self._home = home
        self._environment = environment(
            home,
            PYTHONPATH=str(ROOT),
            TERTULIA_REDIS__URL=redis_url,
            TERTULIA_REDIS__SHARD=shard,
            TERTULIA_MODEL__URL=model_url,
            TERTULIA_WORKER__LEASE_S=str(LEASE_S),
            TERTULIA_WORKER__PORT="0",
        )
        self._running: list[asyncio.subprocess.Process] = []

    async def start(self) -> None:
        """One more."""
        log = (self._home / "worker.log").open("ab")
        self._running.append(
            await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "engine"),
                stdout=log,
                stderr=log,
                cwd=self._home,
                env=self._environment,
            )
        )
        log.close()

    async def kill_one(self) -> None:
        """kill -9 of any."""
        victim = self._running.pop(random.randrange(len(self._running)))  # noqa: S311
        victim.kill()
        await victim.wait()

    async def stop(self) -> None:
        """SIGTERM; each must end by itself, and well."""
        for process in self._running:
            process.terminate()
        async with asyncio.timeout(20):
            statuses = [await process.wait() for process in self._running]
        assert statuses == [0] * len(statuses)

    def end(self) -> None:
        """Whatever happened, none is left."""
        for process in self._running:
            if process.returncode is None:
                process.kill()


@asynccontextmanager
async def stage(
    server: RedisServer, home: Path, shard: str, workers: int
) -> AsyncIterator[tuple[Rig, Workers, str]]:
    """A debate under way: the rig to look at it, its workers, its id."""
    client = connect(server.url)
    async with FakeModelServer.open() as model:
        model.always(slow(REPLY_S))
        rig = Rig(client, shard)
        crowd = Workers(home, server.url, model.url, shard)
        try:
            for _ in range(workers):
                await crowd.start()
            yield rig, crowd, await rig.start(start(rounds=ROUNDS))
            await crowd.stop()
        finally:
            crowd.end()
            await client.aclose()


async def random_moment() -> None:
    await asyncio.sleep(random.uniform(0.1, 1.5))  # noqa: S311


def check(log: list[Event], capsys: pytest.CaptureFixture[str], what: str) -> None:
    """Each turn once, in order, and a close."""
    assert len(turns(log)) == TURNS
    assert close_of(log).reason is Reason.ROUNDS
    with capsys.disabled():
        print(f"\n{what}: {KILLS} kills, {TURNS} turns, each once and in order")  # noqa: T201


@pytest.mark.parametrize("workers", [1, 2])
async def test_workers_killed_at_random_moments_lose_and_double_no_turn(
    workers: int,
    server: RedisServer,
    shard: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with stage(server, tmp_path, shard, workers) as (rig, crowd, debate):
        log = asyncio.create_task(rig.log_until_closed(debate, within_s=200))
        for _ in range(KILLS):
            await random_moment()
            await crowd.kill_one()
            await crowd.start()
        check(await log, capsys, f"{workers} worker(s)")


async def test_redis_killed_at_random_moments_loses_and_doubles_no_turn(
    shard: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with redis_server() as server:
        async with stage(server, tmp_path, shard, workers=2) as (rig, _crowd, debate):
            for _ in range(KILLS):
                await random_moment()
                server.kill()
                await asyncio.to_thread(server.start)
            check(await rig.log_until_closed(debate, within_s=200), capsys, "Redis")
