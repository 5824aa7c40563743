"""A deployment in perfect health, to be made ill: Slack, Discord, a model server and Redis."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bots.discordbot.syncing import commands
from bots.slackbot.manifests import app_manifest
from deploy.cli.chat.permissions import invite_link
from deploy.cli.doctor.examining import examined, probes
from deploy.cli.doctor.findings import Asked, Finding, Level
from engine.adapters.redis_server import connect
from engine.bootstrap import system_clock
from engine.panels.loader import load_panel
from engine.ports.clock import Clock
from engine.settings import read_settings
from tests.fakes.discord.applications import Application
from tests.fakes.discord.guilds import Channel as DiscordChannel
from tests.fakes.discord.guilds import Guild
from tests.fakes.discord.permissions import NONE, Permission
from tests.fakes.discord.server import LocalDiscord
from tests.fakes.model_server import FakeModelServer
from tests.fakes.slack.apps import App, Installation
from tests.fakes.slack.server import LocalSlack
from tests.fakes.slack.workspace import Channel, Team
from tests.redis_server import RedisServer

INVITED_WITH = Permission(int(invite_link("1", "webhook").split("permissions=")[1].split("&")[0]))


@dataclass(slots=True)
class Ward:
    """Every part is open to tests, which make it ill; `settings` by part."""

    slack: LocalSlack
    team: Team
    app: App
    installed: Installation
    general: Channel
    discord: LocalDiscord
    guild: Guild
    bot: Application
    hall: DiscordChannel
    model: FakeModelServer
    settings: dict[str, dict[str, Any]]
    clock: Clock
    panels: tuple[str, ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        """The settings as variables."""
        return {
            f"TERTULIA_{part}__{name}".upper(): str(value)
            for part, values in self.settings.items()
            for name, value in values.items()
        }

    async def found(self, *areas: str) -> list[Finding]:
        """What the doctor finds, by the probes of these areas; none named: by all."""
        asked = Asked(read_settings(**self.settings), self.clock, "en", self.panels)
        chosen = [(name, probe) for name, probe in probes() if not areas or _is_of(name, areas)]
        return await examined(asked, chosen)

    async def ill(self, *areas: str) -> list[Finding]:
        """The same without what is well."""
        return [one for one in await self.found(*areas) if one.level is not Level.OK]

    def set(self, part: str, **values: object) -> None:
        """Changes settings."""
        self.settings[part] = self.settings[part] | values


def _is_of(name: str, areas: Iterable[str]) -> bool:
    return name.partition(".")[0] in areas


@asynccontextmanager
async def ward(server: RedisServer, shard: str) -> AsyncIterator[Ward]:
    """All is well in it."""
    async with (
        LocalSlack.open() as slack,
        LocalDiscord.open() as discord,
        FakeModelServer.open() as model,
    ):
        slack.limits.is_on = False
        team = slack.team()
        ana = slack.person(team, "ana", is_admin=True)
        app = slack.app(app_manifest())
        installed = slack.install(app, team)
        general = slack.channel(team, "general", ana, installed.bot)
        eva = discord.person("eva")
        guild = discord.guild("club", eva)
        hall = discord.channel(guild, "hall")
        for role in guild.roles.values():
            role.permissions = NONE  # what the bot may, it was invited with
        bot = discord.app("Panel", eva)
        discord.install(bot, guild, INVITED_WITH)
        for persona in load_panel("ai-en").personas:
            discord.role(guild, persona.name, is_mentionable=True)
        published = [c | {"application_id": bot.id} for c in await commands()]
        bot.commands[""] = published
        settings: dict[str, dict[str, Any]] = {
            "redis": {"url": server.url, "shard": shard},
            "model": {"url": model.url},
            "slack": {
                "bot_token": installed.bot_token,
                "app_token": slack.registry.app_token(app, "connections:write"),
                "api_url": slack.api_url,
            },
            "discord": {"token": bot.token, "api_url": discord.api_url},
        }
        parts = (slack, team, app, installed, general, discord, guild, bot, hall, model)
        yield Ward(*parts, settings, system_clock())


@dataclass(frozen=True, slots=True)
class OffClock:
    """A clock that is so many milliseconds off."""

    right: Clock
    off_ms: int

    def now_ms(self) -> int:
        return self.right.now_ms() + self.off_ms

    def monotonic(self) -> float:
        return self.right.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self.right.sleep(seconds)


def off_by(clock: Clock, minutes: int) -> Clock:
    """The same, so many minutes before its time."""
    return OffClock(clock, minutes * 60_000)


def without(scopes: Iterable[str], *missing: str) -> frozenset[str]:
    """All but these."""
    return frozenset(scopes) - set(missing)


async def configured(url: str, *, appendonly: str, maxmemory: str, policy: str) -> None:
    """Changes how a server keeps what it is given."""
    client = connect(url)
    await client.config_set("appendonly", appendonly)
    await client.config_set("maxmemory-policy", policy)
    await client.config_set("maxmemory", maxmemory)
    await client.aclose()
