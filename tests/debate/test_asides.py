"""Given a debate, when something comes between its turns, then the order goes on after it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.debate.commands import (
    AddRound,
    CallNext,
    GiveUpOnModel,
    PauseDebate,
    Rejected,
    Review,
    Say,
    SkipTurn,
    StopDebate,
    SumUp,
)
from engine.debate.decide import decide
from engine.debate.events import (
    Budget,
    Kind,
    Pace,
    QuestionPassed,
    Reason,
    TurnRequested,
)
from engine.debate.pace import due_in_s
from engine.debate.panel import Handoff
from engine.debate.state import Debate, Phase
from tests.debate.given import (
    ANA,
    BEA,
    CLOSE,
    PANEL,
    REFUSED,
    after,
    close,
    head,
    more,
    speak,
    spoken,
    start,
    to_the_end,
)

BEGUN = (replace(start(), by=ANA), head())


def closed() -> Debate:
    debate = to_the_end(after(*BEGUN))
    return more(debate, close(debate))


def test_a_persona_that_is_tagged_speaks_next_and_the_order_goes_on_where_it_was() -> None:
    debate = spoken(after(*BEGUN), 1)
    debate = more(debate, Say(BEA, "And the cost?", to="cri"))
    assert debate.pending is not None
    assert debate.pending.persona == "ada", "whoever speaks is let finish"
    _turn, side = decide(debate, speak(debate))
    assert side == TurnRequested(3, "cri", Kind.SIDE, answers=BEA.person, about=6)
    debate = more(debate, speak(debate))
    _answered, requested = decide(debate, speak(debate))
    assert requested == TurnRequested(4, "bel", ask=("cri",), asked_by="ada")


def test_a_turn_that_has_not_begun_gives_way_to_a_persons_question() -> None:
    debate = spoken(after(replace(start(), by=ANA, pace=Pace.STEP), head()), 1)
    debate = more(debate, Say(BEA, "And the cost?", to="cri"))
    assert due_in_s(debate) == 0
    assert decide(debate, Review(2)) == [
        TurnRequested(2, "cri", Kind.SIDE, answers=BEA.person, about=6)
    ]
    debate = more(debate, Review(2))
    debate = more(debate, speak(debate))
    assert debate.pending is not None
    assert (debate.pending.persona, debate.pending.asked_by) == ("ada", "mod")


def test_three_people_may_wait_for_an_answer_and_no_more() -> None:
    debate = spoken(after(*BEGUN), 1)
    for _ in range(3):
        debate = more(debate, Say(BEA, "Well?", to="cri"))
    with pytest.raises(Rejected, match="waiting for an answer"):
        decide(debate, Say(BEA, "Well?", to="cri"))


def test_a_tag_after_the_close_gets_a_follow_up_and_the_debate_stays_closed() -> None:
    debate = more(closed(), Say(BEA, "One more thing?", to="bel"))
    assert debate.pending is not None
    assert (debate.pending.persona, debate.pending.kind) == ("bel", Kind.SIDE)
    debate = more(debate, speak(debate))
    assert (debate.phase, debate.pending) == (Phase.CLOSED, None)


def test_what_is_said_to_nobody_after_the_close_is_ignored_and_said_once() -> None:
    debate = closed()
    (late,) = decide(debate, Say(BEA, "Too late?"))
    assert type(late).__name__ == "LateMessage"
    assert decide(more(debate, Say(BEA, "Too late?")), Say(BEA, "Really?")) == []


def test_the_moderator_steps_in_where_two_in_a_row_say_the_same() -> None:
    panel = replace(PANEL, handoff=Handoff.ADDRESSED)
    debate = spoken(after(replace(start(panel=panel), by=ANA), head()), 1)
    same = "Offices should open four days because people rest better then."
    for _ in range(2):
        debate = more(debate, replace(speak(debate), answer=same))
    assert debate.pending is not None
    asked = debate.pending.ask
    assert (debate.pending.persona, debate.pending.kind) == ("mod", Kind.STEP_IN)
    debate = more(debate, speak(debate))
    assert debate.pending is not None
    assert (debate.pending.persona, debate.pending.asked_by) == (asked[0], "mod")


def test_under_moderated_the_moderators_own_turn_asks_for_the_objection() -> None:
    panel = replace(PANEL, handoff=Handoff.MODERATED)
    debate = spoken(after(replace(start(panel=panel), by=ANA), head()), 1)
    same = "Offices should open four days because people rest better then."
    debate = more(debate, replace(speak(debate), answer=same))
    debate = more(debate, speak(debate))
    debate = more(debate, replace(speak(debate), answer=same))
    assert debate.pending is not None
    assert (debate.pending.persona, debate.pending.repeated) == ("mod", True)


def test_a_step_in_that_is_skipped_is_not_called_for_again() -> None:
    panel = replace(PANEL, handoff=Handoff.ADDRESSED)
    debate = spoken(after(replace(start(panel=panel), by=ANA), head()), 1)
    for _ in range(2):
        debate = more(debate, replace(speak(debate), answer="Offices should open four days."))
    debate = more(debate, SkipTurn(ANA))
    assert debate.pending is not None
    assert debate.pending.kind is Kind.ORDER


def test_whoever_is_answering_a_person_when_it_is_stopped_answers_after_the_close() -> None:
    debate = more(spoken(after(*BEGUN), 1), Say(BEA, "Costs?", to="cri"))
    debate = more(debate, speak(debate), StopDebate(ANA))
    debate = more(debate, close(debate))
    assert debate.pending is not None
    assert (debate.pending.kind, debate.pending.persona) == (Kind.SIDE, "cri")


def test_a_synthesis_so_far_that_was_not_begun_is_not_given_after_the_synthesis() -> None:
    debate = more(spoken(after(*BEGUN), 1), SumUp(ANA), StopDebate(ANA))
    assert more(debate, close(debate)).pending is None


def test_a_model_given_up_answers_nobody_who_waits_and_a_later_tag_is_called() -> None:
    debate = spoken(after(*BEGUN), 1)
    for _ in range(3):
        debate = more(debate, Say(BEA, "Costs?", to="cri"))
    debate = more(debate, GiveUpOnModel(2, Reason.MODEL_AWAY, REFUSED, CLOSE))
    assert (debate.phase, debate.asides) == (Phase.CLOSED, ())
    debate = more(debate, Say(BEA, "Now?", to="cri"))
    assert debate.pending is not None


def test_questions_that_wait_when_the_budget_is_used_up_are_not_answered() -> None:
    debate = spoken(after(replace(start(budget=Budget(turns=3)), by=ANA), head()), 1)
    for _ in range(3):
        debate = more(debate, Say(BEA, "Costs?", to="cri"))
    debate = spoken(debate, 2)
    assert debate.phase is Phase.CLOSING
    debate = more(debate, close(debate))
    assert (debate.turn, debate.pending, debate.asides) == (3, None, ())


def test_follow_ups_end_with_the_budget() -> None:
    debate = to_the_end(after(replace(start(budget=Budget(turns=5)), by=ANA), head()))
    for _ in range(2):
        debate = more(debate, Say(BEA, "Costs?", to="cri"))
    debate = more(debate, close(debate))
    debate = more(debate, speak(debate))
    assert (debate.turn, debate.pending, debate.asides) == (5, None, ())


def test_a_skipped_answer_is_another_call_even_to_the_same_persona() -> None:
    debate = spoken(after(*BEGUN), 1)
    for _ in range(2):
        debate = more(debate, Say(BEA, "Costs?", to="cri"))
    debate = more(debate, speak(debate))
    before = debate.pending
    after_skip = more(debate, SkipTurn(ANA)).pending
    assert before is not None
    assert after_skip is not None
    assert (before.persona, after_skip.persona) == ("cri", "cri")
    assert before != after_skip, "else the skipped stream would go on"


def test_a_question_is_passed_once_whatever_comes_between() -> None:
    debate = more(spoken(after(*BEGUN), 1), SkipTurn(ANA), Say(BEA, "Costs?", to="cri"), Review(2))
    log = decide(debate, speak(debate))
    assert not any(isinstance(event, QuestionPassed) for event in log)
    debate = more(debate, speak(debate))
    assert debate.pending is not None
    assert (debate.pending.persona, debate.pending.asked_by) == ("bel", "mod")


def test_next_is_said_once_whatever_comes_between() -> None:
    debate = spoken(after(replace(start(), by=ANA, pace=Pace.STEP), head()), 1)
    debate = more(debate, CallNext(ANA), Say(BEA, "Costs?", to="cri"), Review(2))
    debate = more(debate, speak(debate))
    assert debate.pending is not None
    assert (debate.pending.persona, due_in_s(debate)) == ("ada", 0)


def test_a_round_after_two_who_said_the_same_begins_with_the_moderators_own_turn() -> None:
    panel = replace(PANEL, handoff=Handoff.ADDRESSED)
    debate = after(replace(start(panel=panel), by=ANA), head())
    while debate.phase is Phase.DEBATING:
        same = replace(speak(debate), answer="Offices should open four days.")
        debate = more(debate, same)
    debate = more(debate, AddRound(ANA))
    assert debate.pending is not None
    assert (debate.pending.persona, debate.pending.kind) == ("mod", Kind.ORDER)
    assert "mod" not in debate.pending.ask


def test_what_people_ask_for_is_spoken_in_a_pause_and_the_order_waits() -> None:
    debate = more(spoken(after(*BEGUN), 1), PauseDebate(ANA), Say(BEA, "Costs?", to="cri"))
    assert due_in_s(debate) == 0
    debate = more(debate, Review(2))
    assert due_in_s(debate) == 0
    assert due_in_s(more(debate, speak(debate))) is None
