"""A debate on the terminal: what people do in it, and what is broken off in mid-speech."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace

import pytest
from rich.console import Console

from bots.chat.i18n import translator
from bots.terminal import drawing
from bots.terminal.screen import Screen
from bots.terminal.view import View
from engine.debate.events import (
    DebatePaused,
    DebateResumed,
    DebateStarted,
    Event,
    Kind,
    MessageErased,
    MessageHeard,
    Pace,
    Person,
    Reason,
    Record,
    SeatLapsed,
    SeatTaken,
    SynthesisRequested,
    TurnRequested,
    TurnSkipped,
)
from engine.ports.live import LivePart, LiveText
from tests.chat.logs import ANA, BEA, STARTED, lively, log, side_turn, turn

BEGUN = (STARTED, TurnRequested(1, "guia", ask=("medica",)))
CALLED = (*BEGUN, turn(1), TurnRequested(2, "medica", ask=("jurista",)))
HALF = "Lo que yo diría es"


class Paper:
    """What a console was told to show; a frame of live text only counts once it stays."""

    def __init__(self, *, live: bool) -> None:
        self._out = io.StringIO()
        console = Console(
            file=self._out,
            width=100,
            highlight=False,
            force_terminal=live,
            legacy_windows=False,
            color_system=None,
        )
        self.screen = Screen(console, translator("en"))

    def show(self, *items: Record | LiveText) -> Paper:
        for item in items:
            self.screen.show(item)
        return self

    @property
    def text(self) -> str:
        self.screen.close()
        return self._out.getvalue()


def heard(
    text: str = HALF, persona: str = "medica", turn: int = 2, part: LivePart = "answer"
) -> LiveText:
    return LiveText(turn, persona, 1, 0, part, 0, text)


def shown(records: Iterable[Record]) -> str:
    return Paper(live=False).show(*records).text


def seen(started: DebateStarted, *events: Event) -> View:
    view = View(started)
    for event in events:
        view.take(event)
    return view


def frame(view: View) -> str:
    """What a live screen shows of whoever is called on."""
    console = Console(file=io.StringIO(), width=100)
    assert view.speaking is not None
    with console.capture() as drawn:
        console.print(drawing.speaking(view.speaking, view, translator("en")))
    return drawn.get()


def broken_off(*by: Event) -> str:
    """All that a live screen showed, when these events came in mid-speech."""
    records = log(*CALLED, *by)
    before, after = records[: len(CALLED)], records[len(CALLED) :]
    return Paper(live=True).show(*before, heard(), *after).text


@pytest.mark.parametrize(
    "by",
    [
        TurnSkipped(2, "medica", ANA),
        SynthesisRequested(Reason.STOPPED, ANA),
        TurnRequested(2, "maestro", Kind.SIDE, answers=BEA),
    ],
    ids=["skipped", "stopped", "called anew"],
)
def test_what_is_broken_off_in_mid_speech_stays_and_says_so(by: Event) -> None:
    text = broken_off(by)
    last = text.rindex("interrupted")
    assert HALF in text[last:]


def test_what_was_spoken_to_its_end_is_not_called_interrupted() -> None:
    assert "interrupted" not in broken_off(turn(2))


def test_a_turn_of_which_nothing_was_heard_is_not_called_interrupted() -> None:
    assert "interrupted" not in Paper(live=True).show(*log(*CALLED, TurnSkipped(2, "medica"))).text


def test_what_is_not_recorded_is_not_printed_on_paper() -> None:
    records = log(*CALLED, TurnSkipped(2, "medica", ANA))
    text = Paper(live=False).show(*records[:-1], heard(), records[-1]).text
    assert HALF not in text
    assert "Ana skipped Médica Rural." in text


def test_text_of_another_persona_under_the_same_number_is_not_heard() -> None:
    view = seen(*CALLED)
    assert view.speaking is not None
    assert not view.speaking.hear(heard(persona="maestro"))
    assert not view.speaking.hear(heard(turn=3))
    assert view.speaking.hear(heard())


def test_while_a_person_is_waited_for_the_screen_says_whom() -> None:
    called = TurnRequested(2, "medica", ask=("jurista",), person=BEA)
    assert "waiting for Bea Ruiz …" in frame(seen(*BEGUN, turn(1), called))
    assert "is thinking …" in frame(seen(*BEGUN, turn(1), called, SeatLapsed(2, BEA)))


def test_a_turn_that_waits_to_be_called_says_so() -> None:
    step = replace(STARTED, pace=Pace.STEP)
    assert "waiting for “next” …" in frame(seen(step, *CALLED[1:]))


def test_a_pause_is_seen_until_it_goes_on() -> None:
    assert "paused" in frame(seen(*CALLED, DebatePaused(ANA)))
    assert "paused" not in frame(seen(*CALLED, DebatePaused(ANA), DebateResumed(ANA)))


def test_all_that_people_do_in_a_debate_is_told() -> None:
    text = shown(lively("en"))
    for told in (
        "Bea Ruiz → 🎒 Maestro",
        "Bea Ruiz (edited)",
        "answers Bea Ruiz",
        "A message was taken back.",
        "Turn 2: 👍 2 👎 0",
        "Bea Ruiz takes Jurista's seat.",
        "Ana changed the pace to step by step.",
        "📜 Jurista  4/5  Bea Ruiz",
        "Ana skipped Maestro.",
        "Jurista's question went on to Médica Rural.",
        "The synthesis so far",
        "asked for by Ana",
        "Another thread now shows this debate too.",
        "the last two said the same",
        "Ended: what the channel may use is used up.",
        "Ana opened the debate for another round.",
        "Ended: somebody stopped it.",
        "9 turns · 9,900 tokens",
    ):
        assert told in text, told


def test_that_a_message_was_taken_back_before_it_came_is_not_told() -> None:
    assert "taken back" in shown(log(*CALLED, MessageErased(2, by=ANA)))
    assert "taken back" not in shown(log(*CALLED, MessageErased(0, message="m", by=ANA)))


def test_words_that_were_taken_back_before_are_not_there_any_more() -> None:
    text = shown(log(STARTED, MessageHeard(ANA), MessageErased(2, by=ANA)))
    assert "💬 Ana" in text
    assert "These words were taken back." in text


def test_the_count_of_turns_follows_what_people_add() -> None:
    text = shown(lively())
    counts = [line.split()[-1] for line in text.splitlines() if "Guía  " in line]
    assert counts[0] == "1/4"
    assert "8/11" in counts


@pytest.mark.parametrize(
    "name", ["[bold red]x[/]", "\x1b[31mx\x1b[0m", "a\nb\n  💬 Ana", "\u202eanA", "{who} {0}"]
)
def test_peoples_names_are_text_and_one_line(name: str) -> None:
    person = Person("web:x", name)
    text = shown(
        log(
            *BEGUN,
            turn(1),
            SeatTaken("medica", person),
            TurnRequested(2, "maestro", Kind.SIDE, answers=person),
            side_turn(2, "maestro"),
            MessageHeard(person, name),
            replace(turn(3), by="person", person=person),
            DebatePaused(person),
        )
    )
    assert not {"\x1b", "\u202e"} & set(text)
    said = " ".join(name.replace("\x1b", "").replace("\u202e", "").split())
    assert f"💬 {said}\n" in text
    assert f"{said} paused the debate." in text
