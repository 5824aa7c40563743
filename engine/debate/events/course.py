"""The course of a debate: its start, its turns, its close."""

from __future__ import annotations

from dataclasses import dataclass, field

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
)
from engine.debate.panel import Handoff, Language


@dataclass(frozen=True, slots=True)
class DebateStarted:
    """Somebody put a topic to a panel. The first event of every log."""

    topic: str
    panel: str
    panel_hash: str
    """Names the panel's content in the store, as it was when the debate started."""
    language: Language
    handoff: Handoff
    rounds: int
    answer_words: int
    question_words: int
    seats: tuple[Seat, ...]
    """The moderator's first, then the debaters' in their order."""
    budget: Budget = field(default_factory=Budget)
    seed: int | None = None
    started_by: Person | None = None
    home: Place | None = None
    """Where it is steered from, and whose budgets it uses."""
    pace: Pace = Pace.LIVE
    steering: Steering = Steering.STARTER
    seat_wait_s: float = SEAT_WAIT_S
    """How long a person in a seat has for a turn; halfway they are reminded."""
    repeats_at: float = 1.0
    """Two turns this much alike (0 to 1) say the same, and the moderator steps in."""


@dataclass(frozen=True, slots=True)
class MaterialAdded:
    """Text to debate was handed in."""

    name: str
    text: str = ""
    """Empty once it was erased."""
    by: Person | None = None
    """Who attached it in mid-debate."""
    message: str | None = None
    """The platform's id of the message that it came with."""


@dataclass(frozen=True, slots=True)
class HeadStarted:
    """A prompt head begins here: until the next one, prompts only grow."""

    reason: HeadReason
    model: str
    prompt_version: int
    context_tokens: int
    """The longest prompt and reply together that this model takes."""
    material_chars: int = 0
    """How much of the material stands in this head; the rest was cut."""
    summary: str | None = None
    """What was said before this head, in the moderator's words; `None`: the head repeats it all."""
    usage: Usage = field(default_factory=Usage)
    calls: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TurnRequested:
    """A persona is called on. The worker's order to let it speak."""

    turn: int
    persona: str
    kind: Kind = Kind.ORDER
    ask: tuple[str, ...] = ()
    """Whom this turn's question may go to, by id; empty: it asks nobody."""
    asked_by: str | None = None
    """Who put the open question to this persona: a persona's id. Nobody asked the opening."""
    answers: Person | None = None
    """In a side turn, the person who asked."""
    about: int = 0
    """In a side turn, the number of the message that it answers."""
    person: Person | None = None
    """Who speaks for the seat; `None`: the model."""
    wait_s: float = 0.0
    """How long after this event it may begin: the pace."""
    repeated: bool = False
    """The last two turns said the same: the strongest objection is to be asked for."""


@dataclass(frozen=True, slots=True)
class TurnSpoken:
    """A persona answered, and put a question to the next one (unless it was the last)."""

    turn: int
    persona: str
    name: str
    by: By
    kind: Kind
    answer: str = ""
    """Empty once the person who spoke took it back."""
    question: str | None = None
    next: str | None = None
    repaired: Repaired | None = None
    """`repair`: the second try was good. `default`: the panel's phrases stand in for a part."""
    usage: Usage = field(default_factory=Usage)
    seen: int = 0
    """The number of the last event that the speaker knew of."""
    raw: str | None = None
    """The accepted reply as the model wrote it, where that is not the canonical JSON of it."""
    context_used: int = 0
    """Tokens of the prompt and the reply as the next prompt will have them."""
    calls: int = 1
    seconds: float = 0.0
    person: Person | None = None
    """Who spoke for the seat, where a person did."""
    message: str | None = None
    """The platform's id of the message that the turn was written in, where it was."""
    place: Place | None = None
    """Where that message was written."""


@dataclass(frozen=True, slots=True)
class TurnSkipped:
    """The speaker is passed over; what it had begun to say is not kept."""

    turn: int
    persona: str
    by: Person | None = None


@dataclass(frozen=True, slots=True)
class QuestionPassed:
    """A question that was not answered goes to the next speaker."""

    asked_by: str
    to: str


@dataclass(frozen=True, slots=True)
class TurnQueued:
    """The model is full; the turn waits for its place."""

    turn: int
    position: int
    """1: the next."""


@dataclass(frozen=True, slots=True)
class ModelUnavailable:
    """The model has been away long enough to say so; the engine goes on trying."""

    turn: int
    since_ms: int
    """Unix time, milliseconds."""
    error: Problem


@dataclass(frozen=True, slots=True)
class SummaryGiven:
    """The moderator's synthesis so far."""

    synthesis: Synthesis
    repaired: Repaired | None = None
    usage: Usage = field(default_factory=Usage)
    seen: int = 0
    raw: str | None = None
    context_used: int = 0
    calls: int = 1
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SynthesisRequested:
    """The debate is over; the moderator's close is due."""

    reason: Reason
    by: Person | None = None
    scope: Scope = Scope.DEBATE
    """Whose budget is used up, where one is."""


@dataclass(frozen=True, slots=True)
class DebateClosed:
    """The end: why, and the synthesis."""

    reason: Reason
    synthesis: Synthesis
    repaired: Repaired | None = None
    """`default`: written from the log, because the model gave none."""
    error: Problem | None = None
    """What kept the model from closing, where it was given up."""
    usage: Usage = field(default_factory=Usage)
    seen: int = 0
    raw: str | None = None
    context_used: int = 0
    calls: int = 1
    seconds: float = 0.0


CourseEvent = (
    DebateStarted
    | MaterialAdded
    | HeadStarted
    | TurnRequested
    | TurnSpoken
    | TurnSkipped
    | QuestionPassed
    | TurnQueued
    | ModelUnavailable
    | SummaryGiven
    | SynthesisRequested
    | DebateClosed
)
