"""The bot as a process: what it says of itself, how it ends, and several of them at once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator, Mapping
from itertools import pairwise
from typing import Any

import aiohttp
import pytest

from bots.slackbot.bot import open_bot
from bots.slackbot.card import CARD
from bots.slackbot.setup import NotSetUp, checked
from engine.bootstrap import open_health
from engine.settings import read_settings
from tests.fakes.slack.faults import waits_for
from tests.fakes.slack.screen import Seen
from tests.redis_server import RedisServer
from tests.slackbot.rig import HASTY, LONG_S, House, house
from tests.slackbot.test_bot_journeys import QUESTION


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard) as opened:
        yield opened


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "slack.bot_token (TERTULIA_SLACK__BOT_TOKEN) is not set"),
        ({"bot_token": "xoxb-1"}, "slack.app_token (TERTULIA_SLACK__APP_TOKEN) is not set"),
        ({"bot_token": "xapp-1"}, "begins with xoxb-; another token was given"),
        ({"bot_token": "xoxb-1", "mode": "http"}, "slack.signing_secret"),
    ],
)
def test_what_is_missing_is_named(given: dict[str, str], says: str) -> None:
    with pytest.raises(NotSetUp) as told:
        checked(read_settings(slack=given).slack)
    assert says in str(told.value)


async def test_a_token_that_slack_does_not_take_ends_the_process_with_one_line(
    home: House,
) -> None:
    given = {
        "REDIS__URL": home.settings.redis.url,
        "SLACK__BOT_TOKEN": "xoxb-1",
        "SLACK__APP_TOKEN": "xapp-1",
        "SLACK__API_URL": home.slack.api_url,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bots.slackbot"),
        env={**os.environ, **{f"TERTULIA_{name}": value for name, value in given.items()}},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(LONG_S):
            _, said = await process.communicate()
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    assert process.returncode == 2
    assert said.decode() == "tertulia: Slack does not accept the app's token; check it.\n"


async def test_it_tells_whether_slack_reaches_it_and_what_it_counted(home: House) -> None:
    async with open_bot(home.settings, HASTY) as bot:
        where = ("127.0.0.1", 0, bot.registry, bot.ailing)
        async with open_health(*where) as url, aiohttp.ClientSession() as http:
            assert (await http.get(f"{url}/healthz")).status == 503
            running = asyncio.create_task(bot.run())
            await home.until(lambda: bot.ailing() is None)
            assert (await http.get(f"{url}/healthz")).status == 200
            counted = await (await http.get(f"{url}/metrics")).text()
            bot.stop()
            await running
    assert 'tertulia_slack_calls_total{method="auth.test",outcome="ok"} 1.0' in counted


async def test_two_processes_that_find_no_card_post_one(home: House) -> None:
    may_stand = asyncio.Event()
    home.slack.faults.plan("chat.postMessage", *[waits_for(may_stand)] * 2, where=is_card)
    async with home.bot(), home.bot():
        said = home.luis.says(home.general, f"@tertulia debate {QUESTION}")
        await home.until(lambda: any(s.files for s in home.luis.sees_thread(home.general, said.ts)))
        may_stand.set()
        await home.until(lambda: [s for s in seen_in(home, said.ts) if s.buttons])
        await home.slack.deliveries.settle()
    assert len([seen for seen in seen_in(home, said.ts) if seen.buttons]) == 1


def is_card(arguments: Mapping[str, Any]) -> bool:
    """Whether a post is a debate's card."""
    return CARD in str(arguments.get("metadata"))


def seen_in(home: House, thread: str) -> list[Seen]:
    return home.luis.sees_thread(home.general, thread)


async def test_two_processes_at_once_start_one_debate_and_show_it_once(home: House) -> None:
    async with home.bot(), home.bot():
        home.slack.deliveries.double(2)
        said = home.luis.says(home.general, f"@tertulia debate {QUESTION}")
        await home.until(lambda: any(s.files for s in home.luis.sees_thread(home.general, said.ts)))
        await home.slack.deliveries.settle()
        thread = home.luis.sees_thread(home.general, said.ts)
    assert len(await home.debates.recent(9)) == 1
    posts = [seen for seen in thread if seen.is_app and not seen.buttons and not seen.files]
    assert len(posts) == 9
    for spoken, following in pairwise(posts[:8]):
        assert f"→ {following.author}: " in spoken.text
    assert len([seen for seen in thread if seen.buttons]) == 1
