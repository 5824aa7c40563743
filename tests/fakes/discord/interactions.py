"""Interactions: what an app is sent when somebody uses it, and what may come of it until when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.discord.applications import Application
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.messages import Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.protocol import Json, Refused
from tests.fakes.discord.users import User

if TYPE_CHECKING:
    from tests.fakes.discord.server import LocalDiscord

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5


@dataclass(slots=True, eq=False)
class Interaction:
    """`answer` is the type of the first response, 0 while there is none."""

    id: str
    token: str
    app: Application
    user: User
    channel: Channel
    kind: int
    data: Json
    made_at: float
    message: Message | None = None
    """The one whose component was used."""
    answer: int = 0
    original: Message | None = None
    choices: list[Json] = field(default_factory=list)
    modal: Json | None = None
    is_given_up: bool = False
    """Nobody answered in time."""

    def as_metadata(self) -> Json:
        """`interaction_metadata` of its messages."""
        return {
            "id": self.id,
            "type": self.kind,
            "user": self.user.as_json(),
            "authorizing_integration_owners": {"0": self.channel.guild_id or "0"},
        }


class Interactions:
    """All so far, by token."""

    def __init__(self, discord: LocalDiscord) -> None:
        self._discord = discord
        self.all: dict[str, Interaction] = {}

    def start(
        self,
        app: Application,
        user: User,
        channel: Channel,
        kind: int,
        data: Json,
        message: Message | None = None,
    ) -> Interaction:
        """Sends it to the application."""
        clock = self._discord.clock
        id_, token, now = clock.snowflake(), clock.secret(96), clock.seconds()
        started = Interaction(id_, token, app, user, channel, kind, data, now, message)
        self.all[token] = started
        self._discord.announcer.interaction(app, channel.guild_id, self._payload(started))
        return started

    def waiting(self, id_: str, token: str) -> Interaction:
        """The one that is to be answered for the first time.

        Raises:
            Refused: 10062 (unknown, or too late), 40060 (it was answered)
        """
        found = self.all.get(token)
        if found is None or found.id != id_ or found.is_given_up:
            raise Refused(10062)
        if found.answer:
            raise Refused(40060)
        if self._discord.clock.seconds() - found.made_at > self._discord.timing.answer_s:
            raise Refused(10062)
        return found

    def of_token(self, app_id: str, token: str) -> Interaction:
        """The one whose token this is, for a quarter of an hour.

        Raises:
            Refused: 10015 (unknown or unanswered), 50027 (too late)
        """
        found = self.all.get(token)
        if found is None or found.app.id != app_id or not found.answer:
            raise Refused(10015)
        if self._discord.clock.seconds() - found.made_at > self._discord.timing.token_s:
            raise Refused(50027)
        return found

    def _payload(self, interaction: Interaction) -> Json:
        world, channel, user = self._discord.world, interaction.channel, interaction.user
        app, guild = interaction.app, world.guild_of(channel)
        rights = str(int(world.permissions(user.id, channel)))
        found: Json = {
            "id": interaction.id,
            "application_id": app.id,
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": interaction.data,
            "channel_id": channel.id,
            "channel": channel.as_json(app.id) | {"permissions": rights},
            "app_permissions": str(int(world.permissions(app.id, channel))),
            "locale": user.locale,
            "entitlements": [],
            "authorizing_integration_owners": {"0": channel.guild_id or "0"},
            "context": 0 if guild else 1,
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if interaction.message is not None:
            found["message"] = interaction.message.as_json(app.id)
        if guild is None:
            return found | {"user": user.as_json()}
        return found | {
            "guild_id": guild.id,
            "guild": {"id": guild.id, "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": guild.members[user.id].as_json() | {"permissions": rights},
        }

    def may_use(self, user: User, channel: Channel) -> bool:
        """Whether somebody may use commands here."""
        needed = Permission.USE_APPLICATION_COMMANDS
        return self._discord.world.may(user.id, channel, needed)
