"""The debate that a place in Discord shows."""

from __future__ import annotations

from dataclasses import dataclass

from bots.discordbot.ids import direct_place
from bots.discordbot.parts import Parts
from bots.discordbot.people import Where
from engine.debate.events import Place
from engine.debate.state import Debate
from engine.ports.store import UnknownDebate


@dataclass(frozen=True, slots=True)
class Shown:
    """A debate, and the place that it goes by there."""

    debate: str
    place: Place


async def shown_in(parts: Parts, where: Where) -> Shown | None:
    """In a thread, the one that it shows; in a direct message, the one that began last.

    Raises:
        StoreAway
    """
    places = parts.debates.places
    if where.guild is not None:
        debate = await places.debate_at(where.place) if where.thread else None
        return Shown(debate, where.place) if debate else None
    debate = await places.debate_at(direct_place(where.channel))
    state = await loaded(parts, debate) if debate else None
    home = state.started.home if state else None
    return Shown(debate, home) if debate and home else None


async def loaded(parts: Parts, debate: str) -> Debate | None:
    """How a debate stands; `None`: it is not kept any more.

    Raises:
        StoreAway
    """
    try:
        return await parts.debates.load(debate)
    except UnknownDebate:
        return None
