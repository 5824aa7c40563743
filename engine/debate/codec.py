"""Events as plain fields with a name, for the log, for files and for other tools.

1. A name, once written, keeps its meaning: logs are read by later versions.
2. An unknown field is passed over, a missing one takes its default: so a log may be older or newer
   than its reader.
3. An unknown name is an error: an event that is not understood must not be skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from typing import Any

from engine.debate.events import (
    Budget,
    DebateClosed,
    DebateStarted,
    Event,
    HeadReason,
    HeadStarted,
    Kind,
    MaterialAdded,
    MessageHeard,
    ModelUnavailable,
    Problem,
    Reason,
    Seat,
    Synthesis,
    SynthesisRequested,
    TurnRequested,
    TurnSpoken,
    Usage,
)
from engine.debate.panel import Handoff

EVENTS: dict[str, type[Event]] = {
    "debate.started": DebateStarted,
    "material.added": MaterialAdded,
    "head.started": HeadStarted,
    "turn.requested": TurnRequested,
    "turn.spoken": TurnSpoken,
    "message.heard": MessageHeard,
    "model.unavailable": ModelUnavailable,
    "synthesis.requested": SynthesisRequested,
    "debate.closed": DebateClosed,
}
NAMES: dict[type[Event], str] = {event: name for name, event in EVENTS.items()}


class UnknownEvent(ValueError):
    """The log was written by a newer version that knows more kinds of events."""


def encode(event: Event) -> dict[str, Any]:
    """The event's fields, for JSON."""
    return asdict(event)


def decode(name: str, content: Mapping[str, Any]) -> Event:
    """The event that `encode` made these fields of.

    Raises:
        UnknownEvent: no event has this name.
    """
    event = EVENTS.get(name)
    if event is None:
        raise UnknownEvent(f"no event is called {name!r}; was this log written by a newer version?")
    arguments: dict[str, Any] = {}
    for name in _FIELDS[event] & content.keys():
        value = content[name]
        read = _READ.get((event, name)) or _READ.get(name)
        arguments[name] = read(value) if read and value is not None else value
    return event(**arguments)


def _synthesis(content: Mapping[str, Any]) -> Synthesis:
    lists = ("agreements", "disagreements", "open_questions")
    return Synthesis(content["summary"], *(tuple(content.get(name, ())) for name in lists))


_FIELDS = {event: {field.name for field in fields(event)} for event in NAMES}

_READ: dict[object, Callable[[Any], Any]] = {
    (HeadStarted, "reason"): HeadReason,
    "reason": Reason,
    "ask": tuple,
    "error": lambda content: Problem(**content),
    "budget": lambda content: Budget(**content),
    "handoff": Handoff,
    "kind": Kind,
    "seats": lambda seats: tuple(Seat(**seat) for seat in seats),
    "synthesis": _synthesis,
    "usage": lambda content: Usage(**content),
}
