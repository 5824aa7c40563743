"""Whom a message mentions, as Slack reads its text and blocks; in doubt, somebody is mentioned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.messages import Message

_USER = re.compile(r"<@([^<>|\s]+)(?:\|[^>]*)?>")
_GROUP = re.compile(r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>")
_BROADCAST = re.compile(r"<!(here|channel|everyone|group)(?:\|[^>]*)?>", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w@])@([\w.-]+)")
_BROADCASTS = ("here", "channel", "everyone")


@dataclass(slots=True)
class Mentions:
    """Whom a message reaches by which way."""

    users: set[str] = field(default_factory=set)
    """Ids; or names, as Slack took them once."""
    groups: set[str] = field(default_factory=set)
    """Ids of user groups."""
    broadcasts: set[str] = field(default_factory=set)
    """`here`, `channel`, `everyone`."""
    names: set[str] = field(default_factory=set)
    """Names after an `@`, where Slack turns those into mentions."""

    def read(self, text: str, *, links_names: bool = False) -> None:
        """Adds what this text, its `&`, `<` and `>` escaped or not, mentions."""
        self.users.update(_USER.findall(text))
        self.groups.update(_GROUP.findall(text))
        self.broadcasts.update(
            "channel" if found.lower() == "group" else found.lower()
            for found in _BROADCAST.findall(text)
        )
        if links_names:
            for name in (found.lower().rstrip(".-") for found in _BARE.findall(text)):
                (self.broadcasts if name in _BROADCASTS else self.names).add(name)


def mentions(message: Message) -> Mentions:
    """Whom this message mentions.

    A mrkdwn text object links bare names unless it is `verbatim`; top-level text does so only with
    `link_names` or `parse: full`. Of a message with blocks both are read: notifications are made
    from the one, the message from the other.
    """
    found = Mentions()
    found.read(message.text, links_names=message.links_names)
    for part in _objects([message.blocks, message.attachments]):
        _read(found, part)
    return found


def _read(found: Mentions, part: dict[str, Any]) -> None:
    match part:
        case {"type": "mrkdwn", "text": str(text)}:
            found.read(text, links_names=not part.get("verbatim", False))
        case {"type": "markdown" | "markdown_text", "text": str(text)}:
            found.read(text)
        case {"type": "user", "user_id": str(user)}:
            found.users.add(user)
        case {"type": "usergroup", "usergroup_id": str(group)}:
            found.groups.add(group)
        case {"type": "broadcast", "range": str(reach)}:
            found.broadcasts.add(reach)
        case {"type": _}:
            pass
        case _:
            _read_attachment(found, part)


def _read_attachment(found: Mentions, part: dict[str, Any]) -> None:
    for name in ("pretext", "text", "title", "value", "footer", "fallback"):
        if isinstance(part.get(name), str):
            found.read(part[name])


def _objects(value: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for part in value:
        if isinstance(part, dict):
            yield part
            yield from _objects(part.values())
        elif isinstance(part, list):
            yield from _objects(part)
