"""Everything that is, by id; and what somebody may do where."""

from __future__ import annotations

from collections.abc import Iterator

from tests.fakes.discord.applications import Application, Webhook
from tests.fakes.discord.guilds import Channel, Guild, Kind
from tests.fakes.discord.permissions import IN_DIRECT, NONE, Permission, in_channel, of_roles
from tests.fakes.discord.users import User


class World:
    """Users, guilds, channels (threads and direct messages too), applications and webhooks."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.apps: dict[str, Application] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.files: dict[str, bytes] = {}
        """What was attached, by the path of its URL."""

    def app_of(self, token: str) -> Application | None:
        """Whose token this is."""
        return next((app for app in self.apps.values() if app.token == token), None)

    def guild_of(self, channel: Channel) -> Guild | None:
        """Where the channel is; a direct message is nowhere."""
        return None if channel.guild_id is None else self.guilds[channel.guild_id]

    def channels_of(self, guild: Guild) -> Iterator[Channel]:
        """Its channels, without threads."""
        for channel in self.channels.values():
            if channel.guild_id == guild.id and not channel.is_thread:
                yield channel

    def threads_of(self, guild: Guild) -> Iterator[Channel]:
        """Its active threads."""
        for channel in self.channels.values():
            if channel.guild_id == guild.id and channel.is_thread and not channel.is_archived:
                yield channel

    def base_permissions(self, user_id: str, guild: Guild) -> Permission:
        """In the guild as a whole."""
        member = guild.members.get(user_id)
        if member is None:
            return NONE
        roles = (guild.roles[role].permissions for role in member.roles)
        everyone = guild.roles[guild.id].permissions
        return of_roles(everyone, roles, is_owner=guild.owner_id == user_id)

    def permissions(self, user_id: str, channel: Channel) -> Permission:
        """In this channel or thread."""
        guild = self.guild_of(channel)
        if guild is None:
            return IN_DIRECT if user_id in channel.members else NONE
        member = guild.members.get(user_id)
        if member is None:
            return NONE
        found = in_channel(
            self.base_permissions(user_id, guild),
            channel.place.overwrites,
            guild.id,
            member.roles,
            user_id,
        )
        is_closed = channel.kind is Kind.PRIVATE_THREAD and user_id not in channel.members
        return NONE if is_closed and Permission.MANAGE_THREADS not in found else found

    def may(self, user_id: str, channel: Channel, *needed: Permission) -> bool:
        """Whether somebody has all of these here."""
        found = self.permissions(user_id, channel)
        return all(permission in found for permission in needed)

    def readers(self, channel: Channel) -> list[str]:
        """Who can see the channel."""
        guild = self.guild_of(channel)
        users = channel.members if guild is None else list(guild.members)
        return [user for user in users if self.may(user, channel, Permission.VIEW_CHANNEL)]

    def top_position(self, user_id: str, guild: Guild) -> int:
        """The place of somebody's highest role: they manage the roles below it."""
        if guild.owner_id == user_id:
            return 1 << 16
        return max((guild.roles[r].position for r in guild.members[user_id].roles), default=0)

    def direct(self, new_id: str, *users: User) -> tuple[Channel, bool]:
        """The direct message of these users, and whether it was opened only now."""
        members = sorted(user.id for user in users)
        for channel in self.channels.values():
            if channel.kind is Kind.DIRECT and channel.members == members:
                return channel, False
        opened = Channel(new_id, Kind.DIRECT, members=members, users=list(users))
        self.channels[new_id] = opened
        return opened, True
