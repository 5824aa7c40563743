"""Which change is which event, and which sessions hear it: who is there, may see it, and asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.fakes.discord.applications import Application, Intent
from tests.fakes.discord.guilds import Channel, Guild, Member, Role
from tests.fakes.discord.messages import Message, emoji_json
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.protocol import Json
from tests.fakes.discord.sessions import Session
from tests.fakes.discord.users import User

if TYPE_CHECKING:
    from tests.fakes.discord.server import LocalDiscord

DataFor = Callable[[Session], Json]


class Announcer:
    """Dispatches to every session that is to hear of something."""

    def __init__(self, discord: LocalDiscord) -> None:
        self._discord = discord
        self._to_double = 0
        self._to_hold = 0
        self._held: list[Callable[[], None]] = []

    def double(self, events: int) -> None:
        """Sends each of the next events twice."""
        self._to_double = events

    def turn_round(self, events: int) -> None:
        """Holds the next events until there are so many, and sends the last of them first."""
        self._to_hold = events

    def greet(self, session: Session) -> None:
        """READY, and every guild of the shard."""
        world, app = self._discord.world, session.app
        guilds = [g for g in world.guilds.values() if app.id in g.members]
        guilds = [g for g in guilds if session.hears(g.id, Intent(0))]
        ready = {
            "v": 10,
            "user": app.user.as_json() | {"verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self._discord.gateway_url,
            "shard": list(session.shard),
            "application": {"id": app.id, "flags": app.flags},
        }
        session.dispatch("READY", ready)
        for guild in guilds if Intent.GUILDS in session.intents else ():
            session.dispatch("GUILD_CREATE", self._whole(guild, session))

    def guild_joined(self, app: Application, guild: Guild) -> None:
        """A bot came into a guild."""

        def data(session: Session) -> Json:
            whole = self._whole(guild, session)
            del whole["unavailable"]
            return whole

        self._tell(guild.id, "GUILD_CREATE", data, Intent.GUILDS, app)

    def guild_left(self, app: Application, guild: Guild) -> None:
        """A bot was taken out of it."""
        self._tell(guild.id, "GUILD_DELETE", lambda _: {"id": guild.id}, Intent.GUILDS, app)

    def message(self, name: str, channel: Channel, message: Message) -> None:
        """`MESSAGE_CREATE` or `MESSAGE_UPDATE`; content as each session may see it."""

        def data(session: Session) -> Json:
            found = self._discord.shown(session.app, message, session.intents)
            return found | self._author(channel, message)

        self._to_channel(channel, name, data, Intent.MESSAGES, Intent.DIRECT_MESSAGES)

    def deleted(self, channel: Channel, message: Message) -> None:
        """A message is gone."""
        data = {"id": message.id} | _where(channel)
        self._to_channel(
            channel, "MESSAGE_DELETE", lambda _: data, Intent.MESSAGES, Intent.DIRECT_MESSAGES
        )

    def reaction(self, channel: Channel, message: Message, user: User, emoji: str, to: str) -> None:
        """`to`: `ADD` or `REMOVE`."""
        data: Json = {
            "user_id": user.id,
            "message_id": message.id,
            "emoji": emoji_json(emoji),
            "burst": False,
            "type": 0,
        } | _where(channel)
        guild = self._discord.world.guild_of(channel)
        if to == "ADD":
            data["message_author_id"] = message.author.id
            if guild is not None and user.id in guild.members:
                data["member"] = guild.members[user.id].as_json()
        name = f"MESSAGE_REACTION_{to}"
        self._to_channel(channel, name, lambda _: data, Intent.REACTIONS, Intent.DIRECT_REACTIONS)

    def typing(self, channel: Channel, user: User) -> None:
        """Somebody is writing."""
        data = {"user_id": user.id, "timestamp": 0} | _where(channel)
        self._to_channel(
            channel, "TYPING_START", lambda _: data, Intent.TYPING, Intent.DIRECT_TYPING
        )

    def channel(self, name: str, channel: Channel, **more: object) -> None:
        """`CHANNEL_…` or `THREAD_…` events."""

        def data(session: Session) -> Json:
            return channel.as_json(session.app.id) | more

        if channel.is_thread:
            self._to_channel(channel, name, data, Intent.GUILDS, Intent.GUILDS)
        else:
            intent = Intent.GUILDS if channel.guild_id else Intent.DIRECT_MESSAGES
            self._tell(channel.guild_id, name, data, intent, *self._bots(channel))

    def thread_member(self, thread: Channel, user: User, member: Json) -> None:
        """Somebody joined a thread; a bot is told only of itself without the intent."""
        for app in self._bots(thread):
            if app.id == user.id:
                self._tell(
                    thread.guild_id, "THREAD_MEMBER_UPDATE", lambda _: member, Intent.GUILDS, app
                )

    def role(self, name: str, guild: Guild, role: Role) -> None:
        """`GUILD_ROLE_…` events."""
        gone = {"guild_id": guild.id, "role_id": role.id}
        here = {"guild_id": guild.id, "role": role.as_json()}
        data = gone if name.endswith("DELETE") else here
        self._tell(guild.id, name, lambda _: data, Intent.GUILDS, *self._apps_in(guild))

    def member(self, name: str, guild: Guild, member: Member) -> None:
        """`GUILD_MEMBER_…` events; a bot hears of itself without the intent."""
        gone = {"guild_id": guild.id, "user": member.user.as_json()}
        data = gone if name.endswith("REMOVE") else member.as_json() | {"guild_id": guild.id}
        for app in self._apps_in(guild):
            intent = Intent(0) if app.id == member.user.id else Intent.MEMBERS
            self._tell(guild.id, name, lambda _: data, intent, app)

    def webhooks(self, channel: Channel) -> None:
        """The channel's webhooks changed."""
        data = {"guild_id": channel.guild_id, "channel_id": channel.id}
        self._to_channel(channel, "WEBHOOKS_UPDATE", lambda _: data, Intent.WEBHOOKS, Intent(0))

    def interaction(self, app: Application, guild_id: str | None, data: Json) -> None:
        """Somebody used a command, a component or a modal of this application."""
        self._tell(guild_id, "INTERACTION_CREATE", lambda _: data, Intent(0), app)

    def _author(self, channel: Channel, message: Message) -> Json:
        guild = self._discord.world.guild_of(channel)
        if guild is None:
            return {"channel_type": int(channel.kind)}
        found: Json = {"guild_id": guild.id, "channel_type": int(channel.kind)}
        member = guild.members.get(message.author.id)
        if member is not None:
            found["member"] = member.as_json(with_user=False)
        return found

    def _whole(self, guild: Guild, session: Session) -> Json:
        world, app = self._discord.world, session.app
        members = guild.members.values()
        if Intent.MEMBERS not in session.intents:
            members = {app.id: guild.members[app.id]}.values()
        threads = world.threads_of(guild)
        seen = [t for t in threads if world.may(app.id, t, Permission.VIEW_CHANNEL)]
        return guild.as_json() | {
            "joined_at": guild.members[app.id].joined_at,
            "large": False,
            "unavailable": False,
            "members": [member.as_json() for member in members],
            "channels": [channel.as_json() for channel in world.channels_of(guild)],
            "threads": [thread.as_json(app.id) for thread in seen],
            "presences": [],
            "voice_states": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def _apps_in(self, guild: Guild) -> list[Application]:
        return [app for app in self._discord.world.apps.values() if app.id in guild.members]

    def _bots(self, channel: Channel) -> list[Application]:
        guild = self._discord.world.guild_of(channel)
        if guild is not None:
            return self._apps_in(guild)
        apps = self._discord.world.apps.values()
        return [app for app in apps if app.id in channel.members]

    def _to_channel(
        self, channel: Channel, name: str, data: DataFor, intent: Intent, in_direct: Intent
    ) -> None:
        may = self._discord.world.may
        apps = [a for a in self._bots(channel) if may(a.id, channel, Permission.VIEW_CHANNEL)]
        which = in_direct if channel.guild_id is None else intent
        self._tell(channel.guild_id, name, data, which, *apps)

    def _tell(
        self, guild_id: str | None, name: str, data: DataFor, intent: Intent, *apps: Application
    ) -> None:
        hearing = [
            (session, data(session))
            for session in self._discord.gateway.sessions.values()
            if session.app in apps and session.hears(guild_id, intent)
        ]

        def send() -> None:
            for session, payload in hearing:
                session.dispatch(name, payload)
                self._discord.trace.record("out", name, {"app": session.app.id, "d": payload})

        if self._to_hold and hearing:
            self._held.append(send)
            if len(self._held) == self._to_hold:
                self._to_hold, held, self._held = 0, self._held, []
                for each in reversed(held):
                    each()
        else:
            send()
            if self._to_double and hearing:
                self._to_double -= 1
                send()
        self._discord.changes.tell()


def _where(channel: Channel) -> Json:
    where = {"channel_id": channel.id}
    return where if channel.guild_id is None else where | {"guild_id": channel.guild_id}
