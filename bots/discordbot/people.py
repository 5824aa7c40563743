"""Who a Discord user is at the desk: name, language, roles, and whether they manage the channel.

What a payload says of somebody is kept for a while; of whom it says nothing, Discord is asked.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import discord
from aiohttp import ClientError

from bots.chat.desk import Asker
from bots.chat.gate import Gate, Verdict, Visitor
from bots.chat.surface import Refused, Unknown
from bots.discordbot.heard import Spot
from bots.discordbot.ids import person_of, place_of
from engine.debate.events import Place
from engine.debate.explained import one_line
from engine.debate.panel import Language
from engine.ports.clock import Clock

KEPT_S = 600.0
KEPT_MOST = 2_000
LANGUAGES_KEPT = 20_000

Account = discord.Member | discord.User
K = TypeVar("K")
V = TypeVar("V")

Away = (discord.HTTPException, ClientError, OSError, TimeoutError)
"""Discord does not say, or cannot be asked."""


@dataclass(frozen=True, slots=True)
class Where:
    """A place in Discord; `thread` is empty beside all threads."""

    guild: str | None
    channel: str
    thread: str = ""
    category: str = ""

    @property
    def place(self) -> Place:
        """The same, as the engine has it."""
        return place_of(self.guild, self.channel, self.thread)


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person, where they are just now."""

    user: str
    name: str
    language: Language
    manages: bool
    roles: frozenset[str] | None
    """`None`: Discord does not tell them now, or here, as in direct messages."""


class People:
    """The people of all servers."""

    def __init__(self, world: Callable[[], discord.Client], gate: Gate, clock: Clock) -> None:
        """`world`: the client, for what it knows of servers and channels."""
        self._world, self._gate, self._clock = world, gate, clock
        self._members: OrderedDict[tuple[int, int], tuple[float, discord.Member]] = OrderedDict()
        self._languages: OrderedDict[str, Language] = OrderedDict()

    def saw(self, account: Account) -> None:
        """A payload said this of somebody."""
        if isinstance(account, discord.Member):
            self._members[account.guild.id, account.id] = (self._clock.monotonic(), account)
            _bound(self._members, KEPT_MOST)

    async def where(self, spot: Spot) -> Where | None:
        """The place that the gateway names; `None`: the bot may not see it."""
        if spot.guild is None:
            return Where(None, spot.channel)
        found: object = self._world().get_channel(int(spot.channel))
        if found is None:
            try:
                found = await self._world().fetch_channel(int(spot.channel))
            except (*Away, discord.InvalidData):
                return None
        return where_is(found)

    async def message(self, channel: str, message: str) -> discord.Message:
        """One message.

        Raises:
            Refused: it is gone, or the bot may not see it.
            Unknown: Discord does not say.
        """
        where = self._world().get_partial_messageable(int(channel))
        try:
            return await where.fetch_message(int(message))
        except (discord.NotFound, discord.Forbidden) as error:
            raise Refused("The message is gone, or the bot may not read this channel.") from error
        except Away as error:
            raise Unknown(str(error)) from error

    async def somebody(self, user: str, name: str, where: Where) -> Somebody:
        """The person; `name`: what they are called if Discord does not tell."""
        language = self._language(user, where)
        if where.guild is None:
            return Somebody(user, name, language, manages=True, roles=None)
        member = await self._member(int(where.guild), int(user))
        if member is None:
            return Somebody(user, name, language, manages=False, roles=None)
        manages = self._manages(member, where)
        return Somebody(user, member.display_name, language, manages, _roles(member))

    def presser(self, interaction: discord.Interaction[discord.Client]) -> Somebody:
        """Whoever uses a command or presses a button; Discord says all there is to know."""
        account = interaction.user
        self.saw(account)
        user = str(account.id)
        language: Language = "es" if str(interaction.locale.value).startswith("es") else "en"
        self._languages[user] = language
        self._languages.move_to_end(user)
        _bound(self._languages, LANGUAGES_KEPT)
        if not isinstance(account, discord.Member):
            return Somebody(user, account.display_name, language, True, None)
        manages = interaction.permissions.manage_channels or interaction.permissions.administrator
        return Somebody(user, account.display_name, language, manages, _roles(account))

    def asker(self, who: Somebody, where: Where, place: Place | None = None) -> Asker:
        """The same at the desk; `place`: that of the debate that is meant, if another."""
        return Asker(
            person_of(who.user, one_line(who.name)),
            place or where.place,
            who.language,
            manages=who.manages,
            may_start=self._gate.may_start(_visitor(who, where)),
        )

    def admits(self, who: Somebody, where: Where) -> Verdict:
        """Whether they may use the bot there."""
        return self._gate.admits(_visitor(who, where))

    def hears(self, where: Where) -> bool:
        """Whether the bot may be used there at all."""
        return self._gate.hears(where.guild or "", *_channels(where))

    def _language(self, user: str, where: Where) -> Language:
        known = self._languages.get(user)
        if known is not None or where.guild is None:
            return known or "en"
        guild = self._world().get_guild(int(where.guild))
        return "es" if guild and guild.preferred_locale.value.startswith("es") else "en"

    async def _member(self, guild: int, user: int) -> discord.Member | None:
        at, kept = self._members.get((guild, user), (0.0, None))
        if kept is not None and self._clock.monotonic() - at < KEPT_S:
            return kept
        server = self._world().get_guild(guild)
        if server is None:
            return None
        try:
            member = await server.fetch_member(user)
        except Away:
            return kept
        self.saw(member)
        return member

    def _manages(self, member: discord.Member, where: Where) -> bool:
        found = self._world().get_channel(int(where.channel))
        if not isinstance(found, discord.abc.GuildChannel):
            return member.guild_permissions.manage_channels
        return found.permissions_for(member).manage_channels


def where_is(channel: object) -> Where | None:
    """Where a channel is, or a thread; `None`: it is neither."""
    match channel:
        case discord.Thread():
            guild, parent = str(channel.guild.id), channel.parent
            category = str(parent.category_id or "") if parent else ""
            return Where(guild, str(channel.parent_id), str(channel.id), category)
        case discord.abc.GuildChannel():
            return Where(str(channel.guild.id), str(channel.id), "", str(channel.category_id or ""))
        case discord.DMChannel() | discord.PartialMessageable(guild_id=None):
            return Where(None, str(channel.id))
    return None


def card_at(where: Where, message: str) -> Where:
    """Where a message's debate is: a card in a channel has the id of the thread below it."""
    is_beside = where.guild is not None and not where.thread
    return replace(where, thread=message) if is_beside else where


def _visitor(who: Somebody, where: Where) -> Visitor:
    return Visitor(who.user, where.guild or "", _channels(where), who.roles)


def _channels(where: Where) -> tuple[str, ...]:
    return tuple(id_ for id_ in (where.thread, where.channel, where.category) if id_)


def _roles(member: discord.Member) -> frozenset[str]:
    return frozenset(str(role.id) for role in member.roles)


def _bound(kept: OrderedDict[K, V], most: int) -> None:
    while len(kept) > most:
        kept.popitem(last=False)
