"""What went in and out, in order, so that a journey can be compared with a recorded one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.slack.protocol import Json

Direction = Literal["in", "out"]

_PLACEHOLDERS = (
    ("ts", re.compile(r"\b\d{10}\.\d{6}\b")),
    ("user", re.compile(r"\b[UW]0[A-Z0-9]{9}\b")),
    ("channel", re.compile(r"\b[CDG]0[A-Z0-9]{9}\b")),
    ("team", re.compile(r"\bT0[A-Z0-9]{9}\b")),
    ("app", re.compile(r"\bA0[A-Z0-9]{9}\b")),
    ("bot", re.compile(r"\bB0[A-Z0-9]{9}\b")),
    ("event", re.compile(r"\bEv0[A-Z0-9]{9}\b")),
    ("view", re.compile(r"\bV0[A-Z0-9]{9}\b")),
    ("file", re.compile(r"\bF0[A-Z0-9]{9}\b")),
    ("group", re.compile(r"\bS0[A-Z0-9]{9}\b")),
    ("trigger", re.compile(r"\b\d{7}\.7890123\.[a-z0-9]{32}\b")),
    ("uuid", re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")),
    ("url", re.compile(r"\bhttp://127\.0\.0\.1:\d+")),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that an app sent (`in`) or was sent (`out`)."""

    direction: Direction
    kind: str
    """A Web API method, or `events_api`, `slash_commands`, `interactive`, `ack`."""
    data: Json


@dataclass(slots=True)
class Trace:
    """Everything so far."""

    entries: list[Entry] = field(default_factory=list)

    def record(self, direction: Direction, kind: str, data: Json) -> None:
        """One more."""
        self.entries.append(Entry(direction, kind, data))

    def calls(self, method: str) -> list[Json]:
        """The arguments of every call of this Web API method."""
        return [
            entry.data["args"]
            for entry in self.entries
            if entry.direction == "in" and entry.kind == method
        ]

    def normalised(self) -> list[str]:
        """One line of JSON each, with ids replaced by `ts#1`, `user#2`, … as they appear."""
        return named(
            json.dumps(
                {"seq": number, "dir": entry.direction, "kind": entry.kind, "data": entry.data},
                ensure_ascii=False,
                sort_keys=True,
            )
            for number, entry in enumerate(self.entries)
        )


def named(lines: Iterable[str]) -> list[str]:
    """The lines with names in place of ids, the same one for the same id in all of them."""
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    found = []
    for line in lines:
        for kind, pattern in _PLACEHOLDERS:
            for value in pattern.findall(line):
                if value not in names:
                    counts[kind] = counts.get(kind, 0) + 1
                    names[value] = f"{kind}#{counts[kind]}"
                line = line.replace(value, names[value])  # noqa: PLW2901
        found.append(line)
    return found
