"""Thumbs: which cost a call, and that none is lost when the call fails."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.slack.faults import fails, rate_limits
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_faults import SOON, begins


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard, waits=SOON) as opened:
        yield opened


async def votes(home: House) -> list[int]:
    (listed,) = await home.debates.recent(9)
    state = await home.debates.load(listed.debate)
    return [vote for turn in state.votes.values() for vote in turn.values()]


async def test_a_thumb_on_what_a_person_said_asks_slack_nothing(home: House) -> None:
    async with home.bot():
        said = home.ana.says(home.general, "Good morning!")
        home.luis.reacts(said, "+1")
        await home.slack.deliveries.settle()
        assert home.slack.trace.calls("conversations.replies") == []


async def test_a_vote_counts_though_slack_does_not_tell_on_what_at_once(home: House) -> None:
    async with home.bot():
        await begins(home, 1)
        (turn,) = [seen for seen in home.thread() if seen.is_app]
        at = turn.ts
        home.slack.faults.plan(
            *("conversations.replies", fails(), rate_limits(1)),
            where=lambda args: args.get("latest") == at,
        )
        home.luis.reacts(turn.message, "+1")
        await home.until_async(lambda: votes(home), [1])
        home.speaker.go_on()
        await home.closed()
