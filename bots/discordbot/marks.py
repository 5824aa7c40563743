"""What the bot's messages are known by: the custom ids of their buttons. Pure.

A custom id comes back with a press, and is read back with the message: of its own messages the bot
sees it always, of its webhooks' it may take the message-content intent.

| custom id | the button |
|---|---|
| a `Key` | `ABOUT`, on every part that the bot or its webhook posts: who spoke, and how |
| `do:<verb>:<debate>` | of the card: a `Verb` |
| `seat:<debate>` | of the card: opens the form to take a seat |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bots.chat.grammar import Verb
from bots.chat.surface import Key

DO = "do"
SEAT = "seat"
ABOUT = "❓"
ROW, BUTTON = 1, 2
GREY, RED = 2, 4

Json = dict[str, Any]


def do_id(verb: Verb, debate: str) -> str:
    """The custom id of a card's button."""
    return f"{DO}:{verb.value}:{debate}"


def seat_id(debate: str) -> str:
    """The custom id of the card's button for taking a seat."""
    return f"{SEAT}:{debate}"


def about(key: Key) -> Json:
    """The row with the button that every part has; its custom id is the part's key."""
    button = {"type": BUTTON, "style": GREY, "emoji": {"name": ABOUT}, "custom_id": str(key)}
    return {"type": ROW, "components": [button]}


def key_in(message: Mapping[str, Any]) -> Key | None:
    """The key that a message shows; `None`: it shows none, or not to us."""
    return next(filter(None, map(Key.parse, custom_ids(message.get("components")))), None)


def card_in(message: Mapping[str, Any]) -> str | None:
    """The debate whose card the message is."""
    for custom_id in custom_ids(message.get("components")):
        kind, _, rest = custom_id.partition(":")
        if kind in (DO, SEAT):
            return rest.rpartition(":")[2] or None
    return None


def custom_ids(components: object) -> Iterator[str]:
    """Those of all buttons, however deep they stand."""
    for component in components if isinstance(components, list) else ():
        if "custom_id" in component:
            yield str(component["custom_id"])
        yield from custom_ids(component.get("components"))
