"""A gateway session: its events in order, kept so that a resume replays those it missed."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from tests.fakes.discord.applications import Application, Intent
from tests.fakes.discord.protocol import Json

KEPT_EVENTS = 10_000


@dataclass(slots=True, eq=False)
class Line:
    """A connection; what is put into `frames` is sent in order, a code closes it."""

    frames: asyncio.Queue[Json | int] = field(default_factory=asyncio.Queue)
    is_cut: asyncio.Event = field(default_factory=asyncio.Event)
    """Set: it breaks without a word."""
    session: Session | None = None

    def send(self, op: int, data: object = None, seq: int | None = None, name: str = "") -> None:
        """Queues a frame."""
        self.frames.put_nowait({"op": op, "d": data, "s": seq, "t": name or None})

    def close(self, code: int) -> None:
        """Closes it after what is queued."""
        self.frames.put_nowait(code)


@dataclass(slots=True, eq=False)
class Session:
    """Lives on without a connection until it is forgotten."""

    id: str
    app: Application
    intents: Intent
    shard: tuple[int, int]
    line: Line | None = None
    seq: int = 0
    kept: deque[tuple[int, str, Json]] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))

    def hears(self, guild_id: str | None, intent: Intent) -> bool:
        """Whether such an event is for this session; no intent: it is for all."""
        if intent and not intent & self.intents:
            return False
        number, count = self.shard
        return (int(guild_id) >> 22) % count == number if guild_id is not None else number == 0

    def dispatch(self, name: str, data: Json) -> None:
        """Sends an event, or keeps it until the client resumes."""
        self.seq += 1
        self.kept.append((self.seq, name, data))
        if self.line is not None:
            self.line.send(0, data, self.seq, name)

    def resume(self, line: Line, heard: int) -> None:
        """Goes on over this connection after the last event that was heard."""
        if self.line is not None:
            self.line.close(4000)
        self.line, line.session = line, self
        for seq, name, data in self.kept:
            if seq > heard:
                line.send(0, data, seq, name)
        self.dispatch("RESUMED", {})
