"""The transcript as one HTML file."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.transcript.as_html import as_html
from engine.debate.events import (
    DebatePaused,
    HeadReason,
    HeadStarted,
    MaterialAdded,
    MessageEdited,
    MessageHeard,
    Person,
    Problem,
    QuestionPassed,
    Reason,
    Record,
    Seat,
    SeatLapsed,
    SeatTaken,
    SummaryGiven,
    Synthesis,
    SynthesisRequested,
    TurnRequested,
    TurnSkipped,
)
from tests.chat.logs import (
    ANA,
    HEAD,
    SEATS,
    STARTED,
    closed,
    erasures,
    lively,
    log,
    seat_turn,
    side_turn,
    turn,
    whole,
)
from tests.chat.pages import ALLOWED, Page

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "--><!-- ]]> <![CDATA[ <?php",
    "</p></article></main></title></svg></textarea>",
    "\" onclick='x' autofocus=\"",
    "javascript:alert(1)",
    "{{7*7}} {% raw %} ${x} {name} %s",
    "\u202etxt.exe\u2066 \u200f",
    "&lt;script&gt; &#60;b&#62; &nbsp;",
    "`<b>` **<i>** *</em>*",
    "```\n<script>\n```\n```",
    "- <li>\n- </ul>",
    "\ud800 \x00 \x1b[31m \ufffe\uffff \x85\u2028",
]


def hostile_log(text: str) -> str:
    """A page in which everybody says this, everywhere that people or models are let in."""
    seats = tuple(
        replace(seat, name=text[:60] or "x", emoji=text[:8] or "x", colour=text) for seat in SEATS
    )
    person = Person("web:x", text)
    synthesis = Synthesis(text, (text,), (text,), (text,))
    return as_html(
        text,
        log(
            replace(STARTED, topic=text, panel=text, seats=seats, started_by=person),
            replace(HEAD, model=text),
            replace(turn(1, answer=text or "x", question=text or "x"), name=text),
            MessageHeard(person, text, to=text),
            MessageHeard(person, "x"),
            MessageEdited(person, of=5, text=text),
            *(DebatePaused(person), DebatePaused(person), SeatTaken(text, person)),
            *(TurnSkipped(9, text, person), QuestionPassed(text, text)),
            *(SeatLapsed(9, person), MaterialAdded(text, text, person)),
            TurnRequested(3, text, answers=person),
            replace(side_turn(3, "maestro"), answer=text),
            replace(seat_turn(4, person), answer=text or "x"),
            SummaryGiven(synthesis),
            SynthesisRequested(Reason.STOPPED, person),
            closed(Reason.STOPPED, synthesis),
            HeadStarted(HeadReason.OVERFLOW, text, 1, 4096, summary=text),
            replace(turn(2, question=""), persona=text or "x", next=text or None),
            replace(
                closed(synthesis=synthesis),
                error=Problem("{why}", {"why": text}),
            ),
        ),
    )


def check_inert(source: str) -> Page:
    """Only our own elements, whole and nested, with no handler and no way out."""
    page = Page(source)
    assert set(page.tags) <= ALLOWED
    assert not page.unclosed
    assert not page.oddities
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert not page.values("src")
    assert not page.values("style")
    assert all(re.fullmatch(r"#turn-\d+", target) for target in page.values("href"))
    assert len(page.values("id")) == len(set(page.values("id")))
    return page


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_text_and_nothing_else(text: str) -> None:
    page = check_inert(hostile_log(text))
    assert page.tags.count("style") == page.tags.count("svg") == 1
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b\ufffe\uffff]", page.text)


@given(st.text() | st.text(alphabet="<>/&\"'`*-#=! \nab;"))
def test_any_words_are_text_and_nothing_else(text: str) -> None:
    check_inert(hostile_log(text))


@pytest.mark.parametrize("text", ["x" * 40_000, "`" * 40_000, "```a\n" * 10_000, "**a" * 13_000])
def test_forty_thousand_characters_are_no_trouble(text: str) -> None:
    assert len(Page(hostile_log(text)).text) > 40_000


def test_words_are_shown_as_they_were_said() -> None:
    page = Page(as_html("d", log(STARTED, turn(1, answer="1 < 2 && 3 > 2 <b>no</b> {x}"))))
    assert "1 < 2 && 3 > 2 <b>no</b> {x}" in page.text


def test_the_light_emphasis_that_models_write_is_shown() -> None:
    source = as_html(
        "d", log(STARTED, turn(1, answer="**Uno**, *dos* y `a*b*c`:\n- tres\n- 2*3*4"))
    )
    for part in ("<strong>Uno</strong>", "<em>dos</em>", "<code>a*b*c</code>", "<li", "2*3*4"):
        assert part in source


def test_every_turn_appears_once_in_order_and_links_to_itself() -> None:
    page = Page(as_html("d", whole(rounds=3)))
    numbers = [int(number) for number in re.findall(r"Respuesta número (\d+)\.", page.text)]
    assert numbers == list(range(1, 11))
    ids = [value for value in page.values("id") if value.startswith("turn-")]
    assert ids == [f"turn-{number}" for number in range(1, 11)]
    assert all(f"#turn-{number}" in page.values("href") for number in range(1, 11))


def test_peoples_words_stand_where_they_were_heard() -> None:
    text = Page(as_html("d", whole())).text
    assert text.index("Respuesta número 2") < text.index("¿Y los domingos?")
    assert text.index("¿Y los domingos?") < text.index("Respuesta número 3")


def test_the_page_asks_nothing_of_anybody() -> None:
    page = Page(as_html("d", whole()))
    assert not {"script", "link", "img", "iframe", "object", "base", "form"} & set(page.tags)
    source = as_html("d", whole())
    assert "url(" not in source
    assert "@import" not in source


def test_the_policy_lets_in_this_one_style_and_nothing_else() -> None:
    source = as_html("d", whole())
    style = source.partition("<style>")[2].partition("</style>")[0]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = next(value for value in Page(source).values("content") if "default-src" in value)
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; ")
    assert "unsafe" not in policy


def test_the_page_can_be_read_by_anybody() -> None:
    source = as_html("d", whole())
    page = Page(source)
    assert '<html lang="es">' in source
    assert '<html lang="en">' in as_html("d", whole("en"))
    assert "width=device-width, initial-scale=1" in page.values("content")
    assert page.tags.count("h1") == page.tags.count("main") == 1
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize(
    ("records", "seen"),
    [
        (log(STARTED), "Nadie ha hablado."),
        (log(STARTED, HEAD, turn(1)), "El debate sigue en curso."),
        (log(STARTED, closed()), "Hace falta un piloto."),
        (log(STARTED, turn(1), side_turn(2, "jurista")), "aparte"),
        (log(STARTED, replace(turn(1), by="person")), "una persona en este asiento"),
        (log(STARTED, seat_turn(1, ANA)), "Ana en este asiento"),
        (log(replace(STARTED, started_by=ANA)), "Lo inició Ana"),
        (log(STARTED, replace(turn(1), repaired="repair")), "segundo intento"),
        (log(STARTED, replace(turn(1), repaired="default")), "completado en parte"),
        (log(STARTED, replace(closed(), repaired="default")), "a partir del registro"),
        (log(STARTED, replace(HEAD, summary="Van dos turnos.")), "Van dos turnos."),
        (log(replace(STARTED, seats=(Seat("a", "Sola", "🪑", "#ffffff"),))), "Sola"),
    ],
)
def test_a_debate_is_shown_however_far_it_got(records: list[Record], seen: str) -> None:
    page = check_inert(as_html("d", records))
    assert seen in page.text


def test_a_log_without_its_start_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not begin with its start"):
        as_html("d", log(turn(1)))


def test_small_things_between_the_turns_are_one_paragraph() -> None:
    source = as_html("d", lively("en"))
    page = check_inert(source)
    assert (
        "Bea Ruiz took Jurista's seat. Ana paused the debate (2 times). Ana let it go on (2 times)."
    ) in page.text
    assert page.values("class").count("small") == 7


def test_every_synthesis_stands_where_it_was_given() -> None:
    page = check_inert(as_html("d", lively()))
    ids = [value for value in page.values("id") if value.startswith(("turn", "synth", "summary"))]
    assert ids == [
        *("turn-1", "turn-2", "turn-3", "turn-4", "summary-30", "turn-5", "turn-6"),
        *("synthesis-39", "turn-7", "turn-8", "turn-9", "synthesis", "turn-10"),
    ]
    assert page.text.count("Después del cierre") == 2
    assert "Había terminado: se agotó lo que el canal puede usar. Después se reabrió." in page.text


def test_its_headings_are_in_order() -> None:
    page = Page(as_html("d", lively()))
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize(("records", "gone"), erasures())
def test_words_that_were_taken_back_are_not_in_the_page(records: list[Record], gone: str) -> None:
    source = as_html("d", records)
    assert gone not in source
    assert "Estas palabras se retiraron." in source
    assert "Bea Ruiz" in source
