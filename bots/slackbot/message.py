"""A part of a post as the arguments of `chat.postMessage`. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bots.chat.mentions import inert
from bots.chat.surface import Key, Part, Role, Segment, Speaker, Tag
from bots.slackbot.ids import user_of
from bots.slackbot.rich import Element, inline, link, markdown, quote, rich_text, section, text
from bots.slackbot.wording import escaped
from engine.debate.explained import one_line

PART = "tertulia_part"
"""The metadata's event type; its payload has the key."""
LIMIT = 3_000
"""Characters of a part, as they are sent in `text`; Slack advises 4,000, tags included."""
_NAME_CHARS = 80

Link = tuple[str, str]
"""An address, and what to call it."""


def length(words: str) -> int:
    """As `LIMIT` counts it."""
    return len(escaped(words))


@dataclass(frozen=True, slots=True)
class Reach:
    """Who can be called in a workspace, and by what."""

    team: str
    groups: Mapping[str, str] = field(default_factory=dict)
    """The user groups that stand for personas, by the personas' ids."""
    users: Mapping[str, str] = field(default_factory=dict)
    """The bot users of personas that have an app each."""


def arguments(part: Part, reach: Reach, links: Sequence[Link] = ()) -> dict[str, Any]:
    """What to post, but for under whose name; see `identity`."""
    elements: list[Element] = []
    for number, segment in enumerate(part.segments):
        if number:
            elements.append(section(text("\n")))
        elements += _elements(segment, reach)
    if links:
        elements.append(section(text("\n"), *_linked(links)))
    said = "\n\n".join(_fallback(segment) for segment in part.segments)
    return {
        "text": said,
        "blocks": [rich_text(*elements)],
        "metadata": {"event_type": PART, "event_payload": {"key": str(part.key)}},
        "unfurl_links": False,
        "unfurl_media": False,
    }


def key_of(message: Mapping[str, Any]) -> Key | None:
    """The key that a message of ours shows."""
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != PART:
        return None
    return Key.parse(str(metadata.get("event_payload", {}).get("key", "")))


def identity(speaker: Speaker) -> dict[str, Any]:
    """The name and the icon under which the app posts for somebody."""
    seat, person = speaker.seat, speaker.person
    if seat is None and person is None:
        return {}
    if seat is None:
        assert person is not None  # noqa: S101 - one of the two is there
        return {"username": one_line(person.name)[:_NAME_CHARS], "icon_emoji": "💬"}
    name = f"{one_line(person.name)} ({seat.name})" if person else seat.name
    return {"username": name[:_NAME_CHARS], "icon_emoji": seat.emoji}


def signed(said: Mapping[str, Any], speaker: Speaker) -> dict[str, Any]:
    """The arguments for an app that may not post under names: the speaker's is its first line."""
    name = identity(speaker).get("username")
    if name is None:
        return dict(said)
    line = rich_text(section(text(inert(str(name)), "bold")))
    blocks = [line, *said["blocks"]]
    return {**said, "text": f"{escaped(str(name))}: {said['text']}", "blocks": blocks}


def _elements(segment: Segment, reach: Reach) -> Iterable[Element]:
    words = inert(segment.text)
    tag = [_tag(segment.tag, reach)] if segment.tag else []
    match segment.role:
        case Role.WORDS:
            called = [section(*tag, text(" "))] if tag else []
            return [*called, *markdown(words)]
        case Role.QUESTION:
            arrow = [text("→ ", "bold"), *tag, text(": ")] if tag else []
            return [quote(*arrow, *inline(words, "bold"))]
        case Role.ITEM:
            return [section(text("• "), *inline(words))]
        case Role.HEADING:
            return [section(text(words, "bold"))]
        case Role.NOTICE:
            return [section(*tag, *([text(" ")] if tag else []), text(words, "italic"))]


def _tag(tag: Tag, reach: Reach) -> Element:
    """What pings, where whoever it is can be reached; else their name."""
    if tag.person is not None:
        user = user_of(reach.team, tag.person)
        name = text(inert(one_line(tag.person.name)), "bold")
        return {"type": "user", "user_id": user} if user else name
    assert tag.seat is not None  # noqa: S101 - a tag calls somebody
    if group := reach.groups.get(tag.seat.id):
        return {"type": "usergroup", "usergroup_id": group}
    if user := reach.users.get(tag.seat.id):
        return {"type": "user", "user_id": user}
    return text(inert(tag.seat.name), "bold")


def _linked(links: Sequence[Link]) -> Iterable[Element]:
    for number, (url, words) in enumerate(links):
        if number:
            yield text(" · ")
        yield link(url, words)


def _fallback(segment: Segment) -> str:
    """For notifications and screen readers."""
    called = segment.tag.person or segment.tag.seat if segment.tag else None
    said = escaped(segment.text)
    return f"→ {escaped(one_line(called.name))}: {said}" if called else said
