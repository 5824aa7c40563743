"""The app's token goes to Slack and nowhere else, wherever somebody's file lies."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bots.chat.metrics import Metrics
from bots.chat.surface import Refused
from bots.slackbot.access import OneToken
from bots.slackbot.web import Web
from bots.slackbot.wires import Wires
from engine.adapters.system_clock import SystemClock
from engine.bootstrap import open_limits
from engine.settings import read_settings
from tests.redis_server import RedisServer
from tests.slackbot.rig import House, house
from tests.slackbot.serving import served


@pytest.fixture
async def home(server: RedisServer, shard: str, redis: object) -> AsyncIterator[House]:
    async with house(server, shard, speaks=False) as opened:
        yield opened


async def test_a_file_that_lies_elsewhere_is_not_asked_for_with_our_token(home: House) -> None:
    asked: list[web.Request] = []

    async def elsewhere(request: web.Request) -> web.StreamResponse:
        asked.append(request)
        return web.Response(text="Notes.")

    limits = open_limits(home.settings)
    slack = home.settings.slack
    async with (
        served(elsewhere) as url,
        limits as opened,
        Wires.open(slack, opened, SystemClock(), Metrics("slack")) as wires,
    ):
        files = Web(wires, OneToken(home.installed.bot_token))
        for there in (f"{url}/notes.md", f"{url}/files.slack.com/notes.md"):
            with pytest.raises(Refused):
                await files.download(there, 100)
    assert asked == []


@pytest.mark.parametrize(
    ("url", "is_slacks"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.md", True),
        ("https://acme.enterprise.slack.com/files-pri/T1-F1/a.md", True),
        ("https://files.slack-gov.com/a.md", True),
        ("http://files.slack.com/a.md", False),
        ("https://evilslack.com/a.md", False),
        ("https://files.slack.com.evil.example/a.md", False),
        ("https://files.slack.com@evil.example/a.md", False),
        ("https://evil.example@files.slack.com/a.md", False),
        ("https://docs.google.com/document/d/1", False),
        ("//files.slack.com/a.md", False),
        ("file:///etc/passwd", False),
        ("https://[::1", False),
        ("", False),
    ],
)
async def test_only_slacks_own_addresses_are_slacks(url: str, is_slacks: bool) -> None:
    wires = Wires(None, read_settings().slack.api_url, _Waits(), Metrics("slack"), 1.0)  # type: ignore[arg-type] # only its address
    assert wires.leads_to_slack(url) is is_slacks


class _Waits:
    clock = SystemClock()
