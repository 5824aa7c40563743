"""A request: what it says, whose token it bears, and what that one may reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.discord.applications import Application, Webhook
from tests.fakes.discord.guilds import Channel, Guild
from tests.fakes.discord.limits import OTHER, Rate, TooMany
from tests.fakes.discord.messages import Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.protocol import Json, Refused

if TYPE_CHECKING:
    from tests.fakes.discord.server import LocalDiscord


class Throttled(Exception):
    """The request met a bucket that no header tells of."""

    def __init__(self, refused: TooMany) -> None:
        self.refused = refused
        super().__init__(refused.scope)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Call:
    """One request; `params` are the path's, `files` go by the number in `files[n]`."""

    discord: LocalDiscord
    params: dict[str, str]
    query: Json
    body: Json
    """A JSON object, or under `items` the list that was sent."""
    caller: Application | None
    files: dict[str, Upload] = field(default_factory=dict)

    @property
    def args(self) -> Json:
        """Everything that it says in one."""
        return self.query | self.body | self.params

    @property
    def app(self) -> Application:
        """Whose token it bears.

        Raises:
            Refused: 401
        """
        if self.caller is None:
            raise Refused(0)
        return self.caller

    def guild(self, *needed: Permission) -> Guild:
        """The guild that the path names.

        Raises:
            Refused: 10004, 50013
        """
        found = self.discord.world.guilds.get(self.params["guild"])
        if found is None or self.app.id not in found.members:
            raise Refused(10004)
        may = self.discord.world.base_permissions(self.app.id, found)
        if any(permission not in may for permission in needed):
            raise Refused(50013)
        return found

    def channel(self, *needed: Permission) -> Channel:
        """The channel that the path names, where the caller may do this.

        Raises:
            Refused: 10003, 50001, 50013
        """
        found = self.discord.world.channels.get(self.params["channel"])
        if found is None:
            raise Refused(10003)
        may = self.discord.world.permissions(self.app.id, found)
        if Permission.VIEW_CHANNEL not in may:
            raise Refused(50001)
        if any(permission not in may for permission in needed):
            raise Refused(50013)
        return found

    def message(self, channel: Channel) -> Message:
        """The message that the path names.

        Raises:
            Refused: 10008
        """
        found = channel.messages.get(self.params["message"])
        if found is None:
            raise Refused(10008)
        return found

    def webhook(self) -> Webhook:
        """The webhook that the path names; a token in the path must be its own.

        Raises:
            Refused: 10015, 50027
        """
        found = self.discord.world.webhooks.get(self.params["webhook"])
        if found is None:
            raise Refused(10015)
        if self.params.get("token", found.token) != found.token:
            raise Refused(50027)
        return found

    def show(self, message: Message) -> Json:
        """As the caller may see it."""
        return self.discord.shown(self.app, message, self.app.allowed)


@dataclass(frozen=True, slots=True)
class Route:
    """What answers a method on a path; the first parameter of the path is its bucket's own."""

    method: str
    path: str
    handle: Callable[[Call], object]
    rate: Rate = OTHER
    needs_token: bool = True
    is_limited: bool = True

    @property
    def name(self) -> str:
        """As faults and the trace call it."""
        return f"{self.method} {self.path}"
