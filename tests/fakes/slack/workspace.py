"""What a workspace is made of: people, channels, user groups and files; and where it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.slack.clock import Ids
from tests.fakes.slack.messages import Message
from tests.fakes.slack.protocol import Json

ChannelKind = Literal["public", "private", "im", "mpim"]


@dataclass(slots=True, eq=False)
class Team:
    """A workspace; part of an Enterprise Grid when `enterprise_id` is given."""

    id: str
    name: str
    domain: str
    enterprise_id: str | None = None
    is_paid: bool = True
    """User groups need a paid plan."""
    edit_window_s: float | None = None
    """After so long, messages can no longer be edited; `None`: always."""

    @property
    def url(self) -> str:
        """Where people open it."""
        return f"https://{self.domain}.slack.com/"


@dataclass(slots=True, eq=False)
class User:
    """A person, or the bot user of an installed app."""

    id: str
    team_id: str
    name: str
    real_name: str
    locale: str = "en-US"
    tz: str = "Europe/Madrid"
    is_admin: bool = False
    is_owner: bool = False
    is_active: bool = True
    """Whether `@here` reaches them."""
    is_deleted: bool = False
    is_restricted: bool = False
    """A guest."""
    app_id: str | None = None
    bot_id: str | None = None
    enterprise_id: str | None = None
    """For who is in every workspace of an Enterprise Grid."""

    @property
    def is_bot(self) -> bool:
        return self.bot_id is not None

    def as_json(self, *, locale: bool = False, email: bool = False) -> Json:
        """As `users.info` gives it."""
        profile: Json = {
            "real_name": self.real_name,
            "display_name": self.name,
            "image_72": f"https://avatars.example/{self.id}.png",
            "team": self.team_id,
        }
        if email:
            profile["email"] = f"{self.name}@example.com"
        found: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.is_deleted,
            "real_name": self.real_name,
            "tz": self.tz,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_restricted": self.is_restricted,
            "is_bot": self.is_bot,
            "is_app_user": False,
        }
        if locale:
            found["locale"] = self.locale
        return found


@dataclass(slots=True, eq=False)
class Channel:
    """A conversation: a public or private channel, or a direct message."""

    id: str
    team_id: str
    name: str
    kind: ChannelKind
    creator: str
    members: list[str] = field(default_factory=list)
    is_archived: bool = False
    refuses: str = ""
    """The error with which it refuses every post, such as `restricted_action_read_only_channel`."""
    messages: dict[str, Message] = field(default_factory=dict)
    """By ts, in order; ephemeral ones are not among them."""
    locked_threads: set[str] = field(default_factory=set)

    @property
    def type_name(self) -> str:
        """`channel_type` of an event."""
        return {"public": "channel", "private": "group"}.get(self.kind, self.kind)

    @property
    def scope_prefix(self) -> str:
        """`channels` of `channels:history`."""
        return {"public": "channels", "private": "groups"}.get(self.kind, self.kind)

    def thread(self, root_ts: str) -> list[Message]:
        """The replies to this message, oldest first."""
        return [
            message
            for message in self.messages.values()
            if message.thread_ts == root_ts and message.ts != root_ts
        ]

    def as_json(self, reader: str) -> Json:
        """As `conversations.info` gives it to this user."""
        found: Json = {
            "id": self.id,
            "created": 1_700_000_000,
            "is_archived": self.is_archived,
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "public",
            "context_team_id": self.team_id,
        }
        if self.kind == "im":
            return found | {"user": next((m for m in self.members if m != reader), reader)}
        return found | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "public",
            "is_group": self.kind == "private",
            "is_general": self.name == "general",
            "is_shared": False,
            "is_ext_shared": False,
            "is_org_shared": False,
            "shared_team_ids": [self.team_id],
            "is_member": reader in self.members,
            "creator": self.creator,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass(slots=True, eq=False)
class UserGroup:
    """A user group; `<!subteam^ID>` reaches its users."""

    id: str
    team_id: str
    handle: str
    name: str
    users: list[str]
    is_disabled: bool = False


@dataclass(slots=True, eq=False)
class File:
    """A file, and where it was shared."""

    id: str
    team_id: str
    name: str
    title: str
    mimetype: str
    user: str
    url: str
    length: int = 0
    content: bytes | None = None
    """`None` until it was uploaded."""
    shares: list[tuple[str, str]] = field(default_factory=list)
    """Channel and ts of each message that carries it."""

    def as_json(self) -> Json:
        """As messages and `files.info` give it."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2],
            "user": self.user,
            "size": self.length,
            "mode": "hosted",
            "is_external": False,
            "url_private": self.url,
            "url_private_download": f"{self.url}?download=1",
            "permalink": f"https://files.example/{self.id}",
        }


class Workspaces:
    """All teams and what is in them, by id."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, UserGroup] = {}
        self.files: dict[str, File] = {}

    def channel(self, team_id: str, named: str) -> Channel | None:
        """By id, or by name with or without `#`."""
        found = self.channels.get(named)
        if found is not None:
            return found if found.team_id == team_id else None
        wanted = named.removeprefix("#")
        return next((c for c in self.of_team(team_id) if c.name == wanted), None)

    def has(self, team_id: str, user: User) -> bool:
        """Whether this is a user of this workspace."""
        is_everywhere = user.enterprise_id is not None
        enterprise = self.teams[team_id].enterprise_id
        return user.team_id == team_id or (is_everywhere and user.enterprise_id == enterprise)

    def user_named(self, team_id: str, named: str) -> str:
        """The id of who has this id or name; what was given where nobody has."""
        if named in self.users:
            return named
        users = (user for user in self.users.values() if self.has(team_id, user))
        return next((user.id for user in users if user.name == named.lower()), named)

    def of_team(self, team_id: str) -> Iterator[Channel]:
        """The team's conversations."""
        return (channel for channel in self.channels.values() if channel.team_id == team_id)

    def direct(self, team_id: str, users: Iterable[str]) -> Channel:
        """The direct message of these users, opened if there is none."""
        members = sorted(set(users))
        kind: ChannelKind = "im" if len(members) <= 2 else "mpim"
        for channel in self.of_team(team_id):
            if channel.kind == kind and sorted(channel.members) == members:
                return channel
        prefix = "D" if kind == "im" else "G"
        opened = Channel(self._ids.mint(prefix), team_id, "", kind, members[0], members)
        self.channels[opened.id] = opened
        return opened
