"""The local Discord's interactions: commands, completion, buttons, modals, and their answers."""

from __future__ import annotations

from typing import Any

import discord
import pytest
from discord import app_commands

from tests.discordbot.club import Club, Heard, connected, new_bot, publish
from tests.fakes.discord.people_and_apps import FAILED, NOT_RESPONDING
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.typed_options import Value


@app_commands.command(description="Talks")
async def debate(interaction: Heard, topic: str, pace: int = 1) -> None:
    await interaction.response.defer()
    await interaction.followup.send(f"{topic} at {pace}, in {interaction.locale}")
    await interaction.followup.send("More", ephemeral=True)


async def test_a_command_is_deferred_and_its_first_follow_up_takes_that_place(place: Club) -> None:
    bot = new_bot()
    async with connected(place, bot):
        await publish(bot, debate)
        ran = await place.ana.runs(place.app, "debate", place.general, topic="Tabs", pace=2)
        assert ran.answer == 5
        await place.discord.until(lambda: len(place.ana.sees(place.general)) == 2)
    first, second = place.ana.sees(place.general)
    assert (first.text, first.is_thinking, first.is_ephemeral) == (
        "Tabs at 2, in es-ES",
        False,
        False,
    )
    assert (second.text, second.is_ephemeral) == ("More", True)
    assert [seen.text for seen in place.luis.sees(place.general)] == ["Tabs at 2, in es-ES"]


async def test_the_client_lets_nobody_send_what_the_command_does_not_take(place: Club) -> None:
    bot = new_bot()
    async with connected(place, bot):
        await publish(bot, debate)
        with pytest.raises(ValueError, match="topic"):
            await place.ana.runs(place.app, "debate", place.general)
        with pytest.raises(ValueError, match="pace"):
            await place.ana.runs(place.app, "debate", place.general, topic="x", pace="fast")
        with pytest.raises(LookupError):
            await place.ana.runs(place.app, "debate", place.general, topic="x", mood="good")
        with pytest.raises(LookupError):
            await place.ana.runs(place.app, "quarrel", place.general)
        deny = Permission.USE_APPLICATION_COMMANDS
        place.discord.overwrite(place.general, place.guild, deny=deny)
        with pytest.raises(PermissionError):
            await place.luis.runs(place.app, "debate", place.general, topic="x")


async def test_groups_resolve_what_is_named_and_complete_what_is_typed(place: Club) -> None:
    bot, named = new_bot(), list[discord.Member]()
    group = app_commands.Group(name="panel", description="Panels")

    @group.command(description="Shows one")
    async def show(interaction: Heard, name: str, whose: discord.Member) -> None:
        named.append(whose)
        await interaction.response.send_message(f"{name} of {whose.mention}", ephemeral=True)

    @show.autocomplete("name")
    async def complete(interaction: Heard, typed: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=typed.title(), value=typed * 2)]

    async with connected(place, bot):
        await publish(bot, group)
        choices = await place.ana.types(place.app, "panel show", place.general, "name", name="ab")
        assert choices == [{"name": "Ab", "value": "abab"}]
        options: dict[str, Value] = {"name": "abab", "whose": place.luis.user}
        await place.ana.runs(place.app, "panel show", place.general, **options)
    assert named[0].name == "luis"
    (seen,) = place.ana.sees(place.general)
    assert (seen.text, seen.is_ephemeral) == ("abab of @luis", True)
    assert place.luis.pings == []


async def test_who_is_not_answered_in_time_is_told_and_a_late_answer_is_refused(
    hasty: Club,
) -> None:
    bot, refused = new_bot(), list[int]()

    @app_commands.command(description="Sleeps")
    async def sleep(interaction: Heard) -> None:
        await hasty.discord.until(lambda: hasty.ana.notices)
        try:
            await interaction.response.send_message("Late")
        except discord.NotFound as error:
            refused.append(error.code)
            hasty.discord.changes.tell()

    async with connected(hasty, bot):
        await publish(bot, sleep)
        await hasty.ana.runs(hasty.app, "sleep", hasty.general)
        hasty.discord.changes.tell()
        await hasty.discord.until(lambda: refused)
    assert (hasty.ana.notices, refused) == ([NOT_RESPONDING], [10062])


