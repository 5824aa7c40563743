"""What workers and deliveries have to say."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.debate.commands.values import Spent
from engine.debate.events import (
    HeadReason,
    Place,
    Problem,
    Reason,
    Repaired,
    Scope,
    Synthesis,
)


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
    repaired: Repaired | None = None
    raw: str | None = None
    seen: int = 0
    spent: Spent = field(default_factory=Spent)


@dataclass(frozen=True, slots=True)
class RecordSynthesis:
    """The moderator closed, or gave the synthesis so far: whichever was called for."""

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
class ReportQueued:
    """The model is full, and the turn waits for its place."""

    turn: int
    position: int


@dataclass(frozen=True, slots=True)
class GiveUpOnModel:
    """The model will not answer any more: close without it."""

    turn: int
    reason: Reason
    error: Problem
    synthesis: Synthesis
    """The written summary that stands in for the moderator's."""


@dataclass(frozen=True, slots=True)
class Review:
    """A worker is about to let the pending turn begin: is it still the one to call?"""

    turn: int


@dataclass(frozen=True, slots=True)
class PassTime:
    """The time that a person in a seat had is half over, or over."""

    turn: int


@dataclass(frozen=True, slots=True)
class EndForBudget:
    """What the channel or the workspace may use today is used up."""

    reason: Reason
    scope: Scope


@dataclass(frozen=True, slots=True)
class ReportObstacle:
    """A thread takes nothing; where the debate is at home in it, nobody would see what is said."""

    place: Place
    obstacle: Problem


@dataclass(frozen=True, slots=True)
class ReportClear:
    """A thread has been shown everything again."""

    place: Place


Showing = ReportObstacle | ReportClear
"""What deliveries have to say."""

Report = (
    StartHead
    | RecordTurn
    | RecordSynthesis
    | ReportModelAway
    | ReportQueued
    | GiveUpOnModel
    | Review
    | PassTime
    | EndForBudget
    | Showing
)
"""What workers and deliveries have to say."""
