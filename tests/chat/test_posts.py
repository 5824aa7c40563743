"""What a thread is shown of a debate, and whom that calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, get_args

import pytest

from bots.chat.posts import Post, post_of
from bots.chat.surface import Role, Speaker, Tag
from engine.debate.events import (
    DebateClosed,
    DebatePaused,
    DebateReopened,
    DebateResumed,
    Event,
    Kind,
    LateMessage,
    MaterialAdded,
    MessageEdited,
    MessageErased,
    MessageHeard,
    MirrorEnded,
    MirrorOpened,
    ModelUnavailable,
    NextCalled,
    Pace,
    PaceChanged,
    Person,
    Place,
    Problem,
    QuestionPassed,
    Reason,
    RoundAdded,
    Scope,
    SeatLapsed,
    SeatLeft,
    SeatReminded,
    SeatTaken,
    SummaryAsked,
    SummaryGiven,
    SynthesisRequested,
    TurnQueued,
    TurnRequested,
    TurnSkipped,
    TurnSpoken,
    VoteCast,
)
from engine.debate.evolve import fold
from engine.debate.panel import Language
from tests.chat.logs import HEAD, SEATS, STARTED, SYNTHESIS, closed, log, side_turn, turn

HOME = Place("chat:W1", "C1", "1")
MIRROR = Place("chat:W2", "C7", "2")
ANA = Person("chat:W1:ana", "Ana {name}\nTrueno")
BEA = Person("chat:W2:bea", "Bea")
BEGIN = replace(STARTED, home=HOME, started_by=ANA)
BEFORE: list[Event] = [BEGIN, MirrorOpened(MIRROR), turn(1), TurnRequested(2, "medica")]

SHOWN: list[Event] = [
    turn(2),
    side_turn(2, "jurista"),
    MessageHeard(ANA, "¿Y los domingos?"),
    MessageEdited(ANA, 5, "¿Y los sábados?"),
    MessageErased(5, by=ANA),
    LateMessage(ANA),
    MaterialAdded("acta {0}.md", "Acta.", by=ANA),
    TurnRequested(2, "medica", ask=("jurista",), person=ANA),
    TurnSkipped(2, "medica", BEA),
    TurnSkipped(2, "medica"),
    QuestionPassed("medica", "jurista"),
    TurnQueued(2, 3),
    ModelUnavailable(2, 1, Problem("{where} answered {status}", {"where": "x", "status": 503})),
    SummaryGiven(SYNTHESIS),
    SynthesisRequested(Reason.STOPPED, ANA),
    SynthesisRequested(Reason.TOKEN_BUDGET),
    SynthesisRequested(Reason.TURN_BUDGET, scope=Scope.WORKSPACE),
    closed(),
    DebatePaused(ANA),
    DebatePaused(),
    DebateResumed(ANA),
    PaceChanged(Pace.STEP, ANA),
    RoundAdded(ANA),
    DebateReopened(ANA),
    SeatTaken("medica", ANA),
    SeatLeft("medica", ANA),
    SeatReminded(2, ANA),
    SeatLapsed(2, ANA),
    MirrorOpened(Place("chat:W3", "C", "3")),
    MirrorEnded(MIRROR),
]
SILENT: list[Event] = [
    BEGIN,
    MaterialAdded("acta.md", "Acta."),
    HEAD,
    TurnRequested(2, "medica"),
    NextCalled(ANA),
    SummaryAsked(ANA),
    SynthesisRequested(Reason.ROUNDS),
    VoteCast(1, ANA, 1),
    MessageHeard(ANA, ""),
    MessageErased(0, message="m9", by=ANA),
]
MAY_CALL = (TurnSpoken, QuestionPassed, TurnRequested, SeatReminded, DebateClosed)


def shown(
    event: Event, place: Place = HOME, before: Sequence[Event] = BEFORE, **changes: Any
) -> Post | None:
    """The event's post after these events."""
    begin = replace(BEGIN, **changes)
    records = log(begin, *before[1:], event)
    return post_of(records[-1], fold(None, [r.event for r in records[:-1]]), place)


def text(post: Post | None) -> str:
    return "\n".join(segment.text for segment in post.segments) if post else ""


def tags(post: Post | None) -> list[Tag]:
    return [segment.tag for segment in post.segments if segment.tag] if post else []


def test_of_every_event_it_is_settled_whether_it_is_shown() -> None:
    assert {type(event) for event in [*SHOWN, *SILENT]} == set(get_args(Event))


@pytest.mark.parametrize("event", SHOWN, ids=lambda e: type(e).__name__)
def test_what_people_need_to_know_is_said_in_both_languages(event: Event) -> None:
    said: dict[Language, str] = {
        "en": text(shown(event, language="en")),
        "es": text(shown(event, language="es")),
    }
    assert all(words.strip() for words in said.values())
    if not isinstance(event, TurnSpoken | MessageHeard):
        assert said["en"] != said["es"]


@pytest.mark.parametrize("event", SILENT, ids=lambda e: type(e).__name__)
def test_what_is_the_engines_own_affair_is_not_shown(event: Event) -> None:
    assert shown(event) is None


