"""What a person sees of messages: names, icons, text as it reads, buttons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.fakes.slack.messages import Message
from tests.fakes.slack.protocol import Json
from tests.fakes.slack.workspace import Workspaces

_MARKUP = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


@dataclass(frozen=True, slots=True)
class Button:
    """An element that can be pressed or chosen from."""

    action_id: str
    label: str
    element: Json
    block_id: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as it stands before somebody."""

    ts: str
    author: str
    icon: str
    """An emoji, or the address of an image."""
    is_app: bool
    """Whether it wears the APP badge, which nothing takes off."""
    text: str
    thread_ts: str | None
    is_ephemeral: bool
    """«Only visible to you»."""
    is_edited: bool
    is_streaming: bool
    reactions: dict[str, int]
    files: tuple[str, ...]
    buttons: tuple[Button, ...]
    message: Message


def seen(workspaces: Workspaces, message: Message) -> Seen:
    """The message as everybody who can see it sees it."""
    author, icon = _author(workspaces, message)
    return Seen(
        ts=message.ts,
        author=author,
        icon=icon,
        is_app=message.app_id is not None and message.bot_id is not None,
        text=_text(workspaces, message),
        thread_ts=message.thread_ts,
        is_ephemeral=message.only_for is not None,
        is_edited=message.edited is not None,
        is_streaming=message.stream is not None and message.stream.is_open,
        reactions={name: len(users) for name, users in message.reactions.items() if users},
        files=tuple(file["name"] for file in message.files),
        buttons=tuple(buttons(message.blocks)),
        message=message,
    )


def buttons(blocks: list[Json]) -> Iterator[Button]:
    """Everything in these blocks that a person can act on."""
    for block in blocks:
        inside = list(block["elements"]) if block["type"] == "actions" else []
        inside += [block[name] for name in ("accessory", "element") if name in block]
        for element in inside:
            if "action_id" in element:
                label = element.get("text", {}).get("text", "")
                yield Button(element["action_id"], label, element, block["block_id"])


def _author(workspaces: Workspaces, message: Message) -> tuple[str, str]:
    user = workspaces.users.get(message.user)
    if user is None:
        return "Slackbot", ""
    name, icon = user.real_name, f"https://avatars.example/{user.id}.png"
    if message.identity is not None:
        name = message.identity.username or name
        icon = message.identity.emoji or message.identity.image or icon
    return name, icon


def read(workspaces: Workspaces, blocks: list[Json]) -> str:
    """What these blocks say, as text."""
    return _readable(workspaces, "\n".join(line for block in blocks for line in _lines(block)))


def _text(workspaces: Workspaces, message: Message) -> str:
    said = read(workspaces, message.blocks)
    return said or _readable(workspaces, message.text)


def _lines(block: Json) -> Iterator[str]:
    match block:
        case {"type": "rich_text", "elements": list(sections)}:
            yield "".join(_sections(sections))
        case {"type": "markdown", "text": str(text)}:
            yield text
        case {"type": "context", "elements": list(parts)}:
            yield " ".join(part["text"] for part in parts if "text" in part)
        case {"text": {"text": str(text)}}:
            yield text
    for field in block.get("fields", ()):
        yield field["text"]


def _sections(sections: list[Json]) -> Iterator[str]:
    """A list's items stand on lines of their own, each behind its bullet or number."""
    for number, section in enumerate(sections):
        if section["type"] != "rich_text_list":
            yield "".join(_rich(part) for part in section["elements"])
            continue
        indent = "    " * section.get("indent", 0)
        for place, item in enumerate(section["elements"], section.get("offset", 0) + 1):
            mark = f"{place}." if section["style"] == "ordered" else "•"
            words = "".join(_rich(part) for part in item["elements"])
            yield f"{'' if number == 0 and place == 1 else chr(10)}{indent}{mark} {words}"
        if number + 1 < len(sections):
            yield "\n"


def _rich(part: Json) -> str:
    match part:
        case {"type": "user", "user_id": user}:
            return f"<@{user}>"
        case {"type": "usergroup", "usergroup_id": group}:
            return f"<!subteam^{group}>"
        case {"type": "broadcast", "range": reach}:
            return f"<!{reach}>"
        case _:
            words = str(part.get("text") or part.get("url") or "")
            return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _readable(workspaces: Workspaces, words: str) -> str:
    def name(found: re.Match[str]) -> str:
        sign, what, label = found[1], found[2], found[3]
        if sign == "@" and what in workspaces.users:
            return f"@{workspaces.users[what].name}"
        if sign == "#" and what in workspaces.channels:
            return f"#{workspaces.channels[what].name}"
        if sign == "!":
            group = workspaces.groups.get(what.removeprefix("subteam^"))
            return f"@{group.handle}" if group is not None else label or f"@{what}"
        return label or what

    named = _MARKUP.sub(name, words)
    return named.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
