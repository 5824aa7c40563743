"""Discord's threads as they are read back; see `bots.chat.missed`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import discord

from bots.chat.surface import Refused, Unknown
from bots.discordbot.heard import Said, Spot, said
from bots.discordbot.ids import PLATFORM, channel_of, guild_of
from bots.discordbot.people import Away
from engine.debate.events import Place
from engine.ports.readers import platform_of

PAGE = 100

Take = Callable[[Said], Awaitable[None]]
Words = Callable[[Said], Awaitable[str]]


class Threads:
    """An `Archive` of what people said; what is no person's is passed over."""

    def __init__(self, world: Callable[[], discord.Client], take: Take, words: Words) -> None:
        """`world`: the client; `take`: takes in what was said, and returns once that is done.

        `words`: what was said, as the log has it.
        """
        self._world, self._take, self._words = world, take, words

    def is_here(self, place: Place) -> bool:
        """See `Archive.is_here`: of a sharded bot, every process listens to every server."""
        return platform_of(place) == PLATFORM

    async def page(self, place: Place, after: str) -> Sequence[tuple[str, discord.Message]]:
        """See `Archive.page`. discord.py waits for Discord's limits by itself."""
        guild = guild_of(place)
        thread = self._world().get_partial_messageable(
            int(channel_of(place)), guild_id=int(guild) if guild else None
        )
        since = discord.Object(int(after))
        try:
            found = thread.history(limit=PAGE, after=since, oldest_first=True)
            return [(str(message.id), message) async for message in found]
        except (discord.NotFound, discord.Forbidden) as error:
            raise Refused("The thread is gone, or the bot may not read it.") from error
        except Away as error:
            raise Unknown(str(error)) from error

    def before(self, message: str) -> str:
        """See `Readable.before`."""
        return str(int(message) - 1)

    async def edited(self, place: Place, message: discord.Message) -> str | None:  # noqa: ARG002
        """See `Readable.edited`; without the content intent nobody knows what it says."""
        found = said(message) if message.edited_at is not None else None
        return await self._words(found) if found is not None and found.text else None

    async def take(self, place: Place, message: discord.Message) -> None:
        """See `Archive.take`."""
        found = said(message)
        if found is not None:
            await self._take(replace(found, spot=Spot(guild_of(place), channel_of(place))))

    def waits(self, debate: str, place: Place, seconds: float | None) -> None:
        """See `Archive.waits`: Discord lets threads be read often enough."""
