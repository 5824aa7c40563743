"""A message: who said what, and how the Web API and events give it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.slack.protocol import Json


@dataclass(slots=True)
class Identity:
    """Who a message is shown to be from, where an app says so with `chat:write.customize`."""

    username: str
    emoji: str = ""
    image: str = ""

    def icons(self) -> Json:
        """As a message carries them; the emoji overrides the image."""
        if self.emoji:
            return {"emoji": self.emoji}
        return {"image_48": self.image, "image_72": self.image} if self.image else {}


@dataclass(slots=True)
class Stream:
    """The state of a message that an app streams."""

    ends_at: float
    """`SlackClock.seconds` after which Slack takes nothing more."""
    is_open: bool = True
    is_stopped_by_reader: bool = False

    def takes_more(self, now: float) -> bool:
        """Whether it can still be appended to, at this time of `SlackClock.seconds`."""
        return self.is_open and now <= self.ends_at


@dataclass(slots=True, eq=False)
class Message:
    """A message; `user` is its author, for an app its bot user."""

    ts: str
    channel: str
    team_id: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    parent_user: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    bot_name: str = ""
    identity: Identity | None = None
    client_msg_id: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    files: list[Json] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: Json | None = None
    is_broadcast: bool = False
    """A reply that stands in the channel too."""
    only_for: str | None = None
    """The one person who sees it; such a message is kept nowhere."""
    links_names: bool = False
    """Whether bare names are turned into mentions."""
    stream: Stream | None = None
    posted_at: float = 0.0
    """`SlackClock.seconds`."""

    @property
    def is_root(self) -> bool:
        """Whether it stands in the channel."""
        return self.thread_ts is None or self.thread_ts == self.ts or self.is_broadcast

    def as_json(self, *, with_metadata: bool = False) -> Json:
        """As the Web API gives it, without what only the channel knows of its thread."""
        found: Json = {"type": "message", "ts": self.ts, "text": self.text, "team": self.team_id}
        subtype = self._shown_subtype()
        if subtype:
            found["subtype"] = subtype
        if self.identity is not None:
            found["username"] = self.identity.username or self.bot_name
            found["icons"] = self.identity.icons()
        else:
            found["user"] = self.user
        if self.bot_id is not None:
            found["bot_id"] = self.bot_id
            found["app_id"] = self.app_id
            found["bot_profile"] = {
                "id": self.bot_id,
                "app_id": self.app_id,
                "name": self.bot_name,
                "team_id": self.team_id,
                "deleted": False,
            }
        return found | self._optional(with_metadata)

    def _shown_subtype(self) -> str | None:
        if self.subtype is not None:
            return self.subtype
        if self.identity is not None:
            return "bot_message"
        return "thread_broadcast" if self.is_broadcast else None

    def _optional(self, with_metadata: bool) -> Json:
        reactions = [
            {"name": name, "users": list(users), "count": len(users)}
            for name, users in self.reactions.items()
            if users
        ]
        fields: Json = {
            "client_msg_id": self.client_msg_id,
            "blocks": self.blocks,
            "attachments": self.attachments,
            "files": self.files,
            "thread_ts": self.thread_ts,
            "parent_user_id": self.parent_user if self.thread_ts != self.ts else None,
            "edited": self.edited,
            "reactions": reactions,
            "metadata": self.metadata if with_metadata else None,
        }
        return {name: value for name, value in fields.items() if value}
