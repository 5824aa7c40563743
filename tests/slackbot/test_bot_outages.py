"""What is said while the store or Slack is away, for longer than Slack sends it again."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.fakes.slack.timing import Timing as SlackTiming
from tests.redis_server import RedisServer, redis_server
from tests.slackbot.rig import House, house
from tests.slackbot.test_bot_faults import begins, heard


@pytest.fixture
async def own() -> AsyncIterator[tuple[RedisServer, House]]:
    """With a server of its own, in a Slack that sends no event again."""
    with redis_server() as server:
        async with house(server, "outage", waits=SlackTiming(retries_s=())) as opened:
            yield server, opened


async def test_what_is_said_while_the_store_is_away_is_read_back(
    own: tuple[RedisServer, House],
) -> None:
    server, home = own
    async with home.bot():
        root = await begins(home, 1)
        home.luis.says(home.general, "Before.", thread=root)
        await home.until_async(lambda: heard(home), ["Before."])
        server.kill()
        home.luis.says(home.general, "Meanwhile.", thread=root)
        await home.slack.deliveries.settle()
        server.start()
        await home.until_async(lambda: heard(home), ["Before.", "Meanwhile."])
        home.speaker.go_on()
        await home.closed()
