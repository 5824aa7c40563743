"""What a guild is made of: users, members, roles, channels and threads, as payloads show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from tests.fakes.discord.messages import Message
from tests.fakes.discord.permissions import EVERYONE, NONE, Overwrite, Permission
from tests.fakes.discord.protocol import Json
from tests.fakes.discord.users import User


class Kind(IntEnum):
    """Channel types."""

    TEXT = 0
    DIRECT = 1
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15


@dataclass(slots=True, eq=False)
class Role:
    """`app_id`: managed by this application, which bears its name."""

    id: str
    name: str
    permissions: Permission = NONE
    position: int = 1
    color: int = 0
    is_mentionable: bool = False
    app_id: str | None = None

    def as_json(self) -> Json:
        """As the guild lists it."""
        found: Json = {
            "id": self.id,
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": self.position,
            "color": self.color,
            "colors": {
                "primary_color": self.color,
                "secondary_color": None,
                "tertiary_color": None,
            },
            "hoist": False,
            "managed": self.app_id is not None,
            "mentionable": self.is_mentionable,
            "flags": 0,
        }
        if self.app_id is not None:
            found["tags"] = {"bot_id": self.app_id}
        return found


@dataclass(slots=True, eq=False)
class Member:
    """A user in a guild."""

    user: User
    joined_at: str
    roles: list[str] = field(default_factory=list)
    nick: str | None = None

    def as_json(self, *, with_user: bool = True) -> Json:
        """Messages carry it without its user."""
        found: Json = {
            "roles": list(self.roles),
            "nick": self.nick,
            "avatar": None,
            "joined_at": self.joined_at,
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        return found | {"user": self.user.as_json()} if with_user else found


@dataclass(slots=True, eq=False)
class Channel:
    """A channel, a direct message, or a thread (`parent` is the channel that it is in)."""

    id: str
    kind: Kind
    name: str = ""
    guild_id: str | None = None
    parent: Channel | None = None
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    """By the id of a role (the guild's id: @everyone) or of a user."""
    messages: dict[str, Message] = field(default_factory=dict)
    """By id, oldest first; ephemeral ones are not among them."""
    topic: str = ""
    members: list[str] = field(default_factory=list)
    """Who has joined a thread, or is in a direct message."""
    users: list[User] = field(default_factory=list)
    """Of a direct message."""
    owner_id: str = ""
    is_archived: bool = False
    is_locked: bool = False
    auto_archive_min: int = 4320
    archive_changed_at: str = ""
    applied_tags: list[str] = field(default_factory=list)

    @property
    def is_thread(self) -> bool:
        return self.kind in (Kind.PUBLIC_THREAD, Kind.PRIVATE_THREAD)

    @property
    def place(self) -> Channel:
        """Whose overwrites count: a thread has those of its parent."""
        return self.parent or self

    def as_json(self, reader: str = "") -> Json:
        """As it is shown to this user, who is not told as a recipient of a direct message."""
        last = next(reversed(self.messages), None)
        found: Json = {"id": self.id, "type": int(self.kind), "last_message_id": last, "flags": 0}
        if self.kind is Kind.DIRECT:
            others = [user.as_json() for user in self.users if user.id != reader]
            return found | {"recipients": others}
        found |= {"guild_id": self.guild_id, "name": self.name, "rate_limit_per_user": 0}
        if self.is_thread:
            return found | self._as_thread(reader)
        return found | {
            "position": 0,
            "parent_id": None,
            "topic": self.topic,
            "nsfw": False,
            "permission_overwrites": [
                {
                    "id": id_,
                    "type": overwrite.target_type,
                    "allow": str(int(overwrite.allow)),
                    "deny": str(int(overwrite.deny)),
                }
                for id_, overwrite in self.overwrites.items()
            ],
            "available_tags": [],
        }

    def _as_thread(self, reader: str) -> Json:
        found: Json = {
            "parent_id": self.place.id,
            "owner_id": self.owner_id,
            "message_count": len(self.messages),
            "total_message_sent": len(self.messages),
            "member_count": len(self.members),
            "applied_tags": self.applied_tags,
            "thread_metadata": {
                "archived": self.is_archived,
                "locked": self.is_locked,
                "auto_archive_duration": self.auto_archive_min,
                "archive_timestamp": self.archive_changed_at,
                "create_timestamp": self.archive_changed_at,
            },
        }
        if reader in self.members:
            found["member"] = self.member_json(reader)
        return found

    def member_json(self, user_id: str) -> Json:
        """Somebody in the thread."""
        return {
            "id": self.id,
            "user_id": user_id,
            "join_timestamp": self.archive_changed_at,
            "flags": 0,
        }


@dataclass(slots=True, eq=False)
class Guild:
    """A server; the @everyone role has the guild's id."""

    id: str
    name: str
    owner_id: str
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    max_active_threads: int = 1000

    @classmethod
    def new(cls, id_: str, name: str, owner_id: str) -> Guild:
        """With its @everyone role."""
        return cls(id_, name, owner_id, {id_: Role(id_, "@everyone", EVERYONE, position=0)})

    def as_json(self) -> Json:
        """Without channels and members."""
        return {
            "id": self.id,
            "name": self.name,
            "icon": None,
            "splash": None,
            "owner_id": self.owner_id,
            "roles": [role.as_json() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "afk_channel_id": None,
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "premium_tier": 0,
            "nsfw_level": 0,
            "preferred_locale": "en-US",
            "system_channel_id": None,
            "system_channel_flags": 0,
            "premium_progress_bar_enabled": False,
            "member_count": len(self.members),
        }
