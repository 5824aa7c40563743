"""Upkeep: what whoever looks after a deployment does to it, beside the debates' own commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from engine.debate.explained import Explained


class StillOpen(Explained):
    """An open debate is not to be deleted."""

    def __init__(self, debate: str) -> None:
        super().__init__(
            "{debate} is open; stop it first: tertulia debates stop {debate}", debate=debate
        )


class Retried(StrEnum):
    """What became of a dead letter that was to be tried again."""

    QUEUED = "queued"
    IDLE = "idle"
    """Its debate has nothing to do (it is closed, or paused, or deleted); the letter is kept."""
    GONE = "gone"
    """There is no such letter."""


class Woken(StrEnum):
    """What became of a debate that was to go on."""

    QUEUED = "queued"
    WAITS = "waits"
    """It is to go on at a later time, and will."""
    IDLE = "idle"
    """Nobody is to speak in it now: it is closed, or paused, or waits for a person."""


class Upkeep(Protocol):
    """What can be done to one shard. Every call may raise `StoreAway`, and may be sent again."""

    async def retry(self, letter: str) -> Retried:
        """Puts a dead letter's debate back into the queue, if it has work."""
        ...

    async def wake(self, debate: str) -> Woken:
        """Has workers and bots look at a debate and its threads again.

        Raises:
            UnknownDebate
        """
        ...

    async def drop(self, letters: Sequence[str]) -> int:
        """Throws dead letters away; answers how many."""
        ...

    async def drain(self, worker: str) -> None:
        """Asks a worker to finish its turns and stop; it hears it within seconds."""
        ...

    async def set_limits(
        self, workspace: str, channel: str | None, limits: Mapping[str, float | None]
    ) -> None:
        """Gives a workspace or a channel these limits of its own, in place of those before.

        By the names of `Allowance`; `None`: no limit. What is not named is as the settings say.
        It counts from the next turn on.
        """
        ...

    async def purge(self, debate: str) -> None:
        """Deletes a closed debate, and all that is kept of it; what was posted is not touched.

        Raises:
            StillOpen
            UnknownDebate
        """
        ...
