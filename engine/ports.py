"""What the engine needs from outside, one short Protocol each, and the errors that come back.

Errors say whose fault it is. `Rejected` (in `engine.debate.commands`): the person's. `Conflict`: a
race; load and decide again. `StoreAway`, `ModelAway`: a server's; try again. `ModelRefused`: the
request's or the settings'; trying again changes nothing. Those that are `Explained` may be shown.
Adapters turn their library's errors into these. Anything else is a bug and is let through.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol

from engine.debate.commands import Command, StartDebate
from engine.debate.events import Record, Usage
from engine.debate.explained import Explained
from engine.debate.state import Debate

Message = dict[str, str]
"""One chat message: `role` and `content`."""


# --- the model -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call of the model."""

    debate: str
    """Sent along, so that a router can keep a debate on the replica that holds its cache."""
    call: int
    """How many calls this debate has made before."""
    messages: Sequence[Message]
    schema: Mapping[str, Any]
    """JSON Schema of the reply."""
    max_tokens: int
    max_chars: int
    """A longer reply is cut off, whatever the server thinks of `max_tokens`."""
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What the model wrote, whole."""

    text: str
    finish: Literal["stop", "length"]
    """`length`: it was cut off."""
    usage: Usage


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What the server says of its model."""

    name: str
    context_tokens: int


class ModelAway(Explained):
    """The server cannot be reached, is overloaded, or broke off; the same request may succeed."""

    def __init__(self, text: str, *, retry_after_s: float | None = None, **values: object) -> None:
        super().__init__(text, **values)
        self.retry_after_s = retry_after_s


class ModelRefused(Explained):
    """The server will not take this request, however often it is sent."""


class ContextOverflow(ModelRefused):
    """The prompt is longer than the model's context."""


class ModelClient(Protocol):
    """A model that speaks."""

    async def reply(self, request: ModelRequest, hear: Callable[[str], None]) -> ModelReply:
        """Streams one reply; `hear` gets each piece of text as it comes.

        Pieces come from one attempt only: once the first was heard, nothing is sent again.
        Cancelling the call closes the stream.

        Raises:
            ModelAway: after the adapter's own tries.
            ModelRefused: at once.
        """
        ...

    async def info(self) -> ModelInfo:
        """Asks the server which model it serves.

        Raises:
            ModelAway: nobody answers.
            ModelRefused: the configured model is not served there; the text says which are.
        """
        ...


# --- the store -----------------------------------------------------------------------------------


class Conflict(Exception):
    """Somebody else appended first. Load what is new, decide again."""


class StaleClaim(Exception):
    """Another worker holds this debate now, or the turn was taken away; drop what you have."""


class StoreAway(Explained):
    """The store cannot be reached; the same write may be sent again, it lands once."""


class UnknownDebate(Explained):
    """No debate has this id."""

    def __init__(self, debate: str) -> None:
        super().__init__("There is no debate {debate} here.", debate=debate)


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
    """There is work: a wake-up is queued."""
    HOLD = "hold"
    """There is work, and the claim that appends goes on with it, under the next epoch."""
    REST = "rest"
    """There is none."""

    @property
    def ends_claim(self) -> bool:
        """Whether nobody holds the debate after an append with this."""
        return self in (Work.WAKE, Work.REST)


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


class Debates(Protocol):
    """The engine as surfaces see it."""

    async def start(self, debate: str, command: StartDebate) -> Debate:
        """Starts a debate under this id.

        Raises:
            Rejected: the topic, the rounds or the budget will not do.
            StoreAway
        """
        ...

    async def submit(self, debate: str, command: Command) -> Debate:
        """Puts one command to a debate; answers how it stands then.

        Raises:
            Rejected: the debate's rules do not allow it.
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


class WorkQueue(Protocol):
    """Wake-ups, and the claims that come of them."""

    async def take(self, most: int, wait_ms: int) -> list[Wakeup]:
        """Waits up to `wait_ms` for wake-ups, new ones and those that a dead worker left.

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

    async def bury(self, wakeup: Wakeup, why: str) -> None:
        """Takes a wake-up that keeps failing out of the queue and keeps it as a dead letter."""
        ...

    async def leave(self) -> None:
        """Says that this worker takes no more, and gives back what it took and did not finish."""
        ...


# --- live text -----------------------------------------------------------------------------------


LivePart = Literal["answer", "question", "summary"]
"""`summary` is the synthesis's."""


@dataclass(frozen=True, slots=True)
class LiveText:
    """A piece of a turn while it is spoken; not in the log, and void once the turn is."""

    turn: int
    persona: str
    epoch: int
    """A higher epoch for the same turn starts over."""
    attempt: int
    """So does a later attempt (a repair) within one epoch."""
    part: LivePart
    offset: int
    """Where in the part this text stands, in characters."""
    text: str


class LiveTextWriter(Protocol):
    """Where a worker writes live text."""

    async def write(self, debate: str, pieces: Sequence[LiveText]) -> None:
        """Adds them to what followers see. Lost pieces are no harm: the turn comes whole.

        Raises:
            StoreAway
        """
        ...


# --- the clock -----------------------------------------------------------------------------------


class Clock(Protocol):
    """Time, from outside."""

    def now_ms(self) -> int:
        """Unix time, milliseconds."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go forward."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Waits."""
        ...
