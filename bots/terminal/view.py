"""What the terminal shows of a debate, folded from what a reader gets: values, no drawing."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.debate.events import (
    DebateClosed,
    DebateStarted,
    Event,
    HeadStarted,
    Seat,
    SynthesisRequested,
    TurnRequested,
    TurnSpoken,
    Usage,
)
from engine.debate.handoff import order_turns
from engine.ports.live import LivePart, LiveText


@dataclass(slots=True)
class Speaking:
    """A turn, or the close, while it is spoken."""

    turn: int
    """0: the close."""
    seat: Seat
    asked: Seat | None
    text: dict[LivePart, str] = field(default_factory=dict)
    attempt: tuple[int, int] = (0, 0)

    def hear(self, piece: LiveText) -> bool:
        """Takes a piece in, if it belongs here and nothing before it is missing."""
        attempt = (piece.epoch, piece.attempt)
        if piece.turn != self.turn or attempt < self.attempt:
            return False
        if attempt > self.attempt:
            self.attempt, self.text = attempt, {}
        told = self.text.get(piece.part, "")
        if piece.offset > len(told):
            return False
        self.text[piece.part] = told[: piece.offset] + piece.text
        return True


@dataclass(slots=True)
class View:
    """A debate as far as it is known."""

    started: DebateStarted
    speaking: Speaking | None = None
    turns: int = 0
    usage: Usage = field(default_factory=Usage)
    repairs: int = 0
    defaults: int = 0

    @property
    def moderator(self) -> Seat:
        """Who opens and closes."""
        return self.started.seats[0]

    @property
    def turns_planned(self) -> int:
        """How many turns the order has."""
        started = self.started
        return order_turns(started.handoff, started.seats, started.rounds)

    def seat(self, persona: str) -> Seat:
        """Whose this id is."""
        return next(seat for seat in self.started.seats if seat.id == persona)

    def take(self, event: Event) -> None:
        """Brings the view up to one more event."""
        match event:
            case TurnRequested():
                asked = self.seat(event.ask[0]) if len(event.ask) == 1 else None
                self.speaking = Speaking(event.turn, self.seat(event.persona), asked)
            case SynthesisRequested():
                self.speaking = Speaking(0, self.moderator, None)
            case TurnSpoken():
                self.turns = event.turn
                self._count(event)
            case DebateClosed():
                self._count(event)
            case HeadStarted():
                self.usage += event.usage

    def _count(self, event: TurnSpoken | DebateClosed) -> None:
        self.speaking = None
        self.usage += event.usage
        self.repairs += event.repaired == "repair"
        self.defaults += event.repaired == "default"
