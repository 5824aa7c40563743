"""Sees every event as it is written and every message as it lands, and holds them to the promises.

It knows the log by the server's own entries, as they are added, and a thread by what stands in it:
nothing that a process says of itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson

from bots.chat.posts import post_of
from engine.debate.codec import decode
from engine.debate.events import (
    DebateClosed,
    DebateReopened,
    Event,
    Kind,
    MessageErased,
    MessageHeard,
    Place,
    Record,
    TurnRequested,
    TurnSkipped,
    TurnSpoken,
)
from engine.debate.evolve import evolve
from engine.debate.state import Debate, Phase
from tests.simulation.chat_platform import Posted


class Broken(Exception):
    """A promise was not kept."""


@dataclass(slots=True)
class Seen:
    """What is known of one debate."""

    id: str
    records: list[Record] = field(default_factory=list)
    befores: list[Debate | None] = field(default_factory=list)
    """The debate up to each of its records."""
    debate: Debate | None = None
    turns: int = 0
    requested: TurnRequested | None = None
    asked: str | None = None
    messages: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)

    @property
    def at_rest(self) -> bool:
        """Closed, with nobody called on."""
        debate = self.debate
        return debate is not None and debate.phase is Phase.CLOSED and debate.pending is None


@dataclass(slots=True)
class Line:
    """How far a thread is."""

    last: tuple[int, int] = (0, 0)
    shown: dict[tuple[int, int], Posted] = field(default_factory=dict)


class Witness:
    """The promises, checked as things happen."""

    def __init__(self) -> None:
        self.debates: dict[str, Seen] = {}
        self.lines: dict[tuple[str, Place], Line] = {}
        self.events = 0
        self.turns = 0
        self.messages = 0
        self.excused = 0
        """Messages out of order or twice, of posters that stood still before the write."""
        self.broken: str | None = None
        """The first promise that was not kept."""
        self._words: dict[tuple[str, bytes], bytes] = {}

    def wrote(self, command: str, args: list[bytes]) -> None:
        """The server ran an `xadd` or an `hset`, in a script or not."""
        debate, _, what = args[0].decode().partition("}:d:")[2].rpartition(":")
        if not debate:
            return
        if command == "hset" and what == "words":
            self._words[debate, args[1]] = args[2]  # it comes before its event
        elif command == "xadd" and what == "log":
            n, body = args[1].partition(b"-")[0], dict(zip(args[2::2], args[3::2], strict=True))
            content = orjson.loads(body[b"b"]) | orjson.loads(self._words.pop((debate, n), b"{}"))
            event = decode(body[b"e"].decode(), content)
            try:
                self._append(debate, Record(int(n), int(body[b"at"]), event))
            except Broken as error:
                self.broken = self.broken or f"{debate}, event {n.decode()}: {error}"

    def landed(self, place: Place, post: Posted) -> None:
        """A message stands in a thread."""
        try:
            self._land(place, post)
        except Broken as error:
            self.broken = self.broken or f"{post.key.debate} in {place.thread}: {error}"

    def _append(self, debate: str, record: Record) -> None:
        seen, event = self.debates.setdefault(debate, Seen(debate)), record.event
        if record.n != len(seen.records) + 1:
            raise Broken(f"follows event {len(seen.records)}")
        self.events += 1
        before = seen.debate
        seen.records.append(record)
        seen.befores.append(before)
        seen.debate = evolve(before, event)
        _handoff(seen, event)
        _close(before, event)
        _messages(seen, event)
        self.turns += isinstance(event, TurnSpoken)

    def _land(self, place: Place, post: Posted) -> None:
        self.messages += 1
        seen = self.debates.get(post.key.debate)
        if seen is None or post.key.n > len(seen.records):
            raise Broken(f"{post.key} shows what is not in the log")
        record, before = seen.records[post.key.n - 1], seen.befores[post.key.n - 1]
        if post_of(record, before, place) is None:
            raise Broken(f"{post.key} shows what has no form there")
        line = self.lines.setdefault((post.key.debate, place), Line())
        at = (post.key.n, post.key.part)
        if at in line.shown or at < line.last:
            if not (post.thawed or (at in line.shown and line.shown[at].thawed)):
                how = "twice" if at in line.shown else f"after {line.last}"
                raise Broken(f"{post.key} is shown {how}, by {post.by}")
            self.excused += 1
        line.shown.setdefault(at, post)
        line.last = max(line.last, at)


def _close(before: Debate | None, event: Event) -> None:
    over = before is not None and before.phase is Phase.CLOSED and before.pending is None
    if over and isinstance(event, TurnSpoken | DebateClosed):
        raise Broken("somebody speaks after the close, and nobody was called on")
    if isinstance(event, DebateClosed) and not (event.reason and event.synthesis.summary.strip()):
        raise Broken("it closes without a reason or a synthesis")


def _messages(seen: Seen, event: Event) -> None:
    if isinstance(event, MessageErased) and event.message:
        seen.erased.add(event.message)
    elif isinstance(event, MessageHeard | TurnSpoken) and event.message:
        if event.message in seen.messages:
            raise Broken(f"message {event.message} is heard twice")
        seen.messages.add(event.message)


def _handoff(seen: Seen, event: Event) -> None:
    if isinstance(event, TurnRequested):
        if event.kind is Kind.ORDER and seen.asked not in (None, event.persona):
            raise Broken(f"{event.persona} is called on, and {seen.asked} was asked")
        seen.requested = event
    elif isinstance(event, TurnSkipped | DebateReopened):
        seen.asked = None
    elif isinstance(event, TurnSpoken):
        _spoken(seen, event, seen.requested)


def _spoken(seen: Seen, event: TurnSpoken, requested: TurnRequested | None) -> None:
    seen.turns += 1
    if event.turn != seen.turns:
        raise Broken(f"turn {event.turn} comes as number {seen.turns}")
    if requested is None or (requested.turn, requested.persona) != (event.turn, event.persona):
        raise Broken(f"{event.persona} speaks turn {event.turn} uncalled")
    if event.by == "model" and not event.answer.strip():
        raise Broken(f"turn {event.turn} says nothing")
    if event.kind is Kind.SIDE:
        return
    asks = bool((event.question or "").strip())
    if requested.ask and not (asks and event.next in requested.ask):
        raise Broken(f"turn {event.turn} asks {event.next}, not one of {requested.ask}")
    if not requested.ask and (event.question is not None or event.next is not None):
        raise Broken(f"turn {event.turn} asks though it is the last")
    seen.asked = event.next
