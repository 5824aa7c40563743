"""What may be asked of a debate. Time, ids and the model's words come in with a command."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.debate.events import Budget, By, HeadReason, Problem, Reason, Repaired, Synthesis, Usage
from engine.debate.explained import Explained
from engine.debate.panel import Panel


class Rejected(Explained):
    """The debate's rules do not allow what a person asked; the text says why and may be shown."""


@dataclass(frozen=True, slots=True)
class Material:
    """Text to debate, and what it is called."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Spent:
    """What it took to have something said."""

    usage: Usage = field(default_factory=Usage)
    calls: int = 1
    seconds: float = 0.0
    context_used: int = 0
    """Tokens of the prompt and the reply as the next prompt will have them."""


@dataclass(frozen=True, slots=True)
class StartDebate:
    """Put a topic to a panel."""

    topic: str
    panel: Panel
    rounds: int | None = None
    """`None`: as many as the panel says."""
    material: tuple[Material, ...] = ()
    budget: Budget = field(default_factory=Budget)
    seed: int | None = None
    started_by: str | None = None
    panel_hash: str = ""
    """What the panel's content is kept under; the door fills it in."""


@dataclass(frozen=True, slots=True)
class Say:
    """A person says something in the thread."""

    author: str
    text: str
    to: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class StartHead:
    """A worker begins a prompt head for the turn it claimed."""

    turn: int
    reason: HeadReason
    model: str
    prompt_version: int
    context_tokens: int
    material_chars: int = 0
    summary: str | None = None
    spent: Spent = field(default_factory=lambda: Spent(calls=0))


@dataclass(frozen=True, slots=True)
class RecordTurn:
    """Somebody spoke the turn that was requested."""

    turn: int
    answer: str
    question: str | None = None
    next: str | None = None
    by: By = "model"
    repaired: Repaired | None = None
    raw: str | None = None
    seen: int = 0
    spent: Spent = field(default_factory=Spent)


@dataclass(frozen=True, slots=True)
class RecordSynthesis:
    """The moderator closed."""

    synthesis: Synthesis
    repaired: Repaired | None = None
    raw: str | None = None
    seen: int = 0
    spent: Spent = field(default_factory=Spent)


@dataclass(frozen=True, slots=True)
class ReportModelAway:
    """The model has not answered for a while."""

    turn: int
    since_ms: int
    error: Problem


@dataclass(frozen=True, slots=True)
class GiveUpOnModel:
    """The model will not answer any more: close without it."""

    turn: int
    reason: Reason
    error: Problem
    synthesis: Synthesis
    """The written summary that stands in for the moderator's."""


@dataclass(frozen=True, slots=True)
class StopDebate:
    """Close now, with a synthesis."""

    by: str | None = None


Command = (
    StartDebate
    | Say
    | StartHead
    | RecordTurn
    | RecordSynthesis
    | ReportModelAway
    | GiveUpOnModel
    | StopDebate
)
