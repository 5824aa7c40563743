"""Whatever breaks: every turn is shown once, in order, in its thread, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.fakes.slack.faults import (
    Fault,
    answers_after,
    breaks_off,
    fails,
    fails_after,
    loses_answer,
    rate_limits,
)
from tests.fakes.slack.screen import Seen
from tests.fakes.slack.timing import Timing as SlackTiming
from tests.redis_server import RedisServer
from tests.slackbot.rig import HASTY, House, house
from tests.slackbot.test_bot_journeys import QUESTION


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


def in_order(thread: list[Seen]) -> None:
    """Eight turns, each asking the next, a close, and the files, once."""
    turns = [seen for seen in thread if not seen.files]
    assert len(turns) == 9, [seen.text for seen in turns]
    for spoken, following in pairwise(turns[:8]):
        assert f"→ {following.author}: " in spoken.text
    assert turns[8].author == turns[0].author
    assert len([seen for seen in thread if seen.files]) == 1


@pytest.mark.parametrize(
    "fault",
    [loses_answer, breaks_off, fails, fails_after, lambda: rate_limits(1)],
    ids=["loses_answer", "breaks_off", "fails", "fails_after", "rate_limits"],
)
async def test_whatever_becomes_of_an_answer_each_turn_stands_there_once(
    home: House, fault: Callable[[], Fault]
) -> None:
    async with home.bot():
        in_thread = home.slack.faults
        in_thread.plan("chat.postMessage", fault(), fault(), where=lambda a: a.get("thread_ts"))
        await home.ana.runs("/debate", QUESTION, home.general)
        in_order(await home.closed())
    assert home.slack.faults.pending == 0


@pytest.mark.parametrize("fault", [loses_answer, fails, breaks_off], ids=lambda f: f.__name__)
async def test_there_is_one_card_whatever_becomes_of_its_post(
    home: House, fault: Callable[[], Fault]
) -> None:
    async with home.bot():
        home.slack.faults.plan("chat.postMessage", fault())
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general))
        in_order(await home.closed())
        assert len(await home.debates.recent(9)) == 1


async def test_files_whose_upload_broke_off_come_once(home: House) -> None:
    async with home.bot():
        home.slack.faults.plan("files.completeUploadExternal", fails(), loses_answer())
        await home.ana.runs("/debate", QUESTION, home.general)
        in_order(await home.closed())


@pytest.mark.parametrize("at", [1, 4, 9])
async def test_a_bot_killed_between_post_and_record_posts_nothing_twice(
    home: House, at: int
) -> None:
    """kill -9 of a real process, when a turn stands in the thread and Slack has not answered."""
    never, count = asyncio.Event(), 0

    def is_nth(args: dict[str, object]) -> bool:
        nonlocal count
        count += bool(args.get("thread_ts"))
        return count == at and bool(args.get("thread_ts"))

    home.slack.faults.plan("chat.postMessage", answers_after(never), where=is_nth)
    async with started(home) as process:
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.ana.sees(home.general) and len(home.thread()) == at)
        process.send_signal(signal.SIGKILL)
        await process.wait()
    never.set()
    async with started(home) as process:
        in_order(await home.closed())
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_the_files_come_though_the_bot_died_before_them(home: House) -> None:
    home.slack.faults.plan("files.completeUploadExternal", fails())
    async with home.bot(replace(HASTY, later=60.0), drain_s=0.0):
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: home.slack.trace.calls("files.completeUploadExternal"))
        assert not any(seen.files for seen in home.thread())
    async with home.bot():
        in_order(await home.closed())


async def test_a_channel_that_is_archived_gets_the_rest_once_it_is_opened_again(
    home: House,
) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: len(home.thread()) == 1)
        home.ana.archives(home.general)
        home.speaker.go_on()

        async def is_closed() -> bool:
            return (await home.debates.recent(1))[0].closed

        await home.until_async(is_closed, True)
        assert len(home.thread()) == 1
        home.ana.unarchives(home.general)
        in_order(await home.closed())


async def test_a_thread_that_is_gone_gets_nothing_and_nothing_stands_beside_it(
    home: House,
) -> None:
    home.speaker.hold(1)
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        await home.until(lambda: len(home.thread()) == 1)
        root = home.card().ts
        del home.general.messages[root]
        home.speaker.go_on()

        async def is_closed() -> bool:
            return (await home.debates.recent(1))[0].closed

        await home.until_async(is_closed, True)
        await asyncio.sleep(0.2)
    assert [s for s in home.ana.sees(home.general) if s.thread_ts is None] == []


async def test_while_redis_is_silent_commands_are_answered_and_events_wait(
    server: RedisServer, shard: str, redis: object
) -> None:
    waits = SlackTiming(retries_s=(0.0, 0.2, 0.5))
    async with house(server, shard, speaks=False, waits=waits) as home:
        quick = replace(HASTY, answer=0.3)
        async with home.bot(quick):
            with silent(server):
                outcome = await home.ana.runs("/debate", QUESTION, home.general)
                assert outcome.is_acknowledged
                (told,) = home.ana.sees(home.general)
                assert told.is_ephemeral
                assert "vuelva a intentarlo" in told.text
                home.luis.says(home.general, f"@tertulia debate {QUESTION}")
                mention = home.slack.deliveries.all[-1]
                await home.until(lambda: len(mention.outcomes) >= 1)
                assert not mention.is_heard
            await home.until(lambda: mention.is_heard)
            await home.until_async(lambda: count(home), 1)


async def count(home: House) -> int:
    return len(await home.debates.recent(9))


@contextlib.contextmanager
def silent(server: RedisServer) -> Iterator[None]:
    """The server takes connections and commands, and answers nothing."""
    process = server._process
    assert process is not None
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


@contextlib.asynccontextmanager
async def started(home: House) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot process, connected; killed at the end, if it still runs."""
    slack, settings = home.settings.slack, home.settings
    assert slack.bot_token is not None
    assert slack.app_token is not None
    given = {
        "REDIS__URL": settings.redis.url,
        "REDIS__SHARD": settings.redis.shard,
        "WORKER__LEASE_S": "1",
        "SLACK__BOT_TOKEN": slack.bot_token.get_secret_value(),
        "SLACK__APP_TOKEN": slack.app_token.get_secret_value(),
        "SLACK__API_URL": slack.api_url,
        "SLACK__HEALTH_PORT": "0",
        "SLACK__DRAIN_S": "5",
        "SLACK__TIMEOUT_S": "1",
    }
    env = {**os.environ, **{f"TERTULIA_{name}": value for name, value in given.items()}}
    before = len(home.slack.sockets.connections(home.installed.app))
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bots.slackbot", env=env)
    connections = home.slack.sockets.connections
    try:
        await home.until(lambda: len(connections(home.installed.app)) >= before + 2)
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
