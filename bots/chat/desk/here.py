"""The debate that the asker's thread shows."""

from __future__ import annotations

from dataclasses import dataclass

from bots.chat.desk.values import Asker
from engine.debate.commands import Rejected
from engine.debate.state import Debate
from engine.ports.debates import Debates
from engine.ports.store import UnknownDebate


@dataclass(frozen=True, slots=True)
class Here:
    """A debate, and how it stands."""

    debate: str
    state: Debate


async def shown_here(debates: Debates, asker: Asker) -> Here | None:
    """The debate that the thread shows, if it shows one that is still kept.

    Raises:
        StoreAway
    """
    debate = await debates.places.debate_at(asker.place)
    if debate is None:
        return None
    try:
        return Here(debate, await debates.load(debate))
    except UnknownDebate:
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
