"""Threads that rest because a platform refused their posts, tried again when that may change."""

from __future__ import annotations

from collections.abc import Callable

from engine.debate.events import Place
from engine.ports.debates import Debates
from engine.ports.readers import Readers

LOOKED_AT = 500
"""Debates, the latest first."""


async def wake(
    debates: Debates, readers: Readers, is_meant: Callable[[Place], bool], latest: int = 0
) -> None:
    """Goes on in the home threads that rest and are meant; in so many of the latest in any case.

    Raises:
        StoreAway
    """
    homes = [(listed.debate, listed.started.home) for listed in await debates.recent(LOOKED_AT)]
    meant = [(debate, place) for debate, place in homes if place and is_meant(place)]
    for number, (debate, place) in enumerate(meant):
        if number < latest or (await readers.standing(debate, place)).resting:
            await readers.wake(debate, place)


async def wake_thread(debates: Debates, readers: Readers, place: Place) -> None:
    """Goes on in this thread, home or mirror, if it rests.

    Raises:
        StoreAway
    """
    debate = await debates.places.debate_at(place)
    if debate is not None and (await readers.standing(debate, place)).resting:
        await readers.wake(debate, place)
