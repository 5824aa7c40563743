"""What the room shows beside the thread: who speaks, who is next, seats, votes, budget.

Pure: a debate's records folded, and the fold as JSON. It is the same for everybody who looks on,
but for the language of its one sentence; what is the reader's own is told by their person's id.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bots.chat.endings import ending
from bots.chat.i18n import Translate
from engine.debate.ahead import coming, planned_turns
from engine.debate.events import (
    DebatePaused,
    Kind,
    Person,
    Record,
    SeatReminded,
    TurnRequested,
)
from engine.debate.evolve import evolve
from engine.debate.state import Debate, Phase

MOST_COMING = 16


@dataclass(frozen=True, slots=True)
class Seen:
    """A debate as far as a reader has it, and when what it waits for began."""

    debate: Debate
    called_n: int = 0
    """The number of the pending call."""
    since_ms: int = 0
    """When the pending call, or the reminder of it, was made: Unix time, milliseconds."""
    paused_n: int = 0

    @property
    def n(self) -> int:
        """The number of the last record."""
        return self.debate.n


def see(seen: Seen | None, record: Record) -> Seen:
    """The room after one more record."""
    event = record.event
    debate = evolve(seen.debate if seen else None, event)
    after = replace(seen, debate=debate) if seen else Seen(debate)
    match event:
        case TurnRequested():
            return replace(after, called_n=record.n, since_ms=record.at_ms)
        case SeatReminded():
            return replace(after, since_ms=record.at_ms)
        case DebatePaused():
            return replace(after, paused_n=record.n)
    return after


def see_all(records: Iterable[Record]) -> Seen:
    """The room after these records, from the first on.

    Raises:
        ValueError: there are none.
    """
    seen: Seen | None = None
    for record in records:
        seen = see(seen, record)
    if seen is None:
        raise ValueError("the log is empty")
    return seen


def view(seen: Seen, translate: Translate) -> dict[str, Any]:
    """The fold as JSON."""
    debate = seen.debate
    kind, sentence = status(seen, translate)
    return {
        "n": debate.n,
        "phase": debate.phase,
        "paused": debate.paused,
        "pace": debate.pace,
        "status": {"kind": kind, "text": sentence, "until_ms": _until_ms(seen)},
        "turn": debate.turn,
        "planned": planned_turns(debate),
        "rounds": debate.rounds,
        "spoken": [turn.persona for turn in debate.turns],
        "pending": _pending(debate),
        "coming": list(coming(debate)),
        "seats": {seat: _person(person) for seat, person in debate.seats.items()},
        "votes": {str(turn): dict(votes) for turn, votes in debate.votes.items()},
        "steered_by": _person(debate.started.started_by),
        "budget": _budget(debate),
    }


def status(seen: Seen, translate: Translate) -> tuple[str, str]:
    """What is going on, in a word for scripts and a sentence for people."""
    debate = seen.debate
    if debate.phase is Phase.CLOSED and debate.pending is None:
        reason = ending(debate.reason, translate, debate.scope) if debate.reason else ""
        return "closed", translate("The debate is closed: {reason}.").format(reason=reason)
    if debate.paused and not _running(seen):
        return "paused", translate("Paused. Nobody speaks until it goes on.")
    if debate.pending is None:
        return "idle", ""
    return _called(debate, translate)


def _called(debate: Debate, translate: Translate) -> tuple[str, str]:
    """What the pending cue waits for, or that it is being spoken."""
    cue, waiting = debate.pending, debate.waiting
    assert cue is not None  # noqa: S101 - the caller looked
    name = debate.seat(cue.persona).name
    if waiting.person is not None:
        text = translate("{person} has the floor, in {name}'s seat.")
        return "seat", text.format(person=waiting.person.name, name=name)
    if debate.unavailable_since_ms is not None:
        return "away", translate("The model does not answer; trying again until it does.")
    if debate.queued_at is not None:
        text = translate("The model is full; place {position} in the queue.")
        return "queued", text.format(position=debate.queued_at)
    if waiting.next_call:
        return "step", translate("{name} is next, and waits to be called.").format(name=name)
    if waiting.for_s:
        return "reading", translate("Time to read. {name} is next.").format(name=name)
    if debate.paused:
        return "pausing", translate("{name} finishes this turn, then it pauses.").format(name=name)
    if cue.kind.is_synthesis:
        return "speaking", translate("{name} is summing up.").format(name=name)
    return "speaking", translate("{name} has the floor.").format(name=name)


def _running(seen: Seen) -> bool:
    """Whether a turn that was called before the pause is still being spoken."""
    waiting = seen.debate.waiting
    waits = waiting.for_s or waiting.next_call or waiting.person
    return seen.debate.pending is not None and seen.called_n < seen.paused_n and not waits


def _until_ms(seen: Seen) -> int | None:
    """When the wait is over, where it ends by itself."""
    waiting = seen.debate.waiting
    if seen.debate.paused or seen.debate.pending is None:
        return None
    if waiting.person is not None:
        whole = seen.debate.started.seat_wait_s
        return seen.since_ms + round(1000 * (whole / 2 if waiting.reminded else whole))
    if waiting.for_s and not waiting.next_call:
        return seen.since_ms + round(1000 * waiting.for_s)
    return None


def _pending(debate: Debate) -> dict[str, Any] | None:
    cue = debate.pending
    if cue is None:
        return None
    in_order = cue.kind in (Kind.ORDER, Kind.STEP_IN)
    return {
        "turn": cue.turn,
        "persona": cue.persona,
        "kind": cue.kind,
        "ask": list(cue.ask),
        "asked_by": cue.asked_by,
        "question": debate.order.question if in_order and cue.asked_by else None,
        "answers": _person(cue.answers),
        "person": _person(debate.waiting.person),
    }


def _budget(debate: Debate) -> dict[str, Any]:
    """What was used, and of how much; `None`: there is no limit."""
    budget = debate.budget
    return {
        "turns": {"used": debate.turn, "of": budget.turns},
        "tokens": {"used": debate.usage.computed, "of": budget.tokens},
        "seconds": {"used": round(debate.seconds, 1), "of": budget.seconds},
    }


def _person(person: Person | None) -> dict[str, str] | None:
    return {"id": person.id, "name": person.name} if person else None
