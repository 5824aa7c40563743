"""A part of a post as Discord's message: its text, whom it may ping, its button and links. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bots.chat.surface import Key, Part, Role, Segment, Tag
from bots.discordbot.faces import called, colour_of
from bots.discordbot.markdown import bold, plain, quoted, shown
from bots.discordbot.marks import about
from engine.debate.events import Place
from engine.debate.explained import one_line

CONTENT = 2_000
ROOM = 250
"""For what stands beside the words: a name over them, and a tag."""
LIMIT = CONTENT - ROOM
NONCE_CHARS = 25
_LINKS_CHARS = 4_000
_NO_PREVIEWS = 1 << 2
_HEADED = frozenset({Role.HEADING})
_CLOSE_TO = {Role.ITEM: frozenset({Role.HEADING, Role.ITEM}), Role.HEADING: frozenset[Role]()}
"""What a segment follows without a blank line between them; others follow `_HEADED`."""

Json = dict[str, Any]
Link = tuple[str, str]
"""An address, and what to call it."""


@dataclass(frozen=True, slots=True)
class Call:
    """How a tag is written, and the one that it may ping."""

    text: str
    kind: str = ""
    """`users` or `roles`; empty: it pings nobody."""
    id: str = ""


def by_id(kind: str, id_: str) -> Call:
    """A tag that pings a user or a role."""
    return Call(f"<@&{id_}>" if kind == "roles" else f"<@{id_}>", kind, id_)


def by_name(tag: Tag) -> Call:
    """A tag that only says whom it means."""
    who = tag.person or tag.seat
    return Call(f"**{plain(one_line(who.name))}**" if who else "")


def message(part: Part, calls: Mapping[Tag, Call], links: Sequence[Link] = ()) -> Json:
    """What to post, whoever posts it; `calls` has every tag of the part."""
    text, before = "", None
    for segment in part.segments:
        gap = "\n" if before in _CLOSE_TO.get(segment.role, _HEADED) else "\n\n"
        text += (gap if before else "") + _text(segment, calls)
        before = segment.role
    body: Json = {"content": text, "allowed_mentions": _allowed(calls.values())}
    if links:
        seat = part.speaker.seat
        colour = {"color": colour_of(seat.colour)} if seat else {}
        return body | {"embeds": [{"description": _linked(links)} | colour]}
    return body | {"flags": _NO_PREVIEWS}


def marked(body: Json, key: Key) -> Json:
    """The same with the button that says what it is; for what our own application posts."""
    return body | {"components": [about(key)]}


def headed(body: Json, part: Part) -> Json:
    """The same with the speaker's name over it; for whoever cannot post under it."""
    name = plain(called(part.speaker))
    if not name:
        return body
    emoji = f"{part.speaker.seat.emoji} " if part.speaker.seat else ""
    return body | {"content": f"{emoji}**{name}**\n{body['content']}"}


def once(body: Json, key: Key, place: Place) -> Json:
    """The same so that Discord takes it once in the next minutes, however often it is sent."""
    return body | {"nonce": nonce_in(place, key), "enforce_nonce": True}


def nonce_in(place: Place, key: Key) -> str:
    """Of the part in this thread: Discord compares an author's nonces across all channels."""
    return nonce(f"{place.thread}:{key.slot}")


def nonce(what: str) -> str:
    """The same for the same thing, in Discord's length."""
    digest = hashlib.sha256(what.encode()).digest()
    return base64.b32encode(digest).decode()[:NONCE_CHARS].lower()


def _text(segment: Segment, calls: Mapping[Tag, Call]) -> str:
    tag = calls[segment.tag].text if segment.tag else ""
    match segment.role:
        case Role.WORDS:
            return f"{tag} {shown(segment.text)}" if tag else shown(segment.text)
        case Role.QUESTION:
            said = quoted(bold(plain(segment.text)))
            return f"> → {tag}\n{said}" if tag else said
        case Role.ITEM:
            return f"- {shown(segment.text).replace(chr(10), chr(10) + '  ')}"
        case Role.HEADING:
            return f"**{plain(segment.text)}**"
        case Role.NOTICE:
            said = plain(segment.text)
            return quoted(f"{tag} {said}" if tag else said, "-# ")


def _allowed(calls: Sequence[Call] | Any) -> Json:
    """Nobody but those who are called, by their ids."""
    allowed: Json = {"parse": [], "replied_user": False}
    for call in calls:
        if call.kind:
            allowed.setdefault(call.kind, []).append(call.id)
    return allowed


def _linked(links: Sequence[Link]) -> str:
    said = ""
    for url, words in links:
        one = f"[{plain(words)}]({url})"
        if len(said) + len(one) + 3 > _LINKS_CHARS:
            return said
        said += f" · {one}" if said else one
    return said
