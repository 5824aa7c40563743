"""A person in a workspace, as a test plays them: says, presses, runs, submits, and sees."""

from __future__ import annotations

from tests.fakes.slack.apps import Installation
from tests.fakes.slack.composer import typed
from tests.fakes.slack.messages import Message
from tests.fakes.slack.people_and_apps import PersonWithApps
from tests.fakes.slack.posting import Ping
from tests.fakes.slack.screen import Seen, seen
from tests.fakes.slack.web_api.files import attach
from tests.fakes.slack.workspace import Channel


class Person(PersonWithApps):
    """What they can do with channels and messages; with apps, see `PersonWithApps`."""

    @property
    def pings(self) -> list[Ping]:
        """What they were notified of because it mentions them."""
        return [ping for ping in self.slack.posting.pings if ping.user == self.user.id]

    def says(
        self,
        channel: Channel,
        words: str,
        *,
        thread: str | None = None,
        broadcast: bool = False,
        again: Message | None = None,
    ) -> Message:
        """Posts; `@name` is chosen from the picker, all else is sent as it is typed.

        `again`: a message that the same gesture has already made, as a flaky client does.
        """
        message = self._draft(channel, words, thread)
        if again is not None:
            message.client_msg_id = again.client_msg_id
        message.is_broadcast = broadcast and thread is not None
        self.slack.posting.post(channel, message)
        return message

    def shares(
        self,
        channel: Channel,
        name: str,
        content: bytes,
        *,
        words: str = "",
        thread: str | None = None,
    ) -> Message:
        """Posts a file."""
        file = self.slack.new_file(self.user.team_id, self.user.id, name)
        file.content, file.length = content, len(content)
        message = self._draft(channel, words, thread)
        message.subtype = "file_share"
        attach(message, [file])
        self.slack.posting.post(channel, message)
        return message

    def edits(self, message: Message, words: str) -> None:
        """Changes what their own message says."""
        if message.user != self.user.id:
            raise PermissionError("people edit their own messages only")
        channel = self.slack.workspaces.channels[message.channel]
        previous = message.as_json()
        said = typed(self.slack.workspaces, self.user.team_id, words)
        message.text, message.blocks = said.text, said.blocks
        message.edited = {"user": self.user.id, "ts": self.slack.clock.ts()}
        self.slack.posting.edited(channel, message, previous)

    def deletes(self, message: Message) -> None:
        """Takes their message away; an admin, anybody's."""
        if message.user != self.user.id and not self.user.is_admin:
            raise PermissionError("only an admin deletes what others said")
        channel = self.slack.workspaces.channels[message.channel]
        self.slack.posting.delete(channel, message)

    def reacts(self, message: Message, name: str) -> None:
        """Adds a reaction, `name` without colons."""
        self.slack.posting.react(message, self.user, name, is_added=True)

    def unreacts(self, message: Message, name: str) -> None:
        """Takes it back."""
        self.slack.posting.react(message, self.user, name, is_added=False)

    def stops(self, message: Message) -> None:
        """Presses the stop button of a message that is being streamed."""
        if message.stream is None:
            raise LookupError("the message is not being streamed")
        message.stream.is_stopped_by_reader = True
        self.slack.changes.tell()

    def sees(self, channel: Channel) -> list[Seen]:
        """The channel, oldest first, with what is shown to them alone."""
        self._must_be_in(channel)
        shown = [message for message in channel.messages.values() if message.is_root]
        shown += [message for message in self._ephemerals(channel) if message.thread_ts is None]
        return self._shown(shown)

    def sees_thread(self, channel: Channel, root_ts: str) -> list[Seen]:
        """A thread from its root on, with what is shown to them alone."""
        self._must_be_in(channel)
        root = channel.messages.get(root_ts)
        shown = ([root] if root is not None else []) + channel.thread(root_ts)
        shown += [message for message in self._ephemerals(channel) if message.thread_ts == root_ts]
        return self._shown(shown)

    def sees_status(self, channel: Channel, root_ts: str) -> str:
        """That an app is thinking under this message; empty when none is."""
        status = self.slack.posting.status(channel.id, root_ts)
        return "" if status is None else status.text

    def invites(self, whom: Person | Installation, channel: Channel) -> None:
        """Brings somebody, or an app, into the channel."""
        user = whom.user if isinstance(whom, Person) else whom.bot
        self.slack.join(channel, user, self.user.id)

    def removes(self, whom: Person | Installation, channel: Channel) -> None:
        """Takes somebody, or an app, out of it."""
        user = whom.user if isinstance(whom, Person) else whom.bot
        self.slack.leave(channel, user, self.user.id)

    def archives(self, channel: Channel) -> None:
        """Closes the channel, which takes all apps out of it."""
        channel.is_archived = True
        self.slack.announcer.archived(channel, self.user)
        users = self.slack.workspaces.users
        channel.members = [member for member in channel.members if not users[member].is_bot]

    def unarchives(self, channel: Channel) -> None:
        """Opens it again; apps have to be invited, or to join, anew."""
        channel.is_archived = False
        self.slack.announcer.archived(channel, self.user)

    def chooses_locale(self, locale: str) -> None:
        """Changes the language of their Slack, such as `es-ES`."""
        self.user.locale = locale
        self.slack.announcer.user_changed(self.user)

    def direct(self, whom: Person | Installation) -> Channel:
        """Their direct message with somebody, or with an app."""
        other = whom.user if isinstance(whom, Person) else whom.bot
        return self.slack.workspaces.direct(self.user.team_id, (self.user.id, other.id))

    def _draft(self, channel: Channel, words: str, thread: str | None) -> Message:
        if channel.is_archived or self.user.id not in channel.members:
            raise PermissionError(f"{self.user.name} cannot write in #{channel.name}")
        said = typed(self.slack.workspaces, self.user.team_id, words)
        message = Message(
            self.slack.clock.ts(), channel.id, self.user.team_id, self.user.id, said.text
        )
        message.blocks = said.blocks if words else []
        message.client_msg_id = self.slack.ids.uuid()
        if thread is not None:
            root = channel.messages[thread]
            message.thread_ts, message.parent_user = root.thread_ts or root.ts, root.user
        return message

    def _must_be_in(self, channel: Channel) -> None:
        if channel.kind != "public" and self.user.id not in channel.members:
            raise PermissionError(f"{self.user.name} is not in this conversation")

    def _ephemerals(self, channel: Channel) -> list[Message]:
        return [
            message
            for message in self.slack.posting.ephemerals
            if message.channel == channel.id and message.only_for == self.user.id
        ]

    def _shown(self, messages: list[Message]) -> list[Seen]:
        in_order = sorted(messages, key=lambda message: message.ts)
        return [seen(self.slack.workspaces, message) for message in in_order]
