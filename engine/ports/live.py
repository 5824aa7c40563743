"""Live text: a turn while it is spoken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

LivePart = Literal["answer", "question", "summary"]
"""`summary` is the synthesis's."""


@dataclass(frozen=True, slots=True)
class LiveText:
    """A piece of a turn while it is spoken; not in the log, and void once the turn is."""

    turn: int
    persona: str
    epoch: int
    """A higher epoch for the same turn starts over."""
    attempt: int
    """So does a later attempt (a repair) within one epoch."""
    part: LivePart
    offset: int
    """Where in the part this text stands, in characters."""
    text: str


class LiveTextWriter(Protocol):
    """Where a worker writes live text."""

    async def write(self, debate: str, pieces: Sequence[LiveText]) -> None:
        """Adds them to what followers see. Lost pieces are no harm: the turn comes whole.

        Raises:
            StoreAway
        """
        ...
