"""Slack's limits: waits hold for all processes, for one method of one workspace, and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from bots.chat.metrics import Metrics
from bots.chat.surface import RetryAfter
from bots.slackbot.access import OneToken
from bots.slackbot.pace import TIER_3
from bots.slackbot.web import Web
from bots.slackbot.wires import Wires
from engine.bootstrap import open_limits, system_clock
from engine.settings import Settings, read_settings
from tests.fakes.slack.faults import rate_limits
from tests.redis_server import RedisServer, redis_server
from tests.slackbot.office import Office
from tests.slackbot.rig import house
from tests.slackbot.test_bot_going_wrong import in_order, silent
from tests.slackbot.test_bot_journeys import QUESTION

MINUTE_S = 900.0
"""A slow Slack's: a channel takes four posts in it, and four more in the next."""

Process = Callable[..., AbstractAsyncContextManager[Web]]


@pytest.fixture
def settings(server: RedisServer, shard: str, redis: object, place: Office) -> Settings:
    slack = {"api_url": place.slack.api_url}
    return read_settings(redis={"url": server.url, "shard": shard}, slack=slack)


@pytest.fixture
def process(settings: Settings, place: Office) -> Process:
    """Opens a process's Web API for the office's token, or another."""

    @asynccontextmanager
    async def opened(token: str = place.installed.bot_token) -> AsyncIterator[Web]:
        async with (
            open_limits(settings) as limits,
            Wires.open(settings.slack, limits, system_clock(), Metrics("slack"), MINUTE_S) as wires,
        ):
            yield Web(wires, OneToken(token))

    return opened


async def told(web: Web, method: str = "auth.test") -> float | None:
    """How long the call has to wait; `None`: it was made."""
    try:
        await web.call(method)
    except RetryAfter as error:
        return error.seconds
    return None


async def test_a_process_asks_nothing_while_another_was_told_to_wait(
    process: Process, place: Office
) -> None:
    place.slack.faults.plan("auth.test", rate_limits(30))
    async with process() as one, process() as other:
        assert await told(one) == 30
        for web in (other, one, other):
            wait_s = await told(web)
            assert wait_s is not None
            assert 25 < wait_s <= 30
        assert len(place.slack.trace.calls("auth.test")) == 1
        assert await told(other, "team.info") is None, "another method does not wait"


async def test_another_workspace_does_not_wait(process: Process, place: Office) -> None:
    other = place.second_app()
    place.slack.faults.plan("auth.test", rate_limits(30))
    async with process() as one, process(other.bot_token) as web:
        assert await told(one) == 30
        assert await told(web) is None


async def test_a_wait_is_over_when_slack_said(process: Process, place: Office) -> None:
    place.slack.faults.plan("auth.test", rate_limits(1))
    async with process() as one, process() as other:
        assert await told(one) == 1
        async with asyncio.timeout(30):
            while wait_s := await told(other):  # noqa: ASYNC110 - as told
                await asyncio.sleep(wait_s)


async def test_processes_share_a_channels_rate_and_keep_their_places(
    process: Process, place: Office
) -> None:
    channel = place.general.id
    async with process() as one, process() as other:
        for web, thread in ((one, "1"), (other, "2"), (one, "3"), (other, "4")):
            await web.post(channel, thread, text="Hello.")
        waits = []
        for web, thread in ((one, "5"), *((other, f"other {n}") for n in range(4)), (other, "5")):
            with pytest.raises(RetryAfter) as told:
                await web.post(channel, thread, text="Hello.")
            waits.append(told.value.seconds or 0)
    assert waits == [pytest.approx(at, abs=10) for at in (60, 60, 60, 60, 120, 60)]
    assert len(place.slack.trace.calls("chat.postMessage")) == 4


async def test_cards_wait_where_slack_takes_no_more_edits_and_turns_do_not(
    process: Process, place: Office
) -> None:
    posted = await place.client.chat_postMessage(channel=place.general.id, text="0")
    card = {"channel": place.general.id, "ts": str(posted["ts"])}
    async with process() as one, process() as other:
        for n in range(TIER_3 // 5):
            await (one, other)[n % 2].call("chat.update", **card, text=str(n))
        with pytest.raises(RetryAfter) as told:
            await one.call("chat.update", **card, text="too much")
        assert told.value.seconds == pytest.approx(MINUTE_S / 5, abs=10)
        await one.post(place.general.id, "1", text="Hello.")
    assert len(place.slack.trace.calls("chat.update")) == TIER_3 // 5


async def test_what_one_process_claims_no_other_gets_until_its_time_is_over(
    process: Process,
) -> None:
    """As a close's files: two may see the close, and both find nothing there yet."""
    async with process() as one, process() as other:
        await one.claim("files/1", 2.0, is_strict=True)
        await other.claim("files/2", 2.0, is_strict=True)
        with pytest.raises(RetryAfter) as told:
            await other.claim("files/1", 2.0, is_strict=True)
        assert told.value.seconds
        await asyncio.sleep(told.value.seconds)
        await other.claim("files/1", 2.0, is_strict=True)


async def test_without_redis_posts_wait_and_other_calls_are_made(place: Office, shard: str) -> None:
    with redis_server() as own:
        slack = {"api_url": place.slack.api_url}
        settings = read_settings(redis={"url": own.url, "shard": shard}, slack=slack)
        async with (
            open_limits(settings) as limits,
            Wires.open(settings.slack, limits, system_clock(), Metrics("slack"), MINUTE_S) as wires,
        ):
            web = Web(wires, OneToken(place.installed.bot_token))
            with silent(own):
                assert await told(web) is None
                with pytest.raises(RetryAfter):
                    await web.post(place.general.id, "1", text="Hello.")
    assert place.slack.trace.calls("chat.postMessage") == []


async def test_two_processes_in_a_debate_wait_together_and_lose_nothing(
    server: RedisServer, shard: str, redis: object
) -> None:
    async with house(server, shard) as home, home.bot(), home.bot():
        in_thread = home.slack.faults
        in_thread.plan("chat.postMessage", rate_limits(1), where=lambda a: a.get("thread_ts"))
        await home.ana.runs("/debate", QUESTION, home.general)
        in_order(await home.closed())
        assert home.slack.faults.pending == 0


async def test_whoever_is_to_be_told_something_is_told_it_without_redis_too(
    process: Process, server: RedisServer
) -> None:
    async with process() as web:
        await web.claim("told/1", 60.0, is_strict=False)
        with pytest.raises(RetryAfter):
            await web.claim("told/1", 60.0, is_strict=False)
        with silent(server):
            await web.claim("told/2", 60.0, is_strict=False)
            with pytest.raises(RetryAfter):
                await web.claim("card/2", 60.0, is_strict=True)
