"""Reads a debate's log into what a transcript shows.

Anybody may have written the words in a log, so each is cleaned here, once. Words that were taken
back are left out here, once: no form ever has them, not even of records that still hold them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bots.chat.transcript.cleaning import (
    NO_COLOUR,
    clean_problem,
    clean_seat,
    clean_synthesis,
    named,
    one_line,
    paragraphs,
)
from bots.chat.transcript.happened import happening, material
from bots.chat.transcript.references import References, references
from bots.chat.transcript.values import (
    Close,
    Entry,
    Happening,
    Head,
    Message,
    Summary,
    Totals,
    Transcript,
    Turn,
)
from engine.debate.events import (
    DebateClosed,
    DebateReopened,
    DebateStarted,
    HeadStarted,
    MaterialAdded,
    MessageEdited,
    MessageHeard,
    Person,
    Record,
    RoundAdded,
    Scope,
    Seat,
    SummaryGiven,
    TurnSpoken,
    Usage,
)


def read(debate: str, records: Sequence[Record]) -> Transcript:
    """The transcript of a log, read from its first record on.

    Raises:
        ValueError: the log is empty or does not begin with `DebateStarted`.
    """
    if not records or not isinstance(records[0].event, DebateStarted):
        raise ValueError(f"the log of {debate} does not begin with its start")
    started = records[0].event
    seats = tuple(clean_seat(seat) for seat in started.seats)
    log = _Log({seat.id: seat for seat in seats}, references(records))
    entries = tuple(entry for record in records if (entry := _entry(record, log)))
    added = [r for r in records if isinstance(r.event, RoundAdded | DebateReopened)]
    return Transcript(
        debate=one_line(debate),
        topic=one_line(started.topic),
        panel=one_line(started.panel),
        language=started.language,
        handoff=started.handoff,
        rounds=started.rounds + len(added),
        seats=seats,
        started_ms=records[0].at_ms,
        started_by=named(started.started_by) if started.started_by else None,
        material=tuple(
            material(record.event) for record in records if isinstance(record.event, MaterialAdded)
        ),
        entries=entries,
        close=_standing(entries),
        totals=_totals(records),
    )


@dataclass(frozen=True, slots=True)
class _Log:
    seats: dict[str, Seat]
    references: References

    def seat(self, persona: str) -> Seat:
        """The persona's seat, or one that only has its name."""
        unseated = one_line(persona)
        return self.seats.get(unseated) or Seat(unseated, unseated, "💬", NO_COLOUR)


def _entry(record: Record, log: _Log) -> Entry | None:
    match record.event:
        case TurnSpoken() as spoken:
            return _turn(record, spoken, log)
        case MessageHeard() as heard:
            return _message(record, heard, log)
        case HeadStarted() as head:
            summary = None if head.summary is None else paragraphs(head.summary)
            model = one_line(head.model)
            return Head(record.at_ms, head.reason, model, head.prompt_version, summary)
        case SummaryGiven() as given:
            synthesis = clean_synthesis(given.synthesis)
            asker = _asker(record.n, log)
            return Summary(record.n, record.at_ms, asker, synthesis, given.repaired)
        case DebateClosed() as closed:
            return _close(record, closed, log)
        case MaterialAdded() as handed_in if handed_in.by is None:
            return None  # what the debate began with
    call = log.references.calls.get(record.n)
    return happening(record, call.persona if call else None, log.seat)


def _turn(record: Record, spoken: TurnSpoken, log: _Log) -> Turn:
    seat = log.seat(spoken.persona)
    turn = Turn(
        number=spoken.turn,
        at_ms=record.at_ms,
        seat=replace(seat, name=one_line(spoken.name) or seat.name),
        by=spoken.by,
        person=named(spoken.person) if spoken.person else None,
        kind=spoken.kind,
        answers=_asker(record.n, log),
        answer=paragraphs(spoken.answer),
        question=one_line(spoken.question) if spoken.question else None,
        asked=log.seat(spoken.next) if spoken.next else None,
        repaired=spoken.repaired,
        usage=spoken.usage,
        seconds=spoken.seconds,
        votes=log.references.tally(spoken.turn),
    )
    if spoken.by != "person":
        return turn
    if record.n in log.references.erased or not spoken.answer:
        return replace(turn, answer="", question=None, erased=True)
    return _corrected(turn, log.references.edits.get(record.n))


def _corrected(turn: Turn, edit: Record | None) -> Turn:
    """A correction is of all that was written; the question stays as whoever was asked heard it."""
    if edit is None or not isinstance(edit.event, MessageEdited):
        return turn
    text = paragraphs(edit.event.text)
    answer = text.removesuffix(turn.question or "").rstrip() or text
    return replace(turn, answer=answer, edited_ms=edit.at_ms)


def _message(record: Record, heard: MessageHeard, log: _Log) -> Message:
    message = Message(
        n=record.n,
        at_ms=record.at_ms,
        author=named(heard.author),
        text=paragraphs(heard.text),
        to=log.seat(heard.to) if heard.to else None,
    )
    if record.n in log.references.erased or not heard.text:
        return replace(message, text="", erased=True)
    edit = log.references.edits.get(record.n)
    if edit is None or not isinstance(edit.event, MessageEdited):
        return message
    return replace(message, text=paragraphs(edit.event.text), edited_ms=edit.at_ms)


def _close(record: Record, closed: DebateClosed, log: _Log) -> Close:
    end = log.references.ends.get(record.n)
    return Close(
        n=record.n,
        at_ms=record.at_ms,
        reason=closed.reason,
        scope=end.scope if end else Scope.DEBATE,
        by=named(end.by) if end and end.by else None,
        synthesis=clean_synthesis(closed.synthesis),
        repaired=closed.repaired,
        error=clean_problem(closed.error) if closed.error else None,
    )


def _asker(n: int, log: _Log) -> str | None:
    """The person who is answered by this record."""
    call = log.references.calls.get(n)
    asker: Person | None = call.answers if call else None
    return named(asker) if asker else None


def _standing(entries: Sequence[Entry]) -> Close | None:
    """The last close, unless the debate was opened again after it."""
    for entry in reversed(entries):
        if isinstance(entry, Close):
            return entry
        if isinstance(entry, Happening) and entry.what is DebateReopened:
            return None
    return None


def _totals(records: Sequence[Record]) -> Totals:
    events = [record.event for record in records]
    spoken = [e for e in events if isinstance(e, TurnSpoken | SummaryGiven | DebateClosed)]
    heads = [event for event in events if isinstance(event, HeadStarted)]
    spent = [*spoken, *heads]
    return Totals(
        usage=sum((event.usage for event in spent), Usage()),
        calls=sum(event.calls for event in spent),
        seconds=sum(event.seconds for event in spent),
        repairs=sum(event.repaired == "repair" for event in spoken),
        defaults=sum(event.repaired == "default" for event in spoken),
    )