async def test_an_interaction_is_answered_once_and_its_token_dies_in_a_quarter_of_an_hour(
    place: Club,
) -> None:
    bot, heard = new_bot(), list[Heard]()

    @app_commands.command(description="Talks")
    async def talk(interaction: Heard) -> None:
        await interaction.response.send_message("Here")
        heard.append(interaction)
        place.discord.changes.tell()

    async with connected(place, bot):
        await publish(bot, talk)
        ran = await place.ana.runs(place.app, "talk", place.general)
        await place.discord.until(lambda: heard)
        again = f"/interactions/{ran.id}/{ran.token}/callback"
        route = discord.http.Route("POST", again)
        with pytest.raises(discord.HTTPException) as twice:
            await bot.http.request(route, json={"type": 4, "data": {"content": "Again"}})
        await heard[0].edit_original_response(content="Changed")
        assert place.ana.sees(place.general)[0].text == "Changed"
        place.discord.clock.advance(901)
        with pytest.raises(discord.HTTPException) as late:
            await heard[0].followup.send("Late")
    assert (twice.value.code, late.value.code) == (40060, 50027)


async def test_a_press_updates_the_message_or_fails(hasty: Club) -> None:
    bot = new_bot()

    class Card(discord.ui.View):
        @discord.ui.button(label="Pause", custom_id="pause")
        async def pause(self, interaction: Heard, button: Any) -> None:
            button.label = "Resume"
            await interaction.response.edit_message(content="Paused", view=self)

        @discord.ui.button(label="Stop", custom_id="stop")
        async def stop_it(self, interaction: Heard, button: Any) -> None:
            """Forgets to answer."""

        @discord.ui.select(
            custom_id="pace",
            options=[discord.SelectOption(label="Slow"), discord.SelectOption(label="Fast")],
        )
        async def choose(self, interaction: Heard, menu: discord.ui.Select[Any]) -> None:
            await interaction.response.send_message(menu.values[0], ephemeral=True)

    async with connected(hasty, bot):
        general = bot.get_partial_messageable(int(hasty.general.id))
        await general.send("Running", view=Card(timeout=None))
        (card,) = hasty.luis.sees(hasty.general)
        assert card.buttons == ["Pause", "Stop"]
        await hasty.luis.presses(card.message, "Pause")
        (card,) = hasty.luis.sees(hasty.general)
        assert (card.text, card.buttons) == ("Paused", ["Resume", "Stop"])
        await hasty.luis.chooses(card.message, "pace", "Fast")
        assert [seen.text for seen in hasty.luis.sees(hasty.general)] == ["Paused", "Fast"]
        with pytest.raises(ValueError, match="offers"):
            await hasty.luis.chooses(card.message, "pace", "Faster")
        with pytest.raises(LookupError):
            await hasty.luis.presses(card.message, "Pause")
        await hasty.luis.presses(card.message, "stop")
    assert hasty.luis.notices == [FAILED]
    assert [seen.text for seen in hasty.ana.sees(hasty.general)] == ["Paused"]


async def test_a_modal_is_filled_in_checked_and_submitted(place: Club) -> None:
    bot = new_bot()

    class Form(discord.ui.Modal, title="New debate"):
        topic: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Topic", max_length=20)

        async def on_submit(self, interaction: Heard) -> None:
            await interaction.response.send_message(f"About {self.topic.value}")

    @app_commands.command(description="Asks")
    async def ask(interaction: Heard) -> None:
        await interaction.response.send_modal(Form())

    async with connected(place, bot):
        await publish(bot, ask)
        ran = await place.ana.runs(place.app, "ask", place.general)
        assert place.ana.modal is ran
        assert ran.modal is not None
        name = ran.modal["components"][0]["components"][0]["custom_id"]
        with pytest.raises(ValueError, match="20"):
            await place.ana.submits(**{name: "x" * 21})
        with pytest.raises(ValueError, match="letters"):
            await place.ana.submits()
        await place.ana.submits(**{name: "Tabs"})
    assert place.ana.modal is None
    assert [seen.text for seen in place.luis.sees(place.general)] == ["About Tabs"]


