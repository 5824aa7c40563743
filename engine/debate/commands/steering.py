"""How a debate is steered: what only some may ask for."""

from __future__ import annotations

from dataclasses import dataclass

from engine.debate.commands.values import Actor
from engine.debate.events import (
    Pace,
)


@dataclass(frozen=True, slots=True)
class PauseDebate:
    """Let the running turn end, then wait."""

    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class ResumeDebate:
    """Go on."""

    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class SetPace:
    """Change the pace."""

    pace: Pace
    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class CallNext:
    """In `step` pace: let the next turn begin."""

    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class SkipTurn:
    """Pass the speaker over, in mid-sentence if need be."""

    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class SumUp:
    """Ask the moderator for the synthesis so far."""

    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class AddRound:
    """Debate one more round; a closed debate opens again for it."""

    by: Actor | None = None


@dataclass(frozen=True, slots=True)
class StopDebate:
    """Close now, with a synthesis."""

    by: Actor | None = None


Steer = StopDebate | PauseDebate | ResumeDebate | SetPace | CallNext | SkipTurn | SumUp | AddRound
"""What only some may do: see `Steering`. `by` is `None` for the admin's own command line."""
