"""What people corrected or took back while nobody listened, found by reading the thread again.

A message that the log has and the thread has not any more was taken back; one that its author has
changed since is corrected. Only what was heard in the last day is looked for, and only as far as
the thread was read: what a reading does not reach is not taken for gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

import structlog

from bots.chat.order import order
from bots.chat.surface import Refused, RetryAfter, Unknown
from engine.debate.codec import UnknownEvent
from engine.debate.commands import Actor, Correct, Erase
from engine.debate.events import MessageEdited, MessageErased, MessageHeard, Person, Place, Record
from engine.debate.explained import Explained
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.store import StoreAway, UnknownDebate

LATELY_MS = 86_400_000
MOST = 100
"""Messages of one thread, the latest."""
MOST_PAGES = 5
TRIES = 3
AGAIN_S = 5.0

Message = TypeVar("Message")

log = structlog.get_logger()


class Readable(Protocol[Message]):
    """One platform's threads, as they can be read again; ids of one length are in their order."""

    def before(self, message: str) -> str:
        """An id that is lower than this message's, and not lower than any earlier one's."""
        ...

    async def page(self, place: Place, after: str) -> Sequence[tuple[str, Message]]:
        """See `bots.chat.missed.Archive.page`."""
        ...

    async def edited(self, place: Place, message: Message) -> str | None:
        """What it says now, as the log would have it; `None`: its author did not change it.

        Raises:
            Refused, RetryAfter, Unknown
        """
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """A message as the log has it."""

    id: str
    author: Person
    text: str


class Changed(Generic[Message]):
    """Looks threads through, one at a time."""

    def __init__(self, debates: Debates, clock: Clock, threads: Readable[Message]) -> None:
        self._debates, self._clock, self._threads = debates, clock, threads

    async def look(self, debate: str, place: Place) -> None:
        """Brings the debate's log up to what its thread has; gives up where it cannot be read."""
        for _try in range(TRIES):
            try:
                return await self._look(debate, place)
            except RetryAfter as error:
                await self._clock.sleep(error.seconds or AGAIN_S)
            except (Unknown, StoreAway):
                await self._clock.sleep(AGAIN_S)
            except (Refused, UnknownDebate, UnknownEvent) as refusal:
                log.info("changed.unread", place=place.thread, error=str(refusal))
                return None
        log.warning("changed.unread", place=place.thread)
        return None

    async def _look(self, debate: str, place: Place) -> None:
        records = await self._debates.records(debate)
        known = known_in(records, place, self._clock.now_ms() - LATELY_MS)
        if not known:
            return
        found, to = await self._found(place, known)
        if not found:
            return  # whom Discord does not let read what was said before, it shows nothing
        for message in known:
            by = Actor(message.author, place)
            if message.id in found:
                text = await self._threads.edited(place, found[message.id])
                if text is not None and text != message.text:
                    await self._submit(debate, Correct(by, message.id, text))
            elif to is None or order(message.id) <= order(to):
                await self._submit(debate, Erase(by, message.id))

    async def _found(
        self, place: Place, known: Sequence[Known]
    ) -> tuple[dict[str, Message], str | None]:
        """What stands there from the first of them on, and up to where; `None`: to the end."""
        found: dict[str, Message] = {}
        after = self._threads.before(known[0].id)
        for _page in range(MOST_PAGES):
            page = await self._threads.page(place, after)
            if not page:
                return found, None
            found |= dict(page)
            after = page[-1][0]
            if order(after) >= order(known[-1].id):
                break
        return found, after

    async def _submit(self, debate: str, command: Correct | Erase) -> None:
        log.info("changed.found", debate=debate, what=type(command).__name__.lower())
        try:
            await self._debates.submit(debate, command)
        except StoreAway:
            raise
        except Explained as refusal:
            log.info("changed.refused", debate=debate, error=str(refusal))


def known_in(records: Sequence[Record], place: Place, since_ms: int) -> list[Known]:
    """The latest messages that were heard in this thread, in the order of their ids. Pure."""
    found: dict[int, Known] = {}
    for record in records:
        match record.event:
            case MessageHeard(text=text, message=str(id_), place=there, author=author):
                if there == place and text and record.at_ms >= since_ms:
                    found[record.n] = Known(id_, author, text)
            case MessageEdited(of=of, text=text) if of in found and text:
                found[of] = replace(found[of], text=text)
            case MessageErased(of=of):
                found.pop(of, None)
    return sorted(found.values(), key=lambda known: order(known.id))[-MOST:]
