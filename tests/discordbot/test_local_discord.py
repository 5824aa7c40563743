"""The local Discord's messages, threads, roles and permissions, through discord.py."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import discord
import pytest

from tests.discordbot.club import Club, by_id, client, connected, speaking
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.permissions import Permission


async def refusal(
    posting: discord.abc.Messageable, content: str | None = None, **message: Any
) -> int:
    """The code with which posting this is refused."""
    with pytest.raises(discord.HTTPException) as refused:
        await posting.send(content, **message)
    return refused.value.code


def says(place: Club, channel: Channel) -> list[tuple[str, str]]:
    return [(seen.author, seen.text) for seen in place.ana.sees(channel)]


async def test_a_wrong_token_is_refused(place: Club) -> None:
    place.app.token = "another"
    bot = client()
    async with bot:
        with pytest.raises(discord.LoginFailure):
            await bot.login("wrong")


async def test_a_message_is_posted_read_edited_and_deleted(place: Club) -> None:
    async with speaking(place.app) as bot:
        general = by_id(bot, place.general)
        posted = await general.send("Hello", file=discord.File(io.BytesIO(b"all"), "all.md"))
        (seen,) = place.luis.sees(place.general)
        assert (seen.author, seen.text, seen.files) == ("Panel", "Hello", ("all.md",))
        assert await posted.attachments[0].read() == b"all"
        await posted.edit(content="Goodbye")
        read = await general.fetch_message(posted.id)
        assert (read.content, len(read.attachments)) == ("Goodbye", 1)
        assert read.edited_at is not None
        await posted.delete()
        with pytest.raises(discord.NotFound) as refused:
            await general.fetch_message(posted.id)
    assert refused.value.code == 10008
    assert place.luis.sees(place.general) == []


async def test_history_is_read_from_a_message_on(place: Club) -> None:
    said = [place.ana.says(place.general, f"{n}") for n in range(120)]
    async with speaking(place.app) as bot:
        after = discord.Object(int(said[2].id))
        read = [m.content async for m in by_id(bot, place.general).history(after=after, limit=None)]
        last = [m.content async for m in by_id(bot, place.general).history(limit=2)]
    assert read == [str(n) for n in range(3, 120)]
    assert last == ["119", "118"]


async def test_a_nonce_posts_once_for_some_minutes(place: Club) -> None:
    async with speaking(place.app) as bot:
        general = by_id(bot, place.general)
        first = await general.send("One", nonce="debate-1-turn-1")
        second = await general.send("One again", nonce="debate-1-turn-1")
        assert second.id == first.id
        assert says(place, place.general) == [("Panel", "One")]
        place.discord.clock.advance(600)
        assert (await general.send("Later", nonce="debate-1-turn-1")).id != first.id
        assert await refusal(general, content="x", nonce="n" * 26) == 50035


async def test_messages_that_break_the_limits_are_refused(place: Club) -> None:
    async with speaking(place.app) as bot:
        general = by_id(bot, place.general)
        assert await refusal(general, content="x" * 2001) == 50035
        assert await refusal(general, content=" ") == 50006
        assert await refusal(general, embed=discord.Embed(description="x" * 4097)) == 50035


async def test_what_may_not_be_seen_or_done_is_refused(place: Club) -> None:
    async with speaking(place.app) as bot:
        assert await refusal(by_id(bot, place.board), content="x") == 50001
        assert await refusal(bot.get_partial_messageable(1), content="x") == 10003
        deny = Permission.SEND_MESSAGES
        place.discord.overwrite(place.general, place.app.user, deny=deny)
        assert await refusal(by_id(bot, place.general), content="x") == 50013
        said = place.ana.says(place.general, "Mine")
        theirs = by_id(bot, place.general).get_partial_message(int(said.id))
        with pytest.raises(discord.Forbidden) as refused:
            await theirs.edit(content="Yours")
    assert refused.value.code == 50005
    with pytest.raises(PermissionError):
        place.luis.sees(place.board)


async def test_a_thread_made_from_a_message_has_its_id_and_is_made_once(place: Club) -> None:
    said = place.ana.says(place.general, "What now?")
    async with speaking(place.app) as bot:
        guild = await bot.fetch_guild(int(place.guild.id))
        message = await by_id(bot, place.general).fetch_message(int(said.id))
        message.guild = guild
        thread = await message.create_thread(name="What now?")
        assert str(thread.id) == said.id
        await thread.send("In here")
        with pytest.raises(discord.HTTPException) as refused:
            await message.create_thread(name="Again")
    assert refused.value.code == 160004
    opened = place.discord.world.channels[said.id]
    assert says(place, opened) == [("Panel", "In here")]
    assert says(place, place.general) == [("ana", "What now?")]


async def test_a_post_wakes_an_archived_thread_but_not_a_locked_one(place: Club) -> None:
    thread = place.ana.opens_thread(place.general, "Talk")
    place.discord.overwrite(place.general, place.app.user, deny=Permission.MANAGE_THREADS)
    async with speaking(place.app) as bot:
        place.ana.archives(thread)
        posted = await by_id(bot, thread).send("Still here")
        assert not thread.is_archived
        place.ana.archives(thread)
        with pytest.raises(discord.HTTPException) as archived:
            await posted.edit(content="Changed")
        place.ana.archives(thread, locks=True)
        assert await refusal(by_id(bot, thread), content="x") == 50083
        place.ana.reopens(thread)
        place.discord.change_thread(thread, is_archived=False, is_locked=True)
        assert await refusal(by_id(bot, thread), content="x") == 160005
        place.discord.remove_channel(thread)
        assert await refusal(by_id(bot, thread), content="x") == 10003
    assert archived.value.code == 50083


async def test_a_forum_takes_posts_and_no_messages(place: Club) -> None:
    bot = client()
    async with connected(place, bot):
        forum = bot.get_channel(int(place.forum.id))
        assert isinstance(forum, discord.ForumChannel)
        made = await forum.create_thread(name="An idea", content="Here it is")
        assert made.thread.id == made.message.id
        assert await refusal(by_id(bot, place.forum), content="x") == 50008
    thread = place.discord.world.channels[str(made.thread.id)]
    assert says(place, thread) == [("Panel", "Here it is")]


async def test_a_direct_message_is_opened_once(place: Club) -> None:
    async with speaking(place.app) as bot:
        ana = await bot.fetch_user(int(place.ana.user.id))
        await ana.send("Hello")
        await ana.send("There")
    direct = place.ana.direct(place.app)
    assert says(place, direct) == [("Panel", "Hello"), ("Panel", "There")]


async def test_roles_below_its_own_are_made_given_and_taken_away(place: Club) -> None:
    bot = client()
    async with connected(place, bot):
        guild = bot.get_guild(int(place.guild.id))
        assert guild is not None
        role = await guild.create_role(name="Sceptic", mentionable=True)
        luis = await guild.fetch_member(int(place.luis.user.id))
        await luis.add_roles(role)
        assert place.guild.members[place.luis.user.id].roles == [str(role.id)]
        await luis.remove_roles(role)
        await role.delete()
        high = place.discord.role(place.guild, "High")
        high.position = 20
        with pytest.raises(discord.Forbidden) as refused:
            await luis.add_roles(discord.Object(int(high.id)))
    assert refused.value.code == 50013
    assert place.guild.members[place.luis.user.id].roles == []


async def test_reactions_are_counted_once_a_person(place: Club) -> None:
    said = place.ana.says(place.general, "Vote")
    place.luis.reacts(said, "👍")
    async with speaking(place.app) as bot:
        message = await by_id(bot, place.general).fetch_message(int(said.id))
        await message.add_reaction("👍")
        await message.add_reaction("👍")
        (seen,) = place.ana.sees(place.general)
        assert seen.reactions == {"👍": 2}
        read = await by_id(bot, place.general).fetch_message(int(said.id))
        assert {user.name async for user in read.reactions[0].users()} == {"luis", "Panel"}
        await message.remove_reaction("👍", discord.Object(int(place.app.id)))
        with pytest.raises(discord.HTTPException) as refused:
            await message.add_reaction("thumbsup")
    assert refused.value.code == 10014
    assert place.ana.sees(place.general)[0].reactions == {"👍": 1}


async def test_an_old_message_takes_few_edits(place: Club) -> None:
    async with speaking(place.app) as bot:
        bot.http.max_ratelimit_timeout = 30.0
        posted = await by_id(bot, place.general).send("Hello")
        place.discord.clock.advance(timedelta(hours=2).total_seconds())
        for number in range(3):
            await posted.edit(content=f"{number}")
        with pytest.raises(discord.RateLimited):
            await posted.edit(content="3")
