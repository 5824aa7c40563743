"""Work: wake-ups for workers, and the claims that come of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class StaleClaim(Exception):
    """Another worker holds this debate now, or the turn was taken away; drop what you have."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to let one debate speak, until its lease runs out or a higher epoch exists."""

    debate: str
    epoch: int
    owner: str
    """Unique to this claim."""
    entry: str
    """The queue's wake-up that it came by."""
    n: int
    """The last event at the moment of claiming."""
    watched: bool
    """Somebody looks on, so live text is worth writing."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Another worker holds the debate."""

    for_ms: int


@dataclass(frozen=True, slots=True)
class Wakeup:
    """A queue entry. It carries no state, only that this debate may have work."""

    debate: str
    entry: str
    deliveries: int


class Work(StrEnum):
    """What becomes of a debate's work with an append."""

    KEEP = "keep"
    """As it was: nothing new is called for."""
    WAKE = "wake"
    """There is other work: a wake-up is queued, and whoever speaks now speaks in vain."""
    NUDGE = "nudge"
    """There is work: a wake-up is queued, unless somebody holds the debate."""
    HOLD = "hold"
    """There is work, and the claim that appends goes on with it, under the next epoch."""
    REST = "rest"
    """There is none."""

    @property
    def ends_claim(self) -> bool:
        """Whether nobody holds the debate after an append with this, under a claim."""
        return self in (Work.WAKE, Work.REST)


class WorkQueue(Protocol):
    """Wake-ups, and the claims that come of them."""

    async def take(self, most: int, wait_ms: int) -> list[Wakeup]:
        """Waits up to `wait_ms` for wake-ups, new ones and those that a dead worker left.

        Raises:
            StoreAway
        """
        ...

    async def excuse(self, wakeup: Wakeup) -> None:
        """Has this delivery not count: it failed because the store did.

        Raises:
            StoreAway
        """
        ...

    async def claim(self, wakeup: Wakeup) -> Claim | Busy | None:
        """Claims the debate; `None` if it has no work, and then the wake-up is done."""
        ...

    async def renew(self, claims: Sequence[Claim]) -> list[Claim]:
        """Extends the leases; answers those still held, with `watched` as it is now."""
        ...

    async def release(self, claim: Claim, delay_ms: int = 0) -> None:
        """Gives the work back; its wake-up is queued anew, now or after `delay_ms`."""
        ...

    async def rest(self, claim: Claim, n: int) -> None:
        """Ends the claim: nothing is to be done now. If the log has moved past `n`, it is given
        back instead."""
        ...

    def lost(self) -> AsyncIterator[str]:
        """The owners of claims, as they are taken away; a few may be missed.

        Raises:
            StoreAway
        """
        ...

    async def bury(self, wakeup: Wakeup, why: str) -> None:
        """Takes a wake-up that keeps failing out of the queue and keeps it as a dead letter."""
        ...

    async def leave(self) -> None:
        """Says that this worker takes no more, and gives back what it took and did not finish."""
        ...
