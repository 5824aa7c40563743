"""The debate that a place in Discord shows."""

from __future__ import annotations

from dataclasses import dataclass

from bots.discordbot.ids import direct_place, is_direct
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


async def shown_as(parts: Parts, debate: str, where: Where) -> Shown | None:
    """This very debate, if it is the one that people talk to there; not one that came before it.

    Raises:
        StoreAway
    """
    state = await loaded(parts, debate)
    place = stands_at(state, where) if state else None
    if place is None or await parts.debates.places.debate_at(place) != debate:
        return None
    return Shown(debate, place)


def stands_at(state: Debate, where: Where) -> Place | None:
    """The place of a debate's own that this is: its home or a mirror. Pure.

    In a direct message all debates stand in one channel.
    """
    here = where.place
    for place in state.threads:
        if place == here or (is_direct(here) and place.channel == here.channel):
            return place
    return None


async def loaded(parts: Parts, debate: str) -> Debate | None:
    """How a debate stands; `None`: it is not kept any more.

    Raises:
        StoreAway
    """
    try:
        return await parts.debates.load(debate)
    except UnknownDebate:
        return None
