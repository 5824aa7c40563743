"""Faults to be planted in a healthy deployment: what is done, what the doctor is to say of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bots.slackbot.manifests import SCOPES
from tests.deploy.ward import Ward, configured, off_by, without
from tests.fakes.discord.applications import Intent
from tests.fakes.discord.faults import refuses as discord_refuses
from tests.fakes.discord.permissions import Permission
from tests.fakes.model_behaviours import fail, say
from tests.fakes.slack.faults import Answer
from tests.fakes.slack.faults import Fault as SlackFault
from tests.fakes.slack.faults import refuses as slack_refuses

NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done to a healthy deployment, what the doctor is to find, and its words for it."""

    plant: Callable[[Ward], object]
    about: tuple[str, ...]
    what: str
    mend: str


def drops_metadata() -> SlackFault:
    """Slack answers, but without the metadata of messages."""

    async def fault(_request: web.Request, answer: Answer) -> web.StreamResponse:
        told = json.loads(str(answer().text))
        for message in told["messages"]:
            message.pop("metadata", None)
        return web.json_response(told)

    return fault


def token(ward_: Ward, value: str) -> None:
    ward_.set("slack", bot_token=value)


def user_token(ward_: Ward) -> None:
    person = next(u for u in ward_.slack.workspaces.users.values() if u.is_admin)
    token(ward_, ward_.slack.registry.user_token(ward_.installed, person, "chat:write"))


def scopes(*missing: str) -> Callable[[Ward], object]:
    return lambda w: w.slack.install(w.app, w.team, scopes=without(SCOPES, *missing))


def app_token(ward_: Ward) -> None:
    ward_.set("slack", app_token=ward_.slack.registry.app_token(ward_.app))


def leaves_channel(ward_: Ward) -> None:
    ward_.slack.leave(ward_.general, ward_.installed.bot)


def speaks_by_apps(ward_: Ward) -> None:
    ward_.set("slack", identity="apps", personas={"ai-doomer": "xoxb-none"})


def denies(permission: Permission) -> Callable[[Ward], object]:
    return lambda w: w.discord.overwrite(w.hall, w.guild, deny=permission)


def role_shut(ward_: Ward) -> None:
    next(r for r in ward_.guild.roles.values() if r.name == "AI Doomer").is_mentionable = False


def role_gone(ward_: Ward) -> None:
    del ward_.guild.roles[next(k for k, r in ward_.guild.roles.items() if r.name == "AI Doomer")]


def panel_broken(ward_: Ward) -> None:
    Path("ours.toml").write_text('id = "ours"\ntitle = 3\n')
    ward_.panels = ("./ours.toml",)


def env_open(_ward: Ward) -> None:
    Path(".env").write_text("")
    Path(".env").chmod(0o644)


def late(ward_: Ward) -> None:
    ward_.clock = off_by(ward_.clock, 10)


