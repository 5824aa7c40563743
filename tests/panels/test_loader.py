"""A panel file becomes a panel, with what it left out filled in."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.debate.panel import Handoff, Panel
from engine.panels.loader import load_panel
from tests.panels.panel_text import SMALL, changed


def load(folder: Path, text: str) -> Panel:
    file = folder / "my.toml"
    file.write_bytes(text.encode())
    return load_panel(str(file))


def test_a_file_is_read_as_it_stands(tmp_path: Path) -> None:
    panel = load(tmp_path, SMALL)
    assert (panel.id, panel.title, panel.language) == ("small", "Two voices", "en")
    assert [persona.id for persona in panel.personas] == ["chair", "yes", "no"]
    assert panel.phrases.question == "{name}, what do you make of it?"
    assert panel.moderator.stance == "Ask, never answer."


def test_rounds_limits_and_handoff_have_defaults(tmp_path: Path) -> None:
    panel = load(tmp_path, SMALL)
    assert (panel.rounds, panel.answer_words, panel.question_words) == (1, 150, 60)
    assert panel.handoff is Handoff.RING


@pytest.mark.parametrize(("language", "word"), [("en", "usable"), ("es", "útil")])
def test_phrases_left_out_come_in_the_panels_language(
    tmp_path: Path, language: str, word: str
) -> None:
    text = changed('language = "en"', f'language = "{language}"')
    text = text.replace('answer = "I have nothing to add at this point."\n', "")
    panel = load(tmp_path, text)
    assert word in panel.phrases.answer
    assert panel.phrases.question == "{name}, what do you make of it?"


def test_a_cards_lines_are_joined_so_that_wrapping_changes_no_prompt(tmp_path: Path) -> None:
    card = load(tmp_path, SMALL).debaters[0].card
    assert card.startswith('You say yes first. [[debaters]] id = "not a field')
    assert "\n" not in card


def test_a_file_from_windows_reads_the_same(tmp_path: Path) -> None:
    windows = "\ufeff" + SMALL.replace("\n", "\r\n")
    assert load(tmp_path, windows) == load(tmp_path, SMALL)


def test_names_keep_accents_spaces_and_shared_words(tmp_path: Path) -> None:
    text = changed('name = "Yes"', 'name = "AI Crítico"').replace('"No"', '"AI Niño"')
    assert [one.name for one in load(tmp_path, text).debaters] == ["AI Crítico", "AI Niño"]
