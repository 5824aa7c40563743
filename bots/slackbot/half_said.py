"""What stands in threads and is no post yet, or never will be: it ends as one, or is taken back."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from bots.chat.surface import Part, Refused, RetryAfter, Unknown
from bots.slackbot.leftovers import clear
from bots.slackbot.message import Link
from bots.slackbot.parts import Parts
from bots.slackbot.stream import Stream
from bots.slackbot.workspaces import Workspaces
from engine.debate.events import Place
from engine.debate.panel import Language
from engine.ports.clock import Clock
from engine.ports.store import StoreAway

LATER_S = 5.0

log = structlog.get_logger()


class HalfSaid:
    """All threads of a process."""

    def __init__(
        self, workspaces: Workspaces, clock: Clock, lands_within_s: float, *, is_on: bool
    ) -> None:
        """`is_on`: turns are shown before they are whole; else, nothing is half said."""
        self._workspaces, self._clock = workspaces, clock
        self._lands_within_s, self._is_on = lands_within_s, is_on
        self._untidy: dict[Place, float] = {}
        """Threads where something may have been left, and when it has landed for sure."""
        self.streams: dict[Place, Stream] = {}
        """The messages that grow."""

    def takes_over(self, place: Place) -> None:
        """Something may have been left there that nobody knows of; see `Surface.takes_over`."""
        if self._is_on:
            self._untidy[place] = self._clock.monotonic() + self._lands_within_s

    def is_untidy(self, place: Place) -> bool:
        """Whether it may still stand there."""
        return place in self._untidy

    async def end(self, parts: Parts, place: Place, part: Part, links: list[Link]) -> str | None:
        """Has the growing message be this post; `None`: none is, and it is to be posted.

        Raises:
            Refused, RetryAfter, Unknown: see `Surface.post`.
        """
        stream = self.streams.get(place)
        if stream and await stream.end(part, parts.reach, links, self._clock.monotonic()):
            self.streams.pop(place, None)
            return stream.message
        await self._take_back(parts, part.key.debate, place, part.language)
        return None

    def found(self, place: Place, message: str) -> None:
        """This message is a post."""
        stream = self.streams.get(place)
        if stream and stream.message == message:
            del self.streams[place]

    async def take_back(self, debate: str, place: Place, language: Language) -> None:
        """Returns once nothing of it is left, or nothing can be done about it."""
        while place in self.streams or place in self._untidy:
            try:
                parts = await self._workspaces.at(place)
                await self._take_back(parts, debate, place, language)
            except RetryAfter as error:
                await self._clock.sleep(error.seconds or LATER_S)
            except Unknown:
                await self._clock.sleep(LATER_S)
            except Refused as refusal:
                log.warning("stream.left", channel=place.channel, error=str(refusal))
                self.streams.pop(place, None)
                self._untidy.pop(place, None)

    async def loses(self, place: Place) -> None:
        """Another process holds the thread: what grows there grows no more."""
        stream = self.streams.pop(place, None)
        while stream is not None:
            try:
                await stream.take_back()
                stream = None
            except RetryAfter as error:
                await self._clock.sleep(error.seconds or LATER_S)
            except Refused as refusal:
                log.warning("stream.left", channel=place.channel, error=str(refusal))
                stream = None

    async def close(self, within_s: float) -> None:
        """Takes back what is left, if it can be done by then; delivery has ended."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                for place in list(self.streams):
                    await self.loses(place)

    async def _take_back(self, parts: Parts, debate: str, place: Place, language: Language) -> None:
        if (stream := self.streams.get(place)) is not None:
            await stream.take_back()
            self.streams.pop(place, None)
        if (settled_at := self._untidy.get(place)) is not None:
            wait_s = settled_at - self._clock.monotonic()
            if wait_s > 0:
                raise RetryAfter(wait_s)
            try:
                await clear(parts, debate, place, language)
            except (Unknown, StoreAway) as error:
                raise RetryAfter from error
            del self._untidy[place]