@pytest.mark.parametrize("event", SHOWN, ids=lambda e: type(e).__name__)
def test_names_are_data_in_one_line(event: Event) -> None:
    post = shown(event)
    assert post is not None
    named = [s.text for s in post.segments if not s.role.from_log]
    assert all("\n" not in words for words in named)
    assert not any("{who}" in words or "{asked}" in words for words in named)


@pytest.mark.parametrize("event", [*SHOWN, *SILENT], ids=lambda e: type(e).__name__)
def test_nobody_is_called_but_who_is_next_and_at_the_close_who_started_it(event: Event) -> None:
    called = tags(shown(event))
    assert len(called) <= 1
    assert not called or isinstance(event, MAY_CALL)


def test_a_turn_is_its_seats_and_its_question_calls_the_next() -> None:
    post = shown(turn(2))
    assert post is not None
    assert post.speaker == Speaker(seat=SEATS[1])
    assert [s.role for s in post.segments] == [Role.WORDS, Role.QUESTION]
    assert tags(post) == [Tag(seat=SEATS[2])]
    assert tags(shown(turn(2, question=""))) == []


def test_a_side_turn_says_whom_it_answers_and_calls_nobody() -> None:
    called = TurnRequested(2, "jurista", Kind.SIDE, answers=ANA)
    post = shown(side_turn(2, "jurista"), before=[*BEFORE, called])
    assert text(post) == "A Ana {name} Trueno:\nRespuesta número 2."
    assert tags(post) == []


def test_a_person_is_called_at_their_turn_and_told_what_is_wanted_and_until_when() -> None:
    post = shown(TurnRequested(2, "medica", ask=("jurista",), person=ANA), language="en")
    assert text(post) == (
        "It is your turn to speak for Médica Rural: write it in this thread. "
        "End with a question for Jurista. After 5 min, Médica Rural speaks instead."
    )
    assert tags(post) == [Tag(person=ANA)]


def test_what_was_written_in_a_thread_is_shown_in_the_others_alone() -> None:
    for said in (
        MessageHeard(ANA, "¿Y los domingos?", message="m", place=MIRROR),
        MessageEdited(ANA, 5, "¿Y los sábados?", MIRROR),
    ):
        assert shown(said, MIRROR) is None
        post = shown(said)
        assert post is not None
        assert post.speaker == Speaker(person=ANA)
        assert said.text in text(post)


def test_a_persons_turn_stands_where_it_was_written_and_its_question_is_called_there() -> None:
    spoken = replace(turn(2), by="person", person=ANA, message="m", place=HOME)
    here, there = shown(spoken), shown(spoken, MIRROR)
    assert text(here) == spoken.question
    assert tags(here) == [Tag(seat=SEATS[2])]
    assert there is not None
    assert there.speaker == Speaker(SEATS[1], ANA)
    assert text(there) == f"{spoken.answer}\n{spoken.question}"
    by_form = shown(replace(spoken, message=None))
    assert text(by_form) == text(there), "a form leaves nothing in the thread"


def test_a_mirror_shows_what_happens_while_it_is_one() -> None:
    before: list[Event] = [BEGIN, turn(1)]
    assert shown(turn(2), MIRROR, before) is None
    opened = shown(MirrorOpened(MIRROR), MIRROR, before)
    assert STARTED.topic in text(opened)
    assert STARTED.topic not in text(shown(MirrorOpened(MIRROR), HOME, before))
    before.append(MirrorOpened(MIRROR))
    assert shown(turn(2), MIRROR, before) is not None
    assert text(shown(MirrorEnded(MIRROR), MIRROR, before))
    before.append(MirrorEnded(MIRROR))
    assert shown(turn(2), MIRROR, before) is None
    assert shown(turn(2), HOME, before) is not None


def test_a_turn_that_nobody_skipped_was_passed_over() -> None:
    assert text(shown(TurnSkipped(2, "medica"), language="en")) == "Médica Rural was passed over."


def test_where_a_message_stands_in_one_thread_alone_its_deletion_is_not_told() -> None:
    assert shown(MessageErased(3, by=ANA), before=[BEGIN, turn(1), MessageHeard(ANA, "x")]) is None


def test_the_close_has_its_reason_its_lists_and_calls_who_started() -> None:
    error = Problem("{where} answered {status}", {"where": "el servidor", "status": 503})
    end = replace(closed(Reason.MODEL_AWAY), error=error, repaired="default")
    post = shown(end)
    assert post is not None
    assert post.speaker == Speaker(seat=SEATS[0])
    assert [s.text for s in post.segments if s.role is Role.ITEM] == [
        *SYNTHESIS.agreements,
        *SYNTHESIS.disagreements,
        *SYNTHESIS.open_questions,
    ]
    assert "el servidor respondió 503" in text(post)
    assert tags(post) == [Tag(person=ANA)]
    assert tags(shown(end, started_by=None)) == []


def test_how_a_thread_begins_is_its_surfaces() -> None:
    assert post_of(log(BEGIN)[0], None, HOME) is None


def test_control_characters_and_turned_text_are_taken_out() -> None:
    said = MessageHeard(ANA, "a\u202eb\x00c\r\nd")
    assert text(shown(said)) == "abc\nd"
