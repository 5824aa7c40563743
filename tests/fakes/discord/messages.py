"""A message, and how payloads show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntFlag

from tests.fakes.discord.clock import moment
from tests.fakes.discord.protocol import Json
from tests.fakes.discord.users import User


class Flag(IntFlag):
    """Message flags."""

    HAS_THREAD = 1 << 5
    EPHEMERAL = 1 << 6
    LOADING = 1 << 7
    COMPONENTS_V2 = 1 << 15


NO_FLAGS = Flag(0)


@dataclass(slots=True)
class Mentions:
    """Whom a message mentions, as far as it is allowed to."""

    users: list[User] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    is_everyone: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """`only_for`: whom an ephemeral one is shown to."""

    id: str
    channel_id: str
    author: User
    content: str = ""
    guild_id: str | None = None
    type: int = 0
    flags: Flag = NO_FLAGS
    webhook_id: str | None = None
    application_id: str | None = None
    nonce: str | None = None
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    mentions: Mentions = field(default_factory=Mentions)
    replied_to: Message | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    """Who reacted, by emoji: itself, or `name:id` of a guild's own."""
    edited_at: str | None = None
    old_edits: int = 0
    """Edits made when it was more than an hour old."""
    is_pinned: bool = False
    only_for: str | None = None
    interaction: Json | None = None
    """`interaction_metadata` of an answer to an interaction."""
    thread: Json | None = None
    """The thread made from it."""

    def as_json(self, reader: str = "") -> Json:
        """All of it, with `me` in reactions for this reader."""
        found: Json = {
            "id": self.id,
            "channel_id": self.channel_id,
            "type": self.type,
            "author": self.author.as_json(),
            "content": self.content,
            "timestamp": moment(self.id),
            "edited_timestamp": self.edited_at,
            "tts": False,
            "mention_everyone": self.mentions.is_everyone,
            "mentions": [user.as_json() for user in self.mentions.users],
            "mention_roles": list(self.mentions.roles),
            "attachments": self.attachments,
            "embeds": self.embeds,
            "components": self.components,
            "pinned": self.is_pinned,
            "flags": int(self.flags),
        }
        if self.reactions:
            found["reactions"] = [
                reaction(emoji, users, reader) for emoji, users in self.reactions.items()
            ]
        optional = {
            "webhook_id": self.webhook_id,
            "application_id": self.application_id,
            "nonce": self.nonce,
            "interaction_metadata": self.interaction,
            "thread": self.thread,
        }
        found |= {name: value for name, value in optional.items() if value is not None}
        if self.type == 19:
            found |= self._reference(reader)
        return found

    def _reference(self, reader: str) -> Json:
        if self.replied_to is None:
            return {"referenced_message": None}
        quoted = self.replied_to.as_json(reader)
        quoted.pop("referenced_message", None)
        where = {"message_id": self.replied_to.id, "channel_id": self.channel_id}
        if self.guild_id is not None:
            where["guild_id"] = self.guild_id
        return {"message_reference": {"type": 0} | where, "referenced_message": quoted}


def emoji_json(key: str) -> Json:
    """An emoji as payloads give it, of `name:id` or of the character itself."""
    name, _, id_ = key.partition(":")
    return {"id": id_ or None, "name": name}


def reaction(emoji: str, users: list[str], reader: str) -> Json:
    """So many reacted with this."""
    return {
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "me": reader in users,
        "me_burst": False,
        "burst_colors": [],
        "emoji": emoji_json(emoji),
    }


def without_content(message: Json) -> Json:
    """What is shown to those without the message-content intent."""
    hidden: Json = {"content": "", "embeds": [], "attachments": [], "components": []}
    quoted = message.get("referenced_message")
    return message | hidden | ({"referenced_message": quoted and quoted | hidden} if quoted else {})
