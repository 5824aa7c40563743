"""Limits: how often a platform may be called, all processes of a bot together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rate:
    """After a silence `burst` at once, then one each `interval_s`."""

    name: str
    """Whose rate it is: a channel's."""
    interval_s: float
    burst: int


class Limits(Protocol):
    """Calls by any names that their callers agree on. Every call may raise `StoreAway`."""

    async def hold_off(self, call: str, for_s: float) -> None:
        """Lets nobody make this call for so long; never sooner than somebody was told before."""
        ...

    async def admit(self, call: str, rate: Rate | None = None, who: str = "") -> float:
        """0: it may be made now, and is counted. Else for how many seconds to wait, then ask again.

        With a `rate`, whoever has to wait keeps their place, by their name in `who`: others who ask
        meanwhile come after them. Asked twice because the answer was lost, it counts twice.
        """
        ...
