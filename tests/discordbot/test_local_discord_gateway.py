"""The local Discord's gateway: who hears what, resuming, being asked to reconnect, sharding."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from tests.discordbot.club import READY_S, Club, Hasty, client, connected, hears
from tests.fakes.discord.applications import Intent
from tests.fakes.discord.clock import moment
from tests.fakes.discord.gateway import HEARTBEAT, HEARTBEAT_ACK, IDENTIFY
from tests.fakes.discord.permissions import Permission


def words(heard: list[discord.Message]) -> list[str]:
    return [message.content for message in heard]


async def test_a_bot_knows_the_guild_and_hears_what_is_said(place: Club) -> None:
    bot = client()
    heard = hears(place, bot, "message")
    async with connected(place, bot):
        guild = bot.get_guild(int(place.guild.id))
        assert guild is not None
        assert {channel.name for channel in guild.channels} == {"general", "board", "ideas"}
        assert {member.name for member in guild.members} == {"ana", "luis", "Panel"}
        said = place.ana.says(place.general, "Hello @Panel")
        await place.discord.until(lambda: heard)
    (message,) = heard
    assert (message.content, message.author.name) == (f"Hello <@{place.app.id}>", "ana")
    assert message.mentions == [bot.user]
    assert message.created_at.isoformat(timespec="microseconds") == moment(said.id)


async def test_a_bot_hears_nothing_of_channels_it_does_not_see(place: Club) -> None:
    place.discord.overwrite(place.board, place.app.user, deny=Permission.VIEW_CHANNEL)
    bot = client()
    heard = hears(place, bot, "message")
    async with connected(place, bot):
        place.ana.says(place.board, "Between us")
        place.ana.says(place.general, "To all")
        await place.discord.until(lambda: heard)
    assert words(heard) == ["To all"]


async def test_edits_deletions_reactions_and_threads_are_told(place: Club) -> None:
    bot = client()
    edits = hears(place, bot, "raw_message_edit")
    deletions = hears(place, bot, "raw_message_delete")
    reactions = hears(place, bot, "raw_reaction_add")
    threads = hears(place, bot, "thread_create")
    heard = hears(place, bot, "message")
    async with connected(place, bot):
        said = place.ana.says(place.general, "Hello")
        place.ana.edits(said, "Hello all")
        place.luis.reacts(said, "❓")
        thread = place.luis.opens_thread(place.general, "Aside", on=said)
        place.luis.says(thread, "In here")
        place.ana.deletes(said)
        await place.discord.until(lambda: deletions)
    assert edits[0].message.content == "Hello all"
    assert str(reactions[0].emoji) == "❓"
    assert (threads[0].id, threads[0].name) == (int(said.id), "Aside")
    assert isinstance(heard[1].channel, discord.Thread)


async def test_intents_decide_what_is_heard(place: Club) -> None:
    intents = discord.Intents(guilds=True, guild_messages=True)
    bot = client(intents)
    heard = hears(place, bot, "message")
    reactions = hears(place, bot, "raw_reaction_add")
    async with connected(place, bot):
        said = place.ana.says(place.general, "Among us")
        place.luis.reacts(said, "👍")
        place.ana.says(place.ana.direct(place.app), "Alone")
        place.ana.says(place.general, "Dear @Panel")
        await place.discord.until(lambda: len(heard) == 2)
    assert words(heard) == ["", f"Dear <@{place.app.id}>"]
    assert reactions == []


async def test_an_intent_that_is_switched_off_closes_the_connection(place: Club) -> None:
    place.app.allowed = Intent.MEMBERS
    bot = client()
    async with bot:
        await bot.login(place.app.token)
        with pytest.raises(discord.PrivilegedIntentsRequired):
            await bot.connect()


async def test_what_was_missed_while_the_line_was_cut_comes_with_the_resume(place: Club) -> None:
    bot = client()
    heard, resumed = hears(place, bot, "message"), hears(place, bot, "resumed")
    async with connected(place, bot):
        place.ana.says(place.general, "one")
        await place.discord.until(lambda: heard)
        place.discord.gateway.cut(place.app)
        place.ana.says(place.general, "two")
        place.ana.says(place.general, "three")
        await place.discord.until(lambda: resumed)
        place.ana.says(place.general, "four")
        await place.discord.until(lambda: len(heard) == 4)
    assert words(heard) == ["one", "two", "three", "four"]
    assert place.discord.gateway.identifies[place.app.id] == 1


async def test_a_forgotten_session_begins_anew_and_what_was_missed_is_lost(place: Club) -> None:
    bot = client()
    heard, ready = hears(place, bot, "message"), hears(place, bot, "ready")
    async with connected(place, bot):
        place.discord.gateway.cut(place.app)
        place.ana.says(place.general, "missed")
        place.discord.gateway.forget(place.app)
        await place.discord.until(lambda: len(ready) == 2)
        place.ana.says(place.general, "heard")
        await place.discord.until(lambda: heard)
    assert words(heard) == ["heard"]
    assert place.discord.gateway.identifies[place.app.id] == 2


async def test_an_outage_ends_with_a_resume(place: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discord.backoff.ExponentialBackoff, "delay", lambda self: READY_S)
    bot = client()
    heard = hears(place, bot, "message")
    async with connected(place, bot):
        place.discord.gateway.goes_down()
        place.ana.says(place.general, "Anybody?")
        await place.discord.until(lambda: place.discord.gateway.turned_away >= 2)
        place.discord.gateway.comes_back()
        await place.discord.until(lambda: heard)
    assert words(heard) == ["Anybody?"]


@pytest.mark.parametrize("how", ["asked", "invalid but resumable", "closed"])
async def test_a_bot_told_to_reconnect_misses_nothing(place: Club, how: str) -> None:
    bot, gateway = client(), place.discord.gateway
    heard, resumed = hears(place, bot, "message"), hears(place, bot, "resumed")
    async with connected(place, bot):
        if how == "asked":
            gateway.ask_to_reconnect(place.app)
        elif how == "closed":
            gateway.close(place.app, 4000)
        else:
            gateway.invalidate(place.app, resumable=True)
        place.ana.says(place.general, "Hello")
        await place.discord.until(lambda: heard and resumed)
    assert words(heard) == ["Hello"]


async def test_an_invalid_session_is_identified_anew(place: Club) -> None:
    bot = client()
    ready = hears(place, bot, "ready")
    async with connected(place, bot):
        place.discord.gateway.invalidate(place.app)
        await place.discord.until(lambda: len(ready) == 2)
    assert place.discord.gateway.identifies[place.app.id] == 2


async def test_events_can_come_twice_or_in_another_order(place: Club) -> None:
    bot = client()
    heard = hears(place, bot, "message")
    async with connected(place, bot):
        place.discord.announcer.double(1)
        place.ana.says(place.general, "one")
        place.discord.announcer.turn_round(2)
        place.ana.says(place.general, "two")
        place.ana.says(place.general, "three")
        await place.discord.until(lambda: len(heard) == 4)
    assert words(heard) == ["one", "one", "three", "two"]


async def test_two_processes_of_a_bot_both_hear(place: Club) -> None:
    first, second = client(), client()
    heard = hears(place, first, "message"), hears(place, second, "message")
    async with connected(place, first, second):
        place.ana.says(place.general, "Hello")
        await place.discord.until(lambda: all(heard))
    assert words(heard[0]) == words(heard[1]) == ["Hello"]


async def test_a_bot_hears_of_guilds_and_channels_that_come_and_go(place: Club) -> None:
    bot = client()
    joined, left = hears(place, bot, "guild_join"), hears(place, bot, "guild_remove")
    made = hears(place, bot, "guild_channel_create")
    async with connected(place, bot):
        place.discord.channel(place.guild, "news")
        other = place.discord.guild("other", place.ana)
        place.discord.install(place.app, other)
        await place.discord.until(lambda: joined)
        place.discord.remove(place.app, other)
        await place.discord.until(lambda: left)
    assert [made[0].name, joined[0].name, left[0].name] == ["news", "other", "other"]


async def test_shards_part_the_guilds_among_them(place: Club) -> None:
    other, tries = place.discord.guild("other", place.ana), 0
    while (int(other.id) >> 22) % 2 == (int(place.guild.id) >> 22) % 2:
        tries += 1
        for _ in range(tries):  # a guild takes two ids: by itself it would stay in its shard
            place.discord.clock.snowflake()
        other = place.discord.guild("other", place.ana)
    there = place.discord.channel(other, "there")
    place.discord.install(place.app, other)
    place.discord.shards = 2

    class Sharded(Hasty, discord.AutoShardedClient):
        """A client with as many shards as are recommended."""

    bot = Sharded(intents=discord.Intents.all(), guild_ready_timeout=READY_S)
    heard = hears(place, bot, "message")
    async with connected(place, bot):
        assert {g.shard_id for g in bot.guilds if int(g.id) > 0} == {0, 1}
        place.ana.says(place.general, "here")
        place.ana.says(there, "there")
        await place.discord.until(lambda: len(heard) == 2)
    assert sorted(words(heard)) == ["here", "there"]
    asked = [entry for entry in place.discord.trace.entries if entry.kind == f"op {IDENTIFY}"]
    assert [entry.data["d"]["shard"] for entry in asked] == [[0, 2], [1, 2]]


async def test_a_frame_that_is_none_closes_the_connection(place: Club) -> None:
    async def closed_with(frame: str) -> int | None:
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(place.discord.gateway_url) as socket,
        ):
            await socket.receive_json()
            await socket.send_json({"op": HEARTBEAT, "d": None})
            assert (await socket.receive_json())["op"] == HEARTBEAT_ACK
            await socket.send_str(frame)
            await asyncio.wait_for(socket.receive(), 5)
            return socket.close_code

    assert await closed_with("{") == 4002
    assert await closed_with('{"op": 8, "d": {}}') == 4003
    assert await closed_with('{"op": 2, "d": {"token": "x", "intents": 0}}') == 4004
