"""What the gateway tells that may mend a thread which Discord refused, each with what it wakes.

Every method may raise `StoreAway`; what is missed while the gateway is away is made up for by
`everywhere`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bots.chat.waking import wake, wake_thread
from bots.discordbot.ids import PLATFORM, guild_of, place_of
from bots.discordbot.parts import Parts
from bots.discordbot.webhooks import Webhooks
from engine.ports.readers import platform_of

LATEST = 50
SOON_S = 1.0


class Waking:
    """Wakes the threads of one bot."""

    def __init__(self, parts: Parts, webhooks: Webhooks) -> None:
        self._parts, self._webhooks = parts, webhooks
        self._soon: set[str] = set()

    def soon(self, where: str, wake: Callable[[], Awaitable[None]]) -> None:
        """Wakes in a moment, once, however often it is asked for: admins change much at a time.

        `where`: the server's, channel's or thread's id.
        """
        if where not in self._soon:
            self._soon.add(where)
            self._parts.background.start(self._later(where, wake))

    async def _later(self, where: str, wake: Callable[[], Awaitable[None]]) -> None:
        await self._parts.clock.sleep(SOON_S)
        self._soon.discard(where)
        await wake()

    async def everywhere(self) -> None:
        """After a start, or a new gateway session: tokens and rights may be new ones.

        The latest debates are looked at in any case: a process that died may have left a card as
        it was, or a close without its files.
        """
        parts = self._parts
        await wake(
            parts.debates, parts.readers, lambda place: platform_of(place) == PLATFORM, LATEST
        )

    async def server(self, guild: str) -> None:
        """The bot was invited, or its roles changed, or what a role may do."""
        self._parts.roles.forget(guild)
        parts = self._parts
        await wake(parts.debates, parts.readers, lambda place: guild_of(place) == guild)

    async def channel(self, channel: str) -> None:
        """What may be done in the channel changed, or its webhooks did."""
        self._webhooks.forget(channel)
        parts = self._parts
        await wake(parts.debates, parts.readers, lambda place: place.channel == channel)

    async def thread(self, guild: str, channel: str, thread: str) -> None:
        """A thread was opened again, or unlocked. `channel`: the one that it is in."""
        place = place_of(guild, channel, thread)
        await wake_thread(self._parts.debates, self._parts.readers, place)
