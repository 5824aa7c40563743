"""Given a debate, when somebody steers it, then events; and when they may not, a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.debate.commands import (
    Actor,
    AddRound,
    CallNext,
    GiveUpOnModel,
    PauseDebate,
    Rejected,
    ResumeDebate,
    Review,
    Say,
    SetPace,
    SkipTurn,
    Steer,
    StopDebate,
    SumUp,
)
from engine.debate.decide import decide
from engine.debate.events import (
    Budget,
    DebatePaused,
    DebateReopened,
    DebateResumed,
    Kind,
    NextCalled,
    Pace,
    PaceChanged,
    Place,
    QuestionPassed,
    Reason,
    RoundAdded,
    Steering,
    SummaryAsked,
    SummaryGiven,
    SynthesisRequested,
    TurnRequested,
    TurnSkipped,
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
STEERS: tuple[Steer, ...] = (
    PauseDebate(BEA),
    SkipTurn(BEA),
    StopDebate(BEA),
    AddRound(BEA),
    SumUp(BEA),
    SetPace(Pace.STEP, BEA),
)


def closed() -> Debate:
    debate = to_the_end(after(*BEGUN))
    return more(debate, close(debate))


def test_a_pause_lets_the_running_turn_finish_and_nobody_speaks_after_it() -> None:
    debate = after(*BEGUN)
    (paused,) = decide(debate, PauseDebate(ANA))
    assert paused == DebatePaused(ANA.person)
    debate = more(debate, PauseDebate(ANA))
    assert debate.pending == after(*BEGUN).pending
    assert due_in_s(more(debate, speak(debate))) is None


def test_a_resume_goes_on_with_whoever_was_called_on() -> None:
    debate = more(after(*BEGUN), PauseDebate(ANA))
    assert decide(debate, ResumeDebate(ANA)) == [DebateResumed(ANA.person)]
    assert due_in_s(more(debate, ResumeDebate(ANA))) == 0


def test_a_second_pause_and_a_resume_of_what_is_not_paused_change_nothing() -> None:
    debate = after(*BEGUN)
    assert decide(debate, ResumeDebate(ANA)) == []
    assert decide(more(debate, PauseDebate(ANA)), PauseDebate(ANA)) == []


def test_a_stop_ends_a_paused_debate_too() -> None:
    debate = more(after(*BEGUN), PauseDebate(ANA), StopDebate(ANA))
    assert debate.phase is Phase.CLOSING
    assert due_in_s(debate) == 0


def test_a_skipped_speakers_question_passes_to_the_next() -> None:
    debate = spoken(after(*BEGUN), 1)
    assert debate.pending is not None
    assert debate.pending.persona == "ada"
    assert decide(debate, SkipTurn(ANA)) == [
        TurnSkipped(2, "ada", ANA.person),
        QuestionPassed("mod", "bel"),
        TurnRequested(2, "bel", ask=("cri",), asked_by="mod"),
    ]


def test_a_skipped_last_speaker_leaves_the_question_open_and_ends_the_order() -> None:
    debate = spoken(after(*BEGUN), 3)
    skipped, ended = decide(debate, SkipTurn(ANA))
    assert isinstance(skipped, TurnSkipped)
    assert ended == SynthesisRequested(Reason.ROUNDS)
    assert more(debate, SkipTurn(ANA)).order.question == "Question of turn 3?"


def test_everybody_can_be_skipped_and_the_debate_still_closes() -> None:
    debate = after(*BEGUN)
    for _ in range(4):
        debate = more(debate, SkipTurn(ANA))
    assert debate.phase is Phase.CLOSING
    assert debate.turn == 0


def test_a_synthesis_cannot_be_skipped() -> None:
    with pytest.raises(Rejected, match="closing"):
        decide(to_the_end(after(*BEGUN)), SkipTurn(ANA))


def test_another_round_in_mid_debate_makes_the_order_longer() -> None:
    debate = spoken(after(*BEGUN), 2)
    assert decide(debate, AddRound(ANA)) == [RoundAdded(ANA.person)]
    debate = spoken(more(debate, AddRound(ANA)), 1)
    assert debate.pending is not None
    assert (debate.pending.persona, debate.pending.ask) == ("cri", ("ada",))


def test_another_round_during_the_last_turn_begins_with_the_moderator_asking_the_first() -> None:
    debate = more(spoken(after(*BEGUN), 3), AddRound(ANA))
    _last, requested = decide(debate, speak(debate))
    assert requested == TurnRequested(5, "mod", ask=("ada",))
    debate = spoken(more(debate, speak(debate)), 4)
    assert debate.phase is Phase.CLOSING
    assert debate.turn == 8


def test_another_round_after_the_close_reopens_the_debate() -> None:
    debate = closed()
    assert decide(debate, AddRound(ANA)) == [
        DebateReopened(ANA.person),
        TurnRequested(5, "mod", ask=("ada",)),
    ]
    debate = to_the_end(more(debate, AddRound(ANA)))
    debate = more(debate, close(debate))
    assert (debate.phase, debate.turn) == (Phase.CLOSED, 8)


def test_another_round_while_the_synthesis_is_on_its_way_takes_it_back() -> None:
    debate = more(to_the_end(after(*BEGUN)), AddRound(ANA))
    assert debate.phase is Phase.DEBATING
    assert debate.pending is not None
    assert debate.pending.persona == "mod"


def test_another_round_needs_a_budget() -> None:
    debate = to_the_end(after(replace(start(budget=Budget(turns=4)), by=ANA), head()))
    with pytest.raises(Rejected, match="budget"):
        decide(more(debate, close(debate)), AddRound(ANA))


def test_the_synthesis_so_far_is_given_next_and_the_order_goes_on_where_it_was() -> None:
    debate = spoken(after(*BEGUN), 2)
    assert decide(debate, SumUp(ANA)) == [SummaryAsked(ANA.person)]
    debate = more(debate, SumUp(ANA))
    asked = debate.pending
    _turn, called = decide(debate, speak(debate))
    assert called == TurnRequested(0, "mod", Kind.SUMMARY, answers=ANA.person, about=8)
    debate = more(debate, speak(debate))
    given, requested = decide(debate, close(debate))
    assert isinstance(given, SummaryGiven)
    assert asked is not None
    assert requested == TurnRequested(4, "cri", asked_by="bel")


def test_the_synthesis_so_far_is_asked_for_once_at_a_time() -> None:
    debate = more(spoken(after(*BEGUN), 2), SumUp(ANA))
    assert decide(debate, SumUp(ANA)) == []


def test_before_anybody_spoke_there_is_nothing_to_sum_up() -> None:
    with pytest.raises(Rejected, match="nothing to sum up"):
        decide(after(*BEGUN), SumUp(ANA))


def test_in_reading_pace_a_turn_waits_as_long_as_a_reader_needs_for_the_last_one() -> None:
    debate = after(replace(start(), by=ANA, pace=Pace.READING), head())
    assert due_in_s(debate) == 0
    long, short = speak(debate, "word " * 100), speak(debate)
    waits = [due_in_s(more(debate, turn)) or 0 for turn in (long, short)]
    assert 20 < waits[0] < 40
    assert 0 < waits[1] < 10


def test_next_cuts_a_readers_wait_short() -> None:
    debate = spoken(after(replace(start(), by=ANA, pace=Pace.READING), head()), 1)
    assert decide(debate, CallNext(ANA)) == [NextCalled(ANA.person)]
    assert due_in_s(more(debate, CallNext(ANA))) == 0


def test_in_step_pace_every_turn_but_the_first_waits_for_next() -> None:
    debate = after(replace(start(), by=ANA, pace=Pace.STEP), head())
    assert due_in_s(debate) == 0
    debate = spoken(debate, 1)
    assert due_in_s(debate) is None
    assert due_in_s(more(debate, CallNext(ANA))) == 0


def test_a_faster_pace_lets_whoever_waits_begin() -> None:
    debate = spoken(after(replace(start(), by=ANA, pace=Pace.STEP), head()), 1)
    assert decide(debate, SetPace(Pace.LIVE, ANA)) == [PaceChanged(Pace.LIVE, ANA.person)]
    assert due_in_s(more(debate, SetPace(Pace.LIVE, ANA))) == 0


@pytest.mark.parametrize("command", STEERS, ids=lambda command: type(command).__name__)
def test_only_whoever_started_it_may_steer_a_debate_by_default(command: Steer) -> None:
    with pytest.raises(Rejected, match="Only Ana"):
        decide(spoken(after(*BEGUN), 1), command)


@pytest.mark.parametrize("command", STEERS, ids=lambda command: type(command).__name__)
def test_managers_may_steer_and_so_may_everyone_where_it_was_started_so(command: Steer) -> None:
    debate = spoken(after(*BEGUN), 1)
    assert decide(debate, replace(command, by=replace(BEA, manages=True)))
    everyone = replace(BEGUN[0], steering=Steering.EVERYONE)
    assert decide(spoken(after(everyone, head()), 1), command)


def test_a_mirror_does_not_steer_whoever_asks() -> None:
    debate = spoken(after(*BEGUN), 1)
    elsewhere = Actor(ANA.person, Place("slack:T2", "C2", "9"), manages=True)
    with pytest.raises(Rejected, match="mirror"):
        decide(debate, PauseDebate(elsewhere))


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
