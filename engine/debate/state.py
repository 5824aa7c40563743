"""A debate as it stands: its log, folded. Values only; `evolve` makes the next one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from engine.debate.events import (
    Budget,
    DebateStarted,
    HeadStarted,
    Kind,
    MaterialAdded,
    MessageHeard,
    Reason,
    Seat,
    Synthesis,
    Usage,
)


class Phase(StrEnum):
    """How far a debate is."""

    DEBATING = "debating"
    CLOSING = "closing"
    """The moderator's synthesis is due."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Cue:
    """Who is called on, and what for: all that the cue's text is made of."""

    turn: int
    """0: the synthesis."""
    persona: str
    kind: Kind = Kind.ORDER
    ask: tuple[str, ...] = ()
    asked_by: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A person's words in their place in the log."""

    n: int
    message: MessageHeard


@dataclass(frozen=True, slots=True)
class Exchange:
    """One cue and the reply to it, as every later prompt of the head repeats them."""

    heard: tuple[Heard, ...]
    """People's words that stand before the cue."""
    cue: Cue
    reply: str
    """The assistant's message, byte for byte."""


@dataclass(frozen=True, slots=True)
class Head:
    """The prompt since it was last begun anew."""

    started: HeadStarted
    exchanges: tuple[Exchange, ...] = ()
    context_used: int = 0
    """Tokens of the last prompt and its reply; 0: nothing was spoken under this head."""


@dataclass(frozen=True, slots=True)
class Debate:
    """One topic, one panel, one log."""

    started: DebateStarted
    n: int
    """The number of the last event."""
    phase: Phase = Phase.DEBATING
    order_spoken: tuple[str, ...] = ()
    """Who spoke in the order so far, the moderator's opening first."""
    turn: int = 0
    """The last turn spoken."""
    pending: Cue | None = None
    """What the worker is to do; `None`: nothing."""
    open_question: str | None = None
    """Put by the last speaker of the order, and not yet answered."""
    material: tuple[MaterialAdded, ...] = ()
    head: Head | None = None
    unheard: tuple[Heard, ...] = ()
    """People's words that no recorded reply has seen."""
    usage: Usage = field(default_factory=Usage)
    calls: int = 0
    seconds: float = 0.0
    unavailable_since_ms: int | None = None
    reason: Reason | None = None
    synthesis: Synthesis | None = None

    @property
    def moderator(self) -> Seat:
        """Who opens and closes."""
        return self.started.seats[0]

    @property
    def debaters(self) -> tuple[Seat, ...]:
        """The other seats, in their order."""
        return self.started.seats[1:]

    @property
    def budget(self) -> Budget:
        """What this debate may use."""
        return self.started.budget

    def seat(self, persona: str) -> Seat:
        """The seat of this persona.

        Raises:
            KeyError: it has none here.
        """
        for seat in self.started.seats:
            if seat.id == persona:
                return seat
        raise KeyError(persona)
