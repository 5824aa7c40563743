"""A real Redis for a benchmark, and the engine's door to it, which starts debates."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from engine.adapters.embedded_redis import embedded_redis
from engine.adapters.redis_server import connect
from engine.bootstrap import new_id, open_debates
from engine.debate.commands import StartDebate
from engine.debate.events import Pace
from engine.panels.loader import load_panel
from engine.ports.debates import Debates
from engine.settings import Settings, read_settings
from tests.bench.contender import Plan, topic
from tests.bench.cores import MEASURED
from tests.bench.race import Contender
from tests.redis_cluster import redis_cluster

ROUNDS = 3
AT_ONCE = 256


@dataclass(slots=True)
class House:
    """Redis as `tertulia try` ships it, append-only file and all, and a door."""

    settings: Settings
    debates: Debates
    redis: Redis
    started: int = 0

    async def start(self, many: int, *, rounds: int = ROUNDS, pace: Pace = Pace.LIVE) -> list[str]:
        """Starts so many debates by the bundled panel; gives their ids."""
        panel = load_panel("ai-en")
        ids = [new_id(self.settings) for _ in range(many)]
        for debate in ids:
            about = topic(self.started)
            self.started += 1
            command = StartDebate(topic=about, panel=panel, rounds=rounds, pace=pace)
            await self.debates.start(debate, command)
        return ids

    async def closed(
        self, ids: Iterable[str], within_s: float = 120.0, *, look_s: float = 0.005
    ) -> None:
        """Waits until all of them are; looks again after `look_s`."""
        async with asyncio.timeout(within_s):
            for debate in ids:
                while not await self._is_closed(debate):  # noqa: ASYNC110 - nobody says so
                    await asyncio.sleep(look_s)

    async def _is_closed(self, debate: str) -> bool:
        return bool(await self.redis.hexists(self.key(debate), "closed"))

    def key(self, debate: str) -> str:
        """That of the debate's state; its other keys begin so."""
        return f"tertulia:{{{self.settings.redis.shard}}}:d:{debate}"

    async def server_cpu_s(self) -> float:
        """The CPU time that the server has used."""
        told: dict[str, Any] = await self.redis.info("cpu")
        return float(told["used_cpu_user"]) + float(told["used_cpu_sys"])

    async def bytes_of(self, keys: Iterable[str]) -> int:
        """The memory that these keys take."""
        return sum([await self.redis.memory_usage(key, samples=0) or 0 for key in keys])

    async def keys_of(self, debate: str) -> list[str]:
        """Every key that is this debate's alone."""
        found = [key.decode() async for key in self.redis.scan_iter(f"*{debate}*", count=1000)]
        return sorted(found)


def worker_of(
    settings: Settings, core: int | None = MEASURED
) -> AbstractAsyncContextManager[Contender]:
    """A worker with these settings, which has begun."""
    return Contender.open("tertulia", worker_plan(settings), core=core)


def worker_plan(settings: Settings) -> Plan:
    """What a worker is started with."""
    parts = {"redis", "model", "worker", "log"}
    given = settings.model_dump(mode="json", include=parts)
    return Plan(settings.model.url, settings=given)


@asynccontextmanager
async def clusters() -> AsyncIterator[str]:
    """The address of a cluster."""
    with redis_cluster(replicas=0) as formed:
        yield formed.url


@asynccontextmanager
async def house(
    model_url: str, sampling: dict[str, Any] | None = None, *, clustered: bool = False
) -> AsyncIterator[House]:
    """Opens one, empty; `sampling` goes along with each request.

    `clustered`: debates are kept by a cluster of three servers, over TCP.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with clusters() if clustered else embedded_redis(Path(folder)) as url:
            settings = read_settings(
                redis={"url": url},
                model={"url": model_url, "calls_at_once": AT_ONCE, "sampling": sampling or {}},
                worker={"debates_at_once": AT_ONCE, "port": 0},
                log={"level": "warning"},
            )
            client = connect(url, shard=settings.redis.shard)
            try:
                async with open_debates(settings) as debates:
                    yield House(settings, debates, client)
            finally:
                await client.aclose()
