"""What can have happened in a debate: facts, past tense, kept for ever.

An event says nothing of when: the log's record around it does. Events are numbered from 1 by their
place in the log. `TurnRequested` and `SynthesisRequested` are also the worker's orders.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from engine.debate.panel import Handoff, Language

By = Literal["model", "person"]
Repaired = Literal["repair", "default"]


class Kind(StrEnum):
    """What sort of turn it is."""

    ORDER = "order"
    """A turn of the order that the handoff rule gives."""
    SIDE = "side"
    """An answer to a person who tagged a persona; the order goes on after it."""


class Reason(StrEnum):
    """Why a debate ended."""

    ROUNDS = "rounds"
    STOPPED = "stopped"
    TURN_BUDGET = "turn_budget"
    TOKEN_BUDGET = "token_budget"  # noqa: S105 - the tokens of a language model
    TIME_BUDGET = "time_budget"
    MODEL_AWAY = "model_away"
    MODEL_REFUSED = "model_refused"


class HeadReason(StrEnum):
    """Why a new prompt head was started."""

    START = "start"
    OVERFLOW = "overflow"
    UPGRADE = "upgrade"


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the panel, and whose it is. Enough to show a log without the panel's cards."""

    id: str
    name: str
    emoji: str
    colour: str


@dataclass(frozen=True, slots=True)
class Budget:
    """What one debate may use. `None`: no limit."""

    turns: int | None = None
    tokens: int | None = None
    """Tokens that the model had to compute: prompt less cached, plus completion."""
    seconds: float | None = None
    """Seconds of speaking; waiting for people or for a reader's pace is not counted."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one turn, all its model calls added up."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0

    @property
    def computed(self) -> int:
        """What was not served from the prefix cache."""
        return self.prompt_tokens - self.cached_tokens + self.completion_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.cached_tokens + other.cached_tokens,
            self.completion_tokens + other.completion_tokens,
        )


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, so that each reader can be told in their language."""

    text: str
    """A message to translate; `values` stand in its braces."""
    values: dict[str, str | int | float] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.values)


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The moderator's close."""

    summary: str
    agreements: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()
    open_questions: tuple[str, ...] = ()


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
    started_by: str | None = None


@dataclass(frozen=True, slots=True)
class MaterialAdded:
    """Text to debate was handed in."""

    name: str
    text: str


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


@dataclass(frozen=True, slots=True)
class TurnSpoken:
    """A persona answered, and put a question to the next one (unless it was the last)."""

    turn: int
    persona: str
    name: str
    by: By
    kind: Kind
    answer: str
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


@dataclass(frozen=True, slots=True)
class MessageHeard:
    """A person said something in the thread."""

    author: str
    text: str
    to: str | None = None
    """The persona it is addressed to, by id."""
    message: str | None = None
    """The platform's id of the message."""


@dataclass(frozen=True, slots=True)
class ModelUnavailable:
    """The model has been away long enough to say so; the engine goes on trying."""

    turn: int
    since_ms: int
    """Unix time, milliseconds."""
    error: Problem


@dataclass(frozen=True, slots=True)
class SynthesisRequested:
    """The debate is over; the moderator's close is due."""

    reason: Reason
    by: str | None = None


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


Event = (
    DebateStarted
    | MaterialAdded
    | HeadStarted
    | TurnRequested
    | TurnSpoken
    | MessageHeard
    | ModelUnavailable
    | SynthesisRequested
    | DebateClosed
)


@dataclass(frozen=True, slots=True)
class Record:
    """An event in its place in the log."""

    n: int
    """Counts from 1, without a gap."""
    at_ms: int
    """Unix time, milliseconds."""
    event: Event
