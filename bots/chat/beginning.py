"""A debate that is about to begin beside all threads, as it is noted until it has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from pydantic import TypeAdapter

from bots.chat.desk import Asker
from engine.debate.commands import StartDebate


@dataclass(frozen=True, slots=True)
class Beginning:
    """What it takes to begin it, whoever does."""

    debate: str
    command: StartDebate
    asker: Asker
    """Their place is the channel."""
    payloads: tuple[str, ...]
    at_ms: int
    """When it was asked for: Unix time."""

    def note(self) -> str:
        """The same as text."""
        return _content().dump_json(self).decode()

    @classmethod
    def noted(cls, text: str) -> Beginning | None:
        """What `note` made this text of; `None`: another version of the program did."""
        try:
            return _content().validate_json(text)
        except ValueError:
            return None


@cache
def _content() -> TypeAdapter[Beginning]:
    return TypeAdapter(Beginning)
