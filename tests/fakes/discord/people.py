"""A person in Discord, as a test plays them: says, presses, runs, submits, and sees."""

from __future__ import annotations

from tests.fakes.discord.applications import Application
from tests.fakes.discord.guilds import Channel, Kind
from tests.fakes.discord.mentions import Allowed, Ping
from tests.fakes.discord.messages import Message
from tests.fakes.discord.people_and_apps import PersonWithApps
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.protocol import Refused
from tests.fakes.discord.screen import Seen, seen

MAY_PING = frozenset({"users", "roles", "everyone"})


class Person(PersonWithApps):
    """What they do with messages and threads; with applications, see `PersonWithApps`."""

    @property
    def pings(self) -> list[Ping]:
        """What they were notified of because it mentions them."""
        return [ping for ping in self.discord.posting.pings if ping.user_id == self.user.id]

    def direct(self, app: Application) -> Channel:
        """Where they talk with a bot alone."""
        return self.discord.direct(self.user, app.user)

    def says(
        self,
        channel: Channel,
        words: str,
        *,
        reply_to: Message | None = None,
        pings_author: bool = True,
        files: dict[str, bytes] | None = None,
    ) -> Message:
        """Posts; `@name` is chosen from the picker, `<@&id>` and the like are sent as typed.

        Raises:
            PermissionError: they may not write here.
        """
        message = self._draft(channel, words, files)
        if reply_to is not None:
            message.type, message.replied_to = 19, reply_to
        allowed = Allowed(MAY_PING, replied_user=pings_author)
        try:
            return self.discord.posting.post(channel, message, allowed)
        except Refused as refused:
            raise PermissionError(str(refused)) from None

    def opens_thread(self, channel: Channel, name: str, on: Message | None = None) -> Channel:
        """A thread, from a message where one is given."""
        self._must(channel, Permission.CREATE_PUBLIC_THREADS)
        return self.discord.posting.open_thread(channel, self.user, name, on, 4320)

    def posts(self, forum: Channel, name: str, words: str) -> Channel:
        """A new post in a forum."""
        if forum.kind is not Kind.FORUM:
            raise ValueError(f"#{forum.name} is no forum")
        draft = self._draft(forum, words, None)
        return self.discord.post_in_forum(forum, name, draft, Allowed(MAY_PING))

    def edits(self, message: Message, words: str) -> None:
        """Changes what their own message says."""
        if message.author is not self.user:
            raise PermissionError("people edit their own messages only")
        channel = self.discord.world.channels[message.channel_id]
        message.content = self._typed(channel, words)
        self.discord.posting.edited(channel, message, Allowed(MAY_PING))

    def deletes(self, message: Message) -> None:
        """Takes a message away; those of others need the right to."""
        channel = self.discord.world.channels[message.channel_id]
        if message.author is not self.user and message.only_for != self.user.id:
            self._must(channel, Permission.MANAGE_MESSAGES)
        self.discord.posting.delete(channel, message)

    def reacts(self, message: Message, emoji: str) -> None:
        """Adds a reaction."""
        channel = self.discord.world.channels[message.channel_id]
        self._must(channel, Permission.VIEW_CHANNEL)
        self.discord.posting.react(channel, message, self.user, emoji)

    def unreacts(self, message: Message, emoji: str) -> None:
        """Takes it back."""
        channel = self.discord.world.channels[message.channel_id]
        self.discord.posting.unreact(channel, message, self.user, emoji)

    def archives(self, thread: Channel, *, locks: bool = False) -> None:
        """Closes a thread; to lock it needs the right to."""
        if locks or thread.owner_id != self.user.id:
            self._must(thread, Permission.MANAGE_THREADS)
        self.discord.change_thread(thread, is_archived=True, is_locked=locks)

    def reopens(self, thread: Channel) -> None:
        """Takes a thread out of the archive, and unlocks it."""
        if thread.is_locked:
            self._must(thread, Permission.MANAGE_THREADS)
        self.discord.change_thread(thread, is_archived=False, is_locked=False)

    def sees(self, channel: Channel) -> list[Seen]:
        """The channel, thread or direct message, oldest first, with what is for them alone.

        Raises:
            PermissionError
        """
        self._must(channel, Permission.VIEW_CHANNEL)
        shown = list(channel.messages.values())
        shown += [
            message
            for message in self.discord.posting.ephemerals
            if message.channel_id == channel.id and message.only_for == self.user.id
        ]
        shown.sort(key=lambda message: int(message.id))
        return [seen(self.discord.world, message) for message in shown]

    def _draft(self, channel: Channel, words: str, files: dict[str, bytes] | None) -> Message:
        in_thread, elsewhere = Permission.SEND_MESSAGES_IN_THREADS, Permission.SEND_MESSAGES
        self._must(channel, in_thread if channel.is_thread else elsewhere)
        message = self.discord.draft(channel, self.user)
        message.content = self._typed(channel, words)
        message.nonce = self.discord.clock.snowflake()
        for name, content in (files or {}).items():
            message.attachments.append(self.discord.attach(channel.id, name, content))
        return message

    def _typed(self, channel: Channel, words: str) -> str:
        guild = self.discord.world.guild_of(channel)
        if guild is None:
            return words
        picked = {
            role.name: f"<@&{role.id}>" for role in guild.roles.values() if role.id != guild.id
        }
        picked |= {m.user.name: f"<@{m.user.id}>" for m in guild.members.values()}
        for name in sorted(picked, key=len, reverse=True):
            words = words.replace(f"@{name}", picked[name])
        return words

    def _must(self, channel: Channel, permission: Permission) -> None:
        if not self.discord.world.may(self.user.id, channel, permission):
            raise PermissionError(f"{self.user.name} lacks {permission.name} here")
