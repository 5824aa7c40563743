"""What everybody in the thread may ask for."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.debate.commands.values import Actor, Material
from engine.debate.events import (
    SEAT_WAIT_S,
    Budget,
    Pace,
    Place,
    Steering,
    Vote,
)
from engine.debate.panel import Panel


@dataclass(frozen=True, slots=True)
class StartDebate:
    """Put a topic to a panel."""

    topic: str
    panel: Panel
    rounds: int | None = None
    """`None`: as many as the panel says."""
    material: tuple[Material, ...] = ()
    budget: Budget = field(default_factory=Budget)
    seed: int | None = None
    by: Actor | None = None
    """Who starts it; where they are is its home."""
    pace: Pace = Pace.LIVE
    steering: Steering = Steering.STARTER
    seat_wait_s: float = SEAT_WAIT_S
    panel_hash: str = ""
    """What the panel's content is kept under; the door fills it in."""


@dataclass(frozen=True, slots=True)
class Say:
    """A person says something in the thread; whoever has the seat that is called speaks for it."""

    by: Actor
    text: str
    to: str | None = None
    """The persona that was tagged, by id: it answers next."""
    message: str | None = None
    """The platform's id of the message; by it, it can be corrected and erased."""
    knows: int | None = None
    """The number of the last event that they had been shown when they wrote it; `None`: all. What
    was written before its author's seat was called on is not what the seat says."""


@dataclass(frozen=True, slots=True)
class Correct:
    """A person edits a message."""

    by: Actor
    message: str
    text: str


@dataclass(frozen=True, slots=True)
class Erase:
    """A person takes a message back."""

    by: Actor
    message: str


@dataclass(frozen=True, slots=True)
class Attach:
    """A person hands in material in mid-debate."""

    by: Actor
    material: Material
    message: str | None = None
    """The platform's id of the message that it came with."""


@dataclass(frozen=True, slots=True)
class CastVote:
    """A person likes a turn (1), does not (-1), or takes that back (0)."""

    by: Actor
    turn: int
    vote: Vote


@dataclass(frozen=True, slots=True)
class TakeSeat:
    """A person wants to speak for a seat."""

    by: Actor
    seat: str


@dataclass(frozen=True, slots=True)
class LeaveSeat:
    """A person gives the seat back."""

    by: Actor


@dataclass(frozen=True, slots=True)
class SpeakSeat:
    """A person speaks the turn that their seat is called on for."""

    by: Actor
    answer: str
    question: str | None = None
    """`None`: the answer's last question is taken, if it has one."""
    next: str | None = None
    """Whom it is put to, where there is a choice."""
    message: str | None = None
    turn: int | None = None
    """The turn that it was written for; `None`: whichever is theirs."""


@dataclass(frozen=True, slots=True)
class OpenMirror:
    """Show the debate in another thread too. Whoever asks has shown the code for it."""

    by: Actor
    place: Place


@dataclass(frozen=True, slots=True)
class EndMirror:
    """Show it there no longer; either side may."""

    by: Actor
    place: Place


Talk = (
    Say
    | Correct
    | Erase
    | Attach
    | CastVote
    | TakeSeat
    | LeaveSeat
    | SpeakSeat
    | OpenMirror
    | EndMirror
)
"""What everybody in the thread may do."""
