"""Slots: how many turns a model speaks at once, all workers together, and who is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Turnstile:
    """A turn that wants to be spoken."""

    debate: str
    workspace: str
    """Workspaces take turns, whatever the number of their debates."""
    owner: str
    """The claim's; it has the slot."""


class ModelSlots(Protocol):
    """A lease on the model for each turn that is spoken. Every call may raise `StoreAway`."""

    async def ask(self, turn: Turnstile) -> int:
        """0: the slot is taken. Else the place in the queue, 1 the next: ask again before long."""
        ...

    async def renew(self, owners: Sequence[str]) -> None:
        """Extends the leases of those that have a slot."""
        ...

    async def free(self, owner: str) -> None:
        """Gives the slot back, if there is one."""
        ...
