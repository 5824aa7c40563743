"""The engine as surfaces see it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.debate.commands import Showing, StartDebate, Steer, Talk
from engine.debate.events import DebateStarted, Record
from engine.debate.state import Debate
from engine.ports.live import LiveText
from engine.ports.places import PlaceBook


@dataclass(frozen=True, slots=True)
class Listed:
    """A debate in the list of those held here."""

    debate: str
    started: DebateStarted
    at_ms: int
    """When it started: Unix time, milliseconds."""
    closed: bool


class Debates(Protocol):
    """The engine as surfaces see it."""

    @property
    def places(self) -> PlaceBook:
        """Which debate a thread shows, and the like."""
        ...

    async def start(
        self, debate: str, command: StartDebate, payloads: Sequence[str] = ()
    ) -> Debate:
        """Starts a debate under this id; sent again under the same id, it is started once.

        `payloads` names what the platform delivered, so that a second delivery starts nothing.

        Raises:
            Rejected: the topic, the rounds or the budget will not do, or the thread has a debate.
            AlreadyTaken: a payload was delivered before.
            StoreAway
        """
        ...

    async def submit(
        self, debate: str, command: Talk | Steer | Showing, payloads: Sequence[str] = ()
    ) -> Debate:
        """Puts one command to a debate; answers how it stands then.

        Raises:
            Rejected: the debate's rules do not allow it.
            AlreadyTaken: a payload was delivered before; nothing was done.
            UnknownDebate
            StoreAway
        """
        ...

    async def load(self, debate: str) -> Debate:
        """How a debate stands.

        Raises:
            UnknownDebate
            StoreAway
        """
        ...

    def follow(self, debate: str, after: int = 0) -> AsyncIterator[Record | LiveText]:
        """See `DebateStore.follow`."""
        ...

    async def records(self, debate: str, after: int = 0) -> list[Record]:
        """A debate's log as it stands, after number `after`.

        Raises:
            UnknownDebate
            StoreAway
        """
        ...

    async def recent(self, most: int) -> list[Listed]:
        """The debates started last, the latest first.

        Raises:
            StoreAway
        """
        ...
