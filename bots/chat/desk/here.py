"""The debate that the asker's thread shows."""

from __future__ import annotations

from dataclasses import dataclass

from bots.chat.desk.values import Asker
from engine.debate.commands import Rejected
from engine.debate.events import Problem
from engine.debate.state import Debate
from engine.ports.debates import Debates
from engine.ports.readers import Readers
from engine.ports.store import UnknownDebate


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
    shows = asker.place in (state.started.home, *state.mirrors)
    return Here(debate, state) if shows else None


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
