"""Discord's application: the links that invite it, and its commands published."""

from __future__ import annotations

import importlib.util

from bots.chat.surface import Refused
from bots.discordbot.setup import NotSetUp
from deploy.cli.chat.away import patiently
from deploy.cli.chat.discord_api import NAME, DiscordApi
from deploy.cli.chat.permissions import PORTAL, invite_link, names, needed, persona_link
from deploy.cli.output import Answer, Verbatim, translation
from engine.settings import DiscordSettings


async def invited(discord: DiscordSettings, application: str | None) -> Answer:
    """The links of the bot, and of the personas' own.

    Raises:
        NotSetUp, DiscordRefused, PlatformAway
    """
    if application is None:
        async with DiscordApi.open(discord) as api:
            application = (await api.us()).app
    link = invite_link(application, discord.identity)
    others = await _of_personas(discord)
    translate = translation()
    parts = [Verbatim(link), *(Verbatim(other, name) for name, other in others.items())]
    data = {
        "link": link,
        "permissions": [translate(name) for name in names(needed(discord.identity))],
        "personas": others,
    }
    return Answer(data, parts)


async def _of_personas(discord: DiscordSettings) -> dict[str, str]:
    if discord.identity != "bots":
        return {}
    links = {}
    for persona, token in discord.persona_tokens.items():
        async with DiscordApi.open(discord, token.get_secret_value().strip()) as api:
            try:
                links[persona] = persona_link((await api.us()).app)
            except Refused as refused:
                raise NotSetUp(
                    "discord.persona_tokens: Discord does not take the token of {persona}; take it"
                    " anew from {portal}",
                    persona=persona,
                    portal=PORTAL,
                ) from refused
    return links


async def synced(discord: DiscordSettings) -> Answer:
    """Publishes the commands if they are others.

    Raises:
        NotSetUp, DiscordRefused, PlatformAway
    """
    if importlib.util.find_spec("discord") is None:
        raise NotSetUp("discord.py is not installed: pip install 'tertulia[discord]'")
    from bots.discordbot.syncing import commands, digest, sync

    async with DiscordApi.open(discord) as api:
        app = (await api.us()).app
        changed = await patiently(NAME, lambda: sync(api.rest, app))
    wanted = await commands()
    translate = translation()
    said = (
        translate("The commands are published; Discord shows them within a minute.")
        if changed
        else translate("The commands are published already.")
    )
    return Answer({"published": changed, "hash": digest(wanted)}, [said])
