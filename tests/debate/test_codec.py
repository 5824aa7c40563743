"""What is written is read back, by this version and by others."""

from __future__ import annotations

import json

import pytest

from engine.debate.codec import NAMES, UnknownEvent, decode, encode
from engine.debate.decide import decide
from engine.debate.events import (
    Event,
    HeadReason,
    HeadStarted,
    MaterialAdded,
    MessageHeard,
    ModelUnavailable,
    Reason,
    SynthesisRequested,
    TurnSpoken,
)
from tests.debate.given import REFUSED, after, close, head, speak, start, to_the_end

_DEBATE = after(start(), head())
_ENDED = to_the_end(_DEBATE)
SAMPLES: list[Event] = [
    *decide(None, start()),
    *decide(after(start()), head()),
    *decide(_DEBATE, speak(_DEBATE)),
    *decide(_ENDED, close(_ENDED)),
    MaterialAdded("a.md", "text"),
    MessageHeard("Ana", "¿Y la «ñ»? \u2028", "ada", "171.5"),
    SynthesisRequested(Reason.STOPPED, "Ana"),
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
    with pytest.raises(UnknownEvent, match=r"'vote\.cast'"):
        decode("vote.cast", {})
