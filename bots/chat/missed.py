"""What people wrote while nobody listened, read back: after every start and every lost connection.

How far a thread was heard is kept with the places, message by message, as they are taken in. While
something may have been missed, nothing is kept: what is heard then lies after the gap. Once the gap
is read, the marks move on to what was heard meanwhile. What was heard before and is read again does
nothing; commands, which a thread may well be told twice, do nothing for an hour. Last, the threads
are looked through for what was corrected or taken back meanwhile.

What the bot itself posted is no mark: it goes on posting while it hears nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

import structlog

from bots.chat.changed import Changed
from bots.chat.surface import Refused, RetryAfter, Unknown
from engine.debate.codec import UnknownEvent
from engine.debate.events import (
    DebateClosed,
    DebateStarted,
    LateMessage,
    MirrorEnded,
    MirrorOpened,
    Place,
    Record,
)
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.store import StoreAway, UnknownDebate

LOOKED_AT = 1_000
"""Debates, the latest first; of these, the open ones are read."""
LATEST = 20
"""Of these, those that were closed lately, too: people go on asking there."""
LATELY_MS = 86_400_000
AGAIN_S = 5.0
WORTH_TELLING_S = 10.0

Message = TypeVar("Message")

log = structlog.get_logger()


class Archive(Protocol[Message]):
    """One platform's threads, as they can be read back."""

    def is_here(self, place: Place) -> bool:
        """Whether the thread is one that this process listens to."""
        ...

    async def page(self, place: Place, after: str) -> Sequence[tuple[str, Message]]:
        """The next messages after this one, by their ids, oldest first; empty: there are no more.

        Raises:
            Refused: the thread is gone, or may not be read.
            RetryAfter, Unknown: not now.
        """
        ...

    def before(self, message: str) -> str:
        """See `Readable.before`."""
        ...

    async def edited(self, place: Place, message: Message) -> str | None:
        """See `Readable.edited`."""
        ...

    async def take(self, place: Place, message: Message) -> None:
        """Takes it in as if it was heard just now; waits for the store if need be."""
        ...

    def waits(self, debate: str, place: Place, seconds: float | None) -> None:
        """A debate's thread is read in about so long; `None`: it is read."""
        ...


class Missed(Generic[Message]):
    """One process's gaps. At the beginning there is one: since whoever listened before."""

    def __init__(self, debates: Debates, clock: Clock, archive: Archive[Message]) -> None:
        self._debates, self._clock, self._archive = debates, clock, archive
        self._changed = Changed(debates, clock, archive)
        self._gaps = 1
        self._wanted = asyncio.Event()
        self._unread: list[tuple[str, Place]] = []
        self._heard: dict[Place, str] = {}
        """The last message of each thread that was taken in while a gap was read."""

    def lose(self) -> None:
        """The connection broke for good: what came since, and what comes now, is behind a gap."""
        self._gaps += 1

    def read(self) -> None:
        """It is there again: now the gap can be read."""
        self._wanted.set()

    async def run(self) -> None:
        """Reads gaps until it is cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await self._catch_up()

    async def begins(self, place: Place, message: str) -> None:
        """A debate came to this thread with this message; what stands before it was said to none.

        Raises:
            StoreAway
        """
        await self._debates.places.set_heard_to(place, message)

    async def heard(self, place: Place, message: str) -> None:
        """This message of a debate's thread was taken in, and everything before it.

        Raises:
            StoreAway
        """
        if self._gaps:
            self._heard[place] = message
        else:
            await self._debates.places.set_heard_to(place, message)

    async def _catch_up(self) -> None:
        while self._gaps:
            gaps, threads = self._gaps, await self._threads()
            await self._read_all(threads)
            log.info("missed.read", threads=len(threads))
            if self._gaps == gaps:
                self._gaps = 0
                await self._mark_heard()
            for debate, place in threads:
                await self._changed.look(debate, place)

    async def _mark_heard(self) -> None:
        """What was heard while the gap was read joins what was read of it."""
        heard, self._heard = self._heard, {}
        while heard:
            place, message = heard.popitem()
            try:
                await self._debates.places.set_heard_to(place, message)
            except StoreAway as error:
                log.warning("store.away", error=str(error))
                heard[place] = message
                await self._clock.sleep(AGAIN_S)

    async def _threads(self) -> list[tuple[str, Place]]:
        """Debates, each with a thread that shows it."""
        while True:
            try:
                listed = await self._debates.recent(LOOKED_AT)
                meant = [one for one in listed if not one.closed]
                meant += [one for one in listed[:LATEST] if one.closed]
                ids = [one.debate for one in meant]
                found = [(id_, place) for id_ in ids for place in await self._threads_of(id_)]
                return [(id_, place) for id_, place in found if self._archive.is_here(place)]
            except StoreAway as error:
                log.warning("store.away", error=str(error))
                await self._clock.sleep(AGAIN_S)

    async def _threads_of(self, debate: str) -> list[Place]:
        """Those of a debate that is open, or was so lately."""
        try:
            records = await self._debates.records(debate)
        except (UnknownDebate, UnknownEvent) as error:
            log.warning("missed.unread", debate=debate, error=str(error))
            return []
        last = records[-1]
        is_over = isinstance(last.event, DebateClosed | LateMessage)
        if is_over and self._clock.now_ms() - last.at_ms > LATELY_MS:
            return []
        return threads_in(records)

    async def _read_all(self, threads: Sequence[tuple[str, Place]]) -> None:
        """One that cannot be read just now comes again after all others."""
        self._unread = list(threads)
        while self._unread:
            for debate, place in tuple(self._unread):
                if await self._guarded(place):
                    self._unread.remove((debate, place))
                    self._archive.waits(debate, place, None)
            if self._unread:
                await self._clock.sleep(AGAIN_S)

    async def _guarded(self, place: Place) -> bool:
        """Whatever is wrong with one thread, the others are read, and the process goes on."""
        (found,) = await asyncio.gather(self._read(place), return_exceptions=True)
        if isinstance(found, BaseException):
            log.error("missed.failed", place=place.thread, exc_info=found)
            return True
        return found

    async def _read(self, place: Place) -> bool:
        """Reads one thread page by page, and keeps how far it is; whether it came to its end."""
        while True:
            try:
                after = await self._debates.places.heard_to(place) or place.thread
                page = await self._archive.page(place, after)
                for _id, message in page:
                    await self._archive.take(place, message)
                if not page:
                    return True
                await self._debates.places.set_heard_to(place, page[-1][0])
            except Refused as refusal:
                log.info("missed.unread", place=place.thread, error=str(refusal))
                return True
            except RetryAfter as error:
                await self._wait(place, error.seconds or AGAIN_S)
            except Unknown as error:
                log.warning("missed.waits", place=place.thread, error=str(error))
                return False
            except StoreAway as error:
                log.warning("store.away", error=str(error))
                await self._clock.sleep(AGAIN_S)

    async def _wait(self, place: Place, seconds: float) -> None:
        """The platform lets threads be read only so often; those who wait are told."""
        log.info("missed.waits", place=place.thread, seconds=seconds)
        if seconds >= WORTH_TELLING_S:
            for number, thread in enumerate(self._unread, 1):
                self._archive.waits(*thread, number * seconds)
        await self._clock.sleep(seconds)


def threads_in(records: Sequence[Record]) -> list[Place]:
    """The threads that show a debate. Pure."""
    found: list[Place] = []
    for record in records:
        match record.event:
            case DebateStarted(home=Place() as place) | MirrorOpened(place=place):
                found.append(place)
            case MirrorEnded(place=place):
                found = [other for other in found if other != place]
    return found
