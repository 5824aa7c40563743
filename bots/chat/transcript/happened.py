"""Which events are small things between the turns, and what a transcript keeps of them."""

from __future__ import annotations

from collections.abc import Callable

from bots.chat.transcript.cleaning import named, one_line
from bots.chat.transcript.values import Happening, MaterialRead
from engine.debate.events import (
    DebatePaused,
    DebateReopened,
    DebateResumed,
    MaterialAdded,
    MirrorEnded,
    MirrorOpened,
    PaceChanged,
    Person,
    QuestionPassed,
    Record,
    RoundAdded,
    Seat,
    SeatLapsed,
    SeatLeft,
    SeatTaken,
    TurnSkipped,
)


def happening(
    record: Record, called: str | None, seat_of: Callable[[str], Seat]
) -> Happening | None:
    """What happened, if it is worth a line. `called` is the persona whose turn it was."""
    event, at_ms = record.event, record.at_ms
    match event:
        case DebateReopened() | RoundAdded() | MirrorOpened() | MirrorEnded():
            return Happening(at_ms, type(event), _name(event.by))
        case PaceChanged():
            return Happening(at_ms, PaceChanged, _name(event.by), pace=event.pace)
        case TurnSkipped():
            return Happening(at_ms, TurnSkipped, _name(event.by), seat_of(event.persona))
        case SeatTaken() | SeatLeft():
            return Happening(at_ms, type(event), named(event.person), seat_of(event.seat))
        case SeatLapsed():
            seat = seat_of(called) if called else None
            return Happening(at_ms, SeatLapsed, named(event.person), seat)
        case QuestionPassed():
            asker = seat_of(event.asked_by)
            return Happening(at_ms, QuestionPassed, seat=seat_of(event.to), asked_by=asker)
        case MaterialAdded():
            return Happening(at_ms, MaterialAdded, _name(event.by), material=material(event))
    return _pause(record)


def _pause(record: Record) -> Happening | None:
    match record.event:
        case DebatePaused(by, obstacle):
            return Happening(record.at_ms, DebatePaused, _name(by), obstacle=obstacle)
        case DebateResumed(by, cleared):
            return Happening(record.at_ms, DebateResumed, _name(by), cleared=cleared)
    return None


def material(event: MaterialAdded) -> MaterialRead:
    """What a transcript says of a text that was handed in."""
    return MaterialRead(one_line(event.name), len(event.text), _name(event.by))


def _name(person: Person | None) -> str | None:
    return named(person) if person else None
