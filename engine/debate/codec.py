"""Events as plain fields with a name, for the log, for files and for other tools.

1. A name, once written, keeps its meaning: logs are read by later versions.
2. An unknown field is passed over, a missing one takes its default: so a log may be older or newer
   than its reader.
3. An unknown name is an error, an event's or that of one of its choices (a reason, a pace): what is
   not understood must not be skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from enum import StrEnum
from typing import Any, TypeVar

from engine.debate.events import (
    Budget,
    DebateClosed,
    DebatePaused,
    DebateReopened,
    DebateResumed,
    DebateStarted,
    Event,
    HeadReason,
    HeadStarted,
    Kind,
    LateMessage,
    MaterialAdded,
    MessageEdited,
    MessageErased,
    MessageHeard,
    MirrorEnded,
    MirrorOpened,
    ModelUnavailable,
    NextCalled,
    Pace,
    PaceChanged,
    Person,
    Place,
    Problem,
    QuestionPassed,
    Reason,
    RoundAdded,
    Scope,
    Seat,
    SeatLapsed,
    SeatLeft,
    SeatReminded,
    SeatTaken,
    Steering,
    SummaryAsked,
    SummaryGiven,
    Synthesis,
    SynthesisRequested,
    TurnQueued,
    TurnRequested,
    TurnSkipped,
    TurnSpoken,
    Usage,
    VoteCast,
)
from engine.debate.panel import Handoff

EVENTS: dict[str, type[Event]] = {
    "debate.started": DebateStarted,
    "debate.paused": DebatePaused,
    "debate.resumed": DebateResumed,
    "debate.reopened": DebateReopened,
    "debate.closed": DebateClosed,
    "material.added": MaterialAdded,
    "head.started": HeadStarted,
    "turn.requested": TurnRequested,
    "turn.queued": TurnQueued,
    "turn.spoken": TurnSpoken,
    "turn.skipped": TurnSkipped,
    "question.passed": QuestionPassed,
    "model.unavailable": ModelUnavailable,
    "message.heard": MessageHeard,
    "message.edited": MessageEdited,
    "message.erased": MessageErased,
    "message.late": LateMessage,
    "vote.cast": VoteCast,
    "seat.taken": SeatTaken,
    "seat.left": SeatLeft,
    "seat.reminded": SeatReminded,
    "seat.lapsed": SeatLapsed,
    "pace.changed": PaceChanged,
    "next.called": NextCalled,
    "round.added": RoundAdded,
    "summary.asked": SummaryAsked,
    "summary.given": SummaryGiven,
    "synthesis.requested": SynthesisRequested,
    "mirror.opened": MirrorOpened,
    "mirror.ended": MirrorEnded,
}
NAMES: dict[type[Event], str] = {event: name for name, event in EVENTS.items()}

_T = TypeVar("_T", Budget, Problem, Seat, Usage)

WORDS = ("text", "answer", "question", "raw", "summary")
"""The fields that hold what somebody said."""


class UnknownEvent(ValueError):
    """The log was written by a newer version that knows more kinds of events, or more choices."""


def encode(event: Event) -> dict[str, Any]:
    """The event's fields, for JSON."""
    return asdict(event)


def parted(event: Event) -> tuple[Event | dict[str, Any], dict[str, Any] | None]:
    """The event without words that a person may take back, and those words; `None`: it has none.

    They are kept apart from the log, which never forgets. `decode` takes both together, or only the
    first once the words are erased.
    """
    if not _may_be_taken_back(event):
        return event, None
    content = encode(event)
    return content, {name: content.pop(name) for name in WORDS if name in content}


def _may_be_taken_back(event: Event) -> bool:
    match event:
        case MessageHeard() | MessageEdited():
            return True
        case MaterialAdded():
            return event.by is not None
        case TurnSpoken():
            return event.by == "person"
        case HeadStarted():
            return event.summary is not None
    return False


def decode(name: str, content: Mapping[str, Any]) -> Event:
    """The event that `encode` made these fields of.

    Raises:
        UnknownEvent: no event has this name, or a field of it names what this version has not.
    """
    event = EVENTS.get(name)
    if event is None:
        raise UnknownEvent(f"no event is called {name!r}; was this log written by a newer version?")
    arguments: dict[str, Any] = {}
    for field in _FIELDS[event] & content.keys():
        value = content[field]
        read = _READ.get((event, field)) or _READ.get(field)
        arguments[field] = read(value) if read and value is not None else value
    return event(**arguments)


def _choice(kind: type[StrEnum]) -> Callable[[Any], StrEnum]:
    """Reads one of a few names."""

    known = {choice.value for choice in kind}

    def read(value: Any) -> StrEnum:
        if isinstance(value, str) and value not in known:
            raise UnknownEvent(
                f"{value!r} is no {kind.__name__}; was this log written by a newer version?"
            )
        return kind(value)

    return read


def _plain(kind: type[_T]) -> Callable[[Mapping[str, Any]], _T]:
    """Reads a value of plain fields; those that this version has not are passed over."""
    known = kind.__dataclass_fields__.keys()
    return lambda content: kind(**{name: content[name] for name in known & content.keys()})


def _synthesis(content: Mapping[str, Any]) -> Synthesis:
    lists = ("agreements", "disagreements", "open_questions")
    return Synthesis(content["summary"], *(tuple(content.get(name, ())) for name in lists))


def _person(content: Mapping[str, Any]) -> Person:
    return Person(content["id"], content["name"])


def _place(content: Mapping[str, Any]) -> Place:
    return Place(content["workspace"], content["channel"], content["thread"])


_SEAT, _PROBLEM = _plain(Seat), _plain(Problem)
_FIELDS = {event: {f.name for f in fields(event)} for event in NAMES}

_READ: dict[object, Callable[[Any], Any]] = {
    (HeadStarted, "reason"): _choice(HeadReason),
    (TurnSpoken, "by"): str,
    "reason": _choice(Reason),
    "answers": _person,
    "ask": tuple,
    "others": tuple,
    "author": _person,
    "by": _person,
    "person": _person,
    "started_by": _person,
    "home": _place,
    "place": _place,
    "pace": _choice(Pace),
    "scope": _choice(Scope),
    "steering": _choice(Steering),
    "error": _PROBLEM,
    "budget": _plain(Budget),
    "handoff": _choice(Handoff),
    "kind": _choice(Kind),
    "obstacle": _PROBLEM,
    "seats": lambda seats: tuple(map(_SEAT, seats)),
    "synthesis": _synthesis,
    "usage": _plain(Usage),
}
