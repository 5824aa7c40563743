"""kill -9 of Slack bot processes, fifty times at random: no post is lost, none stands there twice.

Slack answers posts late here, so that many kills fall between a post and its record.
`pytest tests/slow/test_slack_kills.py`
"""

from __future__ import annotations

import asyncio
import random
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from engine.ports.debates import Listed
from tests.fakes.slack.faults import Answer
from tests.fakes.slack.workspace import Channel
from tests.redis_server import RedisServer
from tests.slackbot.processes import begin, bot, ends_well, worker
from tests.slackbot.rig import House, house
from tests.slackbot.shown import Shown, shown
from tests.slow.test_slack_whole import apps_of

pytestmark = pytest.mark.timeout(3_600)

KILLS = 50
PROCESSES = 2
CHANNELS = 5
QUESTION = "Should the team meet less? panel=ai-en pace=live rounds=2"
ANSWER_MOST_S = 1.0
TIMEOUT_S = 3.0
LEASE_S = 5.0
PATIENCE_S = 600.0
SLOW_S = 0.1
"""Between two words of a turn that is shown as it comes."""
MOST_POSTS = 100_000


@dataclass
class Unanswered:
    """Posts that stand in Slack, and whose sender does not know it yet."""

    open: list[asyncio.Transport] = field(default_factory=list)

    async def late(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        """A fault: the post stands at once, its answer takes a while."""
        response, transport = answer(), request.transport
        assert isinstance(transport, asyncio.Transport)
        self.open.append(transport)
        try:
            await asyncio.sleep(random.uniform(0, ANSWER_MOST_S))  # noqa: S311
        finally:
            self.open.remove(transport)
        return response


class Crowd:
    """Bot processes, one of which is killed now and then."""

    def __init__(self, home: House, unanswered: Unanswered, log: Path, slack: Any) -> None:
        self._home, self._unanswered, self._log = home, unanswered, log
        self._slack: dict[str, object] = slack
        self._running: list[tuple[Process, AsyncExitStack]] = []
        self.over_a_post = 0
        """Kills of a process that had a post without an answer."""

    async def start(self) -> None:
        """One more, that Slack reaches."""
        stack = AsyncExitStack()
        process = await stack.enter_async_context(bot(self._home, self._log, **self._slack))
        self._running.append((process, stack))

    async def kill(self) -> None:
        """kill -9 of any."""
        process, stack = self._running.pop(random.randrange(len(self._running)))  # noqa: S311
        waiting = list(self._unanswered.open)
        process.kill()
        await process.wait()
        await asyncio.sleep(0.05)  # its connections end
        self.over_a_post += any(transport.is_closing() for transport in waiting)
        await stack.aclose()

    async def stop(self) -> None:
        """SIGTERM; each ends by itself, and well."""
        for process, _ in self._running:
            await ends_well(process)

    async def close(self) -> None:
        """None is left."""
        for _, stack in self._running:
            await stack.aclose()


@asynccontextmanager
async def crowd_in(home: House, log: Path, slack: dict[str, Any]) -> AsyncIterator[Crowd]:
    """Processes in this house, in a Slack that answers late."""
    unanswered = Unanswered()
    for method in ("chat.postMessage", "chat.startStream", "chat.stopStream"):
        home.slack.faults.plan(method, *[unanswered.late] * MOST_POSTS)
    crowd = Crowd(home, unanswered, log, {"timeout_s": TIMEOUT_S} | slack)
    try:
        for _ in range(PROCESSES):
            await crowd.start()
        yield crowd
    finally:
        await crowd.close()


@pytest.mark.parametrize("how", ["customize", "apps", "streaming"])
async def test_bots_killed_at_random_lose_no_post_and_double_none(
    how: str,
    server: RedisServer,
    shard: str,
    redis: object,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with AsyncExitStack() as stack:
        home = await stack.enter_async_context(house(server, shard, speaks=False))
        work = home.settings.worker.model_copy(update={"lease_s": LEASE_S})
        home.settings = home.settings.model_copy(update={"worker": work})
        await stack.enter_async_context(worker(home, tmp_path / "worker.log"))
        slack = apps_of(home) if how == "apps" else {"streaming": how == "streaming"}
        home.speaker.pause_s = SLOW_S if how == "streaming" else 0.0
        channels = [
            home.slack.channel(home.team, f"room{n}", home.ana, home.installed.bot)
            for n in range(CHANNELS)
        ]
        async with crowd_in(home, tmp_path / "bots.log", slack) as crowd:
            async with asyncio.TaskGroup() as tasks:
                debating = [tasks.create_task(debate_on(home, channel)) for channel in channels]
                for _ in range(KILLS):
                    await asyncio.sleep(random.uniform(0, 2))  # noqa: S311 - a random moment
                    await crowd.kill()
                    await crowd.start()
                for task in debating:
                    task.cancel()
            found = await all_shown(home, channels)
            await crowd.stop()
    for one in found:
        one.check()
        one.check_nothing_is_left()
    posts = sum(len(one.posts) for one in found)
    with capsys.disabled():
        print(  # noqa: T201 - the counts are what this run is for
            f"\n{how}: {KILLS} kills, {crowd.over_a_post} of them between a post and its "
            f"record; {len(found)} debates, {posts} posts, each once and in order"
        )


async def debate_on(home: House, channel: Channel) -> None:
    """One debate after the other, until it is cancelled."""
    while True:
        before = with_files(home, channel)
        await begin(home, channel, QUESTION)
        await home.until(partial(has_more, home, channel, before), PATIENCE_S)


def has_more(home: House, channel: Channel, debates: int) -> bool:
    """Whether more have been held there to the end."""
    return with_files(home, channel) > debates


def with_files(home: House, channel: Channel) -> int:
    """How many debates have been held there to the end."""
    return sum(
        any(seen.files for seen in home.ana.sees_thread(channel, card.ts))
        for card in home.ana.sees(channel)
        if not card.is_ephemeral
    )


async def all_shown(home: House, channels: list[Channel]) -> list[Shown]:
    """Every debate, once each has its thread and all of it stands there."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            listed = await home.debates.recent(1_000)
            found = [await shown(home, one) for one in listed]
            if all(one.files for one in found) and cards(home, channels) == roots(listed):
                return found
            await asyncio.sleep(0.5)


def cards(home: House, channels: list[Channel]) -> list[str]:
    """What stands in the channels themselves."""
    there = [seen for channel in channels for seen in home.ana.sees(channel)]
    return sorted(seen.ts for seen in there if not seen.is_ephemeral)


def roots(listed: list[Listed]) -> list[str]:
    """The threads of these debates."""
    return sorted(one.started.home.thread for one in listed if one.started.home is not None)
