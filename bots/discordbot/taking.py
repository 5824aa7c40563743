"""What was heard, taken in thread by thread, in order; and what was missed, read back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import discord

from bots.chat.in_order import InOrder
from bots.chat.metrics import Metrics
from bots.chat.missed import Missed
from bots.discordbot.heard import Asked, Edited, Gone, Heard, Said, Voted
from bots.discordbot.missed import Threads
from bots.discordbot.parts import Parts
from bots.discordbot.people import People, Where
from bots.discordbot.reactions import Reactions
from bots.discordbot.shown import Shown, shown_in
from bots.discordbot.talk import Talk

AGAIN_S = 1.0


class Taking:
    """One process's ears, behind the gateway."""

    def __init__(
        self,
        parts: Parts,
        people: People,
        talk: Talk,
        reactions: Reactions,
        world: Callable[[], discord.Client],
        metrics: Metrics,
    ) -> None:
        self._parts, self._people = parts, people
        self._talk, self._reactions, self._metrics = talk, reactions, metrics
        self._lanes = InOrder(parts.background, parts.clock)
        threads = Threads(world, self._take_again, talk.words)
        self._missed = Missed(parts.debates, parts.clock, threads)

    def take(self, what: Heard) -> None:
        """Takes it in after what was heard in its thread before."""
        if self._put(what) is None:
            self.lose()
            self.read_missed()

    def lose(self) -> None:
        """Something was missed, or may have been."""
        self._missed.lose()

    def read_missed(self) -> None:
        """Discord can be asked now for what was missed."""
        self._missed.read()

    async def run(self) -> None:
        """Reads what was missed, as soon as that can be, until it is cancelled."""
        await self._missed.run()

    async def _take_again(self, said: Said) -> None:
        """What is read back goes the same way, and waits for its place there."""
        while (done := self._put(said)) is None:
            await self._parts.clock.sleep(AGAIN_S)
        await done

    def _put(self, what: Heard) -> Awaitable[object] | None:
        spot = what.said.spot if isinstance(what, Edited) else what.spot
        return self._lanes.put(spot.channel, lambda: self._taken(what))

    async def _taken(self, what: Heard) -> None:
        spot = what.said.spot if isinstance(what, Edited) else what.spot
        where = await self._people.where(spot)
        if where is None or not self._people.hears(where):
            return
        shown = await shown_in(self._parts, where)
        if isinstance(what, Said):
            await self._talk.said(what, where, shown)
            await self._mark(what, where, shown)
        elif shown is not None:
            await self._done(what, where, shown)
        self._metrics.heard.labels(type(what).__name__.lower(), "taken").inc()

    async def _mark(self, said: Said, where: Where, shown: Shown | None) -> None:
        """It need not be read again."""
        now = await shown_in(self._parts, where)
        if now is None:
            return
        if shown is None or now.place != shown.place:
            await self._missed.begins(now.place, said.message)
        else:
            await self._missed.heard(now.place, said.message)

    async def _done(self, what: Edited | Gone | Voted | Asked, where: Where, shown: Shown) -> None:
        match what:
            case Edited():
                await self._reactions.edited(what, where, shown)
            case Gone():
                await self._reactions.gone(what, shown)
            case Voted():
                await self._reactions.voted(what, where, shown)
            case Asked():
                await self._reactions.asked(what, where, shown)
