"""The store: the logs, and the panels they were spoken by."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from engine.debate.allowance import Allowance, Used
from engine.debate.events import Place, Record, Scope
from engine.debate.explained import Explained
from engine.debate.state import Debate
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


class AlreadyTaken(Exception):
    """What the platform delivered was taken in before; nothing is to be done."""


class ThreadTaken(Exception):
    """Another debate, which is open, is shown where this one is at home."""


class AllowanceFull(Exception):
    """The channel or the workspace may have no further debate, now or today."""

    def __init__(self, scope: Scope, *, today: bool) -> None:
        super().__init__(f"no further debate in this {scope} {'today' if today else 'at once'}")
        self.scope = scope
        self.today = today


@dataclass(frozen=True, slots=True)
class Account:
    """What an append adds to the day's accounts of its channel and its workspace."""

    home: Place
    day: str
    """`2026-11-23`, by UTC."""
    used: Used = field(default_factory=Used)
    opens: bool = False
    """A debate is started or opened again; `AllowanceFull`, if none is left."""
    asks: bool = False
    """A closed debate is asked for one more turn; `AllowanceFull`, if today's are used up."""
    closes: bool = False
    allowances: Mapping[Scope, Allowance] = field(default_factory=dict)


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
    delay_ms: int = 0
    """How long the work is to wait."""
    panel: bytes | None = None
    """The panel's content, kept under its hash with a debate's first append."""
    claim: Claim | None = None
    """The claim under which a worker appends; its epoch must still be the debate's."""
    closed: bool = False
    """The debate is closed after this append: it expires when its time has come."""
    payloads: Sequence[str] = ()
    """What the platform delivered, by its ids: each is taken in once."""
    erase: Sequence[int] = ()
    """The numbers of the records whose words are to be forgotten."""
    places: Sequence[Place] = ()
    """The threads that show it, its home first."""
    leaves: Sequence[Place] = ()
    """Those of them that show it no longer from now on."""
    account: Account | None = None
    stands: Debate | None = None
    """The debate after this append, to be kept for those who take it up later; set now and then."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What a channel or a workspace has used today, and may use in a day."""

    used: Used
    allowed: Allowance
    """Of turns, tokens and seconds; its own limits before those that came with the append."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What came of an append."""

    claim: Claim | None
    """The claim as it goes on, if it does."""
    spent: Mapping[Scope, Spending]
    """What the channel and the workspace have used today, this append counted."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A debate as the list of debates has it."""

    debate: str
    first: Record
    closed: bool


class DebateStore(Protocol):
    """The logs, and the panels they were spoken by."""

    async def load(self, debate: str, after: int = 0) -> list[Record]:
        """The records after number `after`, in order.

        Raises:
            UnknownDebate: there is no such log.
            StoreAway
        """
        ...

    async def latest(self, debate: str) -> tuple[Debate | None, list[Record]]:
        """How the debate stood when that was last kept, and the records since; else all of them.

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

    async def recent(self, most: int) -> list[Opened]:
        """The debates opened last in this store's shard, the latest first.

        Raises:
            StoreAway
        """
        ...

    async def append(self, append: Append) -> Appended:
        """Writes it all or nothing.

        Raises:
            Conflict: the log has moved past `after`.
            AlreadyTaken: one of the payloads was.
            AllowanceFull: the account has no room for one more debate.
            ThreadTaken: its home's thread shows another debate that is open.
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
