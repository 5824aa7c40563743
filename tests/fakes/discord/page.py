"""A thread as a page of HTML, in the look of Discord's own client, to be photographed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from tests.fakes.discord.clock import moment
from tests.fakes.discord.guilds import Channel
from tests.fakes.discord.messages import Message
from tests.fakes.discord.prose import prose
from tests.fakes.discord.protocol import Json
from tests.fakes.discord.world import World

STYLE = Path(__file__).with_name("page.css")
_FACES = ("#5865f2", "#757e8a", "#3ba55c", "#faa61a", "#ed4245", "#eb459f")
_FACE = re.compile(r"/embed/avatars/(\d)\.png$")
ROW, BUTTON, TEXT, SEPARATOR, CONTAINER = 1, 2, 10, 14, 17
RED = 4


def page(world: World, thread: Channel, messages: Sequence[Message]) -> str:
    """These messages of the thread, below its name."""
    shown = "".join(_messages(world, messages))
    parent = thread.place.name
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><style>{STYLE.read_text()}</style>"
        f"<header><b># {escape(parent)}</b><i>›</i><b>{escape(thread.name)}</b></header>"
        f"<main>{shown}</main></html>"
    )


def _messages(world: World, messages: Sequence[Message]) -> Iterator[str]:
    """What one author says in a row stands below one name."""
    before: Message | None = None
    for message in messages:
        follows = before is not None and _who(before) == _who(message)
        kind, head = ("more", "") if follows else ("", _head(message))
        yield f"<article class='{kind}'>{head}{_body(world, message)}</article>"
        before = message


def _who(message: Message) -> tuple[str, str | None]:
    return message.author.name, message.author.avatar_url


def _head(message: Message) -> str:
    author = message.author
    badge = "<em class=app>APP</em>" if author.is_bot or message.webhook_id else ""
    name = author.name if badge else author.name.title()
    at = datetime.fromisoformat(moment(message.id)).strftime("%H:%M")
    return f"{_face(message)}<h4>{escape(name)}{badge}<time>{at}</time></h4>"


def _face(message: Message) -> str:
    """A disc in the colour of Discord's own picture, or of the name."""
    found = _FACE.search(message.author.avatar_url or "")
    number = int(found[1]) if found else sum(map(ord, message.author.name)) % len(_FACES)
    return f"<div class=face style='background:{_FACES[number]}'><i></i><i></i></div>"


def _body(world: World, message: Message) -> str:
    said = _prose(world, message.content) if message.content else ""
    embeds = "".join(_embed(world, embed) for embed in message.embeds)
    files = "".join(_file(attached) for attached in message.attachments)
    rows = "".join(_component(world, component) for component in message.components)
    return f"<section><div>{said}</div>{embeds}{files}{rows}{_reactions(message)}</section>"


def _prose(world: World, text: str) -> str:
    def named(sigil: str, id_: str) -> tuple[str, str]:
        if sigil == "#":
            return f"#{world.channels[id_].name}", ""
        if sigil == "@":
            return f"@{world.users[id_].name.title()}", ""
        (role,) = (g.roles[id_] for g in world.guilds.values() if id_ in g.roles)
        return f"@{role.name}", f"#{role.color:06x}" if role.color else ""

    return prose(text, named)


def _embed(world: World, embed: Json) -> str:
    colour = f"#{embed.get('color') or 0:06x}"
    said = _prose(world, embed.get("description") or "")
    return f"<div class=embed style='border-color:{colour}'>{said}</div>"


def _file(attached: Json) -> str:
    size = f"{attached['size'] / 1024:.1f} KB"
    name = escape(attached["filename"])
    return f"<div class=file><b></b><div><a>{name}</a><span>{size}</span></div></div>"


def _component(world: World, component: Json) -> str:
    inside = "".join(_component(world, one) for one in component.get("components") or ())
    match component["type"]:
        case kind if kind == CONTAINER:
            colour = f"#{component.get('accent_color') or 0:06x}"
            return f"<div class=container style='border-color:{colour}'>{inside}</div>"
        case kind if kind == TEXT:
            return f"<div>{_prose(world, component['content'])}</div>"
        case kind if kind == SEPARATOR:
            return "<hr>"
        case kind if kind == BUTTON:
            style = "red" if component["style"] == RED else ""
            label = component.get("label") or component["emoji"]["name"]
            return f"<button class='{style}'>{escape(label)}</button>"
    return f"<div class=row>{inside}</div>"


def _reactions(message: Message) -> str:
    found = (f"<span>{emoji} {len(who)}</span>" for emoji, who in message.reactions.items())
    return f"<div class=reactions>{''.join(found)}</div>" if message.reactions else ""
