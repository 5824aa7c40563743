"""What a channel or a workspace may use in a day, and whether it has."""

from __future__ import annotations

from dataclasses import dataclass

from engine.debate.events import Reason


@dataclass(frozen=True, slots=True)
class Allowance:
    """For all debates of a channel, or of a workspace. `None`: no limit."""

    turns: int | None = None
    """A day, by UTC."""
    tokens: int | None = None
    """A day; counted as in `Budget`."""
    seconds: float | None = None
    """A day; of speaking, as in `Budget`."""
    debates_a_day: int | None = None
    debates_at_once: int | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """What was used today."""

    turns: int = 0
    tokens: int = 0
    seconds: float = 0.0


def used_up(allowance: Allowance, used: Used, least_tokens: int = 0) -> Reason | None:
    """What does not allow one more turn and the close after it, which take `least_tokens`."""
    if allowance.turns is not None and used.turns >= allowance.turns:
        return Reason.TURN_BUDGET
    if allowance.seconds is not None and used.seconds >= allowance.seconds:
        return Reason.TIME_BUDGET
    if allowance.tokens is not None and used.tokens + least_tokens > allowance.tokens:
        return Reason.TOKEN_BUDGET
    return None
