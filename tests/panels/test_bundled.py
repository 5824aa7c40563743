"""The casts that come along: complete, distinct, legible, and alike in both languages."""

from __future__ import annotations

from itertools import combinations

import pytest

from engine.debate.panel import Handoff, Panel
from engine.panels.loader import bundled, load_panel

TWINS = [("ai-es", "ai-en"), ("decision-es", "decision-en")]
PANELS = [load_panel(name) for name in bundled()]
every_panel = pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.id)


def test_four_casts_come_along() -> None:
    assert bundled() == ["ai-en", "ai-es", "decision-en", "decision-es"]


@every_panel
def test_a_cast_is_called_as_its_file(panel: Panel) -> None:
    assert load_panel(panel.id) == panel
    assert panel.handoff is Handoff.RING
    assert panel.language == panel.id[-2:]


def test_ai_es_has_its_eight_voices_in_order() -> None:
    panel = load_panel("ai-es")
    assert [(persona.id, persona.name) for persona in panel.personas] == [
        ("coordinador", "Coordinador"),
        ("ai-researcher", "AI Researcher"),
        ("ai-philosopher", "AI Philosopher"),
        ("revisor-cientifico", "Revisor Científico"),
        ("ai-doomer", "AI Doomer"),
        ("ai-enthusiast", "AI Enthusiast"),
        ("ai-newcomer", "AI Newcomer"),
        ("pensador-critico", "Pensador Crítico"),
    ]
    assert (panel.rounds, panel.answer_words, panel.question_words) == (1, 150, 60)


def test_ai_en_has_the_same_voices_in_english() -> None:
    assert [(persona.id, persona.name) for persona in load_panel("ai-en").personas] == [
        ("coordinator", "Coordinator"),
        ("ai-researcher", "AI Researcher"),
        ("ai-philosopher", "AI Philosopher"),
        ("scientific-reviewer", "Scientific Reviewer"),
        ("ai-doomer", "AI Doomer"),
        ("ai-enthusiast", "AI Enthusiast"),
        ("ai-newcomer", "AI Newcomer"),
        ("critical-thinker", "Critical Thinker"),
    ]


def test_a_decision_is_reviewed_from_six_sides() -> None:
    english = [persona.name for persona in load_panel("decision-en").debaters]
    spanish = [persona.name for persona in load_panel("decision-es").debaters]
    assert english == ["Product", "Engineering", "Design", "Security", "Finance", "Customer"]
    assert spanish == ["Producto", "Ingeniería", "Diseño", "Seguridad", "Finanzas", "Cliente"]


@pytest.mark.parametrize(("spanish", "english"), TWINS)
def test_twins_have_the_same_seats_faces_and_limits(spanish: str, english: str) -> None:
    es, en = load_panel(spanish), load_panel(english)
    assert [(one.emoji, one.colour) for one in es.personas] == [
        (one.emoji, one.colour) for one in en.personas
    ]
    assert (es.rounds, es.answer_words, es.question_words) == (
        en.rounds,
        en.answer_words,
        en.question_words,
    )


@every_panel
def test_every_persona_has_a_face_of_its_own(panel: Panel) -> None:
    seats = len(panel.personas)
    assert len({persona.emoji for persona in panel.personas}) == seats
    assert len({persona.colour for persona in panel.personas}) == seats


@every_panel
@pytest.mark.parametrize("background", ["#ffffff", "#111111"])
def test_every_colour_can_be_read_on_white_and_on_black(panel: Panel, background: str) -> None:
    for persona in panel.personas:
        assert contrast(persona.colour, background) >= 3, persona.name


@every_panel
def test_a_card_is_full_but_not_long_and_a_stance_is_one_breath(panel: Panel) -> None:
    for persona in panel.personas:
        assert 60 <= len(persona.card.split()) <= 90, persona.name
        assert len(persona.stance.split()) <= 12, persona.name


def test_no_two_cards_are_alike() -> None:
    for panel in PANELS:
        for one, other in combinations(panel.personas, 2):
            assert not shared_runs(one.card, other.card), f"{panel.id}: {one.name}, {other.name}"
            assert not shared_runs(one.stance, other.stance), f"{panel.id}: {one.name}"


@every_panel
def test_the_question_that_stands_in_is_one_question(panel: Panel) -> None:
    assert panel.phrases.question.count("?") == 1
    assert len(panel.phrases.question.split()) <= panel.question_words
    assert len(panel.phrases.answer.split()) <= panel.answer_words


def shared_runs(one: str, other: str) -> set[tuple[str, ...]]:
    """The runs of four words that two texts have in common."""
    return _runs(one) & _runs(other)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return set(zip(words, words[1:], words[2:], words[3:], strict=False))


def contrast(colour: str, background: str) -> float:
    """The ratio of WCAG 2, from 1 to 21."""
    dark, light = sorted((_luminance(colour), _luminance(background)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
