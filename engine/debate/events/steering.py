"""How people steer a debate."""

from __future__ import annotations

from dataclasses import dataclass

from engine.debate.events.values import Pace, Person, Place, Problem


@dataclass(frozen=True, slots=True)
class DebatePaused:
    """After the turn that is being spoken, nobody speaks until `DebateResumed`."""

    by: Person | None = None
    obstacle: Problem | None = None
    """What keeps the thread at home from being shown, where nobody asked for the pause."""


@dataclass(frozen=True, slots=True)
class DebateResumed:
    """It goes on."""

    by: Person | None = None
    cleared: bool = False
    """What stood in the way is gone; nobody asked."""


@dataclass(frozen=True, slots=True)
class PaceChanged:
    """Turns follow each other at another pace from now on."""

    pace: Pace
    by: Person | None = None


@dataclass(frozen=True, slots=True)
class NextCalled:
    """In `step` pace: the turn that waits may begin."""

    by: Person | None = None


@dataclass(frozen=True, slots=True)
class SummaryAsked:
    """A person wants the synthesis so far."""

    by: Person | None = None


@dataclass(frozen=True, slots=True)
class RoundAdded:
    """One more round will be debated."""

    by: Person | None = None


@dataclass(frozen=True, slots=True)
class DebateReopened:
    """A closed debate goes on for one more round."""

    by: Person | None = None


@dataclass(frozen=True, slots=True)
class MirrorOpened:
    """The debate is shown in another thread too."""

    place: Place
    by: Person | None = None


@dataclass(frozen=True, slots=True)
class MirrorEnded:
    """That thread follows it no longer."""

    place: Place
    by: Person | None = None


SteeringEvent = (
    DebatePaused
    | DebateResumed
    | PaceChanged
    | NextCalled
    | SummaryAsked
    | RoundAdded
    | DebateReopened
    | MirrorOpened
    | MirrorEnded
)
