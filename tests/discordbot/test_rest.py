"""Discord's REST: every call is made once, and every way to fail is one of three."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiohttp import web

from bots.chat.desk import File
from bots.chat.metrics import Metrics
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.discordbot.ours import open_voices, us_of
from bots.discordbot.refusals import DiscordRefused
from bots.discordbot.rest import LOCKED_OUT_S, Rest
from engine.adapters.system_clock import SystemClock
from engine.settings import read_settings
from tests.discordbot.club import Club
from tests.fakes.discord.faults import (
    answers_after,
    breaks_off,
    fails,
    loses_answer,
    rate_limits,
)

POST = "POST /channels/{channel}/messages"
SAID = {"content": "Hello"}


@asynccontextmanager
async def rest_at(url: str, token: str, **discord: object) -> AsyncIterator[Rest]:
    settings = read_settings(discord={"api_url": url} | discord).discord
    async with Rest.open(token, settings, SystemClock(), Metrics("discord")) as rest:
        yield rest


@pytest.fixture
async def rest(place: Club) -> AsyncIterator[Rest]:
    """With the token of the club's bot."""
    async with rest_at(place.discord.api_url, place.app.token) as opened:
        yield opened


@pytest.mark.parametrize(
    "fault",
    [fails, lambda: fails(503), loses_answer, breaks_off],
    ids=["500", "503", "lost", "off"],
)
async def test_what_may_have_happened_is_unknown_and_not_sent_again(
    place: Club, rest: Rest, fault: type
) -> None:
    place.discord.faults.plan(POST, fault())
    with pytest.raises(Unknown):
        await rest.call(POST, SAID, channel=place.general.id)
    assert len(place.discord.trace.calls(POST)) == 1


async def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(place: Club) -> None:
    never = asyncio.Event()
    place.discord.faults.plan(POST, answers_after(never))
    async with rest_at(place.discord.api_url, place.app.token, timeout_s=0.2) as rest:
        with pytest.raises(Unknown):
            await rest.call(POST, SAID, channel=place.general.id)
    never.set()


async def test_where_nobody_listens_nothing_was_sent(place: Club) -> None:
    async with rest_at("http://127.0.0.1:9/api/v10", place.app.token) as rest:
        with pytest.raises(RetryAfter):
            await rest.call(POST, SAID, channel=place.general.id)


async def test_a_token_that_is_not_taken_is_not_tried_again(place: Club) -> None:
    async with rest_at(place.discord.api_url, "wrong") as rest:
        for _try in range(3):
            with pytest.raises(DiscordRefused, match="does not accept the bot's token"):
                await us_of(rest)
    assert len(place.discord.trace.calls("GET /oauth2/applications/@me")) == 1


class Later(SystemClock):
    """A clock that a test moves on."""

    by_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.by_s


async def test_a_token_that_is_taken_again_is_used_again_after_minutes(place: Club) -> None:
    settings = read_settings(discord={"api_url": place.discord.api_url}).discord
    clock, asking = Later(), "GET /users/@me"
    async with Rest.open(place.app.token, settings, clock, Metrics("discord")) as rest:
        place.discord.faults.plan(asking, fails(401))
        told = []
        for _try in range(2):
            with pytest.raises(DiscordRefused) as refused:
                await rest.call(asking)
            told.append(refused.value)
            assert rest.is_locked_out
        assert told[0] is not told[1], "what is raised again and again grows"
        clock.by_s = LOCKED_OUT_S
        await rest.call(asking)
        assert not rest.is_locked_out
    assert len(place.discord.trace.calls(asking)) == 2


async def test_what_a_proxy_refuses_closes_everything(place: Club) -> None:
    async def banned(_request: web.Request) -> web.Response:
        return web.Response(status=429, text="error code: 1015", headers={"Retry-After": "50"})

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", banned)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with rest_at(url, place.app.token) as rest:
            for channel in ("1", "2"):
                with pytest.raises(RetryAfter) as told:
                    await rest.call(POST, SAID, channel=channel)
                assert told.value.seconds is not None
                assert 40 < told.value.seconds <= 50
    finally:
        await runner.cleanup()


async def test_a_refusal_says_its_code_and_no_secret(place: Club, rest: Rest) -> None:
    route = "POST /webhooks/{webhook}/{token}"
    with pytest.raises(DiscordRefused) as refused:
        await rest.call(route, SAID, webhook="1", token="secret-token")
    assert refused.value.code == 10015
    assert "secret-token" not in str(refused.value)


async def test_limits_are_kept_for_each_token_apart(place: Club, rest: Rest) -> None:
    place.discord.faults.plan(POST, rate_limits(20, "global"))
    with pytest.raises(RetryAfter):
        await rest.call(POST, SAID, channel=place.general.id)
    async with rest_at(place.discord.api_url, place.app.token) as another:
        await another.call(POST, SAID, channel=place.general.id)


async def test_files_come_with_the_message_and_are_read_up_to_a_size(
    place: Club, rest: Rest
) -> None:
    file = File("notas «é».md", b"# Notes")
    told = await rest.call(POST, SAID, files=[file], channel=place.general.id)
    (attached,) = told["attachments"]
    assert attached["filename"] == file.name
    assert await rest.download(attached["url"], 100) == b"# Notes"
    assert await rest.download(attached["url"], 3) == b"# No"
    with pytest.raises(Refused):
        await rest.download(f"{place.discord.url}/attachments/1/2/gone", 10)


async def test_a_personas_token_that_is_not_taken_is_named(place: Club) -> None:
    given = {"identity": "bots", "persona_tokens": {"skeptic": "wrong"}}
    settings = read_settings(discord={"api_url": place.discord.api_url} | given).discord
    async with AsyncExitStack() as stack:
        with pytest.raises(Refused, match="token of skeptic"):
            await open_voices(stack, settings, SystemClock(), Metrics("discord"))
