"""Given a debate, when somebody steers it, then events; and when they may not, a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.debate.commands import (
    Actor,
    AddRound,
    CallNext,
    PauseDebate,
    Rejected,
    ReportClear,
    ReportObstacle,
    ResumeDebate,
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
from engine.debate.state import Debate, Phase
from tests.debate.given import (
    ANA,
    BEA,
    HOME,
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


def test_a_debate_that_cannot_be_shown_pauses_until_it_can() -> None:
    debate = more(after(*BEGUN), ReportObstacle(HOME, REFUSED))
    assert debate.paused
    assert debate.obstacle == REFUSED
    assert decide(debate, ReportObstacle(HOME, REFUSED)) == []
    assert decide(debate, ReportClear(HOME)) == [DebateResumed(cleared=True)]
    assert decide(more(debate, ReportClear(HOME)), ReportClear(HOME)) == []


def test_what_a_mirror_cannot_show_holds_nothing_up() -> None:
    mirror = replace(HOME, thread="mirror")
    assert decide(after(*BEGUN), ReportObstacle(mirror, REFUSED)) == []
    debate = more(after(*BEGUN), ReportObstacle(HOME, REFUSED))
    assert decide(debate, ReportClear(mirror)) == []


def test_what_a_person_paused_only_a_person_lets_go_on() -> None:
    debate = more(after(*BEGUN), PauseDebate(ANA))
    assert decide(debate, ReportObstacle(HOME, REFUSED)) == []
    assert decide(debate, ReportClear(HOME)) == []
    debate = more(after(*BEGUN), ReportObstacle(HOME, REFUSED), PauseDebate(ANA))
    assert debate.paused
    assert decide(debate, ReportClear(HOME)) == []


def test_a_close_is_not_held_up_by_what_cannot_be_shown() -> None:
    assert decide(to_the_end(after(*BEGUN)), ReportObstacle(HOME, REFUSED)) == []


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
