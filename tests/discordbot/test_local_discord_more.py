"""More of the local Discord: what bots look up and look after, and several bots in one guild."""

from __future__ import annotations

import discord
import pytest

from tests.discordbot.club import Club, by_id, client, connected, hears, speaking
from tests.fakes.discord import faults
from tests.fakes.discord.permissions import Permission


async def test_a_bot_closes_locks_and_lists_threads(place: Club) -> None:
    thread = place.ana.opens_thread(place.general, "Talk")
    place.ana.opens_thread(place.general, "Open")
    bot = client()
    async with connected(place, bot):
        guild = bot.get_guild(int(place.guild.id))
        assert guild is not None
        found = guild.get_thread(int(thread.id))
        assert found is not None
        await found.join()
        assert {m.id for m in await found.fetch_members()} == {
            int(place.ana.user.id),
            int(place.app.id),
        }
        await found.add_user(discord.Object(int(place.luis.user.id)))
        assert place.luis.user.id in thread.members
        await found.edit(archived=True, locked=True)
        assert (thread.is_archived, thread.is_locked) == (True, True)
        assert [t.name for t in await guild.active_threads()] == ["Open"]
        channel = guild.get_channel(int(place.general.id))
        assert isinstance(channel, discord.TextChannel)
        assert [t.name async for t in channel.archived_threads()] == ["Talk"]
        with pytest.raises(discord.HTTPException) as refused:
            await found.edit(name="Other")
        await found.edit(archived=False, name="Again")
    assert refused.value.code == 50083
    assert (thread.name, thread.is_archived) == ("Again", False)


async def test_a_bot_opens_threads_and_changes_and_removes_channels_where_it_may(
    place: Club,
) -> None:
    place.discord.overwrite(place.general, place.app.user, allow=Permission.MANAGE_CHANNELS)
    bot = client()
    async with connected(place, bot):
        general = bot.get_channel(int(place.general.id))
        assert isinstance(general, discord.TextChannel)
        thread = await general.create_thread(
            name="Talk", type=discord.ChannelType.public_thread, auto_archive_duration=60
        )
        assert place.discord.world.channels[str(thread.id)].auto_archive_min == 60
        assert (await bot.fetch_channel(thread.id)).id == thread.id
        await general.edit(topic="Debates")
        assert place.general.topic == "Debates"
        with pytest.raises(discord.HTTPException) as refused:
            await general.create_thread(name="", type=discord.ChannelType.public_thread)
        place.guild.max_active_threads = 1
        with pytest.raises(discord.HTTPException) as too_many:
            await general.create_thread(name="More", type=discord.ChannelType.public_thread)
        await general.delete()
    assert (refused.value.code, too_many.value.code) == (50035, 160006)
    assert place.discord.world.channels.get(place.general.id) is None


async def test_a_bot_without_the_right_cannot_close_threads_of_others(place: Club) -> None:
    thread = place.ana.opens_thread(place.general, "Talk")
    place.discord.overwrite(place.general, place.app.user, deny=Permission.MANAGE_THREADS)
    bot = client()
    async with connected(place, bot):
        found = bot.get_channel(int(thread.id))
        assert isinstance(found, discord.Thread)
        with pytest.raises(discord.Forbidden) as refused:
            await found.edit(archived=True)
    assert refused.value.code == 50013


async def test_a_webhook_is_found_again_moved_and_removed(place: Club) -> None:
    bot = client()
    changes = hears(place, bot, "webhooks_update")
    async with connected(place, bot):
        guild = bot.get_guild(int(place.guild.id))
        assert guild is not None
        general = guild.get_channel(int(place.general.id))
        assert isinstance(general, discord.TextChannel)
        made = await general.create_webhook(name="Panel")
        (found,) = await guild.webhooks()
        assert (found.id, found.user, found.token) == (made.id, bot.user, made.token)
        moved = await found.edit(channel=discord.Object(int(place.forum.id)), name="Moved")
        assert (moved.channel_id, moved.name) == (int(place.forum.id), "Moved")
        assert (await bot.fetch_webhook(made.id)).name == "Moved"
        await found.delete()
        with pytest.raises(discord.NotFound) as refused:
            await made.send("Anybody?")
        await place.discord.until(lambda: len(changes) == 3)
    assert refused.value.code == 10015


