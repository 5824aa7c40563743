"""Which change is which event, and which apps are told: who subscribes, may, and is there."""

from __future__ import annotations

from collections.abc import Callable

from tests.fakes.slack.apps import Installation, Registry
from tests.fakes.slack.clock import SlackClock
from tests.fakes.slack.deliveries import Deliveries
from tests.fakes.slack.manifests import EVENT_SCOPES
from tests.fakes.slack.mentions import mentions
from tests.fakes.slack.messages import Message
from tests.fakes.slack.protocol import Json
from tests.fakes.slack.workspace import Channel, User

_MESSAGES = {
    "public": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}
Seen = Callable[[Installation], bool]


class Announcer:
    """Tells the apps of a workspace what happened in it."""

    def __init__(self, registry: Registry, deliveries: Deliveries, clock: SlackClock) -> None:
        self._registry, self._deliveries, self._clock = registry, deliveries, clock

    def message(self, channel: Channel, message: Message) -> None:
        """Somebody posted; an app hears its own posts too, but never its own mention."""
        event = message.as_json() | self._of(channel, message.ts)
        self._to_channel(channel, event)
        self._mention(channel, message)
        for file in message.files:
            self._file_shared(channel, message, file)

    def changed(self, channel: Channel, message: Message, previous: Json) -> None:
        """Somebody edited; a mention in what it says now is told again."""
        ts = self._clock.ts()
        event = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "ts": ts,
            "message": message.as_json(),
            "previous_message": previous,
        }
        self._to_channel(channel, event | self._of(channel, ts))
        if message.edited is not None:
            self._mention(channel, message)

    def deleted(self, channel: Channel, message: Message) -> None:
        """A message is gone."""
        ts = self._clock.ts()
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "ts": ts,
            "deleted_ts": message.ts,
            "previous_message": message.as_json(),
        }
        self._to_channel(channel, event | self._of(channel, ts))

    def reaction(self, message: Message, user: User, name: str, *, is_added: bool) -> None:
        """Somebody reacted, or took it back."""
        event = {
            "type": "reaction_added" if is_added else "reaction_removed",
            "user": user.id,
            "reaction": name,
            "item": {"type": "message", "channel": message.channel, "ts": message.ts},
            "event_ts": self._clock.ts(),
        }
        if message.identity is None:
            event["item_user"] = message.user
        channel = self._registry.workspaces.channels[message.channel]
        self._tell(channel.team_id, event, str(event["type"]), _in(channel))

    def member(self, channel: Channel, user: User, inviter: str, *, is_joined: bool) -> None:
        """Somebody came into a channel or left it."""
        name = "member_joined_channel" if is_joined else "member_left_channel"
        event: Json = {
            "type": name,
            "user": user.id,
            "channel": channel.id,
            "channel_type": channel.id[0],
            "team": channel.team_id,
            "event_ts": self._clock.ts(),
        }
        if is_joined and inviter:
            event["inviter"] = inviter
        scope = f"{channel.scope_prefix}:read"
        self._tell(channel.team_id, event, name, lambda i: scope in i.scopes and _in(channel)(i))

    def bot_left(self, channel: Channel, bot: User, actor: str) -> None:
        """An app was taken out of a channel."""
        name = "channel_left" if channel.kind == "public" else "group_left"
        event = {
            "type": name,
            "channel": channel.id,
            "actor_id": actor,
            "event_ts": self._clock.ts(),
        }
        self._tell(channel.team_id, event, name, lambda i: i.bot is bot)

    def archived(self, channel: Channel, user: User) -> None:
        """A channel was archived, or came back: all apps hear of public ones."""
        prefix = "channel" if channel.kind == "public" else "group"
        name = f"{prefix}_{'archive' if channel.is_archived else 'unarchive'}"
        event = {
            "type": name,
            "channel": channel.id,
            "user": user.id,
            "event_ts": self._clock.ts(),
        }
        is_public = channel.kind == "public"
        self._tell(channel.team_id, event, name, lambda i: is_public or _in(channel)(i))

    def user_changed(self, user: User) -> None:
        """Somebody's profile says something else now."""
        event = {
            "type": "user_change",
            "user": user.as_json(locale=True),
            "cache_ts": self._clock.now(),
            "event_ts": self._clock.ts(),
        }
        self._tell(user.team_id, event, "user_change", lambda _: True)

    def home_opened(
        self, installation: Installation, user: User, channel: str, view: Json | None
    ) -> None:
        """Somebody looks at the app's Home tab."""
        event: Json = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": channel,
            "tab": "home",
            "event_ts": self._clock.ts(),
        }
        if view is not None:
            event["view"] = view
        self._tell(user.team_id, event, "app_home_opened", lambda i: i is installation)

    def removed(self, installation: Installation, *, is_uninstalled: bool) -> None:
        """Its tokens were revoked; perhaps because the app was taken out."""
        name = "app_uninstalled" if is_uninstalled else "tokens_revoked"
        event: Json = {"type": name, "event_ts": self._clock.ts()}
        if not is_uninstalled:
            event["tokens"] = {"oauth": [], "bot": [installation.bot.id]}
        if name in installation.app.events:
            self._deliveries.event(installation, installation.team, event)

    def _of(self, channel: Channel, event_ts: str) -> Json:
        return {"channel": channel.id, "channel_type": channel.type_name, "event_ts": event_ts}

    def _to_channel(self, channel: Channel, event: Json) -> None:
        self._tell(channel.team_id, event, _MESSAGES[channel.kind], _in(channel))

    def _mention(self, channel: Channel, message: Message) -> None:
        if channel.kind == "im":
            return
        users = mentions(message).users
        event = message.as_json() | {
            "type": "app_mention",
            "channel": channel.id,
            "event_ts": self._clock.ts() if message.edited else message.ts,
        }

        def is_meant(installation: Installation) -> bool:
            is_own = message.app_id == installation.app.id
            return installation.bot.id in users and not is_own and _in(channel)(installation)

        self._tell(channel.team_id, event, "app_mention", is_meant)

    def _file_shared(self, channel: Channel, message: Message, file: Json) -> None:
        event = {
            "type": "file_shared",
            "channel_id": channel.id,
            "file_id": file["id"],
            "user_id": message.user,
            "file": {"id": file["id"]},
            "event_ts": self._clock.ts(),
        }
        self._tell(channel.team_id, event, "file_shared", _in(channel))

    def _tell(self, team: str, event: Json, name: str, is_seen: Seen) -> None:
        needed = EVENT_SCOPES[name]
        for installation in self._registry.of_team(team):
            is_allowed = not needed or installation.scopes.intersection(needed)
            if name in installation.app.events and is_allowed and is_seen(installation):
                self._deliveries.event(installation, self._registry.workspaces.teams[team], event)


def _in(channel: Channel) -> Seen:
    return lambda installation: installation.bot.id in channel.members
