"""The links by which apps are made and bots invited, for what somebody wants."""

from __future__ import annotations

from dataclasses import dataclass, field

from bots.chat.surface import Refused
from bots.discordbot.setup import token_of
from bots.slackbot.manifests import app_manifest, install_link, persona_manifest
from deploy.cli.chat.discord_api import DiscordApi
from deploy.cli.chat.permissions import PORTAL, invite_link
from deploy.cli.chat.personas import panel_for
from deploy.cli.failure import PlatformAway
from deploy.cli.setup.wanted import Wanted
from engine.settings import Settings


@dataclass(frozen=True, slots=True)
class Links:
    """Where to click."""

    slack: dict[str, str] = field(default_factory=dict)
    """`app` for the one that listens, and each persona's id, where they have apps of their own."""
    discord_portal: str = ""
    discord_invite: str = ""
    """Empty: Discord has not told yet which application it is."""


def to_make_apps(wanted: Wanted, settings: Settings) -> Links:
    """What can be told before there is any token.

    Raises:
        PanelError
    """
    slack: dict[str, str] = {}
    if wanted.slack:
        public_url = settings.slack.public_url if settings.slack.mode == "http" else None
        slack["app"] = install_link(app_manifest(wanted.language, public_url))
    if wanted.slack and (wanted.slack_identity or settings.slack.identity) == "apps":
        for persona in panel_for(wanted.panel, wanted.language).personas:
            slack[persona.id] = install_link(persona_manifest(persona))
    return Links(slack, PORTAL if wanted.discord else "")


async def with_invitation(links: Links, settings: Settings) -> Links:
    """The same with the link that invites the bot, if Discord tells which it is."""
    discord = settings.discord
    if not links.discord_portal or not token_of(discord):
        return links
    try:
        async with DiscordApi.open(discord) as api:
            app = (await api.us()).app
    except (Refused, PlatformAway):
        return links  # `doctor` says why
    return Links(links.slack, links.discord_portal, invite_link(app, discord.identity))
