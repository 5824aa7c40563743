"""A small guild to test in: two people, a few channels, and an application that may do its work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import discord
import yarl
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from engine.debate.panel import Panel
from tests.fakes.discord.applications import Application
from tests.fakes.discord.guilds import Channel, Guild, Kind
from tests.fakes.discord.people import Person
from tests.fakes.discord.permissions import EVERYONE, Permission
from tests.fakes.discord.server import LocalDiscord
from tests.fakes.discord.timing import Timing

READY_S = 0.05
"""How long discord.py waits for one more guild before it says that it is ready."""
RIGHTS = EVERYONE | Permission.MANAGE_WEBHOOKS | Permission.MANAGE_ROLES | Permission.MANAGE_THREADS

Heard = discord.Interaction[Any]
"""What a command or a component of a bot is given."""


@dataclass(slots=True)
class Club:
    """Ana, who owns it, and Luis are in #general with the bot; #board only Ana sees."""

    discord: LocalDiscord
    guild: Guild
    ana: Person
    luis: Person
    general: Channel
    board: Channel
    forum: Channel
    app: Application


@asynccontextmanager
async def club(timing: Timing | None = None) -> AsyncIterator[Club]:
    """Opens it, and has discord.py talk to it."""
    async with LocalDiscord.open(timing) as server:
        ana, luis = server.person("ana", locale="es-ES"), server.person("luis")
        guild = server.guild("club", ana, luis)
        general, board = server.channel(guild, "general"), server.channel(guild, "board")
        forum = server.channel(guild, "ideas", Kind.FORUM)
        server.overwrite(board, guild, deny=Permission.VIEW_CHANNEL)
        app = server.app("Panel", ana)
        server.install(app, guild, RIGHTS)
        with pointed_at(server):
            yield Club(server, guild, ana, luis, general, board, forum, app)


def voices_in(place: Club, panel: Panel) -> dict[str, Application]:
    """A bot for each persona of the panel, invited."""
    voices = {}
    for persona in panel.personas:
        voices[persona.id] = place.discord.app(persona.name, place.ana)
        place.discord.install(voices[persona.id], place.guild)
    return voices


@contextmanager
def pointed_at(server: LocalDiscord) -> Iterator[None]:
    """Where discord.py finds Discord stands in its classes."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = server.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(server.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


class Hasty(discord.Client):
    """Does not wait five seconds before it identifies anew."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """At once."""


def new_bot() -> commands.Bot:
    """A bot that answers to its commands only."""
    return commands.Bot(
        commands.when_mentioned, intents=discord.Intents.all(), guild_ready_timeout=READY_S
    )


async def publish(bot: commands.Bot, *found: Any) -> None:
    """Publishes these commands with those that the bot has, as an admin does."""
    for command in found:
        bot.tree.add_command(command)
    await bot.tree.sync()


def client(intents: discord.Intents | None = None) -> discord.Client:
    """A client that soon says that it is ready."""
    return Hasty(
        intents=intents or discord.Intents.all(), guild_ready_timeout=READY_S, max_messages=None
    )


@asynccontextmanager
async def connected(
    place: Club, *bots: discord.Client, app: Application | None = None
) -> AsyncIterator[None]:
    """Runs the bots, which are ready, until the block ends."""
    async with AsyncExitStack() as stack:
        for bot in bots:
            await stack.enter_async_context(bot)
            await bot.login((app or place.app).token)
            stack.push_async_callback(stopped, asyncio.create_task(bot.connect()), bot)
            async with asyncio.timeout(10):
                await bot.wait_until_ready()
        yield


async def stopped(running: asyncio.Task[None], bot: discord.Client) -> None:
    """Closes a bot that runs in this task."""
    await bot.close()
    await asyncio.gather(running, return_exceptions=True)


def hears(place: Club, bot: discord.Client, name: str) -> list[Any]:
    """What the bot hears of this event from now on: its first argument, if it has one."""
    heard: list[Any] = []

    async def hear(*args: object) -> None:
        heard.append(args[0] if args else None)
        place.discord.changes.tell()

    hear.__name__ = f"on_{name}"
    bot.event(hear)
    return heard


@asynccontextmanager
async def speaking(app: Application) -> AsyncIterator[discord.Client]:
    """A client that only uses REST, as one with a persona's token does."""
    bot = discord.Client(intents=discord.Intents.none())
    async with bot:
        await bot.login(app.token)
        yield bot


def by_id(bot: discord.Client, channel: Channel) -> discord.PartialMessageable:
    """A channel to post into, known by its id alone."""
    return bot.get_partial_messageable(int(channel.id))
