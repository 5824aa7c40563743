"""Whatever breaks: every turn is shown once, in order, in its thread, and nobody waits for ever."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import cast

import pytest
from redis.asyncio import Redis

from bots.chat.beginning import Beginning
from bots.chat.closing import TRIES
from bots.chat.desk import Asker
from engine.adapters.redis_keys import ShardKeys
from engine.debate.commands import StartDebate
from engine.debate.events import DebatePaused, Person
from engine.panels.loader import load_panel
from tests.fakes.slack.faults import (
    Fault,
    answers_after,
    breaks_off,
    fails,
    fails_after,
    loses_answer,
    rate_limits,
    waits_for,
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


def went_on(thread: list[Seen]) -> None:
    """The debate is whole, and between its turns the app says that it paused and goes on."""
    notices = [seen for seen in thread if seen.author == "Tertulia" and not seen.files]
    assert 1 <= len(notices) <= 2, [seen.text for seen in notices]
    in_order([seen for seen in thread if seen not in notices])


async def paused(home: House) -> bool:
    """Whether the only debate paused."""
    (listed,) = await home.debates.recent(9)
    records = await home.debates.records(listed.debate)
    return any(isinstance(record.event, DebatePaused) for record in records)


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


async def test_files_come_however_often_slack_says_when_to_come_again(home: House) -> None:
    async with home.bot():
        method = "files.getUploadURLExternal"
        home.slack.faults.plan(method, *[rate_limits(0)] * (2 * TRIES))
        await home.ana.runs("/debate", QUESTION, home.general)
        in_order(await home.closed())
    assert home.slack.faults.pending == 0


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
        await home.until_async(lambda: paused(home), True)
        assert len(home.thread()) == 1
        home.ana.unarchives(home.general)
        went_on(await home.closed())


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
        await home.until_async(lambda: paused(home), True)
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
            # What was asked for is not broken off in the middle: both debates begin.
            await home.until_async(lambda: count(home), 2)


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


@pytest.mark.parametrize("is_posted", [True, False], ids=["after its card", "before its card"])
async def test_a_debate_begins_though_the_bot_was_killed_before_it_did(
    home: House, redis: Redis, shard: str, is_posted: bool
) -> None:
    """There is one card, and the debate hangs from it."""
    never = asyncio.Event()
    fault = answers_after(never) if is_posted else waits_for(never)
    home.slack.faults.plan("chat.postMessage", fault)
    async with started(home) as process:
        asking = asyncio.create_task(home.ana.runs("/debate", QUESTION, home.general))
        await home.until(lambda: home.slack.trace.calls("chat.postMessage"))
        process.send_signal(signal.SIGKILL)
        await asyncio.gather(asking, process.wait())
    assert len(home.ana.sees(home.general)) == int(is_posted)
    assert await home.debates.recent(9) == []
    await left_over(home, redis, shard)
    async with home.bot():
        in_order(await home.closed())
        assert len(await home.debates.recent(9)) == 1


async def test_a_debate_that_began_is_begun_once_though_the_bot_died_right_after(
    home: House,
) -> None:
    async with home.bot():
        await home.ana.runs("/debate", QUESTION, home.general)
        in_order(await home.closed())
        (listed,) = await home.debates.recent(9)
    state = await home.debates.load(listed.debate)
    place = state.started.home
    assert place is not None
    panel = load_panel("ai-en")
    asker = Asker(Person("slack:T1:U1", "Ana"), replace(place, thread=""), "en")
    command = StartDebate("Should the team meet less?", panel, by=asker.actor)
    begun = Beginning(listed.debate, command, asker, ("slack:command:1",), listed.at_ms)
    await home.debates.places.begin(place.workspace, listed.debate, begun.note(), 0)
    async with home.bot():
        left = partial(home.debates.places.left_over, place.workspace, 0)
        await home.until(lambda: home.slack.trace.calls("conversations.history"))
        await home.until_async(left, {})
        assert len(await home.debates.recent(9)) == 1
        assert len(home.ana.sees(home.general)) == 1


async def test_a_message_is_debated_though_the_bot_was_killed_over_its_material(
    home: House, redis: Redis, shard: str
) -> None:
    never = asyncio.Event()
    said = home.luis.says(home.general, "Should we move the office?")
    home.luis.says(home.general, "Rents are up by a third.", thread=said.ts)
    async with started(home) as process:
        await home.luis.takes_shortcut("debate_this", said)
        home.slack.faults.plan("conversations.replies", waits_for(never))
        await home.luis.submits({"panel": "ai-en", "pace": "live"})
        assert home.luis.modal is None, "they were told that it begins"
        await home.until(lambda: home.slack.trace.calls("conversations.replies"))
        process.send_signal(signal.SIGKILL)
        await process.wait()
    assert await home.debates.recent(9) == []
    await left_over(home, redis, shard)
    async with home.bot():
        await home.until(lambda: any(s.files for s in home.ana.sees_thread(home.general, said.ts)))
        (listed,) = await home.debates.recent(9)
        state = await home.debates.load(listed.debate)
    (material,) = state.material
    assert "luis: Rents are up by a third." in material.text


async def left_over(home: House, redis: Redis, shard: str) -> None:
    """The time is over of whoever is starting a debate."""
    begun, _notes = ShardKeys(shard).begun(f"slack:{home.team.id}")
    (debate,) = await redis.zrange(begun, 0, -1)
    await redis.zadd(begun, {cast(bytes, debate): 0})
