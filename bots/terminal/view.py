"""What the terminal shows of a debate, folded from what a reader gets: values, no drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bots.chat.live import Live
from engine.debate.ahead import planned_turns
from engine.debate.events import (
    DebateClosed,
    DebateStarted,
    Event,
    Seat,
    SummaryGiven,
    SynthesisRequested,
    TurnRequested,
    TurnSkipped,
    TurnSpoken,
)
from engine.debate.evolve import evolve
from engine.debate.state import Debate
from engine.ports.live import LivePart, LiveText


@dataclass(slots=True)
class Speaking:
    """A turn, or a synthesis, while it is spoken."""

    turn: int
    """0: a synthesis."""
    seat: Seat
    asked: Seat | None
    _live: Live = field(init=False)

    def __post_init__(self) -> None:
        self._live = Live(self.turn, self.seat.id)

    @property
    def text(self) -> Mapping[LivePart, str]:
        """What was said so far."""
        return self._live.text

    def hear(self, piece: LiveText) -> bool:
        """See `Live.hear`."""
        return self._live.hear(piece)


@dataclass(slots=True)
class View:
    """A debate as far as it is known."""

    started: DebateStarted
    debate: Debate = field(init=False)
    call: TurnRequested | None = None
    """The last one."""
    speaking: Speaking | None = None
    interrupted: Speaking | None = None
    """What the last event broke off in mid-speech; it is not recorded."""
    repairs: int = 0
    defaults: int = 0

    def __post_init__(self) -> None:
        self.debate = evolve(None, self.started)

    @property
    def moderator(self) -> Seat:
        """Who opens and closes."""
        return self.started.seats[0]

    @property
    def turns_planned(self) -> int:
        """How many turns there will be, as far as is known."""
        return planned_turns(self.debate)

    def seat(self, persona: str) -> Seat:
        """Whose this id is."""
        return self.debate.seat(persona)

    def take(self, event: Event) -> None:
        """Brings the view up to one more event."""
        self.interrupted = None
        if not isinstance(event, DebateStarted):
            self.debate = evolve(self.debate, event)
        match event:
            case TurnRequested():
                self.call = event
                asked = self.seat(event.ask[0]) if len(event.ask) == 1 else None
                self._turn_to(Speaking(event.turn, self.seat(event.persona), asked))
            case SynthesisRequested():
                self._turn_to(Speaking(0, self.moderator, None))
            case TurnSkipped():
                self._turn_to(None)
            case TurnSpoken() | SummaryGiven() | DebateClosed():
                self.speaking = None
                self.repairs += event.repaired == "repair"
                self.defaults += event.repaired == "default"

    def _turn_to(self, other: Speaking | None) -> None:
        """Whoever speaks is broken off."""
        if self.speaking and any(self.speaking.text.values()):
            self.interrupted = self.speaking
        self.speaking = other
