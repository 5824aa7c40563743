"""What can have happened in a debate: facts, past tense, kept for ever.

An event says nothing of when: the log's record around it does. Events are numbered from 1 by their
place in the log. `TurnRequested` and `SynthesisRequested` are also the worker's orders.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.debate.events.course import (
    CourseEvent,
    DebateClosed,
    DebateStarted,
    HeadStarted,
    MaterialAdded,
    ModelUnavailable,
    QuestionPassed,
    SummaryGiven,
    SynthesisRequested,
    TurnQueued,
    TurnRequested,
    TurnSkipped,
    TurnSpoken,
)
from engine.debate.events.people import (
    LateMessage,
    MessageEdited,
    MessageErased,
    MessageHeard,
    PeopleEvent,
    SeatLapsed,
    SeatLeft,
    SeatReminded,
    SeatTaken,
    VoteCast,
)
from engine.debate.events.steering import (
    DebatePaused,
    DebateReopened,
    DebateResumed,
    MirrorEnded,
    MirrorOpened,
    NextCalled,
    PaceChanged,
    RoundAdded,
    SteeringEvent,
    SummaryAsked,
)
from engine.debate.events.values import (
    SEAT_WAIT_S,
    Budget,
    By,
    HeadReason,
    Kind,
    Pace,
    Person,
    Place,
    Problem,
    Reason,
    Repaired,
    Scope,
    Seat,
    Steering,
    Synthesis,
    Usage,
    Vote,
)

__all__ = [
    "SEAT_WAIT_S",
    "Budget",
    "By",
    "CourseEvent",
    "DebateClosed",
    "DebatePaused",
    "DebateReopened",
    "DebateResumed",
    "DebateStarted",
    "Event",
    "HeadReason",
    "HeadStarted",
    "Kind",
    "LateMessage",
    "MaterialAdded",
    "MessageEdited",
    "MessageErased",
    "MessageHeard",
    "MirrorEnded",
    "MirrorOpened",
    "ModelUnavailable",
    "NextCalled",
    "Pace",
    "PaceChanged",
    "PeopleEvent",
    "Person",
    "Place",
    "Problem",
    "QuestionPassed",
    "Reason",
    "Record",
    "Repaired",
    "RoundAdded",
    "Scope",
    "Seat",
    "SeatLapsed",
    "SeatLeft",
    "SeatReminded",
    "SeatTaken",
    "Steering",
    "SteeringEvent",
    "SummaryAsked",
    "SummaryGiven",
    "Synthesis",
    "SynthesisRequested",
    "TurnQueued",
    "TurnRequested",
    "TurnSkipped",
    "TurnSpoken",
    "Usage",
    "Vote",
    "VoteCast",
]


Event = CourseEvent | PeopleEvent | SteeringEvent


@dataclass(frozen=True, slots=True)
class Record:
    """An event in its place in the log."""

    n: int
    """Counts from 1, without a gap."""
    at_ms: int
    """Unix time, milliseconds."""
    event: Event
