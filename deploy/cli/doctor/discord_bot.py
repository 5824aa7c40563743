"""Discord's bot: its token, its intents, its servers, its commands."""

from __future__ import annotations

import importlib.util
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

from bots.chat.surface import Refused
from bots.discordbot.refusals import DiscordRefused
from bots.discordbot.setup import token_of
from deploy.cli.chat.discord_api import DiscordApi
from deploy.cli.chat.discord_app import synced
from deploy.cli.chat.permissions import PORTAL
from deploy.cli.doctor.findings import Asked, Finding, fail, ok, warn
from deploy.cli.doctor.slack_tokens import away
from deploy.cli.failure import PlatformAway
from engine.debate.explained import Explained
from engine.settings import DiscordSettings

CONTENT_FLAGS = (1 << 18) | (1 << 19)
"""The intent as large bots are granted it, or as everybody switches it on."""
FEW_SESSIONS = 50

Json = dict[str, Any]


async def bot(asked: Asked) -> AsyncIterator[Finding]:
    """What does not hang on a channel."""
    discord = asked.settings.discord
    if not token_of(discord):
        return
    try:
        async with DiscordApi.open(discord) as api:
            app: Json = await api.call("GET /oauth2/applications/@me")
            yield ok("discord.token", Explained("it is the bot of {app}", app=app["name"]))
            yield _content(app, discord)
            yield await _servers(api)
            yield await _sessions(api)
            yield await _commands(api, str(app["id"]), discord)
        async for finding in _personas(discord):
            yield finding
    except DiscordRefused as refused:
        yield fail(
            "discord.token",
            refused,
            Explained("The bot does not start, and no debate is shown in Discord."),
            Explained(
                "Reset the token on the bot's page at {portal}, and put it into .env:"
                " TERTULIA_DISCORD__TOKEN.",
                portal=PORTAL,
            ),
        )
    except PlatformAway as error:
        yield away("discord.away", error)


def _content(app: Json, discord: DiscordSettings) -> Finding:
    if int(app.get("flags") or 0) & CONTENT_FLAGS:
        return ok("discord.intents", Explained("the Message Content Intent is on"))
    if not discord.message_content:
        return ok("discord.intents", Explained("it hears only what mentions it, as it is set"))
    return fail(
        "discord.intents",
        Explained("the Message Content Intent is off"),
        Explained("The bot does not start: it could not hear what people say in threads."),
        Explained(
            "Switch it on at {portal}, under Bot; or set discord.message_content = false.",
            portal=PORTAL,
        ),
    )


async def _servers(api: DiscordApi) -> Finding:
    guilds = await api.call("GET /users/@me/guilds", query={"limit": "200"})
    if guilds:
        names = ", ".join(str(guild["name"]) for guild in guilds[:5])
        return ok("discord.servers", Explained("it is in {servers}", servers=names))
    return fail(
        "discord.servers",
        Explained("the bot is in no server"),
        Explained("It hears and posts only where it was invited."),
        Explained("Open its link: tertulia discord invite"),
    )


async def _sessions(api: DiscordApi) -> Finding:
    limit = (await api.call("GET /gateway/bot")).get("session_start_limit") or {}
    left = int(limit.get("remaining", FEW_SESSIONS))
    if left >= FEW_SESSIONS:
        return ok("discord.sessions", Explained("{left} sessions may be begun today", left=left))
    return warn(
        "discord.sessions",
        Explained("only {left} sessions may be begun today", left=left),
        Explained("When none is left, Discord resets the bot's token."),
        Explained("Find out what starts the bot again and again: tertulia logs discord"),
    )


async def _commands(api: DiscordApi, app: str, discord: DiscordSettings) -> Finding:
    if importlib.util.find_spec("discord") is None:
        return fail(
            "discord.library",
            Explained("discord.py is not installed"),
            Explained("The bot does not start."),
            Explained("pip install 'tertulia[discord]'"),
        )
    from bots.discordbot.syncing import commands, digest

    query = {"with_localizations": "true"}
    published = await api.call("GET /applications/{app}/commands", query=query, app=app)
    if digest(published) == digest(await commands()):
        return ok("discord.commands", Explained("its commands are published"))

    return warn(
        "discord.commands",
        Explained("its commands are not those of this version"),
        Explained("People find no /debate, or an older one."),
        Explained("tertulia discord sync"),
        partial(_sync, discord),
    )


async def _sync(discord: DiscordSettings) -> None:
    await synced(discord)


async def _personas(discord: DiscordSettings) -> AsyncIterator[Finding]:
    if discord.identity != "bots":
        return
    for persona, token in discord.persona_tokens.items():
        about = f"discord.persona_tokens.{persona}"
        async with DiscordApi.open(discord, token.get_secret_value().strip()) as api:
            try:
                await api.us()
            except Refused as refused:
                yield fail(
                    about,
                    refused,
                    Explained("The bot does not start."),
                    Explained("Take the token anew from {portal}.", portal=PORTAL),
                )
            else:
                yield ok(about, Explained("the bot of {persona} works", persona=persona))
