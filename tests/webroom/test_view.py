"""What stands beside the thread says the truth about the log, at any point of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bots.chat.i18n import translator
from bots.webroom.notes import note
from bots.webroom.view import Seen, see, view
from engine.debate.ahead import coming, planned_turns
from engine.debate.commands import (
    Actor,
    AddRound,
    Command,
    PauseDebate,
    RecordSynthesis,
    RecordTurn,
    ResumeDebate,
    Say,
    SetPace,
    SkipTurn,
    StartDebate,
    StopDebate,
    TakeSeat,
)
from engine.debate.decide import decide
from engine.debate.events import Pace, Person, Place, Record, Synthesis
from engine.debate.panel import Language
from engine.panels.loader import load_panel

ANA = Actor(Person("web:ana", "Ana"), Place("web", "room", "d"))
PANEL = load_panel("ai-en")
ORDER = [persona.id for persona in PANEL.personas]
START_MS = 1_000_000
ENGLISH = translator("en")


def after(*commands: Command, pace: Pace = Pace.LIVE, by: Actor = ANA) -> Seen:
    """The room after these commands, a second between two events."""
    return heard(*commands, pace=pace, by=by)[0]


def heard(
    *commands: Command, pace: Pace = Pace.LIVE, by: Actor = ANA, language: Language = "en"
) -> tuple[Seen, list[str]]:
    """The same, and what the thread said of it."""
    start = StartDebate("Tea?", PANEL, by=by, pace=pace)
    seen: Seen | None = None
    said: list[str] = []
    for command in (start, *commands):
        for event in decide(seen.debate if seen else None, fitting(command, seen)):
            n = seen.n + 1 if seen else 1
            seen = see(seen, Record(n, START_MS + 1_000 * n, event))
            said += filter(None, [note(event, seen.debate, translator(language))])
    assert seen is not None
    return seen, said


def fitting(command: Command, seen: Seen | None) -> Command:
    """A turn, for whoever is called on, to whoever may be asked."""
    cue = seen.debate.pending if seen else None
    if not isinstance(command, RecordTurn) or cue is None:
        return command
    asked = cue.ask[0] if cue.ask else None
    return replace(command, turn=cue.turn, next=asked, question="And why?" if asked else None)


def turn(answer: str = "Because.") -> RecordTurn:
    """Whoever is called on speaks."""
    return RecordTurn(0, answer)


def shown(seen: Seen) -> Any:
    """The view, in English."""
    return view(seen, ENGLISH)


def test_the_one_who_is_called_on_has_the_floor_and_the_order_is_known() -> None:
    told = shown(after(turn()))
    assert told["status"]["text"] == "AI Researcher has the floor."
    assert told["pending"]["persona"] == ORDER[1]
    assert (told["pending"]["asked_by"], told["pending"]["question"]) == (ORDER[0], "And why?")
    assert told["coming"] == ORDER[2:]
    assert (told["turn"], told["planned"]) == (1, 8)


def test_who_tagged_a_persona_goes_before_the_order() -> None:
    seen = after(Say(ANA, "And you?", to="ai-doomer"))
    assert next(coming(seen.debate)) == "ai-doomer"
    assert planned_turns(seen.debate) == 9
    side = after(Say(ANA, "And you?", to="ai-doomer"), turn())
    assert side.debate.pending is not None
    assert side.debate.pending.persona == "ai-doomer"
    assert next(coming(side.debate)) == ORDER[1]
    assert planned_turns(side.debate) == 9


def test_a_pause_lets_the_running_turn_end_and_then_says_paused() -> None:
    running = after(turn(), PauseDebate(ANA))
    assert shown(running)["status"]["kind"] == "pausing"
    assert shown(after(turn(), PauseDebate(ANA), turn()))["status"]["kind"] == "paused"
    going = after(turn(), PauseDebate(ANA), turn(), ResumeDebate(ANA))
    assert shown(going)["status"]["kind"] == "speaking"


def test_time_to_read_is_counted_from_the_call() -> None:
    seen = after(turn("word " * 40), pace=Pace.READING)
    told = shown(seen)["status"]
    assert told["kind"] == "reading"
    assert told["until_ms"] == seen.since_ms + round(1_000 * seen.debate.waiting.for_s)
    assert shown(after(turn(), pace=Pace.STEP))["status"]["kind"] == "step"


def test_a_person_in_a_seat_is_told_how_long_they_have() -> None:
    seen = after(TakeSeat(ANA, ORDER[1]), turn())
    told = shown(seen)
    assert told["status"]["kind"] == "seat"
    assert told["status"]["until_ms"] == seen.since_ms + 300_000
    assert told["pending"]["person"] == {"id": "web:ana", "name": "Ana"}
    assert told["seats"] == {ORDER[1]: {"id": "web:ana", "name": "Ana"}}


def test_another_round_makes_the_plan_longer() -> None:
    assert planned_turns(after(AddRound(ANA)).debate) == 15


def test_the_close_is_told_with_its_reason() -> None:
    seen = after(turn(), StopDebate(ANA))
    assert shown(seen)["status"]["text"] == "Coordinator is summing up."
    closed = shown(after(turn(), StopDebate(ANA), RecordSynthesis(Synthesis("Tea."))))
    assert closed["status"]["text"] == "The debate is closed: somebody stopped it."
    assert (closed["planned"], closed["coming"]) == (1, [])


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_happens_around_the_turns_is_said_in_a_sentence(language: Language) -> None:
    odd = Actor(Person("web:b", "{who} %s"), ANA.place)
    steps = (PauseDebate(odd), ResumeDebate(odd), SetPace(Pace.STEP, odd), SkipTurn(odd))
    _, said = heard(turn(), *steps, by=odd, language=language)
    assert len(said) == 5
    assert sum("{who} %s" in line for line in said) == 4
