"""What can be done with messages, whoever does it; keeps count of who was pinged by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.fakes.changes import Changes
from tests.fakes.slack.clock import SlackClock
from tests.fakes.slack.events import Announcer
from tests.fakes.slack.mentions import mentions
from tests.fakes.slack.messages import Identity, Message
from tests.fakes.slack.protocol import Json
from tests.fakes.slack.workspace import Channel, User, Workspaces

Why = Literal["user", "group", "here", "channel", "everyone"]


@dataclass(frozen=True, slots=True)
class Ping:
    """A person was notified of a message because it mentions them."""

    user: str
    channel: str
    ts: str
    author: str
    """The user id of who wrote the message."""
    why: Why


@dataclass(frozen=True, slots=True)
class Status:
    """That an app is thinking, under a thread; gone when it posts there, or in a while."""

    text: str
    ends_at: float
    identity: Identity | None


class Posting:
    """Changes messages and tells of it; checks nothing."""

    def __init__(
        self, workspaces: Workspaces, announcer: Announcer, clock: SlackClock, changes: Changes
    ) -> None:
        self.pings: list[Ping] = []
        self.ephemerals: list[Message] = []
        self.statuses: dict[tuple[str, str], Status] = {}
        """By channel and thread."""
        self._workspaces, self._announcer = workspaces, announcer
        self._clock, self._changes = clock, changes

    def post(self, channel: Channel, message: Message) -> None:
        """Has it stand in the channel or its thread."""
        message.posted_at = self._clock.seconds()
        channel.messages[message.ts] = message
        if message.bot_id is not None and message.thread_ts is not None:
            self.statuses.pop((channel.id, message.thread_ts), None)
        self._ping(channel, message)
        self._announcer.message(channel, message)
        self._changes.tell()

    def post_ephemeral(self, message: Message) -> None:
        """Has one person see it; it is not kept, and nobody is told."""
        self.ephemerals.append(message)
        self._changes.tell()

    def edited(self, channel: Channel, message: Message, previous: Json) -> None:
        """Tells that the message, which was `previous`, has been changed."""
        self._ping(channel, message)
        self._announcer.changed(channel, message, previous)
        self._changes.tell()

    def grown(self, channel: Channel, message: Message) -> None:
        """Tells that a streaming message has more in it."""
        self._ping(channel, message)
        self._changes.tell()

    def delete(self, channel: Channel, message: Message) -> None:
        """Takes it away; a root with replies stays as a headstone."""
        if channel.thread(message.ts):
            previous = message.as_json()
            message.text, message.subtype = "This message was deleted.", "tombstone"
            message.blocks, message.files, message.metadata = [], [], None
            message.identity, message.user = None, "USLACKBOT"
            self._announcer.changed(channel, message, previous)
        else:
            del channel.messages[message.ts]
            self._announcer.deleted(channel, message)
        self._changes.tell()

    def react(self, message: Message, user: User, name: str, *, is_added: bool) -> bool:
        """Adds or removes a reaction; whether that changed anything."""
        users = message.reactions.setdefault(name, [])
        if is_added == (user.id in users):
            return False
        (users.append if is_added else users.remove)(user.id)
        self._announcer.reaction(message, user, name, is_added=is_added)
        self._changes.tell()
        return True

    def set_status(self, channel: str, thread: str, status: Status | None) -> None:
        """Shows or takes away that an app is thinking."""
        self.statuses.pop((channel, thread), None)
        if status is not None:
            self.statuses[channel, thread] = status
        self._changes.tell()

    def status(self, channel: str, thread: str) -> Status | None:
        """What is shown under the thread now."""
        found = self.statuses.get((channel, thread))
        return found if found is not None and found.ends_at > self._clock.seconds() else None

    def _ping(self, channel: Channel, message: Message) -> None:
        already = {(p.user, p.why) for p in self.pings if p.ts == message.ts}
        for user, why in self._pinged(channel, message):
            if user != message.user and (user, why) not in already:
                self.pings.append(Ping(user, channel.id, message.ts, message.user, why))

    def _pinged(self, channel: Channel, message: Message) -> list[tuple[str, Why]]:
        found = mentions(message)
        present = [u for u in channel.members if not self._workspaces.users[u].is_bot]
        named_users = (self._workspaces.user_named(channel.team_id, u) for u in found.users)
        reach: list[tuple[str, Why]] = [(user, "user") for user in sorted(set(named_users))]
        for group in self._workspaces.groups.values():
            named = group.id in found.groups or group.handle.lower() in found.names
            if named and not group.is_disabled and group.team_id == channel.team_id:
                reach += [(user, "group") for user in group.users]
        if "here" in found.broadcasts:
            reach += [(u, "here") for u in present if self._workspaces.users[u].is_active]
        if "channel" in found.broadcasts:
            reach += [(user, "channel") for user in present]
        if "everyone" in found.broadcasts:
            reach += [(user, "everyone") for user in present]
        return [(user, why) for user, why in reach if self._can_see(channel, user)]

    def _can_see(self, channel: Channel, user_id: str) -> bool:
        user = self._workspaces.users.get(user_id)
        if user is None or user.is_bot or user.team_id != channel.team_id:
            return False
        return channel.kind == "public" or user_id in channel.members
