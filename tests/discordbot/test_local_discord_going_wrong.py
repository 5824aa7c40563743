"""The local Discord's rate limits and faults, and what discord.py makes of them."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from tests.discordbot.club import Club, by_id, speaking
from tests.fakes.discord import faults
from tests.fakes.discord.limits import Rate

POST = "POST /channels/{channel}/messages"
HOOK = "POST /webhooks/{webhook}/{token}"


def says(place: Club) -> list[str]:
    return [seen.text for seen in place.ana.sees(place.general)]


def about(content: str) -> faults.Where:
    """Whether a request posts this."""
    return lambda args: args["content"] == content


async def hooks(place: Club, bot: discord.Client, count: int) -> list[discord.Webhook]:
    """So many webhooks of #general."""
    channel = int(place.general.id)
    made = [await bot.http.create_webhook(channel, name=f"Panel {n}") for n in range(count)]
    return [discord.Webhook.from_state(each, bot._connection) for each in made]


async def test_a_client_that_heeds_the_headers_is_never_refused(place: Club) -> None:
    place.discord.limits.is_on = True
    place.discord.limits.rates[POST] = Rate(2, 0.2)
    async with speaking(place.app) as bot:
        for number in range(5):
            await by_id(bot, place.general).send(f"{number}")
    assert says(place) == ["0", "1", "2", "3", "4"]
    assert place.discord.limits.refused == []


async def test_too_many_at_once_are_refused_and_told_when_to_come_again(place: Club) -> None:
    place.discord.limits.is_on = True
    place.discord.limits.rates[POST] = Rate(2, 30.0)
    url = f"{place.discord.api_url}/channels/{place.general.id}/messages"
    auth = {"Authorization": f"Bot {place.app.token}"}
    async with aiohttp.ClientSession(headers=auth) as session:
        for remaining in ("1", "0"):
            async with session.post(url, json={"content": "x"}) as answer:
                assert answer.headers["X-RateLimit-Remaining"] == remaining
        async with session.post(url, json={"content": "x"}) as answer:
            told = await answer.json()
            assert (answer.status, answer.headers["X-RateLimit-Scope"]) == (429, "user")
            assert answer.headers["Via"]
            assert 29 < told["retry_after"] <= 30
            assert told["global"] is False
    assert (len(says(place)), place.discord.limits.invalid) == (2, 1)
    place.discord.clock.advance(30)
    async with speaking(place.app) as bot:
        await by_id(bot, place.general).send("y")


async def test_all_webhooks_of_a_channel_share_a_bucket_of_which_no_header_tells(
    place: Club,
) -> None:
    place.discord.limits.is_on = True
    place.discord.limits.webhooks_of_a_channel = Rate(2, 0.3)
    async with speaking(place.app) as bot:
        first, second = await hooks(place, bot, 2)
        for number in range(2):
            await first.send(f"{number}")
            await second.send(f"{number}")
    assert says(place) == ["0", "0", "1", "1"]
    assert {refused.scope for refused in place.discord.limits.refused} == {"shared"}
    assert place.discord.limits.invalid == 0


async def test_a_global_limit_stops_every_route(place: Club) -> None:
    async with speaking(place.app) as bot:
        place.discord.limits.is_on = True
        place.discord.limits.everything = Rate(2, 0.2)
        for _ in range(2):
            await bot.fetch_user(int(place.ana.user.id))
        await by_id(bot, place.general).send("Hello")
    assert {refused.scope for refused in place.discord.limits.refused} == {"global"}
    assert says(place) == ["Hello"]


async def test_a_post_that_fails_after_it_took_effect_comes_twice_unless_it_has_a_nonce(
    place: Club,
) -> None:
    place.discord.faults.plan(POST, faults.fails_after(502), where=about("By the bot"))
    place.discord.faults.plan(HOOK, faults.fails_after(502), where=about("By a webhook"))
    async with speaking(place.app) as bot:
        (webhook,) = await hooks(place, bot, 1)
        await asyncio.gather(
            by_id(bot, place.general).send("By the bot", nonce="1"),
            webhook.send("By a webhook"),
        )
    assert sorted(says(place)) == ["By a webhook", "By a webhook", "By the bot"]
    assert place.discord.faults.pending == 0


async def test_a_lost_answer_leaves_the_post_there(place: Club) -> None:
    place.discord.faults.plan(POST, faults.loses_answer(), faults.breaks_off())
    async with speaking(place.app) as bot:
        for number in range(2):
            with pytest.raises(aiohttp.ClientError):
                await by_id(bot, place.general).send(f"{number}")
    assert says(place) == ["0"]


async def test_a_webhooks_lost_answer_can_be_looked_up(place: Club) -> None:
    async with speaking(place.app) as bot:
        (webhook,) = await hooks(place, bot, 1)
        place.discord.faults.plan(HOOK, faults.loses_answer())
        with pytest.raises(aiohttp.ClientError):
            await webhook.send("Anybody?", wait=True)
        (read,) = [message async for message in by_id(bot, place.general).history()]
    assert (read.webhook_id, read.content) == (webhook.id, "Anybody?")


async def test_a_request_can_wait_or_land_when_its_sender_has_given_up(place: Club) -> None:
    when = asyncio.Event()
    place.discord.faults.plan(
        POST,
        faults.waits_for(when),
        faults.answers_after(when),
        place.discord.faults.lands_later(when),
    )
    async with speaking(place.app) as bot:
        general = by_id(bot, place.general)
        sending = asyncio.create_task(general.send("0"))
        await place.discord.until(lambda: place.discord.faults.pending == 2)
        assert says(place) == []
        when.set()
        await sending
        await general.send("1")
        when.clear()
        with pytest.raises(aiohttp.ClientError):
            await general.send("2")
        assert says(place) == ["0", "1"]
        when.set()
        await place.discord.until(lambda: says(place) == ["0", "1", "2"])


async def test_a_planned_refusal_meets_only_whom_it_is_meant_for(place: Club) -> None:
    plan = place.discord.faults.plan
    plan(POST, faults.refuses(50013), where=about("1"))
    plan(POST, faults.rate_limits(0.05), where=about("1"))
    async with speaking(place.app) as bot:
        general = by_id(bot, place.general)
        await general.send("0")
        with pytest.raises(discord.Forbidden):
            await general.send("1")
        await general.send("1")
    assert says(place) == ["0", "1"]
    assert len(place.discord.trace.calls(POST)) == 4
