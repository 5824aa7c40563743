"""The settings of this folder, its secrets and its panels."""

from __future__ import annotations

import stat
import tomllib
from collections.abc import AsyncIterator, Iterator

from bots.discordbot.setup import NotSetUp as DiscordNotSetUp
from bots.discordbot.setup import checked as discord_checked
from bots.slackbot.setup import NotSetUp as SlackNotSetUp
from bots.slackbot.setup import checked as slack_checked
from deploy.cli import dotenv
from deploy.cli.doctor.findings import Asked, Finding, fail, ok, warn
from deploy.cli.local.plan import platforms
from deploy.cli.setup.files import READ_BY_OWNER
from deploy.cli.setup.wanted import SECRETS
from engine.debate.explained import Explained
from engine.panels.loader import PanelError, bundled, load_panel
from engine.settings import FILE, mistakes


def wrong_settings() -> Iterator[Finding]:
    """Every mistake in them; with one, nothing else can be looked at."""
    for mistake in mistakes():
        yield fail(
            "settings.mistake",
            mistake,
            Explained("No process starts with a setting that will not do."),
            Explained("Correct it in the environment, .env or tertulia.toml."),
        )


async def settings(asked: Asked) -> AsyncIterator[Finding]:
    """What the settings lack, and who may read the secrets in them."""
    here = platforms(asked.settings)
    if not here:
        yield warn(
            "settings.platforms",
            Explained("neither Slack nor Discord has a token"),
            Explained("Only the terminal and the web room show debates then."),
            Explained("Run `tertulia init`."),
        )
    try:
        if "slack" in here:
            slack_checked(asked.settings.slack)
        if "discord" in here:
            discord_checked(asked.settings.discord)
    except (SlackNotSetUp, DiscordNotSetUp) as error:
        yield fail(
            "settings.setup",
            error,
            Explained("The bot does not start."),
            Explained("Set it in .env, or run `tertulia init`."),
        )
    else:
        yield ok("settings.setup", Explained("the settings are right"))
    for finding in (_env_mode(), _secrets_in_toml()):
        if finding is not None:
            yield finding


def _env_mode() -> Finding | None:
    if not dotenv.FILE.exists():
        return None
    mode = stat.S_IMODE(dotenv.FILE.stat().st_mode)
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return None

    async def mending() -> None:
        dotenv.FILE.chmod(READ_BY_OWNER)

    return warn(
        "settings.env_mode",
        Explained("others on this machine may read .env ({mode})", mode=f"{mode:04o}"),
        Explained("Who has a bot's token can do all that the bot can."),
        Explained("chmod 600 .env"),
        mending,
    )


def _secrets_in_toml() -> Finding | None:
    if not FILE.exists():
        return None
    parts = tomllib.loads(FILE.read_text(encoding="utf-8"))
    names = [f"{part}.{field}" for part, field in SECRETS if field in parts.get(part, {})]
    if not names:
        return None
    return warn(
        "settings.secrets",
        Explained("tertulia.toml has secrets: {names}", names=", ".join(sorted(names))),
        Explained("It is a file to be shared and kept in version control."),
        Explained("Move them to .env, as variables."),
    )


async def panels(asked: Asked) -> AsyncIterator[Finding]:
    """Whether each panel can be read."""
    wrong = 0
    for named in (*bundled(), *asked.panels):
        try:
            load_panel(named)
        except PanelError as error:
            wrong += 1
            yield fail(
                "panels.file",
                error,
                Explained("No debate can be started with it."),
                Explained("See what is wrong: tertulia panels check {file}", file=named),
            )
    if not wrong:
        number = len(bundled()) + len(asked.panels)
        yield ok("panels.file", Explained("{number} panels can be read", number=number))
