"""Limits: how often a platform may be called, all processes of a bot together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rate:
    """At most so many calls in any stretch of so long."""

    name: str
    """Whose rate it is: a channel's, a method's."""
    most: int
    within_s: float


class Limits(Protocol):
    """Calls by any names that their callers agree on. Every call may raise `StoreAway`."""

    async def hold_off(self, call: str, for_s: float) -> None:
        """Lets nobody make this call for so long; never sooner than somebody was told before."""
        ...

    async def admit(self, call: str, rates: Sequence[Rate] = (), who: str = "") -> float:
        """0: it may be made now, and is counted. Else for how many seconds to wait, then ask again.

        With `rates`, it may be made when all of them have room. Whoever has to wait keeps their
        place, by their name in `who`: others who ask meanwhile come after them; without a name,
        they do not wait. Asked twice because the answer was lost, it counts twice.
        """
        ...
