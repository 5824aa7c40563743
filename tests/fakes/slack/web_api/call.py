"""A call of a Web API method: its arguments, whom its token speaks for, what that one may do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.apps import Caller, Installation, TokenKind
from tests.fakes.slack.limits import Tier
from tests.fakes.slack.messages import Message
from tests.fakes.slack.protocol import Json, Refused
from tests.fakes.slack.workspace import Channel, Team, User

if TYPE_CHECKING:
    from tests.fakes.slack.server import LocalSlack

_FALSE = ("", "0", "false", "False", "null")


@dataclass(slots=True)
class Call:
    """One call; every reader of an argument takes both a form's text and JSON's own types."""

    slack: LocalSlack
    method: str
    args: Json
    caller: Caller | None
    warnings: list[str] = field(default_factory=list)

    @property
    def scopes(self) -> frozenset[str]:
        """What the token was granted."""
        return self.caller.scopes if self.caller is not None else frozenset()

    @property
    def installation(self) -> Installation:
        """The installation whose token this is.

        Raises:
            Refused: `not_allowed_token_type`
        """
        if self.caller is None or self.caller.installation is None:
            raise Refused("not_allowed_token_type")
        return self.caller.installation

    @property
    def user(self) -> User:
        """Whom the caller acts as: the bot user, or a person."""
        if self.caller is None or self.caller.user is None:
            raise Refused("not_allowed_token_type")
        return self.caller.user

    @property
    def team(self) -> Team:
        """The workspace of the call; an org-wide token names it, or something that is in it.

        Raises:
            Refused: `missing_argument`
        """
        own = self.installation.team
        if not self.installation.is_org_wide:
            return own
        teams, found = self.slack.workspaces.teams, self.text("team_id")
        for name in ("channel", "channel_id", "user", "users", "user_id", "file"):
            found = found or self._team_of(self.text(name))
        if found not in teams or teams[found].enterprise_id != own.enterprise_id:
            raise Refused("missing_argument")
        return teams[found]

    def _team_of(self, named: str) -> str:
        workspaces = self.slack.workspaces
        first = named.partition(",")[0]
        here = (
            workspaces.channels.get(first)
            or workspaces.users.get(first)
            or workspaces.files.get(first)
        )
        return "" if here is None else here.team_id

    def text(self, name: str) -> str:
        """A text, empty when it is not given."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """A switch, off when it is not given."""
        value = self.args.get(name)
        return value not in _FALSE if isinstance(value, str) else bool(value)

    def number(self, name: str, default: int, most: int) -> int:
        """A count from 1 to `most`.

        Raises:
            Refused: `invalid_limit`
        """
        value = self.args.get(name)
        if value in (None, "", 0, "0"):
            return default
        try:
            count = int(str(value))
        except ValueError:
            raise Refused("invalid_limit") from None
        if count < 1:
            raise Refused("invalid_limit")
        return min(count, most)

    def structure(self, name: str, error: str = "invalid_arguments") -> Any:
        """A JSON value, given as such or as text.

        Raises:
            Refused: with `error`.
        """
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except json.JSONDecodeError:
            raise Refused(error) from None

    def require(self, *scopes: str) -> None:
        """One of these scopes.

        Raises:
            Refused: `missing_scope`, with what is needed and what was provided.
        """
        if scopes and not self.scopes.intersection(scopes):
            raise Refused(
                "missing_scope", needed=",".join(scopes), provided=",".join(sorted(self.scopes))
            )

    def channel(self, name: str = "channel") -> Channel:
        """The conversation that an argument names, if the caller can know of it.

        Raises:
            Refused: `channel_not_found`
        """
        found = self.slack.workspaces.channel(self.team.id, self.text(name))
        if found is None or (found.kind != "public" and self.user.id not in found.members):
            raise Refused("channel_not_found")
        return found

    def message(self, channel: Channel, name: str, error: str = "message_not_found") -> Message:
        """The message of this ts in the channel.

        Raises:
            Refused: with `error`.
        """
        found = channel.messages.get(self.text(name))
        if found is None:
            raise Refused(error)
        return found


@dataclass(frozen=True, slots=True)
class Method:
    """What Slack's reference says about a method, and what does it."""

    handle: Callable[[Call], Json]
    tier: Tier
    scopes: tuple[str, ...] = ()
    """Any one of them; none: no scope is needed, or it depends on the conversation."""
    required: tuple[str, ...] = ()
    tokens: tuple[TokenKind, ...] = ("bot", "user")
    """Empty: it is called without a token."""
    reads_messages: bool = False
    """Held to one call a minute for apps sold outside the Marketplace."""
    post_only: bool = False
    takes_json: bool = True
    """Where not, a JSON body is not read, and the call is one without arguments."""
