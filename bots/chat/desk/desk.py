"""The desk itself: takes what people want, puts it to the engine, and answers them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence

from bots.chat import names
from bots.chat.desk import doing
from bots.chat.desk.doing import Office
from bots.chat.desk.handing_in import Brought, hand_in
from bots.chat.desk.here import (
    Here,
    known_when_written,
    needed_here,
    shown_here,
    tried_again,
)
from bots.chat.desk.starting import usual
from bots.chat.desk.values import NOTHING, Answer, Asker, Upload, both, which
from bots.chat.grammar import Ask, Help, Known, Options, Start, control, parse
from bots.chat.i18n import explained
from bots.chat.material import read_material
from engine.debate.commands import Attach, Rejected, Say, StartDebate, Steer, Talk
from engine.debate.events import Budget
from engine.debate.explained import Explained
from engine.debate.panel import Panel
from engine.ports.debates import Debates
from engine.ports.readers import Readers
from engine.ports.store import AlreadyTaken, StoreAway

# JSON can smuggle halves of characters in; no log takes them.
_SURROGATE = re.compile("[\ud800-\udfff]")
_AFTER_A_NAME = " \t\n,:;"


class Desk:
    """Where every surface brings what its people write and click.

    What comes back is to be shown to whoever asked; what everybody is to see comes by the debate's
    log. A refusal is an answer like any other. `payloads` names what the platform delivered: a
    second delivery changes nothing; it gets no answer, or a refusal where by now the rules refuse
    it. All methods raise `StoreAway`, and but for `prepare` nothing else: nothing may be
    acknowledged then, and the same be brought again.
    """

    def __init__(
        self,
        debates: Debates,
        panels: Mapping[str, Panel],
        new_id: Callable[[], str],
        budget: Budget | None = None,
        readers: Readers | None = None,
    ) -> None:
        """`panels` by their ids; `budget` is what each debate may use.

        `readers`, where delivery shows debates: a thread that rests is tried again when somebody
        writes in it.
        """
        self._debates = debates
        self._office = Office(debates, panels, new_id, budget or Budget(), readers)

    async def ask(
        self,
        text: str,
        asker: Asker,
        payloads: Sequence[str] = (),
        uploads: Sequence[Upload] = (),
    ) -> Answer:
        """What somebody wrote after `/debate`: a command, or else the topic of a new debate."""
        return await _told(asker, self._ask(text, asker, payloads, uploads))

    async def mention(
        self,
        text: str,
        asker: Asker,
        message: str | None = None,
        payloads: Sequence[str] = (),
        uploads: Sequence[Upload] = (),
    ) -> Answer:
        """What somebody wrote to the app itself, without its mention; `message` is its id.

        Where the thread shows a debate, what is no command is put to whom it names, else to the
        moderator, and what came along is handed in.
        """
        return await _told(asker, self._mention(text, asker, message, payloads, uploads))

    async def say(
        self,
        text: str,
        asker: Asker,
        to: str | None = None,
        message: str | None = None,
        payloads: Sequence[str] = (),
        uploads: Sequence[Upload] = (),
    ) -> Answer:
        """What somebody wrote in a thread; nothing, where the thread shows no debate.

        `to` is the persona that they tagged, by id, where the platform knows; else a typed `@name`
        is looked for. `message` is the platform's id of it. `uploads` came along: where they cannot
        be handed in, the words are said all the same.
        """
        brought = Brought(message, payloads)
        return await _told(asker, self._said(text, asker, to, brought, uploads))

    async def do(
        self,
        ask: Ask,
        asker: Asker,
        payloads: Sequence[str] = (),
        uploads: Sequence[Upload] = (),
    ) -> Answer:
        """What was asked for in a form or by a button."""
        return await _told(asker, doing.do(self._office, ask, asker, payloads, uploads))

    async def submit(
        self,
        command: Talk | Steer,
        asker: Asker,
        payloads: Sequence[str] = (),
        debate: str | None = None,
    ) -> Answer:
        """One command to the debate of this thread: an edit, a deletion, a vote, a seat's form.

        `debate`: the one that it is meant for, whichever the thread shows by now.
        """
        return await _told(asker, self._submit(command, asker, payloads, debate))

    async def attach(
        self,
        upload: Upload,
        asker: Asker,
        message: str | None = None,
        payloads: Sequence[str] = (),
    ) -> Answer:
        """A file for the debate of this thread; by its id, `message`, it can be taken back."""
        return await _told(asker, self._attach(upload, asker, message, payloads))

    async def prepare(
        self, ask: Start, asker: Asker, uploads: Sequence[Upload] = ()
    ) -> StartDebate:
        """The command that `do` would start a debate with, for who must make its thread first.

        Raises:
            Explained: it may not be started so; nothing is to be made.
            StoreAway
        """
        return await doing.prepare(self._office, ask, asker, uploads)

    async def usual(self, asker: Asker) -> Options:
        """What a debate starts with that they start there, saying nothing; for forms to show."""
        return usual(await doing.liked(self._office, asker), self._office.panels, asker.language)

    async def _ask(
        self, text: str, asker: Asker, payloads: Sequence[str], uploads: Sequence[Upload]
    ) -> Answer:
        here = await shown_here(self._debates, asker)
        ask = parse(text, self._known(here))
        return await doing.do(self._office, ask, asker, payloads, uploads)

    async def _mention(
        self,
        text: str,
        asker: Asker,
        message: str | None,
        payloads: Sequence[str],
        uploads: Sequence[Upload],
    ) -> Answer:
        here = await shown_here(self._debates, asker)
        known = self._known(here)
        if here is None or not (text.strip() or uploads):
            ask = parse(text, known) if text.strip() else Help()
            return await doing.do(self._office, ask, asker, payloads, uploads)
        kept_out = await self._handed_in(here, uploads, asker, Brought(message, payloads))
        if not text.strip():
            return kept_out
        command = control(text, known)
        if command:
            return both(kept_out, await doing.do(self._office, command, asker, payloads))
        told = names.addressed(text, here.state.started.seats)
        to = None if told else here.state.moderator.id
        return both(kept_out, await self._say(text, asker, to, message, payloads))

    async def _said(
        self,
        text: str,
        asker: Asker,
        to: str | None,
        by: Brought,
        uploads: Sequence[Upload],
    ) -> Answer:
        here = await shown_here(self._debates, asker) if uploads else None
        kept_out = await self._handed_in(here, uploads, asker, by) if here else NOTHING
        if uploads and not text.strip():
            return kept_out
        return both(kept_out, await self._say(text, asker, to, by.message, by.payloads))

    async def _handed_in(
        self, here: Here, uploads: Sequence[Upload], asker: Asker, by: Brought
    ) -> Answer:
        """Why what came along is not handed in, if it is not; words are said all the same."""
        try:
            await hand_in(self._debates, here, uploads, asker, by)
        except StoreAway:
            raise
        except Explained as refusal:
            return Answer(explained(refusal, asker.language))
        return NOTHING

    async def _say(
        self,
        text: str,
        asker: Asker,
        to: str | None,
        message: str | None,
        payloads: Sequence[str],
    ) -> Answer:
        here = await shown_here(self._debates, asker)
        if here is None:
            return NOTHING
        seats = here.state.started.seats
        address = names.addressed(text, seats)
        if address and address.persona is None and not to:
            return which(address, seats, asker)
        to = to or (address.persona if address else None)
        if to == here.state.moderator.id:
            ask = control(_untagged(text, address, to), self._known(here))
            if ask:
                return await doing.do(self._office, ask, asker, payloads)
        await tried_again(self._office.readers, here, asker)
        knows = await known_when_written(self._office.readers, here, asker, message)
        said = Say(asker.actor, _SURROGATE.sub("\ufffd", text), to, message, knows)
        await self._debates.submit(here.debate, said, payloads)
        return NOTHING

    async def _submit(
        self,
        command: Talk | Steer,
        asker: Asker,
        payloads: Sequence[str],
        debate: str | None = None,
    ) -> Answer:
        here = await needed_here(self._debates, asker)
        if debate not in (None, here.debate):
            raise Rejected("This thread shows another debate by now; nothing was done.")
        await self._debates.submit(here.debate, command, payloads)
        return NOTHING

    async def _attach(
        self, upload: Upload, asker: Asker, message: str | None, payloads: Sequence[str]
    ) -> Answer:
        material = await asyncio.to_thread(read_material, upload.name, upload.content)
        return await self._submit(Attach(asker.actor, material, message), asker, payloads)

    def _known(self, here: Here | None) -> Known:
        seats = here.state.started.seats if here else ()
        return Known(tuple(self._office.panels), seats)


def _untagged(text: str, address: names.Address | None, to: str) -> str:
    """What was written, without the tag of whom it is for where it begins with that."""
    leads = address and address.persona == to and not text[: address.start].strip()
    return text[address.end :].lstrip(_AFTER_A_NAME) if address and leads else text


async def _told(asker: Asker, doing_it: Awaitable[Answer]) -> Answer:
    """The answer, or the refusal as one."""
    try:
        return await doing_it
    except AlreadyTaken:
        return NOTHING
    except StoreAway:
        raise
    except Explained as refusal:
        return Answer(explained(refusal, asker.language))
