"""What events are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

By = Literal["model", "person"]
Repaired = Literal["repair", "default"]
Vote = Literal[-1, 0, 1]

SEAT_WAIT_S = 300.0


class Kind(StrEnum):
    """What sort of turn it is."""

    ORDER = "order"
    """A turn of the order that the handoff rule gives."""
    SIDE = "side"
    """An answer to a person who tagged a persona; the order goes on after it."""
    STEP_IN = "step_in"
    """The moderator's, between two turns of the order: the last two said the same."""
    SUMMARY = "summary"
    """The moderator's synthesis so far; the order goes on after it."""
    CLOSE = "close"
    """The moderator's synthesis, at the end."""

    @property
    def is_synthesis(self) -> bool:
        """Whether the reply to it is a synthesis, and no turn."""
        return self in (Kind.SUMMARY, Kind.CLOSE)


class Pace(StrEnum):
    """How fast one turn follows another."""

    LIVE = "live"
    """As fast as the model speaks."""
    READING = "reading"
    """As fast as people read the last turn."""
    STEP = "step"
    """Each turn of the order waits until a person says so."""


class Steering(StrEnum):
    """Who may steer a debate, besides those who manage the place it is held in."""

    STARTER = "starter"
    """Whoever started it."""
    EVERYONE = "everyone"


class Reason(StrEnum):
    """Why a debate ended."""

    ROUNDS = "rounds"
    STOPPED = "stopped"
    TURN_BUDGET = "turn_budget"
    TOKEN_BUDGET = "token_budget"  # noqa: S105 - the tokens of a language model
    TIME_BUDGET = "time_budget"
    MODEL_AWAY = "model_away"
    MODEL_REFUSED = "model_refused"
    ABANDONED = "abandoned"
    """Every worker that took it up failed."""


class Scope(StrEnum):
    """Whose budget it is."""

    DEBATE = "debate"
    CHANNEL = "channel"
    WORKSPACE = "workspace"


class HeadReason(StrEnum):
    """Why a new prompt head was started."""

    START = "start"
    OVERFLOW = "overflow"
    UPGRADE = "upgrade"
    ERASURE = "erasure"
    """A person took back words that stood in it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part. Matched by `id`, which tells the platform too: `slack:T1:U2`."""

    id: str
    name: str
    """As the others know them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A thread that a debate is shown in."""

    workspace: str
    """Tells the platform too: `slack:T1`, `web`."""
    channel: str
    thread: str


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
