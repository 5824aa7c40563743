"""Given a debate, when a command, then events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.debate.commands import (
    GiveUpOnModel,
    Material,
    RecordSynthesis,
    RecordTurn,
    Rejected,
    ReportModelAway,
    Say,
    StopDebate,
)
from engine.debate.decide import decide
from engine.debate.events import (
    Budget,
    DebateClosed,
    DebateStarted,
    HeadStarted,
    Kind,
    MaterialAdded,
    MessageHeard,
    ModelUnavailable,
    Reason,
    SynthesisRequested,
    TurnRequested,
    TurnSpoken,
)
from engine.debate.rules.start import TOPIC_CHARS
from engine.debate.rules.words import MESSAGE_CHARS
from engine.debate.state import Phase
from tests.debate.given import (
    ANA,
    CLOSE,
    HOME,
    PANEL,
    REFUSED,
    after,
    close,
    head,
    speak,
    spoken,
    start,
    to_the_end,
)


def test_a_start_calls_on_the_moderator_to_ask_the_first_debater() -> None:
    started, requested = decide(None, start())
    assert isinstance(started, DebateStarted)
    assert [seat.id for seat in started.seats] == ["mod", "ada", "bel", "cri"]
    assert requested == TurnRequested(1, "mod", Kind.ORDER, ask=("ada",), asked_by=None)


def test_material_stands_between_the_start_and_the_first_cue() -> None:
    events = decide(None, start(material=(Material("notes.md", "Facts."),)))
    assert events[1] == MaterialAdded("notes.md", "Facts.")
    assert isinstance(events[2], TurnRequested)


@pytest.mark.parametrize("topic", ["", "  \n "])
def test_an_empty_topic_is_rejected(topic: str) -> None:
    with pytest.raises(Rejected, match="topic is empty"):
        decide(None, replace(start(), topic=topic))


def test_a_topic_may_have_2000_characters_and_no_more() -> None:
    assert decide(None, replace(start(), topic="x" * TOPIC_CHARS))
    with pytest.raises(Rejected, match="2001 characters"):
        decide(None, replace(start(), topic="x" * (TOPIC_CHARS + 1)))


@pytest.mark.parametrize("rounds", [-1, 21])
def test_rounds_out_of_bounds_are_rejected(rounds: int) -> None:
    with pytest.raises(Rejected, match="1 to 20 rounds"):
        decide(None, start(rounds=rounds))


def test_a_token_budget_too_small_for_a_turn_and_the_close_is_rejected() -> None:
    with pytest.raises(Rejected, match="does not pay"):
        decide(None, start(budget=Budget(tokens=100)))


def test_who_was_asked_speaks_next_and_asks_the_one_after() -> None:
    debate = after(start(), head())
    turn, requested = decide(debate, speak(debate))
    assert isinstance(turn, TurnSpoken)
    assert (turn.persona, turn.name, turn.next) == ("mod", "Moderadora", "ada")
    assert requested == TurnRequested(2, "ada", Kind.ORDER, ask=("bel",), asked_by="mod")


def test_the_last_turn_of_the_last_round_may_ask_nobody() -> None:
    debate = spoken(after(start(rounds=2), head()), 6)
    assert debate.pending is not None
    assert (debate.pending.persona, debate.pending.ask) == ("cri", ())


def test_with_more_rounds_the_last_debater_asks_the_first() -> None:
    debate = spoken(after(start(rounds=2), head()), 3)
    assert debate.pending is not None
    assert (debate.pending.persona, debate.pending.ask) == ("cri", ("ada",))


def test_the_last_turn_calls_for_the_synthesis() -> None:
    debate = spoken(after(start(), head()), 3)
    assert decide(debate, speak(debate))[1:] == [SynthesisRequested(Reason.ROUNDS)]


def test_the_synthesis_closes_the_debate_with_its_reason() -> None:
    debate = to_the_end(after(start(), head()))
    (closed,) = decide(debate, close(debate))
    assert isinstance(closed, DebateClosed)
    assert (closed.reason, closed.synthesis) == (Reason.ROUNDS, CLOSE)


def test_a_turn_recorded_twice_is_recorded_once() -> None:
    debate = after(start(), head())
    turn = speak(debate)
    assert decide(after(start(), head(), turn), turn) == []


def test_a_turn_that_comes_after_a_stop_is_dropped() -> None:
    debate = after(start(), head())
    assert decide(after(start(), head(), StopDebate()), speak(debate)) == []


def test_a_synthesis_recorded_twice_is_recorded_once() -> None:
    debate = to_the_end(after(start(), head()))
    closed = replace(debate, phase=Phase.CLOSED, pending=None)
    assert decide(closed, close(debate)) == []


@pytest.mark.parametrize(
    "spoil",
    [{"question": None}, {"question": "  "}, {"next": "cri"}, {"next": None}, {"answer": " "}],
)
def test_a_turn_that_breaks_the_handoff_is_a_bug_and_not_recorded(spoil: dict[str, Any]) -> None:
    debate = after(start(), head())
    with pytest.raises(ValueError, match="turn 1"):
        decide(debate, replace(speak(debate), **spoil))


def test_a_question_from_the_last_speaker_is_a_bug_and_not_recorded() -> None:
    debate = spoken(after(start(), head()), 3)
    with pytest.raises(ValueError, match="asks nobody"):
        decide(debate, replace(speak(debate), question="And you?", next="ada"))


def test_a_message_is_heard_at_once_whoever_is_speaking() -> None:
    debate = after(start(), head())
    said = Say(ANA, "I disagree.", message="m1")
    assert decide(debate, said) == [MessageHeard(ANA.person, "I disagree.", None, "m1", HOME)]


def test_a_message_changes_nothing_about_who_is_next() -> None:
    debate = after(start(), head())
    assert after(start(), head(), Say(ANA, "AI Bel: my turn.")).pending == debate.pending


def test_an_empty_or_endless_message_is_rejected() -> None:
    debate = after(start())
    with pytest.raises(Rejected, match="empty"):
        decide(debate, Say(ANA, " "))
    with pytest.raises(Rejected, match="40001 characters"):
        decide(debate, Say(ANA, "x" * (MESSAGE_CHARS + 1)))


def test_a_stop_asks_for_the_synthesis_whoever_is_speaking() -> None:
    debate = after(start(), head())
    assert decide(debate, StopDebate(ANA)) == [SynthesisRequested(Reason.STOPPED, ANA.person)]


def test_a_second_stop_changes_nothing() -> None:
    assert decide(after(start(), StopDebate()), StopDebate()) == []


def test_a_closed_debate_rejects_what_people_ask_of_it() -> None:
    debate = to_the_end(after(start(), head()))
    closed = replace(debate, phase=Phase.CLOSED, pending=None)
    with pytest.raises(Rejected, match="closed"):
        decide(closed, StopDebate())


def test_a_model_away_is_said_once() -> None:
    debate = after(start(), head())
    away = ReportModelAway(1, 1_000, REFUSED)
    assert decide(debate, away) == [ModelUnavailable(1, 1_000, REFUSED)]
    assert decide(after(start(), head(), away), away) == []


def test_a_model_given_up_on_closes_with_a_stand_in_and_the_reason() -> None:
    debate = after(start(), head())
    requested, closed = decide(debate, GiveUpOnModel(1, Reason.MODEL_AWAY, REFUSED, CLOSE))
    assert requested == SynthesisRequested(Reason.MODEL_AWAY)
    assert isinstance(closed, DebateClosed)
    assert (closed.reason, closed.repaired) == (Reason.MODEL_AWAY, "default")


def test_a_model_that_goes_away_during_the_synthesis_leaves_the_reason_as_it_was() -> None:
    debate = to_the_end(after(start(), head()))
    (closed,) = decide(debate, GiveUpOnModel(0, Reason.MODEL_AWAY, REFUSED, CLOSE))
    assert isinstance(closed, DebateClosed)
    assert closed.reason is Reason.ROUNDS


def test_a_head_is_started_only_for_the_turn_that_is_due() -> None:
    debate = after(start())
    assert [type(e) for e in decide(debate, head())] == [HeadStarted]
    assert decide(debate, replace(head(), turn=2)) == []


@pytest.mark.parametrize(
    ("budget", "reason"),
    [
        (Budget(turns=2), Reason.TURN_BUDGET),
        (Budget(seconds=1.5), Reason.TIME_BUDGET),
        (Budget(tokens=5_500), Reason.TOKEN_BUDGET),
    ],
)
def test_a_budget_used_up_calls_for_the_synthesis_and_says_which(
    budget: Budget, reason: Reason
) -> None:
    debate = to_the_end(after(start(budget=budget, rounds=5), head()))
    assert debate.reason is reason
    assert 0 < debate.turn < 16


def test_what_a_turn_cost_is_added_up() -> None:
    debate = spoken(after(start(), head()), 2)
    assert (debate.usage.prompt_tokens, debate.calls, debate.seconds) == (200, 2, 2.0)


def test_another_command_without_a_debate_is_rejected() -> None:
    with pytest.raises(Rejected, match="no such debate"):
        decide(None, StopDebate())


def test_a_debate_starts_once() -> None:
    assert decide(after(start()), start()) == []


def test_the_default_number_of_rounds_is_the_panels() -> None:
    (started, *_) = decide(None, start(panel=replace(PANEL, rounds=3)))
    assert isinstance(started, DebateStarted)
    assert started.rounds == 3


def test_a_record_of_the_wrong_kind_changes_nothing() -> None:
    debate = after(start(), head())
    assert decide(debate, RecordSynthesis(CLOSE)) == []
    closing = after(start(), head(), StopDebate())
    assert decide(closing, RecordTurn(0, "I close.")) == []
