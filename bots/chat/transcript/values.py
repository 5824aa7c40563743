"""What a transcript is made of."""

from __future__ import annotations

from dataclasses import dataclass

from engine.debate.events import (
    By,
    Event,
    HeadReason,
    Kind,
    Pace,
    Problem,
    Reason,
    Repaired,
    Scope,
    Seat,
    Synthesis,
    Usage,
)
from engine.debate.panel import Handoff, Language


@dataclass(frozen=True, slots=True)
class Votes:
    """How many people liked a turn, and how many did not: each counts once."""

    up: int = 0
    down: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """One speech."""

    number: int
    at_ms: int
    seat: Seat
    """Whose it is, under the name it was spoken by."""
    by: By
    person: str | None
    """Who spoke for the seat, where a person did."""
    kind: Kind
    answers: str | None
    """In a side turn, the person who asked."""
    answer: str
    question: str | None
    asked: Seat | None
    repaired: Repaired | None
    usage: Usage
    seconds: float
    votes: Votes = Votes()
    edited_ms: int | None = None
    """When the person last corrected it; what is here is the correction."""
    erased: bool = False
    """The person took it back; its words are gone."""


@dataclass(frozen=True, slots=True)
class Message:
    """A person's words in the thread."""

    n: int
    """Its number in the log."""
    at_ms: int
    author: str
    text: str
    """As it was last corrected."""
    to: Seat | None
    edited_ms: int | None = None
    """When it was last corrected."""
    erased: bool = False
    """It was taken back; its words are gone."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a prompt was begun, and what stood in it for the turns before."""

    at_ms: int
    reason: HeadReason
    model: str
    prompt_version: int
    summary: str | None


@dataclass(frozen=True, slots=True)
class MaterialRead:
    """A text that was handed in."""

    name: str
    characters: int
    by: str | None = None
    """Who brought it in mid-debate."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something small between the turns. What does not apply is `None`."""

    at_ms: int
    what: type[Event]
    by: str | None = None
    """The person who did it, or whom it befell."""
    seat: Seat | None = None
    """Whose turn or seat it is about; whom a question went on to."""
    asked_by: Seat | None = None
    """Whose question it was."""
    pace: Pace | None = None
    material: MaterialRead | None = None
    obstacle: Problem | None = None
    """What kept the debate's thread from being shown."""
    cleared: bool = False
    """It was gone then."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The synthesis so far."""

    n: int
    """Its number in the log."""
    at_ms: int
    asked_by: str | None
    synthesis: Synthesis
    repaired: Repaired | None


@dataclass(frozen=True, slots=True)
class Close:
    """How it ended; it may have been opened again after that."""

    n: int
    """Its number in the log."""
    at_ms: int
    reason: Reason
    scope: Scope
    """Whose budget was used up, where one was."""
    by: str | None
    """Who stopped it, where somebody did."""
    synthesis: Synthesis
    repaired: Repaired | None
    error: Problem | None
    """What kept the model from closing, where it was given up."""


Entry = Turn | Message | Head | Happening | Summary | Close


@dataclass(frozen=True, slots=True)
class Totals:
    """What the debate took, closes and summaries included."""

    usage: Usage
    calls: int
    seconds: float
    repairs: int
    """Replies that were good at the second try."""
    defaults: int
    """Replies of which a part was filled in."""

    @property
    def cached_share(self) -> float:
        """How much of the prompts the server had in its cache, 0 to 1."""
        prompt_tokens = self.usage.prompt_tokens
        return self.usage.cached_tokens / prompt_tokens if prompt_tokens else 0.0


@dataclass(frozen=True, slots=True)
class Transcript:
    """A debate as far as its log goes."""

    debate: str
    topic: str
    panel: str
    language: Language
    handoff: Handoff
    rounds: int
    """Those that were added counted."""
    seats: tuple[Seat, ...]
    """The moderator's first."""
    started_ms: int
    started_by: str | None
    material: tuple[MaterialRead, ...]
    entries: tuple[Entry, ...]
    """In the order of the log."""
    close: Close | None
    """The one that stands; `None`: the debate is not closed, or was opened again."""
    totals: Totals

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The speeches alone."""
        return tuple(entry for entry in self.entries if isinstance(entry, Turn))

    @property
    def model(self) -> Head | None:
        """The last head, which names the model and the version of the prompt."""
        heads = [entry for entry in self.entries if isinstance(entry, Head)]
        return heads[-1] if heads else None
