"""A typed name means one persona, or several to choose from, and nobody by accident."""

from __future__ import annotations

import unicodedata

import pytest

from bots.chat.names import addressed, named
from engine.debate.events import Seat
from tests.chat.cast import SEATS

AIS = ("ai-researcher", "ai-philosopher", "ai-doomer", "ai-enthusiast", "ai-newcomer")


def persona_of(text: str) -> str | None:
    """Whom the text is addressed to, where that is clear."""
    address = addressed(text, SEATS)
    return address.persona if address else None


@pytest.mark.parametrize(
    ("text", "persona"),
    [
        ("@AI Newcomer, ¿qué entiende usted?", "ai-newcomer"),
        ("@ai newcomer what would you ask?", "ai-newcomer"),
        ("@ai-newcomer hi", "ai-newcomer"),
        ("@ai_newcomer hi", "ai-newcomer"),
        ("@AINewcomer hi", "ai-newcomer"),
        ("@newcomer hi", "ai-newcomer"),
        ("@NEWCOMER", "ai-newcomer"),
        ("@newc: hi", "ai-newcomer"),
        ("@Pensador Crítico.", "pensador-critico"),
        ("@pensador critico", "pensador-critico"),
        ("@PENSADOR\u00a0CRÍTICO", "pensador-critico"),
        ("@critico y nada más", "pensador-critico"),
        ("@Pensador dime algo", "pensador-critico"),
        ("@revisor-cientifico's view", "revisor-cientifico"),
        ("@científico's view", "revisor-cientifico"),
        ("hola, @doomer: ¿y ahora?", "ai-doomer"),
        ("(@doomer)", "ai-doomer"),
        ("¿@doomer?", "ai-doomer"),
        ("**@doomer** hey", "ai-doomer"),
        ("line\n@doomer", "ai-doomer"),
        ("@doomer\nAI Newcomer", "ai-doomer"),
        ("@Doomer @Newcomer", "ai-doomer"),
        ("@nobody but @newcomer", "ai-newcomer"),
        ("me@ai-newcomer.com, @doomer", "ai-doomer"),
        ("`@newcomer` @doomer", "ai-doomer"),
        ("@coordinador stop", "coordinador"),
        ("@Moderator stop", "coordinador"),
        ("@moderadora alto", "coordinador"),
        ("@do\u200bomer", "ai-doomer"),
    ],
)
def test_a_name_is_known_whatever_its_accents_case_and_blanks(text: str, persona: str) -> None:
    assert persona_of(text) == persona


def test_an_accent_may_be_a_mark_of_its_own() -> None:
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, "@Pensador Crítico, ¿sí?")
        address = addressed(text, SEATS)
        assert address is not None
        assert address.persona == "pensador-critico"
        assert unicodedata.normalize("NFC", text[address.end :]) == ", ¿sí?"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "@@doomer",
        "no tag: doomer",
        "a@doomer.com",
        "mail me at ana@newcomer",
        "see https://example.org/@doomer",
        "＠doomer",
        "﹫doomer",
        "`@doomer`",
        "```\n@doomer\n```",
        "```\n@doomer, and never closed",
        "@channel @here @everyone",
        "<@U0DOOMER> <!channel> <@&123>",
        "@ doomer",
        "@doomerism is a word",
        "@pe",
        "@e\u0301",
    ],
)
def test_what_only_looks_like_a_tag_calls_nobody(text: str) -> None:
    assert addressed(text, SEATS) is None


@pytest.mark.parametrize("text", ["@ai what?", "@AI new ideas are cheap", "@ai."])
def test_a_name_that_fits_several_gives_them_as_choices_and_guesses_none(text: str) -> None:
    address = addressed(text, SEATS)
    assert address is not None
    assert (address.persona, address.choices) == (None, AIS)


def test_the_first_that_fits_decides_also_where_it_fits_several() -> None:
    address = addressed("@ai or rather @doomer", SEATS)
    assert address is not None
    assert address.choices == AIS


def test_the_longest_whole_name_wins() -> None:
    seats = (Seat("ada", "Ada", "", ""), Seat("ada-bel", "Ada Bel", "", ""))
    for text, persona in (
        ("@Ada Bel!", "ada-bel"),
        ("@Ada believes so", "ada"),
        ("@ada-bel!", "ada-bel"),
        ("@ada. Bel is out", "ada-bel"),
        ("@Ada, Bel is out", "ada"),
    ):
        address = addressed(text, seats)
        assert address is not None, text
        assert address.persona == persona, text


def test_a_persona_of_that_name_comes_before_the_moderators_title() -> None:
    seats = (Seat("chair", "Chair", "", ""), Seat("moderator", "Moderator", "", ""))
    address = addressed("@moderator", seats)
    assert address is not None
    assert address.persona == "moderator"


def test_an_id_decides_over_anothers_name() -> None:
    seats = (Seat("one", "Two Three", "", ""), Seat("two", "One Four", "", ""))
    address = addressed("@two", seats)
    assert address is not None
    assert address.persona == "two"


def test_the_text_after_a_name_can_be_cut_off() -> None:
    text = "  @Moderator: stop"
    address = addressed(text, SEATS)
    assert address is not None
    assert (text[address.start : address.end], address.typed) == ("@Moderator", "Moderator")


@pytest.mark.parametrize(
    ("name", "personas"),
    [
        ("AI Newcomer", ("ai-newcomer",)),
        ("@AI Newcomer", ("ai-newcomer",)),
        ("ai", AIS),
        ("crítico", ("pensador-critico",)),
        ("belts on buses", ()),
        ("", ()),
        ("@", ()),
        ("x" * 10_000, ()),
    ],
)
def test_a_name_by_itself_is_taken_whole(name: str, personas: tuple[str, ...]) -> None:
    address = named(name, SEATS)
    assert (address.choices if address else ()) == personas


def test_nobody_is_meant_where_nobody_sits() -> None:
    assert addressed("@moderator @ada", ()) is None
    assert named("ada", ()) is None
