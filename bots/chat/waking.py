"""Threads that rest because a platform refused their posts, tried again when that may change."""

from __future__ import annotations

from collections.abc import Callable

from engine.debate.events import Place
from engine.ports.debates import Debates, Listed
from engine.ports.readers import Readers
from engine.ports.store import UnknownDebate


async def wake(
    debates: Debates, readers: Readers, is_meant: Callable[[Place], bool], latest: int = 0
) -> None:
    """Goes on in the threads that rest and are meant; in so many of the latest in any case.

    Raises:
        StoreAway
    """
    meant = [(debate, place) for debate, place in await readers.resting() if is_meant(place)]
    for listed in await debates.recent(latest) if latest else ():
        there = await _threads(debates, listed)
        meant += [(listed.debate, place) for place in there if is_meant(place)]
    for debate, place in dict.fromkeys(meant):
        await readers.wake(debate, place)


async def _threads(debates: Debates, listed: Listed) -> list[Place]:
    """The home, and the mirrors where the debate goes on."""
    home = [listed.started.home] if listed.started.home else []
    if listed.closed:
        return home
    try:
        return [*home, *(await debates.load(listed.debate)).mirrors]
    except UnknownDebate:
        return []


async def wake_thread(debates: Debates, readers: Readers, place: Place) -> None:
    """Goes on in this thread, home or mirror, if it rests.

    Raises:
        StoreAway
    """
    debate = await debates.places.debate_at(place)
    if debate is not None and (await readers.standing(debate, place)).resting:
        await readers.wake(debate, place)
