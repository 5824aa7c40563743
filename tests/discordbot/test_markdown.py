"""Anybody's words in Discord's markdown: shown as meant, and nothing reaches beyond them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.split import utf16_units
from bots.discordbot.markdown import bold, length, plain, quoted, shown

WORDS = st.text(
    alphabet=st.one_of(st.sampled_from(list("*_~|`[]()<>#-\\ \n@&!/:ahtps.")), st.characters())
)


@pytest.mark.parametrize(
    "text",
    [
        "**Bold**, *leaning*, __under__, ~~gone~~ and ||hidden||.",
        "- one\n- two\n\n1. first",
        "* one\n* two",
        "`code` and ``more ` code``",
        "```py\nprint('*')\n```",
        "# A heading\n> a quotation",
        "https://example.org/a_b__c",
        "snake_case_name and 2 * 3 * 4",
    ],
)
def test_formatting_that_ends_is_kept(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a **b", "a \\*\\*b"),
        ("**a** and **b", "**a** and \\*\\*b"),
        ("* item with *one", "* item with \\*one"),
        ("say `this", "say \\`this"),
        ("||secret", "\\|\\|secret"),
        (">>> all that follows", "\\>>> all that follows"),
        ("-# like one of ours", "\\-# like one of ours"),
        ("```py\nx = 1", "```py\nx = 1\n```"),
        ("~~~\nx\n~~~", "```\nx\n```"),
    ],
)
def test_what_would_go_on_after_the_words_is_shown_as_it_was_written(
    text: str, expected: str
) -> None:
    assert shown(text) == expected


def test_a_link_cannot_hide_where_it_leads() -> None:
    link = "[your bank](https://evil.example/login)"
    assert shown(link) == "your bank (<https://evil.example/login>)"
    assert plain(link) == "\\[your bank](https://evil.example/login)"


def test_plain_words_have_no_formatting_at_all() -> None:
    assert plain("# *a*\n> `b`\n- c_d - e") == "\\# \\*a\\*\n\\> \\`b\\`\n\\- c\\_d - e"


@given(WORDS)
def test_the_length_is_never_less_than_what_is_sent(text: str) -> None:
    for sent in (shown(text), quoted(bold(plain(text))), quoted(plain(text), "-# ")):
        assert utf16_units(sent) <= length(text)


@given(WORDS, WORDS)
def test_a_beginning_is_never_longer_than_the_whole(text: str, more: str) -> None:
    assert length(text) <= length(text + more)
