"""What Discord sends: messages, reactions, forms and the custom ids of buttons.

Whatever Discord's library takes in, what is made of it is somebody's doing or nobody's.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from typing import Any

import discord
from hypothesis import strategies as st

from bots.chat.surface import Key
from bots.discordbot import forms
from bots.discordbot.heard import ABOUT, Asked, Voted, at_ms, gone, reacted, said
from bots.discordbot.ids import first_id_at
from bots.discordbot.marks import card_in, custom_ids, key_in
from tests.fuzz.fuzzing import fuzzed
from tests.fuzz.mutations import documents, texts

USER = {"id": "70", "username": "ana", "discriminator": "0", "avatar": None, "global_name": "Ana"}
MESSAGE = {
    "id": "1400000000000000000",
    "channel_id": "80",
    "guild_id": "90",
    "type": 0,
    "flags": 0,
    "author": USER,
    "content": "Hello <@70> <@&5> <#80>",
    "timestamp": "2026-01-01T00:00:00.000000+00:00",
    "edited_timestamp": None,
    "tts": False,
    "pinned": False,
    "mention_everyone": False,
    "mentions": [USER],
    "mention_roles": ["5"],
    "attachments": [
        {"id": "1", "filename": "a.md", "url": "https://cdn/a", "proxy_url": "https://p", "size": 9}
    ],
    "embeds": [],
    "components": [],
}
CARD: dict[str, Any] = {
    "components": [
        {
            "type": 1,
            "components": [
                {"type": 2, "custom_id": "do:stop:main-abc"},
                {"type": 2, "custom_id": "seat:main-abc"},
                {"type": 2, "custom_id": "main-abc:3:0:10:0a1b2c3d"},
            ],
        },
        {"type": 18, "component": {"type": 4, "custom_id": "topic", "value": "Tabs?"}},
        {"type": 18, "component": {"type": 3, "custom_id": "rounds", "values": ["2"]}},
    ]
}
SHAPES = (AttributeError, KeyError, TypeError, ValueError)
LIBRARYS = (*SHAPES, discord.DiscordException)


@cache
def _state() -> Any:
    return discord.Client(intents=discord.Intents.all())._connection


def _message(payload: dict[str, Any]) -> discord.Message | None:
    """As the library makes it; `None`: it does not."""
    state = _state()
    where = discord.PartialMessageable(state=state, id=80, guild_id=90)
    try:
        return discord.Message(state=state, channel=where, data=payload)  # type: ignore[arg-type]
    except LIBRARYS:
        return None


@fuzzed(documents(MESSAGE))
def test_a_message_is_somebodys_or_nobodys(payload: dict[str, Any]) -> None:
    message = _message(payload)
    if message is None:
        return
    with suppress(*SHAPES):  # the library keeps some of what it is sent as it is
        found = said(message)
        if found is not None:
            assert not payload["author"].get("bot")
            assert not payload.get("webhook_id")
            assert found.message.isdecimal() or found.message.startswith("-")


@fuzzed(
    st.tuples(
        st.sampled_from(("👍", "👎🏽", *ABOUT, "x", "")),
        st.integers(0, 2**63),
        st.sampled_from(("REACTION_ADD", "REACTION_REMOVE")),
    )
)
def test_a_reaction_is_a_vote_a_question_or_nothing(given: tuple[str, int, Any]) -> None:
    emoji, number, kind = given
    data: Any = {"message_id": str(number), "channel_id": "80", "user_id": "70", "type": 0}
    partial = discord.PartialEmoji(name=emoji)
    event = discord.RawReactionActionEvent(data, partial, kind)
    found = reacted(event)
    assert found is None or isinstance(found, Voted | Asked)
    deleted: Any = {"id": str(number), "channel_id": "80"}
    assert gone(discord.RawMessageDeleteEvent(deleted)).messages == (str(number),)
    assert at_ms(str(number)) >= 0
    assert int(first_id_at(at_ms(str(number)))) <= number


@fuzzed(documents(CARD))
def test_a_card_and_a_form_are_read_or_refused(message: dict[str, Any]) -> None:
    components = message.get("components")
    with suppress(*SHAPES):
        key = key_in(message)
        assert key is None or Key.parse(str(key)) == key
    with suppress(*SHAPES):
        card_in(message)
        list(custom_ids(components))
    with suppress(*SHAPES):
        values = forms.filled(components)
        assert all(isinstance(v, str) for found in values.values() for v in found)
        forms.asked("80:1400000000000000000", values)


@fuzzed(texts("start:80:140", "take:main-abc", "speak:main-abc", "do:stop:main-abc", "pick:a:1"))
def test_a_custom_id_is_taken_apart(custom_id: str) -> None:
    kind, what = forms.opened_for(custom_id)
    assert f"{kind}:{what}" in (custom_id, f"{custom_id}:")
    ask, origin = forms.asked(what, {"topic": ("Tabs?",)})
    assert ask.topic == "Tabs?"
    assert [origin.channel, origin.message] == [*what.split(":"), ""][:2]
