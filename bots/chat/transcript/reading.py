"""Reads a debate's log into what a transcript shows.

Anybody may have written the words in a log, so each is cleaned here, once: no control characters,
no direction overrides, nothing that XML forbids. What is one line stays one line. A colour is a
colour. The forms escape the rest, each by its own rules.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.debate.events import (
    By,
    DebateClosed,
    DebateStarted,
    HeadReason,
    HeadStarted,
    Kind,
    MaterialAdded,
    MessageHeard,
    Problem,
    Reason,
    Record,
    Repaired,
    Seat,
    Synthesis,
    TurnSpoken,
    Usage,
)
from engine.debate.panel import Handoff, Language
from engine.debate.text import clean

NO_COLOUR = "#808080"

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NOT_XML = {0xFFFE: None, 0xFFFF: None}


@dataclass(frozen=True, slots=True)
class Turn:
    """One speech."""

    number: int
    at_ms: int
    seat: Seat
    """Whose it is, under the name it was spoken by."""
    by: By
    kind: Kind
    answer: str
    question: str | None
    asked: Seat | None
    repaired: Repaired | None
    usage: Usage
    seconds: float


@dataclass(frozen=True, slots=True)
class Message:
    """A person's words in the thread."""

    n: int
    """Its number in the log."""
    at_ms: int
    author: str
    text: str
    to: Seat | None


@dataclass(frozen=True, slots=True)
class Head:
    """Where a prompt was begun, and what stood in it for the turns before."""

    at_ms: int
    reason: HeadReason
    model: str
    prompt_version: int
    summary: str | None


Entry = Turn | Message | Head


@dataclass(frozen=True, slots=True)
class MaterialRead:
    """A text that was handed in."""

    name: str
    characters: int


@dataclass(frozen=True, slots=True)
class Close:
    """How it ended."""

    at_ms: int
    reason: Reason
    synthesis: Synthesis
    repaired: Repaired | None
    error: Problem | None
    """What kept the model from closing, where it was given up."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What the debate took, the close and running summaries included."""

    usage: Usage
    calls: int
    seconds: float
    repairs: int
    """Replies that were good at the second try."""
    defaults: int
    """Replies of which a part was filled in."""

    @property
    def cached_share(self) -> float:
        """How much of the prompts the server had in its cache, 0 to 1."""
        prompt_tokens = self.usage.prompt_tokens
        return self.usage.cached_tokens / prompt_tokens if prompt_tokens else 0.0


@dataclass(frozen=True, slots=True)
class Transcript:
    """A debate as far as its log goes."""

    debate: str
    topic: str
    panel: str
    language: Language
    handoff: Handoff
    rounds: int
    seats: tuple[Seat, ...]
    """The moderator's first."""
    started_ms: int
    material: tuple[MaterialRead, ...]
    entries: tuple[Entry, ...]
    """In the order of the log."""
    close: Close | None
    """`None`: it is not closed."""
    totals: Totals

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The speeches alone."""
        return tuple(entry for entry in self.entries if isinstance(entry, Turn))

    @property
    def model(self) -> Head | None:
        """The last head, which names the model and the version of the prompt."""
        heads = [entry for entry in self.entries if isinstance(entry, Head)]
        return heads[-1] if heads else None


def read(debate: str, records: Sequence[Record]) -> Transcript:
    """The transcript of a log, read from its first record on.

    Raises:
        ValueError: the log is empty or does not begin with `DebateStarted`.
    """
    if not records or not isinstance(records[0].event, DebateStarted):
        raise ValueError(f"the log of {debate} does not begin with its start")
    started = records[0].event
    seats = tuple(_seat(seat) for seat in started.seats)
    by_id = {seat.id: seat for seat in seats}
    return Transcript(
        debate=one_line(debate),
        topic=one_line(started.topic),
        panel=one_line(started.panel),
        language=started.language,
        handoff=started.handoff,
        rounds=started.rounds,
        seats=seats,
        started_ms=records[0].at_ms,
        material=tuple(
            MaterialRead(one_line(record.event.name), len(record.event.text))
            for record in records
            if isinstance(record.event, MaterialAdded)
        ),
        entries=tuple(entry for record in records if (entry := _entry(record, by_id))),
        close=_close(records),
        totals=_totals(records),
    )


def paragraphs(text: str) -> str:
    """Cleaned; its lines kept."""
    return clean(text).translate(_NOT_XML)


def one_line(text: str) -> str:
    """Cleaned, on one line."""
    return " ".join(paragraphs(text).split())


def _seat(seat: Seat) -> Seat:
    colour = seat.colour if _COLOUR.fullmatch(seat.colour) else NO_COLOUR
    return Seat(one_line(seat.id), one_line(seat.name), one_line(seat.emoji), colour)


def _entry(record: Record, seats: dict[str, Seat]) -> Entry | None:
    match record.event:
        case TurnSpoken() as spoken:
            return _turn(record.at_ms, spoken, seats)
        case MessageHeard() as heard:
            to = _seat_of(heard.to, seats) if heard.to else None
            author, text = one_line(heard.author), paragraphs(heard.text)
            return Message(record.n, record.at_ms, author, text, to)
        case HeadStarted() as head:
            summary = None if head.summary is None else paragraphs(head.summary)
            model = one_line(head.model)
            return Head(record.at_ms, head.reason, model, head.prompt_version, summary)
    return None


def _turn(at_ms: int, spoken: TurnSpoken, seats: dict[str, Seat]) -> Turn:
    seat = _seat_of(spoken.persona, seats)
    return Turn(
        number=spoken.turn,
        at_ms=at_ms,
        seat=replace(seat, name=one_line(spoken.name) or seat.name),
        by=spoken.by,
        kind=spoken.kind,
        answer=paragraphs(spoken.answer),
        question=one_line(spoken.question) if spoken.question else None,
        asked=_seat_of(spoken.next, seats) if spoken.next else None,
        repaired=spoken.repaired,
        usage=spoken.usage,
        seconds=spoken.seconds,
    )


def _seat_of(persona: str, seats: dict[str, Seat]) -> Seat:
    unseated = one_line(persona)
    return seats.get(unseated) or Seat(unseated, unseated, "💬", NO_COLOUR)


def _close(records: Sequence[Record]) -> Close | None:
    for record in records:
        if isinstance(record.event, DebateClosed):
            event = record.event
            error = _problem(event.error) if event.error else None
            synthesis = _synthesis(event.synthesis)
            return Close(record.at_ms, event.reason, synthesis, event.repaired, error)
    return None


def _problem(error: Problem) -> Problem:
    values = {n: one_line(v) if isinstance(v, str) else v for n, v in error.values.items()}
    return Problem(one_line(error.text), values)


def _synthesis(said: Synthesis) -> Synthesis:
    lists = (said.agreements, said.disagreements, said.open_questions)
    lines = (tuple(filter(None, map(one_line, items))) for items in lists)
    return Synthesis(paragraphs(said.summary), *lines)


def _totals(records: Sequence[Record]) -> Totals:
    events = [record.event for record in records]
    spoken = [event for event in events if isinstance(event, TurnSpoken | DebateClosed)]
    spent = [
        event for event in events if isinstance(event, TurnSpoken | DebateClosed | HeadStarted)
    ]
    return Totals(
        usage=sum((event.usage for event in spent), Usage()),
        calls=sum(event.calls for event in spent),
        seconds=sum(event.seconds for event in spent),
        repairs=sum(event.repaired == "repair" for event in spoken),
        defaults=sum(event.repaired == "default" for event in spoken),
    )
