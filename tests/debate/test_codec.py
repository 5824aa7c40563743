"""What is written is read back, by this version and by others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.debate.codec import NAMES, UnknownEvent, decode, encode, parted
from engine.debate.decide import decide
from engine.debate.events import (
    DebatePaused,
    DebateReopened,
    DebateResumed,
    Event,
    HeadReason,
    HeadStarted,
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
from tests.debate.given import (
    ANA,
    CLOSE,
    HOME,
    REFUSED,
    after,
    close,
    head,
    speak,
    start,
    to_the_end,
)

PERSON = ANA.person
PEOPLE: tuple[Event, ...] = (
    MessageHeard(PERSON, "¿Y la «ñ»? \u2028", "ada", "171.5", HOME),
    MessageEdited(PERSON, 3, "¿Y la «eñe»?", HOME),
    MessageErased(3, (4,), "171.5", PERSON),
    LateMessage(PERSON),
    VoteCast(2, PERSON, -1),
    SeatTaken("ada", PERSON),
    SeatLeft("ada", PERSON),
    SeatReminded(2, PERSON),
    SeatLapsed(2, PERSON),
    DebatePaused(PERSON),
    DebatePaused(obstacle=REFUSED),
    DebateResumed(None),
    DebateResumed(cleared=True),
    DebateReopened(PERSON),
    PaceChanged(Pace.STEP, PERSON),
    NextCalled(PERSON),
    RoundAdded(PERSON),
    SummaryAsked(PERSON),
    SummaryGiven(CLOSE),
    MirrorOpened(HOME, PERSON),
    MirrorEnded(HOME, PERSON),
    MaterialAdded("a.md", "text", PERSON, "171.7"),
    HeadStarted(HeadReason.OVERFLOW, "m", 1, 4_096, 10, "So far."),
    TurnRequested(3, "ada", Kind.SIDE, answers=PERSON, person=PERSON, wait_s=2.5),
    TurnQueued(3, 2),
    TurnSkipped(3, "ada", PERSON),
    QuestionPassed("mod", "bel"),
    TurnSpoken(
        turn=2,
        persona="ada",
        name="AI Ada",
        by="person",
        kind=Kind.ORDER,
        answer="Mine.",
        question="Yours?",
        next="bel",
        person=PERSON,
        message="171.6",
        place=HOME,
    ),
)
_DEBATE = after(start(), head())
_ENDED = to_the_end(_DEBATE)
SAMPLES: list[Event] = [
    *decide(None, start()),
    *decide(after(start()), head()),
    *decide(_DEBATE, speak(_DEBATE)),
    *decide(_ENDED, close(_ENDED)),
    MaterialAdded("a.md", "text"),
    *PEOPLE,
    SynthesisRequested(Reason.TOKEN_BUDGET, ANA.person, Scope.CHANNEL),
    ModelUnavailable(3, 1_700_000_000_000, REFUSED),
    HeadStarted(HeadReason.OVERFLOW, "m", 1, 4_096, 10, "So far."),
    *decide(after(start(), head()), speak(_DEBATE, seen=2)),
]


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: NAMES[type(event)])
def test_every_event_is_read_back_as_it_was(event: Event) -> None:
    wire = json.loads(json.dumps(encode(event)))
    assert decode(NAMES[type(event)], wire) == event


def test_the_samples_hold_every_event() -> None:
    assert {type(event) for event in SAMPLES} == set(NAMES)


def test_a_field_of_a_newer_version_is_passed_over() -> None:
    fields = encode(MaterialAdded("a.md", "text")) | {"colour": "red"}
    assert decode("material.added", fields) == MaterialAdded("a.md", "text")


def test_a_field_that_an_older_version_did_not_write_has_its_default() -> None:
    fields = {
        "turn": 1,
        "persona": "ada",
        "name": "Ada",
        "by": "model",
        "kind": "order",
        "answer": "Yes.",
    }
    event = decode("turn.spoken", fields)
    assert isinstance(event, TurnSpoken)
    assert (event.question, event.calls) == (None, 1)


def test_an_event_of_a_newer_version_is_an_error_not_a_gap() -> None:
    with pytest.raises(UnknownEvent, match=r"'vote\.bought'"):
        decode("vote.bought", {})


@pytest.mark.parametrize("event", SAMPLES, ids=lambda event: NAMES[type(event)])
def test_a_newer_versions_fields_are_passed_over_in_whatever_an_event_is_made_of(
    event: Event,
) -> None:
    wire = with_news(json.loads(json.dumps(encode(event))))
    assert decode(NAMES[type(event)], wire) == event


@pytest.mark.parametrize(
    ("name", "field"),
    [("debate.started", "steering"), ("pace.changed", "pace"), ("synthesis.requested", "reason")],
)
def test_a_choice_of_a_newer_version_is_an_error_of_the_same_kind(name: str, field: str) -> None:
    event = next(event for event in SAMPLES if NAMES[type(event)] == name)
    with pytest.raises(UnknownEvent, match="newer version"):
        decode(name, encode(event) | {field: "by_lot"})


def with_news(wire: Any) -> Any:
    """The same, each of its parts with a field more; a problem's values may be of any name."""
    if isinstance(wire, list):
        return [with_news(one) for one in wire]
    if not isinstance(wire, dict):
        return wire
    news = {name: with_news(one) for name, one in wire.items() if name != "values"}
    return {**wire, **news, "colour_of_mood": "red"}


@pytest.mark.parametrize("event", PEOPLE, ids=lambda event: NAMES[type(event)])
def test_words_that_may_be_taken_back_are_kept_apart_and_no_others(event: Event) -> None:
    content, words = parted(event)
    kinds = (MessageHeard, MessageEdited, TurnSpoken)
    attached = isinstance(event, MaterialAdded) or (
        isinstance(event, HeadStarted) and event.summary
    )
    personal = isinstance(event, kinds) or bool(attached)
    assert (words is not None) == personal
    if words is not None:
        assert isinstance(content, dict)
        assert decode(NAMES[type(event)], {**content, **words}) == event
        said = str(words.get("text") or words.get("answer") or words.get("summary"))
        assert said not in json.dumps(content, ensure_ascii=False)
