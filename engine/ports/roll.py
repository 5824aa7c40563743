"""The roll: workers say that they are here and how they are, and hear that they are to stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Report:
    """How a worker is."""

    version: str
    model: str
    started_ms: int
    """Unix time, milliseconds."""
    most: int
    """So many debates it holds at once, and no more."""
    held: int
    turns: int = 0
    """Spoken since it started; so are the tokens."""
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    tokens_per_s: float = 0.0
    """Written by the model in the last minute."""


class Roll(Protocol):
    """One worker's line in the roll. Both calls may raise `StoreAway`."""

    async def answer(self, report: Report) -> bool:
        """Says how the worker is; answers whether it is to finish and stop.

        Who has not answered for half a minute is taken off the roll.
        """
        ...

    async def leave(self) -> None:
        """Takes the worker off the roll."""
        ...
