"""A debate begins: below somebody's message, in the thread that they are in, or below a card."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bots.chat.desk import Answer, Asker, Upload
from bots.chat.grammar import Start
from bots.chat.i18n import explained
from bots.chat.starting import Starting
from bots.discordbot.ids import is_direct
from bots.discordbot.parts import Parts
from bots.discordbot.people import Where
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.ports.store import StoreAway

ANSWERED_WITHIN_S = 8.0
SOON = _("This takes longer than usual; the debate begins as soon as it can.")
BY_MENTION = _(
    "Mention me in what you write here: without the message-content intent, which whoever runs me"
    " can switch on, I hear nothing else."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A debate that somebody asks for."""

    ask: Start
    asker: Asker
    where: Where
    payloads: Sequence[str]
    uploads: Sequence[Upload] = ()


class Starts:
    """Begins debates; every call answers why not, where one did not begin.

    Each may raise `StoreAway`: asked again, it goes on.
    """

    def __init__(self, parts: Parts, starting: Starting) -> None:
        self._parts, self._starting = parts, starting

    async def below(self, message: str, wanted: Wanted) -> Answer:
        """Below this message, or in its thread, if it stands in one."""
        if wanted.where.thread:
            return await self._in_thread(wanted)
        below = replace(wanted.asker.place, thread=message)
        return await self._noted(replace(wanted, asker=replace(wanted.asker, place=below)))

    async def anew(self, wanted: Wanted) -> Answer:
        """In the thread where it was asked for, else below a card in the channel."""
        return await (self._in_thread(wanted) if wanted.where.thread else self._noted(wanted))

    async def _noted(self, wanted: Wanted) -> Answer:
        """Where there is no thread yet: from the note on, it begins, whatever dies."""
        asker = wanted.asker
        try:
            command = await self._parts.desk.prepare(wanted.ask, asker, wanted.uploads)
        except StoreAway:
            raise
        except Explained as refusal:
            return Answer(explained(refusal, asker.language))
        begun = await self._starting.begin(command, asker, wanted.payloads)
        found: Answer | None = None

        async def start() -> None:
            nonlocal found
            found = self._begun(await self._starting.start(begun), asker)

        await asyncio.wait({self._parts.background.start(start())}, timeout=ANSWERED_WITHIN_S)
        return found or Answer(asker.translate(SOON))

    async def _in_thread(self, wanted: Wanted) -> Answer:
        desk = self._parts.desk
        done = await desk.do(wanted.ask, wanted.asker, wanted.payloads, wanted.uploads)
        return self._begun(done, wanted.asker)

    def _begun(self, answer: Answer, asker: Asker) -> Answer:
        hears_all = self._parts.settings.message_content or is_direct(asker.place)
        if answer.debate is None or hears_all:
            return answer
        return replace(answer, text=asker.translate(BY_MENTION))
