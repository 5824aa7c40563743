"""A debate as it stands: its log, folded. Values only; `evolve` makes the next one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.debate.events import (
    Budget,
    By,
    DebateStarted,
    HeadStarted,
    Kind,
    MaterialAdded,
    MessageEdited,
    MessageHeard,
    Pace,
    Person,
    Place,
    Problem,
    Reason,
    Scope,
    Seat,
    Synthesis,
    Usage,
    Vote,
)


class Phase(StrEnum):
    """How far a debate is."""

    DEBATING = "debating"
    CLOSING = "closing"
    """The moderator's synthesis is due."""
    CLOSED = "closed"
    """A follow-up may still be asked for, and one more round."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How a turn was liked, as the synthesis is told."""

    persona: str
    turn: int
    likes: int
    dislikes: int


@dataclass(frozen=True, slots=True)
class Cue:
    """Who is called on, and what for: all that the cue's text is made of."""

    turn: int
    """0: a synthesis."""
    persona: str
    kind: Kind = Kind.ORDER
    ask: tuple[str, ...] = ()
    asked_by: str | None = None
    answers: Person | None = None
    """In a side turn, the person who asked."""
    about: int = 0
    """In a side turn, the number of the message that it answers."""
    repeated: bool = False
    """The last two turns said the same."""
    tallies: tuple[Tally, ...] = ()
    """In a synthesis: the turns that people voted on."""
    ended: Reason | None = None
    """In the close: why."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What keeps the pending cue from being spoken at once."""

    for_s: float = 0.0
    """The pace: so long after it was called."""
    next_call: bool = False
    """A person is to say that it may begin."""
    person: Person | None = None
    """Who speaks for the seat."""
    since: int = 0
    """The number of the event that called on whoever it is."""
    reminded: bool = False
    lapsed: bool = False
    """That person's time is over; the persona speaks this turn."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What people want said before the order goes on."""

    kind: Kind
    persona: str
    by: Person | None
    about: int
    """The number of the event that asked for it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What people brought in, in its place in the log."""

    n: int
    words: MessageHeard | MessageEdited | MaterialAdded


@dataclass(frozen=True, slots=True)
class Message:
    """What can be corrected and taken back."""

    n: int
    """Its number in the log."""
    author: str
    """The person's id."""
    corrections: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One cue and the reply to it, as every later prompt of the head repeats them."""

    n: int
    """The reply's number in the log."""
    heard: tuple[Heard, ...]
    """People's words that stand before the cue."""
    cue: Cue
    reply: str
    """The assistant's message, byte for byte."""


@dataclass(frozen=True, slots=True)
class Head:
    """The prompt since it was last begun anew."""

    started: HeadStarted | None = None
    """`None`: the model was not asked yet."""
    exchanges: tuple[Exchange, ...] = ()
    context_used: int = 0
    """Tokens of the last prompt and its reply; 0: nothing was spoken under this head."""
    erased: bool = False
    """Words that stand in it were taken back, so it must not be asked with again."""


@dataclass(frozen=True, slots=True)
class Order:
    """How far the order is, since the start or since the debate was opened again."""

    rounds: int
    taken: tuple[str, ...] = ()
    """Who had their place in it, spoken or skipped; the moderator's opening first."""
    asked: str | None = None
    """Whom the last speaker asked."""
    asked_by: str | None = None
    question: str | None = None
    """What was asked, and not answered yet."""
    asked_at: int = 0
    """The asking turn's number in the log."""
    rounds_to_come: int = 0
    """Rounds that were added when the last one was all but over."""
    let_be_at: int = 0
    """How many places were taken when people skipped the moderator's stepping in."""
    next_called: bool = False
    """In `step` pace, a person said that the next turn may begin."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn that votes may be cast on."""

    n: int
    persona: str
    kind: Kind
    answer: str
    by: By


@dataclass(frozen=True, slots=True)
class Debate:
    """One topic, one panel, one log."""

    started: DebateStarted
    n: int
    """The number of the last event."""
    order: Order
    pace: Pace
    phase: Phase = Phase.DEBATING
    paused: bool = False
    obstacle: Problem | None = None
    """What keeps its thread from being shown, where that is why it is paused."""
    turns: tuple[Spoken, ...] = ()
    pending: Cue | None = None
    """Who is called on; `None`: nobody."""
    waiting: Waiting = Waiting()
    asides: tuple[Aside, ...] = ()
    material: tuple[MaterialAdded, ...] = ()
    head: Head = Head()
    unheard: tuple[Heard, ...] = ()
    """People's words that no recorded reply has seen."""
    messages: Mapping[str, Message] = field(default_factory=dict)
    """By the platform's id."""
    taken_back: frozenset[str] = frozenset()
    """Platform ids of messages that were erased, should they be delivered again."""
    summaries: tuple[int, ...] = ()
    """The numbers of the heads that began with a running summary."""
    attached: int = 0
    """How many pieces of material were handed in in mid-debate."""
    seats: Mapping[str, Person] = field(default_factory=dict)
    """Who speaks for which seat."""
    votes: Mapping[int, Mapping[str, Vote]] = field(default_factory=dict)
    """By turn, then by person."""
    mirrors: tuple[Place, ...] = ()
    usage: Usage = field(default_factory=Usage)
    calls: int = 0
    seconds: float = 0.0
    unavailable_since_ms: int | None = None
    queued_at: int | None = None
    """The pending turn's place in the queue for the model, as last said."""
    late_told: bool = False
    reason: Reason | None = None
    scope: Scope = Scope.DEBATE
    synthesis: Synthesis | None = None

    @property
    def turn(self) -> int:
        """The number of the last turn spoken."""
        return len(self.turns)

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

    @property
    def threads(self) -> tuple[Place, ...]:
        """Those that show it: its home, if it has one, and its mirrors."""
        home = self.started.home
        return self.mirrors if home is None else (home, *self.mirrors)

    @property
    def rounds(self) -> int:
        """How many rounds are debated, those to come counted."""
        return self.order.rounds + self.order.rounds_to_come

    def seat(self, persona: str) -> Seat:
        """The seat of this persona.

        Raises:
            KeyError: it has none here.
        """
        for seat in self.started.seats:
            if seat.id == persona:
                return seat
        raise KeyError(persona)
