"""The local Discord's webhooks: names, threads, reading back; and whom texts ping."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import pytest

from tests.discordbot.club import Club, by_id, speaking
from tests.fakes.discord.applications import Intent
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.permissions import Permission

NONE = discord.AllowedMentions.none()


@asynccontextmanager
async def hook(place: Club, channel: Channel) -> AsyncIterator[discord.Webhook]:
    """A new webhook of this channel."""
    async with speaking(place.app) as bot:
        made = await bot.http.create_webhook(int(channel.id), name="Panel")
        yield discord.Webhook.from_state(made, bot._connection)


async def test_a_webhook_posts_under_any_name_and_is_read_back(place: Club) -> None:
    async with hook(place, place.general) as webhook:
        posted = await webhook.send(
            "I doubt it.", username="Sceptic", avatar_url="https://a.example/s.png", wait=True
        )
        (seen,) = place.luis.sees(place.general)
        assert (seen.author, seen.text) == ("Sceptic", "I doubt it.")
        assert seen.avatar_url == "https://a.example/s.png"
        assert (await webhook.fetch_message(posted.id)).content == "I doubt it."
        await posted.edit(content="I am sure.")
        (seen,) = place.luis.sees(place.general)
        assert (seen.author, seen.text) == ("Sceptic", "I am sure.")
        await posted.delete()
        with pytest.raises(discord.NotFound) as refused:
            await webhook.fetch_message(posted.id)
    assert refused.value.code == 10008


async def test_a_webhook_posts_into_threads_of_its_own_channel_only(place: Club) -> None:
    thread = place.ana.opens_thread(place.general, "Talk")
    other = place.ana.opens_thread(place.board, "Secret")
    async with hook(place, place.general) as webhook:
        posted = await webhook.send("Here", thread=discord.Object(int(thread.id)), wait=True)
        assert [seen.text for seen in place.ana.sees(thread)] == ["Here"]
        with pytest.raises(discord.NotFound) as elsewhere:
            await webhook.fetch_message(posted.id)
        with pytest.raises(discord.NotFound) as refused:
            await webhook.send("There", thread=discord.Object(int(other.id)))
        place.ana.archives(thread)
        await webhook.send("Awake", thread=discord.Object(int(thread.id)))
        place.ana.archives(thread, locks=True)
        with pytest.raises(discord.HTTPException) as locked:
            await webhook.send("Again", thread=discord.Object(int(thread.id)))
    assert (elsewhere.value.code, refused.value.code, locked.value.code) == (10008, 10003, 50083)


@pytest.mark.parametrize("name", ["Clyde", "my DISCORD", "everyone", "here", "n" * 81])
async def test_some_names_are_not_for_webhooks(place: Club, name: str) -> None:
    async with hook(place, place.general) as webhook:
        with pytest.raises(discord.HTTPException) as refused:
            await webhook.send("Hello", username=name)
    assert refused.value.code == 50035


async def test_webhooks_need_the_right_and_are_fifteen_at_most(place: Club) -> None:
    channel = int(place.general.id)
    async with speaking(place.app) as bot:
        for number in range(15):
            await bot.http.create_webhook(channel, name=f"{number}")
        with pytest.raises(discord.HTTPException) as refused:
            await bot.http.create_webhook(channel, name="One more")
        assert refused.value.code == 30007
        listed = await bot.http.channel_webhooks(channel)
        assert [webhook["name"] for webhook in listed] == [str(n) for n in range(15)]
        deny = Permission.MANAGE_WEBHOOKS
        place.discord.overwrite(place.general, place.app.user, deny=deny)
        with pytest.raises(discord.Forbidden):
            await bot.http.channel_webhooks(channel)


async def test_a_webhook_goes_with_its_channel_and_nobody_else_learns_its_token(
    place: Club,
) -> None:
    other = place.discord.app("Other", place.ana)
    place.discord.install(other, place.guild, Permission.ADMINISTRATOR)
    async with hook(place, place.general) as webhook, speaking(other) as bot:
        (listed,) = await bot.http.channel_webhooks(int(place.general.id))
        assert "token" not in listed
        place.discord.remove_channel(place.general)
        with pytest.raises(discord.NotFound) as refused:
            await webhook.send("Anybody?")
    assert refused.value.code == 10015


async def test_a_webhooks_post_into_a_forum_needs_a_name_for_the_thread(place: Club) -> None:
    async with hook(place, place.forum) as webhook:
        with pytest.raises(discord.HTTPException) as refused:
            await webhook.send("An idea")
        posted = await webhook.send("An idea", thread_name="Idea", wait=True)
    assert refused.value.code == 220001
    thread = place.discord.world.channels[str(posted.id)]
    assert [seen.text for seen in place.ana.sees(thread)] == ["An idea"]


async def test_allowed_mentions_decide_who_is_pinged(place: Club) -> None:
    role = place.discord.role(place.guild, "Sceptic", place.luis, is_mentionable=True)
    ana, luis = place.ana.user.id, place.luis.user.id
    text = f"@everyone <@{ana}> <@!{luis}> <@&{role.id}> `<@{ana}>`"
    async with speaking(place.app) as bot:
        general = by_id(bot, place.general)
        await general.send(text, allowed_mentions=NONE)
        assert (place.ana.pings, place.luis.pings) == ([], [])
        only = discord.AllowedMentions(
            everyone=False, users=False, roles=[discord.Object(int(role.id))]
        )
        posted = await general.send(text, allowed_mentions=only)
        assert [ping.by for ping in place.luis.pings] == ["role"]
        assert (place.ana.pings, posted.mentions) == ([], [])
        await general.send(text)
        assert [ping.by for ping in place.ana.pings] == ["user"]
        assert not posted.mention_everyone
        await posted.edit(content=f"<@{ana}>")
    assert len(place.ana.pings) == 1


async def test_a_webhook_pings_users_only_when_it_does_not_say(place: Club) -> None:
    place.discord.role(place.guild, "Sceptic", place.luis, is_mentionable=True)
    role = next(r for r in place.guild.roles.values() if r.name == "Sceptic")
    async with hook(place, place.general) as webhook:
        await webhook.send(f"@everyone <@&{role.id}> <@{place.ana.user.id}>")
        assert (len(place.ana.pings), place.luis.pings) == (1, [])
        everybody = discord.AllowedMentions(everyone=True, roles=True)
        await webhook.send(f"@everyone <@&{role.id}>", allowed_mentions=everybody)
    assert [ping.by for ping in place.luis.pings] == ["role"]
    assert [ping.by for ping in place.ana.pings] == ["user", "everyone"]


async def test_a_mention_cannot_be_both_allowed_as_a_kind_and_listed(place: Club) -> None:
    async with speaking(place.app) as bot:
        given = {"parse": ["users"], "users": [place.ana.user.id]}
        params = discord.http.MultipartParameters(
            {"content": "x", "allowed_mentions": given}, None, None
        )
        with pytest.raises(discord.HTTPException) as refused:
            await bot.http.send_message(int(place.general.id), params=params)
    assert refused.value.code == 50035


async def test_a_role_that_is_not_mentionable_pings_nobody(place: Club) -> None:
    place.discord.role(place.guild, "Staff", place.luis)
    place.ana.says(place.general, "@Staff, come")
    assert [ping.by for ping in place.luis.pings] == ["role"]
    place.luis.says(place.general, "@Staff, and @everyone, come")
    assert place.ana.pings == []


async def test_a_reply_pings_unless_it_is_not_to(place: Club) -> None:
    said = place.ana.says(place.general, "What?")
    place.luis.says(place.general, "That.", reply_to=said)
    place.luis.says(place.general, "This.", reply_to=said, pings_author=False)
    assert [ping.by for ping in place.ana.pings] == ["reply"]


async def test_without_the_content_intent_only_what_concerns_the_bot_is_read(place: Club) -> None:
    place.app.allowed = Intent.MEMBERS
    place.ana.says(place.general, "Among us")
    place.ana.says(place.general, "@Panel, come")
    async with speaking(place.app) as bot:
        general = by_id(bot, place.general)
        await general.send("Here I am")
        made = await bot.http.create_webhook(int(place.general.id), name="Panel")
        await discord.Webhook.from_state(made, bot._connection).send("By my webhook")
        read = [m.content async for m in general.history(oldest_first=True)]
    assert read == ["", f"<@{place.app.id}>, come", "Here I am", ""]
