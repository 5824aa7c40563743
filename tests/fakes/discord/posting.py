"""Messages and threads coming, changing and going, whoever does it; and who was pinged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.discord.guilds import Channel, Kind
from tests.fakes.discord.mentions import Allowed, Ping, find, pings
from tests.fakes.discord.messages import Flag, Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.protocol import Refused
from tests.fakes.discord.users import User

if TYPE_CHECKING:
    from tests.fakes.discord.server import LocalDiscord

NONCE_S = 300.0
"""For how long a nonce is remembered; Discord says "the past few minutes"."""
OLD_S = 3600.0
OLD_EDITS = 3
"""Edits that a message older than an hour takes; Discord does not say how many."""


class Posting:
    """`pings` and `ephemerals` are everything so far."""

    def __init__(self, discord: LocalDiscord) -> None:
        self._discord = discord
        self.pings: list[Ping] = []
        self.ephemerals: list[Message] = []
        self._nonces: dict[tuple[str, str], Message] = {}

    def of_nonce(self, author: User, nonce: str) -> Message | None:
        """What this author posted with this nonce in the past few minutes."""
        found = self._nonces.get((author.id, nonce))
        if found is None or self._discord.clock.age_s(found.id) > NONCE_S:
            return None
        return found

    def post(self, channel: Channel, message: Message, allowed: Allowed) -> Message:
        """Puts it into the channel, wakes the thread, tells the apps and pings people.

        Raises:
            Refused: the thread takes no messages.
        """
        world = self._discord.world
        self.wake(channel, message.author)
        message.mentions = find(world, channel, message, allowed)
        channel.messages[message.id] = message
        if message.nonce is not None:
            self._nonces[message.author.id, message.nonce] = message
        if channel.is_thread and not message.author.is_webhook:
            self.join_thread(channel, message.author)
        self._discord.announcer.message("MESSAGE_CREATE", channel, message)
        self.pings += pings(world, channel, message)
        return message

    def show_to_one(self, channel: Channel, message: Message) -> Message:
        """Shows an ephemeral message."""
        message.mentions = find(self._discord.world, channel, message, Allowed(frozenset()))
        self.ephemerals.append(message)
        self._discord.changes.tell()
        return message

    def edited(self, channel: Channel, message: Message, allowed: Allowed) -> None:
        """It says something else now; that pings nobody."""
        if self._discord.clock.age_s(message.id) > OLD_S:
            message.old_edits += 1
        message.edited_at = self._discord.clock.now()
        message.mentions = find(self._discord.world, channel, message, allowed)
        self.changed(channel, message)

    def changed(self, channel: Channel, message: Message) -> None:
        """Tells of it."""
        if message.only_for is None:
            self._discord.announcer.message("MESSAGE_UPDATE", channel, message)
        self._discord.changes.tell()

    def delete(self, channel: Channel, message: Message) -> None:
        """Takes it away; the thread made from it stays."""
        if message.only_for is not None:
            self.ephemerals.remove(message)
        else:
            del channel.messages[message.id]
            self._discord.announcer.deleted(channel, message)
        self._discord.changes.tell()

    def react(self, channel: Channel, message: Message, user: User, emoji: str) -> None:
        """Adds a reaction, unless it is there.

        Raises:
            Refused: 50083
        """
        self.must_be_open(channel)
        users = message.reactions.setdefault(emoji, [])
        if user.id not in users:
            users.append(user.id)
            self._discord.announcer.reaction(channel, message, user, emoji, "ADD")

    def unreact(self, channel: Channel, message: Message, user: User, emoji: str) -> None:
        """Takes it back, if it is there."""
        users = message.reactions.get(emoji, [])
        if user.id in users:
            users.remove(user.id)
            if not users:
                del message.reactions[emoji]
            self._discord.announcer.reaction(channel, message, user, emoji, "REMOVE")

    def open_thread(
        self, channel: Channel, owner: User, name: str, start: Message | None, archive_min: int
    ) -> Channel:
        """A new thread: made from a message it has that message's id.

        Raises:
            Refused: 160004, 160006
        """
        world, clock = self._discord.world, self._discord.clock
        guild = world.guild_of(channel)
        if guild is None or channel.is_thread:
            raise Refused(50024)
        if start is not None and start.id in world.channels:
            raise Refused(160004)
        if sum(1 for _ in world.threads_of(guild)) >= guild.max_active_threads:
            raise Refused(160006)
        id_ = start.id if start is not None else clock.snowflake()
        thread = Channel(id_, Kind.PUBLIC_THREAD, name, channel.guild_id, channel)
        thread.owner_id, thread.members = owner.id, [owner.id]
        thread.auto_archive_min, thread.archive_changed_at = archive_min, clock.now()
        world.channels[id_] = thread
        self._discord.announcer.channel("THREAD_CREATE", thread, newly_created=True)
        if start is not None and channel.kind is not Kind.FORUM:
            start.flags |= Flag.HAS_THREAD
            start.thread = thread.as_json()
            self.changed(channel, start)
        return thread

    def join_thread(self, thread: Channel, user: User) -> None:
        """Somebody is in the thread from now on."""
        if user.id not in thread.members:
            thread.members.append(user.id)
            member = thread.member_json(user.id) | {"guild_id": thread.guild_id}
            self._discord.announcer.thread_member(thread, user, member)

    def must_be_open(self, channel: Channel) -> None:
        """Nothing in an archived thread changes.

        Raises:
            Refused: 50083
        """
        if channel.is_archived:
            raise Refused(50083)

    def must_take_edits(self, channel: Channel, message: Message) -> None:
        """It is neither in an archived thread nor old and edited too often.

        Raises:
            Refused: 30046, 50083
        """
        self.must_be_open(channel)
        if message.old_edits >= OLD_EDITS:
            raise Refused(30046, retry_after=OLD_S)

    def wake(self, channel: Channel, author: User) -> None:
        """A post takes a thread out of the archive; a locked one only takes a moderator's.

        Raises:
            Refused: 50083, 160005
        """
        if not channel.is_thread:
            return
        may = self._discord.world.may(author.id, channel, Permission.MANAGE_THREADS)
        if channel.is_locked and not may:
            raise Refused(50083 if channel.is_archived else 160005)
        if channel.is_archived:
            channel.is_archived = False
            channel.archive_changed_at = self._discord.clock.now()
            self._discord.announcer.channel("THREAD_UPDATE", channel)
