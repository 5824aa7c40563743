"""What is read back: logs, debates as they stood, keys of posts, and the names of places."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

from bots.chat.beginning import Beginning
from bots.chat.desk.starting import defaults_of
from bots.chat.surface import Key
from engine.adapters.redis_keys import place_name, place_named, shard_of
from engine.debate.codec import EVENTS, NAMES, UnknownEvent, decode, encode
from engine.debate.events import Place
from engine.debate.folded import as_fields, from_fields
from tests.chat.logs import STARTED
from tests.debate.given import after, head, spoken, start
from tests.fuzz.fuzzing import fuzzed
from tests.fuzz.mutations import VALUES, documents, texts

SHAPES = (AttributeError, KeyError, TypeError, ValueError)
"""What Python raises for a value of another shape: the log is ours, and was written by somebody
else's program then. Nothing else may come of it, and no event be read as another one."""
STANDS = json.loads(json.dumps(as_fields(spoken(after(start(), head()), 2))))


@fuzzed(
    st.tuples(
        st.sampled_from([*EVENTS, "no_such_event"]),
        documents(json.loads(json.dumps(encode(STARTED)))),
    )
)
def test_an_event_is_read_as_itself_or_not_at_all(given: tuple[str, dict[str, Any]]) -> None:
    name, fields = given
    try:
        event = decode(name, fields)
    except UnknownEvent as error:
        assert name not in EVENTS or "newer version" in str(error)
    except SHAPES:
        return
    else:
        assert NAMES[type(event)] == name
        with suppress(*SHAPES):
            assert decode(name, encode(event)) == event


@fuzzed(documents(STANDS))
def test_a_debate_as_it_stood_is_read_or_refused(fields: dict[str, Any]) -> None:
    with suppress(*SHAPES):
        debate = from_fields(fields)
        assert type(debate.started) in NAMES


@fuzzed(texts("main-abcdefghijkmnpqr:12:0:1400+:0a1b2c3d", "a:1:2:3:00000000"))
def test_a_key_is_read_as_it_is_written_or_is_none(text: str) -> None:
    key = Key.parse(text)
    if key is not None:
        assert Key.parse(str(key)) == key
        assert len(str(key)) < 100
        assert str(key).isascii()


@fuzzed(st.tuples(*[texts("slack:T1", "C09", "1700000000.000100", "a/b%2F", "")] * 3))
def test_a_places_name_leads_back_to_it_and_to_no_other(parts: tuple[str, str, str]) -> None:
    with suppress(UnicodeEncodeError):  # halves of characters are in no id
        place = Place(*parts)
        assert place_named(place_name(place)) == place
        assert place_name(place).count("/") == 2


@fuzzed(texts("slack:T1/C9/1700000000.000100", "discord:1/2/3", "web/room/main-abc"))
def test_what_is_no_places_name_is_refused(name: str) -> None:
    with suppress(ValueError):
        place_named(name)
    shard_of(name)


@fuzzed(
    st.dictionaries(st.sampled_from(("panel", "rounds", "rule", "pace", "language")), texts("2"))
)
def test_what_is_kept_for_a_channel_is_an_option_or_passed_over(kept: dict[str, str]) -> None:
    defaults_of(kept, ("ai-en", "ai-es"))


@fuzzed(st.one_of(texts('{"debate":"d","command":{},"asker":{}}'), VALUES.map(json.dumps)))
def test_a_note_of_a_beginning_is_read_or_is_none(text: str) -> None:
    assert Beginning.noted(text) is None or text