async def test_a_bot_types_pins_and_takes_reactions_away_where_it_may(place: Club) -> None:
    said = place.ana.says(place.general, "Vote")
    place.ana.reacts(said, "👍")
    more = Permission.PIN_MESSAGES | Permission.MANAGE_MESSAGES
    place.discord.overwrite(place.general, place.app.user, allow=more)
    async with speaking(place.app) as bot:
        general = by_id(bot, place.general)
        message = general.get_partial_message(int(said.id))
        async with general.typing():
            await message.pin()
        assert said.is_pinned
        await message.unpin()
        assert not said.is_pinned
        await message.remove_reaction("👍", discord.Object(int(place.ana.user.id)))
        assert said.reactions == {}
        await message.delete()
    assert place.ana.sees(place.general) == []
    assert len(place.discord.trace.calls("POST /channels/{channel}/typing")) == 1


async def test_a_bot_looks_up_the_guild_its_roles_and_people(place: Club) -> None:
    async with speaking(place.app) as bot:
        guild = await bot.fetch_guild(int(place.guild.id))
        assert [each.name async for each in bot.fetch_guilds()] == ["club"]
        assert {role.name for role in await guild.fetch_roles()} == {"@everyone", "Panel"}
        role = await guild.create_role(name="Sceptic")
        await role.edit(name="Doubter", mentionable=True)
        assert place.guild.roles[str(role.id)].is_mentionable
        assert [c.name for c in await guild.fetch_channels()] == ["general", "board", "ideas"]
        assert (await guild.fetch_member(int(place.app.id))).name == "Panel"
        assert (await bot.fetch_user(int(place.luis.user.id))).name == "luis"
        for wrong in (guild.fetch_member(1), bot.fetch_user(1), bot.fetch_guild(1)):
            with pytest.raises(discord.NotFound):
                await wrong
    assert place.discord.unknown_routes == []


async def test_several_bots_in_a_guild_tag_and_hear_each_other(place: Club) -> None:
    persona = place.discord.app("Sceptic", place.ana)
    place.discord.install(persona, place.guild)
    bot = client()
    heard = hears(place, bot, "message")
    async with connected(place, bot), speaking(persona) as sceptic:
        allowed = discord.AllowedMentions(users=[discord.Object(int(place.app.id))])
        general = by_id(sceptic, place.general)
        await general.send(f"I doubt it, <@{place.app.id}>", allowed_mentions=allowed, nonce="1")
        await place.discord.until(lambda: heard)
    assert (heard[0].author.name, heard[0].author.bot) == ("Sceptic", True)
    assert heard[0].mentions == [bot.user]


async def test_a_bot_is_also_called_by_the_role_that_bears_its_name(place: Club) -> None:
    bot = client()
    heard = hears(place, bot, "message")
    managed = next(role for role in place.guild.roles.values() if role.app_id == place.app.id)
    async with connected(place, bot):
        place.ana.says(place.general, f"<@&{managed.id}> come")
        await place.discord.until(lambda: heard)
    assert (heard[0].mentions, heard[0].raw_role_mentions) == ([], [int(managed.id)])


async def test_bots_are_told_what_people_do_to_channels_and_to_them(place: Club) -> None:
    bot = client()
    gone, threads = hears(place, bot, "guild_channel_delete"), hears(place, bot, "thread_update")
    members = hears(place, bot, "member_join")
    thread = place.ana.opens_thread(place.general, "Talk")
    async with connected(place, bot):
        place.ana.archives(thread)
        place.discord.join(place.guild, place.discord.person("eva").user)
        place.discord.remove_channel(place.board)
        await place.discord.until(lambda: gone and threads and members)
    assert (gone[0].name, threads[0].name, members[0].name) == ("board", "Talk", "eva")


async def test_a_fault_can_meet_whatever_comes_next(place: Club) -> None:
    async with speaking(place.app) as bot:
        place.discord.faults.plan("*", faults.refuses(50001))
        with pytest.raises(discord.Forbidden):
            await bot.fetch_user(int(place.ana.user.id))
        assert (await bot.fetch_user(int(place.ana.user.id))).name == "ana"
        with pytest.raises(discord.NotFound):
            await bot.http.request(discord.http.Route("GET", "/voice/regions"))
    assert place.discord.unknown_routes == ["GET /api/v10/voice/regions"]


async def test_a_persons_files_and_forum_posts_reach_the_bot(place: Club) -> None:
    bot = client()
    heard = hears(place, bot, "message")
    async with connected(place, bot):
        place.ana.says(place.general, "Read this", files={"plan.md": b"# Plan"})
        await place.discord.until(lambda: heard)
        assert await heard[0].attachments[0].read() == b"# Plan"
        place.ana.posts(place.forum, "An idea", "Here it is")
        await place.discord.until(lambda: len(heard) == 2)
    assert heard[1].channel.parent_id == int(place.forum.id)
    assert heard[1].id == heard[1].channel.id
