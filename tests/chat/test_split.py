"""Long texts are cut where a reader minds least, and nothing is lost by it."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.split import LEAST, Length, Piece, characters, cut, split, utf16_units

FAMILY = "👩\u200d👩\u200d👧"
FLAGS = "🇪🇸🇲🇽🇦🇷"

_BITS = st.sampled_from(
    [
        *("\n", "\n\n", " ", "```\n", "```py\n", "\n```\n", "~~~", "    ", "``", "` `"),
        *("Una frase. ", "¿Otra? ", "palabra ", "x" * 50, "(a](b) "),
        *("[un enlace](https://e.org/a-b) ", "https://e.org/una/ruta ", "`a b`"),
        *("é" * 3, "n\u0303", FAMILY, FLAGS, "🧑🏽", "\u0301" * 90, "\ud83d", "각"),
    ]
)
TEXTS = st.one_of(
    st.lists(_BITS, max_size=60).map("".join), st.text(alphabet=st.characters(), max_size=400)
)
LENGTHS = st.sampled_from([characters, utf16_units])
LIMITS = st.integers(LEAST, 400)


def texts(text: str, limit: int = LEAST) -> list[str]:
    return [piece.text for piece in split(text, limit)]


@given(TEXTS, LIMITS, LENGTHS)
def test_the_pieces_ranges_are_the_text_and_none_is_too_long(
    text: str, limit: int, length: Length
) -> None:
    pieces = list(split(text, limit, length))
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text
    assert all(length(piece.text) <= limit for piece in pieces)
    assert all(piece.start < piece.end for piece in pieces)


@given(TEXTS, LIMITS, LENGTHS, st.data())
def test_the_rest_is_cut_from_an_offset_as_it_would_have_been(
    text: str, limit: int, length: Length, data: st.DataObject
) -> None:
    pieces = list(split(text, limit, length))
    done = data.draw(st.integers(0, len(pieces)))
    start = pieces[done - 1].end if done else 0
    assert list(split(text, limit, length, start)) == pieces[done:]


@given(TEXTS, LIMITS, LIMITS, st.integers(0, 5))
def test_another_limit_in_mid_text_loses_and_repeats_nothing(
    text: str, before: int, after: int, done: int
) -> None:
    pieces = list(split(text, before))[:done]
    start = pieces[-1].end if pieces else 0
    pieces += split(text, after, start=start)
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text


@given(st.text(alphabet="abc ñ.\n", max_size=600), LIMITS)
def test_no_word_is_parted_that_fits_and_nothing_but_blanks_is_left_out(
    text: str, limit: int
) -> None:
    shown = [word for piece in split(text, limit) for word in piece.text.split()]
    assert "".join(shown) == "".join(text.split())
    if max(map(len, text.split()), default=0) <= limit // 4:
        assert shown == text.split()


@given(TEXTS, LIMITS)
def test_every_piece_closes_the_fences_it_opens(text: str, limit: int) -> None:
    for piece in split(text, limit):
        marks = None
        for line in piece.text.split("\n"):
            if marks is None:
                if opened := re.fullmatch(r" {0,3}(`{3,8}|~{3,8})([ -_a-}]{0,40})", line.rstrip()):
                    marks = opened[1]
            elif re.fullmatch(rf" {{0,3}}{marks}{marks[0]}*\s*", line):
                marks = None
        assert marks is None, piece


@given(st.lists(st.sampled_from([FAMILY, "n\u0303", "🇪🇸", "🧑🏽", "e\u0301\u0302"])), LIMITS)
def test_what_people_see_as_one_character_stays_one(seen: list[str], limit: int) -> None:
    for piece in split("".join(seen), limit):
        assert not unicodedata.category(piece.text[0]).startswith("M")
        assert piece.text[0] not in "\u200d🏽"
        assert piece.text[-1] != "\u200d"
        assert sum("🇦" <= char <= "🇿" for char in piece.text) % 2 == 0


def test_a_text_that_fits_is_one_piece() -> None:
    assert list(split("Corto.", LEAST)) == [Piece(0, 6, "Corto.")]
    assert texts("") == []


def test_a_paragraph_is_the_first_choice_then_a_sentence_then_a_word() -> None:
    sentence = "Una frase de unas cuantas palabras. "
    paragraphs = f"{sentence}\n\n{sentence.strip()} Sigue un poco.\n\n{sentence * 2}"
    assert texts(paragraphs, 100)[0] == f"{sentence}\n\n{sentence.strip()} Sigue un poco."
    assert texts(sentence * 4)[0] == (sentence * 2).strip()
    words = "palabra " * 30
    assert texts(words)[0] == ("palabra " * 10).strip()
    assert [len(text) for text in texts("x" * 200)] == [80, 80, 40]


def test_a_paragraph_that_ends_early_does_not_make_a_tiny_piece() -> None:
    text = "Sí.\n\n" + "Una frase que sigue. " * 10
    assert texts(text)[0].endswith("sigue.")


def test_code_that_fits_in_a_piece_is_not_parted() -> None:
    code = "```py\n" + "x = 1\n" * 8 + "```"
    text = f"Primero una frase bastante larga antes del código.\n{code}\nDespués."
    assert texts(text) == [
        "Primero una frase bastante larga antes del código.",
        f"{code}\nDespués.",
    ]


def test_code_that_has_to_be_cut_is_closed_and_opened_again_with_its_language() -> None:
    code = "```py\n" + "valor = 12345\n" * 12 + "```\nFin."
    pieces = texts(code)
    assert len(pieces) > 2
    assert all(piece.startswith("```py\nvalor") for piece in pieces)
    assert all(piece.endswith("\n```") for piece in pieces[:-1])
    assert pieces[-1].endswith("```\nFin.")
    assert sum(piece.count("valor = 12345") for piece in pieces) == 12


def test_code_that_nobody_closed_does_not_swallow_what_a_surface_writes_after_it() -> None:
    assert texts("```\ncode") == ["```\ncode\n```"]


@pytest.mark.parametrize(
    "whole",
    ["[un enlace con texto](https://e.org/x)", "`código con blancos`", "<@U012 con nombre>"],
)
def test_what_stops_working_when_it_is_cut_stays_whole(whole: str) -> None:
    for before in range(40, 80):
        pieces = texts(f"{'p' * before} {whole} y más palabras después de todo")
        assert any(whole in piece for piece in pieces), pieces


def test_a_link_longer_than_a_piece_is_cut_all_the_same() -> None:
    link = f"https://e.org/{'x' * 200}"
    assert "".join(texts(f"Mire {link}")) == f"Mire{link}"


def test_length_is_the_surfaces_to_count() -> None:
    assert utf16_units("a🧭") == 3
    assert characters("a🧭") == 2
    assert [len(p.text) for p in split("🧭" * 100, LEAST, utf16_units)] == [40, 40, 20]


def test_a_limit_without_room_for_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="too low"):
        cut("texto", LEAST - 1)


def test_forty_thousand_characters_of_anything_take_no_time() -> None:
    for bit in ("```\n", "[", "`", "<", "(](", "a. ", "\u0301", "x", "\n"):
        assert len(list(split(bit * (40_000 // len(bit)), 2_000))) <= 60
