"""From an empty folder to a debate in Slack and one in Discord, as the README says."""

from __future__ import annotations

import json
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from engine.panels.loader import load_panel
from tests.fakes.discord.applications import Application
from tests.fakes.discord.guilds import Channel as DiscordChannel
from tests.fakes.discord.guilds import Guild
from tests.fakes.discord.people import Person as DiscordPerson
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.server import LocalDiscord
from tests.fakes.model_server import FakeModelServer
from tests.fakes.slack.people import Person as SlackPerson
from tests.fakes.slack.server import LocalSlack
from tests.fakes.slack.workspace import Channel as SlackChannel
from tests.system.program import Ran, ran

PANEL = "decision-en"
QUESTION = f"Should we write tests first? panel={PANEL} pace=live"
"""As fast as the model speaks, so that nobody waits."""
WITHIN_S = 60.0
SEATS = len(load_panel(PANEL).personas)


@dataclass(slots=True)
class Journey:
    """Somebody who sets it up: the commands that they type, and how long it takes."""

    home: Path
    began: float = field(default_factory=time.monotonic)
    steps: list[str] = field(default_factory=list)

    async def types(self, *words: str) -> Ran:
        """One step, which goes well."""
        self.steps.append(f"{time.monotonic() - self.began:5.1f} s  tertulia {' '.join(words)}")
        ended = await ran(self.home, *words, within_s=WITHIN_S)
        assert ended.status == 0, ended
        return ended

    def tell(self) -> None:
        """Writes what it took, for whoever runs the test with `-s`."""
        took_s = time.monotonic() - self.began
        lines = [*self.steps, f"{len(self.steps)} steps, {took_s:.0f} s", ""]
        sys.stdout.write("\n".join(lines))

    async def json(self, *words: str) -> Any:
        """The same with `--json`; what it told."""
        return json.loads((await self.types(*words, "--json")).out)


@dataclass(slots=True)
class Team:
    """People in Slack and in Discord, who make the apps by the links that they are given."""

    slack: LocalSlack
    discord: LocalDiscord
    ana: SlackPerson
    general: SlackChannel
    eva: DiscordPerson
    guild: Guild
    hall: DiscordChannel
    bot: Application

    @classmethod
    def of(cls, slack: LocalSlack, discord: LocalDiscord) -> Team:
        """A workspace and a server, without any app in them."""
        ana = slack.person(slack.team(), "ana", is_admin=True)
        general = slack.channel(slack.workspaces.teams[ana.user.team_id], "general", ana)
        eva = discord.person("eva")
        guild = discord.guild("club", eva)
        hall = discord.channel(guild, "hall")
        return cls(slack, discord, ana, general, eva, guild, hall, discord.app("Panel", eva))

    def makes_apps(self, link: str) -> str:
        """Clicks the link, installs the app, invites it; answers the tokens that they copy."""
        app = self.slack.app_from(link)
        installed = self.slack.install(app, self.slack.workspaces.teams[self.ana.user.team_id])
        self.slack.join(self.general, installed.bot)
        app_token = self.slack.registry.app_token(app, "connections:write")
        return (
            f"TERTULIA_SLACK__BOT_TOKEN={installed.bot_token}\n"
            f"TERTULIA_SLACK__APP_TOKEN={app_token}\n"
            f"TERTULIA_DISCORD__TOKEN={self.bot.token}\n"
        )

    def invites(self, link: str) -> None:
        """Brings the bot into the server with what the link asks for."""
        asked = re.search(r"permissions=(\d+)", link)
        assert asked
        self.discord.install(self.bot, self.guild, Permission(int(asked[1])))

    async def debates_in_slack(self) -> int:
        """How many posts a debate in Slack brings, its close included."""
        said = self.ana.says(self.general, f"@tertulia debate {QUESTION}")

        def posts() -> list[object]:
            seen = self.ana.sees_thread(self.general, said.ts)
            return [one for one in seen if one.is_app and not one.buttons and not one.files]

        await self.slack.until(lambda: len(posts()) > SEATS, WITHIN_S)
        return len(posts())

    async def debates_in_discord(self) -> int:
        """The same in Discord."""
        self.eva.says(self.hall, f"@Panel debate {QUESTION}")

        def posts() -> list[object]:
            threads = [c for c in self.discord.world.channels.values() if c.is_thread]
            return [m for thread in threads for m in thread.messages.values() if m.webhook_id]

        await self.discord.until(lambda: len(posts()) > SEATS, WITHIN_S)
        return len(posts())


def theirs(slack: LocalSlack, discord: LocalDiscord) -> list[str]:
    """Where the local ones are; and no port that somebody else may have."""
    servers = {
        "slack.api_url": slack.api_url,
        "discord.api_url": discord.api_url,
        "discord.gateway_url": discord.gateway_url,
    } | dict.fromkeys(("worker.port", "slack.health_port", "discord.health_port"), "0")
    return [word for name, value in servers.items() for word in ("--set", f"{name}={value}")]


@pytest.mark.timeout(300)
async def test_from_an_empty_folder_to_a_debate_in_slack_and_in_discord(tmp_path: Path) -> None:
    journey = Journey(tmp_path)
    async with (
        LocalSlack.open() as slack,
        LocalDiscord.open() as discord,
        FakeModelServer.open() as model,
    ):
        team = Team.of(slack, discord)
        wanted = ("init", "--slack", "--discord", "--redis", "embedded", "--model", model.url)
        told = await journey.json(*wanted, *theirs(slack, discord))
        (tmp_path / "tokens").write_text(team.makes_apps(told["slack"]["app"]))
        told = await journey.json("init", "--slack", "--discord", "--secrets", "tokens", "--yes")
        assert told["lacking"] == []
        team.invites(told["discord_invite"])
        await journey.types("discord", "sync")
        await journey.types("discord", "roles", "create")
        assert [it for it in await journey.json("doctor") if it["level"] != "ok"] == []
        try:
            up = await journey.json("up", "-d")
            assert [one["state"] for one in up["processes"]] == ["runs"] * 3
            assert await team.debates_in_slack() == SEATS + 1
            assert await team.debates_in_discord() == SEATS + 1
            status = await journey.json("status")
            assert [one["state"] for one in status["processes"]] == ["runs"] * 3
        finally:
            await journey.types("down")
    journey.tell()
