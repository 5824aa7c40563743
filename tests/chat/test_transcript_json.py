"""The transcript as JSON, and the three files together."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.transcript import files
from bots.chat.transcript.as_json import as_json
from bots.chat.transcript.colour import DARK, LEAST_CONTRAST, LIGHT, contrast, legible
from bots.chat.transcript.files import write
from bots.chat.transcript.reading import read
from bots.chat.transcript.words import ENGLISH, SPANISH, Words, duration, number
from engine.debate.events import (
    MaterialAdded,
    MessageEdited,
    MessageHeard,
    Person,
    Reason,
    SeatTaken,
    SummaryGiven,
    Usage,
)
from tests.chat.logs import (
    HEAD,
    SO_FAR,
    STARTED,
    SYNTHESIS,
    closed,
    log,
    side_turn,
    turn,
    whole,
)


def test_the_fields_are_those_that_other_tools_rely_on() -> None:
    made = json.loads(as_json("d1", whole()))
    assert list(made) == [
        *("version", "debate", "topic", "panel", "language", "handoff", "rounds"),
        *("model", "prompt_version", "started_at", "closed_at", "started_by", "seats"),
        *("material", "entries", "reason", "scope", "error", "synthesis", "totals"),
    ]
    assert made["version"] == 1
    assert made["started_at"] == "2026-09-21T14:13:20.123Z"
    assert made["closed_at"] == "2026-09-21T14:13:33.136Z"
    assert (made["model"], made["prompt_version"]) == ("un-modelo", 3)
    assert [seat["moderator"] for seat in made["seats"]] == [True, False, False, False]
    assert made["material"] == [{"name": "acta.md", "characters": 19, "by": None}]


def test_a_turn_has_all_that_the_log_says_of_it() -> None:
    made = json.loads(as_json("d1", log(STARTED, turn(1))))
    assert made["entries"] == [
        {
            "type": "turn",
            "turn": 1,
            "at": "2026-09-21T14:13:21.124Z",
            "persona": "guia",
            "name": "Guía",
            "by": "model",
            "person": None,
            "kind": "order",
            "answers": None,
            "answer": "Respuesta número 1.",
            "question": "¿Pregunta número 1?",
            "next": "medica",
            "repaired": None,
            "usage": {"prompt_tokens": 1000, "cached_tokens": 900, "completion_tokens": 100},
            "seconds": 1.5,
            "votes": {"up": 0, "down": 0},
            "edited_at": None,
            "erased": False,
        }
    ]
    assert made["closed_at"] is made["reason"] is made["synthesis"] is None


def test_entries_stand_in_the_order_of_the_log() -> None:
    made = json.loads(as_json("d1", whole()))
    said = [(entry["type"], entry.get("turn")) for entry in made["entries"]]
    turns = [("turn", 1), ("turn", 2), ("message", None), ("turn", 3), ("turn", 4)]
    assert said == [("head", None), *turns, ("close", None)]
    message = next(entry for entry in made["entries"] if entry["type"] == "message")
    assert (message["from"], message["text"], message["to"]) == (
        "Ana",
        "¿Y los domingos?",
        "jurista",
    )


def test_totals_count_every_call_that_was_paid_for() -> None:
    summed = replace(HEAD, summary="Van dos.", usage=Usage(500, 0, 50), calls=1, seconds=1.0)
    repaired = replace(turn(2), repaired="repair", calls=2)
    filled = replace(closed(), repaired="default")
    so_far = SummaryGiven(SO_FAR, repaired="repair", usage=Usage(100, 50, 10), seconds=1.0)
    made = json.loads(as_json("d1", log(STARTED, turn(1), summed, repaired, so_far, filled)))
    assert made["totals"] == {
        "turns": 2,
        "usage": {"prompt_tokens": 3600, "cached_tokens": 2750, "completion_tokens": 360},
        "cached_share": 0.7639,
        "calls": 6,
        "seconds": 7.0,
        "repairs": 2,
        "defaults": 1,
    }


@given(st.text())
def test_any_words_come_through(text: str) -> None:
    person = Person(text, text)
    records = log(
        replace(STARTED, started_by=person),
        turn(1, answer=text),
        MessageHeard(person, "x"),
        MessageEdited(person, 3, text),
        side_turn(2, "maestro"),
        SeatTaken(text, person),
        MaterialAdded(text, text, person),
    )
    made = as_json(text, records)
    assert json.loads(made.encode()) == json.loads(made)
    assert len(json.loads(made)["entries"]) == 5


def test_words_that_are_clean_are_not_changed() -> None:
    text = "Uno.\n\n- «dos» <b>&amp;</b> {x} @everyone 🧭"
    assert json.loads(as_json("d", log(STARTED, turn(1, text))))["entries"][0]["answer"] == text


def test_three_files_are_written_into_a_folder_that_need_not_be_there(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    paths = write(folder, "d", whole())
    names = ["transcript.md", "transcript.json", "transcript.html"]
    assert [path.name for path in paths] == names
    assert sorted(path.name for path in folder.iterdir()) == sorted(names)
    assert all("Respuesta número 4." in path.read_text("utf-8") for path in paths)


def test_writing_again_replaces_the_files(tmp_path: Path) -> None:
    write(tmp_path, "d", log(STARTED))
    write(tmp_path, "d", whole())
    assert "Respuesta número 4." in (tmp_path / "transcript.md").read_text("utf-8")
    assert len(list(tmp_path.iterdir())) == 3


def test_a_form_that_fails_leaves_the_old_files_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "d", whole())
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}

    def fails(debate: str, records: object) -> str:
        raise RuntimeError("a bug")

    monkeypatch.setitem(files.FORMS, "transcript.html", fails)
    with pytest.raises(RuntimeError):
        write(tmp_path, "d", log(STARTED))
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@given(st.text())
def test_any_log_can_be_written_as_utf_8(text: str) -> None:
    transcript = read(text, log(replace(STARTED, topic=text), turn(1, answer=text)))
    assert repr(transcript).encode()
    assert transcript.topic.encode() is not None


def test_both_languages_have_every_word() -> None:
    for field in fields(Words):
        english, spanish = getattr(ENGLISH, field.name), getattr(SPANISH, field.name)
        assert english, field.name
        assert spanish, field.name
        if isinstance(english, str):
            assert _braces(english) == _braces(spanish), field.name
    assert len(ENGLISH.months) == len(SPANISH.months) == 12


def test_numbers_and_times_are_written_as_the_language_does() -> None:
    assert (number(1234567, ENGLISH), number(1234567, SPANISH)) == ("1,234,567", "1.234.567")
    assert [duration(s, ENGLISH) for s in (0.2, 59.4, 60, 125.2)] == [
        *("under 1 s", "59 s"),
        *("1 min 0 s", "2 min 5 s"),
    ]


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_any_colour_is_made_to_stand_out_on_light_and_on_dark(colour: str) -> None:
    for ground in (LIGHT, DARK):
        assert contrast(legible(colour, ground), ground) >= LEAST_CONTRAST


def test_a_colour_that_stands_out_is_left_as_it_is() -> None:
    assert legible("#2f74d0", LIGHT) == "#2f74d0"


def test_the_synthesis_is_whole() -> None:
    made = json.loads(as_json("d", log(STARTED, closed(Reason.STOPPED))))
    assert made["reason"] == "stopped"
    assert made["synthesis"] == {
        "summary": SYNTHESIS.summary,
        "agreements": list(SYNTHESIS.agreements),
        "disagreements": list(SYNTHESIS.disagreements),
        "open_questions": list(SYNTHESIS.open_questions),
        "repaired": None,
    }


def _braces(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
