"""What a transcript tells of what people did, as its JSON has it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from bots.chat.transcript.as_json import as_json
from engine.debate.events import (
    DebateReopened,
    MessageEdited,
    MessageHeard,
    Reason,
    Record,
    RoundAdded,
    SynthesisRequested,
    Vote,
    VoteCast,
)
from tests.chat.logs import (
    ANA,
    BEA,
    SO_FAR,
    STARTED,
    SYNTHESIS,
    closed,
    erasures,
    lively,
    log,
    seat_turn,
    turn,
)


def entries(records: list[Record], type_: str) -> list[dict[str, Any]]:
    return [e for e in json.loads(as_json("d", records))["entries"] if e["type"] == type_]


def test_a_turn_says_who_spoke_it_who_is_answered_and_how_it_was_liked() -> None:
    turns = entries(lively(), "turn")
    assert [turn["turn"] for turn in turns if turn["by"] == "person"] == [4]
    assert turns[3]["person"] == "Bea Ruiz"
    assert {turn["turn"]: turn["answers"] for turn in turns if turn["kind"] == "side"} == {
        3: "Bea Ruiz",
        7: "Ana",
        10: "Bea Ruiz",
    }
    assert [turn["turn"] for turn in turns if turn["kind"] == "step_in"] == [5]
    assert turns[1]["votes"] == {"up": 2, "down": 0}


@pytest.mark.parametrize(
    ("cast", "up", "down"),
    [((1,), 1, 0), ((1, 1), 1, 0), ((1, -1), 0, 1), ((1, 0), 0, 0), ((-1, 0, 1), 1, 0)],
)
def test_a_person_counts_once_and_their_last_vote_counts(
    cast: tuple[Vote, ...], up: int, down: int
) -> None:
    bea = VoteCast(1, BEA, -1)
    votes = [VoteCast(1, replace(ANA, name=str(n)), vote) for n, vote in enumerate(cast)]
    (made,) = entries(log(STARTED, turn(1), *votes, bea), "turn")
    assert made["votes"] == {"up": up, "down": down + 1}


def test_small_things_have_the_names_of_their_events() -> None:
    small = entries(lively(), "happening")
    assert [entry["what"] for entry in small] == [
        *("seat.taken", *("debate.paused", "debate.resumed") * 2, "pace.changed"),
        *("material.added", "turn.skipped", "question.passed", "mirror.opened"),
        *("seat.lapsed", "seat.left", "debate.reopened", "round.added", "mirror.ended"),
    ]
    by_name = {entry["what"]: entry for entry in small}
    assert (by_name["seat.taken"]["by"], by_name["seat.taken"]["persona"]) == (
        "Bea Ruiz",
        "jurista",
    )
    assert by_name["seat.lapsed"]["persona"] == "jurista"
    assert by_name["pace.changed"]["pace"] == "step"
    assert by_name["material.added"]["material"] == {
        "name": "plano.pdf",
        "characters": 20,
        "by": "Bea Ruiz",
    }
    passed = by_name["question.passed"]
    assert (passed["asked_by"], passed["persona"]) == ("jurista", "medica")


def test_the_last_close_stands_and_the_earlier_ones_stay_where_they_were() -> None:
    made = json.loads(as_json("d", lively()))
    assert (made["reason"], made["scope"]) == ("stopped", "debate")
    assert made["synthesis"]["summary"] == SYNTHESIS.summary
    first, last = entries(lively(), "close")
    assert (first["reason"], first["scope"], first["by"]) == ("token_budget", "channel", None)
    assert first["synthesis"]["summary"] == "Primer cierre."
    assert (last["reason"], last["by"]) == ("stopped", "Ana")
    assert last["at"] == made["closed_at"]
    (so_far,) = entries(lively(), "summary")
    assert (so_far["asked_by"], so_far["synthesis"]["summary"]) == ("Ana", SO_FAR.summary)


def test_a_debate_that_was_opened_again_is_open() -> None:
    made = json.loads(as_json("d", log(STARTED, turn(1), closed(), DebateReopened(ANA))))
    assert made["closed_at"] is made["reason"] is made["scope"] is made["synthesis"] is None
    assert [entry["type"] for entry in made["entries"]] == ["turn", "close", "happening"]


def test_a_stop_that_was_taken_back_is_not_why_a_later_close_came() -> None:
    stopped, over = SynthesisRequested(Reason.STOPPED, ANA), SynthesisRequested(Reason.ROUNDS)
    (close,) = entries(log(STARTED, stopped, DebateReopened(BEA), over, closed()), "close")
    assert (close["reason"], close["by"]) == ("rounds", None)


def test_rounds_are_those_that_were_debated_in_the_end() -> None:
    started = replace(STARTED, rounds=2)
    more = (RoundAdded(ANA), closed(), DebateReopened(ANA))
    assert json.loads(as_json("d", log(started)))["rounds"] == 2
    assert json.loads(as_json("d", log(started, *more)))["rounds"] == 4


def test_a_message_has_its_last_correction_and_when_that_was() -> None:
    said = MessageHeard(BEA, "uno")
    edits = (MessageEdited(BEA, 2, "dos"), MessageEdited(BEA, 2, "tres"))
    (made,) = entries(log(STARTED, said, *edits), "message")
    assert (made["from"], made["text"]) == ("Bea Ruiz", "tres")
    assert made["edited_at"] == "2026-09-21T14:13:23.126Z"


def test_a_corrected_turn_keeps_the_question_as_it_was_heard() -> None:
    spoken = replace(seat_turn(2), answer="No.", question="¿Y usted?")
    for text, answer in (("Sí. ¿Y usted?", "Sí."), ("¿Y usted?", "¿Y usted?"), ("Sí.", "Sí.")):
        (made,) = entries(log(STARTED, spoken, MessageEdited(BEA, 2, text)), "turn")
        assert (made["answer"], made["question"]) == (answer, "¿Y usted?")


@pytest.mark.parametrize(("records", "gone"), erasures())
def test_words_that_were_taken_back_are_not_in_any_field(records: list[Record], gone: str) -> None:
    made = as_json("d", records)
    assert gone not in made
    entry = json.loads(made)["entries"][0]
    assert entry["erased"]
    assert entry.get("from") == "Bea Ruiz" or entry["person"] == "Bea Ruiz"
    assert entry["at"] == "2026-09-21T14:13:21.124Z"


def test_no_id_of_a_person_or_of_a_thread_is_told() -> None:
    made = as_json("d", lively())
    assert not re.search("web:|slack:", made)
