"""At a debate's close, its transcript goes into the thread as files: once for each close."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Protocol

import structlog

from bots.chat.desk import File
from bots.chat.i18n import translator
from bots.chat.surface import Refused, RetryAfter, Unknown
from bots.chat.transcript.files import FORMS
from engine.debate.events import DebateClosed, Place, Record
from engine.debate.state import Debate, Phase
from engine.ports.clock import Clock
from engine.ports.debates import Debates
from engine.ports.readers import Readers
from engine.ports.store import StoreAway, UnknownDebate

TRIES = 8
LATER_S = 5.0
REMEMBERED = 10_000
"""Closes; of one that is not remembered, the thread shows whether its files are there."""

log = structlog.get_logger()


class Shelf(Protocol):
    """Where a platform keeps files for a thread. No call is made twice by itself.

    Each may raise `Refused`, `RetryAfter` or `Unknown`, as `Surface.post` does.
    """

    async def files_after(self, place: Place, message: str) -> list[str]:
        """The names of the files that the bot posted to the thread after this message."""
        ...

    async def put(self, place: Place, files: Sequence[File], comment: str) -> None:
        """Posts them to the thread, in one message, with these words."""
        ...


class Closing:
    """Puts transcripts into the home threads of one platform's debates."""

    def __init__(
        self,
        shelf: Shelf,
        debates: Debates,
        readers: Readers,
        clock: Clock,
        later_s: float = LATER_S,
    ) -> None:
        self._shelf, self._debates, self._readers = shelf, debates, readers
        self._clock, self._later_s = clock, later_s
        self._seen_to: OrderedDict[tuple[str, int], None] = OrderedDict()

    async def stands(self, debate: str, place: Place, state: Debate) -> None:
        """The thread was shown everything; if that was a close, returns once its files stand.

        What does not work for long is tried again when the thread next stands.
        """
        turns = len(state.turns)
        is_due = state.phase is Phase.CLOSED and place == state.started.home
        if is_due and (debate, turns) not in self._seen_to:
            self._seen_to[debate, turns] = None
            if len(self._seen_to) > REMEMBERED:
                self._seen_to.popitem(last=False)
            await self._see_to(debate, place, state)

    async def _see_to(self, debate: str, place: Place, state: Debate) -> None:
        is_done = False
        try:
            is_done = await self._put(debate, place, state)
        finally:
            if not is_done:
                self._seen_to.pop((debate, len(state.turns)), None)

    async def _put(self, debate: str, place: Place, state: Debate) -> bool:
        """Whether the files stand there."""
        translate = translator(state.started.language)
        tries = 0
        while tries < TRIES:
            try:
                records = await self._debates.records(debate)
                if not await self._are_there(debate, place, records):
                    files = await asyncio.to_thread(_files, debate, records)
                    await self._shelf.put(place, files, translate("The transcript of the debate."))
                return True
            except RetryAfter as error:
                # Who says when to come again is believed, however often: many may close at once.
                tries += error.seconds is None
                await self._clock.sleep(max(self._later_s, error.seconds or 0.0))
            except (Unknown, StoreAway):
                tries += 1
                await self._clock.sleep(self._later_s)
            except (Refused, UnknownDebate) as error:
                log.warning("transcript.refused", debate=debate, error=str(error))
                return False
        log.warning("transcript.given_up", debate=debate, tries=tries)
        return False

    async def _are_there(self, debate: str, place: Place, records: Sequence[Record]) -> bool:
        """Whether files of ours stand below the last close."""
        closes = [record.n for record in records if isinstance(record.event, DebateClosed)]
        messages = await self._readers.messages(debate, place)
        after = messages.get(closes[-1], [place.thread])[-1]
        return any(name in FORMS for name in await self._shelf.files_after(place, after))


def _files(debate: str, records: Sequence[Record]) -> list[File]:
    return [File(name, form(debate, records).encode()) for name, form in FORMS.items()]
