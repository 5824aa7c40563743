"""The engine as surfaces see it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from engine.debate.commands import Command, StartDebate
from engine.debate.events import Record
from engine.debate.state import Debate
from engine.ports.live import LiveText


class Debates(Protocol):
    """The engine as surfaces see it."""

    async def start(self, debate: str, command: StartDebate) -> Debate:
        """Starts a debate under this id.

        Raises:
            Rejected: the topic, the rounds or the budget will not do.
            StoreAway
        """
        ...

    async def submit(self, debate: str, command: Command) -> Debate:
        """Puts one command to a debate; answers how it stands then.

        Raises:
            Rejected: the debate's rules do not allow it.
            UnknownDebate
            StoreAway
        """
        ...

    async def load(self, debate: str) -> Debate:
        """How a debate stands.

        Raises:
            UnknownDebate
            StoreAway
        """
        ...

    def follow(self, debate: str, after: int = 0) -> AsyncIterator[Record | LiveText]:
        """See `DebateStore.follow`."""
        ...
