"""An application: its bot, its token, the privileged intents it may ask for, and its commands."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag

from tests.fakes.discord.protocol import Json
from tests.fakes.discord.users import User


class Intent(IntFlag):
    """Which events a session hears."""

    GUILDS = 1 << 0
    MEMBERS = 1 << 1
    WEBHOOKS = 1 << 5
    PRESENCES = 1 << 8
    MESSAGES = 1 << 9
    REACTIONS = 1 << 10
    TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_REACTIONS = 1 << 13
    DIRECT_TYPING = 1 << 14
    CONTENT = 1 << 15


PRIVILEGED = Intent.MEMBERS | Intent.PRESENCES | Intent.CONTENT
_FLAGS = {
    Intent.PRESENCES: 1 << 13,
    Intent.MEMBERS: 1 << 15,
    Intent.CONTENT: 1 << 19,
}


@dataclass(slots=True, eq=False)
class Application:
    """Its id is its bot's."""

    user: User
    token: str
    owner: User
    allowed: Intent = PRIVILEGED
    """The privileged intents that are switched on in the developer portal."""
    commands: dict[str, list[Json]] = field(default_factory=dict)
    """By guild id; those of all guilds under the empty one."""
    creates: dict[str, int] = field(default_factory=dict)
    """Commands created so far today, by guild id."""

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def flags(self) -> int:
        """As `applications/@me` gives them."""
        return sum(flag for intent, flag in _FLAGS.items() if intent in self.allowed)

    def as_json(self) -> Json:
        """As `applications/@me` gives it."""
        return {
            "id": self.id,
            "name": self.user.name,
            "icon": None,
            "description": "",
            "summary": "",
            "type": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": self.flags,
            "owner": self.owner.as_json(),
            "team": None,
            "bot": self.user.as_json(),
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "integration_types_config": {"0": {}},
        }

    def command(self, guild_id: str, name: str, kind: int) -> Json:
        """The command that people find under this name in this guild.

        Raises:
            LookupError
        """
        for scope in (guild_id, ""):
            for command in self.commands.get(scope, []):
                if command["name"] == name and command["type"] == kind:
                    return command
        raise LookupError(f"no command {name} here")


@dataclass(slots=True, eq=False)
class Webhook:
    """Posts into one channel, and its threads, under any name."""

    id: str
    token: str
    channel_id: str
    guild_id: str
    name: str
    owner: User
    app_id: str | None

    def as_json(self, reader: str = "", url: str = "") -> Json:
        """Its token is shown to the application that made it, and to people."""
        found: Json = {
            "id": self.id,
            "type": 1,
            "name": self.name,
            "avatar": None,
            "channel_id": self.channel_id,
            "guild_id": self.guild_id,
            "application_id": self.app_id,
            "user": self.owner.as_json(),
        }
        if self.app_id in (None, reader):
            found |= {"token": self.token, "url": f"{url}/api/webhooks/{self.id}/{self.token}"}
        return found
