"""Commands, forms and their answers in a simulated Discord of somebody else's making."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import discord
import pytest
import simcord
from discord.webhook.async_ import async_context, interaction_response_params

from bots.chat.metrics import Metrics
from bots.discordbot.answering import CALLBACK
from bots.discordbot.bot import Bot
from bots.discordbot.joining import open_parts
from engine.bootstrap import open_debates, open_readers
from engine.settings import read_settings
from tests.discordbot.club import Club
from tests.discordbot.rig import HASTY
from tests.redis_server import RedisServer

Call = Callable[..., Awaitable[Any]]


@dataclass
class Stage:
    """The bot in a guild with Ana, who owns it, and Luis."""

    channel: simcord.ChannelHandle
    ana: simcord.MemberActor
    luis: simcord.MemberActor


@dataclass(frozen=True)
class Given:
    """What a stage is made with."""

    server: RedisServer
    shard: str
    place: Club


@pytest.fixture
def given(server: RedisServer, shard: str, redis: object, place: Club) -> Given:
    return Given(server, shard, place)


@asynccontextmanager
async def staged(given: Given, *, message_content: bool = True) -> AsyncIterator[Stage]:
    """Opens it; no fixture, as simcord's clock is bound to the test's own context."""
    app = given.place.app
    settings = read_settings(
        redis={"url": given.server.url, "shard": given.shard},
        discord={
            "token": app.token,
            "api_url": given.place.discord.api_url,
            "message_content": message_content,
        },
    )
    metrics = Metrics("discord")
    async with (
        open_debates(settings) as debates,
        open_readers(settings, "discord") as readers,
        open_parts(settings, debates, readers, metrics) as parts,
    ):
        gateway = Bot(parts, metrics, HASTY)._hearing.gateway
        client, register = gateway.client, gateway._register
        assert register is not None
        async with simcord.run(client) as env:
            vars(parts.rest)["call"] = _answering(client, parts.rest.call)
            await register(client)
            owner = env.create_user("ana")
            guild = env.create_guild(owner=owner)
            channel = guild.create_text_channel("general")
            ana, luis = guild.add_member(owner), guild.add_member(env.create_user("luis"))
            tree = client._connection._command_tree
            assert tree is not None
            await tree.sync()
            yield Stage(channel, ana, luis)


def _answering(client: discord.Client, call: Call) -> Call:
    """The bot's own REST, whose deferrals reach the simulated Discord, too."""

    async def answer(route: str, body: Any = None, **ids: Any) -> Any:
        if route != CALLBACK:
            return await call(route, body, **ids)
        params = interaction_response_params(body["type"], body.get("data"))
        session: Any = client.http._HTTPClient__session  # type: ignore[attr-defined] # discord.py's
        adapter = async_context.get()
        return await adapter.create_interaction_response(
            int(ids["interaction"]), ids["token"], session=session, params=params
        )

    return answer


async def test_a_command_is_answered_to_its_asker_alone(given: Given) -> None:
    async with staged(given) as stage:
        ran = await stage.luis.slash(stage.channel, "debate panels")
        assert ran.response is not None
        assert ran.response.ephemeral
        assert "ai-en — " in ran.response.content


async def test_all_commands_are_there_and_each_is_answered(given: Given) -> None:
    plain = ("pause", "resume", "next", "skip", "summary", "another-round", "stop", "leave")
    async with staged(given) as stage:
        offered = stage.luis.available_commands(stage.channel)
        for name in plain:
            ran = await stage.luis.slash(stage.channel, f"debate {name}")
            assert ran.response is not None
            assert ran.response.content.startswith("There is no debate in this thread."), name
    others = {"start", "status", "pace", "seat", "vote", "mirror", "unmirror", "export", "panels"}
    wanted = {*plain, *others, "settings", "help"}
    assert {name for name in offered if name.startswith("debate ")} == {
        f"debate {name}" for name in wanted
    }


async def test_only_who_manages_the_channel_changes_its_settings(given: Given) -> None:
    async with staged(given) as stage:
        refused = await stage.luis.slash(stage.channel, "debate settings", panel="decision-en")
        changed = await stage.ana.slash(stage.channel, "debate settings", panel="decision-en")
        assert refused.response is not None
        assert refused.response.ephemeral
        assert refused.response.content == "Only those who manage the channel can do that."
        (shown,) = changed.followups
        assert not shown.ephemeral, "it concerns everybody there"
        assert "panel=decision-en" in shown.content


async def test_without_a_topic_a_form_asks_for_one_and_its_answer_is_the_askers(
    given: Given,
) -> None:
    async with staged(given) as stage:
        shown = await stage.luis.slash(stage.channel, "debate start")
        assert shown.modal is not None
        assert shown.modal["title"] == "New debate"
        chosen = {"panel": ["decision-en"], "rounds": ["2"], "rule": [], "pace": []}
        answered = await stage.luis.submit_modal(shown, {"topic": "   ", **chosen})
        assert answered.response is not None
        assert answered.response.ephemeral
        assert answered.response.content == "The topic is empty. Say what to debate."


async def test_what_is_repeated_to_people_calls_nobody(given: Given) -> None:
    async with staged(given) as stage:
        hostile = f"@everyone {stage.ana.mention}"
        ran = await stage.luis.slash(stage.channel, "debate start", topic="x", panel=hostile)
        assert ran.response is not None
        assert "There is no panel" in ran.response.content
        message: Any = ran.response
        assert stage.ana.mention not in message.content
        assert "@everyone" not in message.content
