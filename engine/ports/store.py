"""The store: the logs, and the panels they were spoken by."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from engine.debate.events import Record
from engine.debate.explained import Explained
from engine.ports.live import LiveText
from engine.ports.work import Claim, Work


class Conflict(Exception):
    """Somebody else appended first. Load what is new, decide again."""


class StoreAway(Explained):
    """The store cannot be reached; the same write may be sent again, it lands once."""


class UnknownDebate(Explained):
    """No debate has this id."""

    def __init__(self, debate: str) -> None:
        super().__init__("There is no debate {debate} here.", debate=debate)


@dataclass(frozen=True, slots=True)
class Append:
    """Events to add to a log, and the work they call for: one atomic write."""

    debate: str
    after: int
    """The number of the last event seen."""
    records: tuple[Record, ...]
    op: str
    """Unique to this write: sent twice, it lands once."""
    work: Work
    panel_hash: str
    """The debate's panel, by the hash of its content."""
    panel: bytes | None = None
    """The panel's content, kept under its hash with a debate's first append."""
    claim: Claim | None = None
    """The claim under which a worker appends; its epoch must still be the debate's."""
    closed: bool = False
    """The debate is closed after this append: it expires when its time has come."""


class DebateStore(Protocol):
    """The logs, and the panels they were spoken by."""

    async def load(self, debate: str, after: int = 0) -> list[Record]:
        """The records after number `after`, in order.

        Raises:
            UnknownDebate: there is no such log.
            StoreAway
        """
        ...

    async def panel(self, debate: str, panel_hash: str) -> bytes:
        """The content kept under this hash, where this debate is kept.

        Raises:
            KeyError: there is none.
            StoreAway
        """
        ...

    async def append(self, append: Append) -> Claim | None:
        """Writes it all or nothing; answers the claim as it goes on, if it does.

        Raises:
            Conflict: the log has moved past `after`.
            StaleClaim: the claim's epoch is not the debate's any more.
            StoreAway: after the adapter's own tries; it may have landed, so send the same again.
        """
        ...

    def follow(self, debate: str, after: int = 0) -> AsyncIterator[Record | LiveText]:
        """Records after number `after` as they come, and live text while a turn is spoken.

        Live text may be of a turn that is over, and then is to be passed over. While it is
        iterated, the debate counts as watched.
        """
        ...
