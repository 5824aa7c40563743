"""What a person sees of a message: who says it, its text with names, its buttons, its files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.fakes.discord.messages import Flag, Message
from tests.fakes.discord.protocol import Json
from tests.fakes.discord.rest.drafting import custom_ids, walk
from tests.fakes.discord.world import World

TEXT_DISPLAY = 10
_MENTION = re.compile(r"<(@&|@!?|#)(\d+)>")


@dataclass(frozen=True, slots=True)
class Seen:
    """A message on the screen."""

    message: Message
    author: str
    text: str
    is_ephemeral: bool
    is_thinking: bool
    """An application has deferred its answer."""
    avatar_url: str | None
    files: tuple[str, ...]
    reactions: dict[str, int]

    @property
    def buttons(self) -> list[str]:
        """The labels of what can be pressed."""
        return [c.get("label", "") for c in custom_ids(self.message.components) if c["type"] == 2]


def seen(world: World, message: Message) -> Seen:
    """How it is shown; mentions are shown by name, whether or not they pinged."""

    def named(found: re.Match[str]) -> str:
        sigil, id_ = found[1].rstrip("!"), found[2]
        if sigil == "#":
            channel = world.channels.get(id_)
            return f"#{channel.name}" if channel else "#unknown"
        if sigil == "@":
            return f"@{world.users[id_].name}" if id_ in world.users else "@unknown-user"
        roles = {role.id: role for guild in world.guilds.values() for role in guild.roles.values()}
        return f"@{roles[id_].name}" if id_ in roles else "@deleted-role"

    return Seen(
        message,
        message.author.name,
        _MENTION.sub(named, "\n".join(_texts(message))),
        message.only_for is not None,
        Flag.LOADING in message.flags,
        message.author.avatar_url,
        tuple(attachment["filename"] for attachment in message.attachments),
        {emoji: len(users) for emoji, users in message.reactions.items()},
    )


def _texts(message: Message) -> Iterator[str]:
    if message.content:
        yield message.content
    for embed in message.embeds:
        yield from _of_embed(embed)
    yield from (c["content"] for c in walk(message.components) if c["type"] == TEXT_DISPLAY)


def _of_embed(embed: Json) -> Iterator[str]:
    yield from (embed[name] for name in ("title", "description") if embed.get(name))
    for field in embed.get("fields") or []:
        yield f"{field['name']}: {field['value']}"
    if embed.get("footer"):
        yield embed["footer"]["text"]
