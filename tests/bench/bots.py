"""How fast bot processes show debates that are spoken at once, where Slack has no limits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.adapters.embedded_redis import embedded_redis
from tests.bench.contender import topic
from tests.bench.cores import cpu_ns
from tests.fakes.slack.workspace import Channel
from tests.redis_server import RedisServer
from tests.slackbot.processes import begin, listens, process, worker
from tests.slackbot.rig import House, house
from tests.slackbot.shown import shown

CHANNELS = 10
UNPACED = "tests.bench.unpaced_bot"
SHOWN_S = 300.0
NS_A_MS = 1e6


@dataclass(frozen=True, slots=True)
class Showed:
    """So many bot processes, measured together."""

    posts_s: float
    """From the first command to the last transcript."""
    cpu_ms: float
    """The processes', a post: listening, posting, cards, transcripts."""


async def showed(processes: int, debates: int) -> Showed:
    """Has them show so many debates, each once and in order.

    Raises:
        AssertionError: a post is missing, doubled or out of its order.
    """
    with TemporaryDirectory(prefix="bench-") as folder:
        async with AsyncExitStack() as stack:
            server = RedisServer(Path(folder))
            server.url = await stack.enter_async_context(embedded_redis(Path(folder)))
            home = await stack.enter_async_context(house(server, "main", speaks=False))
            home.slack.limits.is_on = False
            log = Path(folder) / "log"
            await stack.enter_async_context(worker(home, log))
            bots = [await stack.enter_async_context(_bot(home, log)) for _ in range(processes)]
            rooms = [
                home.slack.channel(home.team, f"room{n}", home.ana, home.installed.bot)
                for n in range(CHANNELS)
            ]
            await _debated(home, rooms, processes)
            cpu = sum(cpu_ns(process.pid) for process in bots)
            begun_s = time.perf_counter()
            posts = await _debated(home, rooms, debates)
            took_s = time.perf_counter() - begun_s
            cpu_ms = (sum(cpu_ns(process.pid) for process in bots) - cpu) / NS_A_MS
            return Showed(posts / took_s, cpu_ms / posts)


@asynccontextmanager
async def _bot(home: House, log: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    async with process(home.settings, UNPACED, log) as started:
        slack = home.settings.slack
        await listens(home, started, slack.mode, slack.port)
        yield started


async def _debated(home: House, rooms: list[Channel], debates: int) -> int:
    """So many more, to their transcripts; how many posts they have."""
    before = {listed.debate for listed in await home.debates.recent(1_000)}
    for number in range(debates):
        question = f"{topic(number)} panel=ai-en pace=live"
        await begin(home, rooms[number % len(rooms)], question)
    async with asyncio.timeout(SHOWN_S):
        while True:
            new = [one for one in await home.debates.recent(1_000) if one.debate not in before]
            found = [await shown(home, one) for one in new]
            if len(found) == debates and all(len(one.files) == 3 for one in found):
                break
            await asyncio.sleep(0.2)
    for one in found:
        one.check()
    return sum(len(one.thread) + 1 for one in found)
