"""What the gateway says that people did; bots and webhooks, ours too, are never heard. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import discord

from bots.discordbot.ids import EPOCH_MS
from bots.discordbot.readable import users_in
from engine.debate.events import Vote

ABOUT = frozenset({"❓", "❔"})
"""Asks who said this, and how."""
_VOTES: dict[str, Vote] = {"👍": 1, "👎": -1}
_SKIN = dict.fromkeys(range(0x1F3FB, 0x1F400))
_SPOKEN = (discord.MessageType.default, discord.MessageType.reply)


@dataclass(frozen=True, slots=True)
class Spot:
    """A channel, a thread or a direct message, as the gateway names it."""

    guild: str | None
    channel: str


@dataclass(frozen=True, slots=True)
class File:
    """What somebody attached."""

    id: str
    name: str
    url: str
    size: int


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody posted a message."""

    spot: Spot
    message: str
    user: str
    name: str
    text: str
    """As Discord has it, with its mentions; empty where the bot may not read it."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Of those it mentions, by id."""
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Edited:
    """Somebody changed what their message says."""

    said: Said
    at: datetime


@dataclass(frozen=True, slots=True)
class Gone:
    """Messages were taken away; by whom, Discord does not say."""

    spot: Spot
    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody reacted to a message with a thumb, or took that back."""

    spot: Spot
    message: str
    user: str
    vote: Vote


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asked by reaction who said this."""

    spot: Spot
    message: str
    user: str


Heard = Said | Edited | Gone | Voted | Asked


def said(message: discord.Message) -> Said | None:
    """Somebody said it; `None`: a bot did, a webhook, or Discord itself."""
    author = message.author
    if author.bot or message.webhook_id is not None or message.type not in _SPOKEN:
        return None
    # Of a server that is not known yet, the channel tells the id alone.
    guild = message.guild.id if message.guild else getattr(message.channel, "guild_id", None)
    names = {str(user.id): user.display_name for user in message.mentions}
    names |= {str(role.id): role.name for role in message.role_mentions}
    names |= {str(channel.id): channel.name for channel in message.channel_mentions}
    return Said(
        Spot(str(guild) if guild else None, str(message.channel.id)),
        str(message.id),
        str(author.id),
        author.display_name,
        message.content,
        names,
        tuple(File(str(a.id), a.filename, a.url, a.size) for a in message.attachments),
    )


def edited(event: discord.RawMessageUpdateEvent) -> Edited | None:
    """Somebody changed it; most updates are Discord's, of a preview or a pin."""
    found = said(event.message)
    at = event.message.edited_at
    return Edited(found, at) if found is not None and at is not None and found.text else None


def gone(event: discord.RawMessageDeleteEvent | discord.RawBulkMessageDeleteEvent) -> Gone:
    """They were taken away."""
    match event:
        case discord.RawMessageDeleteEvent():
            ids = {event.message_id}
        case discord.RawBulkMessageDeleteEvent():
            ids = event.message_ids
    return Gone(_spot(event), tuple(map(str, sorted(ids))))


def reacted(event: discord.RawReactionActionEvent) -> Voted | Asked | None:
    """A thumb, a question mark, or nothing."""
    if event.member is not None and event.member.bot:
        return None
    emoji = str(event.emoji).translate(_SKIN)
    spot, message, user = _spot(event), str(event.message_id), str(event.user_id)
    is_added = event.event_type == "REACTION_ADD"
    if emoji in _VOTES:
        return Voted(spot, message, user, _VOTES[emoji] if is_added else 0)
    return Asked(spot, message, user) if emoji in ABOUT and is_added else None


def names_any(found: Said, *users: str) -> bool:
    """Whether the words mention one of these users; the ping of a reply stands in no words."""
    return not set(users).isdisjoint(users_in(found.text))


def at_ms(message: str) -> int:
    """When a message was posted, by its id: Unix time, milliseconds."""
    return (int(message) >> 22) + EPOCH_MS


def _spot(
    event: discord.RawMessageDeleteEvent
    | discord.RawBulkMessageDeleteEvent
    | discord.RawReactionActionEvent,
) -> Spot:
    return Spot(str(event.guild_id) if event.guild_id else None, str(event.channel_id))
