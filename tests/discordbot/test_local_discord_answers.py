"""The local Discord's follow-ups to interactions, replies, and the shapes that it refuses."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import discord
import pytest
from discord import app_commands

from tests.discordbot.club import (
    Club,
    Heard,
    by_id,
    client,
    connected,
    hears,
    new_bot,
    publish,
    speaking,
)
from tests.fakes.discord.protocol import Json

LIMITS: list[Json] = [
    {"embeds": [{"title": "x" * 257}]},
    {"embeds": [{"fields": [{"name": "n" * 3000, "value": "v" * 3001}]}]},
    {"components": [{"type": 1, "components": []}]},
    {"components": [{"type": 10, "content": "text"}]},
    {
        "components": [
            {"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "same"}]},
            {"type": 1, "components": [{"type": 2, "style": 1, "label": "y", "custom_id": "same"}]},
        ]
    },
    {
        "components": [
            {
                "type": 1,
                "components": [{"type": 2, "style": 1, "label": "x" * 81, "custom_id": "a"}],
            }
        ]
    },
    {"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 4001}]},
    {"message_reference": {"message_id": "1"}, "content": "To nothing"},
    {"allowed_mentions": {"parse": ["friends"]}, "content": "Hello"},
]


@pytest.mark.parametrize("message", LIMITS)
async def test_a_message_of_a_wrong_shape_is_refused(place: Club, message: Json) -> None:
    async with speaking(place.app) as bot:
        params = discord.http.MultipartParameters(message, None, None)
        with pytest.raises(discord.HTTPException) as refused:
            await bot.http.send_message(int(place.general.id), params=params)
    assert refused.value.code == 50035
    assert place.ana.sees(place.general) == []


async def test_answers_are_read_changed_and_taken_back(place: Club) -> None:
    bot, heard = new_bot(), list[Heard]()

    @app_commands.command(description="Talks")
    async def talk(interaction: Heard) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        heard.append(interaction)
        place.discord.changes.tell()

    def shown() -> list[str]:
        return [seen.text for seen in place.ana.sees(place.general)]

    async with connected(place, bot):
        await publish(bot, talk)
        await place.ana.runs(place.app, "talk", place.general)
        await place.discord.until(lambda: heard)
        assert place.ana.sees(place.general)[0].is_thinking
        await heard[0].edit_original_response(content="First")
        second = await heard[0].followup.send("Second", wait=True)
        assert shown() == ["First", "Second"]
        await second.edit(content="Changed")
        assert (await heard[0].followup.fetch_message(second.id)).content == "Changed"
        await second.delete()
        await heard[0].delete_original_response()
        assert shown() == []
        with pytest.raises(discord.NotFound) as refused:
            await heard[0].followup.fetch_message(second.id)
    assert refused.value.code == 10008


async def test_a_press_can_be_deferred_and_answered_by_a_modal_that_updates(place: Club) -> None:
    bot, pressed = new_bot(), list[Heard]()

    class Form(discord.ui.Modal, title="Why?"):
        why: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Why", custom_id="why")

        async def on_submit(self, interaction: Heard) -> None:
            await interaction.response.edit_message(content=f"Because {self.why.value}")

    class Card(discord.ui.View):
        @discord.ui.button(label="Why", custom_id="ask")
        async def ask(self, interaction: Heard, button: Any) -> None:
            await interaction.response.send_modal(Form())

        @discord.ui.button(label="Later", custom_id="later")
        async def later(self, interaction: Heard, button: Any) -> None:
            await interaction.response.defer()
            await interaction.followup.send("Heard", ephemeral=True)
            pressed.append(interaction)
            place.discord.changes.tell()

    async with connected(place, bot):
        await by_id(bot, place.general).send("Card", view=Card(timeout=None))
        (card,) = place.luis.sees(place.general)
        await place.luis.presses(card.message, "Later")
        await place.discord.until(lambda: pressed)
        await place.luis.presses(card.message, "Why")
        await place.luis.submits(why="not")
    assert [seen.text for seen in place.luis.sees(place.general)] == ["Because not", "Heard"]
    assert [seen.text for seen in place.ana.sees(place.general)] == ["Because not"]


async def test_a_reply_brings_what_it_replies_to(place: Club) -> None:
    bot = client()
    heard = hears(place, bot, "message")
    async with connected(place, bot):
        said = place.ana.says(place.general, "What?")
        place.luis.says(place.general, "That.", reply_to=said)
        await place.discord.until(lambda: len(heard) == 2)
        own = await heard[1].reply("I see.", mention_author=False)
        assert own.reference is not None
    assert isinstance(heard[1].reference.resolved, discord.Message)
    assert heard[1].reference.resolved.content == "What?"
    assert ([p.by for p in place.ana.pings], place.luis.pings) == (["reply"], [])


async def test_history_is_read_before_and_around_a_message(place: Club) -> None:
    said = [place.ana.says(place.general, f"{n}") for n in range(9)]
    middle = discord.Object(int(said[4].id))
    async with speaking(place.app) as bot:
        general = by_id(bot, place.general)
        before = [m.content async for m in general.history(before=middle, limit=2)]
        around = [m.content async for m in general.history(around=middle, limit=3)]
    assert (before, around) == (["3", "2"], ["5", "4", "3"])


async def test_members_are_asked_for_by_the_start_of_their_name(place: Club) -> None:
    bot = client()
    async with connected(place, bot):
        guild = bot.get_guild(int(place.guild.id))
        assert guild is not None
        assert [member.name for member in await guild.query_members("lu")] == ["luis"]


async def test_a_second_identify_and_a_wrong_resume_are_refused(place: Club) -> None:
    token = place.app.token
    identify = {"op": 2, "d": {"token": token, "intents": 0}}

    async def talk(*frames: Json) -> tuple[list[Json], int | None]:
        """What came back until nothing more did, and the code of the close, if any."""
        heard = []
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(place.discord.gateway_url) as socket,
        ):
            for frame in frames:
                await socket.send_json(frame)
            async with asyncio.timeout(5):
                while (message := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
                    heard.append(message.json())
                    if heard[-1]["op"] == 9:
                        break
            return heard, socket.close_code

    heard, code = await talk(identify, identify)
    assert code == 4005
    session = heard[1]["d"]["session_id"]
    assert heard[1]["d"]["resume_gateway_url"] == place.discord.gateway_url
    resume = {"token": token, "session_id": session}
    assert (await talk({"op": 6, "d": resume | {"seq": 99}}))[1] == 4007
    heard, _ = await talk({"op": 6, "d": resume | {"session_id": "other", "seq": 1}})
    assert (heard[-1]["op"], heard[-1]["d"]) == (9, False)
    sharded = {"op": 2, "d": {"token": token, "intents": 0, "shard": [2, 2]}}
    assert (await talk(sharded))[1] == 4010


async def test_a_card_that_is_gone_cannot_be_updated(place: Club) -> None:
    bot, refused = new_bot(), list[int]()

    class Card(discord.ui.View):
        @discord.ui.button(label="Stop", custom_id="stop")
        async def stop_it(self, interaction: Heard, button: Any) -> None:
            try:
                await interaction.response.edit_message(content="Stopped")
            except discord.NotFound as error:
                refused.append(error.code)
                await interaction.response.send_message("Stopped", ephemeral=True)

    async with connected(place, bot):
        posted = await bot.get_partial_messageable(int(place.general.id)).send(view=Card())
        (card,) = place.luis.sees(place.general)
        await posted.delete()
        await place.luis.presses(card.message, "Stop")
    assert refused == [10008]
    assert [seen.text for seen in place.luis.sees(place.general)] == ["Stopped"]


async def test_a_v2_message_shows_its_text_and_takes_no_content(place: Club) -> None:
    bot = new_bot()
    view = discord.ui.LayoutView()
    view.add_item(discord.ui.TextDisplay("# Panel"))
    async with connected(place, bot):
        general = bot.get_partial_messageable(int(place.general.id))
        posted = await general.send(view=view)
        assert posted.flags.components_v2
        with pytest.raises(discord.HTTPException) as refused:
            await posted.edit(content="Text")
    assert refused.value.code == 50035
    assert [seen.text for seen in place.ana.sees(place.general)] == ["# Panel"]
