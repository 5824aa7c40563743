"""What there is to be named in a command."""

from __future__ import annotations

from dataclasses import dataclass

from engine.debate.events import Seat


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a command may have in it."""

    panels: tuple[str, ...] = ()
    """Ids."""
    seats: tuple[Seat, ...] = ()
    """Of the debate in this thread, if there is one; the moderator's first."""