async def test_a_context_menu_brings_the_message_and_its_content(place: Club) -> None:
    bot, heard = new_bot(), list[str]()

    async def discuss(interaction: Heard, message: discord.Message) -> None:
        heard.append(message.content)
        await interaction.response.defer(ephemeral=True)

    said = place.luis.says(place.general, "A question")
    async with connected(place, bot):
        await publish(bot, app_commands.ContextMenu(name="Debate this", callback=discuss))
        await place.ana.uses(place.app, "Debate this", said)
        (seen,) = place.ana.sees(place.general)[1:]
    assert heard == ["A question"]
    assert (seen.is_thinking, seen.is_ephemeral) == (True, True)


async def test_commands_are_replaced_as_a_whole_and_created_two_hundred_times_a_day(
    place: Club,
) -> None:
    bot = new_bot()
    async with connected(place, bot):
        await publish(bot, debate)
        (first,) = await bot.tree.fetch_commands()
        (same,) = await bot.tree.sync()
        assert (same.id, place.app.creates[""]) == (first.id, 1)
        place.app.creates[""] = 200
        bot.tree.clear_commands(guild=None)
        assert await bot.tree.sync() == []
        with pytest.raises(discord.HTTPException) as refused:
            await publish(bot, debate)
        command = {"name": "Shouting", "description": "x", "type": 1}
        with pytest.raises(discord.HTTPException) as wrong:
            await bot.http.bulk_upsert_global_commands(int(place.app.id), [command])
    assert (refused.value.code, wrong.value.code) == (30034, 50035)


async def test_commands_of_one_guild_are_not_found_elsewhere_and_those_of_all_are(
    place: Club,
) -> None:
    bot, heard = new_bot(), list[Heard]()

    @app_commands.command(description="Talks")
    async def talk(interaction: Heard) -> None:
        heard.append(interaction)
        await interaction.response.send_message(f"{interaction.user.name}, yes?")

    direct, here = place.ana.direct(place.app), discord.Object(int(place.guild.id))
    async with connected(place, bot):
        bot.tree.add_command(debate, guild=here)
        await bot.tree.sync(guild=here)
        await publish(bot, talk)
        await place.ana.runs(place.app, "debate", place.general, topic="Tabs")
        with pytest.raises(LookupError):
            await place.ana.runs(place.app, "debate", direct, topic="Tabs")
        await place.ana.runs(place.app, "talk", direct)
        thread = place.luis.opens_thread(place.general, "Aside")
        await place.luis.runs(place.app, "talk", thread)
    assert [seen.text for seen in place.ana.sees(direct)] == ["ana, yes?"]
    assert [seen.text for seen in place.ana.sees(thread)] == ["luis, yes?"]
    assert (heard[0].guild_id, heard[1].channel_id) == (None, int(thread.id))


async def test_a_command_for_those_with_a_right_is_not_for_others(place: Club) -> None:
    bot = new_bot()

    @app_commands.command(description="Settings")
    @app_commands.default_permissions(manage_guild=True)
    async def settings(interaction: Heard) -> None:
        await interaction.response.send_message("These", ephemeral=True)

    async with connected(place, bot):
        await publish(bot, settings)
        await place.ana.runs(place.app, "settings", place.general)
        with pytest.raises(PermissionError):
            await place.luis.runs(place.app, "settings", place.general)
    assert [seen.text for seen in place.ana.sees(place.general)] == ["These"]
