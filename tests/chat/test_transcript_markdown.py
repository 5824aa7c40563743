"""The transcript as Markdown."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bots.chat.transcript.as_markdown import as_markdown
from bots.chat.transcript.cleaning import one_line
from bots.chat.transcript.inert_markdown import inert_block, inert_line, inert_name
from engine.debate.events import (
    DebatePaused,
    HeadReason,
    HeadStarted,
    MaterialAdded,
    MessageEdited,
    MessageHeard,
    Person,
    Problem,
    Reason,
    Record,
    SeatTaken,
    SummaryGiven,
    Synthesis,
    SynthesisRequested,
    TurnRequested,
    TurnSkipped,
)
from tests.chat.logs import (
    HEAD,
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

LINES = [
    ("# Título", "\\# Título"),
    ("- # Título", "- \\# Título"),
    ("1. > # Título", "1. \\> # Título"),
    ("> cita", "\\> cita"),
    ("===", "\\==="),
    ("~~~ a b", "\\~~~ a b"),
    ("---", "\\---"),
    ("* * *", "\\* * *"),
    ("|---|---|", "\\|---|---|"),
    ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
    ("<!-- x", "&lt;!-- x"),
    ("![x](https://example.org/x.png)", "!\\[x](https://example.org/x.png)"),
    ("[x]: https://example.org", "\\[x]: https://example.org"),
    ("\\[x](y)", "\\\\\\[x](y)"),
    ("&lt;b&gt; R&D", "&amp;lt;b&amp;gt; R&D"),
    ("a ` b", "a \\` b"),
    ("```", "\\`\\`\\`"),
    ("@everyone y @ana, no a@b.es", "@\u200beveryone y @\u200bana, no a@b.es"),
    ("<!channel> <@U123>", "&lt;!channel> &lt;@\u200bU123>"),
]
KEPT = ["**fuerte** y *suave*", "- uno", "  - dos", "1. uno", "`a < [b]`", "una_palabra", "2 > 1"]


@pytest.mark.parametrize(("text", "written"), LINES)
def test_what_markdown_would_act_on_is_escaped(text: str, written: str) -> None:
    assert inert_block(text) == written


@pytest.mark.parametrize("text", KEPT)
def test_emphasis_lists_and_code_are_kept(text: str) -> None:
    assert inert_block(text) == text


def test_fenced_code_is_kept_and_cannot_end_early() -> None:
    text = "Así:\n~~~python\n# <b>\n```\n@property\n~~~\nY ya."
    assert inert_block(text) == "Así:\n\n````python\n# <b>\n```\n@property\n````\n\nY ya."


def test_in_code_only_the_names_that_call_everybody_are_broken_up() -> None:
    assert inert_line("`@property @everyone`") == "`@property @\u200beveryone`"


def test_a_backtick_left_alone_cannot_pair_with_a_later_line() -> None:
    assert inert_block("a ` b\n`<b>` c") == "a \\` b\n`<b>` c"


def test_a_name_has_no_markdown_at_all() -> None:
    written = inert_name("**[x](y)** `<b>` #1 @here")
    assert written == "\\*\\*\\[x\\](y)\\*\\* \\`&lt;b>\\` \\#1 @\u200bhere"


MARKDOWN = st.text(alphabet="`~<>[]()!&#*_-=|+.:\\@ \nab1")
STRUCTURE = {"heading_open", "blockquote_open", "hr", "table_open", "html_block"}
ACTIVE = {"html_inline", "link_open", "image"}


@given(MARKDOWN)
@example("a\n---")
@example("`a|b <i>`|\n-|-\n`<b>`|")
@example("` \n`<script>`")
@example("- - ```\n- <b>\n- ```")
def test_no_text_has_html_a_link_or_structure_of_its_own(text: str) -> None:
    tokens = parsed(inert_block(text))
    assert not {token.type for token in tokens} & (STRUCTURE | ACTIVE)


@given(st.text() | MARKDOWN)
@example("```\n@everyone\n```")
@example("~~~ a\n# b")
def test_nothing_that_is_said_adds_a_heading_a_link_or_an_anchor(text: str) -> None:
    said, person = Synthesis(text, (text,), (text,), (text,)), Person("web:x", text)
    records = log(
        replace(STARTED, topic=text, panel=text, started_by=person),
        replace(HEAD, model=text),
        turn(1, answer=text or "x", question=text or "x"),
        MessageHeard(person, text, to=text),
        MessageHeard(person, "x"),
        MessageEdited(person, of=5, text=text),
        *(DebatePaused(person), SeatTaken(text, person), TurnSkipped(9, text, person)),
        MaterialAdded(text, text, person),
        HeadStarted(HeadReason.OVERFLOW, text, 1, 4096, summary=text),
        replace(seat_turn(2, person), answer=text or "x", question=text or "x"),
        TurnRequested(3, "maestro", answers=person),
        side_turn(3, "maestro"),
        SummaryGiven(said),
        SynthesisRequested(Reason.STOPPED, person),
        replace(closed(Reason.STOPPED, synthesis=said), error=Problem("{why}", {"why": text})),
    )
    written = as_markdown("d", records)
    tokens = parsed(written)
    headings = [token.tag for token in tokens if token.type == "heading_open"]
    items = 3 if one_line(text) else 0
    lists = ["h3"] * items
    assert headings == ["h1", "h2", "h2", "h2", "h2", *lists, "h2", *lists]
    html = [token.content for token in tokens if token.type in ("html_inline", "html_block")]
    assert html == [part for n in (1, 2, 3) for part in (f'<a id="turn-{n}">', "</a>")]
    assert not [token for token in tokens if token.type in ("link_open", "image", "table_open")]
    assert [token.type for token in tokens].count("hr") == 1
    assert "@everyone" not in written


@pytest.mark.parametrize("text", ["`" * 40_000, "```a\n" * 8_000, "- " * 20_000, "\n `" * 13_000])
def test_forty_thousand_characters_are_no_trouble(text: str) -> None:
    assert as_markdown("d", log(STARTED, turn(1, answer=text)))


def test_every_turn_appears_once_in_order_under_its_own_anchor() -> None:
    written = as_markdown("d", whole(rounds=2))
    assert re.findall(r"^## <a id=\"turn-(\d+)\"></a>(\d+)\. ", written, re.MULTILINE) == [
        (str(number), str(number)) for number in range(1, 8)
    ]
    assert re.findall(r"Respuesta número (\d+)", written) == [str(n) for n in range(1, 8)]


def test_it_reads_as_a_debate() -> None:
    written = as_markdown("d", whole())
    assert written.startswith(
        "# ¿Debe la biblioteca abrir de noche?\n\n"
        "21 de septiembre de 2026, 14:13 UTC · Panel barrio · Modelo un-modelo (instrucciones 3) · "
        "4 turnos · Material «acta.md» (19 caracteres)\n\n"
        '## <a id="turn-1"></a>1. 🧭 Guía\n\n'
        "Respuesta número 1.\n\n"
        "> → **Médica Rural**: ¿Pregunta número 1?\n\n"
    )
    assert "> 💬 **Ana** → **Jurista** · desde el hilo, 14:13 UTC\n>\n> ¿Y los domingos?" in written
    assert "### Acuerdos\n\n- Hace falta un piloto.\n\n### Desacuerdos" in written
    assert "- Terminó: hablaron todos, 21 de septiembre de 2026, 14:13 UTC\n" in written
    assert "- Prompt desde caché: 90,0 %\n" in written


def test_it_speaks_the_debates_language() -> None:
    written = as_markdown("d", whole("en"))
    assert "21 September 2026, 14:13 UTC" in written
    assert "### Open questions" in written
    assert "- Prompt from cache: 90.0%\n" in written


def test_what_is_out_of_the_ordinary_is_marked() -> None:
    records = log(
        STARTED, replace(turn(1), repaired="default", by="person"), side_turn(2, "maestro")
    )
    written = as_markdown("d", records)
    assert "*una persona en este asiento, completado en parte*" in written
    assert "*aparte*" in written
    assert "- Completados: 1" in written


def test_a_debate_that_is_not_closed_says_so() -> None:
    assert "*El debate sigue en curso.*" in as_markdown("d", log(STARTED, turn(1)))
    assert "*Nadie ha hablado.*" in as_markdown("d", log(STARTED))


def test_what_people_did_reads_as_part_of_the_debate() -> None:
    written = as_markdown("d", lively("en"))
    for part in (
        "> 💬 **Bea Ruiz** → **Maestro** · from the thread, 14:13 UTC, edited\n>\n> ¿Y los",
        "> → **Jurista**: ¿Pregunta número 2?\n\n👍 2 👎 0\n",
        "3. 🎒 Maestro\n\n*answers Bea Ruiz*\n",
        "> 💬 **Ana** · from the thread, 14:13 UTC\n>\n> *These words were taken back.*\n",
        "*Bea Ruiz took Jurista's seat. Ana paused the debate (2 times). Ana let it go on",
        "Ana changed the pace to step by step. Bea Ruiz handed in material: «plano.pdf».*\n",
        "4. 📜 Jurista\n\n*Bea Ruiz in this seat*\n",
        "*Ana skipped Maestro. Jurista's question went on to Médica Rural.*\n",
        "## The synthesis so far\n\n*asked for by Ana*\n\nHasta aquí",
        "*steps in: the last two said the same*",
        "*Bea Ruiz did not speak in time, so Jurista spoke.*",
        "*It had ended: what the channel may use is used up. Then it was opened again.*",
        "## After the close\n\n> 💬 **Ana** → **Médica Rural**",
        "*Ana added a round. The other thread stopped showing it.*",
        "- It ended: Ana stopped it, ",
    ):
        assert part in written, part


@pytest.mark.parametrize(("records", "gone"), erasures())
def test_words_that_were_taken_back_are_not_written(records: list[Record], gone: str) -> None:
    written = as_markdown("d", records)
    assert gone not in written
    assert "*Estas palabras se retiraron.*" in written
    assert "Bea Ruiz" in written


def parsed(text: str) -> list[Token]:
    """All tokens, block and inline, as a real Markdown parser with tables and HTML sees them."""
    blocks = MarkdownIt("commonmark").enable("table").parse(text)
    return [token for block in blocks for token in (block, *(block.children or []))]
