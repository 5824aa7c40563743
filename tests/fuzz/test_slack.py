"""What Slack sends: events, buttons and forms.

Slack signs it, so that a payload of another shape is a fault and no attack; it may cost that
payload, and nothing else. What is missing or null, as Slack's own fields often are, costs nothing.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import strategies as st

from bots.slackbot import inputs
from bots.slackbot.card import CARD
from bots.slackbot.form import asked, is_asked_where
from bots.slackbot.heard import Edited, Erased, Said, Voted, heard
from bots.slackbot.ids import person_of, user_of
from bots.slackbot.message import key_of
from bots.slackbot.reading import payload_of
from bots.slackbot.seat_forms import Purpose
from tests.fuzz.fuzzing import fuzzed
from tests.fuzz.mutations import VALUES, documents, texts

SHAPES = (AttributeError, KeyError, TypeError, ValueError)
BOT = "UBOT"
AT = {"channel": "C1", "ts": "1700000000.000100", "channel_type": "channel", "event_ts": "1.2"}
MESSAGE = {"user": "U1", "text": "Hello <@UBOT>", "ts": "1700000000.000100", "type": "message"}
FILE = {"id": "F1", "name": "a.md", "url_private": "https://files.slack.com/a", "mimetype": "x"}
EVENTS: tuple[dict[str, Any], ...] = (
    {**AT, **MESSAGE, "client_msg_id": "g", "thread_ts": "1.1", "files": [FILE], "blocks": []},
    {**AT, **MESSAGE, "type": "app_mention", "edited": None},
    {**AT, **MESSAGE, "subtype": "bot_message", "bot_id": "B1", "app_id": "A1"},
    {
        **AT,
        "type": "message",
        "subtype": "message_changed",
        "message": {**MESSAGE, "text": "No", "edited": {"user": "U1", "ts": "1.3"}},
        "previous_message": MESSAGE,
    },
    {
        **AT,
        "type": "message",
        "subtype": "message_deleted",
        "deleted_ts": "1.1",
        "previous_message": {**MESSAGE, "thread_ts": "1.1", "files": [FILE]},
    },
    {
        "type": "reaction_added",
        "user": "U1",
        "reaction": "thumbsup::skin-tone-2",
        "item": {"type": "message", "channel": "C1", "ts": "1.1"},
        "item_user": "U2",
    },
)
ALWAYS = ("type", "user", "ts", "channel", "item", "message")
VIEW: dict[str, Any] = {
    "id": "V1",
    "callback_id": "start_form",
    "private_metadata": '{"channel": "C1", "thread": "", "message": ""}',
    "blocks": [{"block_id": "seats:ai-en"}, {"block_id": "topic"}],
    "state": {
        "values": {
            "topic": {"topic": {"type": "plain_text_input", "value": "Tabs?"}},
            "rounds": {"rounds": {"selected_option": {"value": "2"}}},
            "rule": {"rule": {"selected_option": {"value": "ring"}}},
            "pace": {"pace": {"selected_option": None}},
            "seats:ai-en": {"seats": {"selected_options": [{"value": "a"}, {"value": "b"}]}},
            "channel": {"channel": {"selected_conversation": "C2"}},
        }
    },
}
POSTED = {
    **MESSAGE,
    "bot_id": "B1",
    "blocks": [{"type": "rich_text", "block_id": "main-abc:3:0:10:0a1b2c3d"}],
    "metadata": {"event_type": CARD, "event_payload": {"debate": "main-abc"}},
}


def _is_sound(event: dict[str, Any]) -> bool:
    """All that Slack always sends is there."""
    return all(event.get(name) for name in ALWAYS if name in _like(event))


def _like(event: dict[str, Any]) -> dict[str, Any]:
    return next(
        (e for e in EVENTS if (e["type"], e.get("subtype")) == _kind(event)), {"no such": 1}
    )


def _kind(event: dict[str, Any]) -> tuple[object, object]:
    return event.get("type"), event.get("subtype")


def _of_person(found: object, event: dict[str, Any]) -> None:
    """Bots are never heard, and whoever is has an id and a place."""
    match found:
        case Said() | Edited() | Erased() | Voted():
            assert found.user
            assert all(isinstance(n, str) for n in (found.user, found.channel, found.ts))
            told = event.get("message") or event.get("previous_message") or event
            if isinstance(told, dict) and not isinstance(found, Voted | Erased):
                assert not told.get("bot_id")
                assert found.user != "USLACKBOT"
        case _:
            assert found is None


@fuzzed(documents(*EVENTS))
def test_an_event_is_somebodys_doing_or_nobodys(event: dict[str, Any]) -> None:
    with suppress(*SHAPES):
        _of_person(heard(event, BOT), event)


@fuzzed(documents(*EVENTS, only_losses=True))
def test_what_an_event_may_lack_costs_nothing(event: dict[str, Any]) -> None:
    inner = [v for v in (event.get("message"), event.get("previous_message")) if v]
    if _is_sound(event) and all(v.get("ts") and v.get("user") for v in inner):
        item = event.get("item") or {"channel": 1, "ts": 1}
        if item.get("channel") and item.get("ts"):
            _of_person(heard(event, BOT), event)


@fuzzed(documents(VIEW))
def test_a_form_is_read_or_refused_whole(view: dict[str, Any]) -> None:
    with suppress(*SHAPES):
        ask, origin = asked(view)
        assert isinstance(ask.topic, str)
        assert {type(origin.channel), type(origin.thread)} <= {str, type(None), int, list, dict}
    with suppress(*SHAPES):
        is_asked_where(view)
        inputs.block_of(view, "seats")
        Purpose.of(view)


@fuzzed(documents(POSTED))
def test_a_message_tells_its_key_and_its_card_or_neither(message: dict[str, Any]) -> None:
    with suppress(*SHAPES):
        key_of(message)
        payload_of(message, CARD)


@fuzzed(st.tuples(texts("T1", "T0A/B:C"), texts("U1", "slack:T1:U1"), texts("Ana")))
def test_a_user_is_of_their_own_workspace_alone(given: tuple[str, str, str]) -> None:
    team, user, name = given
    found = user_of(team, person_of(team, user, name))
    assert found in (user, None)
    if ":" not in team and ":" not in user:
        assert user_of(f"{team}x", person_of(team, user, name)) is None


@fuzzed(st.one_of(texts('{"seat": "a", "message": "1.1"}'), VALUES.map(json.dumps)))
def test_a_buttons_value_is_json_or_refused(value: str) -> None:
    with suppress(*SHAPES):
        json.loads(value)["message"]
