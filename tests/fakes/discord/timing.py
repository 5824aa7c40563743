"""How long Discord waits for things, as documented; a test can make it shorter."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds."""

    answer_s: float = 3.0
    """For an interaction to be answered for the first time."""
    token_s: float = 900.0
    """The life of an interaction's token."""
