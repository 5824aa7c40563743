"""How personas speak in Discord, and what becomes of a post when something is in its way."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis

from bots.chat.surface import (
    Found,
    Part,
    Refused,
    RetryAfter,
    Role,
    Segment,
    Speaker,
    Tag,
    Unknown,
)
from bots.discordbot.ids import place_of
from engine.debate.events import Person
from tests.chat.logs import SEATS
from tests.chat.surface_contract import part, words
from tests.discordbot.club import Club
from tests.discordbot.stage import WEBHOOK, DiscordStage, stage_in
from tests.fakes.discord.faults import breaks_off, fails, fails_after, loses_answer
from tests.fakes.discord.limits import Rate
from tests.fakes.discord.permissions import Permission

MAKING = "POST /channels/{channel}/webhooks"
ASK = Segment(Role.QUESTION, "¿Y usted?", Tag(seat=SEATS[2]))


def said_by(speaker: Speaker, n: int = 2) -> Part:
    made = part(words(), n=n)
    return Part(made.key, speaker, made.segments, made.language)


class TestWebhooks:
    async def test_a_persona_has_its_name_its_emoji_and_a_face(self, stage: DiscordStage) -> None:
        place = stage.thread()
        await stage.surface.post(place, part(words()))
        (seen,) = stage.club.ana.sees(stage.channel(place))
        assert seen.author == f"{SEATS[1].emoji} {SEATS[1].name}"
        assert seen.avatar_url is not None
        assert seen.avatar_url.startswith("https://cdn.discordapp.com/embed/avatars/")

    async def test_where_the_pictures_are_can_be_set(
        self, place: Club, redis: Redis, shard: str
    ) -> None:
        url = "https://faces.example/tertulia/"
        async with stage_in(place, redis, shard, avatars_url=url) as stage:
            thread = stage.thread()
            await stage.surface.post(thread, part(words()))
            (seen,) = place.ana.sees(stage.channel(thread))
        assert seen.author == SEATS[1].name
        assert seen.avatar_url == f"https://faces.example/tertulia/{SEATS[1].id}.png"

    @pytest.mark.parametrize(
        "name", ["Clyde", "Discordia", "everyone", " here ", "n" * 300, "", "\n", "@everyone"]
    )
    async def test_people_of_any_name_are_shown(self, stage: DiscordStage, name: str) -> None:
        place = stage.thread()
        await stage.surface.post(place, said_by(Speaker(person=Person("slack:T1:U1", name))))
        (seen,) = stage.club.ana.sees(stage.channel(place))
        assert seen.text == "Una respuesta."

    async def test_one_webhook_serves_all_threads_of_a_channel_and_is_found_again(
        self, stage: DiscordStage, place: Club, redis: Redis, shard: str
    ) -> None:
        for thread in (stage.thread(), stage.thread()):
            await stage.surface.post(thread, part(words()))
        async with stage_in(place, redis, shard) as another:
            await another.surface.post(another.thread(), part(words()))
        assert len(place.discord.world.webhooks) == 1

    async def test_a_post_in_a_forum_is_spoken_in_by_the_forums_webhook(
        self, stage: DiscordStage
    ) -> None:
        club = stage.club
        post = club.ana.posts(club.forum, "An idea", "What do you think?")
        place = place_of(club.guild.id, club.forum.id, post.id)
        message = await stage.surface.post(place, part(words()))
        found = await stage.surface.find(place, part(words()).key, None)
        assert isinstance(found, Found)
        assert found.message == message

    async def test_a_webhook_that_was_deleted_is_made_anew_and_not_used_again(
        self, stage: DiscordStage
    ) -> None:
        place, world = stage.thread(), stage.club.discord.world
        await stage.surface.post(place, part(words()))
        (gone,) = world.webhooks
        del world.webhooks[gone]
        await stage.surface.post(place, part(words(), n=3))
        await stage.surface.post(place, part(words(), n=4))
        assert len(await stage.seen(place)) == 3
        used = [call["webhook"] for call in stage.club.discord.trace.calls(WEBHOOK)]
        assert used.count(gone) == 2

    async def test_a_webhook_that_was_moved_to_another_channel_is_left_there(
        self, stage: DiscordStage
    ) -> None:
        place, world = stage.thread(), stage.club.discord.world
        await stage.surface.post(place, part(words()))
        (moved,) = world.webhooks.values()
        moved.channel_id = stage.club.board.id
        await stage.surface.post(place, part(words(), n=3))
        assert len(await stage.seen(place)) == 2
        assert stage.club.ana.sees(stage.club.board) == []

    async def test_a_channel_with_fifteen_webhooks_says_what_to_do(
        self, stage: DiscordStage
    ) -> None:
        place, club = stage.thread(), stage.club
        for number in range(15):
            await stage.parts.rest.call(
                MAKING, {"name": f"Other {number}"}, channel=club.general.id
            )
        with pytest.raises(Refused, match="fifteen webhooks"):
            await stage.surface.post(place, part(words()))

    async def test_without_the_right_to_webhooks_the_thread_says_so_until_it_is_given(
        self, stage: DiscordStage
    ) -> None:
        place, club = stage.thread(), stage.club
        club.discord.overwrite(club.general, club.app.user, deny=Permission.MANAGE_WEBHOOKS)
        for _try in range(2):
            with pytest.raises(Refused, match="lacks a permission"):
                await stage.surface.post(place, part(words()))
        club.discord.overwrite(club.general, club.app.user)
        await stage.surface.post(place, part(words()))
        why, _answer = await stage.seen(place)
        assert "gestionar webhooks" in why

    @pytest.mark.parametrize("fault", [fails, breaks_off, loses_answer], ids=lambda f: f.__name__)
    async def test_a_webhook_whose_making_failed_is_no_doubt_about_the_post(
        self, stage: DiscordStage, fault: type
    ) -> None:
        place = stage.thread()
        stage.club.discord.faults.plan(MAKING, fault())
        with pytest.raises(RetryAfter):
            await stage.surface.post(place, part(words()))
        await stage.surface.post(place, part(words()))
        assert len(stage.club.discord.world.webhooks) == 1

    async def test_a_channel_whose_webhooks_wait_is_left_alone_by_all_its_threads(
        self, stage: DiscordStage
    ) -> None:
        place, other, discord = stage.thread(), stage.thread(), stage.club.discord
        await stage.surface.post(place, part(words()))
        discord.limits.is_on = True
        discord.limits.webhooks_of_a_channel = Rate(1, 60.0)
        await stage.surface.post(place, part(words(), n=3))
        for n, thread in enumerate((place, other, place, other), 4):
            with pytest.raises(RetryAfter) as told:
                await stage.surface.post(thread, part(words(), n=n))
            assert told.value.seconds is not None
            assert told.value.seconds > 50
        assert len(discord.limits.refused) == 1
        assert discord.limits.invalid == 0

    async def test_a_used_up_bucket_is_not_asked_again(self, stage: DiscordStage) -> None:
        place, discord = stage.thread(), stage.club.discord
        await stage.surface.post(place, part(words()))
        discord.limits.is_on = True
        discord.limits.rates[WEBHOOK] = Rate(2, 60.0)
        for n in (3, 4):
            await stage.surface.post(place, part(words(), n=n))
        with pytest.raises(RetryAfter):
            await stage.surface.post(place, part(words(), n=5))
        assert discord.limits.refused == []


class TestBots:
    async def test_a_persona_speaks_and_is_called_as_the_bot_it_is(
        self, bots: DiscordStage
    ) -> None:
        place = bots.thread()
        await bots.surface.post(place, part(words(), ASK))
        (seen,) = bots.club.ana.sees(bots.channel(place))
        assert seen.message.author is bots.voices[SEATS[1].id].user
        assert f"<@{bots.voices[SEATS[2].id].id}>" in seen.message.content
        assert await bots.pinged(place) == [SEATS[2].id]

    async def test_who_has_no_bot_speaks_by_ours_with_their_name_over_it(
        self, bots: DiscordStage
    ) -> None:
        place = bots.thread()
        await bots.surface.post(place, said_by(Speaker(person=Person("web:ana", "Ana *María*"))))
        (seen,) = bots.club.ana.sees(bots.channel(place))
        assert seen.author == "Panel"
        assert seen.text == "**Ana \\*María\\***\nUna respuesta."

    @pytest.mark.parametrize("fault", [fails_after, loses_answer], ids=lambda f: f.__name__)
    async def test_sent_again_it_stands_there_once(self, bots: DiscordStage, fault: type) -> None:
        place = bots.thread()
        bots.plan(place, fault())
        with pytest.raises(Unknown):
            await bots.surface.post(place, part(words()))
        message = await bots.surface.post(place, part(words()))
        (seen,) = bots.club.ana.sees(bots.channel(place))
        assert seen.message.id == message

    async def test_a_persona_whose_bot_was_removed_is_named_in_the_reason(
        self, bots: DiscordStage
    ) -> None:
        place, club = bots.thread(), bots.club
        club.discord.remove(bots.voices[SEATS[1].id], club.guild)
        with pytest.raises(Refused, match=SEATS[1].name):
            await bots.surface.post(place, part(words()))
        assert await bots.seen(place) == []


async def test_in_a_direct_message_the_bot_speaks_for_everybody(stage: DiscordStage) -> None:
    club = stage.club
    direct = club.ana.direct(club.app)
    root = club.ana.says(direct, "debate: cats?")
    place = place_of(None, direct.id, root.id)
    message = await stage.surface.post(place, part(words(), ASK))
    *_, seen = club.ana.sees(direct)
    assert seen.author == "Panel"
    assert seen.text.startswith(f"{SEATS[1].emoji} **{SEATS[1].name}**\nUna respuesta.")
    found = await stage.surface.find(place, part(words()).key, None)
    assert isinstance(found, Found)
    assert (found.message, found.key) == (message, part(words()).key)
