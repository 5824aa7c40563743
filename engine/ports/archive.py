"""The archive: all that a shard keeps, read out piece by piece, and written back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from engine.debate.explained import Explained

Piece = dict[str, Any]
"""A debate, or a key that debates share; only what JSON has."""


class NotEmpty(Explained):
    """There are debates already where a backup is to be restored to."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    debates: int
    open: int
    """Of them; they go on."""
    keys: int
    """Others."""


class Archive(Protocol):
    """One shard's keeping. Every call may raise `StoreAway`."""

    def read(self) -> AsyncIterator[Piece]:
        """All that is kept, while debates go on.

        Each debate is taken at one moment: its log, its state, people's words and every thread's
        cursor belong together. Debates are taken one after the other, so two of them may be some
        seconds apart; one that starts meanwhile is left out.
        """
        ...

    async def write(self, pieces: Iterable[Piece], *, replace: bool) -> Restored:
        """Writes back what `read` gave, and wakes what is to go on.

        `replace`: what is there is deleted first. Stopped half way, it is to be done again, with
        `replace`.

        Raises:
            NotEmpty: there is something, and it is not to be replaced; nothing was written.
        """
        ...
