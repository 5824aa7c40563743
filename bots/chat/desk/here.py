"""The debate that the asker's thread shows."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bots.chat.desk.values import Asker
from bots.chat.order import order
from engine.debate.commands import Rejected
from engine.debate.events import Place, Problem
from engine.debate.state import Debate
from engine.ports.debates import Debates
from engine.ports.readers import Readers
from engine.ports.store import UnknownDebate

LOOKS, LOOK_S = 10, 0.15
"""No longer than a platform waits for an answer."""


@dataclass(frozen=True, slots=True)
class Here:
    """A debate, and how it stands."""

    debate: str
    state: Debate


async def shown_here(debates: Debates, asker: Asker) -> Here | None:
    """The debate that the thread shows, if it is still kept and the thread is one of its own.

    A thread that is bound to a debate and neither its home nor its mirror is a mirror half made.

    Raises:
        StoreAway
    """
    debate = await debates.places.debate_at(asker.place)
    if debate is None:
        return None
    try:
        state = await debates.load(debate)
    except UnknownDebate:
        return None
    return Here(debate, state) if asker.place in state.threads else None


async def tried_again(readers: Readers | None, here: Here, asker: Asker) -> Problem | None:
    """Why nothing was posted to the thread lately; somebody is there now, so it is tried again.

    Raises:
        StoreAway
    """
    if readers is None:
        return None
    why = (await readers.standing(here.debate, asker.place)).resting
    if why is not None:
        await readers.wake(here.debate, asker.place)
    return why


async def known_when_written(
    readers: Readers | None, here: Here, asker: Asker, message: str | None
) -> int | None:
    """The last event that whoever wrote this message may have been shown; `None`: all there are.

    It matters where their seat is called on: by the time that a message gets here, its author may
    have been called on that had not been when they wrote it. The thread itself tells: it shows the
    call before the message, or after it, or not yet; that it does is recorded a moment later.

    Raises:
        StoreAway
    """
    if readers is None or message is None:
        return None
    waiting, n = here.state.waiting, here.state.n
    if waiting.person is None or waiting.person.id != asker.person.id:
        return n
    call = await _message_of(readers, here.debate, asker.place, waiting.since)
    is_before = call is not None and order(call) < order(message)
    return n if is_before else waiting.since - 1


async def _message_of(readers: Readers, debate: str, place: Place, event: int) -> str | None:
    """The message that shows the event; `None`: none does by now."""
    for _look in range(LOOKS):
        if shown := (await readers.messages(debate, place)).get(event):
            return shown[0]
        await asyncio.sleep(LOOK_S)
    return None


async def needed_here(debates: Debates, asker: Asker) -> Here:
    """The same, for what makes no sense without one.

    Raises:
        Rejected: the thread shows none.
        StoreAway
    """
    here = await shown_here(debates, asker)
    if here is None:
        raise Rejected("There is no debate in this thread. Write this where one is held.")
    return here
