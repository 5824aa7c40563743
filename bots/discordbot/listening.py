"""What the gateway brings, each to where it is taken in."""

from __future__ import annotations

import logging
from typing import Any, Protocol

import discord
import structlog

from bots.discordbot import forms, heard
from bots.discordbot.commands import commands_of
from bots.discordbot.parts import Parts
from bots.discordbot.people import People
from bots.discordbot.presses import Presses
from bots.discordbot.syncing import tell_if_differs
from bots.discordbot.taking import Taking
from bots.discordbot.waking import Waking
from bots.discordbot.wishes import Wishes

_ANSWERED = frozenset({10_062, 40_060})

log = structlog.get_logger()


class Connection(Protocol):
    """Where it is known whether Discord can reach the bot."""

    def connected(self) -> None:
        """Discord sends what happens."""
        ...

    def disconnected(self) -> None:
        """It does not, for now."""
        ...


class Listening:
    """The listeners."""

    def __init__(  # noqa: PLR0913 - one for each sort of event
        self,
        parts: Parts,
        people: People,
        taking: Taking,
        wishes: Wishes,
        presses: Presses,
        waking: Waking,
        connection: Connection,
    ) -> None:
        self._parts, self._people, self._taking = parts, people, taking
        self._wishes, self._presses, self._waking = wishes, presses, waking
        self._connection = connection
        self._told_of_commands = False

    async def register(self, client: discord.Client) -> None:
        """Has the client call them."""
        await commands_of(client, self._wishes)
        logging.getLogger("discord.app_commands.tree").addFilter(_is_news)
        for listener in (
            *(self.on_connect, self.on_disconnect, self.on_ready, self.on_resumed),
            *(self.on_message, self.on_raw_message_edit, self.on_raw_message_delete),
            *(self.on_raw_bulk_message_delete, self.on_interaction),
            *(self.on_raw_reaction_add, self.on_raw_reaction_remove),
            *(self.on_guild_join, self.on_guild_role_create, self.on_guild_role_update),
            *(self.on_guild_role_delete, self.on_guild_channel_update),
            *(self.on_raw_thread_update, self.on_member_update, self.on_webhooks_update),
        ):
            client.event(listener)

    async def on_connect(self) -> None:
        """A new session, which knows nothing of what was before it."""
        self._taking.lose()

    async def on_disconnect(self) -> None:
        """The connection broke; it may be resumed."""
        self._connection.disconnected()

    async def on_resumed(self) -> None:
        """It was: Discord sends what happened meanwhile."""
        self._connection.connected()

    async def on_ready(self) -> None:
        """All servers are known: what was missed can be read, and what rests be tried again."""
        self._connection.connected()
        self._taking.read_missed()
        self._parts.background.start(self._waking.everywhere())
        if not self._told_of_commands:
            self._told_of_commands = True
            self._parts.background.start(tell_if_differs(self._parts))
        log.info("discord.ready", bot=self._parts.us.name)

    async def on_message(self, message: discord.Message) -> None:
        """Somebody wrote."""
        found = heard.said(message)
        if found is not None:
            self._people.saw(message.author)
            self._taking.take(found)

    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Somebody changed what they wrote."""
        found = heard.edited(event)
        if found is not None:
            self._taking.take(found)

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """A message was taken away."""
        self._taking.take(heard.gone(event))

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Many were."""
        self._taking.take(heard.gone(event))

    async def on_raw_reaction_add(self, event: discord.RawReactionActionEvent) -> None:
        """A thumb, or a question mark."""
        await self._reacted(event)

    async def on_raw_reaction_remove(self, event: discord.RawReactionActionEvent) -> None:
        """A thumb taken back."""
        await self._reacted(event)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """A button or a form; commands are the command tree's."""
        data: Any = interaction.data or {}
        if interaction.type is discord.InteractionType.component:
            await self._presses.pressed(interaction, str(data["custom_id"]))
        elif interaction.type is discord.InteractionType.modal_submit:
            values = forms.filled(data["components"])
            await self._presses.submitted(interaction, str(data["custom_id"]), values)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot was invited."""
        self._server_soon(guild)

    async def on_guild_role_create(self, role: discord.Role) -> None:
        """There may be a persona's role now."""
        self._parts.roles.forget(str(role.guild.id))

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """One less."""
        self._parts.roles.forget(str(role.guild.id))

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Its name may be a persona's now, or the bot be allowed more."""
        if (before.name, before.mentionable) != (after.name, after.mentionable):
            self._parts.roles.forget(str(after.guild.id))
        if before.permissions != after.permissions:
            self._server_soon(after.guild)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """The bot's own roles changed: it may be allowed more."""
        if str(after.id) == self._parts.us.user and before.roles != after.roles:
            self._server_soon(after.guild)

    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """So it may in a channel."""
        if before.overwrites != after.overwrites:
            self._channel_soon(after)

    async def on_webhooks_update(self, channel: discord.abc.GuildChannel) -> None:
        """There may be room for the bot's own now, or it is gone."""
        self._channel_soon(channel)

    def _server_soon(self, guild: discord.Guild) -> None:
        id_ = str(guild.id)
        self._waking.soon(id_, lambda: self._waking.server(id_))

    def _channel_soon(self, channel: discord.abc.GuildChannel) -> None:
        id_ = str(channel.id)
        self._waking.soon(id_, lambda: self._waking.channel(id_))

    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """A thread was opened again, or unlocked."""
        about: Any = event.data.get("thread_metadata") or {}
        if not about.get("locked"):
            guild, parent = str(event.guild_id), str(event.parent_id)
            thread = str(event.thread_id)
            self._waking.soon(thread, lambda: self._waking.thread(guild, parent, thread))

    async def _reacted(self, event: discord.RawReactionActionEvent) -> None:
        if str(event.user_id) == self._parts.us.user:
            return
        if event.member is not None:
            self._people.saw(event.member)
        found = heard.reacted(event)
        if found is not None:
            self._taking.take(found)


def _is_news(record: logging.LogRecord) -> bool:
    """That another process completed what is being typed is no news."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, discord.HTTPException) and error.code in _ANSWERED)
