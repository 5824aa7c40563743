"""How long a debate waits for a model that is away: a failure and a clock give what to do next."""

from __future__ import annotations

from dataclasses import dataclass

SAID_AFTER_S = 30.0
"""A model away for longer is something people in the thread should know."""

FIRST_WAIT_S = 1.0
LONGEST_WAIT_S = 15.0


@dataclass(frozen=True, slots=True)
class TryAgain:
    """Ask the model again after a while."""

    in_s: float


@dataclass(frozen=True, slots=True)
class SayAway:
    """Tell the thread, then try again."""


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The patience is used up."""


def after_failure(
    away_s: float, failures: int, *, said: bool, patience_s: float, asked_for_s: float | None = None
) -> TryAgain | SayAway | GiveUp:
    """What to do about the model's nth failure in a row, `away_s` seconds after the first.

    `asked_for_s` is how long the server asked to be left alone.
    """
    if away_s >= patience_s:
        return GiveUp()
    if not said and away_s >= SAID_AFTER_S:
        return SayAway()
    wait_s = max(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(failures - 1, 10)), asked_for_s or 0)
    until_s = patience_s if said else min(patience_s, SAID_AFTER_S)
    return TryAgain(min(wait_s, until_s - away_s))
