"""A debate begins: below somebody's message, in the thread that they are in, or below a card."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bots.chat.desk import Answer, Asker, Upload
from bots.chat.grammar import Start
from bots.chat.i18n import explained
from bots.chat.starting import Starting
from bots.chat.surface import RetryAfter, Unknown
from bots.discordbot.ids import is_direct
from bots.discordbot.opening import Opening, heard_from_now_on
from bots.discordbot.parts import Parts
from bots.discordbot.people import Where
from engine.debate.events import Place
from engine.debate.explained import Explained
from engine.debate.explained import marked as _
from engine.ports.store import StoreAway

TRIES = 4
ANSWERED_WITHIN_S = 8.0
LATER_S = 1.0
LATER = _("That could not be done just now; try again in a moment.")
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

    def __init__(self, parts: Parts, opening: Opening, starting: Starting) -> None:
        self._parts, self._opening, self._starting = parts, opening, starting

    async def below(self, message: str, wanted: Wanted) -> Answer:
        """Below this message, or in its thread, if it stands in one."""
        if wanted.where.thread:
            return await self._in_thread(wanted)
        try:
            await self._parts.desk.prepare(wanted.ask, wanted.asker, wanted.uploads)
            place = await self._thread(message, wanted)
        except StoreAway:
            raise
        except Explained as refusal:
            return Answer(explained(refusal, wanted.asker.language))
        if place is None:
            return Answer(wanted.asker.translate(LATER))
        return await self._in_thread(replace(wanted, asker=replace(wanted.asker, place=place)))

    async def anew(self, wanted: Wanted) -> Answer:
        """In the thread where it was asked for, else below a card in the channel."""
        if wanted.where.thread:
            return await self._in_thread(wanted)
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
            found = await self._begun(await self._starting.start(begun), asker)

        await asyncio.wait({self._parts.background.start(start())}, timeout=ANSWERED_WITHIN_S)
        return found or Answer(asker.translate(SOON))

    async def _in_thread(self, wanted: Wanted) -> Answer:
        desk = self._parts.desk
        done = await desk.do(wanted.ask, wanted.asker, wanted.payloads, wanted.uploads)
        return await self._begun(done, wanted.asker)

    async def _begun(self, answer: Answer, asker: Asker) -> Answer:
        if answer.debate is None:
            return answer
        home = (await self._parts.debates.load(answer.debate)).started.home
        if home is not None:
            await heard_from_now_on(self._parts, home, answer.debate)
        if self._parts.settings.message_content or is_direct(asker.place):
            return answer
        return replace(answer, text=asker.translate(BY_MENTION))

    async def _thread(self, message: str, wanted: Wanted) -> Place | None:
        """The thread below the message, made if need be; `None`: Discord did not take it.

        Raises:
            Refused
        """
        beside, topic = wanted.where.place, wanted.ask.topic
        for _try in range(TRIES):
            try:
                return await self._opening.below(beside, message, topic)
            except RetryAfter as error:
                await self._parts.clock.sleep(error.seconds or LATER_S)
            except Unknown:
                await self._parts.clock.sleep(LATER_S)
        return None
