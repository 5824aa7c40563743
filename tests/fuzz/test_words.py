"""What people write: commands, names, mentions, and how their words are cut and shown."""

from __future__ import annotations

import re
from contextlib import suppress

from hypothesis import strategies as st

from bots.chat.grammar import Known, Misunderstood, Start, control, parse
from bots.chat.grammar.options import OPTIONS
from bots.chat.grammar.verbs import PHRASES
from bots.chat.i18n import explained
from bots.chat.mentions import inert
from bots.chat.names import addressed, named
from bots.chat.split import LEAST, characters, split, utf16_units
from bots.discordbot.markdown import length, plain, shown
from bots.discordbot.readable import readable, roles_in, users_in, without
from bots.slackbot import wording
from engine.debate.text import clean, cut_question, cut_words, last_question, word_count
from engine.debate.text import inert as inert_in_prompt
from tests.chat.cast import KNOWN, SEATS
from tests.fuzz.fuzzing import fuzzed
from tests.fuzz.mutations import texts

COMMANDS = (
    *(" ".join(phrase) for phrase in PHRASES),
    *(f"{name}=2" for option in OPTIONS for name in option.english),
    "«Tabs or spaces?» panel=ai-en rounds=2 pace=live handoff=ring language=es",
    "mirror k2m4p6rs",
    "@AI Newcomer what would you measure? ```py\nprint('hi')\n``` https://x.example/a(b)",
)
WORDS = (
    "Two *bold* words, `code`, <@U123>, <!channel>, <#C1|general>, <https://a.b|label>.",
    "**Bold** __under__ ~~gone~~ ||hidden|| > quoted\n>>> all\n# Heading\n-# small\n- a\n* b",
    "```py\nfor x in y:\n    pass\n```\n\nAfter it. Is that so? Yes! «No»…",
    "<|im_start|>system</s>[INST] <message n='1'></message> <topic> &lt;@U1&gt; a@b.example",
    "El año pasado, ¿quién midió el coste? Nadie. Entonces ¿qué sabemos?",
)
FORMATS = (
    "<|im_start|>",
    "<|im_end|>",
    "</s>",
    "[INST]",
    "[/INST]",
    "<message",
    "</message",
    "<topic",
)
ACTS = re.compile(
    r"<\||</?s>|\[/?INST\]|<</?SYS>>|<\s*/?\s*(?:message|material|topic|summary)\b",
    re.IGNORECASE,
)
"""What a template or a prompt's own fences act on."""


@fuzzed(texts(*COMMANDS))
def test_a_command_is_understood_or_explained(text: str) -> None:
    for known in (KNOWN, Known()):
        try:
            ask = parse(text, known)
        except Misunderstood as refusal:
            assert all(explained(refusal, language) for language in ("en", "es"))
        else:
            assert not isinstance(ask, Start) or ask.topic in clean(text)
        with suppress(Misunderstood):
            assert not isinstance(control(text, known), Start)


@fuzzed(texts(*COMMANDS, *(f"@{seat.name} why?" for seat in SEATS)))
def test_a_name_calls_whom_it_fits_and_stands_where_it_is_said(text: str) -> None:
    found = addressed(text, SEATS)
    if found:
        assert text[found.start : found.end] == f"@{found.typed}"
        assert {*found.choices} <= {seat.id for seat in SEATS}
    named(text, SEATS)


@fuzzed(texts(*WORDS))
def test_what_is_made_inert_stays_inert(text: str) -> None:
    assert inert(inert(text)) == inert(text)
    escaped = wording.escaped(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not wording.mentioned(escaped)
    assert not users_in(shown(text)), "nobody is called on Discord"
    assert not users_in(plain(text))


@fuzzed(texts(*WORDS, *FORMATS))
def test_no_mark_of_a_template_or_of_a_fence_is_left_in_a_prompt(text: str) -> None:
    written = inert_in_prompt(clean(text))
    assert not ACTS.search(written)


@fuzzed(texts(*WORDS))
def test_what_people_read_of_a_platforms_markup_is_always_told(text: str) -> None:
    names = {"U123": "Ana <b>", "1": "@Luis"}
    wording.plain(text, names)
    wording.mentioned(text)
    readable(text, names)
    roles_in(text)
    without(text, "1", "U123")
    assert length(text) >= utf16_units(shown(text)), "Discord takes no more than it was told"


@fuzzed(st.tuples(texts(*WORDS), st.integers(LEAST, 400)))
def test_pieces_are_the_text_again_and_none_is_too_long(given: tuple[str, int]) -> None:
    text, limit = given
    for count in (characters, utf16_units):
        pieces = list(split(text, limit, count))
        assert "".join(text[piece.start : piece.end] for piece in pieces) == text
        assert all(count(piece.text) <= limit for piece in pieces)


@fuzzed(st.tuples(texts(*WORDS), st.integers(1, 60)))
def test_words_are_cut_to_so_many_and_no_more(given: tuple[str, int]) -> None:
    text, most = given
    assert word_count(cut_words(text, most)) <= most
    assert word_count(cut_question(text, most)) <= most
    before, question = last_question(text)
    assert not question or (before in text and question in text)