FAULTS = {
    "broken panel": Fault(panel_broken, ("panels.file",), "ours.toml", "panels check"),
    ".env open to others": Fault(env_open, ("settings.env_mode",), "0644", "chmod 600"),
    "token in tertulia.toml": Fault(
        lambda w: Path("tertulia.toml").write_text('[slack]\nbot_token = "xoxb-1"\n'),
        ("settings.secrets",),
        "slack.bot_token",
        ".env",
    ),
    "clock off by ten minutes": Fault(
        late, ("time.clock", "time.clock", "redis.clock"), "600 s off", "NTP"
    ),
    "append-only file off": Fault(
        lambda w: configured(
            w.settings["redis"]["url"], appendonly="no", maxmemory="0", policy="noeviction"
        ),
        ("redis.aof",),
        "append-only file is off",
        "appendonly yes",
    ),
    "eviction on": Fault(
        lambda w: configured(
            w.settings["redis"]["url"],
            appendonly="yes",
            maxmemory="100mb",
            policy="allkeys-lru",
        ),
        ("redis.eviction",),
        "allkeys-lru",
        "noeviction",
    ),
    "Redis away": Fault(
        lambda w: w.set("redis", url="redis://127.0.0.1:9/0"),
        ("redis.away",),
        "does not answer",
        "redis.url",
    ),
    "Redis's address is none": Fault(
        lambda w: w.set("redis", url="reddis://x"), ("redis.unsuitable",), "reddis", "redis.url"
    ),
    "model server away": Fault(
        lambda w: w.set("model", url=f"{NOWHERE}/v1"),
        ("model.away",),
        "no model server answers",
        "model serve",
    ),
    "401 from the model server": Fault(
        lambda w: w.model.always(fail(401, {"error": {"message": "Unauthorized"}})),
        ("model.refused",),
        "401",
        "model.api_key",
    ),
    "wrong model name": Fault(
        lambda w: w.set("model", name="gpt-9"), ("model.refused",), "gpt-9", "model.name"
    ),
    "JSON schema ignored": Fault(
        lambda w: w.model.will(say("Sure! I agree.")),
        ("model.schema",),
        "does not fit",
        "json_schema",
    ),
    "spaces in JSON": Fault(
        lambda w: w.model.will(say('{ "answer": "agree", "next": "skeptic" }')),
        ("model.whitespace",),
        "spaces",
        "disable_any_whitespace",
    ),
    "prefix caching off": Fault(
        lambda w: w.model.always(say(counted=False)),
        ("model.cache",),
        "prefix cache",
        "--enable-prefix-caching",
    ),
    "context too short": Fault(
        lambda w: w.model.models[0].update(max_model_len=2048),
        ("model.context",),
        "2048",
        "--max-model-len",
    ),
    "a user's token for Slack": Fault(
        user_token,
        ("settings.setup", "slack.bot_token", "slack.post"),
        "user's token",
        "Install App",
    ),
    "token revoked": Fault(
        lambda w: w.slack.revoke(w.installed),
        ("slack.bot_token", "slack.post"),
        "revoked",
        "Install App",
    ),
    "no name of their own": Fault(
        scopes("chat:write.customize"),
        ("slack.scopes", "slack.customize"),
        "chat:write.customize",
        "manifest",
    ),
    "one scope missing": Fault(
        scopes("files:write"), ("slack.scopes",), "files:write", "tertulia slack manifest"
    ),
    "may not read": Fault(
        scopes("channels:history"), ("slack.scopes", "slack.read"), "channels:history", "install"
    ),
    "app token without connections:write": Fault(
        app_token, ("slack.app_token",), "connections:write", "Basic Information"
    ),
    "bot token for the app token": Fault(
        lambda w: w.set("slack", app_token=w.installed.bot_token),
        ("settings.setup", "slack.app_token"),
        "a bot token",
        "Basic Information",
    ),
    "no signing secret": Fault(
        lambda w: w.set("slack", mode="http"),
        ("settings.setup", "slack.signing_secret"),
        "not set",
        "Basic Information",
    ),
    "app in no channel": Fault(leaves_channel, ("slack.channel",), "no channel", "/invite"),
    "channel refuses the app": Fault(
        lambda w: setattr(w.general, "refuses", "restricted_action"),
        ("slack.post",),
        "does not let the app post",
        "let apps post",
    ),
    "metadata dropped": Fault(
        lambda w: w.slack.faults.plan("conversations.replies", drops_metadata()),
        ("slack.metadata",),
        "do not come back",
        "install the app again",
    ),
    "no status": Fault(
        lambda w: w.slack.faults.plan(
            "assistant.threads.setStatus", slack_refuses("channel_type_not_supported")
        ),
        ("slack.status",),
        "thinking",
        "Nothing has to be done",
    ),
    "a persona's token is none": Fault(
        speaks_by_apps, ("slack.personas.ai-doomer",), "does not accept", "Install App"
    ),
    "Slack away": Fault(
        lambda w: w.set("slack", api_url=f"{NOWHERE}/api/"),
        ("slack.away", "slack.post"),
        "cannot be reached",
        "firewall",
    ),
    "Discord's token is none": Fault(
        lambda w: w.set("discord", token="x"), ("discord.token",), "token", "Reset the token"
    ),
    "message-content intent off": Fault(
        lambda w: setattr(w.bot, "allowed", Intent(0)),
        ("discord.intents", "discord.read"),
        "Message Content Intent is off",
        "Switch it on",
    ),
    "bot in no server": Fault(
        lambda w: w.discord.remove(w.bot, w.guild),
        ("discord.servers",),
        "in no server",
        "tertulia discord invite",
    ),
    "may not write in threads": Fault(
        denies(Permission.SEND_MESSAGES_IN_THREADS),
        ("discord.permissions",),
        "#hall, the bot lacks Send Messages in Threads",
        "channel's settings",
    ),
    "may not manage webhooks": Fault(
        denies(Permission.MANAGE_WEBHOOKS),
        ("discord.permissions",),
        "Manage Webhooks",
        "channel's settings",
    ),
    "webhook forbidden": Fault(
        lambda w: w.discord.faults.plan(
            "POST /channels/{channel}/webhooks", discord_refuses(30007)
        ),
        ("discord.webhook",),
        "fifteen webhooks",
        "manage webhooks",
    ),
    "role not mentionable": Fault(
        role_shut, ("discord.roles",), "AI Doomer", "tertulia discord roles create"
    ),
    "role missing": Fault(
        role_gone, ("discord.roles",), "AI Doomer", "tertulia discord roles create"
    ),
    "commands not published": Fault(
        lambda w: w.bot.commands.clear(), ("discord.commands",), "commands", "discord sync"
    ),
    "sessions used up": Fault(
        lambda w: w.discord.gateway.identifies.update({w.bot.id: 990}),
        ("discord.sessions",),
        "only 10 sessions",
        "tertulia logs",
    ),
}
