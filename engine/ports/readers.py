"""Readers: how far each thread has been shown a debate, and the mail that says there is news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.debate.events import Place, Problem


def platform_of(place: Place) -> str:
    """What a place's workspace begins with: `slack` of `slack:T1`, `web` of `web`."""
    return place.workspace.partition(":")[0]


class LeaseLost(Exception):
    """Another process reads for this thread now; stop, it goes on where the cursor stands."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """How far a thread has been shown a log."""

    n: int = 0
    """Every event up to this one is shown."""
    part: int = 0
    """So many parts are shown of the event after that."""
    offset: int = 0
    """They end here in that event's words, in characters: the rest is split from here."""
    message: str | None = None
    """The platform's id of the last message that was posted."""


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """What a message shows."""

    n: int
    """The event's number."""
    part: int
    """Which part of it, from 0."""


@dataclass(frozen=True, slots=True)
class Mail:
    """There may be news of a debate for a thread. It carries no state."""

    debate: str
    place: Place
    entry: str
    deliveries: int


@dataclass(frozen=True, slots=True)
class Hold:
    """The right to post a debate to a thread, until its lease runs out."""

    debate: str
    place: Place
    owner: str
    """Unique to this hold."""
    cursor: Cursor
    clean: bool
    """Whoever held it before gave it back; else what they posted last may not be recorded."""
    news: int
    """Counts the mail that came for this thread while it was held."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Another process holds it, and may be dead."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a thread is, for those who ask."""

    cursor: Cursor
    resting: Problem | None
    """Why nothing is posted to it; `None`: nothing stands in the way."""


class Readers(Protocol):
    """One platform's readers: their mail, their leases and their cursors.

    Every call may raise `StoreAway`; what was sent may have landed, and may be sent again.
    """

    @property
    def lease_ms(self) -> int:
        """How long a hold lasts that is not renewed."""
        ...

    async def open(self) -> None:
        """Has mail kept for this platform from now on; to be called before listening to people.

        Threads that rest because showing them failed are woken: this process may do better.
        """
        ...

    async def take(self, most: int, wait_ms: int) -> list[Mail]:
        """Waits up to `wait_ms` for mail, new or left by a process that died."""
        ...

    async def excuse(self, mail: Mail) -> None:
        """Has this delivery not count: it failed because the store did."""
        ...

    async def acquire(self, mail: Mail) -> Hold | Busy | None:
        """Holds the mail's thread; `None`: it is seen to by another process, or rests, or is gone.

        With `None` the mail is done. With `Busy` it stays, and comes again if the holder is dead.
        """
        ...

    async def renew(self, holds: Sequence[Hold]) -> list[Hold]:
        """Extends the leases; answers those still held."""
        ...

    async def settle(self) -> None:
        """Returns once nothing that a post depends on can be lost: the log that it shows, the hold
        that it is made under, the record of the post before. To be called before each post.
        """
        ...

    async def record(self, hold: Hold, cursor: Cursor, shown: Shown | None = None) -> None:
        """Moves the cursor; `shown` is what `cursor.message` shows.

        Raises:
            LeaseLost
        """
        ...

    async def release(self, hold: Hold, shown_to: int) -> Hold | None:
        """Gives the thread back, every event up to `shown_to` shown, its mail done.

        A hold: more mail came, so look again before it is given back.
        """
        ...

    async def drop(self, hold: Hold, *, clean: bool) -> None:
        """Gives the thread back with its mail, for another process to go on with at once.

        `clean`: whatever was posted is recorded.
        """
        ...

    async def rest(self, hold: Hold, why: Problem, *, failed: bool = False) -> Hold | None:
        """Posts nothing more to this thread until it is woken; its mail is done.

        `failed`: for no reason of the platform's; it is woken by the next `open`. A hold: more mail
        came, maybe to wake it, so look again before it rests.
        """
        ...

    async def wake(self, debate: str, place: Place) -> None:
        """Tries again with a thread, resting or not, as if there was mail for it."""
        ...

    async def resting(self) -> list[tuple[str, Place]]:
        """The threads that rest, each with its debate; some of those may be gone."""
        ...

    async def standing(self, debate: str, place: Place) -> Standing:
        """How far a thread is; of one that was never read for, the beginning."""
        ...

    async def event_of(self, debate: str, place: Place, message: str) -> Shown | None:
        """What this message shows, if delivery posted it."""
        ...

    async def messages(self, debate: str, place: Place) -> dict[int, list[str]]:
        """The messages that show an event in this thread, in their order, by its number."""
        ...

    async def leave(self) -> None:
        """Says that this process takes no more, and gives back the mail it took and did not do."""
        ...
