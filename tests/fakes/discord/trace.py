"""What went in and out, in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.discord.protocol import Json

Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that an app sent (`in`) or was sent (`out`)."""

    direction: Direction
    kind: str
    """A route such as `POST /channels/{channel}/messages`, `op 2`, or the name of an event."""
    data: Json


@dataclass(slots=True)
class Trace:
    """Everything so far."""

    entries: list[Entry] = field(default_factory=list)

    def record(self, direction: Direction, kind: str, data: Json) -> None:
        """One more."""
        self.entries.append(Entry(direction, kind, data))

    def calls(self, route: str) -> list[Json]:
        """The path parameters, query and body in one, of every request on this route."""
        return [
            entry.data["args"]
            for entry in self.entries
            if entry.direction == "in" and entry.kind == route
        ]

    def events(self, name: str) -> list[Json]:
        """The data of every dispatch of this name, one for each session that heard it."""
        return [
            entry.data["d"]
            for entry in self.entries
            if entry.direction == "out" and entry.kind == name
        ]
