"""From a request's body to a message: checks what Discord checks, and keeps what is attached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.fakes.discord.messages import Flag, Message
from tests.fakes.discord.protocol import Json, Refused
from tests.fakes.discord.rest.call import Call

MOST_CONTENT = 2000
MOST_EMBEDS = 10
MOST_EMBEDDED = 6000
MOST_COMPONENTS = 40
MOST_ROWS = 5
MOST_TEXT = 4000
MOST_FILE = 10 * 1024 * 1024
SETTABLE = Flag.EPHEMERAL | Flag.COMPONENTS_V2 | Flag(1 << 2) | Flag(1 << 12)
TEXT_DISPLAY = 10


def fill(call: Call, message: Message) -> None:
    """Puts into the message what the body says; an edit keeps what the body does not name.

    Raises:
        Refused: 50006, 50035, 40005; the message is as it was.
    """
    filled = replace(message)
    _fill(call, filled)
    message.flags, message.content, message.embeds = filled.flags, filled.content, filled.embeds
    message.components, message.attachments = filled.components, filled.attachments


def _fill(call: Call, message: Message) -> None:
    body = call.body
    if "flags" in body:
        message.flags |= Flag(int(body["flags"] or 0)) & SETTABLE
    if "content" in body:
        message.content = _content(body["content"])
    if "embeds" in body:
        message.embeds = _embeds(body["embeds"] or [])
    if "components" in body:
        message.components = _components(body["components"] or [], message.flags)
    if call.files or "attachments" in body:
        message.attachments = [*_kept(body, message), *_attached(call, message)]
    if Flag.COMPONENTS_V2 in message.flags and (message.content or message.embeds):
        raise Refused.form("content", "cannot be used with MessageFlags.IS_COMPONENTS_V2")
    if not (message.content or message.embeds or message.components or message.attachments):
        raise Refused(50006)


def custom_ids(components: list[Json]) -> Iterator[Json]:
    """Every component that can be used, however deep it stands."""
    for component in walk(components):
        if "custom_id" in component:
            yield component


def walk(components: list[Json]) -> Iterator[Json]:
    """Every component, parents first."""
    for component in components:
        yield component
        inner: list[Json] = list(component.get("components") or [])
        inner += [component[name] for name in ("component", "accessory") if component.get(name)]
        yield from walk(inner)


def _content(given: Any) -> str:
    content = "" if given is None else given
    if not isinstance(content, str) or len(content) > MOST_CONTENT:
        raise Refused.form("content", f"Must be {MOST_CONTENT} or fewer in length.")
    return content.strip()


def _embeds(embeds: list[Json]) -> list[Json]:
    length = 0
    for embed in embeds:
        length += len(embed.get("title") or "") + len(embed.get("description") or "")
        length += len((embed.get("footer") or {}).get("text", ""))
        length += sum(len(f["name"]) + len(f["value"]) for f in embed.get("fields") or [])
        if len(embed.get("description") or "") > 4096 or len(embed.get("title") or "") > 256:
            raise Refused.form("embeds", "Must be 4096 or fewer in length.")
    if len(embeds) > MOST_EMBEDS or length > MOST_EMBEDDED:
        raise Refused.form("embeds", "Embed size exceeds maximum size of 6000")
    return [{"type": "rich"} | embed for embed in embeds]


def _components(components: list[Json], flags: Flag) -> list[Json]:
    everything = list(walk(components))
    if Flag.COMPONENTS_V2 in flags:
        text = sum(len(c["content"]) for c in everything if c["type"] == TEXT_DISPLAY)
        if len(everything) > MOST_COMPONENTS or text > MOST_TEXT:
            raise Refused.form("components", f"Must be {MOST_COMPONENTS} or fewer in length.")
    elif len(components) > MOST_ROWS or any(c["type"] != 1 for c in components):
        raise Refused.form("components", f"Must be {MOST_ROWS} or fewer in length, action rows.")
    seen = [component["custom_id"] for component in custom_ids(components)]
    if len(set(seen)) < len(seen):
        raise Refused.form("components", "Component custom id cannot be duplicated")
    for component in everything:
        _check(component)
    return components


def _check(component: Json) -> None:
    if len(component.get("custom_id") or "") > 100 or len(component.get("label") or "") > 80:
        raise Refused.form("components", "custom_id: 100 or fewer, label: 80 or fewer")
    if component["type"] == 1 and not 1 <= len(component["components"]) <= 5:
        raise Refused.form("components", "Must be between 1 and 5 in length.")
    if len(component.get("options") or []) > 25:
        raise Refused.form("components", "options: 25 or fewer in length")


def _kept(body: Json, message: Message) -> list[Json]:
    ids = {str(given["id"]) for given in body.get("attachments") or []}
    return [attachment for attachment in message.attachments if attachment["id"] in ids]


def _attached(call: Call, message: Message) -> Iterator[Json]:
    about = {str(given["id"]): given for given in call.body.get("attachments") or []}
    for number, upload in call.files.items():
        if len(upload.content) > MOST_FILE:
            raise Refused(40005)
        name = about.get(number, {}).get("filename") or upload.name
        yield call.discord.attach(message.channel_id, name, upload.content, upload.content_type)
