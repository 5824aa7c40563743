"""The caller itself: its user, its application, where its gateway is, its commands."""

from __future__ import annotations

import re

from tests.fakes.discord.gateway import IDENTIFIES_A_DAY
from tests.fakes.discord.protocol import Json, Refused
from tests.fakes.discord.rest.call import Call, Route

CHAT, USER, MESSAGE = 1, 2, 3
MOST_COMMANDS = {CHAT: 100, USER: 15, MESSAGE: 15}
CREATES_A_DAY = 200
MOST_OPTIONS = 25
_NAME = re.compile(r"^[-_'\w]{1,32}$", re.UNICODE)


def _me(call: Call) -> Json:
    return call.app.user.as_json() | {"verified": True, "mfa_enabled": False, "email": None}


def _user(call: Call) -> Json:
    user = call.discord.world.users.get(call.params["user"])
    if user is None:
        raise Refused(10013)
    return user.as_json()


def _direct(call: Call) -> Json:
    user = call.discord.world.users.get(str(call.body.get("recipient_id")))
    if user is None or user is call.app.user:
        raise Refused(50007)
    return call.discord.direct(user, call.app.user).as_json(call.app.id)


def _guilds(call: Call) -> list[Json]:
    guilds = call.discord.world.guilds.values()
    return [guild.as_json() for guild in guilds if call.app.id in guild.members]


def _about(call: Call) -> Json:
    return call.app.as_json()


def _gateway(call: Call) -> Json:
    used = call.discord.gateway.identifies.get(call.app.id, 0)
    return {
        "url": call.discord.gateway_url,
        "shards": call.discord.shards,
        "session_start_limit": {
            "total": IDENTIFIES_A_DAY,
            "remaining": IDENTIFIES_A_DAY - used,
            "reset_after": 86_400_000,
            "max_concurrency": 1,
        },
    }


def _scope(call: Call) -> str:
    if call.params["app"] != call.app.id:
        raise Refused(10002)
    if "guild" not in call.params:
        return ""
    guild = call.discord.world.guilds.get(call.params["guild"])
    if guild is None or call.app.id not in guild.members:
        raise Refused(50001)
    return guild.id


def _commands(call: Call) -> list[Json]:
    return call.app.commands.get(_scope(call), [])


def _overwrite(call: Call) -> list[Json]:
    """Replaces all; a command that keeps its name and type keeps its id, others are created."""
    scope, app = _scope(call), call.app
    before = {(c["name"], c["type"]): c["id"] for c in app.commands.get(scope, [])}
    wanted = [_checked(command) for command in call.body["items"]]
    kinds = [command["type"] for command in wanted]
    if any(kinds.count(kind) > most for kind, most in MOST_COMMANDS.items()):
        raise Refused.form("type", "too many commands of this type")
    new = [command for command in wanted if (command["name"], command["type"]) not in before]
    app.creates[scope] = app.creates.get(scope, 0) + len(new)
    if app.creates[scope] > CREATES_A_DAY:
        raise Refused(30034)
    app.commands[scope] = [
        command
        | {
            "id": before.get((command["name"], command["type"])) or call.discord.clock.snowflake(),
            "application_id": app.id,
            "version": call.discord.clock.snowflake(),
            "default_member_permissions": command.get("default_member_permissions"),
        }
        | ({"guild_id": scope} if scope else {})
        for command in wanted
    ]
    return app.commands[scope]


def _checked(command: Json) -> Json:
    kind, name = int(command.get("type") or CHAT), str(command.get("name", ""))
    if kind == CHAT:
        _check_option(command)
    elif not 1 <= len(name) <= 32 or command.get("description"):
        raise Refused.form("name", "Command name is invalid")
    return command | {"type": kind, "description": command.get("description") or ""}


def _check_option(option: Json) -> None:
    """A command, a group, a subcommand or an option: all are named and described alike."""
    name, options = str(option.get("name", "")), option.get("options") or []
    if not _NAME.match(name) or name != name.lower():
        raise Refused.form("name", f"Command name is invalid: {name}")
    if not 1 <= len(str(option.get("description") or "")) <= 100:
        raise Refused.form("description", "Must be between 1 and 100 in length.")
    if len(options) > MOST_OPTIONS or len(option.get("choices") or []) > MOST_OPTIONS:
        raise Refused.form("options", f"Must be {MOST_OPTIONS} or fewer in length.")
    required = [bool(inner.get("required")) for inner in options]
    if required != sorted(required, reverse=True):
        raise Refused.form("options", "Required options must be placed before non-required options")
    for inner in options:
        _check_option(inner)


_COMMANDS = "/applications/{app}/commands"
_GUILD_COMMANDS = "/applications/{app}/guilds/{guild}/commands"
ROUTES = [
    Route("GET", "/users/@me", _me),
    Route("GET", "/users/@me/guilds", _guilds),
    Route("POST", "/users/@me/channels", _direct),
    Route("GET", "/users/{user}", _user),
    Route("GET", "/oauth2/applications/@me", _about),
    Route("GET", "/applications/@me", _about),
    Route("GET", "/gateway/bot", _gateway),
    Route("GET", _COMMANDS, _commands),
    Route("PUT", _COMMANDS, _overwrite),
    Route("GET", _GUILD_COMMANDS, _commands),
    Route("PUT", _GUILD_COMMANDS, _overwrite),
]
