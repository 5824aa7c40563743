"""What a thread is shown of an event: who speaks, what stands there, whom it calls. Pure.

1. An event has one post in a thread, or none. What was written in a thread is not shown there.
2. Nobody is called but whoever speaks next and, at the close, who started the debate.
3. A post's words are the log's; what the app adds stands in headings and notices of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bots.chat.endings import ending
from bots.chat.i18n import Translate, problem, translator
from bots.chat.notices import called, notice
from bots.chat.surface import Role, Segment, Speaker, Tag
from bots.chat.transcript.words import words
from engine.debate.events import (
    DebateClosed,
    Event,
    MessageEdited,
    MessageErased,
    MessageHeard,
    MirrorEnded,
    MirrorOpened,
    Person,
    Place,
    QuestionPassed,
    Record,
    SummaryGiven,
    Synthesis,
    TurnSpoken,
)
from engine.debate.explained import one_line
from engine.debate.panel import Language
from engine.debate.state import Debate
from engine.debate.text import clean

APP = Speaker()


@dataclass(frozen=True, slots=True)
class Post:
    """What a thread is shown of one event, whole: it may be too long for one message."""

    n: int
    speaker: Speaker
    segments: tuple[Segment, ...]
    language: Language


def post_of(record: Record, before: Debate | None, place: Place) -> Post | None:
    """The event's post in this thread; `before` is the debate up to the record before it."""
    if before is None or not _shows(record.event, before, place):
        return None  # how a thread begins is its surface's: a card, the message it hangs from
    language = before.started.language
    speaker, segments = _said(record.event, before, place, translator(language))
    segments = [segment for segment in segments if segment.text.strip()]
    return Post(record.n, speaker, tuple(segments), language) if segments else None


def _shows(event: Event, before: Debate, place: Place) -> bool:
    """Whether this thread shows the debate when the event happens."""
    opened = isinstance(event, MirrorOpened) and event.place == place
    return opened or place in before.threads


def _said(
    event: Event, before: Debate, place: Place, translate: Translate
) -> tuple[Speaker, Iterable[Segment]]:
    match event:
        case TurnSpoken():
            return _turn(event, before, place, translate)
        case SummaryGiven():
            heading = words(before.started.language).running_summary
            return Speaker(before.moderator), _synthesis(event.synthesis, heading, before)
        case DebateClosed():
            return Speaker(before.moderator), _close(event, before, translate)
        case MessageHeard() | MessageEdited():
            here = event.place == place
            return Speaker(person=event.author), [] if here else _message(event, before, translate)
        case QuestionPassed():
            return APP, _passed(event, before, translate)
        case MirrorOpened() | MirrorEnded() | MessageErased():
            return APP, [Segment(Role.NOTICE, _mirror(event, before, place, translate))]
    person = called(event)
    tag = Tag(person=person) if person else None
    return APP, [Segment(Role.NOTICE, notice(event, before, translate) or "", tag)]


def _turn(
    event: TurnSpoken, before: Debate, place: Place, translate: Translate
) -> tuple[Speaker, list[Segment]]:
    seat = before.seat(event.persona)
    question: list[Segment] = []
    if event.question and event.next:
        tag = Tag(seat=before.seat(event.next))
        question = [Segment(Role.QUESTION, clean(event.question), tag)]
    if event.message is not None and event.place == place:
        return APP, question  # the answer stands there as the person wrote it
    asker = before.pending.answers if before.pending else None
    answer = [*_to(asker, translate), Segment(Role.WORDS, clean(event.answer))]
    return Speaker(seat, event.person), [*answer, *question]


def _to(person: Person | None, translate: Translate) -> list[Segment]:
    """Whom a side turn answers; they asked, and are not called for it."""
    if person is None:
        return []
    text = translate("To {name}:").format(name=one_line(person.name))
    return [Segment(Role.HEADING, text)]


def _message(
    event: MessageHeard | MessageEdited, before: Debate, translate: Translate
) -> list[Segment]:
    """What a person wrote in another thread of the debate."""
    heading = ""
    if isinstance(event, MessageEdited):
        heading = translate("Corrected:")
    elif event.to is not None:
        heading = translate("To {name}:").format(name=one_line(before.seat(event.to).name))
    said = Segment(Role.WORDS, clean(event.text))
    return [Segment(Role.HEADING, heading), said] if said.text else []


def _passed(event: QuestionPassed, before: Debate, translate: Translate) -> list[Segment]:
    asker, seat = before.seat(event.asked_by), before.seat(event.to)
    text = translate("{asker}'s question goes on to {name}.")
    text = text.format(asker=one_line(asker.name), name=one_line(seat.name))
    passed = [Segment(Role.NOTICE, text)]
    if before.order.question:
        passed.append(Segment(Role.QUESTION, clean(before.order.question), Tag(seat=seat)))
    return passed


def _synthesis(said: Synthesis, heading: str, before: Debate) -> list[Segment]:
    named = words(before.started.language)
    segments = [Segment(Role.HEADING, heading), Segment(Role.WORDS, clean(said.summary))]
    for title, items in (
        (named.agreements, said.agreements),
        (named.disagreements, said.disagreements),
        (named.open_questions, said.open_questions),
    ):
        if items:
            segments.append(Segment(Role.HEADING, title))
            segments += [Segment(Role.ITEM, clean(item)) for item in items]
    return segments


def _close(event: DebateClosed, before: Debate, translate: Translate) -> list[Segment]:
    named = words(before.started.language)
    text = translate("The debate is closed: {why}.")
    notes = [text.format(why=ending(event.reason, translate, before.scope))]
    if event.error is not None:
        notes.append(f"({one_line(problem(event.error, translate))})")
    if event.repaired == "default":
        notes.append(named.from_the_log)
    starter = before.started.started_by
    tag = Tag(person=starter) if starter else None
    closing = Segment(Role.NOTICE, " ".join(notes), tag)
    return [*_synthesis(event.synthesis, named.synthesis, before), closing]


def _mirror(
    event: MirrorOpened | MirrorEnded | MessageErased,
    before: Debate,
    place: Place,
    translate: Translate,
) -> str:
    match event:
        case MirrorOpened() if event.place == place:
            text = translate("This thread shows a debate from here on: «{topic}». Turns: {turns}.")
            return text.format(topic=one_line(before.started.topic), turns=before.turn)
        case MirrorOpened():
            return translate("Another thread now shows this debate too.")
        case MirrorEnded() if event.place == place:
            return translate("This thread no longer shows the debate.")
        case MirrorEnded():
            return translate("The other thread no longer shows this debate.")
        case MessageErased():
            # One that never came (`of` is 0) stands in no thread.
            told = event.of and before.mirrors
            return translate("A message was taken back.") if told else ""
