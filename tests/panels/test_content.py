"""A panel's content: kept as bytes, found again by its hash, the same panel when read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.debate.panel import Handoff, Panel, Persona, Phrases
from engine.panels.loader import bundled, content_hash, dump, load_panel, parse

personas = st.builds(
    Persona,
    id=st.text(),
    name=st.text(),
    card=st.text(),
    stance=st.text(),
    emoji=st.text(),
    colour=st.text(),
)
panels = st.builds(
    Panel,
    id=st.text(),
    title=st.text(),
    language=st.sampled_from(["en", "es"]),
    handoff=st.sampled_from(Handoff),
    rounds=st.integers(1, 20),
    answer_words=st.integers(20, 400),
    question_words=st.integers(10, 120),
    moderator=personas,
    debaters=st.lists(personas, max_size=4).map(tuple),
    phrases=st.builds(Phrases, answer=st.text(), question=st.text()),
)


@given(panels)
def test_what_is_dumped_is_parsed_to_the_same_panel(panel: Panel) -> None:
    content = dump(panel)
    assert parse(content) == panel
    assert dump(parse(content)) == content


@pytest.mark.parametrize("name", bundled())
def test_a_bundled_panel_survives_its_own_bytes(name: str) -> None:
    panel = load_panel(name)
    assert parse(dump(panel)) == panel


def test_content_is_plain_sorted_json_with_accents_as_they_are() -> None:
    content = dump(load_panel("ai-es"))
    assert content.startswith(b'{"answer_words":150,"debaters":[{"card":"Usted ')
    assert "Pensador Crítico".encode() in content
    assert b"\n" not in content


def test_a_hash_is_sixteen_hex_digits_and_follows_the_content() -> None:
    panel = load_panel("ai-es")
    longer = replace(panel, rounds=2)
    assert content_hash(b"") == "e3b0c44298fc1c14"
    assert content_hash(dump(panel)) == content_hash(dump(load_panel("ai-es")))
    assert content_hash(dump(panel)) != content_hash(dump(longer))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"id":"x"}', b"\xff"])
def test_bytes_that_are_no_panel_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="Panel"):
        parse(content)
