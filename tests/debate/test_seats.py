"""Given a debate, when a person takes a seat, then they are called on at its turn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.debate.commands import (
    LeaveSeat,
    PassTime,
    Rejected,
    Review,
    Say,
    SkipTurn,
    SpeakSeat,
    TakeSeat,
)
from engine.debate.decide import decide
from engine.debate.events import (
    Kind,
    MessageHeard,
    Pace,
    SeatLapsed,
    SeatLeft,
    SeatReminded,
    SeatTaken,
    TurnRequested,
    TurnSpoken,
)
from engine.debate.pace import due_in_s
from engine.debate.panel import Handoff
from engine.debate.prompt import render
from engine.debate.state import Debate
from tests.debate.given import ANA, BEA, PANEL, after, head, more, speak, spoken, start

BEGUN = (replace(start(), by=ANA, seat_wait_s=60.0), head())


def called() -> Debate:
    """Bea has the seat of Ada, who is called on."""
    return spoken(more(after(*BEGUN), TakeSeat(BEA, "ada")), 1)


def test_at_their_turn_the_person_is_called_on() -> None:
    debate = more(after(*BEGUN), TakeSeat(BEA, "ada"))
    _spoken, requested = decide(debate, speak(debate))
    assert requested == TurnRequested(2, "ada", ask=("bel",), asked_by="mod", person=BEA.person)


def test_their_answer_and_question_are_the_turn_and_the_next_persona_is_asked() -> None:
    debate = called()
    turn, requested = decide(debate, SpeakSeat(BEA, "I would not.", "Would you?"))
    assert isinstance(turn, TurnSpoken)
    assert (turn.by, turn.person, turn.persona) == ("person", BEA.person, "ada")
    assert (turn.answer, turn.question, turn.next) == ("I would not.", "Would you?", "bel")
    assert requested == TurnRequested(3, "bel", ask=("cri",), asked_by="ada")


def test_free_text_in_the_thread_is_their_turn_and_its_last_question_the_question() -> None:
    turn = decide(called(), Say(BEA, "I would not. It is dear.\nWould you pay for it?"))[0]
    assert isinstance(turn, TurnSpoken)
    assert (turn.answer, turn.question) == ("I would not. It is dear.", "Would you pay for it?")


def test_free_text_without_a_question_gets_one_put_for_it() -> None:
    turn = decide(called(), Say(BEA, "I would not."))[0]
    assert isinstance(turn, TurnSpoken)
    assert turn.question == "What do you say to that, AI Bel?"
    assert turn.repaired == "default"


def test_a_question_alone_is_an_answer_too() -> None:
    turn = decide(called(), Say(BEA, "Why should I?"))[0]
    assert isinstance(turn, TurnSpoken)
    assert turn.answer == "Why should I?"


def test_what_others_say_meanwhile_is_a_message() -> None:
    (heard,) = decide(called(), Say(ANA, "Take your time."))
    assert isinstance(heard, MessageHeard)


def test_nobody_else_may_speak_for_the_seat() -> None:
    with pytest.raises(Rejected, match="not your turn"):
        decide(called(), SpeakSeat(ANA, "Me!"))


def test_a_turn_longer_than_a_prompt_holds_is_refused_and_can_be_said_shorter() -> None:
    with pytest.raises(Rejected, match="501 words; at most 500"):
        decide(called(), SpeakSeat(BEA, "word " * 501))


def test_after_half_the_time_they_are_reminded_and_then_the_persona_speaks() -> None:
    debate = called()
    assert due_in_s(debate) == 30
    assert decide(debate, PassTime(2)) == [SeatReminded(2, BEA.person)]
    debate = more(debate, PassTime(2))
    assert due_in_s(debate) == 30
    assert decide(debate, PassTime(2)) == [SeatLapsed(2, BEA.person)]
    debate = more(debate, PassTime(2))
    assert due_in_s(debate) == 0
    assert decide(debate, Review(2)) == [], "they are not called again"
    turn = decide(debate, speak(debate))[0]
    assert isinstance(turn, TurnSpoken)
    assert (turn.by, turn.persona) == ("model", "ada")


def test_time_passing_for_a_turn_that_is_over_changes_nothing() -> None:
    debate = more(called(), SpeakSeat(BEA, "I would not.", "Would you?"))
    assert decide(debate, PassTime(2)) == []


def test_a_seat_can_be_left_at_any_time_and_its_persona_speaks() -> None:
    debate = called()
    assert decide(debate, LeaveSeat(BEA)) == [SeatLeft("ada", BEA.person)]
    assert due_in_s(more(debate, LeaveSeat(BEA))) == 0


def test_one_seat_a_person_and_one_person_a_seat() -> None:
    debate = more(after(*BEGUN), TakeSeat(BEA, "ada"))
    with pytest.raises(Rejected, match="Bea has that seat"):
        decide(debate, TakeSeat(ANA, "ada"))
    assert decide(debate, TakeSeat(BEA, "bel")) == [
        SeatLeft("ada", BEA.person),
        SeatTaken("bel", BEA.person),
    ]
    assert decide(debate, TakeSeat(BEA, "ada")) == []


@pytest.mark.parametrize("seat", ["mod", "ghost", ""])
def test_the_moderators_seat_and_seats_that_are_not_there_cannot_be_taken(seat: str) -> None:
    with pytest.raises(Rejected, match="no seat"):
        decide(after(*BEGUN), TakeSeat(BEA, seat))


def test_a_seat_taken_before_its_turn_begins_is_called_at_once() -> None:
    debate = spoken(after(replace(BEGUN[0], pace=Pace.STEP), head()), 1)
    debate = more(debate, TakeSeat(BEA, "ada"))
    (requested,) = decide(debate, Review(2))
    assert isinstance(requested, TurnRequested)
    assert requested.person == BEA.person


def test_a_person_who_does_not_answer_can_be_skipped() -> None:
    debate = more(called(), SkipTurn(ANA))
    assert debate.pending is not None
    assert (debate.pending.persona, debate.pending.asked_by) == ("bel", "mod")


def test_a_tag_of_a_persona_whose_seat_a_person_has_is_a_message_to_that_person() -> None:
    debate = more(after(*BEGUN), TakeSeat(BEA, "bel"), Say(ANA, "Bel?", to="bel"))
    assert debate.asides == ()


def test_where_there_is_a_choice_the_person_chooses_or_the_first_is_asked() -> None:
    panel = replace(PANEL, handoff=Handoff.ADDRESSED)
    begun = (replace(start(panel=panel), by=ANA), head())
    debate = spoken(more(after(*begun), TakeSeat(BEA, "ada")), 1)
    for chosen, asked in (("cri", "cri"), (None, "bel"), ("ghost", "bel")):
        turn = decide(debate, SpeakSeat(BEA, "No.", "You?", next=chosen))[0]
        assert isinstance(turn, TurnSpoken)
        assert turn.next == asked


def test_later_prompts_hold_the_persons_turn_as_they_hold_a_personas() -> None:
    debate = more(called(), SpeakSeat(BEA, "I would not.", "Would you?"))
    assert render(debate, PANEL)[-2] == {
        "role": "assistant",
        "content": '{"answer":"I would not.","question":"Would you?"}',
    }


def test_a_side_question_waits_until_the_person_who_is_called_has_spoken() -> None:
    debate = more(called(), Say(ANA, "Cri?", to="cri"))
    assert decide(debate, Review(2)) == []
    debate = more(debate, SpeakSeat(BEA, "I would not.", "Would you?"))
    assert debate.pending is not None
    assert (debate.pending.persona, debate.pending.kind) == ("cri", Kind.SIDE)


def test_a_person_may_tag_whom_they_ask() -> None:
    (turn, *_) = decide(called(), Say(BEA, "I would not. Would you, Bel?", to="bel"))
    assert isinstance(turn, TurnSpoken)
    assert (turn.answer, turn.question, turn.next) == ("I would not.", "Would you, Bel?", "bel")


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("No. What of the U.S. budget?", "What of the U.S. budget?"),
        ("No. Why?!", "Why?!"),
        ("No. «¿Y usted?»", "«¿Y usted?»"),
        ("See https://a.b/?q=1 for more. ¿Y usted?", "¿Y usted?"),
        ("No. Is it 5? 6?", "6?"),
    ],
)
def test_the_last_question_is_found_in_free_text(said: str, question: str) -> None:
    turn = decide(called(), Say(BEA, said))[0]
    assert isinstance(turn, TurnSpoken)
    assert turn.question == question
    assert f"{turn.answer} {question}" == said


def test_what_they_wrote_before_they_knew_is_a_message_and_not_their_turn() -> None:
    debate = called()
    (heard,) = decide(debate, Say(BEA, "By the way…", knows=debate.waiting.since - 1))
    assert isinstance(heard, MessageHeard)
    turn, _requested = decide(debate, Say(BEA, "I would not.", knows=debate.waiting.since))
    assert isinstance(turn, TurnSpoken)


def test_an_answer_that_was_written_for_another_turn_is_not_said() -> None:
    debate = called()
    assert isinstance(decide(debate, SpeakSeat(BEA, "I would not.", turn=2))[0], TurnSpoken)
    with pytest.raises(Rejected, match="This turn is over"):
        decide(debate, SpeakSeat(BEA, "I would not.", turn=1))
