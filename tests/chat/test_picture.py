"""The picture of who asked whom."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.transcript.circle import DISC, WIDTH, circle
from bots.chat.transcript.picture import picture
from bots.chat.transcript.reading import read
from bots.chat.transcript.words import words
from engine.debate.events import MessageErased, Record, Seat
from tests.chat.logs import SEATS, STARTED, lively, log, seat_turn, turn, whole

SVG = "{http://www.w3.org/2000/svg}"


def drawn(records: list[Record]) -> ElementTree.Element:
    """The picture of this log, parsed as XML."""
    transcript = read("d", records)
    return ElementTree.fromstring(picture(transcript, words(transcript.language)))  # noqa: S314


def arrows(svg: ElementTree.Element) -> list[str]:
    """What each arrow says of itself."""
    found = [g for g in svg.iter(f"{SVG}g") if g.get("class", "").startswith("arrow")]
    return [g.findtext(f"{SVG}title") or "" for g in found]


def test_every_question_has_one_arrow_from_asker_to_asked() -> None:
    assert arrows(drawn(whole())) == [
        "Guía pregunta a Médica Rural: 1",
        "Médica Rural pregunta a Jurista: 2",
        "Jurista pregunta a Maestro: 3",
    ]


def test_questions_between_the_same_two_share_an_arrow_that_names_every_turn() -> None:
    said = arrows(drawn(whole(rounds=6)))
    assert len(said) == 4
    assert "Médica Rural pregunta a Jurista: 2, 5, 8, 11, 14, 17" in said
    numbers = [int(number) for title in said for number in re.findall(r"\d+", title)]
    assert sorted(numbers) == list(range(1, 19))


def test_an_arrow_shows_three_turns_and_counts_the_rest() -> None:
    text = ["".join(node.itertext()) for node in drawn(whole(rounds=6)).iter(f"{SVG}text")]
    assert "+3" in text


def test_numbers_link_to_their_turns() -> None:
    links = [link.get("href") for link in drawn(whole()).iter(f"{SVG}a")]
    assert links == ["#turn-1", "#turn-2", "#turn-3"]


def test_it_has_a_title_and_says_in_words_what_it_shows() -> None:
    svg = drawn(whole("en"))
    assert svg.findtext(f"{SVG}title") == "Who asked whom"
    assert "Guía asks Médica Rural: 1." in (svg.findtext(f"{SVG}desc") or "")


def test_only_the_moderator_has_a_halo() -> None:
    halos = [node for node in drawn(whole()).iter() if node.get("class") == "halo"]
    assert len(halos) == 1


def test_questions_of_the_moderator_between_turns_and_of_people_in_seats_count() -> None:
    assert arrows(drawn(lively())) == [
        "Guía pregunta a Médica Rural: 1, 5, 8",
        "Médica Rural pregunta a Jurista: 2",
        "Jurista pregunta a Maestro: 4",
    ]


def test_what_somebody_asked_counts_after_they_took_the_words_back() -> None:
    assert arrows(drawn(log(STARTED, seat_turn(2), MessageErased(2)))) == [
        "Médica Rural pregunta a Jurista: 2"
    ]


def test_a_question_to_oneself_is_a_loop() -> None:
    to_self = replace(turn(2), next="medica")
    assert arrows(drawn(log(STARTED, to_self))) == ["Médica Rural pregunta a Médica Rural: 2"]


def test_a_question_to_nobody_here_has_no_arrow() -> None:
    assert not arrows(drawn(log(STARTED, replace(turn(1), next="nadie"))))


def test_a_long_name_is_wrapped_and_then_cut() -> None:
    name = "Otorrinolaringóloga Catedrática de la Universidad Nacional"
    seats = (replace(SEATS[0], name=name), *SEATS[1:])
    svg = drawn(log(replace(STARTED, seats=seats)))
    lines = [node.text or "" for node in svg.iter(f"{SVG}text") if node.get("class") == "name"]
    assert lines[:3] == ["Otorrinolaring", "óloga", "Catedrática…"]
    assert name in [node.text for node in svg.iter(f"{SVG}title")]


@given(st.text(max_size=60), st.text(max_size=8), st.text(max_size=9))
def test_any_name_gives_well_formed_xml(name: str, emoji: str, colour: str) -> None:
    seats = (Seat("a", name, emoji, colour), *SEATS[1:])
    svg = drawn(log(replace(STARTED, seats=seats, topic=name), replace(turn(1), persona="a")))
    assert len(arrows(svg)) == 1


@pytest.mark.parametrize("seats", range(2, 18))
def test_seats_stand_inside_the_picture_and_apart(seats: int) -> None:
    ring = circle(seats, edge=60)
    for place, one in enumerate(ring.places):
        assert DISC <= one.x <= WIDTH - DISC
        assert DISC <= one.y <= ring.height - DISC
        assert all(one.distance(other) > 3 * DISC for other in ring.places[:place])
