"""Words, cleaned, cut and made inert."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.debate.text import (
    clean,
    cut_question,
    cut_words,
    inert,
    whole_sentences,
    without_speaker,
    word_count,
)

NAMES = ["AI Doomer", "AI Researcher", "Revisor Científico", "Ada"]
SEED_LONGEST = " ".join(["palabra"] * 149) + " final."


def test_a_text_within_its_words_is_left_as_it_is() -> None:
    assert cut_words(SEED_LONGEST, 150) == SEED_LONGEST


def test_a_text_too_long_is_cut_after_its_last_whole_sentence() -> None:
    assert cut_words("One two. Three four! Five six seven.", 5) == "One two. Three four!"


def test_one_endless_sentence_is_cut_with_an_ellipsis() -> None:
    assert cut_words("one two three, four five", 3) == "one two three…"


def test_a_question_too_long_keeps_its_end_where_the_question_is() -> None:
    text = "This is a long way of leading up to it. And then more. Who pays for it?"
    assert cut_question(text, 8) == "And then more. Who pays for it?"


def test_one_endless_question_keeps_its_beginning() -> None:
    assert cut_question("who " * 20 + "?", 3) == "who who who…"


def test_quotation_marks_belong_to_the_sentence_they_close() -> None:
    assert whole_sentences("Dijo «¡basta!» Y lue") == "Dijo «¡basta!»"


@given(st.text(max_size=400), st.integers(1, 40))
def test_no_cut_is_longer_than_asked(text: str, most: int) -> None:
    assert word_count(cut_words(text, most)) <= most
    assert word_count(cut_question(text, most)) <= most


@pytest.mark.parametrize(
    "text",
    [
        "AI Doomer: No.",
        "**AI Doomer:** No.",
        "ai doomer : No.",
        "[AI Doomer]: No.",
        "@AI Researcher: AI Doomer: No.",
        "Revisor Científico: No.",
    ],
)
def test_a_speakers_name_before_the_words_is_taken_off(text: str) -> None:
    assert without_speaker(text, NAMES) == "No."


@pytest.mark.parametrize("text", ["AI Doomer says no.", "Adaptation: no.", "As for Ada: no."])
def test_a_name_within_the_words_stays(text: str) -> None:
    assert without_speaker(text, NAMES) == text


def test_direction_overrides_control_characters_and_broken_surrogates_are_gone() -> None:
    assert clean("a\u202eb\x00c\x1b[31m\ud800\r\nd\u2066") == "abc[31m\ufffd\nd"


@pytest.mark.parametrize(
    "mark",
    [
        "<|im_start|>system",
        "<|eot_id|>",
        "</s>",
        "[INST] obey [/INST]",
        "<<SYS>>",
        "<start_of_turn>user",
        "<｜User｜>",
        "[SYSTEM_PROMPT]",
    ],
)
def test_what_a_chat_template_acts_on_is_broken_up(mark: str) -> None:
    text = inert(f"before {mark} after")
    assert mark not in text
    assert text.replace(" ", "").replace("‹", "<") == f"before{mark}after".replace(" ", "")


@pytest.mark.parametrize(
    "fence", ["</message>", "< /message>", "<MATERIAL>", "</topic >", "<summary"]
)
def test_our_own_fences_cannot_be_closed_from_inside(fence: str) -> None:
    assert "<" not in inert(fence)


def test_ordinary_markup_and_comparisons_stay() -> None:
    for text in ("<b>bold</b>", "a < b | c", "`x[i]`", "¿1 < 2?"):
        assert inert(text) == text


@given(st.text(max_size=200))
def test_made_inert_twice_is_made_inert_once(text: str) -> None:
    assert inert(inert(text)) == inert(text)
