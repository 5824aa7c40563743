"""How a post calls somebody: so that they are pinged, where they can be, else by name.

A persona is called by its own bot, or by the role in the server that bears its name and that the
bot may mention; a person who is in the server by their user id.
"""

from __future__ import annotations

from collections import OrderedDict

import structlog

from bots.chat.surface import Part, Refused, RetryAfter, Tag, Unknown
from bots.discordbot.ids import guild_of, user_of
from bots.discordbot.message import Call, by_id, by_name
from bots.discordbot.parts import Parts
from engine.debate.events import Place, Seat

REMEMBERED = 10_000

log = structlog.get_logger()


class Tags:
    """One bot's tags."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._told: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def of(self, place: Place, part: Part) -> dict[Tag, Call]:
        """How each tag of the part is written in this thread."""
        tags = dict.fromkeys(segment.tag for segment in part.segments if segment.tag)
        return {tag: await self._call(place, tag) for tag in tags}

    async def _call(self, place: Place, tag: Tag) -> Call:
        guild, user = guild_of(place), user_of(tag.person) if tag.person else None
        if user is not None and (guild is None or await self._is_there(guild, user)):
            return by_id("users", user)
        if tag.seat is None or guild is None:
            return by_name(tag)
        voice = self._parts.voices.get(tag.seat.id)
        if voice is not None:
            return by_id("users", voice.user)
        role = await self._parts.roles.named(guild, tag.seat.name)
        if role is not None and role.is_mentionable:
            return by_id("roles", role.id)
        self._tell(guild, tag.seat, is_there=role is not None)
        return by_name(tag)

    async def _is_there(self, guild: str, user: str) -> bool:
        """Whether the server can name them: they may be of the debate's other thread alone."""
        route = "GET /guilds/{guild}/members/{user}"
        try:
            await self._parts.rest.call(route, guild=guild, user=user)
        except (Refused, RetryAfter, Unknown):
            return False
        return True

    def _tell(self, guild: str, seat: Seat, *, is_there: bool) -> None:
        """Says once for each server and persona that it is only named."""
        if (guild, seat.id) not in self._told:
            self._told[guild, seat.id] = None
            if len(self._told) > REMEMBERED:
                self._told.popitem(last=False)
            why = "the role may not be mentioned" if is_there else "there is no such role"
            log.info("tag.by_name", guild=guild, role=seat.name, why=why)
